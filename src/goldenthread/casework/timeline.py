"""The story of a case from its events: what happened, who said so, when it was known, and every correction with its reason.

Computes from rows already read. Source: docs/decisions, events are never edited: a correction is a later event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from goldenthread.clocks.calendar import local_day, start_of
from goldenthread.guidance.pathway import Pathway

from .models import Event
from .words import Told, agencies_named, answers_in_words, day_words, time_words


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that a correction changed. An empty side was not given."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction or withdrawal: who made it, when, why, and what it changed."""

    event: Event
    withdrawn: bool
    reason: str
    by: str
    recorded_at: datetime
    changes: list[Change]


@dataclass(slots=True)
class Entry:
    """One thing that happened, as it stands after its corrections."""

    event: Event
    """The event first recorded."""
    kind: str
    title: str
    day: date
    moment: datetime | None
    by: str
    recorded_at: datetime
    told: list[Told]
    data: Mapping[str, Any]
    significant: bool
    withdrawn: bool = False
    corrections: list[Correction] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)
    """Cases it opened that the reader may see."""

    @property
    def happened(self) -> date | datetime:
        return self.moment or self.day

    @property
    def said(self) -> list[Told]:
        """The person's own words."""
        return [one for one in self.told if one.voice]

    @property
    def rest(self) -> list[Told]:
        return [one for one in self.told if not one.voice]

    @property
    def latest(self) -> Event:
        """The event that a further correction amends."""
        return self.corrections[-1].event if self.corrections else self.event


def entries(pathway: Pathway, events: Sequence[Event]) -> list[Entry]:
    """Every event with its corrections laid over it, the latest to happen first."""
    agencies = agencies_named(pathway, ((event.kind, event.data) for event in events))
    found: dict[Any, Entry] = {}
    root: dict[Any, Any] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        origin = root.get(event.amends_id)
        if event.amends_id is None or origin is None:
            found[event.pk] = _entry(pathway, event, agencies)
            root[event.pk] = event.pk
        else:
            root[event.pk] = origin
            _correct(pathway, found[origin], event, agencies)
    return sorted(found.values(), key=_latest_first, reverse=True)


def _latest_first(entry: Entry) -> tuple[date, datetime, int]:
    """By when it happened. Where only the day is known, and it was recorded that same day, when it was recorded."""
    told_at = entry.recorded_at if local_day(entry.recorded_at) == entry.day else start_of(entry.day)
    return entry.day, entry.moment or told_at, entry.event.sequence


def _entry(pathway: Pathway, event: Event, agencies: Mapping[str, str]) -> Entry:
    kind = pathway.events.get(event.kind)
    return Entry(
        event, event.kind, pathway.title_of(event.kind), event.occurred_on, event.occurred_at, said_by(event),
        event.recorded_at, answers_in_words(kind, event.data, agencies), event.data, bool(kind and kind.significant),
    )  # fmt: skip


def _correct(pathway: Pathway, entry: Entry, event: Event, agencies: Mapping[str, str]) -> None:
    changes: list[Change] = []
    if event.withdrawn:
        entry.withdrawn = True
    else:
        told = answers_in_words(pathway.events.get(entry.kind), event.data, agencies)
        changes = list(compared(entry.told, told, entry.happened, event.occurred_at or event.occurred_on))
        entry.told, entry.data = told, event.data
        entry.day, entry.moment = event.occurred_on, event.occurred_at
    entry.corrections.append(
        Correction(event, event.withdrawn, event.reason, said_by(event), event.recorded_at, changes)
    )


def compared(
    before: Iterable[Told], after: Iterable[Told], happened: date | datetime, now: date | datetime
) -> Iterable[Change]:
    """What differs between two tellings of one event."""
    if happened != now:
        yield Change("When it happened", _when(happened), _when(now))
    old = {one.name: one for one in before}
    new = {one.name: one for one in after}
    for name in [*old, *(name for name in new if name not in old)]:
        was, becomes = old.get(name), new.get(name)
        if was is None or becomes is None or was.words != becomes.words:
            label = (becomes or was).label  # type: ignore[union-attr]
            yield Change(label, was.words if was else "", becomes.words if becomes else "")


def _when(when: date | datetime) -> str:
    if isinstance(when, datetime):
        return f"{day_words(local_day(when))} at {time_words(when)}"
    return day_words(when)


def said_by(event: Event) -> str:
    """Who said so, and for which agency."""
    name = event.recorded_by_name or (str(event.recorded_by) if event.recorded_by_id else "")
    agency = event.organisation.title if event.organisation_id and event.organisation else ""
    return ", ".join(part for part in (name, agency) if part) or "Not known"
