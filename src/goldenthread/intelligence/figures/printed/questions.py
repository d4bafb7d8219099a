"""What the printed numbers alone cannot settle, and somebody should ask.

Percentages of a whole that do not come to a hundred, parts that do not come to their whole, an average outside its parts,
one figure printed in two ways, rates that need different populations. Each is more than rounding explains; none is called
a slip, because the document does not say that they should agree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from .checking import Finding, added
from .figure import Figure
from .numbers import Number, Range, written

_ALL = ("all", "total", "grand total")
_PER = re.compile(r"per ([\d,]+)")
_NEAR = 3
"""Per cent. Parts further than this from a hundred are parts of no one whole."""


def questions(figures: Sequence[Figure]) -> list[Finding]:
    """Every question, kind by kind."""
    return [*_hundreds(figures), *_wholes(figures), *_averages(figures), *_twice(figures), *_populations(figures)]


def _grouped(figures: Sequence[Figure], key: Callable[[Figure], tuple[str, ...]]) -> Iterator[list[Figure]]:
    found: dict[tuple[str, ...], list[Figure]] = {}
    for one in figures:
        found.setdefault(key(one), []).append(one)
    yield from found.values()


def _of_one_whole(one: Figure) -> tuple[str, ...]:
    return one.source, one.indicator, one.unit, one.area, one.comparator, one.period.text


def _parts(those: Sequence[Figure]) -> list[Figure]:
    return [one for one in those if one.breakdown and one.breakdown.lower() not in _ALL]


def _question(kind: str, figure: Figure, printed: str, worked: str, how: str, why: str = "") -> Finding:
    return Finding(kind, "question", figure, printed, worked, how, why, where=figure.where)


def _hundreds(figures: Sequence[Figure]) -> Iterator[Finding]:
    for those in _grouped(figures, lambda one: (*_of_one_whole(one), one.table)):
        parts = _parts(those)
        if len(parts) < 2 or parts[0].unit != "%":
            continue
        total = added(parts)
        if abs(total.value - 100) <= _NEAR and not total.behind.meets(Range(Fraction(100), Fraction(100))):
            why = "Rounding does not explain it: a part may be missing or printed wrong."
            yield _question("parts of a whole", parts[0], "100%", f"{written(total.value, 1)}%", total.words.strip("()"), why)


def _wholes(figures: Sequence[Figure]) -> Iterator[Finding]:
    for those in _grouped(figures, _of_one_whole):
        parts = _parts(those)
        wholes = [one for one in those if one not in parts]
        if len(parts) < 2 or parts[0].unit not in ("count", "GBP") or len({one.table for one in parts}) > 1:
            continue
        total = added(parts)
        for whole in wholes:
            if not total.behind.meets(whole.value.behind(counted=whole.counted)):
                why = "The parts may not be all there, or some may count twice."
                yield _question("total", whole, whole.shown, written(total.value, 0), total.words.strip("()"), why)


def _averages(figures: Sequence[Figure]) -> Iterator[Finding]:
    for those in _grouped(figures, lambda one: (*_of_one_whole(one), one.table)):
        parts = _parts(those)
        if len(parts) < 2 or parts[0].unit in ("count", "GBP"):
            continue
        low, high = (pick(parts, key=lambda one: one.value.value) for pick in (min, max))
        between = Range(low.value.exact - low.value.half, high.value.exact + high.value.half)
        for one in those:
            if one.breakdown.lower() in _ALL and not one.value.behind(counted=False).meets(between):
                told = f"from {low.shown} to {high.shown}"
                yield _question("average", one, one.shown, told, f"Its parts are {told}", "An average lies among its parts.")


def _twice(figures: Sequence[Figure]) -> Iterator[Finding]:
    for those in _grouped(figures, lambda one: (*_of_one_whole(one), one.breakdown)):
        first = those[0]
        for other in those[1:]:
            ranges = [one.value.behind(counted=one.counted) for one in (first, other)]
            if other.table != first.table and not ranges[0].meets(ranges[1]):
                told = f"“{first.table}” says {first.shown} and “{other.table}” {other.shown}"
                yield _question("printed twice", other, other.shown, first.shown, told)


def _populations(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Rates of one place and period, with the counts they are of: whether one population could give them all."""
    counts = {(one.source, one.table, one.indicator, one.area, one.period.text): one for one in figures if one.counted}
    rates = [one for one in figures if one.indicator.endswith(", rate") and one.comparator == "local" and _PER.match(one.unit)]
    for those in _grouped(rates, lambda one: (one.source, one.area, one.period.text)):
        found: list[tuple[Figure, Range, Fraction]] = []
        for rate in those:
            key = (rate.source, rate.table, rate.indicator.removesuffix(", rate"), rate.area, rate.period.text)
            count = counts.get(key)
            behind = rate.value.behind(counted=False)
            if count is None or behind.low <= 0:
                continue
            people = count.value.exact * _per(rate)
            found.append((rate, Range(people / behind.high, people / behind.low), people / rate.value.exact))
        if len(found) > 1 and max(one[1].low for one in found) > min(one[1].high for one in found):
            how = "; ".join(f"{one.indicator} {one.shown} {one.unit}: {written(people, 0)}" for one, _, people in found)
            spread = f"{written(min(one[2] for one in found), 0)} to {written(max(one[2] for one in found), 0)}"
            yield _question(
                "populations", found[0][0], " and ".join(one.shown for one, _, _ in found), spread,
                f"The number of children that each rate would be of: {how}",
                "No one population gives them all; the document does not say which it used.",
            )  # fmt: skip


def _per(rate: Figure) -> int:
    found = _PER.match(rate.unit)
    return int(Number.parse(found[1]).value) if found else 1
