"""Exceptions: what on the scorecard becomes a question to an agency, which agency answers for which figure, in which words.

The file `exceptions.yaml`. The question itself is a case about the agency, of the pathway named here: its clock is there.
Pure; depends on `terms`, `pathway` and `indicator`. Source of the shape: Working Together to Safeguard Children 2023,
chapter 2 (partners hold each other to account); the lengths and the words are the partnership's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from string import Formatter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from .indicator import Indicator
from .pathway import FieldType
from .terms import Reference, Slug, Strict, Text

if TYPE_CHECKING:
    from .library import Library
    from .pathway import Pathway

Sign = Literal["out_of_control", "off_target", "newly_missing", "disagree"]
"""What the rules of a control chart call a concern; a missed target; a figure that was there and is not, or whose inputs are
not; two figures that should agree and do not."""
WORDS = ("figure", "area", "period", "value", "before", "target", "because")
"""What the words of a question may name in braces."""
TOLD = ("agency", "indicator", "title", "area", "period", "value", "because", "question")
"""What is told of an exception, by answers of the opening event (`says`)."""


def _words(text: str) -> str:
    try:
        named = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"the braces do not close: {error}") from None
    for name in named:
        if name not in WORDS:
            near = get_close_matches(name, WORDS, n=1, cutoff=0.4)
            hint = f"; did you mean {{{near[0]}}}?" if near else f"; write one of {', '.join(WORDS)}"
            raise ValueError(f"a question knows no {{{name}}}{hint}")
    return text


Words = Annotated[Text, AfterValidator(_words)]


class ExceptionRule(Strict):
    """One kind of exception that raises a question. Keyed by id in `rules`, the most telling first."""

    title: Text
    sign: Sign
    asks: Words
    areas: list[Slug] = Field(min_length=1)
    """Kinds of area (of the arrangements) that are looked at, such as county."""
    running: int = Field(default=1, ge=1)
    """For a missed target: in so many periods one after another."""
    complete_under: float = Field(default=0.0, ge=0, le=1)
    """For a missing figure: also where less of its inputs is there than this, and in the period before there was more."""
    indicators: list[Slug] = Field(default_factory=list)
    """Only these; empty for every indicator of the scorecard."""
    force: Literal["local"] = "local"
    reference: Reference
    note: Text | None = None

    @model_validator(mode="after")
    def _fitting(self) -> ExceptionRule:
        if self.running > 1 and self.sign != "off_target":
            raise ValueError("`running` speaks of `sign: off_target`")
        if self.complete_under and self.sign != "newly_missing":
            raise ValueError("`complete_under` speaks of `sign: newly_missing`")
        return self


class Pair(Strict):
    """Two figures that should agree, such as what the police and children's services count. Keyed by id in `pairs`."""

    title: Text
    one: Slug
    other: Slug
    tolerance: float = Field(ge=0)
    """How far apart they may lie: per cent of the larger, or with `in_points` in their own unit."""
    in_points: bool = False
    asks: Slug | None = None
    """The kind of agency that is asked; by default whoever answers for `other`."""
    reference: Reference
    note: Text | None = None


class AnswersFor(Strict):
    """Which kind of agency answers for a figure: by its sheet, or for the indicator itself."""

    sheets: Mapping[Slug, Slug] = Field(default_factory=dict)
    indicators: Mapping[Slug, Slug] = Field(default_factory=dict)
    otherwise: Slug
    reference: Reference


class Answer(Strict):
    """Where in the pathway an answer stands."""

    event: Slug
    answer: Slug


class Exceptions(Strict):
    """The whole of exceptions.yaml."""

    about: Text
    pathway: Slug
    event: Slug
    """The event by which a question is asked."""
    says: Mapping[Slug, Slug]
    """What is told (a word of TOLD) -> the answer of that event that holds it."""
    answered: Answer
    most: int = Field(ge=1)
    """At most so many questions to one agency in one night: the rest waits for the next."""
    answers_for: AnswersFor
    rules: Mapping[Slug, ExceptionRule]
    pairs: Mapping[Slug, Pair] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_all(self) -> Exceptions:
        for name in self.says:
            if name not in TOLD:
                near = get_close_matches(name, TOLD, n=1, cutoff=0.4)
                raise ValueError(f"`says` knows no {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        if missing := [name for name in TOLD if name not in self.says]:
            raise ValueError(f"`says` must name where {', '.join(missing)} is told")
        return self

    def answering_for(self, sheet: str, indicator: str) -> str:
        """The kind of agency that answers for a figure."""
        given = self.answers_for
        return given.indicators.get(indicator) or given.sheets.get(sheet) or given.otherwise


Problems = Iterator[tuple[tuple[Any, ...], str]]


def check_exceptions(library: Library, exceptions: Exceptions) -> Problems:
    """Pathways, events, answers, agencies, areas and indicators that are named and not there."""
    pathway = library.pathways.get(exceptions.pathway)
    if pathway is None:
        if f"pathways/{exceptions.pathway}" not in library.unreadable:
            yield ("pathway",), f"unknown pathway {exceptions.pathway!r}{_near(exceptions.pathway, library.pathways)}"
    else:
        yield from _of_pathway(pathway, exceptions)
    roles = library.roles.roles
    given = exceptions.answers_for
    for sheet, kind in given.sheets.items():
        yield from _known(("answers_for", "sheets", sheet), "sheet of indicators", sheet, library.sheets)
        yield from _known(("answers_for", "sheets", sheet), "kind of agency", kind, roles)
    indicators = library.indicators
    for name, kind in given.indicators.items():
        yield from _known(("answers_for", "indicators", name), "indicator", name, indicators)
        yield from _known(("answers_for", "indicators", name), "kind of agency", kind, roles)
    yield from _known(("answers_for", "otherwise"), "kind of agency", given.otherwise, roles)
    kinds = {area.kind for one in library.arrangements.values() for area in one.areas}
    for name, rule in exceptions.rules.items():
        for index, kind in enumerate(rule.areas):
            yield from _known(("rules", name, "areas", index), "kind of area", kind, kinds)
        for index, one in enumerate(rule.indicators):
            yield from _known(("rules", name, "indicators", index), "indicator", one, indicators)
    for name, pair in exceptions.pairs.items():
        yield from _pair(name, pair, indicators, roles)


def _pair(name: str, pair: Pair, indicators: Mapping[str, Indicator], roles: Mapping[str, Any]) -> Problems:
    for key in ("one", "other"):
        yield from _known(("pairs", name, key), "indicator", getattr(pair, key), indicators)
    if pair.asks is not None:
        yield from _known(("pairs", name, "asks"), "kind of agency", pair.asks, roles)
    one, other = indicators.get(pair.one), indicators.get(pair.other)
    if one is None or other is None:
        return
    if one.unit != other.unit:
        yield ("pairs", name), f"{pair.one} is in {one.unit} and {pair.other} in {other.unit}: they cannot agree"
    if not set(one.periods) & set(other.periods):
        yield ("pairs", name), f"{pair.one} and {pair.other} are told for no period that they share"


def _of_pathway(pathway: Pathway, exceptions: Exceptions) -> Problems:
    if pathway.subject != "organisation":
        yield ("pathway",), f"{pathway.id} is not about an organisation, and a question is about the agency that is asked"
    event = pathway.events.get(exceptions.event)
    if event is None or not event.opens:
        yield ("event",), f"{exceptions.event!r} does not open a case of {pathway.id}"
    else:
        for name, field in exceptions.says.items():
            if field not in event.asks:
                yield ("says", name), f"{exceptions.event!r} does not ask {field!r}{_near(field, event.asks)}"
            elif (name == "agency") != (event.asks[field].type is FieldType.ORGANISATION):
                yield ("says", name), "the agency is a question of `type: organisation`, and nothing else here is"
        told = set(exceptions.says.values())
        for name, question in event.asks.items():
            if question.required and name not in told:
                yield ("says",), f"{exceptions.event!r} must be told {name!r}, and `says` does not tell it"
    answered = pathway.events.get(exceptions.answered.event)
    if answered is None:
        near = _near(exceptions.answered.event, pathway.events)
        yield ("answered", "event"), f"{pathway.id} has no event {exceptions.answered.event!r}{near}"
    elif exceptions.answered.answer not in answered.asks:
        near = _near(exceptions.answered.answer, answered.asks)
        yield ("answered", "answer"), f"{exceptions.answered.event!r} does not ask {exceptions.answered.answer!r}{near}"


def _known(at: tuple[Any, ...], what: str, name: str, known: Any) -> Problems:
    if name not in known:
        yield at, f"unknown {what} {name!r}{_near(name, known)}"


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
