"""Who someone is today, from their memberships."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from goldenthread.agencies.actions import SeedRoles, SetMemberships, UpdateOrganisation, UpdateUser
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Role, User
from goldenthread.agencies.policies import OrganisationPolicy, RolePolicy, UserPolicy
from goldenthread.agencies.rules import Place
from goldenthread.agencies.seeding import shipped_roles
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.reading import GuidanceError

from .offices import SYSTEM, office, someone

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_an_actor_costs_one_query_and_is_kept_for_the_request(django_assert_num_queries):
    user = someone("social_worker")
    with django_assert_num_queries(1):
        actor_for(user)
        actor_for(user)
        assert user.role_words == "Social worker, Social Care"


def test_an_actor_has_what_its_role_gives_and_no_more():
    who = actor_for(someone("social_worker"))
    assert who.name == "Social_Worker Example"
    assert who.organisation_ids == {office().pk}
    assert (who.organisation_kind, who.roles, who.scope) == (
        "childrens_social_care",
        {"social_worker"},
        "organisation",
    )
    assert who.may(Capability.RECORD_EVENTS)
    assert not who.may(Capability.MANAGE_USERS)
    assert not who.may(Capability.VIEW_RESTRICTED)


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(-10, None, True), (0, 0, True), (-10, -1, False), (1, None, False), (-10, 0, True)],
)
def test_a_membership_counts_from_its_first_day_to_its_last(starts, ends, counts):
    first = TODAY() + timedelta(days=starts)
    last = TODAY() + timedelta(days=ends) if ends is not None else None
    user = someone("social_worker", starts=first, ends=last)
    assert bool(actor_for(user).capabilities) is counts


def test_capabilities_of_several_roles_are_united_and_the_widest_view_of_people_counts():
    user = someone("school_safeguarding_lead", office("school", "school"))
    roles = {role.slug: role for role in Role.objects.all()}
    places = [
        Place(roles["school_safeguarding_lead"], office("school"), date(2020, 1, 1)),
        Place(roles["front_door_screener"], office(), date(2021, 1, 1)),
    ]
    SetMemberships(SYSTEM).run(user, places)
    who = actor_for(again(user))
    assert who.organisation_id == office("school").pk
    assert who.organisation_ids == {office("school").pk, office().pk}
    assert who.scope == "partnership"
    assert who.may(Capability.SCREEN_CONTACTS)


def test_a_role_that_sees_nobody_does_not_widen_what_another_sees():
    user = someone("school_safeguarding_lead", office("school", "school"))
    wide = Role.objects.create(
        slug="analyst", title="Wide", scope="partnership", capabilities=["read_guidance"]
    )
    mine = Place(Role.objects.get(slug="school_safeguarding_lead"), office("school"), date(2020, 1, 1))
    SetMemberships(SYSTEM).run(user, [mine, Place(wide, office(), date(2020, 1, 1))])
    assert actor_for(again(user)).scope == "organisation"


def test_a_closed_account_a_closed_organisation_and_no_account_give_nothing():
    user = someone("social_worker")
    UpdateOrganisation(SYSTEM).run(office(), active=False)
    assert actor_for(again(user)).capabilities == frozenset()
    UpdateUser(SYSTEM).run(user, is_active=False)
    with pytest.raises(NotAllowed):
        actor_for(again(user))
    with pytest.raises(NotAllowed):
        actor_for(AnonymousUser())
    with pytest.raises(NotAllowed):
        actor_for(None)


def test_a_capability_this_version_does_not_know_gives_nothing():
    user = someone("social_worker")
    Role.objects.filter(slug="social_worker").update(capabilities=["view_cases", "fly"])
    assert actor_for(again(user)).capabilities == {Capability.VIEW_CASES}


def test_staff_and_superuser_flags_give_nothing():
    user = User.objects.create(username="root", is_staff=True, is_superuser=True)
    assert actor_for(user).capabilities == frozenset()


def test_every_shipped_role_is_sound_and_running_the_service_shows_no_one():
    roles = {role.slug: role for role in shipped_roles()}
    assert set(roles) == {
        "front_door_screener", "front_door_manager", "social_worker", "team_manager", "reviewing_officer",
        "police_officer", "designated_nurse", "health_visitor", "gp", "school_safeguarding_lead",
        "early_help_practitioner", "marac_coordinator", "domestic_abuse_adviser", "youth_justice_worker",
        "youth_justice_manager", "education_safeguarding_officer", "personal_adviser",
        "designated_officer", "child_death_coordinator", "review_coordinator", "leder_reviewer",
        "community_safety_officer", "adult_safeguarding_worker",
        "adult_safeguarding_manager",
        "liberty_safeguards_coordinator", "provider_quality_officer", "business_officer",
        "business_manager", "records_manager", "system_administrator", "performance_analyst",
        "data_officer", "data_lead",
    }  # fmt: skip
    for slug in ("business_manager", "records_manager", "system_administrator", "performance_analyst"):
        assert not {"view_cases", "search_people", "view_restricted"} & set(roles[slug].capabilities)
    held = [slug for slug, role in roles.items() if "view_restricted" in role.capabilities]
    assert held == ["front_door_manager"]


def test_every_restricted_pathway_is_run_by_a_role_and_only_those_are():
    restricted = {one.id for one in current_library().pathways.values() if one.sensitivity == "restricted"}
    assert {one for role in shipped_roles() for one in role.handles} == restricted


def test_a_role_runs_restricted_pathways_where_it_is_held_and_as_far_as_it_sees():
    place = office("other")
    officer = someone("designated_officer")
    held = officer.memberships.get()
    held.pk, held.organisation, held.role = None, place, Role.objects.get(slug="front_door_screener")
    held.save()
    who = actor_for(again(officer))
    assert who.scope == "partnership"
    assert who.handles == {("allegation", office().pk)}
    Role.objects.filter(slug="designated_officer").update(scope="partnership")
    assert actor_for(again(officer)).handles == {("allegation", None)}
    Role.objects.filter(slug="designated_officer").update(scope="own")
    assert actor_for(again(officer)).handles == frozenset()


def test_an_unknown_capability_in_the_file_is_named(tmp_path):
    path = tmp_path / "roles.yaml"
    path.write_text("wizard: {title: Wizard, scope: own, capabilities: [fly]}\n")
    with pytest.raises(GuidanceError, match=r"roles\.yaml:1: unknown capability 'fly' \(wizard\.capabilities\.0\)"):
        shipped_roles(path)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ("alegation", "'alegation' is no pathway; did you mean 'allegation'?"),
        ("contact", "'contact' is not restricted, so nobody runs it alone"),
    ],
)
def test_a_role_that_runs_what_is_no_restricted_pathway_is_refused_with_its_line(tmp_path, runs, said):
    path = tmp_path / "roles.yaml"
    path.write_text(
        "lado:\n  title: LADO\n  scope: organisation\n  capabilities: [view_cases]\n  handles: [child_death, " + runs + "]\n"
    )
    with pytest.raises(GuidanceError) as refused:
        shipped_roles(path)
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.where, fault.problem) == ("roles.yaml", 5, "lado.handles.1", said)


def test_every_fault_of_the_file_is_told_at_once(tmp_path):
    path = tmp_path / "roles.yaml"
    path.write_text("lado:\n  title: LADO\n  scope: everywhere\n  handels: [allegation]\n")
    with pytest.raises(GuidanceError) as refused:
        shipped_roles(path)
    assert [(fault.line, fault.problem) for fault in refused.value.faults] == [
        (4, "unknown key 'handels'; did you mean 'handles'?"), (1, "a role needs 'capabilities'"),
        (3, "unknown scope 'everywhere'; one of own, organisation, partnership"),
    ]  # fmt: skip


def test_seeding_twice_makes_nothing_and_keeps_what_an_administrator_changed():
    SeedRoles(SYSTEM).run()
    Role.objects.filter(slug="gp").update(capabilities=["read_guidance"])
    assert SeedRoles(SYSTEM).run() == []
    assert Role.objects.get(slug="gp").capabilities == ["read_guidance"]


def test_who_sees_which_organisations_accounts_and_roles():
    worker, officer = someone("social_worker"), someone("police_officer", office("police", "police"))
    administrator = someone("system_administrator", office("unit", "business_unit"))
    UpdateOrganisation(SYSTEM).run(office("closed", "school"), active=False)
    who = actor_for(worker)
    assert set(OrganisationPolicy.visible_to(who).values_list("slug", flat=True)) == {
        "social_care",
        "police",
        "unit",
    }
    assert set(UserPolicy.visible_to(who)) == {worker}
    assert set(RolePolicy.visible_to(who).values_list("slug", flat=True)) == {"social_worker"}
    keeper = actor_for(administrator)
    assert OrganisationPolicy.visible_to(keeper).filter(slug="closed").exists()
    assert set(UserPolicy.visible_to(keeper)) == {worker, officer, administrator}
    nobody = Actor("Nobody")
    assert not OrganisationPolicy.visible_to(nobody).exists()
    assert not UserPolicy.visible_to(nobody).exists()
    assert not RolePolicy.visible_to(nobody).exists()
