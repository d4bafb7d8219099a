"""Who sees which cases. To anyone who may not see it, a case does not exist: no list, count, lookup or person tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from goldenthread.agencies.models import Membership
from goldenthread.casework.actions import AllocateCase, InvolveOrganisation, OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.casework.policies import CasePolicy, DutyPolicy, EventPolicy
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.people.policies import PersonPolicy

from .partnership import MANAGER, WORKER, Partnership, at


@pytest.fixture
def case(place: Partnership) -> Case:
    return OpenCase(place.screener).run("concern", place.child(), at("2026-03-02 09:30"), {})


@pytest.fixture
def restricted(place: Partnership) -> Case:
    child = place.child("Hidden", restricted=True)
    return OpenCase(place.system).run("concern", child, at("2026-03-02 09:30"), {}, organisation=place.care)


def sees(actor: Actor, case: Case) -> bool:
    """Whether an actor knows of a case; events, duties and the person must agree with the case."""
    seen = CasePolicy.visible_to(actor).filter(pk=case.pk).exists()
    assert EventPolicy.visible_to(actor).filter(case=case).exists() == seen
    assert DutyPolicy.visible_to(actor).filter(case=case).exists() == seen
    return seen


def test_an_organisation_sees_the_cases_it_is_part_of_and_no_other(place: Partnership, case: Case) -> None:
    assert sees(place.worker, case) and not sees(place.officer, case)
    InvolveOrganisation(place.manager).run(case, place.police)
    assert sees(place.officer, case) and not sees(place.nurse, case)
    assert PersonPolicy.visible_to(place.officer).filter(pk=case.subject_id).exists()
    assert not PersonPolicy.visible_to(place.nurse).filter(pk=case.subject_id).exists()


def test_the_partnership_scope_sees_every_case_that_is_not_restricted(
    place: Partnership, case: Case, restricted: Case
) -> None:
    far = place.actor("Pat Lord", place.reviewing, WORKER, "partnership")
    assert sees(far, case) and not sees(far, restricted)
    assert not PersonPolicy.visible_to(far).filter(pk=restricted.subject_id).exists()


def test_someone_with_the_scope_of_their_own_sees_what_is_theirs_or_their_teams(
    place: Partnership, case: Case
) -> None:
    own = place.actor("Lee Own", place.care, WORKER, "own", team=place.team)
    assert not sees(own, case)
    AllocateCase(place.manager).run(case, None, place.team)
    assert sees(own, case)
    alone = replace(own, team_ids=frozenset())
    assert not sees(alone, case)
    AllocateCase(place.manager).run(case, place.users["Lee Own"])
    assert sees(alone, case)


def test_a_restricted_case_is_seen_only_by_those_named_on_it_or_with_leave_within_their_scope(
    place: Partnership, restricted: Case
) -> None:
    assert (
        not sees(place.worker, restricted)
        and not sees(place.manager, restricted)
        and not sees(place.screener, restricted)
    )
    leave = place.actor("Una Cole", place.care, MANAGER | {Capability.VIEW_RESTRICTED})
    elsewhere = place.actor("Ivy Far", place.police, WORKER | {Capability.VIEW_RESTRICTED})
    assert sees(leave, restricted) and not sees(elsewhere, restricted)
    worker = place.worker
    InvolveOrganisation(leave).run(restricted, place.care, place.users["Rosa Whittle"])
    assert sees(worker, restricted) and not sees(place.manager, restricted)
    assert PersonPolicy.visible_to(worker).filter(pk=restricted.subject_id).exists()


def test_a_person_restricted_after_the_case_was_opened_takes_it_out_of_sight_at_once(
    place: Partnership, case: Case
) -> None:
    assert sees(place.worker, case)
    person = case.subject
    person.restricted = True
    person.save()
    assert not sees(place.worker, case) and not sees(place.screener, case)


def test_an_organisation_made_part_of_a_case_for_one_person_shows_it_to_nobody_else(
    place: Partnership, case: Case
) -> None:
    officer, other = place.officer, place.actor("Kim Other", place.police)
    InvolveOrganisation(place.worker).run(case, place.police, place.users["Joe Kay"])
    assert sees(officer, case) and not sees(other, case)
    moved = replace(officer, organisation_ids=frozenset({place.school.pk}), organisation_id=place.school.pk)
    assert not sees(moved, case)


def test_without_leave_to_view_cases_there_are_none(place: Partnership, case: Case, restricted: Case) -> None:
    clerk = place.actor(
        "Max Clerk",
        place.care,
        frozenset({Capability.READ_GUIDANCE, Capability.VIEW_RESTRICTED}),
        "partnership",
    )
    assert not CasePolicy.visible_to(clerk).exists()
    assert not sees(Actor("nobody"), case)
    assert sees(place.system, restricted)


def test_only_people_of_an_organisation_can_be_given_its_part_or_its_work(
    place: Partnership, case: Case
) -> None:
    assert place.officer and place.worker
    with pytest.raises(Invalid, match="does not work for"):
        InvolveOrganisation(place.worker).run(case, place.health, place.users["Joe Kay"])
    with pytest.raises(Invalid, match="does not work for"):
        AllocateCase(place.manager).run(case, place.users["Joe Kay"])
    Membership.objects.filter(user=place.users["Rosa Whittle"]).update(
        ends=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(Invalid, match="does not work for"):
        AllocateCase(place.manager).run(case, place.users["Rosa Whittle"])
    with pytest.raises(NotAllowed):
        AllocateCase(place.worker).run(case, place.users["Rosa Whittle"])
    with pytest.raises(Invalid, match="Choose a worker or a team"):
        AllocateCase(place.manager).run(case, None)


def test_giving_a_case_gives_its_undone_duties_and_later_ones_follow(place: Partnership) -> None:
    data = {"reasons": "Hurt", "held_at": "Burnley"}
    plan = OpenCase(place.system).run(
        "plan", place.child(), at("2026-03-02 10:00"), data, organisation=place.care
    )
    assert place.worker
    AllocateCase(place.manager).run(plan, place.users["Rosa Whittle"])
    mine = place.users["Rosa Whittle"]
    assert {one.duty for one in plan.duties.filter(worker=mine, team=place.team)} == {"conference", "visits"}
    RecordEvent(place.worker).run(plan, "visited", at("2026-03-09 10:00"), {"child_seen": True})
    assert plan.duties.get(duty="visits", ordinal=2).worker == mine
    assert plan.duties.get(duty="health").worker is None


@pytest.mark.postgres_only
def test_the_policy_reads_the_index_of_organisation_and_case(place: Partnership, case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = CasePolicy.visible_to(place.officer).order_by("opened_at")[:25].explain()
    assert "involvement_o" in plan or "casework_involvement" in plan
