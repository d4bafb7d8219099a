"""Which answers of an event the clocks and the case's states depend on: all that a "what if" needs to ask. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from goldenthread.guidance.pathway import DutyRule, Pathway

Pair = tuple[str, str]
"""(event, field)."""


def key_answers(pathway: Pathway) -> dict[str, list[str]]:
    """For each event, the fields that decide something, in the order the event asks them."""
    found: set[Pair] = set()
    for kind, event in pathway.events.items():
        for when in [*(when for _, when in event.to_when), *(leads.when for leads in event.leads_to)]:
            found.update(_tested(kind, when))
        if event.extends:
            found.add((kind, event.extends.to))
        if event.excuses and event.excuses.reason:
            found.add((kind, event.excuses.reason))
    for duty in pathway.duties.values():
        found.update(_asked_by(duty))
    return {
        kind: [name for name in event.asks if (kind, name) in found] for kind, event in pathway.events.items()
    }


def speaks_of_sex(pathway: Pathway) -> bool:
    """Whether any rule depends on the person's sex."""
    conditions: list[Mapping[str, Any]] = []
    for event in pathway.events.values():
        conditions += [when for _, when in event.to_when] + [leads.when for leads in event.leads_to]
    for duty in pathway.duties.values():
        conditions += [when for _, when in _conditions(duty)]
    return any("subject.sex" in when for when in conditions)


def _asked_by(duty: DutyRule) -> Iterator[Pair]:
    yield from _tested("", duty.only_while)
    for kind, when in _conditions(duty):
        yield from _tested(kind, when)
    dated = [*(duty.after or {}), duty.before or "", duty.midway[1] if duty.midway else ""]
    for name in dated:
        kind, dot, asked = name.partition(".")
        if dot:
            yield kind, asked
    for same in duty.matching:
        for name in [*(duty.after or {}), *duty.met_by]:
            yield name.partition(".")[0], same


def _conditions(duty: DutyRule) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every condition of a duty with the event whose answers it is about."""
    every: Iterable[Any] = duty.every if isinstance(duty.every, list) else [
        step for steps in (duty.every or {}).values() for step in steps or []
    ]  # fmt: skip
    for name, when in (duty.after or {}).items():
        kind = name.partition(".")[0]
        yield kind, when
        yield kind, duty.when
        for step in every:
            yield kind, step.when
    for matches in (duty.met_by, duty.unless, duty.stops):
        yield from matches.items()
    if duty.pauses:
        yield from duty.pauses.start.items()
        yield from duty.pauses.end.items()


def _tested(kind: str, when: Mapping[str, Any]) -> Iterator[Pair]:
    for name in when:
        head, dot, rest = name.partition(".")
        if head != "subject":
            yield (head, rest) if dot else (kind, name)
