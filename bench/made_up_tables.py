"""Made-up tables of cases and events, as Parquet files like those of an extract: about ten events a case, over four years.

They are made straight as columns, since what is timed is the working out of indicators and not the clocks.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.periods import between
from goldenthread.intelligence.indicators.places import areas_of, populations_of
from goldenthread.intelligence.indicators.tables import arrow_of, schema_of

FIRST, LAST = date(2013, 4, 1), date(2017, 3, 31)
MONTHS = between(date(2014, 4, 1), LAST, ["month"])
COUNTY = "lancashire_12"
EACH, PART = 10, 100_000
"""Events of a case at most, its opening counted; and cases written at once."""


@cache
def places() -> list[str]:
    """The county, and each of its districts."""
    return [COUNTY, *(row.part for row in areas_of(shipped()) if row.area == COUNTY and row.part != COUNTY)]


def made_up(cases: int, folder: Path, seed: int = 7) -> None:
    """Write the tables of so many cases into a folder, as TABLE-NUMBER.parquet."""
    import pyarrow.parquet as pq

    for name, rows in (("areas", areas_of(shipped())), ("populations", populations_of(shipped()))):
        pq.write_table(arrow_of(name, rows), folder / f"{name}-0.parquet")
    for number, first in enumerate(range(0, cases, PART)):
        for name, table in _part(first, min(PART, cases - first), cases, seed + number).items():
            pq.write_table(table, folder / f"{name}-{number}.parquet")


def _part(first: int, count: int, cases: int, seed: int) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    chance, library = np.random.default_rng(seed), shipped()
    names = sorted(library.pathways)
    kinds = [list(library.pathways[name].events) for name in names]
    most = max(map(len, kinds))
    known = np.array([each + [""] * (most - len(each)) for each in kinds])
    closes = np.array([
        [library.pathways[name].events[kind].closes for kind in each] + [False] * (most - len(each))
        for name, each in zip(names, kinds, strict=True)
    ], dtype=bool)  # fmt: skip
    pathway = chance.integers(len(names), size=count)
    opened = (FIRST - date(1970, 1, 1)).days + chance.integers((LAST - FIRST).days, size=count)
    days = opened[:, None] + np.sort(chance.integers(400, size=(count, EACH)), axis=1)
    days[:, 0] = opened
    there = days <= (LAST - date(1970, 1, 1)).days
    kind = chance.integers(np.array([len(each) for each in kinds])[pathway][:, None], size=(count, EACH))
    kind[:, 0] = np.array([kinds[at].index(library.pathways[name].opening) for at, name in enumerate(names)])[pathway]
    ends = closes[pathway[:, None], kind] & there
    closing = np.where(ends.any(axis=1), ends.argmax(axis=1), -1)

    people = max(1, cases // 3)
    number = np.arange(first, first + count).astype(str)
    case = np.char.add("c", number)
    person = np.char.add("p", chance.integers(people, size=count).astype(str))
    area = np.array(places()[1:])[chance.integers(len(places()) - 1, size=count)]
    title = np.array(names)[pathway]
    row, place = np.nonzero(there)
    event = np.char.add(np.char.add(case[row], "/"), (place + 1).astype(str))
    of = known[pathway[row], kind[row, place]]

    def dates(values: Any, missing: Any = None) -> Any:
        return pa.array(values.astype("int32"), mask=missing).cast(pa.date32())

    def table(name: str, *columns: Any) -> Any:
        schema = schema_of(name)
        given = [
            one if isinstance(one, (pa.Array, pa.ChunkedArray)) else pa.array(one, type=field.type)
            for one, field in zip(columns, schema, strict=True)
        ]
        return pa.table(given, schema=schema)

    lead = np.full(count, "lcc")
    open_still = closing < 0
    closed_on = days[np.arange(count), np.maximum(closing, 0)]
    closed_by = pa.array(np.char.add(np.char.add(case, "/"), (closing + 1).astype(str)), mask=open_still)
    worker = np.char.add("w", (np.arange(count) % 200).astype(str))
    answered = [(event[:0], title[:0], of[:0], of[:0], of[:0])]
    for at, name in enumerate(names):
        for what, step in library.pathways[name].events.items():
            coded = {asked: list(question.of) for asked, question in step.asks.items() if question.of}
            if not coded:
                continue
            mine = np.flatnonzero((pathway[row] == at) & (of == what))
            for asked, codes in coded.items():
                some = mine[chance.random(len(mine)) < 0.7]
                code = np.array(codes)[chance.integers(len(codes), size=len(some))]
                answered.append((event[some], title[row][some], of[some], np.full(len(some), asked), code))
    answers = [np.concatenate(each) for each in zip(*answered, strict=True)]

    owed = [(name, duty, at) for at, name in enumerate(names) for duty in list(library.pathways[name].duties)[:2]]
    duties = []
    for name, duty, at in owed:
        mine = np.flatnonzero(pathway == at)
        late = chance.random(len(mine)) < 0.2
        due = opened[mine] + 20
        met = due + np.where(late, 5, -5)
        full = len(mine)
        duties.append(table(
            "duties", np.char.add(case[mine], f"/{duty}/1"), case[mine], person[mine], np.full(full, name), np.full(full, duty),
            np.full(full, 1), dates(opened[mine]), dates(due), dates(met), np.char.add(case[mine], "/1"), np.full(full, "met"),
            late, area[mine], lead[mine], np.full(full, 9),
        ))  # fmt: skip
    made = {
        "cases": table("cases", case, person, title, area, lead, worker, dates(opened), dates(closed_on, open_still), closed_by),
        "events": table(
            "events", event, case[row], person[row], title[row], of, dates(days[row, place]), place + 1, dates(days[row, place]),
            area[row], lead[row], chance.integers(18, size=count)[row],
        ),
        "answers": table("answers", *answers, pa.nulls(len(answers[0]), pa.float64()), pa.nulls(len(answers[0]), pa.date32())),
        "duties": pa.concat_tables(duties),
    }  # fmt: skip
    if first == 0:
        made["people"] = table(
            "people", np.char.add("p", np.arange(people).astype(str)), dates(10_592 + 31 * (np.arange(people) % 200)),
            np.where(np.arange(people) % 2, "female", "male"), np.full(people, "WBRI"), np.full(people, COUNTY),
        )  # fmt: skip
    return made
