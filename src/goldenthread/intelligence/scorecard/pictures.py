"""Small pictures of a scorecard: a line of the last periods, and districts beside each other on one scale. Pure.

A picture never stands alone: what it shows is in words in its title, and in a table on the same page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goldenthread.guidance.canvas import tag

from ..charts.paper import BLUE, GREY, INK, PALE_GREY, WHITE, Paper, Scale
from ..charts.series import said
from .reading import KEPT_BACK

Known = Sequence[tuple[str, float | None]]
"""Period and value; None is a gap."""


def spark(trend: Known, name: str, unit: str) -> str:
    """A line of 110 by 30 with a dot at its end; a gap where there is no figure. Empty where there is nothing to draw."""
    known = [value for _, value in trend if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    up = Scale(low, high, 25, 5) if high > low else Scale(low - 1, high + 1, 25, 5)
    across = Scale(0, len(trend) - 1, 5, 105)
    drawn = []
    for run in _runs(trend):
        if len(run) > 1:
            path = "M" + "L".join(f"{across(nth):.1f} {up(value):.1f}" for nth, value in run)
            drawn.append(tag("path", d=path, fill="none", stroke=BLUE, stroke_width=2))
        else:
            drawn.append(tag("circle", cx=round(across(run[0][0]), 1), cy=round(up(run[0][1]), 1), r=1.5, fill=BLUE))
    last = next(nth for nth in range(len(trend) - 1, -1, -1) if trend[nth][1] is not None)
    end = trend[last][1]
    assert end is not None
    drawn.append(tag("circle", cx=round(across(last), 1), cy=round(up(end), 1), r=3.5, fill=BLUE))
    words = ", ".join(said(value) if value is not None else "no figure" for _, value in trend)
    return tag(
        "svg", "".join(drawn), class_="gt-score__spark", viewBox="0 0 110 30", width=110, height=30, role="img",
        aria_label=f"{name}, {trend[0][0]} to {trend[-1][0]}, {unit}: {words}",
    )  # fmt: skip


def _runs(trend: Known) -> list[list[tuple[int, float]]]:
    found: list[list[tuple[int, float]]] = [[]]
    for nth, (_, value) in enumerate(trend):
        if value is None:
            found.append([])
        else:
            found[-1].append((nth, value))
    return [run for run in found if run]


@dataclass(frozen=True, slots=True)
class Place:
    """A district: its values, and in words what its picture says."""

    title: str
    trend: Known
    words: str
    kept_back: frozenset[int] = frozenset()
    """Which of its periods are kept back."""


def multiples(places: Sequence[Place], whole: Known, whole_title: str, unit: str, prefix: str) -> list[str]:
    """A picture a district, all on one scale; the line of the whole lies pale behind each."""
    values = [value for _, value in whole if value is not None]
    values += [value for one in places for _, value in one.trend if value is not None]
    if not values:
        return []
    low, high = min(0.0, *values), max(values)
    high = high if high > low else low + 1
    return [
        _one(one, whole, f"{prefix}-{nth}", low, high, f"{unit}. Behind it, pale: {whole_title}")
        for nth, one in enumerate(places)
    ]


def _one(place: Place, whole: Known, name: str, low: float, high: float, about: str) -> str:
    paper = Paper(220, 120, size=14)
    up, across = Scale(low, high, 96, 16), Scale(0, max(1, len(whole) - 1), 10, 160)
    paper.line([(6, up(max(low, 0))), (164, up(max(low, 0)))], PALE_GREY, wide=1)
    for run in _runs(whole):
        paper.line([(across(nth), up(value)) for nth, value in run], PALE_GREY, wide=3)
    for run in _runs(place.trend):
        if len(run) == 1:
            paper.mark(across(run[0][0]), up(run[0][1]), "circle", BLUE)
        paper.line([(across(nth), up(value)) for nth, value in run], BLUE, wide=2)
    last = next((nth for nth in range(len(place.trend) - 1, -1, -1) if place.trend[nth][1] is not None), None)
    for nth in sorted(place.kept_back):
        paper.text(across(nth), 92, KEPT_BACK, anchor="middle", colour=GREY, bold=nth == len(place.trend) - 1)
    if last is None and not place.kept_back:
        paper.text(85, 60, "No figures", anchor="middle", colour=GREY)
    elif last is not None:
        end = place.trend[last][1]
        assert end is not None
        paper.mark(across(last), up(end), "circle", BLUE)
        if last == len(place.trend) - 1:
            paper.text(across(last) + 10, up(end) + 5, said(end), bold=True, colour=INK)
    paper.text(6, 114, place.trend[0][0] if place.trend else "", colour=GREY)
    return paper.svg(name, place.title, f"{place.words} {about}.")


def judged_svg(shape: str) -> str:
    """Circle for met, triangle for near, square for missed: the words stand beside it."""
    drawn = {
        "met": tag("circle", cx=8, cy=8, r=7, fill="#0f7a52"),
        "near": tag("path", d="M8 1 15.5 15H.5Z", fill="#f47738"),
        "missed": tag("rect", x=1, y=1, width=14, height=14, fill="#ca3535"),
    }.get(shape)
    if drawn is None:
        return ""
    return tag("svg", drawn, class_="gt-score__shape", viewBox="0 0 16 16", width=16, height=16, aria_hidden="true", fill=WHITE)
