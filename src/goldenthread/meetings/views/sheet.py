"""A form of a few questions, shown by the components that events use, with everything kept as it was typed.

Depends on `casework.forms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goldenthread.casework.forms.event import Asked, Typed
from goldenthread.casework.forms.when import (
    PARTS,
    NotADay,
    moment,
    read_day,
    read_time,
    typed_day,
    typed_time,
)
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed

Made = TypeVar("Made")


class Sheet:
    """Questions and what was typed."""

    def __init__(self, request: HttpRequest) -> None:
        self.sent = request.method == "POST"
        self.typed = Typed.sent(request.POST) if self.sent else Typed({})
        self.fields: dict[str, Asked] = {}
        self.others: list[str] = []

    def __getitem__(self, name: str) -> Asked:
        return self.fields[name]

    def ask(
        self, name: str, label: str, kind: str = "text", *, hint: str = "", required: bool = True,
        options: Sequence[tuple[str, str]] = (), default: Any = "",
    ) -> Asked:  # fmt: skip
        """One question. `default` is shown until something is typed: words, a code, a day or a moment."""
        asked = Asked(name, label, kind, hint, required=required, options=list(options))
        if kind in ("date", "moment"):
            asked.parts = self._parts(name, default)
        elif kind in ("radios", "checkboxes", "select"):
            asked.chosen = self.typed.many(name) if self.sent else [default] if default else []
        else:
            asked.text = self.typed.one(name) if self.sent else str(default)
        self.fields[name] = asked
        return asked

    def _parts(self, name: str, default: Any) -> dict[str, str]:
        if self.sent:
            return {**self.typed.parts(name), "time": self.typed.one(f"{name}-time")}
        if isinstance(default, datetime):
            local = timezone.localtime(default)
            return {**typed_day(local.date()), "time": typed_time(local)}
        return {**typed_day(default or None), "time": ""}

    def words(self, name: str) -> str:
        return self.fields[name].text.strip()

    def choice(self, name: str) -> str:
        return self.fields[name].chosen[-1] if self.fields[name].chosen else ""

    def day(self, name: str, what: str) -> date | None:
        asked = self.fields[name]
        try:
            found = read_day(asked.parts, what)
        except NotADay as error:
            asked.wrong(str(error), error.parts)
            return None
        if found is None and asked.required:
            asked.wrong(f"Enter {what[:1].lower()}{what[1:]}")
        return found

    def moment(self, name: str, what: str) -> datetime | None:
        asked, day = self.fields[name], self.day(name, what)
        try:
            hour = read_time(asked.parts.get("time", ""))
        except ValueError as error:
            asked.wrong(str(error), ("time",))
            return None
        if day is not None and hour is None:
            asked.wrong(f"{what} needs a time, such as 10:30", ("time",))
        return moment(day, hour) if day is not None and hour is not None else None

    def refuse(self, errors: Mapping[str, Iterable[str]]) -> None:
        """What an action refused, beside the question it is about, or above all."""
        for given, said in errors.items():
            name = given if given in self.fields else f"seat-{given}"
            for message in said:
                if name in self.fields:
                    self.fields[name].wrong(message)
                elif message not in self.others:
                    self.others.append(message)

    @property
    def errors(self) -> list[tuple[str, str]]:
        found = [("", message) for message in self.others]
        return [*found, *((asked.target, message) for asked in self.fields.values() for message in asked.errors)]


def tried(sheet: Sheet, act: Callable[[], Made]) -> Made | None:
    """Run an action for a form; what it refuses is shown in the form."""
    try:
        with transaction.atomic():
            return act()
    except Invalid as wrong:
        sheet.refuse(wrong.errors)
    except NotAllowed as wrong:
        sheet.others.append(wrong.message)
    except Stale:
        sheet.others.append(
            "Somebody else changed this while you were working. Nothing of yours was saved. Look at it again."
        )
    return None


def done(request: HttpRequest, words: str, address: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(address)


def pressed(request: HttpRequest, words: str, address: str, act: Callable[[], Any]) -> HttpResponse:
    """Run what a single button asks for, and go back saying what came of it."""
    try:
        with transaction.atomic():
            act()
    except Invalid as wrong:
        for message in wrong.messages:
            messages.error(request, message)
        return HttpResponseRedirect(address)
    except NotAllowed as wrong:
        messages.error(request, wrong.message)
        return HttpResponseRedirect(address)
    return done(request, words, address)


__all__ = ["PARTS", "Sheet", "done", "pressed", "tried"]
