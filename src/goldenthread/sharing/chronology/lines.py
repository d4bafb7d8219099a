"""What a chronology is made of: lines, light enough for thousands, and what agencies hold without saying what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.models import Person

from .rights import Right

SIGNIFICANT, SEEN, SAID = "significant", "seen", "said"
KINDS = {
    SIGNIFICANT: "Significant events",
    SEEN: "Times an agency saw the child or family",
    SAID: "The child’s own words",
}
"""What a chronology can be narrowed to, beside a pathway."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, as it stands after its corrections; what it says is read only for the page it is on."""

    event: UUID
    """The event first recorded."""
    ids: tuple[UUID, ...]
    """It and its corrections, in order."""
    case: Case
    pathway: Pathway
    person: Person
    title: str
    day: date
    moment: datetime | None
    known: datetime
    """When it was first recorded."""
    sequence: int
    agency: Organisation | None
    right: Right
    kinds: frozenset[str] = frozenset()
    withdrawn: bool = False
    corrected: bool = False
    opens_case: bool = False
    """Whether the reader may open the case itself."""
    agency_id: int | None = None

    @property
    def happened(self) -> date | datetime:
        return self.moment or self.day

    @property
    def agency_title(self) -> str:
        return self.agency.title if self.agency else self.case.lead.title

    @property
    def agency_key(self) -> str:
        return self.agency.slug if self.agency else self.case.lead.slug


@dataclass(frozen=True, slots=True)
class Held:
    """That an agency holds something about a person which it may not, or need not, tell."""

    person: Person
    agency: Organisation
    right: Right


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a chronology is narrowed to; empty for everything."""

    agency: str = ""
    kind: str = ""
    """One of KINDS, or the id of a pathway."""
    start: date | None = None
    end: date | None = None

    def keeps(self, line: Line) -> bool:
        return (
            (not self.agency or line.agency_key == self.agency)
            and (not self.kind or self.kind in line.kinds or self.kind == line.case.pathway)
            and (self.start is None or line.day >= self.start)
            and (self.end is None or line.day <= self.end)
        )

    @property
    def any(self) -> bool:
        return bool(self.agency or self.kind or self.start or self.end)


@dataclass(slots=True)
class Chronology:
    """Every line about some people that one reader may see, the earliest first."""

    people: list[Person]
    lines: list[Line]
    held: list[Held] = field(default_factory=list)

    def narrowed(self, to: Narrowed) -> list[Line]:
        return [line for line in self.lines if to.keeps(line)] if to.any else self.lines

    @property
    def agencies(self) -> list[tuple[str, str]]:
        """Slugs and titles of the agencies whose lines are here."""
        return sorted({line.agency_key: line.agency_title for line in self.lines}.items(), key=lambda one: one[1])

    @property
    def pathways(self) -> list[tuple[str, str]]:
        return sorted({line.case.pathway: line.pathway.title for line in self.lines}.items(), key=lambda one: one[1])

    def cited(self) -> dict[str, str]:
        """For the journal: what each case was seen by. Where agencies in one case were seen by different rights, all."""
        found: dict[str, dict[str, None]] = {}
        for line in self.lines:
            found.setdefault(str(line.case.pk), {})[line.right.cited] = None
        return {case: ", ".join(rights) for case, rights in found.items()}


def in_order(lines: Iterable[Line]) -> list[Line]:
    """By when it happened; where only the day is known, before what has an hour, then as recorded."""
    return sorted(
        lines,
        key=lambda line: (line.day, line.moment.timestamp() if line.moment else 0.0, line.known, line.sequence),
    )


def named(people: Sequence[Person]) -> str:
    """Amira Hussain; Amira and Bilal Hussain are each named in full."""
    names = [person.name for person in people]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
