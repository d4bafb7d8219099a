"""Areas and their people, from the arrangements. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from goldenthread.guidance.arrangement import AreaEntry, Arrangement
from goldenthread.guidance.library import Library

from .tables import AreaRow, PopulationRow

EVERYWHERE = "everywhere"
"""The area of a whole extract, whatever areas its cases name."""


class WrongArea(ValueError):
    """An area that is not known; the message names one that is like it."""


def area_id(library: Library, text: str) -> str:
    """The id of an area from its id or its title as reports print it (`Lancashire-12`). Raises WrongArea."""
    wanted = _plain(text)
    known: dict[str, str] = {EVERYWHERE: EVERYWHERE}
    for arrangement in library.arrangements.values():
        for area in arrangement.areas:
            known.setdefault(_plain(area.title), area.id)
            known[area.id] = area.id
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise WrongArea(f"{text!r} is not an area of any arrangement{hint}")


def areas_of(library: Library) -> list[AreaRow]:
    """Every area with each of its parts, itself included; and everywhere, which has them all."""
    entries = {area.id: area for one in library.arrangements.values() for area in one.areas}
    found: list[AreaRow] = [AreaRow(EVERYWHERE, EVERYWHERE, EVERYWHERE)]
    for name, area in entries.items():
        found.append(AreaRow(EVERYWHERE, name, EVERYWHERE))
        above: AreaEntry | None = area
        seen: set[str] = set()
        while above is not None and above.id not in seen:
            seen.add(above.id)
            found.append(AreaRow(above.id, name, above.kind))
            above = entries.get(above.within or "")
    return found


def populations_of(library: Library) -> list[PopulationRow]:
    """How many live in each area in the years that its arrangement tells; where it does not, the sum of its parts."""
    found: dict[tuple[str, int, str], int] = {}
    for arrangement in library.arrangements.values():
        for area in arrangement.areas:
            for year, people in area.population.items():
                found[area.id, year, "all"] = people.all
                if people.under_18 is not None:
                    found[area.id, year, "under_18"] = people.under_18
    for arrangement in library.arrangements.values():
        _add_up(arrangement, found)
    return [PopulationRow(area, year, people, number) for (area, year, people), number in sorted(found.items())]


def _add_up(arrangement: Arrangement, found: dict[tuple[str, int, str], int]) -> None:
    parts: dict[str, list[str]] = {}
    for area in arrangement.areas:
        if area.within:
            parts.setdefault(area.within, []).append(area.id)
    years = {(year, people) for _, year, people in found}
    for area in reversed(arrangement.areas):  # parts come after what they are part of
        inside = parts.get(area.id, [])
        for year, people in years:
            numbers = [found[one, year, people] for one in inside if (one, year, people) in found]
            if inside and len(numbers) == len(inside):
                found.setdefault((area.id, year, people), sum(numbers))


def population(
    known: Mapping[tuple[str, str], Mapping[int, int]], area: str, people: str, year: int
) -> tuple[int, int] | None:
    """(number, year) of an area's people for a year: of that year, or the latest before it, or else the earliest after."""
    years = known.get((area, people), {})
    if not years:
        return None
    before = [one for one in years if one <= year]
    chosen = max(before) if before else min(years)
    return years[chosen], chosen


def _plain(text: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    return "_".join(words.split())
