"""Charts as SVG, in the manner of the house: few lines, words where they belong, shape as well as colour. Pure.

`width` is what the picture is laid out for: about 720 on a page, 360 on a telephone, so that letters stay readable.
Colours follow Making Data Count: blue for better, orange for a concern, purple where neither way is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from goldenthread.guidance.lettering import broken, width_of

from .control import Chart, ControlPoint
from .funnel import Band, Funnel
from .paper import BLUE, GOLD, GREY, INK, ORANGE, PALE_GREY, PURPLE, Paper, Scale
from .seasons import Seasons
from .series import Better, said

RIGHT_ROOM = 92


def control_svg(chart: Chart, name: str, *, width: float = 720, height: float = 340) -> str:
    """The chart: points, average, limits, target, marked changes; what fired in its own shape and colour."""
    return control_paper(chart, width, height).svg(name, chart.title, chart.in_words)


def control_paper(chart: Chart, width: float, height: float) -> Paper:
    paper = Paper(width, height)
    values = [
        value
        for point in chart.points
        for value in (point.value, point.lower, point.upper)
        if value is not None
    ]
    if chart.target is not None:
        values.append(chart.target)
    if not values:
        paper.text(width / 2, height / 2, "No data", anchor="middle", colour=GREY)
        return paper
    left = 12 + max(width_of(said(one), paper.size) for one in (max(values), min(values), 1000.5 / 10))
    right, top, foot = width - RIGHT_ROOM, 56 if chart.changes else 16, height - 34
    up = paper.up_axis(min(values), max(values), left, right, top, foot, said)
    across = Scale(0, max(1, len(chart.points) - 1), left + 10, right - 10)
    _periods(paper, [point.period for point in chart.points], across, foot + 22)
    for phase in chart.phases:
        stretch = range(phase.first, phase.last + 1)
        if phase.limits is None:
            continue
        dash = "2 4" if phase.trial else None
        paper.line(_run(chart.points, stretch, "centre", across, up), INK, wide=1.5, dash=dash)
        for side in ("lower", "upper"):
            paper.line(_run(chart.points, stretch, side, across, up), GREY, wide=1.5, dash=dash or "6 4")
    if chart.target is not None:
        paper.line([(left, up(chart.target)), (right, up(chart.target))], ORANGE, wide=1.5, dash="10 4")
    _changes(paper, [(across(max(0, place - 0.5)), change.what) for place, change in chart.changes], top, foot)
    for run in _known_runs(chart.points):
        paper.line([(across(nth), up(value)) for nth, value in run], GREY, wide=2)
    for nth, point in enumerate(chart.points):
        if point.value is not None:
            kind, colour = _look(point, chart.better)
            paper.mark(across(nth), up(point.value), kind, colour)
    _names(paper, chart, up, right + 6, top)
    return paper


def letter(nth: int) -> str:
    """What a marked change is called, on the chart and in the list below it."""
    return chr(ord("A") + nth) if nth < 26 else str(nth + 1)


def _changes(paper: Paper, changes: Sequence[tuple[float, str]], top: float, foot: float) -> None:
    """An upright line where each marked change began, with its letter; what it was beside it where there is room for all."""
    texts, sides = [], []
    for nth, (x, what) in enumerate(changes):
        paper.line([(x, top - 6), (x, foot)], GOLD, wide=3)
        after = x < paper.width / 2
        lines = broken(f"{letter(nth)}: {what}", paper.size, (paper.width - x if after else x) - 10, bold=True)
        wide = max(width_of(line, paper.size, bold=True) for line in lines)
        texts.append((x + 4 if after else x - 4, "start" if after else "end", lines))
        sides.append((x, x + wide + 4) if after else (x - wide - 4, x))
    whole = all(len(lines) <= 2 for _, _, lines in texts)
    whole = whole and all(before[1] + 6 < after[0] for before, after in pairwise(sorted(sides)))
    if not whole:
        _letters(paper, [x for x, _ in changes], top - 12)
        return
    for x, anchor, lines in texts:
        for line, words in enumerate(lines):
            paper.text(x, top - 12 - paper.size * 1.2 * (len(lines) - 1 - line), words, anchor=anchor, bold=True)


def _letters(paper: Paper, places: Sequence[float], y: float) -> None:
    """Letters alone, one above the other where they would meet."""
    up = 0
    for nth, x in enumerate(places):
        up = (up + 1) % 3 if nth and x - places[nth - 1] < paper.size + 4 else 0
        paper.text(x, y - up * paper.size * 1.2, letter(nth), anchor="middle", bold=True)


def _look(point: ControlPoint, better: Better) -> tuple[str, str]:
    if not point.fired:
        return "circle", GREY
    high = point.fired[-1].side == "high"
    if better == "neither":
        return "square", PURPLE
    return ("diamond", BLUE) if high == (better == "higher") else ("up" if high else "down", ORANGE)


def _known_runs(points: Sequence[ControlPoint]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for nth, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((nth, point.value))
    return runs


def _run(
    points: Sequence[ControlPoint], stretch: range, what: str, across: Scale, up: Scale
) -> list[tuple[float, float]]:
    """A line of limits, as steps: each period has its own."""
    found: list[tuple[float, float]] = []
    for nth in stretch:
        value: float | None = getattr(points[nth], what)
        if value is not None:
            low, high = max(across.low, nth - 0.5), min(across.high, nth + 0.5)
            found += [(across(low), up(value)), (across(high), up(value))]
    return found


def _names(paper: Paper, chart: Chart, up: Scale, x: float, top: float) -> None:
    """What the lines are, at their right ends, moved apart where they would meet."""
    last = next((point for point in reversed(chart.points) if point.centre is not None), None)
    wanted: list[tuple[float, str, str]] = []
    if last is not None and last.centre is not None and last.upper is not None and last.lower is not None:
        wanted += [
            (up(last.upper), f"Limit {said(last.upper)}", GREY),
            (up(last.centre), f"Mean {said(last.centre)}", INK),
            (up(last.lower), f"Limit {said(last.lower)}", GREY),
        ]
    if chart.target is not None:
        wanted.append((up(chart.target), f"Target {said(chart.target)}", ORANGE))
    room = paper.size * 1.15
    y = top - room
    for at, words, colour in sorted(wanted):
        y = max(at + paper.size * 0.35, y + room)
        paper.text(x, y, words, colour=colour)


def _periods(paper: Paper, names: Sequence[str], across: Scale, y: float) -> None:
    """As many periods as there is room for, the first and every so-manieth after it."""
    if not names:
        return
    wide = max(width_of(name, paper.size) for name in names) + 14
    apart = abs(across(1) - across(0)) if len(names) > 1 else wide
    every = max(1, -int(-wide // apart))
    for nth in range(0, len(names), every):
        half = width_of(names[nth], paper.size) / 2
        x = min(max(across(nth), half + 2), paper.width - half - 2)
        paper.text(x, y, names[nth], anchor="middle", colour=GREY)


def funnel_svg(one: Funnel, name: str, *, width: float = 720, height: float = 380) -> str:
    """Districts by size, inside or outside what chance gives."""
    return funnel_paper(one, width, height).svg(name, one.title, one.in_words)


def funnel_paper(one: Funnel, width: float, height: float) -> Paper:
    paper = Paper(width, height)
    if one.average is None:
        paper.text(width / 2, height / 2, "Not enough data", anchor="middle", colour=GREY)
        return paper
    largest = max(placed.unit.of for placed in one.placed) * 1.06
    smallest = min(placed.unit.of for placed in one.placed) * 0.7
    sizes = sorted({max(1, round(smallest + (largest - smallest) * nth / 60)) for nth in range(61)})
    bands = [one.band(of) for of in sizes]
    first = bands[min(8, len(bands) - 1)]
    highest = max([placed.value for placed in one.placed] + [first.highest])
    lowest = min([placed.value for placed in one.placed] + [first.lowest])
    left = 14 + width_of(said(highest), paper.size)
    up = paper.up_axis(lowest, highest, left, width - 16, 16, height - 56, said)
    across = Scale(smallest, largest, left, width - 16)
    for side, dash in (("highest", None), ("high", "5 4"), ("low", "5 4"), ("lowest", None)):
        points = [
            (across(band.of), up(_edge(band, side)))
            for band in bands
            if up.low <= _edge(band, side) <= up.high
        ]
        paper.line(points, GREY, wide=1.5, dash=dash)
    paper.line([(left, up(one.average)), (width - 16, up(one.average))], INK, wide=1.5)
    for placed in one.placed:
        high = "high" in placed.verdict
        if placed.verdict == "within":
            look = ("circle", GREY)
        elif one.better == "neither":
            look = ("square", PURPLE)
        else:
            look = (
                ("diamond", BLUE) if high == (one.better == "higher") else ("up" if high else "down", ORANGE)
            )
        x, y = across(placed.unit.of), up(placed.value)
        paper.mark(x, y, *look)
        if placed.verdict != "within":
            on_right = x < width * 0.7
            paper.text(
                x + (10 if on_right else -10), y + 5, placed.unit.name, anchor="start" if on_right else "end"
            )
    for nth in range(3):
        size = smallest + (largest - smallest) * (0.1 + 0.4 * nth)
        paper.text(across(size), height - 36, f"{round(size, -2 if size > 1000 else 0):,.0f}", anchor="middle",
                   colour=GREY)  # fmt: skip
    words = "Children in the district" if one.kind == "rate" else "Out of how many"
    if width > 500:
        words += ". Lines: what chance gives, 95 (broken) and 99.8 per cent"
    paper.text((left + width - 16) / 2, height - 12, words, anchor="middle", colour=GREY)
    return paper


def _edge(band: Band, side: str) -> float:
    value: float = getattr(band, side)
    return value


def seasons_svg(one: Seasons, name: str, title: str, *, width: float = 720, height: float = 300) -> str:
    """A line a year over the months; the latest year in ink, the others pale."""
    paper = Paper(width, height)
    values = [value for row in one.years.values() for value in row if value is not None]
    if not values:
        paper.text(width / 2, height / 2, "No data", anchor="middle", colour=GREY)
        return paper.svg(name, title, one.words)
    left, right = 14 + width_of(said(max(values)), paper.size), width - 70
    up = paper.up_axis(min(0, *values), max(values), left, right, 16, height - 34, said)
    across = Scale(0, len(one.names) - 1, left + 10, right - 10)
    _periods(paper, one.names, across, height - 12)
    latest = list(one.years)[-1]
    ends: list[tuple[float, str]] = []
    for year, row in sorted(one.years.items(), key=lambda pair: pair[0] == latest):
        points = [
            ControlPoint(name, value, None, None, None, ()) for name, value in zip(one.names, row, strict=True)
        ]
        for run in _known_runs(points):
            line = [(across(nth), up(value)) for nth, value in run]
            paper.line(line, BLUE if year == latest else PALE_GREY, wide=3 if year == latest else 2)
            if year == latest:
                for x, y in line:
                    paper.mark(x, y, "circle", BLUE)
        known = [value for value in row if value is not None]
        if known:
            ends.append((up(known[-1]), year))
    room = paper.size * 1.2
    y = 16 - room
    foot = height - 34
    for left_over, (at, year) in zip(range(len(ends) - 1, -1, -1), sorted(ends), strict=True):
        y = min(max(at + 5, y + room), foot - left_over * room)  # moved apart, and none below the foot
        paper.text(right + 2, y, year, colour=BLUE if year == latest else GREY, bold=year == latest)
    return paper.svg(name, title, one.words)
