"""A kind of meeting in plain words: as blocks for its page, and as text for `goldenthread guidance show`.

Pure. Written for whoever arranges it: who must be there, whose report is due when, when it may decide, what it records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .library import Library
from .meeting import Fill, MeetingKind, MeetingRule, SeatRule
from .plain import FORCE
from .sentences import capital, either, lower_first, value_on
from .wrapping import heading, wrapped

COVERS = {
    "family": "One family: each child has a page",
    "cases": "Many cases, one page each",
    "none": "No case: the business of a group",
}
FAMILY = {
    "invited": "The family is invited, and their voice is asked for",
    "heard": "The family is not there; somebody speaks for them",
    "told": "The family is not there, and hears of it afterwards",
}
_FILLS: dict[Fill, str] = {
    "came": "who came", "absent": "which agencies were missing", "dissent": "who disagreed and why",
    "decisions": "what was decided", "actions": "what was agreed", "why_went_on": "why it decided though too few came",
}  # fmt: skip
_VERIFIED = {True: "checked", "partly": "partly checked", False: "not verified"}


@dataclass(frozen=True, slots=True)
class PlainSeat:
    id: str
    title: str
    who: str
    must: bool
    report: bool


@dataclass(frozen=True, slots=True)
class PlainClock:
    """Something due around a meeting: what, when in words, of what force, and where that is written."""

    what: str
    when: str
    force: str
    kind: str
    """statutory, guidance or local."""
    verified: str
    reference: str
    note: str | None


@dataclass(frozen=True, slots=True)
class PlainRecord:
    pathway: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainMeeting:
    id: str
    title: str
    about: str
    reference: str
    covers: str
    held_by: str
    chair: str
    family: str
    seats: tuple[PlainSeat, ...]
    members: bool
    quorum: str
    quorum_force: str
    quorum_reference: str
    quorum_note: str | None
    clocks: tuple[PlainClock, ...]
    records: tuple[PlainRecord, ...]
    target: str


def plain_meeting(kind: MeetingKind, library: Library, day: date) -> PlainMeeting:
    """The whole kind of meeting in words, with the values in force on a day."""
    quorum = kind.quorum
    titles = [library.roles.title_of(role) for role in kind.held_by]
    return PlainMeeting(
        id=kind.id, title=kind.title, about=kind.about, reference=kind.reference, covers=COVERS[kind.covers],
        held_by=either(titles), chair=kind.chair, family=FAMILY[kind.family],
        seats=tuple(_seat(name, seat, library) for name, seat in kind.seats.items()), members=kind.members,
        quorum=quorum_words(kind, library), quorum_force=FORCE[quorum.force] if quorum else "",
        quorum_reference=quorum.reference if quorum else "", quorum_note=quorum.note if quorum else None,
        clocks=tuple(_clocks(kind, day)), records=tuple(_records(kind, library)),
        target=f"{kind.attendance_target:g} per cent of those invited are expected" if kind.attendance_target else "",
    )  # fmt: skip


def quorum_words(kind: MeetingKind, library: Library) -> str:
    """When the meeting may decide, in a sentence."""
    rule = kind.quorum
    if rule is None:
        return "It may decide whoever comes."
    number = f"{rule.agencies} {'agency' if rule.agencies == 1 else 'different agencies'}"
    named = [lower_first(library.roles.title_of(role)) for role in rule.named]
    words = f"It may decide with {number}" + (f", among them {either(named, 'and')}" if named else "")
    if rule.not_counting:
        titles = [lower_first(library.roles.title_of(role)) for role in rule.not_counting]
        words += f"; {either(titles, 'and')} {'does' if len(titles) == 1 else 'do'} not count"
    on = "With fewer it may go on only where the reason is written down." if rule.may_go_on else "With fewer it cannot decide."
    return f"{words}. {on}"


def _seat(name: str, seat: SeatRule, library: Library) -> PlainSeat:
    who = "Family" if seat.family else capital(either([lower_first(library.roles.title_of(role)) for role in seat.kinds]))
    return PlainSeat(name, seat.title, who, seat.must, seat.report)


def _clocks(kind: MeetingKind, day: date) -> Iterator[PlainClock]:
    rules: list[tuple[str, MeetingRule | None]] = [
        ("Reports sent in", kind.reports.due if kind.reports else None),
        ("Reports shared with the family", kind.reports.shared if kind.reports else None),
        ("Record sent out", kind.record), ("Held again, if it could not decide", kind.reconvene),
    ]  # fmt: skip
    for what, rule in rules:
        if rule is None:
            continue
        length = value_on(rule.before or rule.within, day)  # type: ignore[arg-type]  # one of them is there
        when = f"{length} {'before' if rule.before else 'after'} the meeting" if length else "no rule on this day"
        yield PlainClock(
            what, when, FORCE[rule.force], rule.force, _VERIFIED[rule.verified], rule.reference, rule.note
        )  # fmt: skip


def _records(kind: MeetingKind, library: Library) -> Iterator[PlainRecord]:
    for name, recording in kind.records.items():
        pathway = library.pathways[name]
        lines = []
        if recording.arranged:
            lines.append(f"When it is arranged: {lower_first(pathway.title_of(recording.arranged.event))}.")
        lines.append(f"When it has been held: {lower_first(pathway.title_of(recording.held))}.")
        filled = [_FILLS[one] for one in dict.fromkeys(recording.fills.values())]
        if filled:
            lines.append(f"The meeting itself answers {either(filled, 'and')}.")
        for words, event in (
            ("When it could not decide", recording.inquorate),
            ("When a report is shared with the family", recording.shared.event if recording.shared else None),
            ("For each action", recording.actions),
            ("When the record is sent out", recording.issued.event if recording.issued else None),
        ):  # fmt: skip
            if event:
                lines.append(f"{words}: {lower_first(pathway.title_of(event))}.")
        yield PlainRecord(name, pathway.title, tuple(lines))


def meeting_text(plain: PlainMeeting, width: int = 100) -> str:
    """The whole kind of meeting as plain text, wrapped to a width."""
    lines = [plain.title, "=" * len(plain.title), "", *wrapped(plain.about, width), ""]
    for label, words in (
        ("Source", plain.reference), ("Covers", plain.covers), ("Held by", plain.held_by), ("Chair", plain.chair),
        ("Family", plain.family), ("Attendance", plain.target),
    ):  # fmt: skip
        if words:
            lines += wrapped(f"{label}: {words}", width, hang="  ")
    lines += heading("Who is asked")
    if plain.members:
        lines += wrapped("The members of the group that meets.", width)
    for seat in plain.seats:
        marks = [words for given, words in ((seat.must, "must be there"), (seat.report, "report asked")) if given]
        lines += wrapped(f"{seat.title} ({seat.who}){': ' + ', '.join(marks) if marks else ''}", width, "- ", "  ")
    lines += heading("When it may decide")
    lines += wrapped(plain.quorum, width)
    if plain.quorum_reference:
        lines += wrapped(f"{plain.quorum_force}. Source: {plain.quorum_reference}", width)
    if plain.quorum_note:
        lines += wrapped(plain.quorum_note, width)
    if plain.clocks:
        lines += heading("What is due")
    for clock in plain.clocks:
        lines += wrapped(
            f"{clock.what}: {clock.when}. {clock.force}, {clock.verified}. Source: {clock.reference}", width, "- ", "  "
        )
        if clock.note:
            lines += wrapped(clock.note, width, "  ", "  ")
    if plain.records:
        lines += heading("What it records")
    for record in plain.records:
        lines += wrapped(f"{record.title}: {' '.join(record.lines)}", width, "- ", "  ")
    return "\n".join(lines) + "\n"
