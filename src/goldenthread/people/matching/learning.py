"""Learning what each level weighs, from records of which it is known who is who. Made-up people give the weights shipped.

Splink counts how often each level holds for records of one person (m), from the labels, and for records of two people
(u), from random pairs. What was never seen is given a small share: made-up people make fewer kinds of mistake than clerks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .engine import duck, linker_of, table_of
from .model import declared

#: No level of a comparison is held to be impossible.
LEAST_M, LEAST_U = 0.004, 0.000005
Learned = dict[str, dict[str, tuple[float, float]]]


def weights_from(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]], people: Mapping[str, str],
    *, pairs: int = 4_000_000,
) -> Learned:  # fmt: skip
    """Weights from two registers of rows. `people`: the id of a record -> the person it is of."""
    tables = []
    for side in (first, second):
        table = table_of(side)
        labels = [people[row["unique_id"]] for row in side]
        tables.append(table.append_column("person", [labels]))
    with duck() as connection:
        linker = linker_of(connection, tables, {})
        linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=1)
        linker.training.estimate_m_from_label_column("person")
        model = linker.misc.save_model_to_json()
    found: Learned = {}
    for comparison, made in zip(declared().comparisons, model["comparisons"], strict=True):
        raw = [
            (level.get("m_probability") or 0.0, level.get("u_probability") or 0.0)
            for level in made["comparison_levels"][1:]
        ]
        m = _shares([each for each, _ in raw], LEAST_M)
        u = _shares([each for _, each in raw], LEAST_U)
        found[comparison.id] = {
            level.id: (one, two) for level, one, two in zip(comparison.levels, m, u, strict=True)
        }
    return found


def _shares(values: Sequence[float], least: float) -> list[float]:
    """Shares that add to one, none of them smaller than `least`."""
    kept = [max(value, least) for value in values]
    return [round(value / sum(kept), 7) for value in kept]
