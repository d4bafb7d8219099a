"""The form of an agency's answer, the same for its own people and for a one-time link: the questions its pathway asks, and
for brothers and sisters asked about together whether each is known and what each has said.

Depends on `casework.forms.event`. What an agreement does not let be told is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from goldenthread.casework.answers import clean
from goldenthread.casework.forms.event import Asked, EventForm, Typed
from goldenthread.casework.record import program_of
from goldenthread.guidance.pathway import FieldType

from .actions.answering import exchange_for, questions_allowed
from .decision import Ruling
from .models import Request

PART = "--"
"""Stands between a question's name and the case it is asked for; no question's name holds it."""


class AnswerForm:
    """What is asked of the agency, with what was typed and what is wrong with it."""

    def __init__(self, requests: Sequence[Request], typed: Typed | None = None) -> None:
        self.requests = list(requests)
        first = self.requests[0]
        self.exchange = exchange_for(first)
        self.allowed, self.narrowed = questions_allowed(first)
        self.typed = typed
        self.form = EventForm(program_of(first.case).pathway, self.exchange.answered, typed=typed)
        self.others: list[str] = []
        wanted = [one for one in self.form.questions if one.name in self.allowed and one.name != self.exchange.agency]
        several = len(self.requests) > 1
        self.shared = [one for one in wanted if not (several and self._apart(one))]
        self.each: dict[UUID, list[Asked]] = {}
        for request in self.requests if several else ():
            self.each[request.case_id] = [self._for(one, request) for one in wanted if self._apart(one)]

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that narrows what may be told; None where all may be."""
        return self.narrowed

    @property
    def possible(self) -> bool:
        """Whether anything may be told at all."""
        return bool(self.shared or self.each)

    @property
    def children(self) -> list[tuple[Request, list[Asked]]]:
        """Each child with the questions asked for them alone; nobody where there is only one child."""
        return [(one, self.each[one.case_id]) for one in self.requests if one.case_id in self.each]

    @property
    def errors(self) -> list[tuple[str, str]]:
        found = [("", message) for message in self.others]
        for asked in (*(one for each in self.each.values() for one in each), *self.shared):
            found += [(asked.target, message) for message in asked.errors]
        return found

    def _apart(self, asked: Asked) -> bool:
        return asked.voice or asked.name in self.exchange.tells

    def _for(self, asked: Asked, request: Request) -> Asked:
        name = f"{asked.name}{PART}{request.case_id}"
        text = self.typed.one(name) if self.typed else ""
        chosen = self.typed.many(name) if self.typed else []
        return replace(asked, name=name, text=text, chosen=chosen, errors=[])

    # What was typed -------------------------------------------------------------------------------------------------

    def read(self) -> tuple[dict[str, Any], dict[UUID, dict[str, Any]]]:
        """The answers that are the same for all, and each child's own."""
        given = {one.name: self._value(one, one.name) for one in self.shared}
        each = {
            case: {one.name.partition(PART)[0]: self._value(one, one.name.partition(PART)[0]) for one in asked}
            for case, asked in self.each.items()
        }
        return given, each

    def _value(self, asked: Asked, question: str) -> Any:
        kind = self.form.event.asks[question].type
        if kind is FieldType.CHOICES:
            return asked.chosen
        if kind in (FieldType.CHOICE, FieldType.YES_NO):
            return asked.chosen[-1] if asked.chosen else None
        return asked.text.strip()

    def check(self) -> bool:
        """Whether it can be recorded as far as the form can tell; every problem is marked at once."""
        given, each = self.read()
        agency = {self.exchange.agency: self.requests[0].agency.slug}
        nobody: dict[UUID, dict[str, Any]] = {UUID(int=0): {}}
        for case, own in (each or nobody).items():
            for problem in clean(self.form.event, {**agency, **given, **own})[1]:
                self.mark(problem.field, problem.message, case)
        return not self.errors

    def mark(self, name: str, message: str, case: UUID | None = None) -> None:
        """Put a message beside the question it is about, or above all."""
        for asked in (*self.each.get(case or UUID(int=0), ()), *self.shared):
            if asked.name.partition(PART)[0] == name:
                if not asked.errors:
                    asked.wrong(message)
                return
        if message not in self.others:
            self.others.append(message)

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Mark what an action refused: its fields may begin with the case they are about."""
        cases = {str(one.case_id): one.case_id for one in self.requests}
        for field, messages in errors.items():
            case, _, name = field.rpartition(".")
            for message in messages:
                self.mark(name, message, cases.get(case))


def child_of(request: Request) -> dict[str, Any]:
    """What an agency needs to look for a child in its own records, and no more: names, birth, where they live now."""
    person = request.case.subject
    homes = person.residences.filter(ends=None).select_related("address").order_by("-starts") if person.pk else []
    known = [name.full for name in person.names.all() if name.full != person.name]
    return {
        "request": request, "name": person.name, "born": person.born, "precision": person.born_precision,
        "expected": person.expected if person.unborn else None, "also": list(dict.fromkeys(known)),
        "homes": list(homes)[:1],
    }  # fmt: skip
