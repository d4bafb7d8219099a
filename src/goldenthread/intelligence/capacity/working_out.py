"""Measures every service that guidance declares and tries it with other people and arrivals, once; kept beside the extract.

Knows no Django. A service of a restricted pathway is measured with the restricted part of the extract, and is shown only to those
who run that pathway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from goldenthread.guidance.capacity import Service
from goldenthread.guidance.library import Library

from .. import beside
from ..extract.files import read_manifest
from ..indicators.engine import engine
from ..scorecard.keeping import manifest_digest
from .checking import held_against_theory
from .forecast import Desk, NotEnoughData, Outlook, Range, forecast
from .measuring import as_plain, measure, pieces

FILE = "capacity.sqlite3"
PAGE = "service"
HORIZON = 60
DEMAND = (80, 100, 120)
"""Arrivals that are tried, as per cent of what was measured."""
MOST_WORK, FEWEST_RUNS, MOST_RUNS = 20_000, 20, 30
"""About so many pieces of work are simulated for each number of people, in so many runs."""
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was done."""

    services: int
    too_little: int


def people_tried(service: Service, desk: Desk) -> list[int]:
    """One fewer than now, as many, and up to two more; and as few as keep up with what comes, and one more than those."""
    keeps_up = int(desk.work_a_day / desk.hours_a_day) + 1
    return sorted({many for many in (keeps_up, keeps_up + 1, *range(service.people - 1, service.people + 3)) if many > 0})


def runs_for(desk: Desk) -> int:
    work = desk.waiting + HORIZON * sum(desk.arrivals) / len(desk.arrivals)
    return int(max(FEWEST_RUNS, min(MOST_RUNS, MOST_WORK // max(1, work))))


def definitions(library: Library) -> str:
    return sha256("".join(one.model_dump_json() for one in library.services.values()).encode()).hexdigest()[:16]


def work_out(
    folder: Path, library: Library, *, told: Say | None = None, demand: tuple[int, ...] = DEMAND
) -> Tried:
    """Measure and try every service of the extract in `folder`, and keep it there. Raises NotAnExtract."""
    manifest = read_manifest(folder)
    digest = manifest_digest(folder)
    found = {}
    for nth, service in enumerate(library.services.values()):
        tables = dict(manifest.paths(folder, restricted=bool(service.restricted(library))))
        say = _share(told, nth, len(library.services))
        found[service.id] = page(library, service, tables, manifest.as_of, say, demand=demand)
    made = beside.Made(manifest.as_of, datetime.now(UTC), digest, definitions(library))
    beside.keep(folder, FILE, made, (((PAGE, name), one) for name, one in found.items()))
    return Tried(len(found), sum(one["problem"] is not None for one in found.values()))


def _share(told: Say | None, nth: int, of: int) -> Say | None:
    if told is None:
        return None
    say = told

    def part(words: str, done: int, total: int) -> None:
        say(words, nth * 1000 + 1000 * done // max(1, total), of * 1000)

    return part


def page(
    library: Library, service: Service, tables: Any, as_of: date, told: Say | None = None,
    people: list[int] | None = None, demand: tuple[int, ...] = DEMAND,
) -> dict[str, Any]:  # fmt: skip
    """A service as it is kept: what was measured, and an outlook for each number of people and arrivals."""
    with engine(library, tables, as_of) as one:
        measured = measure(service, pieces(one.connection, service), as_of)
    found: dict[str, Any] = {"measured": as_plain(measured), "tried": {}, "problem": None, "theory": None}
    try:
        desk = measured.desk(service)
    except NotEnoughData as error:
        return {**found, "problem": str(error)}
    numbers = people or people_tried(service, desk)
    for nth, per_cent in enumerate(demand):
        say = None
        if told is not None:
            tell, at = told, nth

            def say(done: int, total: int, tell: Say = tell, at: int = at) -> None:
                tell(f"Trying {service.title}", at * total + done, len(demand) * total)

        outlooks = forecast(
            desk, numbers, horizon=HORIZON, runs=runs_for(desk), acceptable=service.target.waiting, demand=per_cent / 100,
            progress=say,
        )  # fmt: skip
        for outlook in outlooks:
            found["tried"][f"{outlook.people}/{per_cent}"] = plain(outlook)
    held = held_against_theory(desk)
    return {**found, "theory": asdict(held) if held is not None else None}


def plain(one: Outlook) -> dict[str, Any]:
    return {
        "people": one.people, "demand": one.demand, "busy": one.busy, "cleared": one.cleared, "runs": one.runs,
        "horizon": one.horizon, "clears": _range(one.clears), "days_to_wait": _range(one.days_to_wait),
        "still_waiting": _range(one.still_waiting), "by_day": [_range(each) for each in one.by_day],
    }  # fmt: skip


def outlook_of(desk: Desk, one: Mapping[str, Any]) -> Outlook:
    return Outlook(
        desk, one["people"], one["busy"], Range(*one["clears"]), one["cleared"], Range(*one["days_to_wait"]),
        Range(*one["still_waiting"]), one["runs"], one["horizon"], tuple(Range(*each) for each in one["by_day"]), one["demand"],
    )  # fmt: skip


def _range(one: Range) -> list[float | None]:
    return [one.middle, one.low, one.high]
