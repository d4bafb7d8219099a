"""What people see: my work, the board, a case and a child, now and as they were known on an earlier day."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goldenthread.casework.actions import AllocateCase, AmendEvent, OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.casework.queries import (
    WHEN,
    as_known_on,
    board,
    case_page,
    counting,
    whose_counts,
    worklist,
    worklist_counts,
)
from goldenthread.foundation.capability import Capability
from goldenthread.people.models import Person, Relationship

from .partnership import SCREENER, Partnership, at

worklist_module = import_module("goldenthread.casework.queries.worklist")  # its name is also its function's


def statements(queries: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]


def with_a_plan(place: Partnership, child: Person | None = None, started: str = "2026-03-20 15:00") -> Case:
    case = OpenCase(place.screener).run("concern", child or place.child(), at("2026-03-02 09:30"), {})
    event = RecordEvent(place.screener).run(case, "decided", at(started), {"outcome": "plan"})
    return event.opened.get()


# My work -------------------------------------------------------------------------------------------------------------


def test_my_work_holds_what_is_mine_my_teams_and_my_agencys_by_when_it_is_due(place: Partnership) -> None:
    plan = with_a_plan(place)
    worker = place.worker
    AllocateCase(place.manager).run(plan, place.users["Rosa Whittle"])
    now = at("2026-04-07 10:00")
    assert [one.duty for one in worklist(worker, "mine", "today", now=now)] == ["visits"]
    assert [one.duty for one in worklist(worker, "mine", "late", now=at("2026-04-08 00:01"))] == ["visits"]
    assert [one.duty for one in worklist(worker, "mine", "week", now=now)] == ["conference"]
    assert [one.duty for one in worklist(worker, "mine", "later", now=at("2026-04-06 23:00"))] == [
        "conference"
    ]
    assert [one.duty for one in worklist(worker, "team", "today", now=now)] == ["visits"]
    assert [one.duty for one in worklist(place.nurse, "agency", "later", now=now)] == ["health"]
    assert worklist(place.nurse, "mine", "later", now=now) == []
    counts = worklist_counts(worker, "mine", "week", now=now)
    assert {when: str(count) for when, count in counts.when.items()} == {
        "late": "0",
        "today": "1",
        "week": "1",
        "later": "0",
    }
    assert {name: count.number for name, count in counts.pathways.items()} == {"plan": 1}
    assert whose_counts(worker, now=at("2026-04-08 00:01"))["team"].number == 1


def test_every_open_duty_with_a_date_is_in_exactly_one_bucket(place: Partnership) -> None:
    with_a_plan(place)
    for now in (
        at("2026-04-07 10:00"),
        at("2026-04-07 23:59"),
        at("2026-04-12 09:00"),
        at("2026-04-20 00:00"),
    ):
        found = [
            one.pk
            for when in ("late", "today", "week", "later")
            for one in worklist(place.worker, "agency", when, now=now)
        ]
        assert len(found) == len(set(found)) == 2


def test_counts_stop_at_the_cap_and_say_so(place: Partnership) -> None:
    for index in range(4):
        with_a_plan(place, place.child(f"Child {index}"))
    with mock.patch.object(worklist_module, "MANY", 3):
        counts = worklist_counts(place.worker, "agency", "late", now=at("2027-01-01 10:00"))
    assert (str(counts.when["late"]), counts.when["late"].capped) == ("3+", True)
    assert str(counting.Count(1000, True)) == "1,000+"


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("pathway", [None, "plan"])
def test_few_duties_are_counted_as_many_are(place: Partnership, when: Any, pathway: str | None) -> None:
    worker = place.worker
    for index in range(3):
        AllocateCase(place.manager).run(with_a_plan(place, place.child(f"Child {index}")), place.users["Rosa Whittle"])
    for moment in ("2026-04-01 10:00", "2026-04-08 00:01", "2026-09-01 10:00", "2027-01-01 10:00"):
        few = worklist_counts(worker, "mine", when, pathway, now=at(moment))
        assert sum(one.number for one in few.when.values())
        with mock.patch.object(worklist_module, "CAP", 0):  # more than any
            assert worklist_counts(worker, "mine", when, pathway, now=at(moment)) == few


def test_my_work_takes_one_statement_and_its_counts_one_or_two(place: Partnership) -> None:
    with_a_plan(place)
    actor = place.worker
    with CaptureQueriesContext(connection) as queries:
        assert (
            len(
                [(one.case.subject.name, one.organisation.title) for one in worklist(actor, "agency", "late")]
            )
            == 2
        )
    assert len(queries) == 1
    for whose, statements in (("mine", 1), ("agency", 2)):
        with CaptureQueriesContext(connection) as queries:
            worklist_counts(actor, whose, "late")
        assert len(queries) == statements


# A case --------------------------------------------------------------------------------------------------------------


def test_a_case_page_has_duties_with_their_owners_where_it_came_from_and_what_may_happen_next(
    place: Partnership,
) -> None:
    plan = with_a_plan(place)
    worker = place.worker
    with CaptureQueriesContext(connection) as queries:
        page = case_page(worker, plan.pk)
    assert len(queries) <= 6
    assert {one.computed.duty: str(one.owner) for one in page.duties} == {
        "conference": "County care", "visits": "County care", "health": "County health",
    }  # fmt: skip
    assert [one.computed.duty for one in page.pressing] == ["visits", "conference", "health"]
    assert page.came_from is not None and page.came_from.pathway == "concern"
    assert {one.kind for one in page.possible(worker, {place.care.kind})} == {
        "visited",
        "reviewed",
        "plan_ended",
    }
    assert case_page(place.screener, page.came_from.pk).led_to == [plan]


def test_a_case_as_it_was_known_on_a_day_knows_nothing_recorded_later(place: Partnership) -> None:
    system, child = place.system, place.child()
    case = OpenCase(system).run(
        "concern", child, at("2026-03-02 09:30"), {"source": "school"}, organisation=place.school,
        recorded_at=at("2026-03-02 10:00"),
    )  # fmt: skip
    event = RecordEvent(system).run(
        case,
        "decided",
        at("2026-03-03 09:00"),
        {"outcome": "plan"},
        organisation=place.care,
        recorded_at=at("2026-03-06 12:00"),
    )
    plan = event.opened.get()
    RecordEvent(system).run(
        plan,
        "visited",
        date(2026, 3, 10),
        {"child_seen": True},
        organisation=place.care,
        recorded_at=at("2026-03-20 12:00"),
    )
    then = as_known_on(case, at("2026-03-05 09:00"))
    assert (then.state, [one.kind for one in then.events]) == ("new", ["received"])
    assert [(one.duty, one.status) for one in then.duties] == [("screening", "overdue")]
    now = as_known_on(case, date(2026, 3, 6))
    assert (now.state, now.duties[0].status) == ("decided", "met_late")
    assert as_known_on(plan, date(2026, 3, 5)).events == []
    # On 18 March the visit of 10 March had happened, but nobody had recorded it.
    page = case_page(place.worker, plan.pk, date(2026, 3, 18))
    assert {one.computed.duty: one.computed.status for one in page.duties}["visits"] == "overdue"
    assert page.progress.state == "started"
    assert case_page(place.worker, plan.pk).progress.state == "under_way"
    with pytest.raises(Http404):
        case_page(place.worker, plan.pk, date(2026, 3, 5))


# The board -----------------------------------------------------------------------------------------------------------


def board_of(place: Partnership, now: datetime) -> Any:
    return board(place.screener, now=now)


def test_the_board_shows_each_column_most_urgent_first_with_true_counts(place: Partnership) -> None:
    cases = {
        name: OpenCase(place.screener).run(
            "concern", place.child(name), at(f"2026-03-02 {hour}"), {"grade": grade}
        )
        for name, hour, grade in (
            ("Late", "08:00", "standard"),
            ("High", "09:30", "high"),
            ("Early", "07:00", "standard"),
        )
    }
    RecordEvent(place.screener).run(cases["Early"], "asked", at("2026-03-02 09:00"), {"agency": place.police})
    shown = board_of(place, at("2026-03-02 10:00"))
    assert [(one.state, one.title, str(one.count)) for one in shown.columns] == [
        ("new", "New", "2"), ("asking", "Asking agencies", "1"), ("ready", "Ready to decide", "0"),
    ]  # fmt: skip
    assert [card.people[0].person.name for card in shown.columns[0].cards] == ["High", "Late"]
    assert shown.columns[0].cards[0].left(shown.now) == timedelta(hours=3, minutes=30)
    assert shown.columns[0].cards[0].grade == "High"


def test_a_card_says_who_told_us_what_it_is_about_and_what_each_agency_answered(place: Partnership) -> None:
    child = place.child(born=date(2017, 5, 14))
    case = OpenCase(place.screener).run(
        "concern", child, at("2026-03-02 09:00"), {"source": "school", "flags": ["neglect", "missing"]}
    )
    for agency in (place.police, place.health):
        RecordEvent(place.screener).run(case, "asked", at("2026-03-02 09:10"), {"agency": agency})
    RecordEvent(place.nurse).run(
        case, "answered", at("2026-03-02 10:00"), {"agency": place.health, "holds": "nothing_held"}
    )
    card = board_of(place, at("2026-03-02 12:30")).columns[1].cards[0]
    assert (card.source, card.flags, card.people[0].age) == ("School", ["Neglect", "Missing"], 8)
    assert {(one.organisation.slug, one.answered, one.late, one.words) for one in card.asked} == {
        ("county_police", False, True, ""), ("county_health", True, False, "Nothing held"),
    }  # fmt: skip


def test_a_card_says_repeat_contacts_and_open_plans_of_the_child_and_of_brothers_and_sisters(
    place: Partnership,
) -> None:
    child, sister = place.child("Zayn"), place.child("Amira")
    Relationship.objects.create(person=child, other=sister, kind="sibling")
    plan = with_a_plan(place, sister)
    for day in ("2026-02-20 09:00", "2025-06-01 09:00", "2024-01-01 09:00"):
        old = OpenCase(place.screener).run("concern", child, at(day), {})
        RecordEvent(place.screener).run(old, "decided", at(day), {"outcome": "nothing"})
    OpenCase(place.screener).run("concern", child, at("2026-03-10 09:00"), {})
    card = board_of(place, at("2026-03-10 10:00")).columns[0].cards[0]
    assert (card.repeats_month, card.repeats_year) == (1, 2)
    assert [(one.case_id, one.pathway.id, one.name, one.sibling) for one in card.plans] == [
        (plan.pk, "plan", "Amira", True)
    ]


def test_brothers_and_sisters_who_came_in_together_share_a_card(place: Partnership) -> None:
    group = uuid.uuid4()
    for name in ("Amira", "Zayn"):
        OpenCase(place.screener).run("concern", place.child(name), at("2026-03-10 09:00"), {}, group=group)
    column = board_of(place, at("2026-03-10 10:00")).columns[0]
    assert (str(column.count), len(column.cards)) == ("2", 1)
    assert {one.person.name for one in column.cards[0].people} == {"Amira", "Zayn"}


def test_a_corrected_answer_replaces_the_first_on_the_card(place: Partnership) -> None:
    case = OpenCase(place.screener).run("concern", place.child(), at("2026-03-02 09:00"), {})
    RecordEvent(place.screener).run(case, "asked", at("2026-03-02 09:10"), {"agency": place.health})
    answer = {"agency": place.health, "holds": "nothing_held"}
    event = RecordEvent(place.nurse).run(case, "answered", at("2026-03-02 10:00"), answer)
    AmendEvent(place.nurse).run(
        event, at("2026-03-02 10:00"), {**answer, "holds": "something"}, "Found the older file"
    )
    assert [one.words for one in board_of(place, at("2026-03-02 12:30")).columns[1].cards[0].asked] == [
        "Something"
    ]


def test_the_five_numbers_above_the_board(place: Partnership) -> None:
    for index, (opened, decided) in enumerate(
        [("2026-03-09 09:00", "2026-03-09 10:00"), ("2026-03-09 09:00", "2026-03-09 12:00"), ("2026-03-10 09:00", None),
         ("2026-03-06 09:00", None), ("2026-03-08 09:00", "2026-03-08 14:00")]
    ):  # fmt: skip
        case = OpenCase(place.screener).run("concern", place.child(str(index)), at(opened), {})
        if decided:
            RecordEvent(place.screener).run(case, "decided", at(decided), {"outcome": "nothing"})
    headline = board_of(place, at("2026-03-10 11:00")).headline
    assert headline.since_yesterday.number == 3
    assert headline.waiting_over_3_hours.number == 1
    assert headline.over_1_working_day.number == 1
    assert headline.usual_time == timedelta(hours=3)
    assert headline.to_early_help == 0.0


def test_the_board_takes_the_same_few_statements_for_one_card_and_for_many(place: Partnership) -> None:
    def used() -> int:
        actor = place.screener
        with CaptureQueriesContext(connection) as queries:
            board(actor)
        return len(queries)

    first = OpenCase(place.screener).run(
        "concern", place.child("One"), timezone.now() - timedelta(hours=1), {}
    )
    RecordEvent(place.screener).run(
        first, "asked", timezone.now() - timedelta(minutes=50), {"agency": place.police}
    )
    few = used()
    for index in range(30):
        case = OpenCase(place.screener).run(
            "concern", place.child(str(index)), timezone.now() - timedelta(hours=1), {}
        )
        if index % 2:
            RecordEvent(place.screener).run(
                case, "asked", timezone.now() - timedelta(minutes=50), {"agency": place.police}
            )
    assert used() == few <= 8


def test_a_column_is_cut_at_25_cards_and_says_how_many_there_are(place: Partnership) -> None:
    for index in range(27):
        OpenCase(place.screener).run("concern", place.child(str(index)), at("2026-03-10 09:00"), {})
    column = board_of(place, at("2026-03-10 10:00")).columns[0]
    assert (len(column.cards), str(column.count)) == (25, "27")


def test_an_urgent_case_without_a_clock_comes_before_less_urgent_ones_with_one(place: Partnership) -> None:
    cases = [OpenCase(place.screener).run("concern", place.child(str(one)), at("2026-03-10 09:00"), {}) for one in range(27)]
    Case.objects.filter(pk=cases[-1].pk).update(priority=1, next_due_at=None)
    Case.objects.filter(pk=cases[0].pk).update(next_due_at=None)
    shown = [card.case.pk for card in board_of(place, at("2026-03-10 10:00")).columns[0].cards]
    assert len(shown) == 25 and shown[0] == cases[-1].pk
    assert cases[0].pk not in shown, "of two as urgent, the one without a clock comes after"


def test_restricted_cases_are_in_no_column_count_list_or_page_of_someone_without_leave(
    place: Partnership,
) -> None:
    hidden, seen = place.child("Hidden", restricted=True), place.child("Seen")
    OpenCase(place.system).run("concern", hidden, at("2026-03-10 09:00"), {}, organisation=place.care)
    OpenCase(place.screener).run("concern", seen, at("2026-03-10 09:00"), {})
    shown = board_of(place, at("2026-03-10 10:00"))
    assert [card.people[0].person for card in shown.columns[0].cards] == [seen]
    assert (str(shown.columns[0].count), shown.headline.since_yesterday.number) == ("1", 1)
    assert len(worklist(place.screener, "agency", "late")) == 1
    assert worklist_counts(place.screener, "agency", "late").when["late"].number == 1
    with pytest.raises(Http404):
        case_page(place.screener, Case.objects.get(subject=hidden).pk)
    leave = place.actor("Una Cole", place.care, SCREENER | {Capability.VIEW_RESTRICTED}, "partnership")
    assert str(board(leave, now=at("2026-03-10 10:00")).columns[0].count) == "2"
