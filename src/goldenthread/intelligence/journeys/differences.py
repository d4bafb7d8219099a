"""Disproportionality: whether groups of children fare differently, with intervals, and honest about small numbers. Pure.

Each group is held against all the others together, or against one that is named. Where fewer than 5 would be expected if
there were no difference, nothing is claimed: too few to say. A difference inside every district is asked for apart
(`within_districts`: Mantel and Haenszel, interval of Greenland and Robins, Biometrics 41 (1985)), since groups live in
different places and places differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Literal

from .intervals import Interval, exact_rate, ratio_of_rates, ratio_of_shares, wilson

Kind = Literal["share", "rate"]
Verdict = Literal["higher", "lower", "no difference shown", "too few to say", "not known"]
EXPECTED_AT_LEAST = 5


@dataclass(frozen=True, slots=True)
class Group:
    """A group of children: to how many it happened, out of (or in a population of) how many. None: kept back."""

    name: str
    events: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Comparison:
    group: Group
    value: float | None
    interval: Interval | None
    ratio: float | None
    ratio_interval: Interval | None
    expected: float | None
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Differences:
    title: str
    kind: Kind
    scale: float
    against: str
    rows: tuple[Comparison, ...]
    notes: tuple[str, ...]

    @property
    def in_words(self) -> str:
        telling = [one.words for one in self.rows if one.verdict in ("higher", "lower")]
        few = [one.group.name for one in self.rows if one.verdict == "too few to say"]
        parts = telling or ["No difference is shown between the groups."]
        if few:
            parts.append(f"Too few to say: {', '.join(few)}.")
        return " ".join([f"{self.title}.", *parts, *self.notes])


def differences(
    title: str,
    kind: Kind,
    groups: Sequence[Group],
    *,
    against: str | None = None,
    scale: float | None = None,
    not_recorded: int = 0,
    level: float = 0.95,
) -> Differences:
    """Groups compared. `not_recorded`: events whose group nobody wrote down."""
    scale = scale if scale is not None else (100 if kind == "share" else 10_000)
    for group in groups:
        if group.of < 0 or (group.events is not None and group.events < 0):
            raise ValueError(f"{group.name}: a count is never under zero")
        if kind == "share" and group.events is not None and group.events > group.of:
            raise ValueError(f"{group.name}: {group.events} out of {group.of} cannot be")
    if against is not None and against not in {group.name for group in groups}:
        raise ValueError(f"no group is called {against}")
    known = [group for group in groups if group.events is not None and group.of]
    rows = tuple(_compared(kind, group, known, against, scale, level) for group in groups)
    tried = sum(one.verdict in ("higher", "lower", "no difference shown") for one in rows)
    notes = []
    events = sum(group.events or 0 for group in known)
    if not_recorded:
        share = not_recorded / (events + not_recorded)
        notes.append(
            f"For {not_recorded:,} of {events + not_recorded:,} ({share:.0%}) the group is not recorded; they are in no row."
            + (" So many could turn any of these differences round." if share > 0.1 else "")
        )
    if tried > 1:
        notes.append(
            f"Of {tried} comparisons, chance alone would make {tried * (1 - level):.1f} stand out where nothing differs."
        )
    return Differences(title, kind, scale, against or "all others", rows, tuple(notes))


def _compared(
    kind: Kind, group: Group, known: Sequence[Group], against: str | None, scale: float, level: float
) -> Comparison:
    if group.events is None or group.of == 0:
        why = "no figure that may be shown" if group.events is None else "no children in this group"
        return Comparison(group, None, None, None, None, None, "not known", f"{group.name}: {why}.")
    interval = (
        wilson(group.events, group.of, level)
        if kind == "share"
        else exact_rate(group.events, group.of, level)
    )
    value = scale * group.events / group.of
    scaled = Interval(interval.low * scale, interval.high * scale)
    if group.name == against:
        words = f"{group.name}: {value:.1f}; the others are held against it."
        return Comparison(group, value, scaled, None, None, None, "no difference shown", words)
    others = [one for one in known if one is not group and (against is None or one.name == against)]
    other, beside = sum(one.events or 0 for one in others), sum(one.of for one in others)
    if beside == 0:
        words = f"{group.name}: {value:.1f}; nobody to hold it against."
        return Comparison(group, value, scaled, None, None, None, "not known", words)
    together = (group.events + other) / (group.of + beside)
    expected = min(together * group.of, together * beside)
    if expected < EXPECTED_AT_LEAST:
        words = f"{group.name}: too few to say; {expected:.1f} would be expected if nothing differed."
        return Comparison(group, value, scaled, None, None, expected, "too few to say", words)
    between = (
        ratio_of_shares(group.events, group.of, other, beside, level)
        if kind == "share"
        else ratio_of_rates(group.events, group.of, other, beside, level)
    )
    ratio = inf if other == 0 else (group.events / group.of) / (other / beside)
    verdict: Verdict = "higher" if between.low > 1 else "lower" if between.high < 1 else "no difference shown"
    words = f"{group.name}: {value:.1f}, {_times(ratio)} {_whom(against)} ({_span(between)})."
    return Comparison(group, value, scaled, ratio, between, expected, verdict, words)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A ratio within districts, districts held apart."""

    ratio: float | None
    interval: Interval | None
    words: str


def within_districts(
    name: str, districts: Mapping[str, tuple[Group, Group]], *, level_z: float = 1.959964
) -> Pooled:
    """A group against others of the same district, over all districts. Each pair: the group, and the others there."""
    top = bottom = spread = 0.0
    expected = 0.0
    for ours, others in districts.values():
        if ours.events is None or others.events is None or not ours.of or not others.of:
            continue
        total = ours.of + others.of
        top += ours.events * others.of / total
        bottom += others.events * ours.of / total
        events = ours.events + others.events
        spread += (events * ours.of * others.of - ours.events * others.events * total) / total**2
        expected += events * ours.of / total
    if expected < EXPECTED_AT_LEAST or top == 0 or bottom == 0:
        words = f"{name}, districts held apart: too few to say; {expected:.1f} would be expected if nothing differed."
        return Pooled(None, None, words)
    ratio, error = top / bottom, sqrt(spread / (top * bottom))
    interval = Interval(exp(log(ratio) - level_z * error), exp(log(ratio) + level_z * error))
    words = f"{name}, districts held apart: {_times(ratio)} others of the same district ({_span(interval)})."
    return Pooled(ratio, interval, words)


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times" if ratio < inf else "without any among"


def _whom(against: str | None) -> str:
    return "all others" if against is None else against


def _span(interval: Interval) -> str:
    if interval.high == inf:
        return f"{interval.low:.1f} or more"
    return f"{interval.low:.1f} to {interval.high:.1f}"
