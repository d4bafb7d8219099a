"""Checks of a kind of meeting against the rest of the guidance: pathways, events, questions and kinds of agency that exist.

Pure. Yields (place in the file, problem), as `checks` does; `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .checks import Where, _known, _near
from .meeting import MeetingKind, Recording
from .pathway import EventKind, FieldType, Pathway

if TYPE_CHECKING:
    from .library import Library

Found = Iterator[tuple[Where, str]]
ACTION = ("number", "agency", "what", "due_on")
"""What an event that takes up an agreed action is asked."""
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)


def check_meeting(library: Library, meeting: MeetingKind) -> Found:
    """Names that lead nowhere, and answers that the events recorded do not have."""
    roles = library.roles.roles
    yield from _known(("held_by",), "agency role", meeting.held_by, roles)
    for name, seat in meeting.seats.items():
        yield from _known(("seats", name, "kinds"), "agency role", seat.kinds, roles)
    if meeting.quorum is not None:
        yield from _known(("quorum", "with"), "agency role", meeting.quorum.named, roles)
        yield from _known(("quorum", "not_counting"), "agency role", meeting.quorum.not_counting, roles)
    for name, recording in meeting.records.items():
        pathway = library.pathways.get(name)
        if pathway is not None:
            yield from _check_recording(meeting, recording, pathway)
        elif f"pathways/{name}" not in library.unreadable:
            yield from _known(("records", name), "pathway", [name], library.pathways)


def _check_recording(meeting: MeetingKind, recording: Recording, pathway: Pathway) -> Found:
    at: Where = ("records", pathway.id)
    held = pathway.events.get(recording.held)
    if held is None:
        yield from _known((*at, "held"), f"event of {pathway.id}", [recording.held], pathway.events)
    else:
        short = pathway.events.get(recording.inquorate or "")
        yield from _check_fills(meeting, recording, held, short, at)
    if recording.inquorate is not None:
        if meeting.quorum is None:
            yield (*at, "inquorate"), "the meeting has no `quorum`, so it is never short of one"
        yield from _known((*at, "inquorate"), f"event of {pathway.id}", [recording.inquorate], pathway.events)
    said = {"held": recording.held, "inquorate": recording.inquorate, "actions": recording.actions,
            "arranged": recording.arranged and recording.arranged.event, "issued": recording.issued and recording.issued.event}
    for name, kind in said.items():
        event = pathway.events.get(kind or "")
        for role in meeting.held_by:
            if event is not None and not {role, "any_agency", "public"} & set(event.by):
                yield (*at, name), f"{kind} is not for {role}, which may hold this meeting, to record"
    for name, part, fields in (
        ("arranged", recording.arranged, ("day",)),
        ("shared", recording.shared, ("agency", "with_family")),
        ("issued", recording.issued, ("to",)),
    ):
        if part is None:
            continue
        event = pathway.events.get(part.event)
        if event is None:
            yield from _known((*at, name, "event"), f"event of {pathway.id}", [part.event], pathway.events)
            continue
        for field in fields:
            asked = getattr(part, field)
            if asked is not None:
                yield from _known((*at, name, field), f"question of {part.event}", [asked], event.asks)
    if recording.actions is not None:
        event = pathway.events.get(recording.actions)
        if event is None:
            yield from _known((*at, "actions"), f"event of {pathway.id}", [recording.actions], pathway.events)
        else:
            for field in ACTION:
                if field not in event.asks:
                    yield (*at, "actions"), f"{recording.actions} does not ask {field!r}, which an action has"


def _check_fills(
    meeting: MeetingKind, recording: Recording, held: EventKind, short: EventKind | None, at: Where
) -> Found:
    for name, what in recording.fills.items():
        question = held.asks.get(name) or (short.asks.get(name) if short else None)
        if question is None:
            yield from _known((*at, "fills", name), f"question of {recording.held}", [name], held.asks)
        elif what == "came" and question.type is FieldType.CHOICES:
            for seat, rule in meeting.seats.items():
                answer = rule.counted_as or seat
                if answer not in question.of:
                    near = _near(answer, question.of)
                    yield ("seats", seat), f"{recording.held}.{name} has no answer {answer!r}{near}; give `counted_as`"
        elif question.type not in _TEXTS:
            yield (*at, "fills", name), f"the meeting fills words, and {name!r} takes something else"
