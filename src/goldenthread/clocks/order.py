"""Whether an event may be recorded: known, possible for the case where it stands, answered as its questions ask.

The same checks serve the forms, the API, imports and case files. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from typing import Any

import msgspec

from goldenthread.guidance.pathway import EventKind, FieldType, Question

from .answers import as_date
from .calendar import LONDON, local_day
from .engine import Program
from .happening import Happening, Subject
from .proof import in_words


class Problem(msgspec.Struct, frozen=True):
    """One thing to put right. `field` is an answer's name, `occurred`, `kind`, or '' for the whole."""

    field: str
    message: str


def check_event(
    program: Program,
    so_far: Sequence[Happening],
    new: Happening,
    subject: Subject,
    now: datetime,
    *,
    complete: bool = True,
) -> list[Problem]:
    """What stands against recording `new` in a case with the events `so_far`, now.

    `so_far` may hold later events: an event that happened before others is judged by where the case stood then.
    `complete` also asks for every required answer.
    """
    pathway = program.pathway
    event = pathway.events.get(new.kind)
    if event is None:
        near = get_close_matches(new.kind, pathway.events, n=1, cutoff=0.5)
        hint = f" Did you mean “{pathway.title_of(near[0])}”?" if near else ""
        return [
            Problem(
                "kind", f"“{new.kind}” is not something that can happen in {pathway.title.lower()}.{hint}"
            )
        ]
    problems = _check_date(new, subject, now, unborn=pathway.unborn) + _check_answers(event, new, now)
    before = [one for one in so_far if one.amends is not None or _not_after(one, new)]
    progress = program.run(before, subject, new.at if new.moment else _end(new.day))
    title = pathway.title_of(new.kind)
    if not event.opens and progress.opened is None:
        first = min((one.day for one in so_far), default=None)
        when = f" The case opened on {in_words(first)}." if first else ""
        problems.append(
            Problem("occurred", f"“{title}” cannot come before the case is opened.{when} Check the date.")
        )
    elif (
        event.opens
        and progress.opened is not None
        and not event.reopens
        and progress.state not in event.in_states
    ):
        # an opening event that names states may come again while the case is in one of them
        problems.append(Problem("kind", f"The case is already open, so “{title}” cannot be recorded again."))
    elif (
        progress.opened is not None
        and not progress.is_open
        and not (event.reopens or _allowed_closed(event, program))
    ):
        closed = in_words(progress.closed) if progress.closed else ""
        problems.append(
            Problem(
                "occurred", f"The case was closed on {closed}. Reopen it, or correct the date of “{title}”."
            )
        )
    elif event.in_states and progress.opened is not None and progress.state not in event.in_states:
        states = _either([pathway.states[state].title.lower() for state in event.in_states])
        here = pathway.states[progress.state].title.lower()
        problems.append(
            Problem(
                "kind", f"“{title}” can be recorded while the case is {states}; on that day it was {here}."
            )
        )
    if complete:
        problems += clean_answers(event, new.data)[1]
    return problems


def _allowed_closed(event: EventKind, program: Program) -> bool:
    return any(program.pathway.states[state].closed for state in event.in_states)


def _not_after(one: Happening, new: Happening) -> bool:
    if one.day != new.day:
        return one.day < new.day
    if one.moment is None or new.moment is None:
        return True
    return one.moment <= new.moment


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON)


_PREGNANCY = 300
"""Days before birth within which work with an unborn child is possible."""


def _check_date(new: Happening, subject: Subject, now: datetime, *, unborn: bool) -> list[Problem]:
    today = local_day(now)
    if new.day > today or (new.moment is not None and new.moment > now):
        return [
            Problem(
                "occurred", f"{in_words(new.moment or new.day)} is in the future. Give the day it happened."
            )
        ]
    if subject.born is not None and (subject.born - new.day).days > (_PREGNANCY if unborn else 0):
        return [
            Problem(
                "occurred",
                f"{in_words(new.day)} is before birth: the person was born on "
                f"{in_words(subject.born)}. Check both dates.",
            )
        ]
    return []


def _check_answers(event: EventKind, new: Happening, now: datetime) -> list[Problem]:
    """Dates among the answers that lie ahead where the question is about what has been."""
    found: list[Problem] = []
    for name, question in event.asks.items():
        if question.type not in (FieldType.DATE, FieldType.MOMENT) or question.future:
            continue
        given = as_date(new.data.get(name))
        ahead = given > now if isinstance(given, datetime) else given is not None and given > local_day(now)
        if given is not None and ahead:
            found.append(Problem(name, f"{in_words(given)} is in the future. Give the day it was."))
    return found


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


# Answers ----------------------------------------------------------------------------------------------------------


def clean_answers(
    event: EventKind, given: Mapping[str, Any], *, complete: bool = True
) -> tuple[dict[str, Any], list[Problem]]:
    """Answers made ready to store (dates as ISO text, numbers as numbers), and what is wrong with the rest.

    `complete` also asks for every required answer. Empty answers are left out.
    """
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in given.items():
        question = event.asks.get(name)
        if question is None:
            near = get_close_matches(str(name), event.asks, n=1, cutoff=0.5)
            hint = (
                f" Did you mean {near[0]!r}?"
                if near
                else (f" It asks {', '.join(event.asks)}." if event.asks else " It asks nothing.")
            )
            problems.append(Problem(str(name), f"{name!r} is not asked here.{hint}"))
            continue
        if value is None or value == "" or value == []:
            continue
        try:
            answers[name] = _clean(question, value)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if complete:
        failed = {problem.field for problem in problems}
        for name, question in event.asks.items():
            if question.required and name not in answers and name not in failed:
                problems.append(Problem(name, _ask(name, question)))
    return answers, problems


def _ask(name: str, question: Question) -> str:
    label = question.label or name.replace("_", " ").capitalize()
    if question.type in (FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO):
        return f"Select an answer: {label}"
    return f"Enter an answer: {label}"


def _clean(question: Question, value: Any) -> Any:
    kind = question.type
    if kind is FieldType.YES_NO:
        if isinstance(value, bool):
            return value
        text = str(value).strip().lower()
        if text in ("yes", "y", "true", "1"):
            return True
        if text in ("no", "n", "false", "0"):
            return False
        raise ValueError(f"Answer yes or no, not {value!r}")
    if kind is FieldType.CHOICE:
        return _choice(question, value)
    if kind is FieldType.CHOICES:
        many = value if isinstance(value, (list, tuple, set)) else str(value).split(";")
        return [_choice(question, one.strip() if isinstance(one, str) else one) for one in many]
    if kind is FieldType.NUMBER:
        return _number(question, value)
    if kind in (FieldType.DATE, FieldType.MOMENT):
        when = as_date(value)
        if when is None:
            raise ValueError(f"{value!r} is not a real date. Write it like 27 3 2026, or 2026-03-27")
        if kind is FieldType.DATE and isinstance(when, datetime):
            when = local_day(when)
        return when.isoformat()
    text = str(value).strip()
    if len(text) > 20_000:
        raise ValueError("This is longer than 20,000 characters. Add the rest as a document")
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):  # which no database keeps
        raise ValueError("This has signs in it that are not text and cannot be kept. Take them out, or type it again")
    return text


def _choice(question: Question, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in question.of:
        return text
    for code, label in question.of.items():
        if text.strip().lower() in (label.lower(), code.lower()):
            return code
    near = get_close_matches(text, [*question.of, *question.of.values()], n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{text!r} is not one of the answers ({', '.join(question.of)}).{hint}")


def _number(question: Question, value: Any) -> int | float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not a number") from None
    if not isfinite(number):
        raise ValueError(f"{value!r} is not a number")
    if question.at_least is not None and number < question.at_least:
        raise ValueError(f"{value} is less than {question.at_least:g}")
    if question.at_most is not None and number > question.at_most:
        raise ValueError(f"{value} is more than {question.at_most:g}")
    return int(number) if number.is_integer() else number
