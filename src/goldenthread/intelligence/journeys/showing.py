"""A journey as a page shows it, from numbers that are kept: flows, steps against their clocks, groups beside each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from goldenthread.guidance.journey import Journey
from goldenthread.guidance.library import Library

from .cohort import Cohort, Flow
from .differences import Differences, Group, differences
from .following import NOT_RECORDED
from .tally import CLOCKS, columns_of, compared

KEPT_BACK = "c"
Page = Mapping[str, Any]


def text(number: int | None) -> str:
    return KEPT_BACK if number is None else f"{number:,}"


def cohort_of(journey: Journey, page: Page, title: str) -> Cohort:
    """The flows, laid in the columns of the journey."""
    columns = columns_of(journey, page["broad"])
    order = {place: nth for nth, place in enumerate(place for column in columns for place in column)}
    places: Mapping[str, int | None] = page["places"]
    flows = tuple(
        Flow(source, target, many, text(many))
        for source, target, many in sorted(page["flows"], key=lambda one: (order[one[0]], order[one[1]]))
    )
    shown = (tuple(place for place in column if place in places) for column in columns)
    stages = {one: text(places[one]) for one in order if one in places}
    return Cohort(title, tuple(column for column in shown if column), flows, stages)


@dataclass(frozen=True, slots=True)
class StepLine:
    """How long one step took, and how many took it in time."""

    title: str
    taken: str
    half: str
    nine: str
    waiting: str
    late: str
    in_time: str
    clocks: tuple[str, ...]
    """The clocks it is held against, in words."""


def steps_of(journey: Journey, page: Page, library: Library, on: date) -> list[StepLine]:
    """The steps whose length is known, in order."""
    found = []
    for nth, column in enumerate(journey.columns):
        took = page["steps"].get(str(nth))
        if took is None:
            continue
        clocks = tuple(_clock(library, name, on) for name in column.clocks)
        counts = [took[name] for name in CLOCKS]
        with_clock = None if None in counts[:2] else counts[0] + counts[1]
        share = "" if not clocks else KEPT_BACK if with_clock is None else f"{counts[0] / with_clock:.0%}" if with_clock else ":"
        found.append(
            StepLine(
                column.title, text(took["taken"]), _days(took["half"], took["taken"]), _days(took["nine"], took["taken"]),
                text(took["waiting"]) if column.otherwise else "", text(counts[1]) if clocks else "", share, clocks,
            )
        )  # fmt: skip
    return found


def _days(days: int | None, taken: int | None) -> str:
    if days is None:
        return KEPT_BACK if taken is None else "not yet"
    return "same day" if days == 0 else f"{days:,} day{'' if days == 1 else 's'}"


def _clock(library: Library, name: str, on: date) -> str:
    pathway, _, duty = name.partition(".")
    rule = library.pathways[pathway].duties[duty]
    length = rule.within.on(on) if rule.within is not None else None
    return f"{rule.title}: {length}" if length is not None else rule.title


def by_group(journey: Journey, page: Page, place: str) -> Differences | None:
    """Groups of children, by how many of those who entered came to a place. None where fewer than two can be told of."""
    groups, lost = [], 0
    for name, counts in page["groups"].items():
        if name == NOT_RECORDED:
            lost = counts.get(place) or 0
            continue
        groups.append(_group(name, counts.get(place), counts[journey.cohort]))
    if sum(one.events is not None and one.of > 0 for one in groups) < 2:
        return None
    return differences(f"{place}, by ethnic group", "share", groups, not_recorded=lost)


def by_district(journey: Journey, pages: Mapping[str, Page | None], place: str) -> Differences | None:
    """Districts, by how many of those who entered there came to a place. `pages`: title -> its page, if it has one."""
    groups = []
    for title, page in pages.items():
        same = page is not None and (place in page["places"] or place in _known(journey, page))
        count = page["places"].get(place, 0) if page is not None and same else None
        groups.append(_group(title, count, page["entered"] if page is not None else None))
    if sum(one.events is not None and one.of > 0 for one in groups) < 2:
        return None
    return differences(f"{place}, by district", "share", groups)


def entries_by_district(
    journey: Journey, pages: Mapping[str, Page | None], people: Mapping[str, int]
) -> Differences | None:
    """Districts, by entries for each 10,000 children who live there."""
    groups = [
        Group(title, page["entered"] if page is not None else None, people[title])
        for title, page in pages.items() if people.get(title)
    ]  # fmt: skip
    if sum(one.events is not None for one in groups) < 2:
        return None
    return differences(f"{journey.cohort}: entries per 10,000 children", "rate", groups)


def _known(journey: Journey, page: Page) -> list[str]:
    return compared(journey, page["broad"])


def _group(name: str, events: int | None, of: int | None) -> Group:
    """A group of which either number is kept back has no figure."""
    return Group(name, None, of or 0) if events is None or of is None else Group(name, events, of)


def places_compared(journey: Journey, pages: Sequence[Page | None]) -> list[str]:
    """The places that groups may be compared by, as these pages name them."""
    broad = any(page is not None and page["broad"] for page in pages)
    return compared(journey, broad)
