"""What the meeting itself answers of the event it records: who came, who disagreed, what was decided and agreed.

Depends on rows the caller has already let the actor see. See `fills` in docs/look-up/meetings.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from goldenthread.guidance.meeting import Fill, MeetingKind, Recording
from goldenthread.guidance.pathway import EventKind, FieldType

from .models import Meeting, Page, Seat

LONGEST = 20_000


def filled(
    kind: MeetingKind, recording: Recording, event: EventKind, meeting: Meeting, page: Page, seats: Sequence[Seat]
) -> dict[str, Any]:
    """The answers to the questions of `event` that the meeting fills; what there is nothing to say of is left out."""
    words: Mapping[Fill, Callable[[], str]] = {
        "came": lambda: ", ".join(_who(seat) for seat in seats if seat.came),
        "absent": lambda: ", ".join(_named(seat) for seat in seats if seat.organisation is not None and not seat.came),
        "dissent": lambda: "\n".join(
            f"{one.organisation.title}: {one.reason} (on “{decision.words}”)"
            for decision in page.decisions.all() for one in decision.dissents.all()
        ),
        "decisions": lambda: "\n".join(one.words for one in page.decisions.all()),
        "actions": lambda: "\n".join(
            f"{one.organisation.title}: {one.what} (by {one.due_on.day} {one.due_on:%B} {one.due_on.year})"
            for one in page.actions.all()
        ),
        "why_went_on": lambda: meeting.why_went_on,
    }  # fmt: skip
    answers: dict[str, Any] = {}
    for name, what in recording.fills.items():
        question = event.asks.get(name)
        if question is None:
            continue
        value: Any
        if what == "came" and question.type is FieldType.CHOICES:
            counted = [_counted(kind, seat) for seat in seats if seat.came]
            value = [answer for answer in question.of if answer in counted]
        else:
            value = words[what]()[:LONGEST]
        if value:
            answers[name] = value
    return answers


def _counted(kind: MeetingKind, seat: Seat) -> str:
    rule = kind.seats.get(seat.rule)
    return (rule.counted_as or seat.rule) if rule is not None else "other"


def _named(seat: Seat) -> str:
    return (
        f"{seat.title} ({seat.organisation.title})"
        if seat.organisation and seat.organisation.title != seat.title
        else seat.title
    )


def _who(seat: Seat) -> str:
    return f"{_named(seat)}: {seat.who_came}" if seat.who_came else _named(seat)
