"""An agency becomes part of a case, and so sees all of it, only where the agreements let its lead tell it so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import InvolveOrganisation, OpenCase
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.foundation.action import Invalid
from goldenthread.sharing.actions.overrides import UseOverride
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
