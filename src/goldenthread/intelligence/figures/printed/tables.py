"""Published tables made again from their figures: values as printed, changes and shares worked out.

What stands across is what the table varies most by: England, the region, now and before for health profiles; else periods;
else areas; else breakdowns. A share or change that the document prints is worked out to its own decimals, else to one. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .checking import Finding, added
from .directions import Travel, travel
from .figure import Figure, before, by_series
from .numbers import Number, written

_COMPARED = ("england", "north_west", "local")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place: a figure as printed, or what was worked out of it, `share` or `change`."""

    text: str
    figure: Figure | None = None
    finding: Finding | None = None
    """What the document itself says of it, worked out again."""
    worked: str = ""


@dataclass(slots=True)
class Line:
    """One row: what it is of, and its cells."""

    label: str
    cells: list[Cell] = field(default_factory=list)
    total: bool = False


@dataclass(slots=True)
class Table:
    """One table of one document."""

    source: str
    document: str
    title: str
    where: str
    first: str
    heads: list[str]
    lines: list[Line]
    figures: list[Figure]


def tables(figures: Sequence[Figure], findings: Iterable[Finding] = ()) -> list[Table]:
    """Every table, in the order of the file."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for one in figures:
        groups.setdefault((one.source, one.table), []).append(one)
    told: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        if finding.kind == "share":
            told.setdefault(finding.figure.identity, finding)
    return [table(those, told) for those in groups.values()]


def table(figures: Sequence[Figure], told: dict[tuple[str, ...], Finding]) -> Table:
    """One table, from the figures of one table of one document. `told`: the shares that the document prints."""
    first = figures[0]
    made = Table(first.source, first.document or first.source, first.table, first.where, "", [], [], list(figures))
    if _is_profile(figures):
        _profile(made)
    else:
        _grid(made, told)
    return made


# Health profiles: one indicator a line, England, the region and here beside each other ------------------------------------


def _is_profile(figures: Sequence[Figure]) -> bool:
    """Whether every line would have its own place: now and before, here and in what it is compared with."""
    places = {(one.indicator, one.comparator, one.period.text) for one in figures}
    here = {one.area for one in figures if one.comparator == "local"}
    known = all(one.period.kind == "said" and one.comparator in _COMPARED for one in figures)
    before_elsewhere = any(one.comparator != "local" and one.period.text == "previous" for one in figures)
    return known and len(places) == len(figures) and len(here) == 1 and not before_elsewhere


def _profile(made: Table) -> None:
    here = next((one.area for one in made.figures if one.comparator == "local"), "Here")
    made.first = "Indicator"
    made.heads = ["Unit", "England", "North West", f"{here} now", f"{here} before", "Change", "Printed", "By the values"]
    by_indicator: dict[str, list[Figure]] = {}
    for one in made.figures:
        by_indicator.setdefault(one.indicator, []).append(one)
    for indicator, those in by_indicator.items():
        found = {(one.comparator, one.period.text): one for one in those}
        cells = [Cell(those[0].unit), *(_cell(found.get((name, "latest"))) for name in _COMPARED)]
        now, then = found.get(("local", "latest")), found.get(("local", "previous"))
        cells.append(_cell(then))
        went: Travel | None = travel(now, then) if now else None
        change = f"{written(went.change, 1)}%" if went and went.change is not None else ""
        words = f"{went.shape} {went.word}" if went else ""
        cells += [Cell(change), Cell(now.printed_direction if now else ""), Cell(words)]
        made.lines.append(Line(indicator, cells))


# Every other table -------------------------------------------------------------------------------------------------------

Part = Callable[[Figure], str]


def _area(one: Figure) -> str:
    return f"{one.area} target" if one.comparator == "target" else one.area


_PARTS: dict[str, tuple[str, Part]] = {
    "period": ("Period", lambda one: one.period.words),
    "area": ("Area", _area),
    "breakdown": ("", lambda one: one.breakdown),
    "indicator": ("Indicator", lambda one: one.indicator),
    "unit": ("Unit", lambda one: one.unit),
    "comparator": ("Compared with", lambda one: one.comparator.replace("_", " ")),
}
_ALWAYS = ("indicator", "breakdown", "area", "period")
"""What tells figures of a table apart; the others only where these do not."""


def _apart(figures: Sequence[Figure]) -> list[str]:
    """The parts by which every figure has a place of its own."""
    names = list(_ALWAYS)
    for name in ("unit", "comparator"):
        if len({tuple(_PARTS[each][1](one) for each in names) for one in figures}) < len(figures):
            names.append(name)
    return names


def _across(figures: Sequence[Figure]) -> str:
    """What stands across: the first that varies within what else is the same."""
    for name in ("period", "area", "breakdown"):
        if name == "breakdown" and not all(one.breakdown for one in figures):
            continue
        others = [_PARTS[other][1] for other in _ALWAYS if other != name]
        seen: dict[tuple[str, ...], set[str]] = {}
        for one in figures:
            seen.setdefault(tuple(part(one) for part in others), set()).add(_PARTS[name][1](one))
        if any(len(values) > 1 for values in seen.values()) and (name == "period" or len(seen) > 1):
            return name
    return "period"


def _grid(made: Table, told: dict[tuple[str, ...], Finding]) -> None:
    across = _across(made.figures)
    part = _PARTS[across][1]
    ordered = sorted(made.figures, key=lambda one: one.period) if across == "period" else made.figures
    columns = list(dict.fromkeys(part(one) for one in ordered))
    down = [name for name in _apart(made.figures) if name != across]
    varying = [name for name in down if len({_PARTS[name][1](one) for one in made.figures}) > 1]
    rows: dict[tuple[str, ...], dict[str, Figure]] = {}
    for one in made.figures:
        rows.setdefault(tuple(_PARTS[name][1](one) for name in varying), {})[part(one)] = one
    made.first = next((_PARTS[name][0] for name in varying if _PARTS[name][0]), "Indicator")
    shared = {name for name in columns if _shared([one for one in made.figures if part(one) == name], varying, told)}
    changes = across == "period" and any(_last_two(row) for row in rows.values())
    for name in columns:
        made.heads += [name, f"{name}, share"] if name in shared else [name]
    says = changes and any(one.printed_change for one in made.figures)
    made.heads += ["Change", "Printed"] if says else ["Change"] if changes else []
    for key, row in rows.items():
        label = ", ".join(filter(None, key)) or made.figures[0].indicator
        line = Line(label)
        for name in columns:
            line.cells.append(_cell(row.get(name)))
            if name in shared:
                line.cells.append(_share(row.get(name), [one[name] for one in rows.values() if name in one], told))
        line.cells += _change(row)[: 2 if says else 1] if changes else []
        made.lines.append(line)
    if _adds_up(made.figures, varying):
        made.lines.append(_total(rows, columns, shared, [changes, says]))


def _cell(figure: Figure | None) -> Cell:
    return Cell(figure.shown, figure) if figure else Cell("")


def _adds_up(figures: Sequence[Figure], varying: Sequence[str]) -> bool:
    """Whether the rows are the parts of one counted whole: one indicator by breakdown or by area."""
    one_thing = list(varying) in (["breakdown"], ["area"]) and len({one.indicator for one in figures}) == 1
    return one_thing and all(one.counted and one.comparator != "target" for one in figures)


def _shared(figures: Sequence[Figure], varying: Sequence[str], told: dict[tuple[str, ...], Finding]) -> bool:
    return _adds_up(figures, varying) or any(one.identity in told for one in figures)


def _share(figure: Figure | None, column: Sequence[Figure], told: dict[tuple[str, ...], Finding]) -> Cell:
    if figure is None:
        return Cell("")
    if figure.identity in told:
        found = told[figure.identity]
        return Cell(found.worked, figure, found, "share")
    if len({one.indicator for one in column}) > 1 or not all(one.counted for one in column):
        return Cell("")
    whole = sum((one.value.exact for one in column), Fraction(0))
    return Cell(f"{written(figure.value.exact / whole * 100, 1)}%" if whole else "", figure, worked="share")


def _last_two(row: dict[str, Figure]) -> tuple[Figure, Figure] | None:
    """The latest figure of a row and the one before it."""
    those = list(row.values())
    latest = max(those, key=lambda one: one.period)
    earlier = before(latest, by_series(those)[latest.series])
    return (latest, earlier) if earlier else None


def _change(row: dict[str, Figure]) -> list[Cell]:
    """The change since the period before, to the decimals the document prints; of what is per cent, in points."""
    found = _last_two(row)
    if found is None:
        return [Cell(""), Cell("")]
    now, then = found
    printed = Number.parse(now.printed_change) if now.printed_change else None
    if now.unit == "%" and not (printed and printed.percent):
        decimals = printed.decimals if printed else max(now.value.decimals, then.value.decimals)
        text = f"{_signed(now.value.exact - then.value.exact, decimals)} points"
    elif printed and not printed.percent:
        text = _signed(now.value.exact - then.value.exact, printed.decimals)
    elif then.value.exact:
        change = (now.value.exact - then.value.exact) / then.value.exact * 100
        text = f"{_signed(change, printed.decimals if printed else 1)}%"
    else:
        text = ""
    return [Cell(text, now, worked="change"), Cell(now.printed_change)]


def _signed(value: Fraction, decimals: int) -> str:
    told = written(value, decimals)
    return f"+{told}" if value > 0 and Fraction(told.replace(",", "")) else told


def _total(
    rows: dict[tuple[str, ...], dict[str, Figure]], columns: Sequence[str], shared: Collection[str], ends: Sequence[bool]
) -> Line:
    line = Line("Total", total=True)
    totals: list[Fraction] = []
    for name in columns:
        those = [row[name] for row in rows.values() if name in row]
        total = added(those).value
        totals.append(total)
        money = "£" if those[0].unit == "GBP" else ""
        line.cells.append(Cell(f"{money}{written(total, 0)}"))
        line.cells += [Cell("100%")] if name in shared else []
    if ends[0]:
        now, then = totals[-1], totals[-2] if len(totals) > 1 else Fraction(0)
        line.cells.append(Cell(f"{_signed((now - then) / then * 100, 1)}%" if then else ""))
    line.cells += [Cell("")] if ends[1] else []
    return line
