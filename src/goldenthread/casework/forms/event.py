"""The form of one event, made from the questions its pathway asks, with everything that was typed kept as it was typed.

Depends on `answers` (which checks) and `forms.when`. Inputs carry the question's own name; those of the form itself begin
with an underscore or hold a hyphen, which no question's name does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from goldenthread.clocks.answers import as_date
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway, Question
from goldenthread.guidance.words import ELAPSED

from ..answers import clean
from .when import PARTS, NotADay, moment, read_day, read_time, typed_day, typed_time

LONGEST = 20_000
"""Characters of one answer; longer texts are added as documents (clocks.order refuses them)."""
RADIOS_UP_TO = 8
"""More answers than this are offered in a list to choose from."""
SELECT_UP_TO = 60
"""More organisations than this are found by typing their name."""
OCCURRED = "occurred"
_OURS = ("csrfmiddlewaretoken",)
_CARRIED = ("_also", "_agency", "_reason", "_lead")
"""What the form itself asks, kept with the answers; and `_v-CASE`, the version at which a brother's case was seen."""


class Typed:
    """What was typed, by the name of the input; each may have several values."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = {name: list(each) for name, each in values.items()}

    @classmethod
    def sent(cls, post: QueryDict) -> Typed:
        return cls(dict(post.lists()))

    @classmethod
    def offered(cls, query: QueryDict, event: EventKind, occurred: date) -> Typed | None:
        """Answers that the link to a form already gives; None where it gives none. Nothing is kept until it is sent."""
        given = {name: str(query[name])[:LONGEST] for name in query if name.partition("-")[0] in event.asks}
        return cls.known(given, occurred) if given else None

    @classmethod
    def known(cls, answers: Mapping[str, str], occurred: date) -> Typed:
        """Answers already known, and the day on which it happened unless somebody says otherwise."""
        day = {f"{OCCURRED}-{part}": [value] for part, value in typed_day(occurred).items()}
        return cls({**day, **{name: [value] for name, value in answers.items()}})

    @classmethod
    def kept(cls, body: Mapping[str, Any]) -> Typed:
        """What a draft holds."""
        return cls({name: value if isinstance(value, list) else [value] for name, value in body.items()})

    def one(self, name: str) -> str:
        values = self._values.get(name)
        return values[-1] if values else ""

    def many(self, name: str) -> list[str]:
        return [value for value in self._values.get(name, ()) if value]

    def parts(self, name: str) -> dict[str, str]:
        return {part: self.one(f"{name}-{part}") for part in PARTS}

    def hidden(self) -> Iterator[tuple[str, str]]:
        """What must be carried by a page that comes between: the answers, and what the form itself asks."""
        for name, values in self._values.items():
            if name in _OURS or (name.startswith("_") and name not in _CARRIED and not name.startswith("_v-")):
                continue
            for value in values:
                yield name, value

    def plain(self) -> dict[str, Any]:
        """As a draft keeps it."""
        found: dict[str, list[str]] = {}
        for name, value in self.hidden():
            found.setdefault(name, []).append(value)
        return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@dataclass
class Asked:
    """One question as the page shows it: what is asked, what was typed, what is wrong with it."""

    name: str
    label: str
    type: str
    hint: str = ""
    required: bool = False
    voice: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    """Options under headings, where there are any."""
    text: str = ""
    chosen: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    bad_parts: tuple[str, ...] = ()
    limit: int = LONGEST

    @property
    def id(self) -> str:
        return f"q-{self.name}"

    @property
    def target(self) -> str:
        """Where the error summary leads: the first box that must be put right."""
        if self.type in ("date", "moment"):
            part = self.bad_parts[0] if self.bad_parts else "day"
            return f"{self.id}-{part}"
        return self.id

    @property
    def describes(self) -> str:
        """The ids of its hint and its error, for aria-describedby."""
        found = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*found, *([f"{self.id}-error"] if self.errors else [])])

    def wrong(self, message: str, parts: tuple[str, ...] = ()) -> None:
        if message not in self.errors:
            self.errors.append(message)
        self.bad_parts = self.bad_parts or parts


@dataclass(frozen=True, slots=True)
class Choices:
    """What the questions about people and agencies offer."""

    people: Sequence[str] = ()
    """Names known to the case, offered as they are typed."""
    part: Sequence[tuple[str, str]] = ()
    """Organisations that are part of the case: (slug, title)."""
    others: Sequence[tuple[str, str]] = ()


class EventForm:
    """One event to be recorded (or corrected)."""

    def __init__(
        self,
        pathway: Pathway,
        kind: str,
        *,
        typed: Typed | None = None,
        data: Mapping[str, Any] | None = None,
        occurred: date | datetime | None = None,
        choices: Choices | None = None,
        person: str = "",
    ) -> None:
        self.pathway = pathway
        self.kind = kind
        self.event: EventKind = pathway.events[kind]
        self.title = pathway.title_of(kind)
        self.choices = choices or Choices()
        self.typed = typed
        self.others: list[str] = []
        """What is wrong with the whole."""
        self.when = self._when(occurred, person)
        self.questions = [self._asked(name, question, data or {}) for name, question in self.event.asks.items()]
        self._by_name = {asked.name: asked for asked in self.questions}

    # What the page shows --------------------------------------------------------------------------------------

    def _when(self, occurred: date | datetime | None, person: str) -> Asked:
        hint = "For example, 27 3 2026 and 14:30."
        if runs_in_hours(self.pathway, self.kind):
            hint += " Give the time too if you can: a clock in hours runs from it."
        asked = Asked(OCCURRED, "When did it happen?", "moment", hint, required=True)
        if self.typed is not None:
            asked.parts = {**self.typed.parts(OCCURRED), "time": self.typed.one(f"{OCCURRED}-time")}
        else:
            asked.parts = _boxes(occurred)
        return asked

    def _asked(self, name: str, question: Question, data: Mapping[str, Any]) -> Asked:
        asked = Asked(
            name, label_of(name, question), question.type.value, question.hint or "", question.required, question.voice
        )
        if question.type is FieldType.CHOICE:
            asked.type = "select" if len(question.of) > RADIOS_UP_TO else "radios"
            asked.options = list(question.of.items())
        elif question.type is FieldType.CHOICES:
            asked.type, asked.options = "checkboxes", list(question.of.items())
        elif question.type is FieldType.YES_NO:
            asked.type, asked.options = "radios", [("yes", "Yes"), ("no", "No")]
        elif question.type is FieldType.PERSON:
            asked.options = [(one, one) for one in self.choices.people]
        elif question.type is FieldType.ORGANISATION:
            self._agencies(asked)
        self._fill(asked, question, data.get(name))
        return asked

    def _agencies(self, asked: Asked) -> None:
        part, others = list(self.choices.part), list(self.choices.others)
        if len(part) + len(others) > SELECT_UP_TO:
            asked.options = [(title, title) for _, title in (*part, *others)]
        else:
            asked.type = "select"
            asked.groups = [(title, each) for title, each in (("Part of this case", part), ("Other agencies", others)) if each]
            asked.options = [*part, *others]

    def _fill(self, asked: Asked, question: Question, stored: Any) -> None:
        typed, name = self.typed, asked.name
        if typed is not None:
            asked.text, asked.chosen = typed.one(name), typed.many(name)
            if asked.type in ("date", "moment"):
                asked.parts = {**typed.parts(name), "time": typed.one(f"{name}-time")}
        elif stored is not None:
            if asked.type in ("date", "moment"):
                asked.parts = _boxes(as_date(stored))
            elif question.type is FieldType.YES_NO:
                asked.chosen = ["yes" if stored else "no"]
            elif isinstance(stored, list):
                asked.chosen = [str(one) for one in stored]
            else:
                asked.text = str(stored)
                asked.chosen = [asked.text]
                if question.type is FieldType.ORGANISATION and asked.type != "select":
                    asked.text = dict((*self.choices.part, *self.choices.others)).get(asked.text, asked.text)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every message with the id it leads to; '' for the whole."""
        found = [("", message) for message in self.others]
        for asked in (self.when, *self.questions):
            found += [(asked.target, message) for message in asked.errors]
        return found

    @property
    def voice(self) -> list[Asked]:
        return [asked for asked in self.questions if asked.voice]

    # What was typed -------------------------------------------------------------------------------------------

    def read(self) -> tuple[date | datetime | None, dict[str, Any]]:
        """When it happened and the answers, as the action takes them; what cannot be read is marked on its question."""
        given: dict[str, Any] = {}
        for asked in self.questions:
            question = self.event.asks[asked.name]
            if question.type in (FieldType.DATE, FieldType.MOMENT):
                value = self._day(asked, "The date", timed=question.type is FieldType.MOMENT)
                self._not_ahead(asked, question, value)
                given[asked.name] = value.isoformat() if value else None
            elif question.type is FieldType.CHOICES:
                given[asked.name] = asked.chosen
            elif question.type in (FieldType.CHOICE, FieldType.YES_NO):
                given[asked.name] = asked.chosen[-1] if asked.chosen else None
            else:
                given[asked.name] = asked.text.strip()
        occurred = self._day(self.when, "The date it happened", timed=True)
        if occurred is None and not self.when.errors:
            self.when.wrong("Enter the date it happened")
        return occurred, given

    def check(self) -> bool:
        """Whether all can be recorded as far as the form can tell; every problem is marked at once."""
        _, given = self.read()
        for problem in clean(self.event, given)[1]:
            self.mark(problem.field, problem.message)
        return not self.errors

    def mark(self, name: str, message: str) -> None:
        """Put a message on the question it is about, or on the whole."""
        asked = self.when if name == OCCURRED else self._by_name.get(name)
        if asked is None:
            if message not in self.others:
                self.others.append(message)
        elif not asked.errors:
            asked.wrong(message)

    def refuse(self, errors: Mapping[str, Iterable[str]]) -> None:
        """Mark what an action refused."""
        for name, messages in errors.items():
            for message in messages:
                self.mark(name, message)

    def _day(self, asked: Asked, what: str, *, timed: bool) -> date | datetime | None:
        hour = None
        try:
            day = read_day(asked.parts, what)
        except NotADay as error:
            asked.wrong(str(error), error.parts)
            return None
        if timed:
            try:
                hour = read_time(asked.parts.get("time", ""))
            except ValueError as error:
                asked.wrong(str(error), ("time",))
                return None
        if day is None and hour is not None:
            asked.wrong(f"{what} is missing: a time alone is not enough", PARTS)
            return None
        return moment(day, hour) if day is not None and hour is not None else day

    def _not_ahead(self, asked: Asked, question: Question, value: date | datetime | None) -> None:
        if value is None or question.future:
            return
        day = timezone.localdate(value) if isinstance(value, datetime) else value
        if day > timezone.localdate():
            asked.wrong("The date must be today or in the past", PARTS)


def label_of(name: str, question: Question) -> str:
    """What a question is called on a page."""
    return question.label or name.replace("_", " ").capitalize()


def runs_in_hours(pathway: Pathway, kind: str) -> bool:
    """Whether the time of this event matters: a clock in hours runs from it, or it may be received out of hours."""
    if pathway.events[kind].received_after is not None:
        return True
    for rule in pathway.duties.values():
        starts = kind in {name.partition(".")[0] for name in rule.after or {}}
        if starts and any(value is not None and value.unit in ELAPSED for _, value in rule.within or ()):
            return True
    return False


def _boxes(when: date | datetime | None) -> dict[str, str]:
    if isinstance(when, datetime):
        local = timezone.localtime(when)
        return {**typed_day(local.date()), "time": typed_time(local)}
    return {**typed_day(when), "time": ""}
