"""Made-up tables for the tests: a count for each finest place, and every total worked out from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from ..tables import Dimension, Table, flat

DISTRICTS = Dimension(
    "area",
    "Lancashire-12",
    {
        "Lancashire-12": ("East", "Central", "North"),
        "East": ("Burnley", "Hyndburn"),
        "Central": ("Chorley", "Preston", "South Ribble"),
        "North": ("Fylde", "Wyre"),
    },
)
AREA = flat("area", "Lancashire-12", "Burnley", "Chorley", "Fylde")
AGE = flat("age", "all ages", "0 to 4", "5 to 9", "10 to 17")
SEX = flat("sex", "both", "girls", "boys")
QUARTER = flat("quarter", "2025-26", "Q1", "Q2", "Q3", "Q4")


def leaves(one: Dimension, code: str | None = None) -> list[str]:
    code = code or one.whole
    return [leaf for part in one.parts.get(code, ()) for leaf in leaves(one, part)] or [code]


def summed(
    measure: str,
    all_dimensions: Sequence[Dimension],
    finest: Mapping[tuple[str, ...], int],
    shown: Sequence[Dimension],
    fixed: Mapping[str, str] | None = None,
    without: Iterable[tuple[str, ...]] = (),
) -> Table:
    """The table over `shown`, everything else added up."""
    fixed = dict(fixed or {})
    counts = {}
    for codes in product(*(one.codes() for one in shown)):
        place = {one.name: code for one, code in zip(shown, codes, strict=True)} | fixed
        counts[codes] = sum(
            finest[leaf] for leaf in product(*(leaves(one, place.get(one.name)) for one in all_dimensions))
        )
    for codes in without:
        del counts[codes]
    return Table(measure, tuple(shown), counts, fixed)


@st.composite
def finest(draw: st.DrawFn, dimensions: Sequence[Dimension]) -> dict[tuple[str, ...], int]:
    """Counts as they are in the field: many small, many zeros, some large."""
    count = st.one_of(st.just(0), st.integers(1, 5), st.integers(0, 12), st.integers(6, 90))
    return {place: draw(count) for place in product(*map(leaves, dimensions))}
