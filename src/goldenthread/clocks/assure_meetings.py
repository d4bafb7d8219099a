"""Worked meetings: a meeting on a day and who came, beside what must come of it. `goldenthread guidance assure`.

Each `meeting_cases/*.yaml` of a folder of guidance is about the kind of meeting its name says. Only what is expected is
compared. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pydantic import Field, model_validator

from goldenthread.guidance.checks import Where, _near
from goldenthread.guidance.library import Library
from goldenthread.guidance.meeting import MeetingKind
from goldenthread.guidance.reading import Source
from goldenthread.guidance.terms import Slug, Strict, Text
from goldenthread.guidance.worked import worked

from .calendar import calendar_for
from .meetings import MeetingDays, Present, Standing, days_of, standing_of
from .proof import in_words


class WorkedDay(Strict):
    """A meeting: its day, the kinds of agency that came (one twice is two agencies), reports by seat and their days."""

    day: date
    came: list[Slug] = Field(default_factory=list)
    reports: Mapping[Slug, date] = Field(default_factory=dict)
    shared: Mapping[Slug, date] = Field(default_factory=dict)


class WorkedExpected(Strict):
    reports_due: date | None = None
    shared_by: date | None = None
    record_due: date | None = None
    reconvene_by: date | None = None
    quorate: bool | None = None
    absent: list[Slug] | None = None
    """Kinds that must be there and were not."""
    reports_late: list[Slug] | None = None
    """Seats whose report came late or not at all."""
    shared_late: list[Slug] | None = None
    records: Mapping[Slug, Slug] | None = None
    """Pathway -> the event recorded in its cases."""

    @model_validator(mode="after")
    def _something(self) -> WorkedExpected:
        if all(value is None for value in self.model_dump().values()):
            raise ValueError("say at least one thing that must come of it")
        return self


class WorkedMeeting(Strict):
    title: Text
    why: Text
    meeting: WorkedDay
    expect: WorkedExpected


class WorkedMeetings(Strict):
    """A file of worked meetings; its name is the kind they are of."""

    cases: list[WorkedMeeting] = Field(min_length=1)


@dataclass(frozen=True)
class MeetingTold:
    """What came of one worked meeting. It is as expected when there are no `differences`."""

    title: str
    kind: str
    place: str
    lines: tuple[str, ...]
    differences: tuple[str, ...]


def assure_meetings(library: Library, kind: str | None = None) -> list[MeetingTold]:
    """Run every worked meeting of a folder. Raises GuidanceError for a file written wrongly."""
    files = worked(library.folder / "meeting_cases", WorkedMeetings, partial(_unknown, library))
    return [
        _told(library, identity, source, index, one)
        for identity, file, source in files if kind in (None, identity)
        for index, one in enumerate(file.cases)
    ]  # fmt: skip


def _unknown(library: Library, identity: str, file: WorkedMeetings) -> Iterator[tuple[Where, str]]:
    kind = library.meetings.get(identity)
    if kind is None:
        yield (), f"there is no kind of meeting {identity!r}{_near(identity, library.meetings)}"
        return
    for index, one in enumerate(file.cases):
        at: Where = ("cases", index, "meeting")
        for role in one.meeting.came:
            if role not in library.roles.roles:
                yield (*at, "came"), f"unknown agency role {role!r}{_near(role, library.roles.roles)}"
        for key, given in (("reports", one.meeting.reports), ("shared", one.meeting.shared)):
            for seat in given:
                if seat not in kind.seats or not kind.seats[seat].report:
                    asked = [name for name, rule in kind.seats.items() if rule.report]
                    yield (*at, key), f"no report is asked of the seat {seat!r}{_near(seat, asked)}"


def _told(library: Library, identity: str, source: Source, index: int, one: WorkedMeeting) -> MeetingTold:
    kind, given = library.meetings[identity], one.meeting
    days = days_of(kind, given.day, calendar_for(library, None))
    came = [Present(str(number), role) for number, role in enumerate(given.came)]
    stands = standing_of(kind, came)
    return MeetingTold(
        one.title, identity, f"meeting_cases/{source.file}:{source.line(('cases', index))}",
        (f"Why: {' '.join(one.why.split())}", *_lines(kind, given, days, stands)),
        tuple(_differences(one.expect, kind, given, days, stands)),
    )  # fmt: skip


def _lines(kind: MeetingKind, given: WorkedDay, days: MeetingDays, stands: Standing) -> Iterator[str]:
    yield f"{kind.title} on {in_words(given.day)}"
    for words, proof in (
        ("Reports due by", days.reports), ("Shared with the family by", days.shared), ("Record out by", days.record),
        ("If it cannot decide, again by", days.reconvene),
    ):  # fmt: skip
        if proof is not None and proof.due is not None:
            yield f"{words} {in_words(proof.due)} ({proof.reference})"
    if kind.quorum is not None and given.came:
        yield f"{stands.agencies} of {stands.needed} agencies: {'it may decide' if stands.quorate else 'it may not decide'}"


def late(kind: MeetingKind, due: Any, received: Mapping[str, date]) -> list[str]:
    """Seats whose report came after the day it was due, or never."""
    asked = [name for name, rule in kind.seats.items() if rule.report]
    return [name for name in asked if due is not None and (name not in received or received[name] > due)]


def _differences(
    expect: WorkedExpected, kind: MeetingKind, given: WorkedDay, days: MeetingDays, stands: Standing
) -> Iterator[str]:
    reports = days.reports.due if days.reports else None
    shared = days.shared.due if days.shared else None
    found: dict[str, Any] = {
        "reports_due": reports, "shared_by": shared,
        "record_due": days.record.due if days.record else None,
        "reconvene_by": days.reconvene.due if days.reconvene else None,
        "quorate": stands.quorate, "absent": list(stands.missing),
        "reports_late": late(kind, reports, given.reports), "shared_late": late(kind, shared, given.shared),
        "records": {name: one.held for name, one in kind.records.items()},
    }  # fmt: skip
    for key, wanted in expect:
        if wanted is None:
            continue
        same = wanted.items() <= found[key].items() if isinstance(wanted, Mapping) else wanted == found[key]
        if not same:
            yield f"{key.replace('_', ' ')} to be {wanted}, found {found[key] if found[key] is not None else 'nothing'}"
