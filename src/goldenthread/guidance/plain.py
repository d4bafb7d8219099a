"""A pathway in plain words: as blocks for its page, and as text for `goldenthread guidance show`.

Pure. The sentences are `sentences.py`'s; this module says which of them, under which heading, in which order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .library import Library
from .pathway import DutyRule, FieldType, Force, Pathway, Question
from .sentences import (
    Phrase,
    Speaker,
    capital,
    day_in_words,
    either,
    field_in_words,
    lower_first,
    sentence,
    text_of,
)
from .wrapping import heading, wrapped

FORCE: Mapping[Force, str] = {"statutory": "Law", "guidance": "Statutory guidance", "local": "Local rule"}
SUBJECTS = {
    "child": "A child",
    "adult": "An adult",
    "person": "A person",
    "organisation": "An organisation",
    "family": "A family",
}
_ANSWERS = {
    FieldType.TEXT: "words",
    FieldType.LONG_TEXT: "words",
    FieldType.YES_NO: "yes or no",
    FieldType.CHOICE: "one of",
    FieldType.CHOICES: "any of",
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date",
    FieldType.MOMENT: "a date and time",
    FieldType.PERSON: "a person",
    FieldType.ORGANISATION: "an organisation",
}


@dataclass(frozen=True, slots=True)
class PlainState:
    id: str
    title: str
    about: str | None
    closed: bool


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """A question with the kind of answer it takes: "one of", and the answers."""

    id: str
    label: str
    answer: str
    answers: tuple[str, ...]
    required: bool
    voice: bool
    urgent: bool
    """Some answers make the case more urgent."""


@dataclass(frozen=True, slots=True)
class PlainEvent:
    id: str
    title: str
    about: str | None
    sentences: tuple[Phrase, ...]
    asks: tuple[PlainQuestion, ...]
    opens: bool
    closes: bool
    reference: str | None


@dataclass(frozen=True, slots=True)
class PlainValue:
    """What the rule said between two days. `until` is the last day, None where it has no end."""

    start: date
    until: date | None
    phrase: Phrase | None
    """None where the rule was not in force."""
    chosen: bool
    """In force on the chosen day."""

    @property
    def dates(self) -> str:
        if self.until is None:
            return f"From {day_in_words(self.start)}"
        return f"{day_in_words(self.start)} to {day_in_words(self.until)}"


@dataclass(frozen=True, slots=True)
class PlainDuty:
    id: str
    title: str
    about: str | None
    timing: Phrase
    """When it is due on the chosen day; where no rule was in force then, under the nearest one."""
    applies: bool
    """Whether a rule was in force on the chosen day."""
    terms: tuple[Phrase, ...]
    values: tuple[PlainValue, ...]
    owner: str
    force: Force
    force_words: str
    verified: str
    """yes, partly or no."""
    verified_words: str
    reference: str
    fact: str | None
    note: str | None
    in_use: bool


@dataclass(frozen=True, slots=True)
class PlainEdition:
    title: str
    dates: str
    note: str | None
    verified_words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PlainPathway:
    """A pathway as its page tells it, on a chosen day."""

    id: str
    title: str
    about: str
    reference: str
    facts: tuple[tuple[str, str], ...]
    states: tuple[PlainState, ...]
    events: tuple[PlainEvent, ...]
    duties: tuple[PlainDuty, ...]
    editions: tuple[PlainEdition, ...]
    on: date
    opened_by: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    """Pathways that open this one: (id, title)."""


def plain(pathway: Pathway, library: Library, on: date) -> PlainPathway:
    """A pathway in words, with the values in force on a day."""
    titles = {one.id: one.title for one in library.pathways.values()}
    speaker = Speaker(pathway, library.roles, titles)
    return PlainPathway(
        id=pathway.id,
        title=pathway.title,
        about=pathway.about,
        reference=pathway.reference,
        facts=tuple(_facts(pathway, library)),
        states=tuple(
            PlainState(identity, state.title, state.about, state.closed)
            for identity, state in pathway.states.items()
        ),
        events=tuple(_event(kind, speaker) for kind in pathway.events),
        duties=tuple(_duty(identity, rule, speaker, on) for identity, rule in pathway.duties.items()),
        editions=tuple(
            PlainEdition(
                edition.title,
                _dates(edition.start, edition.end),
                edition.note,
                verified_in_words(edition.verified, "guidance"),
                edition.start <= on and (edition.end is None or on <= edition.end),
            )
            for edition in pathway.editions
        ),
        on=on,
        opened_by=tuple(
            (one.id, one.title)
            for one in library.pathways.values()
            if any(leads.open == pathway.id for event in one.events.values() for leads in event.leads_to)
        ),
    )


def verified_in_words(verified: Any, force: Force) -> str:
    """How far a number was checked against its source, said so that nobody takes a local rule for law."""
    if verified is True:
        return "Checked against its source"
    if verified is False:
        return "Not verified: local rule"
    return "Partly checked: local rule" if force == "local" else "Partly checked"


def _facts(pathway: Pathway, library: Library) -> Iterator[tuple[str, str]]:
    yield "About", SUBJECTS[pathway.subject]
    yield "Led by", library.roles.title_of(pathway.lead)
    yield (
        "Opened by",
        either([pathway.title_of(kind) for kind, event in pathway.events.items() if event.opens]),
    )
    yield "Lawful basis", capital(field_in_words(pathway.basis))
    if pathway.level_of_need:
        yield "Level of need", f"Level {pathway.level_of_need} while a case is open"
    if pathway.unborn:
        yield "Before birth", "A case may be about a child not yet born"
    yield (
        "Who may see it",
        (
            "Only people named for it"
            if pathway.sensitivity == "restricted"
            else "People whose role and agency allow it"
        ),
    )
    yield "Source", pathway.reference


def _event(kind: str, speaker: Speaker) -> PlainEvent:
    event = speaker.pathway.events[kind]
    return PlainEvent(
        id=kind,
        title=speaker.pathway.title_of(kind),
        about=event.about,
        sentences=tuple(speaker.happens(kind)),
        asks=tuple(_question(name, question) for name, question in event.asks.items()),
        opens=event.opens,
        closes=event.closes,
        reference=event.reference,
    )


def _question(name: str, question: Question) -> PlainQuestion:
    return PlainQuestion(
        id=name,
        label=question.label or capital(field_in_words(name)),
        answer=_ANSWERS[question.type],
        answers=tuple(question.of.values()),
        required=question.required,
        voice=question.voice,
        urgent=bool(question.priority),
    )


def _duty(identity: str, rule: DutyRule, speaker: Speaker, on: date) -> PlainDuty:
    values = tuple(_values(rule, speaker, on))
    chosen = next((value for value in values if value.chosen), None)
    applies = chosen is not None and chosen.phrase is not None
    said = [value for value in values if value.phrase is not None]
    # Where nothing was in force on the day, the nearest rule says what the duty is about.
    nearest = chosen if applies else (said[0] if said and on < said[0].start else said[-1])
    assert nearest is not None and nearest.phrase is not None
    verified = "partly" if rule.verified == "partly" else "yes" if rule.verified else "no"
    return PlainDuty(
        id=identity,
        title=rule.title,
        about=rule.about,
        timing=sentence(nearest.phrase),
        applies=applies,
        terms=tuple(speaker.terms(identity, rule)),
        values=values,
        owner=speaker.roles.title_of(rule.owner),
        force=rule.force,
        force_words=FORCE[rule.force],
        verified=verified,
        verified_words=verified_in_words(rule.verified, rule.force),
        reference=rule.reference,
        fact=rule.fact,
        note=rule.note,
        in_use=rule.in_use,
    )


def _values(rule: DutyRule, speaker: Speaker, on: date) -> Iterator[PlainValue]:
    """What the rule said, in order, each with the days on which it did."""
    if rule.in_force is not None:
        start, end = rule.in_force.start, rule.in_force.end
        chosen = start <= on and (end is None or on <= end)
        yield PlainValue(start, end, speaker.timing(rule, None), chosen)
        return
    if isinstance(rule.every, Mapping):
        steps = sorted((day, value is None) for day, value in rule.every.items())
    else:
        dated = rule.within or rule.by
        assert dated is not None
        steps = [(day, value is None) for day, value in dated]
    for index, (day, ended) in enumerate(steps):
        until = steps[index + 1][0] - timedelta(days=1) if index + 1 < len(steps) else None
        chosen = day <= on and (until is None or on <= until)
        yield PlainValue(day, until, None if ended else speaker.timing(rule, day), chosen)


def _dates(start: date, end: date | None) -> str:
    return f"From {day_in_words(start)}" if end is None else f"{day_in_words(start)} to {day_in_words(end)}"


# As text --------------------------------------------------------------------------------------------------


def as_text(pathway: PlainPathway, width: int = 100) -> str:
    """The whole pathway as plain text, wrapped to a width."""
    lines: list[str] = [pathway.title, "=" * len(pathway.title), ""]
    lines += wrapped(pathway.about, width)
    lines.append("")
    for label, words in pathway.facts:
        lines += wrapped(f"{label}: {lower_first(words) if label == 'About' else words}", width, hang="  ")
    lines += heading("States")
    for state in pathway.states:
        about = f". {state.about}" if state.about else ""
        lines += wrapped(f"{state.title}{' (closed)' if state.closed else ''}{about}", width, "- ", "  ")
    lines += heading("What can happen")
    for event in pathway.events:
        lines += _event_text(event, width)
    lines += heading(f"What is due, and when (rules in force on {day_in_words(pathway.on)})")
    if not pathway.duties:
        lines.append("No clock runs on this pathway.")
    for duty in pathway.duties:
        lines += _duty_text(duty, width)
    if pathway.editions:
        lines += heading("Editions of the guidance")
    for edition in pathway.editions:
        note = f" {edition.note}" if edition.note else ""
        now = " In force on that day." if edition.chosen else ""
        lines += wrapped(
            f"{edition.title}. {edition.dates}. {edition.verified_words}.{note}{now}", width, "- ", "  "
        )
    return "\n".join(lines).rstrip() + "\n"


def _event_text(event: PlainEvent, width: int) -> list[str]:
    said = " ".join(text_of(phrase) for phrase in event.sentences)
    lines = [f"{event.title} [{event.id}]"]
    lines += wrapped(f"{event.about + ' ' if event.about else ''}{said}", width, "  ", "  ")
    for question in event.asks:
        answers = f": {'; '.join(question.answers)}" if question.answers else ""
        marks = ", must be answered" if question.required else ""
        marks += ", the child’s voice" if question.voice else ""
        marks += ", sets how urgent the case is" if question.urgent else ""
        lines += wrapped(f"{question.label} ({question.answer}{marks}){answers}", width, "    - ", "      ")
    if event.reference:
        lines += wrapped(f"Source: {event.reference}", width, "  ", "    ")
    return [*lines, ""]


def _duty_text(duty: PlainDuty, width: int) -> list[str]:
    lines = [f"{duty.title} [{duty.id}]"]
    if duty.about:
        lines += wrapped(duty.about, width, "  ", "  ")
    timing = text_of(duty.timing)
    if not duty.applies:
        timing = f"Not in force on that day. {timing}"
    lines += wrapped(" ".join([timing, *(text_of(phrase) for phrase in duty.terms)]), width, "  ", "  ")
    if len(duty.values) > 1:
        for value in duty.values:
            rule = sentence(value.phrase) if value.phrase else sentence("no rule")
            lines += wrapped(f"{value.dates}: {lower_first(text_of(rule))}", width, "    - ", "      ")
    else:
        lines += wrapped(f"In force: {lower_first(duty.values[0].dates)}.", width, "  ", "  ")
    lines.append(f"  Owner: {duty.owner}.")
    row = f" Clock {duty.fact}." if duty.fact else ""
    lines += wrapped(f"{duty.force_words}. {duty.verified_words}.{row}", width, "  ", "  ")
    lines += wrapped(f"Source: {duty.reference}", width, "  ", "    ")
    if duty.note:
        lines += wrapped(f"Note: {duty.note}", width, "  ", "    ")
    return [*lines, ""]
