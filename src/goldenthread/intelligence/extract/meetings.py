"""Meetings in an extract: each meeting, each seat at it, each report asked for. See docs/look-up/extract.md.

A meeting counts in the area of its cases where that is one area, else in that of whoever holds it, and in the year it was
planned for. It is in the restricted part where one of its cases is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldenthread.agencies.models import Area, Group, Organisation
from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import local_day
from goldenthread.guidance.library import Library
from goldenthread.meetings.models import Meeting, Page, Report, Seat
from goldenthread.people.models import Person

from ..indicators.tables import Dataset, MeetingRow, ReportRow, SeatRow
from .pseudonyms import Pseudonyms
from .source import Snapshot, day, moment, plain_id

_AREA, _CASE, _GROUP, _MEETING, _ORGANISATION, _PAGE, _PERSON, _REPORT, _SEAT = (
    model._meta.db_table for model in (Area, Case, Group, Meeting, Organisation, Page, Person, Report, Seat)
)
_CASE_PLACE = "COALESCE(a.slug, pa.slug)"
_PLACED = (
    f"(SELECT m.id, COUNT(c.id) AS cases, substr(CAST(m.planned_at AS TEXT), 1, 4) AS year, "
    f"COALESCE(CASE WHEN MIN({_CASE_PLACE}) = MAX({_CASE_PLACE}) THEN MIN({_CASE_PLACE}) END, MAX(oa.slug), 'everywhere') "
    "AS area, "
    "MAX(CASE WHEN c.restricted OR p.restricted OR c.pathway IN ({hidden}) THEN 1 ELSE 0 END) AS few "
    f"FROM {_MEETING} m LEFT JOIN {_PAGE} g ON g.meeting_id = m.id LEFT JOIN {_CASE} c ON c.id = g.case_id "
    f"LEFT JOIN {_PERSON} p ON p.id = c.subject_id LEFT JOIN {_AREA} a ON a.id = c.area_id "
    f"LEFT JOIN {_AREA} pa ON pa.id = p.area_id JOIN {_ORGANISATION} o ON o.id = m.holder_id "
    f"LEFT JOIN {_AREA} oa ON oa.id = o.area_id GROUP BY m.id, m.planned_at)"
)
_FROM = f"FROM {_PLACED} w JOIN {_MEETING} m ON m.id = w.id"
_OF_PART = "WHERE w.area = '{area}' AND w.year = '{year}' AND w.few = {few} ORDER BY 1"

#: One line a partition, and numbers that change when anything in it does.
PARTITIONS = (
    "SELECT w.area, w.year, w.few, COUNT(*), SUM(m.version), SUM(w.cases), SUM(COALESCE(s.seats, 0)), SUM(COALESCE(s.told, 0)), "
    f"SUM(COALESCE(r.reports, 0)), SUM(COALESCE(r.came, 0)), SUM(COALESCE(r.shared, 0)) {_FROM} "
    "LEFT JOIN (SELECT meeting_id, COUNT(*) AS seats, SUM(LENGTH(answer) + 100 * LENGTH(attendance)) AS told "
    f"FROM {_SEAT} GROUP BY meeting_id) s ON s.meeting_id = m.id "
    "LEFT JOIN (SELECT g.meeting_id, COUNT(*) AS reports, COUNT(t.received_on) AS came, COUNT(t.shared_on) AS shared "
    f"FROM {_REPORT} t JOIN {_PAGE} g ON g.id = t.page_id GROUP BY g.meeting_id) r ON r.meeting_id = m.id "
    "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
MEETINGS = (
    "SELECT CAST(m.id AS TEXT), m.kind, gr.slug, o.slug, CAST(m.planned_at AS TEXT), CAST(m.arranged_at AS TEXT), m.state, "
    "w.cases, CAST(m.record_due_on AS TEXT), CAST(m.issued_at AS TEXT) "
    f"{_FROM} JOIN {_ORGANISATION} o ON o.id = m.holder_id LEFT JOIN {_GROUP} gr ON gr.id = m.group_id {_OF_PART}"
)
SEATS = (
    "SELECT CAST(s.id AS TEXT), CAST(m.id AS TEXT), m.kind, s.rule, so.slug, CASE WHEN s.must THEN 1 ELSE 0 END, "
    f"CAST(m.planned_at AS TEXT), m.state, s.attendance {_FROM} JOIN {_SEAT} s ON s.meeting_id = m.id "
    f"LEFT JOIN {_ORGANISATION} so ON so.id = s.organisation_id {_OF_PART}"
)
REPORTS = (
    "SELECT CAST(t.id AS TEXT), CAST(m.id AS TEXT), CAST(g.case_id AS TEXT), m.kind, so.slug, CAST(m.planned_at AS TEXT), "
    "m.state, CAST(m.reports_due_on AS TEXT), CAST(t.received_on AS TEXT), CAST(m.shared_due_on AS TEXT), "
    "CAST(t.shared_on AS TEXT) "
    f"{_FROM} JOIN {_PAGE} g ON g.meeting_id = m.id JOIN {_REPORT} t ON t.page_id = g.id "
    f"JOIN {_SEAT} s ON s.id = t.seat_id "
    f"LEFT JOIN {_ORGANISATION} so ON so.id = s.organisation_id {_OF_PART}"
)


def meeting_partitions(snapshot: Snapshot, library: Library) -> Iterator[tuple[str, str, str, list[int]]]:
    """Part, area and year of every partition that has meetings, with numbers that change when one of them does."""
    for area, year, few, *numbers in snapshot.rows(PARTITIONS.format(hidden=_hidden(library))):
        yield "restricted" if few else "standard", area, year, [int(number or 0) for number in numbers]


def add_meetings(
    found: Dataset, snapshot: Snapshot, library: Library, part: str, area: str, year: str, names: Pseudonyms
) -> None:
    """The meetings of a partition, with their seats and reports, under pseudonyms."""
    where = {"area": area, "year": year, "few": int(part == "restricted"), "hidden": _hidden(library)}

    def name(kind: str, identity: str) -> str:
        return names.of(kind, plain_id(identity))

    for one, kind, group, holder, planned, arranged, state, cases, due, issued in snapshot.rows(MEETINGS.format(**where)):
        sent = moment(issued)
        meeting_row = MeetingRow(
            name("meeting", one), kind, group, holder, area, _on(planned), _on(arranged), state, int(cases), day(due),
            local_day(sent) if sent else None,
        )  # fmt: skip
        found.meetings.append(meeting_row)
    for one, meeting, kind, rule, agency, must, planned, state, attendance in snapshot.rows(SEATS.format(**where)):
        seat = SeatRow(
            name("seat", one), name("meeting", meeting), kind, rule or None, area, agency, bool(must), _on(planned), state,
            attendance or None,
        )  # fmt: skip
        found.seats.append(seat)
    for one, meeting, case, kind, agency, planned, state, *days in snapshot.rows(REPORTS.format(**where)):
        report = ReportRow(
            name("report", one), name("meeting", meeting), name("case", case) if case else None, kind, area, agency,
            _on(planned), state, *map(day, days),
        )  # fmt: skip
        found.reports.append(report)


def _on(text: str) -> Any:
    """The day in London of a moment that is always there."""
    at = moment(text)
    assert at is not None
    return local_day(at)


def _hidden(library: Library) -> str:
    """The restricted pathways as SQL takes a list: their ids are checked when guidance is loaded."""
    hidden = sorted(one.id for one in library.pathways.values() if one.sensitivity == "restricted")
    return ", ".join(f"'{one}'" for one in hidden) or "''"
