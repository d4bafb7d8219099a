"""Conditions made ready to test: an event's answers, the subject's age, the latest of another event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from goldenthread.guidance.terms import Test

from .happening import Happening, Subject
from .interval import age_on

Condition = Callable[[Mapping[str, Any], int, "Surroundings"], bool]
"""(answers of the event in question, the day as an ordinal, what else is known) -> whether it holds."""


class Surroundings:
    """What a condition may look at beyond the event itself: the subject and the events so far."""

    __slots__ = ("happenings", "subject")

    def __init__(self, subject: Subject, happenings: Sequence[Happening]) -> None:
        self.subject = subject
        self.happenings = happenings

    def latest(self, kind: str, day: int) -> Mapping[str, Any] | None:
        """The answers of the latest event of a kind on or before a day."""
        for one in reversed(self.happenings):
            if one.kind == kind and one.day.toordinal() <= day:
                return one.data
        return None


def compile_when(when: Mapping[str, Any]) -> Condition | None:
    """One condition from a `when`; None where there is nothing to test."""
    parts = [_part(name, expected) for name, expected in when.items()]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]

    def all_hold(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
        for part in parts:  # noqa: SIM110 - a generator costs more than the conditions
            if not part(data, day, around):
                return False
        return True

    return all_hold


def asked_alone(whens: Iterable[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The questions whose answers alone decide these conditions; None where more is looked at, or where a number is
    compared (True equals 1, and is no number here)."""
    names: dict[str, None] = {}
    for when in whens:
        for name, expected in when.items():
            if "." in name or (
                isinstance(expected, Test) and (expected.at_least, expected.under) != (None, None)
            ):
                return None
            names[name] = None
    return tuple(names)


def _part(name: str, expected: Any) -> Condition:
    test = _tester(expected)
    head, dot, rest = name.partition(".")
    if not dot and not isinstance(expected, (Test, list)):

        def plainly(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
            value = data.get(name)
            return bool(value == expected) or (type(value) is list and expected in value)

        return plainly
    if not dot and isinstance(expected, list) and all(isinstance(one, str) for one in expected):
        allowed = frozenset(expected)

        def one_of(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
            value = data.get(name)
            return value in allowed if type(value) is str else test(value)

        return one_of
    if not dot and isinstance(expected, Test) and isinstance(expected.is_not, str) and _only_not(expected):
        refused = expected.is_not

        def but_not(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
            return bool(data.get(name) != refused)

        return but_not
    if not dot:
        return lambda data, day, around: test(data.get(name))
    if head == "subject" and rest == "age":

        def by_age(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
            born = around.subject.born
            return born is not None and test(age_on(born, date.fromordinal(day)))

        return by_age
    if head == "subject":
        return lambda data, day, around: test(around.subject.sex)

    if not isinstance(expected, (Test, list)):

        def plainly_by_latest(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
            found = around.latest(head, day)
            value = found.get(rest) if found is not None else None
            return bool(value == expected) or (type(value) is list and expected in value)

        return plainly_by_latest

    def by_latest(data: Mapping[str, Any], day: int, around: Surroundings) -> bool:
        found = around.latest(head, day)
        return test(found.get(rest) if found is not None else None)

    return by_latest


def _only_not(test: Test) -> bool:
    return test.given is None and test.at_least is None and test.under is None


def _tester(expected: Any) -> Callable[[Any], bool]:
    if isinstance(expected, Test):
        given, least, under = expected.given, expected.at_least, expected.under
        refused = expected.is_not if isinstance(expected.is_not, list) else [expected.is_not]
        some_refused = expected.is_not is not None
        if some_refused and _only_not(expected):
            return lambda value: value not in refused

        def special(value: Any) -> bool:
            if given is not None and (value not in (None, "", [])) is not given:
                return False
            if some_refused and value in refused:
                return False
            if least is not None and not (_is_number(value) and value >= least):
                return False
            return under is None or (_is_number(value) and value < under)

        return special
    if isinstance(expected, list):
        allowed = list(expected)
        return lambda value: (
            any(one in allowed for one in value) if isinstance(value, list) else value in allowed
        )
    return lambda value: expected in value if isinstance(value, list) else value == expected


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
