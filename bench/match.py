"""Match two made-up registers: time, memory, precision and recall, beside bare Splink on the same records.

    python -m bench.match               5,000 records with 5,000
    python -m bench.match 100000        100,000 with 100,000 (about 6 GB of memory; minutes)
    python -m bench.match --learn       learn weights.yaml anew, from made-up people

Bare Splink is what its own documentation would have one write first: its name, date, postcode and exact comparisons, its
blocking rules, u by random sampling and m by expectation maximisation. It is given the same names, dates and homes, and the
NHS number. Each runs in a process of its own, so that the memory of one is not the memory of both.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from typing import Any

from .table import show

TODAY = date(2026, 11, 1)
SIZE = 5_000
MEMORY = "6GB"


def main(size: int = SIZE) -> None:
    ours, bare = (_alone(part, size) for part in ("ours", "bare"))
    rows = [
        (
            name, f"{got['pairs']:,}", f"{got['seconds']:.1f}", f"{got['of_it']:.1f}", f"{got['memory']:.2f}",
            f"{got['precision']:.4f}", f"{got['recall']:.4f}",
        )
        for name, got in (
            ("ours, very likely", ours["very_likely"]), ("ours, all that is shown", ours["all"]),
            ("bare Splink, 0.995", bare["very_likely"]),
            ("bare Splink, 0.3", bare["all"]),
        )
    ]  # fmt: skip
    ratio = ours["all"]["seconds"] / bare["all"]["seconds"]
    show(
        f"Match {ours['first']:,} records with {ours['second']:,} ({ours['truth']:,} true pairs)",
        ("", "pairs", "seconds", "of it comparing", "GB", "precision", "recall"),
        rows,
        f"Ours took {ratio:.2f} times the time of bare Splink, columns and training counted.",
    )


def _alone(part: str, size: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.match", part, str(size)], check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _prepared() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.web.settings.test")
    import django

    django.setup()


def _ours(size: int) -> dict[str, Any]:
    _prepared()
    from goldenthread.demo.two_agencies import grades_of, made_up_registers
    from goldenthread.people.matching.engine import pairs_of
    from goldenthread.people.matching.features import row_of
    from goldenthread.people.matching.grading import graded

    made = made_up_registers(size)
    began = time.perf_counter()
    first, second = ([row_of(record, TODAY) for record in side] for side in (made.first, made.second))
    comparing = time.perf_counter()
    unborn = frozenset(record.id for record in made.first if record.expected is not None)
    found = grades_of(graded(pairs_of(first, second, memory=MEMORY), unborn=unborn))
    ended = time.perf_counter()
    surest = {pair for pair, grade in found.items() if grade == "very_likely"}
    return _told(made, ended - began, ended - comparing, surest, set(found))


def _bare(size: int) -> dict[str, Any]:
    _prepared()
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as library

    from goldenthread.demo.two_agencies import made_up_registers
    from goldenthread.people.matching.engine import duck

    made = made_up_registers(size)
    began = time.perf_counter()
    tables = [_plain(side) for side in (made.first, made.second)]
    comparing = time.perf_counter()
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=0.5 / size,
        comparisons=[
            library.JaroWinklerAtThresholds("given", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            library.JaroWinklerAtThresholds("family", [0.92, 0.85]).configure(
                term_frequency_adjustments=True
            ),
            library.DateOfBirthComparison("born", input_is_string=True),
            library.PostcodeComparison("postcode"),
            library.ExactMatch("sex"),
            library.ExactMatch("nhs"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nhs"),
            block_on("born", "substr(given, 1, 1)"),
            block_on("given", "family"),
            block_on("postcode", "given"),
            block_on("born", "postcode"),
        ],
    )
    with duck(memory=MEMORY) as connection:
        api = DuckDBAPI(connection)
        sides = [
            api.register(table, dataset_display_name=name)
            for table, name in zip(tables, ("one", "two"), strict=True)
        ]
        linker = Linker(sides, settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=min(1e7, size * size / 4), seed=1)
        for rule in (block_on("given", "family"), block_on("born")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e7)
        scored = linker.inference.predict(threshold_match_probability=0.3, warning_mode="never")
        query = f"SELECT unique_id_l, unique_id_r, match_probability FROM {scored.physical_name}"
        rows = connection.execute(query).fetchall()
    ended = time.perf_counter()
    found = {(min(one, two), max(one, two)): probability for one, two, probability in rows}
    surest = {pair for pair, probability in found.items() if probability >= 0.995}
    return _told(made, ended - began, ended - comparing, surest, set(found))


def _plain(side: Any) -> Any:
    import pyarrow as pa

    def column(values: Any) -> Any:
        return pa.array(list(values), pa.string())

    return pa.table(
        {
            "unique_id": column(record.id for record in side),
            "given": column(record.given.lower() or None for record in side),
            "family": column(record.family.lower() or None for record in side),
            "born": column(record.born.first.isoformat() if record.born else None for record in side),
            "postcode": column(record.homes[-1][1] if record.homes else None for record in side),
            "sex": column(record.sex or None for record in side),
            "nhs": column(next(iter(record.nhs), None) for record in side),
        }
    )


def _told(made: Any, seconds: float, of_it: float, surest: set[Any], found: set[Any]) -> dict[str, Any]:
    truth = made.truth
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2

    def one(pairs: set[Any]) -> dict[str, float]:
        right = len(pairs & truth)
        return {
            "pairs": len(pairs), "seconds": seconds, "of_it": of_it, "memory": memory,
            "precision": right / max(1, len(pairs)), "recall": right / max(1, len(truth)),
        }  # fmt: skip

    return {
        "first": len(made.first), "second": len(made.second), "truth": len(truth), "very_likely": one(surest), "all": one(found),
    }  # fmt: skip


def learn(size: int = 8_000) -> None:
    """Write weights.yaml anew. Other people than those that are measured: another seed."""
    _prepared()
    from goldenthread.demo.two_agencies import made_up_registers
    from goldenthread.people.matching.features import row_of
    from goldenthread.people.matching.learning import weights_from
    from goldenthread.people.matching.model import HERE

    made = made_up_registers(size, seed=2)
    sides = [[row_of(record, TODAY) for record in side] for side in (made.first, made.second)]
    weights = weights_from(sides[0], sides[1], made.people)
    lines = [
        "# How much each level of settings.yaml weighs: [how often it holds for two records of one person, for records of two",
        f"# people]. Learned from two made-up registers of {size:,} people, of whom it is known who is who:",
        "# python -m bench.match --learn. Made-up people are not yours: docs/understand/matching.md says what follows.",
        "weights:",
    ]
    for comparison, levels in weights.items():
        lines.append(f"  {comparison}:")
        lines += [f"    {level}: [{m:.6f}, {u:.7f}]" for level, (m, u) in levels.items()]
    (HERE / "weights.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["--learn"]:
        learn()
    elif given[:1] in (["ours"], ["bare"]):
        print(json.dumps((_ours if given[0] == "ours" else _bare)(int(given[1]))))
    else:
        main(int(given[0]) if given else SIZE)
