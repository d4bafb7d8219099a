"""All indicators that are counted, for twelve districts and the county, over 36 months: seconds and memory; and five of
them beside DuckDB SQL written by hand, and beside pandas where it is installed (it is not among our own libraries).

    python -m bench.indicators             10,000 and 100,000 cases (a minute or two)
    python -m bench.indicators 1000000     100,000 and 1,000,000 cases, ten events each (some 2 GB on disk)

Each size is worked out in processes of its own, so that the memory of one is not the memory of both. All three read the
same Parquet files each time and must come to the same numbers.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.engine import Engine, engine
from goldenthread.intelligence.indicators.values import Value

from .made_up_tables import COUNTY, LAST, MONTHS, made_up, places
from .table import show

CASES = 100_000
Counted = dict[tuple[str, str], tuple[float, ...]]

_ROLLED = """
    SELECT x.area, p.period, {what} FROM {rows} r JOIN areas x ON x.part = r.area
    JOIN periods p ON {when} GROUP BY 1, 2
"""
_EVENTS = "(SELECT * FROM events WHERE pathway = '{pathway}' AND kind = '{kind}')"
_IN = "r.day BETWEEN p.period_start AND p.period_end"


def by_hand() -> dict[str, str]:
    """Five indicators as somebody would write them for these tables alone."""
    referrals = _EVENTS.format(pathway="referral", kind="referral_received")
    return {
        "referrals": _ROLLED.format(what="count(*)", rows=referrals, when=_IN),
        "re_referrals_within_12_months": _ROLLED.format(
            what="count(*) FILTER (WHERE again), count(*)", when=_IN,
            rows=f"(SELECT *, EXISTS (FROM {referrals} b WHERE b.person = a.person AND b.day < a.day "
            f"AND b.day + INTERVAL 12 MONTH >= a.day) AS again FROM {referrals} a)",
        ),
        "referrals_decided_in_one_working_day": _ROLLED.format(
            what="count(*) FILTER (WHERE NOT late), count(*)",
            rows="(SELECT * FROM duties WHERE pathway = 'referral' AND duty = 'decision' AND outcome = 'met')",
            when="r.met BETWEEN p.period_start AND p.period_end",
        ),
        "assessments_open": _ROLLED.format(
            what="count(*)", rows="(SELECT * FROM cases WHERE pathway = 'assessment')",
            when="r.opened <= p.period_end AND (r.closed IS NULL OR r.closed > p.period_end)",
        ),
        "icpcs_held": _ROLLED.format(
            what="count(*)", rows=_EVENTS.format(pathway="section_47", kind="icpc_held"), when=_IN
        ),
    }  # fmt: skip


def by_pandas(tables: Mapping[str, Sequence[Path]]) -> dict[str, Callable[[], Counted]]:
    """The same five in pandas, as somebody would write them: only the columns and rows that are needed are read."""
    import pandas as pd

    def read(table: str, columns: list[str], **where: str) -> Any:
        only = [(column, "==", value) for column, value in where.items()]
        return pd.concat([pd.read_parquet(one, columns=columns, filters=only) for one in tables[table]])

    areas = pd.concat([pd.read_parquet(one) for one in tables["areas"]])
    areas = areas[areas.area.isin(places())]

    def told(rows: Any, day: str, *what: str) -> Counted:
        rows = rows[pd.notna(rows[day])].copy()
        rows["month"] = pd.to_datetime(rows[day]).dt.strftime("%Y-%m")
        rows = rows[rows.month.isin([one.key for one in MONTHS])]
        grouped = rows.rename(columns={"area": "part"}).merge(areas, on="part").groupby(["area", "month"])
        counts = grouped.size()
        if not what:
            return {place: (float(number),) for place, number in counts.items()}
        some = grouped[what[0]].sum()
        return {place: (float(some[place]), float(number)) for place, number in counts.items()}

    def again() -> Counted:
        rows = read("events", ["event", "person", "area", "day"], pathway="referral", kind="referral_received")
        rows["day"] = pd.to_datetime(rows.day)
        both = rows.merge(rows[["person", "day"]], on="person", suffixes=("", "_before"))
        both = both[both.day_before < both.day]
        both = both[both.day_before + pd.DateOffset(months=12) >= both.day]
        rows["again"] = rows.event.isin(both.event)
        return told(rows, "day", "again")

    def in_time() -> Counted:
        rows = read("duties", ["area", "met", "late"], pathway="referral", duty="decision", outcome="met")
        rows["in_time"] = ~rows.late
        return told(rows, "met", "in_time")

    def still_open() -> Counted:
        rows = read("cases", ["area", "opened", "closed"], pathway="assessment")
        rows["opened"], rows["closed"] = pd.to_datetime(rows.opened), pd.to_datetime(rows.closed)
        rows = rows.rename(columns={"area": "part"}).merge(areas, on="part")
        found: Counted = {}
        for month in MONTHS:
            end = pd.Timestamp(month.end)
            there = rows[(rows.opened <= end) & (rows.closed.isna() | (rows.closed > end))]
            found |= {(area, month.key): (float(number),) for area, number in there.groupby("area").size().items()}
        return found

    def events(pathway: str, kind: str) -> Callable[[], Counted]:
        return lambda: told(read("events", ["area", "day"], pathway=pathway, kind=kind), "day")

    return {
        "referrals": events("referral", "referral_received"),
        "re_referrals_within_12_months": again,
        "referrals_decided_in_one_working_day": in_time,
        "assessments_open": still_open,
        "icpcs_held": events("section_47", "icpc_held"),
    }


def seconds(work: Callable[[], Any], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def _ours(values: Sequence[Value]) -> Counted:
    told = {(one.area, one.period): (one.numerator, one.denominator) for one in values}
    return {place: tuple(part for part in pair if part is not None) for place, pair in told.items() if any(pair)}


def _by_hand(rows: Sequence[tuple[Any, ...]]) -> Counted:
    return {(area, period): tuple(float(number) for number in counts) for area, period, *counts in rows}


def beside(run: Engine, tables: Mapping[str, Sequence[Path]]) -> list[tuple[str, ...]]:
    """Each of the five: ours, by hand and in pandas. Ours turns its definition into SQL each time; theirs is there."""
    frames = by_pandas(tables) if find_spec("pandas") else {}
    rows = []
    for name, sql in by_hand().items():
        chosen = {name: shipped().indicators[name]}

        def us(chosen: Any = chosen) -> list[Value]:
            return run.run(chosen, places(), MONTHS)

        def hand(sql: str = sql) -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = run.connection.execute(sql).fetchall()
            return found

        mine = _ours(us())
        if mine != _by_hand(hand()) or (frames and mine != frames[name]()):
            raise AssertionError(f"{name}: the ways of working it out do not come to the same")
        ours, theirs = seconds(us), seconds(hand)
        told = ("not installed", "-")
        if frames:
            pandas = seconds(frames[name])
            told = f"{pandas:.3f}", f"{pandas / ours:.1f}"
        rows.append((name, f"{len(mine):,}", f"{ours:.3f}", f"{theirs:.3f}", f"{ours / theirs:.2f}", *told))
    return rows


def _measure(part: str, folder: Path) -> None:
    """In a process of its own: print what was measured, for the one that asked."""
    tables = {table: sorted(folder.glob(f"{table}-*.parquet")) for table in ("people", "cases", "events", "answers",
              "duties", "areas", "populations")}  # fmt: skip
    counted = {name: one for name, one in shipped().indicators.items() if one.collected is None}
    told: dict[str, Any] = {}
    with engine(shipped(), tables, LAST) as run:
        if part == "five":
            told["rows"] = beside(run, tables)
        else:
            for turn in ("first", "again"):
                begun = time.perf_counter()
                values = run.run(counted, places(), MONTHS)
                told[turn] = time.perf_counter() - begun
            told |= {"values": len(values), "indicators": len(counted)}
            told["events"] = run.connection.execute("SELECT count(*) FROM events").fetchone()[0]
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def _alone(part: str, folder: Path) -> Any:
    command = [sys.executable, "-m", "bench.indicators", part, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def main(cases: int = CASES) -> None:
    whole, five = [], []
    for size in (cases // 10, cases):
        with tempfile.TemporaryDirectory(prefix="gt-bench-") as made:
            folder = Path(made)
            made_up(size, folder)
            got = _alone("all", folder)
            whole.append(
                (f"{size:,}", f"{got['events']:,}", f"{got['values']:,}", f"{got['first']:.1f}", f"{got['again']:.1f}",
                 f"{got['memory']:,.0f}")
            )  # fmt: skip
            five.append(_alone("five", folder)["rows"])
            indicators = got["indicators"]
    show(
        f"{indicators} indicators x {len(places())} areas of {COUNTY} x {len(MONTHS)} months",
        ("cases", "events", "values", "seconds", "seconds, spells there", "MB"), whole,
    )  # fmt: skip
    heads = ("indicator", "places and months", "seconds", "by hand", "times by hand", "pandas", "pandas takes times ours")
    for size, rows in zip((cases // 10, cases), five, strict=True):
        show(f"Five of them at {size:,} cases", heads, rows, "All ways came to equal numbers.")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("all", "five"):
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*(int(one) for one in sys.argv[1:2]))
