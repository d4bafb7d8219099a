"""All indicators that are counted, for twelve districts and the county, over 36 months: seconds and memory; and five of
them beside DuckDB SQL written by hand, and beside pandas where it is installed (it is not among our own libraries).

`python -m bench.indicators 20000` makes up so many cases. Their events are made straight as rows of the tables, since what
is timed is the working out of indicators, not the clocks.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.engine import Engine, engine
from goldenthread.intelligence.indicators.periods import Period, between
from goldenthread.intelligence.indicators.places import areas_of, populations_of
from goldenthread.intelligence.indicators.tables import (
    AnswerRow,
    CaseRow,
    Dataset,
    DutyRow,
    EventRow,
    PersonRow,
)

from .table import show

FIRST, LAST = date(2013, 4, 1), date(2017, 3, 31)
MONTHS = between(date(2014, 4, 1), LAST, ["month"])
COUNTY = "lancashire_12"


def made_up(count: int, seed: int = 7) -> Dataset:
    """About ten events a case, of the pathways that have spells and duties, in the order their files give."""
    chance, library = random.Random(seed), shipped()
    areas = areas_of(library)
    districts = [row.part for row in areas if row.area == COUNTY and row.part != COUNTY]
    found = Dataset(LAST, areas=areas, populations=populations_of(library))
    names = sorted(library.pathways)
    for number in range(count):
        pathway = library.pathways[chance.choice(names)]
        kinds = list(pathway.events)
        person, case, area = f"p{chance.randrange(max(1, count // 3))}", f"c{number}", chance.choice(districts)
        opened = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        days = sorted(opened + timedelta(days=chance.randrange(400)) for _ in range(9))
        told = [(opened, pathway.opening), *((day, chance.choice(kinds)) for day in days if day <= LAST)]
        for place, (day, kind) in enumerate(told, 1):
            event = f"{case}/{place}"
            age = chance.randrange(18)
            found.events.append(EventRow(event, case, person, pathway.id, kind, day, place, day, area, "lcc", age))
            for name, question in pathway.events[kind].asks.items():
                if question.of and chance.random() < 0.7:
                    code = chance.choice(list(question.of))
                    found.answers.append(AnswerRow(event, pathway.id, kind, name, code, None, None))
        closing = next((place for place, (_, kind) in enumerate(told, 1) if pathway.events[kind].closes), None)
        closed = told[closing - 1][0] if closing else None
        by = f"{case}/{closing}" if closing else None
        found.cases.append(CaseRow(case, person, pathway.id, area, "lcc", f"w{number % 200}", opened, closed, by))
        for duty in list(pathway.duties)[:2]:
            late = chance.random() < 0.2
            due = opened + timedelta(days=20)
            met = due + timedelta(days=5 if late else -5)
            settled = (opened, due, met, f"{case}/1", "met", late, area, "lcc", 9)
            found.duties.append(DutyRow(f"{case}/{duty}/1", case, person, pathway.id, duty, 1, *settled))
    for number in range(max(1, count // 3)):
        found.people.append(PersonRow(f"p{number}", date(1999 + number % 17, 1 + number % 12, 1), "female", "WBRI", COUNTY))
    return found


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
            what="count(*) FILTER (WHERE again) , count(*)", when=_IN,
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


def by_pandas(name: str, data: Dataset) -> Callable[[], Any]:
    """Two of the five in pandas, as somebody would write them."""
    import pandas as pd

    events = pd.DataFrame(data.events)
    areas = pd.DataFrame(data.areas)

    def counted() -> Any:
        pathway, kind = ("referral", "referral_received") if name != "icpcs_held" else ("section_47", "icpc_held")
        rows = events[(events.pathway == pathway) & (events.kind == kind)].copy()
        rows["month"] = pd.to_datetime(rows.day).dt.to_period("M")
        if name == "re_referrals_within_12_months":
            rows["at"] = pd.to_datetime(rows.day)
            both = rows.merge(rows[["person", "at"]], on="person", suffixes=("", "_before"))
            again = both[(both.at_before < both["at"]) & (both.at_before + pd.DateOffset(months=12) >= both["at"])]
            rows["again"] = rows.event.isin(again.event)
        return rows.merge(areas, left_on="area", right_on="part").groupby(["area_y", "month"]).size()

    return counted


def seconds(work: Callable[[], Any], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def beside(run: Engine, data: Dataset, places: list[str], months: list[Period]) -> list[tuple[str, ...]]:
    """Each of the five: ours, by hand and in pandas, with the SQL made beforehand."""
    rows = []
    for name, sql in by_hand().items():
        chosen = {name: shipped().indicators[name]}
        run.run(chosen, places, months)
        ours = seconds(lambda chosen=chosen: run.run(chosen, places, months))
        hand = seconds(lambda sql=sql: run.connection.execute(sql).fetchall())
        frames = "-"
        if find_spec("pandas") and name in ("referrals", "re_referrals_within_12_months", "icpcs_held"):
            frames = f"{seconds(by_pandas(name, data)):.3f}"
        rows.append((name, f"{ours:.3f}", f"{hand:.3f}", f"{ours / hand:.2f}", frames))
    return rows


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    data = made_up(count)
    places = [COUNTY, *(row.part for row in data.areas if row.area == COUNTY and row.part != COUNTY)]
    counted = {name: one for name, one in shipped().indicators.items() if one.collected is None}
    with engine(shipped(), data, LAST) as run:
        begun = time.perf_counter()
        values = run.run(counted, places, MONTHS)
        first = time.perf_counter() - begun
        begun = time.perf_counter()
        run.run(counted, places, MONTHS)
        again = time.perf_counter() - begun
        rows = beside(run, data, places, MONTHS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(counted)} indicators x {len(places)} areas x {len(MONTHS)} months over {count:,} cases and "
          f"{len(data.events):,} events: {len(values):,} values in {first:.1f} s the first time (the SQL is made then), "
          f"{again:.1f} s after; {memory:,.0f} MB")  # fmt: skip
    show("Beside SQL written by hand", ("indicator", "seconds", "by hand", "ratio", "pandas"), rows)


if __name__ == "__main__":
    main()
