"""Events from a file: the same rules as by hand, every error by line and column, all rows or none."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.casework.actions import ImportEvents, OpenCase
from goldenthread.casework.importing import Reading, read_events, when
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.identifiers import normalised
from goldenthread.people.models import Identifier, Person

from .partnership import Partnership, at

HEADER = "person,pathway,kind,occurred,recorded,organisation,data.outcome,data.urgency,data.reasons,data.child_seen,data.agency"


@pytest.fixture
def amira(place: Partnership) -> Person:
    child = place.child()
    Identifier.objects.create(person=child, scheme="source", value=normalised("source", "c1"))
    return child


def read(tmp_path: Path, *lines: str, header: str = HEADER) -> Reading:
    path = tmp_path / "events.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return read_events(path)


def errors(reading: Reading) -> list[tuple[int, str, str]]:
    return [(error.line, error.column, error.message) for error in reading.errors]


def test_a_file_takes_a_child_from_contact_to_plan_whatever_the_order_of_its_rows(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    reading = read(
        tmp_path,
        "c1,plan,visited,2026-04-07,,county_care,,,,yes,",
        "c1,concern,received,2026-03-02T09:30,2026-03-02,hill_school,,,,,",
        "c1,concern,decided,20/3/2026 15:00,2026-03-23T09:00,County care,plan,,Hurt,,",
        "c1,concern,screened,02/03/2026,,county_care,,red,,,",
    )
    assert errors(reading) == []
    assert ImportEvents(place.system).run(reading.events) == 4
    concern, plan = Case.objects.order_by("opened_at")
    assert [(one.kind, one.organisation.slug) for one in concern.events.all()] == [
        ("received", "hill_school"), ("screened", "county_care"), ("decided", "county_care"),
    ]  # fmt: skip
    assert (concern.is_open, concern.priority, concern.lead) == (False, 1, place.care)
    assert concern.events.get(kind="decided").recorded_at == at("2026-03-23 09:00")
    assert [(one.kind, one.occurred_on) for one in plan.events.all()] == [
        ("plan_started", date(2026, 3, 20)), ("visited", date(2026, 4, 7)),
    ]  # fmt: skip
    assert {(one.duty, one.ordinal, one.outcome) for one in plan.duties.filter(duty="visits")} == {
        ("visits", 1, "met"), ("visits", 2, "open"),
    }  # fmt: skip
    assert JournalEntry.objects.filter(verb="casework.record_event", subject_id=str(plan.pk)).count() == 2


@pytest.mark.parametrize(
    ("line", "column", "says"),
    [
        ("c9,concern,received,2026-03-02,,,,,,,", "person", "there is no person 'c9'; import people first"),
        ("c1,concrn,received,2026-03-02,,,,,,,", "pathway", "did you mean 'concern'?"),
        ("c1,concern,receved,2026-03-02,,,,,,,", "kind", "concern has no event 'receved'; did you mean 'received'?"),
        ("c1,concern,,2026-03-02,,,,,,,", "kind", "is missing"),
        ("c1,concern,received,,,,,,,,", "occurred", "is missing"),
        ("c1,concern,received,31/02/2026,,,,,,,", "occurred", "February 2026 has no day 31"),
        ("c1,concern,received,March 2026,,,,,,,", "occurred", "An event needs its day"),
        ("c1,concern,received,2099-01-01,,,,,,,", "occurred", "in the future"),
        ("c1,concern,received,2001-01-01,,,,,,,", "occurred", "before birth"),
        ("c1,concern,received,2026-03-02,2099-01-01,,,,,,", "recorded", "in the future"),
        ("c1,concern,received,2026-03-02,,hil_school,,,,,", "organisation", "did you mean 'hill_school'?"),
        ("c1,concern,screened,2026-03-02,,,,red,,,", "kind", "it begins with received"),
        (",concern,received,2026-03-02,,,,,,,", "case", "give a case, or a person and a pathway"),
        ("c1,concern,received,2026-03-02,,,,,,,", "data.outcome", ""),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line_and_column(
    place: Partnership, amira: Person, tmp_path: Path, line: str, column: str, says: str
) -> None:
    if not says:
        line, says = line.replace(",,,,,,,", ",,,plan,,,,"), "is not asked here"
    found = errors(read(tmp_path, line))
    assert [(number, name) for number, name, _ in found] == [(2, column)], found
    assert says in found[0][2]
    assert Event.objects.count() == 0


def test_a_wrong_answer_is_named_by_its_own_column_and_rows_of_a_case_that_could_not_open_are_not_tried(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    reading = read(
        tmp_path,
        "c1,concern,received,2026-03-02,,,,,Hurt,,",
        "c1,concern,screened,2026-03-03,,,,red,,,",
    )
    assert [(line, column) for line, column, _ in errors(reading)] == [(2, "data.reasons"), (3, "")]
    assert "line 2, which opens this case, is wrong" in errors(reading)[1][2]


def test_a_row_that_is_wrong_does_not_spoil_the_rows_after_it(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    reading = read(
        tmp_path,
        "c1,concern,received,2026-03-02,,,,,,,",
        "c1,concern,screened,2026-03-03,,,,purple,,,",
        "c1,concern,decided,2026-03-04,,,nothing,,,,",
    )
    assert [(line, column) for line, column, _ in errors(reading)] == [(3, "data.urgency")]
    assert ImportEvents(place.system).run(reading.events) == 2
    assert Case.objects.get().state == "decided"


def test_a_case_there_already_goes_on_and_the_same_event_twice_is_refused(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    case = OpenCase(place.screener).run("concern", amira, at("2026-03-02 09:30"), {})
    header = "case,kind,occurred,data.urgency"
    lines = [
        f"{case.reference},screened,2026-03-03,red",
        f"{case.pk},screened,2026-03-04,green",
        "LAN-26-XXXXXXX,screened,2026-03-04,red",
    ]
    reading = read(tmp_path, *lines, header=header)
    assert errors(reading) == [(4, "case", "there is no case 'LAN-26-XXXXXXX'")]
    assert ImportEvents(place.system).run(reading.events) == 2
    again = read(tmp_path, *lines[:2], header=header)
    assert [message for _, _, message in errors(again)] == [
        "this is already recorded in the case, with the same day and answers"
    ] * 2


def test_a_second_concern_opens_a_second_case_once_the_first_is_closed(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    reading = read(
        tmp_path,
        "c1,concern,received,2026-03-02,,,,,,,",
        "c1,concern,decided,2026-03-04,,,nothing,,,,",
        "c1,concern,received,2026-05-02,,,,,,,",
        "c1,concern,screened,2026-05-03,,,,red,,,",
    )
    assert errors(reading) == []
    ImportEvents(place.system).run(reading.events)
    assert [(case.is_open, case.version) for case in Case.objects.order_by("opened_at")] == [
        (False, 2),
        (True, 2),
    ]
    early = read(tmp_path, "c1,concern,received,2026-05-04,,,,,,,")
    assert "already open" in errors(early)[0][2]


def test_if_one_row_fails_while_writing_nothing_is_written(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    reading = read(
        tmp_path, "c1,concern,received,2026-03-02,,,,,,,", "c1,concern,screened,2026-03-03,,,,red,,,"
    )
    reading.events[1].data = {}
    with pytest.raises(Exception, match="line 3"):
        ImportEvents(place.system).run(reading.events)
    assert (Case.objects.count(), Event.objects.count(), JournalEntry.objects.count()) == (0, 0, 0)


def test_only_those_with_leave_import(place: Partnership) -> None:
    with pytest.raises(NotAllowed):
        ImportEvents(place.manager).run([])


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("2026-03-27", date(2026, 3, 27)),
        ("27/3/2026", date(2026, 3, 27)),
        ("27 March 2026", date(2026, 3, 27)),
        ("2026-03-27T09:30", at("2026-03-27 09:30")),
        ("27/03/2026 09:30", at("2026-03-27 09:30")),
        ("2026-07-01T09:30:00+00:00", at("2026-07-01 10:30")),
    ],
)
def test_days_and_moments_are_read_as_people_write_them(text: str, is_: Any) -> None:
    assert when(text, date(2026, 11, 22)) == is_


def test_what_was_recorded_today_is_recorded_now_and_not_tonight(
    place: Partnership, amira: Person, tmp_path: Path
) -> None:
    today = timezone.localdate()
    reading = read(tmp_path, f"c1,concern,received,{today - timedelta(days=1)},{today},,,,,,")
    assert errors(reading) == []
    ImportEvents(place.system).run(reading.events)
    assert Event.objects.get().recorded_at <= timezone.now()
