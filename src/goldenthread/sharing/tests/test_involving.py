"""An agency becomes part of a case, and so sees all of it, only where the agreements let its lead tell it so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.casework.actions import InvolveOrganisation, OpenCase
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.tests.front_door_people import opened
from goldenthread.casework.tests.partnership import MANAGER, WORKER, Partnership, partnership
from goldenthread.foundation.action import Invalid
from goldenthread.sharing.actions.overrides import UseOverride
from goldenthread.sharing.decision import Verdict
from goldenthread.sharing.rulings import purpose_of, ruling_for


@pytest.fixture
def place(db: Any) -> Partnership:
    """The small partnership on the guidance that is shipped."""
    return partnership()


@pytest.fixture
def charity(place: Partnership) -> Organisation:
    return Organisation.objects.create(slug="a_charity", title="Riverside Charity", kind="voluntary", area=place.county)


@pytest.fixture
def contact(place: Partnership) -> Case:
    made = OpenCase(place.system).run(
        "contact", place.child(given_name="Amira"), timezone.now() - timedelta(hours=2),
        {"source": "school", "concern": "Bruises."}, lead=place.care,
    )  # fmt: skip
    return Case.objects.get(pk=made.pk)


def is_part(case: Case, organisation: Organisation) -> bool:
    return Involvement.objects.filter(case=case, organisation=organisation).exists()


def test_an_agency_that_an_agreement_covers_becomes_part(place: Partnership, contact: Case) -> None:
    police = Organisation.objects.create(slug="a_police", title="County Police", kind="police", area=place.county)
    InvolveOrganisation(place.screener).run(contact, police)
    assert is_part(contact, police)


def test_one_that_no_agreement_lets_be_told_does_not(place: Partnership, contact: Case, charity: Organisation) -> None:
    with pytest.raises(Invalid) as refused:
        InvolveOrganisation(place.screener).run(contact, charity)
    assert "agreement" in str(refused.value) and "emergency" in str(refused.value)
    assert not is_part(contact, charity)


def test_in_an_emergency_it_does_once_somebody_has_given_the_reason(
    place: Partnership, contact: Case, charity: Organisation
) -> None:
    said = ruling_for(place.care, charity, purpose_of(contact), contact)
    UseOverride(place.screener).run(contact, place.care, charity, purpose_of(contact), "They hold the baby now.", said)
    InvolveOrganisation(place.screener).run(contact, charity)
    assert is_part(contact, charity)


def test_where_the_agreements_want_a_supervisors_word_it_is_that_of_the_agency_that_leads(place: Partnership) -> None:
    case = opened(place, "looked_after", place.child(given_name="Amira"), timezone.now() - timedelta(hours=2))
    assert ruling_for(place.care, place.school, purpose_of(case), case).content.verdict is Verdict.REVIEW
    Involvement.objects.create(case=case, organisation=place.health, since=timezone.now())
    nurse = place.actor("Nina Nurse", place.health, MANAGER)
    with pytest.raises(Invalid, match=f"Ask somebody who supervises at {place.care.title}"):
        InvolveOrganisation(nurse).run(case, place.school)
    assert not is_part(case, place.school)
    InvolveOrganisation(place.manager).run(case, place.school)
    assert is_part(case, place.school)


def test_a_supervisor_of_another_agency_who_also_works_for_the_lead_has_no_word_there(place: Partnership) -> None:
    case = opened(place, "looked_after", place.child(given_name="Amira"), timezone.now() - timedelta(hours=2))
    plain, boss = (
        Role.objects.create(slug=slug, title=slug, capabilities=[each.value for each in able])
        for slug, able in (("plain", WORKER), ("boss", MANAGER))
    )
    user = User.objects.create(username="both")
    for organisation, role in ((place.care, plain), (place.health, boss)):
        Membership.objects.create(user=user, organisation=organisation, role=role, starts=date(2020, 1, 1))
    with pytest.raises(Invalid, match="Ask somebody who supervises"):
        InvolveOrganisation(actor_for(user)).run(case, place.school)
