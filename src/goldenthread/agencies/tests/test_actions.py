"""Keeping organisations, accounts and roles: what is refused, what stays on record, and who may never be locked out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from goldenthread.agencies.actions import (
    CreateOrganisation,
    CreateUser,
    LoadArrangement,
    SaveRole,
    SaveTeam,
    SetMemberships,
    UpdateOrganisation,
    UpdateUser,
)
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Area, Group, Membership, Organisation, Role, Team, User
from goldenthread.agencies.rules import Place
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.arrangement import Arrangement
from goldenthread.guidance.library import SHIPPED
from goldenthread.guidance.reading import read

from .offices import SYSTEM, office, someone

pytestmark = pytest.mark.django_db


def refusal(act, *args, **kwargs) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        act(*args, **kwargs)
    return caught.value.errors


def arrangement(slug: str) -> Arrangement:
    loaded, _ = read(Arrangement, SHIPPED / "arrangements" / f"{slug}.yaml")
    return loaded


def test_an_organisation_is_added_with_a_short_name_of_its_own():
    one = CreateOrganisation(SYSTEM).run("Stanley  Primary School", "school")
    assert (one.title, one.slug) == ("Stanley Primary School", "stanley_primary_school")
    assert (
        CreateOrganisation(SYSTEM).run("Stanley Primary-School", "school").slug == "stanley_primary_school_2"
    )
    assert JournalEntry.objects.filter(subject_type="organisation", subject_id=str(one.pk)).exists()


def test_an_organisation_that_cannot_be_is_refused_by_field():
    office("police", "police")
    assert refusal(CreateOrganisation(SYSTEM).run, " ", "castle", email="nowhere") == {
        "title": ["Enter the organisation's name"],
        "kind": ["Choose what kind of organisation it is"],
        "email": ["Enter an email address in the correct format, like name@example.com"],
    }
    assert "already" in refusal(CreateOrganisation(SYSTEM).run, "POLICE", "police")["title"][0]
    assert Organisation.objects.count() == 1


def test_two_people_changing_one_organisation_the_second_is_told_and_nothing_is_lost():
    row = office()
    UpdateOrganisation(SYSTEM).run(row, 1, phone="01228 1")
    with pytest.raises(Stale) as caught:
        UpdateOrganisation(SYSTEM).run(row, 1, phone="01228 2")
    assert (caught.value.opened_at_version, caught.value.current_version) == (1, 2)
    assert Organisation.objects.get(pk=row.pk).phone == "01228 1"


def test_only_a_role_that_keeps_organisations_may_change_them():
    with pytest.raises(NotAllowed):
        CreateOrganisation(actor_for(someone("social_worker"))).run("New", "school")
    assert CreateOrganisation(actor_for(someone("business_manager"))).run("New", "school")


def test_a_team_has_a_name_of_its_own_in_its_organisation():
    SaveTeam(SYSTEM).run(office(), "Duty team")
    assert refusal(SaveTeam(SYSTEM).run, office(), "duty TEAM")
    assert SaveTeam(SYSTEM).run(office("police", "police"), "Duty team")
    assert refusal(SaveTeam(SYSTEM).run, office(), "")
    assert refusal(
        SaveTeam(SYSTEM).run, office(), "Other", None, Team.objects.get(organisation=office("police"))
    )


def test_an_account_needs_names_an_email_and_a_user_name_of_its_own():
    someone("social_worker", username="amina")
    assert refusal(CreateUser(SYSTEM).run, "AMINA", "", "", "AMINA@EXAMPLE.ORG") == {
        "username": ["Someone already has this user name"],
        "first_name": ["Enter the person's first name"],
        "last_name": ["Enter the person's last name"],
        "email": ["Someone already has this email address"],
    }
    assert "only letters" in refusal(CreateUser(SYSTEM).run, "a b", "A", "B", "ab@example.org")["username"][0]
    made = CreateUser(SYSTEM).run("bilal", "Bilal", "Shah", "bilal@example.org")
    assert not made.has_usable_password()


def test_a_role_taken_away_ends_yesterday_and_stays_on_record():
    user = someone("social_worker")
    SetMemberships(SYSTEM).run(user, [])
    membership = user.memberships.get()
    assert membership.ends == timezone.localdate() - timedelta(days=1)
    assert actor_for(User.objects.get(pk=user.pk)).capabilities == frozenset()


def test_a_role_that_had_not_begun_is_simply_gone():
    user = someone("social_worker", starts=timezone.localdate() + timedelta(days=3))
    SetMemberships(SYSTEM).run(user, [])
    assert not user.memberships.exists()


def test_memberships_that_cannot_be_are_refused_whole():
    user = someone("social_worker")
    role, team = Role.objects.get(slug="gp"), SaveTeam(SYSTEM).run(office("police", "police"), "Duty")
    day = date(2026, 1, 5)
    assert refusal(SetMemberships(SYSTEM).run, user, [Place(role, office(), day, date(2026, 1, 4))])["ends"]
    assert refusal(SetMemberships(SYSTEM).run, user, [Place(role, office(), day, team=team)])["team"]
    twice = [Place(role, office(), day), Place(role, office(), date(2026, 3, 1))]
    assert "already are GP" in refusal(SetMemberships(SYSTEM).run, user, twice)["role"][0]
    other = someone("police_officer").memberships.get()
    assert refusal(SetMemberships(SYSTEM).run, user, [Place(role, office(), day, id=other.pk)])[""]
    assert [each.role.slug for each in user.memberships.all()] == ["social_worker"]
    one_after_the_other = [
        Place(role, office(), day, date(2026, 2, 1)),
        Place(role, office(), date(2026, 2, 2)),
    ]
    assert len(SetMemberships(SYSTEM).run(user, one_after_the_other)) == 2


def test_a_stale_page_of_roles_is_refused():
    user = someone("social_worker")
    version = User.objects.get(pk=user.pk).version
    SetMemberships(SYSTEM).run(user, [], version)
    with pytest.raises(Stale):
        SetMemberships(SYSTEM).run(user, [], version)


def test_nobody_changes_their_own_role():
    keeper = someone("system_administrator", username="keeper")
    someone("system_administrator", username="other")
    who = actor_for(keeper)
    with pytest.raises(NotAllowed, match="your own role"):
        SetMemberships(who).run(keeper, [])
    with pytest.raises(NotAllowed, match="You hold this role"):
        SaveRole(who).run(
            "All", "partnership", ["view_cases"], role=Role.objects.get(slug="system_administrator")
        )
    assert refusal(UpdateUser(who).run, keeper, is_active=False)["is_active"]


def test_the_last_administrator_is_protected_in_every_way():
    keeper, unit = someone("system_administrator", office("unit", "business_unit")), office("unit")
    role = Role.objects.get(slug="system_administrator")
    for act in (
        lambda: SetMemberships(SYSTEM).run(keeper, []),
        lambda: SetMemberships(SYSTEM).run(keeper, [Place(role, unit, date(2020, 1, 1), date(2090, 1, 1))]),
        lambda: UpdateUser(SYSTEM).run(keeper, is_active=False),
        lambda: UpdateOrganisation(SYSTEM).run(unit, active=False),
        lambda: SaveRole(SYSTEM).run(role.title, "own", ["read_guidance"], role=role),
    ):
        assert "nobody who can manage accounts" in refusal(act)[""][0]
    assert actor_for(User.objects.get(pk=keeper.pk)).capabilities
    other = someone("system_administrator", username="other")
    UpdateUser(SYSTEM).run(keeper, is_active=False)
    assert refusal(UpdateUser(SYSTEM).run, other, is_active=False)


def test_a_role_is_saved_in_the_order_of_capabilities_and_says_what_changed():
    keeper = actor_for(someone("system_administrator"))
    made = SaveRole(keeper).run("Ward nurse", "organisation", ["record_events", "view_cases"])
    assert (made.slug, made.version, made.capabilities) == ("ward_nurse", 1, ["view_cases", "record_events"])
    SaveRole(keeper).run("Ward nurse", "own", ["view_cases", "search_people"], role=made, version=1)
    told = JournalEntry.objects.filter(subject_type="role", subject_id=str(made.pk)).latest("sequence").detail
    assert told == {"scope": "own", "added": ["search_people"], "removed": ["record_events"]}
    with pytest.raises(Stale):
        SaveRole(keeper).run("Ward nurse", "own", ["view_cases"], role=made, version=1)
    assert set(refusal(SaveRole(keeper).run, "", "moon", [])) == {"title", "scope", "capabilities"}
    assert "fly" in refusal(SaveRole(keeper).run, "X", "own", ["fly"])["capabilities"][0]


@pytest.mark.parametrize("slug", ["cumbria", "lancashire", "somerset"])
def test_an_arrangement_is_loaded_once_however_often(slug):
    given = arrangement(slug)
    loaded = LoadArrangement(SYSTEM).run(given)
    assert loaded.organisations == len(given.organisations) == Organisation.objects.count()
    assert Area.objects.count() == len(given.areas)
    assert Group.objects.count() == len(given.groups)
    told = JournalEntry.objects.count()
    again = LoadArrangement(SYSTEM).run(given)
    assert (again.areas, again.organisations, again.groups) == (0, 0, 0)
    assert JournalEntry.objects.count() == told


def test_a_changed_file_changes_areas_but_leaves_what_administrators_keep():
    given = arrangement("cumbria")
    LoadArrangement(SYSTEM).run(given)
    police = Organisation.objects.get(slug="cumbria_constabulary")
    UpdateOrganisation(SYSTEM).run(police, title="Cumbria Police", email="mash@example.org")
    areas = [
        area.model_copy(update={"title": "Carlisle City"}) if area.id == "carlisle" else area
        for area in given.areas
    ]
    loaded = LoadArrangement(SYSTEM).run(given.model_copy(update={"areas": areas}))
    assert (loaded.areas, loaded.organisations) == (1, 0)
    assert Area.objects.get(slug="carlisle").title == "Carlisle City"
    assert Area.objects.get(slug="carlisle").within == Area.objects.get(slug="cumbria_county")
    assert Organisation.objects.get(slug="cumbria_constabulary").title == "Cumbria Police"
    assert Group.objects.filter(members__slug="cumbria_constabulary").exists()
    assert not Membership.objects.exists()
