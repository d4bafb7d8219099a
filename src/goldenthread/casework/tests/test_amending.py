"""Correcting the record: nothing is lost, what followed is said, and an earlier day still shows what was known then."""

from __future__ import annotations

from datetime import date

import pytest

from goldenthread.casework.actions import AmendEvent, OpenCase, RecordEvent, WithdrawEvent
from goldenthread.casework.models import Case
from goldenthread.casework.queries import as_known_on
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership, at


@pytest.fixture
def case(place: Partnership) -> Case:
    return OpenCase(place.screener).run(
        "concern", place.child(), at("2026-03-02 09:30"), {"source": "school"}
    )


@pytest.fixture
def plan(place: Partnership) -> Case:
    data = {"reasons": "Hurt", "held_at": "Burnley"}
    return OpenCase(place.system).run(
        "plan", place.child("Zayn"), at("2026-03-02 10:00"), data, organisation=place.care
    )


def test_a_corrected_date_moves_what_was_counted_from_it_and_the_first_word_stays_on_record(
    place: Partnership, plan: Case
) -> None:
    visit = RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    assert plan.duties.get(duty="visits", ordinal=2).due_on == date(2026, 3, 23)
    done = AmendEvent(place.worker).run(
        visit, date(2026, 3, 10), {"child_seen": False}, "Typed the wrong day", version=2
    )
    assert (done.event.amends, done.event.reason, done.event.kind) == (
        visit,
        "Typed the wrong day",
        "visited",
    )
    assert plan.duties.get(duty="visits", ordinal=2).due_on == date(2026, 3, 24)
    visit.refresh_from_db()
    assert (visit.occurred_on, visit.data) == (date(2026, 3, 9), {"child_seen": True})
    assert [one.sequence for one in plan.events.all()] == [1, 2, 3]
    assert JournalEntry.objects.filter(verb="casework.amend_event", subject_id=str(plan.pk)).count() == 1


def test_before_a_correction_was_recorded_the_case_shows_what_was_said_first(
    place: Partnership, plan: Case
) -> None:
    visit = RecordEvent(place.system).run(
        plan,
        "visited",
        date(2026, 3, 9),
        {"child_seen": True},
        organisation=place.care,
        recorded_at=at("2026-03-09 18:00"),
    )
    AmendEvent(place.worker).run(visit, date(2026, 3, 10), {"child_seen": True}, "Wrong day")
    plan.refresh_from_db()
    then = as_known_on(plan, visit.recorded_at)
    assert [one.day for one in then.progress.effective] == [date(2026, 3, 9)]
    now = as_known_on(plan, plan.events.last().recorded_at)
    assert date(2026, 3, 10) in [one.day for one in now.progress.effective]


def test_a_correction_can_itself_be_corrected_and_the_last_word_counts(
    place: Partnership, plan: Case
) -> None:
    visit = RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    first = AmendEvent(place.worker).run(visit, date(2026, 3, 10), {"child_seen": True}, "Wrong day")
    second = AmendEvent(place.worker).run(first.event, date(2026, 3, 11), {"child_seen": True}, "Wrong again")
    assert second.event.amends == visit
    assert plan.duties.get(duty="visits", ordinal=2).due_on == date(2026, 3, 25)


def test_a_withdrawn_event_did_not_happen_and_cannot_be_corrected_again(
    place: Partnership, plan: Case
) -> None:
    visit = RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    done = WithdrawEvent(place.worker).run(visit, "Another child's visit")
    assert done.event.withdrawn
    assert {(one.duty, one.outcome) for one in plan.duties.filter(duty="visits")} == {("visits", "open")}
    plan.refresh_from_db()
    assert plan.state == "started"
    with pytest.raises(Invalid, match="withdrawn earlier"):
        AmendEvent(place.worker).run(visit, date(2026, 3, 10), {"child_seen": True}, "No, it did")


def test_a_case_opened_by_an_event_that_was_wrong_still_stands_and_is_named(
    place: Partnership, case: Case
) -> None:
    decided = RecordEvent(place.screener).run(case, "decided", at("2026-03-02 15:00"), {"outcome": "plan"})
    opened = decided.opened.get()
    done = AmendEvent(place.screener).run(
        decided, at("2026-03-02 15:00"), {"outcome": "nothing"}, "Wrong box"
    )
    assert (done.standing, done.opened) == ([opened], [])
    assert Case.objects.filter(pk=opened.pk, is_open=True).exists()
    withdrawn = WithdrawEvent(place.screener).run(decided, "Wrong child")
    assert withdrawn.standing == [opened]
    case.refresh_from_db()
    assert (case.is_open, case.state) == (True, "new")


def test_a_correction_that_leads_somewhere_new_opens_it_once(place: Partnership, case: Case) -> None:
    decided = RecordEvent(place.screener).run(case, "decided", at("2026-03-02 15:00"), {"outcome": "nothing"})
    done = AmendEvent(place.screener).run(decided, at("2026-03-02 15:00"), {"outcome": "plan"}, "Wrong box")
    assert [one.pathway for one in done.opened] == ["plan"]
    again = AmendEvent(place.screener).run(decided, at("2026-03-02 16:00"), {"outcome": "plan"}, "Wrong time")
    assert (again.standing, again.opened) == (done.opened, [])


def test_an_opening_cannot_be_moved_behind_what_followed_it_nor_withdrawn_from_under_it(
    place: Partnership, plan: Case
) -> None:
    opening = plan.events.get()
    RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    with pytest.raises(Invalid, match="happened before that day"):
        AmendEvent(place.worker).run(
            opening, at("2026-03-10 10:00"), {"reasons": "Hurt", "held_at": "Nelson"}, "Wrong day"
        )
    with pytest.raises(Invalid, match="Withdraw them first"):
        WithdrawEvent(place.worker).run(opening, "Wrong child")
    assert plan.events.count() == 2


def test_a_case_whose_every_event_is_withdrawn_is_closed_and_owes_nothing(
    place: Partnership, plan: Case
) -> None:
    WithdrawEvent(place.worker).run(plan.events.get(), "Wrong child")
    plan.refresh_from_db()
    assert (plan.is_open, plan.next_due_at, plan.duties.count()) == (False, None, 0)
    assert plan.closed_at is not None


def test_only_the_agency_that_said_it_or_leads_the_case_may_correct_it(
    place: Partnership, case: Case
) -> None:
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": place.police})
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 10:00"), {"agency": place.health})
    answer = {"agency": place.police, "holds": "something"}
    event = RecordEvent(place.officer).run(case, "answered", at("2026-03-02 11:00"), answer)
    with pytest.raises(NotAllowed, match="Only the agency"):
        AmendEvent(place.nurse).run(event, at("2026-03-02 11:00"), {**answer, "holds": "nothing_held"}, "No")
    with pytest.raises(NotAllowed):
        WithdrawEvent(place.nurse).run(event, "No")
    AmendEvent(place.officer).run(
        event, at("2026-03-02 11:00"), {**answer, "holds": "nothing_held"}, "Wrong record"
    )


def test_a_correction_needs_a_reason_a_current_version_and_answers_that_hold(
    place: Partnership, plan: Case
) -> None:
    visit = RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    with pytest.raises(Invalid) as caught:
        AmendEvent(place.worker).run(visit, date(2026, 3, 9), {"child_seen": True}, "  ")
    assert caught.value.errors == {"reason": ["Say why the record is being corrected."]}
    with pytest.raises(Stale):
        AmendEvent(place.worker).run(visit, date(2026, 3, 9), {"child_seen": True}, "Why", version=1)
    with pytest.raises(Invalid) as caught:
        AmendEvent(place.worker).run(visit, date(2026, 3, 1), {}, "Why")
    assert set(caught.value.errors) == {"occurred", "child_seen"}
    assert plan.events.count() == 2
