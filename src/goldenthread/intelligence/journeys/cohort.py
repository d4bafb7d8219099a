"""What became of a cohort: how many children went from each stage to each. Pure.

`publishable` puts the flows through disclosure control: a stage is the sum of what comes in and of what goes out, so a
small flow could otherwise be worked out from its neighbours.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..disclosure import Convention, Sum, Table, cell, suppress


@dataclass(frozen=True, slots=True)
class Flow:
    """Children who went from one stage to another. No count: kept back. `text` is what is printed."""

    source: str
    target: str
    count: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """Stages in columns, and the flows between them. `stages` says how many came to each, as printed."""

    title: str
    columns: tuple[tuple[str, ...], ...]
    flows: tuple[Flow, ...]
    stages: dict[str, str]
    notes: tuple[str, ...] = ()

    def column_of(self, stage: str) -> int:
        return next(nth for nth, column in enumerate(self.columns) if stage in column)

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """The table beside the picture: from, to, children."""
        return tuple((flow.source, flow.target, flow.text) for flow in self.flows)

    @property
    def in_words(self) -> str:
        return (
            f"{self.title}. "
            + "; ".join(f"{one.source} to {one.target}: {one.text}" for one in self.flows)
            + "."
        )


def cohort(title: str, columns: Sequence[Sequence[str]], journeys: Iterable[Sequence[str]]) -> Cohort:
    """A cohort from each child's journey, such as ("Contact", "Referral", "Child in need").

    Every stage stands in one column, and a journey only moves to the right. A journey may end anywhere: give an end a
    stage of its own ("No further action", "Still open") if it is to be seen.
    """
    place = {stage: nth for nth, column in enumerate(columns) for stage in column}
    if len(place) != sum(map(len, columns)):
        raise ValueError("a stage stands in two columns")
    moves: Counter[tuple[str, str]] = Counter()
    reached: Counter[str] = Counter()
    for journey in journeys:
        for stage in journey:
            if stage not in place:
                raise ValueError(f"{stage} is in no column")
        for source, target in itertools.pairwise(journey):
            if place[source] >= place[target]:
                raise ValueError(
                    f"a journey goes from {source} back to {target}: columns run from left to right"
                )
            moves[source, target] += 1
        reached.update(journey)
    order = {stage: nth for nth, stage in enumerate(place)}
    flows = tuple(
        Flow(source, target, many, f"{many:,}")
        for (source, target), many in sorted(
            moves.items(), key=lambda one: (order[one[0][0]], order[one[0][1]])
        )
    )
    shown = tuple(tuple(stage for stage in column if reached[stage]) for column in columns)
    return Cohort(
        title,
        tuple(column for column in shown if column),
        flows,
        {stage: f"{reached[stage]:,}" for stage in place if reached[stage]},
    )


def publishable(one: Cohort, rule: Convention) -> Cohort:
    """The cohort as it may leave need to know. Raises NothingToPublish with its reason in words."""
    counts = {(flow.source, flow.target): flow.count or 0 for flow in one.flows}
    stages = {stage: int(text.replace(",", "")) for stage, text in one.stages.items()}
    tables = [Table(f"{source} to {target}", (), {(): many}) for (source, target), many in counts.items()]
    tables += [Table(stage, (), {(): many}) for stage, many in stages.items()]
    sums = []
    for stage in stages:
        came = tuple(cell(f"{source} to {target}") for source, target in counts if target == stage)
        went = tuple(cell(f"{source} to {target}") for source, target in counts if source == stage)
        for parts in (came, went):
            if parts:
                # Those who begin or end at this stage are a number too. Where there are none, a reader will guess so.
                there = sum(counts[one] for one in counts if stage == one[0 if parts is went else 1])
                sums.append(Sum(cell(stage), parts, partial=there < stages[stage]))
    released = suppress(tables, rule, sums=sums)
    flows = []
    for flow in one.flows:
        printed = released.cells[cell(f"{flow.source} to {flow.target}")]
        number = None if printed.number is None else int(printed.number)
        flows.append(Flow(flow.source, flow.target, number, printed.text))
    texts = {stage: released.cells[cell(stage)].text for stage in stages}
    note = f"{rule.marks.suppressed}: a small number, or one that would give a small number away."
    return replace(one, flows=tuple(flows), stages=texts, notes=(note, *released.notes))
