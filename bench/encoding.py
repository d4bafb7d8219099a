"""How often keyed encodings find the same child, and how often they find another, by the way two records differ.

`python -m bench.encoding [CHILDREN]`: made-up children with the demo's names; times of encoding and matching.
"""

from __future__ import annotations

import sys
import time

from goldenthread.people.encoding import Encoder, matches
from goldenthread.people.tests.encoding_people import DIFFERENCES, GROUPS, population, rates, two_agencies

from .table import show

THRESHOLDS = (0.75, 0.8, 0.85)
KEY = bytes(range(32))


def main(count: int = 6000) -> None:
    encoder = Encoder("bench", KEY)
    children = population(count)
    by_kind, by_group = [], []
    everything: dict[str, list[float]] = {group: [] for group in GROUPS}
    for words, difference in DIFFERENCES.items():
        two = two_agencies(encoder, children, difference)
        found = matches(two.asked, two.own, min(THRESHOLDS))
        cells: list[object] = [words]
        for threshold in THRESHOLDS:
            at = {(one.asked, one.own) for one in found if one.likeness >= threshold}
            cells += [f"{value:.1%}" for _, value in rates(two, at)]
        by_kind.append(cells)
        at = {(one.asked, one.own) for one in found if one.likeness >= 0.8}
        for group in GROUPS:
            ours = {pair for pair in two.both if two.groups[pair[0]] == group}
            everything[group].append(len(at & ours) / len(ours))
    heads = ["The second record", *(f"{what} at {one}" for one in THRESHOLDS for what in ("found", "right"))]
    show(f"Encodings: {count:,} children, by what differs", heads, by_kind)
    kinds = list(DIFFERENCES)
    by_group = [[words, *(f"{everything[group][place]:.1%}" for group in GROUPS)] for place, words in enumerate(kinds)]
    show("Found at 0.8, by group of names", ["The second record", *GROUPS], by_group)
    started = time.perf_counter()
    fresh = Encoder("bench", KEY)
    encoded = [(child.id, one) for child in children for one in fresh.encode(child.known())]
    made = time.perf_counter() - started
    started = time.perf_counter()
    matches(encoded, encoded, 0.8)
    compared = time.perf_counter() - started
    show("Speed", ["what", "a second"], [
        ["people encoded", f"{count / made:,.0f}"],
        [f"people asked about, of an index of {count:,}", f"{count / compared:,.0f}"],
    ])  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
