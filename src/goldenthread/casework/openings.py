"""Which cases someone may open, for whom: by the agencies that may say the first event, and by age where that matters.

Pure but for the day. Depends on guidance and the actor; the action decides again (`actions.open`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from goldenthread.clocks.interval import birthday
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.pathway import EventKind, Pathway
from goldenthread.people.models import Person, Precision

from .owners import ANYONE
from .subject import ORGANISATION, is_stand_in

GROWN_UP = 18
FEW_YEARS = 8
"""Some work for a child goes on, or begins again, in the years after: so it is offered, but not first."""
Fit = Literal["fits", "seldom", "never"]


@dataclass(frozen=True, slots=True)
class Offered:
    """A pathway and the events by which one may begin it."""

    pathway: Pathway
    opening: list[tuple[str, str]]

    @property
    def about(self) -> str:
        return self.pathway.about.partition(". ")[0].removesuffix(".") + "."


def offered(
    actor: Actor, known: Mapping[str, Pathway], ours: set[str], person: Person | None, today: date
) -> tuple[list[Offered], list[Offered]]:
    """What one may open for a person, or about an organisation (None): what fits, then what is seldom begun at this age."""
    found: dict[Fit, list[Offered]] = {"fits": [], "seldom": [], "never": []}
    for pathway in sorted(known.values(), key=lambda one: (not one.board, one.title)):
        kinds = openings(actor, pathway, ours)
        if kinds and (person is not None or pathway.subject == ORGANISATION):
            fit = fit_for(pathway, person, today) if person is not None else "fits"
            found[fit].append(Offered(pathway, [(kind, pathway.title_of(kind)) for kind in kinds]))
    return found["fits"], found["seldom"]


def openings(actor: Actor, pathway: Pathway, ours: set[str]) -> list[str]:
    """The events by which someone who acts for agencies of these kinds may open a case of a pathway."""
    return [
        kind
        for kind, event in pathway.events.items()
        if event.opens and _may_say(actor, event, ours) and not any(one(pathway, kind) for one in _elsewhere)
    ]


Elsewhere = Callable[[Pathway, str], bool]
_elsewhere: list[Elsewhere] = []


def register_opened_elsewhere(elsewhere: Elsewhere) -> None:
    """Called once at start by a floor above: whether a case is opened by an event on a page of its own, and on no plain form."""
    if elsewhere not in _elsewhere:
        _elsewhere.append(elsewhere)


def _may_say(actor: Actor, event: EventKind, ours: set[str]) -> bool:
    if event.needs is not None and not actor.may(Capability(event.needs)):
        return False
    return bool((ANYONE | ours) & set(event.by))


def fit_for(pathway: Pathway, person: Person, today: date) -> Fit:
    """Whether a pathway is for someone of this age. Where the age is not known, every pathway for a person is."""
    if pathway.subject == ORGANISATION:
        return "never"
    if person.unborn:
        return "fits" if pathway.unborn and pathway.subject != "adult" else "never"
    if person.born is None or person.born_precision == Precision.UNKNOWN or pathway.subject in ("person", "family"):
        return "fits"
    day = min(today, person.died) if person.died else today
    grown = day >= birthday(person.born, GROWN_UP)
    if pathway.subject == "adult":
        return "fits" if grown else "seldom" if day >= birthday(person.born, GROWN_UP - 2) else "never"
    return "fits" if not grown else "seldom" if day < birthday(person.born, GROWN_UP + FEW_YEARS) else "never"


def word_for(person: Person, today: date) -> str:
    """What the pages call somebody: child, adult, or organisation."""
    if is_stand_in(person):
        return ORGANISATION
    return "adult" if is_adult(person, today) else "child"


def is_adult(person: Person, today: date) -> bool:
    """Whether someone is surely 18: what the pages then call them."""
    return (
        person.born is not None
        and person.born_precision != Precision.UNKNOWN
        and (min(today, person.died) if person.died else today) >= birthday(person.born, GROWN_UP)
    )
