"""A pathway made ready to be followed: what its own file says can happen, and what journeys.yaml says of how often and how
soon (or services.yaml, for the other services).

Every event, duty and answer that they name must be in the pathway's file; what the file has and they do not mention simply
happens when nothing asks for it: never. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from goldenthread.clocks.calendar import calendar_for
from goldenthread.clocks.conditions import Condition, compile_when
from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway

from .deadlines import Deadline, deadlines_of
from .figures import Figures, FiguresWrong


class Rule(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """What follows an event, and when."""

    then: str
    chance: float = 1.0
    when: dict[str, Any] = {}
    by_duty: str | list[str] = []
    in_time: float = 0.85
    early: tuple[float, float] = (0.4, 1.0)
    late_days: float = 5.0
    late_hours: float = 0.0
    late_after: dict[str, float] = {}
    hours: tuple[float, float] | None = None
    days: tuple[float, float] | None = None
    skewed: tuple[float, float] | None = None
    skewed_hours: tuple[float, float] | None = None
    at_length: bool = False
    instead: dict[str, float] = {}
    times: dict[Any, float] = {}
    copies: list[str] = []
    who: str = ""
    given: dict[str, dict[str, float]] = {}
    unborn: bool = True
    ages: tuple[int, int] | None = None
    unless_done: list[str] = []
    in_states: list[str] = []
    once: bool = False
    void_by: list[str] = []
    """What, happening after it was planned, makes it not happen."""
    repeated: tuple[int, int] | None = None
    """Only where what it follows has happened so many times within so many days."""
    each: str = ""
    """`child`: once for each child who lives with the person; the answer `child` is their name."""

    @property
    def duties(self) -> list[str]:
        return [self.by_duty] if isinstance(self.by_duty, str) else self.by_duty


class Effect:
    """What an event does to its case."""

    __slots__ = ("closes", "in_states", "leads", "opens", "reopens", "to", "to_when", "weighty")

    def __init__(self, event: EventKind) -> None:
        self.opens, self.closes, self.reopens = event.opens, event.closes, event.reopens
        self.to, self.in_states = event.to, frozenset(event.in_states)
        self.to_when: list[tuple[str, Condition | None]] = [
            (state, compile_when(when)) for state, when in event.to_when
        ]
        self.leads: list[tuple[str, str | None, Condition | None, Mapping[str, str], str]] = [
            (lead.open, lead.event, compile_when(lead.when), lead.carry, lead.about or "") for lead in event.leads_to
        ]
        self.weighty = bool(event.opens or event.closes or event.leads_to or event.to or event.to_when)


class PathwayGuide:
    """One pathway, ready to be followed."""

    def __init__(
        self, pathway: Pathway, deadlines: dict[str, Deadline], journey: Mapping[str, Any], file: str = "journeys.yaml"
    ) -> None:
        self.pathway, self.id, self.deadlines = pathway, pathway.id, deadlines
        self.effects = {kind: Effect(event) for kind, event in pathway.events.items()}
        self.closed = {state for state, entry in pathway.states.items() if entry.closed}
        self.first = next(iter(pathway.states))
        self.alone = bool(journey.get("alone", False))
        self.file = file
        self.urgent = bool(journey.get("urgent", False))
        """Whether it goes on at night and at weekends."""
        self.worker = str(journey.get("worker", ""))
        """Which of the services' staff a case is given to; empty for the family's social worker."""
        self.length: Mapping[str, Any] = journey.get("length", {})
        self.who: Mapping[str, str] = journey.get("who", {})
        self.day_only = frozenset(journey.get("day_only", ()))
        self.course = {
            kind: [self._rule(kind, place, one) for place, one in enumerate(rules, 1)]
            for kind, rules in journey.get("course", {}).items()
        }
        self.answers: dict[str, Mapping[str, Any]] = {}
        for kind, event in pathway.events.items():
            spec = dict(journey.get("answers", {}).get(kind, {}))
            for name in spec:
                if name not in event.asks:
                    raise FiguresWrong(f"{file}, {self.id}.{kind}: the pathway does not ask {name!r}.")
            for name, question in event.asks.items():
                if name in spec:
                    continue
                if question.voice:
                    spec[name] = {"voice": True}
                elif question.required:
                    spec[name] = self._any_answer(question)
            self.answers[kind] = {name: spec[name] for name in _in_order(event.asks, spec)}
        for kind in (*journey.get("course", {}), *journey.get("answers", {})):
            self._known(kind, "course or answers")

    def _rule(self, kind: str, place: int, given: Mapping[str, Any]) -> Rule:
        where = f"{self.file}, {self.id}.course.{kind}[{place}]"
        try:
            rule = msgspec.convert(given, Rule, strict=False)
        except msgspec.ValidationError as error:
            raise FiguresWrong(f"{where}: {error}") from None
        for name in (rule.then, *rule.instead, *rule.unless_done, *rule.late_after, *rule.void_by):
            self._known(name, where)
        for name in rule.duties:
            if name not in self.pathway.duties:
                raise FiguresWrong(f"{where}: {self.id} has no duty {name!r}.")
        return rule

    def _known(self, kind: str, where: str) -> None:
        if kind not in self.pathway.events:
            raise FiguresWrong(f"{where}: {self.id} has no event {kind!r}.")

    @staticmethod
    def _any_answer(question: Any) -> Mapping[str, Any]:
        """How a required question that journeys.yaml does not speak of is answered, so that new guidance can be followed."""
        if question.type in (FieldType.CHOICE, FieldType.CHOICES):
            return {"choose": dict.fromkeys(question.of, 1.0), "many": question.type is FieldType.CHOICES}
        if question.type is FieldType.YES_NO:
            return {"share": 0.9}
        if question.type is FieldType.NUMBER:
            return {"number": [question.at_least or 0, question.at_most or 10]}
        if question.type in (FieldType.DATE, FieldType.MOMENT):
            return {"ahead": [5, 40]} if question.future else {"today": True}
        if question.type is FieldType.ORGANISATION:
            return {"agency": True}
        return {"text": "review_summaries"}

    def state_after(self, kind: str, state: str, data: Mapping[str, Any], day: int, around: Any) -> str:
        effect = self.effects[kind]
        for target, condition in effect.to_when:
            if condition is None or condition(data, day, around):
                return target
        return effect.to or state


def _in_order(asks: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """As the pathway asks; but what another answer decides (`by`) comes after it."""
    found = [name for name in asks if name in spec]
    for name in list(found):
        decides = spec[name].get("by")
        if decides in found and found.index(decides) > found.index(name):
            found.remove(name)
            found.insert(found.index(decides) + 1, name)
    return found


class Guide:
    """Every pathway that journeys.yaml and services.yaml speak of, as an area uses it."""

    def __init__(self, library: Library, arrangement: str, figures: Figures) -> None:
        self.library, self.arrangement, self.figures = library, arrangement, figures
        calendar = calendar_for(library, arrangement)
        self.calendar = calendar
        known = library.in_area(arrangement)
        self.pathways = {
            name: PathwayGuide(
                known[name], deadlines_of(known[name], calendar), journey, figures.files.get(name, "journeys.yaml")
            )
            for name, journey in figures.journeys["pathways"].items()
            if name in known
        }
        self.openings = {name: pathway.opening for name, pathway in known.items()}
        self.known = known
