"""Control charts: XmR, p and u, in phases that begin at marked changes. Pure.

A phase has limits of its own once it has enough points (12). Until then the points after a change are held against the
limits from before it, which is what shows whether anything changed. A first phase of 6 to 11 points has trial limits,
and says so; under 6 there are none. Sources for the numbers of points: Making Data Count and NHSRplotthedots (12; fewer
are trial limits); Wheeler, Understanding Variation, page 60 ("as few as five or six values").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .judging import Assurance, Variation, assurance, variation
from .limits import Kind, Limits, limits, shown
from .rules import Placed, Rules, Signal, signals
from .series import Better, Change, Point, checked, period, said

ENOUGH = 12
AT_LEAST = 6
TOO_WIDE = 1.5
"""How many times more than chance shares or rates may vary before a reader is warned (Laney's sigma z)."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One period on the chart. No value: a gap. No average or limits: not enough data to have them."""

    period: str
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    fired: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch that is judged by the same limits."""

    first: int
    last: int
    limits: Limits | None
    trial: bool
    begins_with: Change | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart: everything that is drawn or said."""

    title: str
    kind: Kind
    unit: str
    better: Better
    target: float | None
    points: tuple[ControlPoint, ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    changes: tuple[tuple[int, Change], ...]
    """Each marked change, and the first point after it."""
    variation: Variation
    assurance: Assurance
    notes: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """The chart in a few sentences, for those who do not see it and for the head of the page."""
        known = [point for point in self.points if point.value is not None]
        if not known:
            return f"{self.title}: no data."
        latest = known[-1]
        assert latest.value is not None
        parts = [f"{self.title}: {said(latest.value)}{self.unit} in {latest.period}."]
        if latest.centre is not None and latest.lower is not None and latest.upper is not None:
            parts.append(
                f"The average is {said(latest.centre)}{self.unit}; ordinary variation lies between "
                f"{said(latest.lower)} and {said(latest.upper)}."
            )
        parts.append(f"{self.variation.words}.")
        if self.assurance.icon != "none":
            parts.append(f"{self.assurance.words}.")
        return " ".join([*parts, *self.notes])


def control_chart(
    title: str,
    kind: Kind,
    points: Sequence[Point],
    *,
    better: Better = "neither",
    target: float | None = None,
    changes: Sequence[Change] = (),
    baseline: int | None = None,
    unit: str = "",
    scale: float | None = None,
    lowest: float | None = None,
    highest: float | None = None,
    rules: Rules | None = None,
) -> Chart:
    """A chart of the points. `baseline`: only the first so many points of each phase make its limits.

    `scale` is what a u chart is per (1,000 children); a p chart is in per cent.
    """
    rules = rules or Rules()
    series = checked(points)
    scale = scale if scale is not None else (100.0 if kind == "p" else 1.0)
    marked = sorted(
        ((place, change) for change in changes if (place := _first_after(series, change)) is not None),
        key=lambda one: (one[0], one[1].on),
    )
    phases, notes = _phases(kind, series, marked, baseline, scale, lowest, highest)
    placed: list[Placed | None] = [None] * len(series)
    fired: list[Signal] = []
    for phase in phases:
        if phase.limits is None:
            continue
        stretch = [phase.limits.place(point) for point in series[phase.first : phase.last + 1]]
        placed[phase.first : phase.last + 1] = stretch
        fired += [_said(one, phase.first, series, stretch) for one in signals(stretch, rules)]
    drawn = tuple(
        ControlPoint(
            point.period,
            shown(kind, point, scale),
            one.centre if one else None,
            one.lower if one else None,
            one.upper if one else None,
            tuple(signal for signal in fired if nth in signal.points),
        )
        for nth, (point, one) in enumerate(zip(series, placed, strict=True))
    )
    notes += _about(kind, series, phases)
    return Chart(
        title, kind, unit, better, target, drawn, tuple(phases), tuple(fired), tuple(marked),
        variation(fired, drawn_known(drawn), better, any(phase.limits for phase in phases)),
        assurance(next((one for one in reversed(placed) if one), None), target, better),
        tuple(notes),
    )  # fmt: skip


def drawn_known(points: Sequence[ControlPoint]) -> int | None:
    """The place of the latest point that has a value."""
    return next((nth for nth in range(len(points) - 1, -1, -1) if points[nth].value is not None), None)


def _first_after(series: Sequence[Point], change: Change) -> int | None:
    return next((nth for nth, point in enumerate(series) if point.starts >= change.on), None)


def _phases(
    kind: Kind,
    series: Sequence[Point],
    marked: Sequence[tuple[int, Change]],
    baseline: int | None,
    scale: float,
    lowest: float | None,
    highest: float | None,
) -> tuple[list[Phase], list[str]]:
    phases: list[Phase] = []
    notes: list[str] = []
    starts: list[tuple[int, Change | None]] = [
        (0, None),
        *((place, change) for place, change in marked if place),
    ]
    for nth, (first, change) in enumerate(starts):
        last = (starts[nth + 1][0] if nth + 1 < len(starts) else len(series)) - 1
        if last < first:
            continue
        stretch = list(series[first : last + 1])
        known = sum(shown(kind, point, scale) is not None for point in stretch)
        if change is not None and known < ENOUGH and phases:
            before = phases[-1]
            phases[-1] = Phase(before.first, last, before.limits, before.trial, before.begins_with)
            notes.append(
                f"After the mark “{change.what}” there are {known} of the {ENOUGH} points that new limits need; they are held "
                "against the limits from before."
            )
        elif known < AT_LEAST:
            notes.append(
                f"Not enough data: {known} of at least {AT_LEAST} points. No limits, and no rule is applied."
            )
            phases.append(Phase(first, last, None, False, change))
        else:
            made_of = _first_known(kind, stretch, baseline, scale)
            found = limits(kind, made_of, scale, lowest, highest)
            trial = known < ENOUGH
            if trial:
                notes.append(f"Trial limits: {known} points, and {ENOUGH} are needed for firm ones.")
            phases.append(Phase(first, last, found, trial, change))
    return phases, notes


def _first_known(kind: Kind, stretch: Sequence[Point], baseline: int | None, scale: float) -> Sequence[Point]:
    """The points that make the limits: all, or those up to the baseline's last known one."""
    if baseline is None:
        return stretch
    if baseline < AT_LEAST:
        raise ValueError(f"a baseline of {baseline} is too short: at least {AT_LEAST} points")
    seen = 0
    for nth, point in enumerate(stretch):
        seen += shown(kind, point, scale) is not None
        if seen == baseline:
            return stretch[: nth + 1]
    return stretch


def _said(signal: Signal, first: int, series: Sequence[Point], stretch: Sequence[Placed | None]) -> Signal:
    """The signal in words, placed in the whole chart."""
    names = [series[first + place].period for place in signal.points]
    when = period(names[0], names[-1])
    if signal.rule == "outside":
        one = stretch[signal.first]
        assert one is not None
        limit = one.upper if signal.side == "high" else one.lower
        words = f"{when}: {'above the upper' if signal.side == 'high' else 'below the lower'} limit "
        words += f"({said(one.value)} against {said(limit)})"
    elif signal.rule == "shift":
        side = "above" if signal.side == "high" else "below"
        words = f"{when}: {len(signal.points)} in a row {side} the average"
    elif signal.rule == "trend":
        words = f"{when}: {len(signal.points)} in a row going {'up' if signal.side == 'high' else 'down'}"
    else:
        words = f"{when}: 2 of 3 close to the {'upper' if signal.side == 'high' else 'lower'} limit"
    return Signal(signal.rule, tuple(first + place for place in signal.points), signal.side, words)


def _about(kind: Kind, series: Sequence[Point], phases: Sequence[Phase]) -> list[str]:
    notes = []
    gaps = [point.period for point in series if not point.known]
    if gaps:
        notes.append(f"No data for {', '.join(gaps)}: a gap, not a zero. No rule runs across it.")
    empty = [point.period for point in series if point.known and kind != "xmr" and point.of == 0]
    if empty:
        notes.append(f"Nothing to count in {', '.join(empty)} (out of none): a gap.")
    wide = max((phase.limits.times_wider for phase in phases if phase.limits), default=1)
    if wide >= TOO_WIDE:
        notes.append(
            f"The points vary {said(wide)} times as much as chance alone would make them: something else moves them "
            "too. Read this as an XmR chart before you act on a point outside the limits."
        )
    return notes
