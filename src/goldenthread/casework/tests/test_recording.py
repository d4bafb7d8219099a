"""Opening a case, recording what happens, and what follows: state, urgency, duties, the next case, the journal."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goldenthread.casework.actions import InvalidForSome, OpenCase, RecordEvent, RecordForSeveral
from goldenthread.casework.models import Case, Duty, Event, Involvement
from goldenthread.casework.record import progress_of
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership, at

EARLY = "2026-03-02 09:30"


def received(place: Partnership, **data: Any) -> Case:
    return OpenCase(place.screener).run("concern", place.child(), at(EARLY), {"source": "school", **data})


def duty_dates(case: Case) -> dict[tuple[str, int], tuple[date | None, str]]:
    return {
        (one.duty, one.ordinal): (one.due_on, one.outcome) for one in case.duties.order_by("duty", "ordinal")
    }


def test_opening_a_case_gives_it_a_lead_a_reference_a_state_and_its_first_duty(place: Partnership) -> None:
    case = received(place, grade="high", child_said="I do not like weekends.")
    case.refresh_from_db()
    assert (case.lead, case.state, case.is_open, case.version) == (place.care, "new", True, 1)
    assert case.reference.startswith("LAN-26-") and len(case.reference) == 14
    assert (case.arrangement, case.priority) == ("lancashire", 1)
    assert case.opened_at == at(EARLY)
    duty = case.duties.get()
    assert (duty.duty, duty.due_at, duty.organisation) == ("screening", at("2026-03-02 13:30"), place.care)
    assert case.next_due_at == duty.due_at
    assert case.events.get().voice == "I do not like weekends."


def test_a_referrer_is_part_of_the_case_it_opens_and_the_area_decides_who_leads(place: Partnership) -> None:
    case = OpenCase(place.teacher).run("concern", place.child(), date(2026, 3, 2), {})
    assert case.lead == place.care
    assert set(case.involvements.values_list("organisation__slug", flat=True)) == {
        "county_care",
        "hill_school",
    }


def test_screening_again_changes_how_urgent_a_case_is(place: Partnership) -> None:
    case = received(place, grade="standard")
    assert case.priority == 3
    RecordEvent(place.screener).run(case, "screened", at("2026-03-02 10:00"), {"urgency": "red"})
    case.refresh_from_db()
    assert case.priority == 1
    RecordEvent(place.screener).run(case, "screened", at("2026-03-02 11:00"), {"urgency": "green"})
    case.refresh_from_db()
    assert case.priority == 4


def test_each_agency_asked_owes_its_own_answer_and_becomes_part_of_the_case(place: Partnership) -> None:
    case = received(place)
    asked = RecordEvent(place.screener)
    asked.run(case, "asked", at("2026-03-02 10:00"), {"agency": place.police})
    asked.run(case, "asked", at("2026-03-02 10:05"), {"agency": str(place.health.pk)})
    owed = {one.organisation.slug: one for one in case.duties.filter(duty="answer")}
    assert {slug: one.due_at for slug, one in owed.items()} == {
        "county_police": at("2026-03-02 13:00"),
        "county_health": at("2026-03-02 13:05"),
    }
    assert Involvement.objects.filter(case=case, organisation=place.health).exists()
    RecordEvent(place.nurse).run(
        case, "answered", at("2026-03-02 12:00"), {"agency": "county_health", "holds": "nothing_held"}
    )
    assert case.duties.get(organisation=place.health).outcome == "met"
    assert case.duties.get(organisation=place.police).outcome == "open"


def test_an_agency_that_nobody_knows_is_refused_with_the_nearest_name(place: Partnership) -> None:
    case = received(place)
    with pytest.raises(Invalid) as caught:
        RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": "County polic"})
    assert caught.value.errors == {
        "agency": ["No agency is called 'County polic'. Did you mean County police?"]
    }


def test_from_a_contact_to_a_plan_with_every_date(place: Partnership) -> None:
    """Easter 2026: Good Friday is 3 April, Easter Monday 6 April."""
    case = received(place)
    event = RecordEvent(place.screener).run(
        case,
        "decided",
        at("2026-03-20 15:00"),
        {"outcome": "plan", "reasons": "Third time in a month"},
        version=1,
    )
    case.refresh_from_db()
    assert (case.is_open, case.state, case.closed_at, case.next_due_at) == (
        False,
        "decided",
        at("2026-03-20 15:00"),
        None,
    )
    plan = event.opened.get()
    assert (plan.pathway, plan.subject, plan.lead, plan.state) == (
        "plan",
        case.subject,
        place.care,
        "started",
    )
    assert plan.events.get().data == {"reasons": "Third time in a month"}
    assert duty_dates(plan) == {
        ("conference", 1): (date(2026, 4, 14), "open"),
        ("health", 1): (date(2026, 4, 21), "open"),
        ("visits", 1): (date(2026, 4, 7), "open"),
    }
    assert plan.duties.get(duty="health").organisation == place.health
    assert {one.slug for one in [place.care, place.health]} == set(
        plan.involvements.values_list("organisation__slug", flat=True)
    )
    RecordEvent(place.worker).run(
        plan, "visited", date(2026, 4, 7), {"child_seen": "yes", "child_said": "I want a lock."}
    )
    RecordEvent(place.nurse).run(plan, "health_seen", date(2026, 4, 22), {})
    assert duty_dates(plan) == {
        ("conference", 1): (date(2026, 4, 14), "open"),
        ("health", 1): (date(2026, 4, 21), "met"),
        ("visits", 1): (date(2026, 4, 7), "met"),
        ("visits", 2): (date(2026, 4, 21), "open"),
    }
    assert plan.duties.get(duty="health").late and not plan.duties.get(duty="visits", ordinal=1).late
    plan.refresh_from_db()
    assert (plan.state, plan.version, plan.next_due_at.date()) == ("under_way", 3, date(2026, 4, 14))


def test_someone_who_opened_the_form_before_another_wrote_is_told_and_nothing_is_lost(
    place: Partnership,
) -> None:
    case = received(place)
    RecordEvent(place.screener).run(case, "screened", at("2026-03-02 10:00"), {"urgency": "red"}, version=1)
    with pytest.raises(Stale) as caught:
        RecordEvent(place.worker).run(
            case, "asked", at("2026-03-02 10:01"), {"agency": place.police}, version=1
        )
    assert (caught.value.opened_at_version, caught.value.current_version) == (1, 2)
    assert [one.kind for one in case.events.all()] == ["received", "screened"]


@pytest.mark.parametrize(
    ("kind", "occurred", "data", "field", "says"),
    [
        ("asked", "2026-03-02 10:00", {}, "agency", "Enter an answer"),
        ("screened", "2026-03-02 10:00", {"urgency": "purple"}, "urgency", "not one of the answers"),
        ("screened", "2026-03-02 10:00", {"urgncy": "red"}, "urgncy", "Did you mean 'urgency'"),
        ("screened", "2026-03-01 10:00", {"urgency": "red"}, "occurred", "before the case is opened"),
        ("screened", "2099-03-01 10:00", {"urgency": "red"}, "occurred", "in the future"),
        ("exploded", "2026-03-02 10:00", {}, "kind", "not something that can happen"),
        ("received", "2026-03-02 10:00", {}, "kind", "already open"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_written(
    place: Partnership, kind: str, occurred: str, data: dict[str, Any], field: str, says: str
) -> None:
    case = received(place)
    entries = JournalEntry.objects.count()
    with pytest.raises(Invalid) as caught:
        RecordEvent(place.screener).run(case, kind, at(occurred), data)
    assert any(says in message for message in caught.value.errors[field]), caught.value.errors
    case.refresh_from_db()
    assert (case.version, case.events.count(), JournalEntry.objects.count()) == (1, 1, entries)


def test_only_the_agencies_the_guidance_names_may_record_an_event(place: Partnership) -> None:
    case = received(place)
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": place.police})
    with pytest.raises(NotAllowed, match="not for your agency"):
        RecordEvent(place.officer).run(case, "screened", at("2026-03-02 10:00"), {"urgency": "red"})
    with pytest.raises(NotAllowed):
        RecordEvent(place.worker).run(case, "decided", at("2026-03-02 10:00"), {"outcome": "nothing"})
    assert case.events.count() == 2


def test_nobody_speaks_for_another_agency_but_the_front_door_that_takes_its_call(place: Partnership) -> None:
    case = received(place)
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": place.police})
    answer = {"agency": place.health, "holds": "something"}
    with pytest.raises(NotAllowed, match="do not act for"):
        RecordEvent(place.officer).run(
            case, "answered", at("2026-03-02 11:00"), answer, organisation=place.health
        )
    event = RecordEvent(place.screener).run(
        case, "answered", at("2026-03-02 11:00"), answer, organisation=place.health
    )
    assert (event.organisation, event.recorded_by_id) == (place.health, place.screener.user_id)


def test_a_case_that_one_may_not_see_cannot_be_written_to(place: Partnership) -> None:
    case = received(place)
    with pytest.raises(NotAllowed, match="no such case"):
        RecordEvent(place.officer).run(
            case, "answered", at("2026-03-02 11:00"), {"agency": place.police, "holds": "something"}
        )


def test_only_an_import_says_when_something_was_recorded(place: Partnership) -> None:
    case = received(place)
    with pytest.raises(NotAllowed):
        RecordEvent(place.screener).run(
            case, "screened", at("2026-03-02 10:00"), {"urgency": "red"}, recorded_at=at("2026-03-02 10:05")
        )
    event = RecordEvent(place.system).run(
        case,
        "screened",
        at("2026-03-02 10:00"),
        {"urgency": "red"},
        recorded_at=at("2026-03-02 10:05"),
        organisation=place.care,
    )
    assert event.recorded_at == at("2026-03-02 10:05")
    with pytest.raises(Invalid, match="future"):
        RecordEvent(place.system).run(
            case,
            "ready_to_decide",
            at("2026-03-02 10:00"),
            {},
            recorded_at=timezone.now() + timedelta(hours=1),
        )


def brothers_and_sisters(place: Partnership) -> list[Case]:
    group = uuid.uuid4()
    children = [
        place.child(name, born) for name, born in (("Amira", date(2017, 5, 14)), ("Zayn", date(2022, 1, 3)))
    ]
    return [OpenCase(place.screener).run("concern", child, at(EARLY), {}, group=group) for child in children]


def test_one_event_is_recorded_for_several_children_and_opens_their_plans_as_one_group(
    place: Partnership,
) -> None:
    cases = brothers_and_sisters(place)
    each = {cases[0].pk: {"reasons": "Her brother was hurt"}}
    events = RecordForSeveral(place.screener).run(
        cases, "decided", at("2026-03-02 15:00"), {"outcome": "plan", "reasons": "Hurt"}, each=each
    )
    assert events[0].group == events[1].group is not None
    assert [event.case_id for event in events] == [case.pk for case in cases]
    plans = [event.opened.get() for event in events]
    assert {plan.group for plan in plans} == {cases[0].group}
    assert [plan.events.get().data["reasons"] for plan in plans] == ["Her brother was hurt", "Hurt"]


def test_when_one_child_of_several_cannot_be_recorded_none_is_and_each_error_names_its_child(
    place: Partnership,
) -> None:
    cases = brothers_and_sisters(place)
    RecordEvent(place.screener).run(cases[1], "decided", at("2026-03-02 10:00"), {"outcome": "nothing"})
    with pytest.raises(InvalidForSome) as caught:
        RecordForSeveral(place.screener).run(cases, "asked", at("2026-03-02 15:00"), {"agency": place.police})
    assert list(caught.value.by_case) == [cases[1].pk]
    assert all(
        message.startswith("Zayn: ") for messages in caught.value.errors.values() for message in messages
    )
    assert cases[0].events.count() == 1


def test_a_version_that_has_passed_for_one_of_several_stops_all(place: Partnership) -> None:
    cases = brothers_and_sisters(place)
    with pytest.raises(Stale):
        RecordForSeveral(place.screener).run(
            cases, "ready_to_decide", at("2026-03-02 15:00"), {}, versions={cases[0].pk: 1, cases[1].pk: 0}
        )
    assert Event.objects.filter(kind="ready_to_decide").count() == 0


def test_every_write_leaves_an_entry_in_the_journal_of_its_case_and_none_says_what_was_said(
    place: Partnership,
) -> None:
    case = received(place, child_said="secret words")
    event = RecordEvent(place.screener).run(
        case, "decided", at("2026-03-02 15:00"), {"outcome": "plan", "reasons": "private"}
    )
    entries = list(
        JournalEntry.objects.filter(subject_type="case", subject_id=str(case.pk)).order_by("sequence")
    )
    assert [(entry.verb, entry.detail["kind"]) for entry in entries] == [
        ("casework.open_case", "received"),
        ("casework.record_event", "decided"),
    ]
    assert all(entry.user_id == place.screener.user_id for entry in entries)
    following = JournalEntry.objects.get(subject_id=str(event.opened.get().pk))
    assert following.detail["pathway"] == "plan"
    assert not any(
        "secret" in str(entry.detail) or "private" in str(entry.detail)
        for entry in JournalEntry.objects.all()
    )


def test_an_ordinary_event_costs_about_a_dozen_statements(place: Partnership) -> None:
    plan = (
        RecordEvent(place.screener)
        .run(received(place), "decided", at("2026-03-20 15:00"), {"outcome": "plan"})
        .opened.get()
    )
    RecordEvent(place.worker).run(plan, "visited", date(2026, 4, 7), {"child_seen": True})
    actor = place.worker
    with CaptureQueriesContext(connection) as queries:
        RecordEvent(actor).run(plan, "visited", date(2026, 4, 8), {"child_seen": True}, version=2)
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) <= 12, [
        one["sql"][:90] for one in queries
    ]


def test_stored_duties_are_what_the_engine_says(place: Partnership) -> None:
    case = received(place)
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": place.police})
    case.refresh_from_db()
    computed = {(one.duty, one.ordinal): one.due_at for one in progress_of(case).duties}
    assert {(one.duty, one.ordinal): one.due_at for one in Duty.objects.filter(case=case)} == computed
