"""Differences between groups as a picture: a dot and its interval for each group, on a scale of times. Pure."""

from __future__ import annotations

from math import inf, log

from goldenthread.guidance.lettering import width_of

from ..charts.beside import Grid
from ..charts.paper import GREY, INK, ORANGE, PALE_GREY, Paper, Scale
from .differences import Comparison, Differences

ROW = 30
LOWEST, HIGHEST = 0.1, 10.0


def svg(one: Differences, name: str, *, width: float = 720) -> str:
    return paper(one, width).svg(name, one.title, one.in_words)


def paper(one: Differences, width: float) -> Paper:
    """What is lower than a tenth or more than ten times runs off the edge."""
    sheet = Paper(width, 52 + ROW * len(one.rows))
    left = min(width * 0.45, 12 + max((width_of(row.group.name, sheet.size) for row in one.rows), default=0))
    foot = sheet.height - 44
    across = Scale(log(LOWEST), log(HIGHEST), left + 12, width - 16)
    for times in (0.1, 0.25, 0.5, 1, 2, 4, 10):
        x = across(log(times))
        sheet.line([(x, 6), (x, foot)], INK if times == 1 else PALE_GREY, wide=1.5 if times == 1 else 1)
        if width > 500 or times in (0.1, 0.5, 1, 2, 10):
            sheet.text(x, foot + 18, f"{times:g}", anchor="middle", colour=GREY)
    sheet.text((left + width) / 2, foot + 36, f"Times as many as {one.against}", anchor="middle", colour=GREY)
    for nth, row in enumerate(one.rows):
        y = 6 + ROW * (nth + 0.5)
        words = row.group.name
        while width_of(words, sheet.size) > left - 8 and len(words) > 2:
            words = f"{words.rstrip('…')[:-1]}…"
        sheet.text(left, y + 5, words, anchor="end")
        _row(sheet, row, across, y)
    return sheet


def _row(sheet: Paper, row: Comparison, across: Scale, y: float) -> None:
    if row.ratio is None or row.ratio_interval is None:
        sheet.text(across(log(1)) + 8, y + 5, "no figure" if row.value is None else row.verdict, colour=GREY)
        return

    def place(times: float) -> float:
        return across(log(min(max(times, LOWEST), HIGHEST)))

    out = row.verdict in ("higher", "lower")
    colour = ORANGE if out else GREY
    sheet.line([(place(row.ratio_interval.low), y), (place(row.ratio_interval.high), y)], colour, wide=3)
    if LOWEST <= row.ratio <= HIGHEST:
        sheet.mark(place(row.ratio), y, "diamond" if out else "circle", colour)


def grid(one: Differences) -> Grid:
    """The table beside the picture."""
    rows = []
    for row in one.rows:
        shown = row.value is not None and row.interval is not None
        interval = f"{row.interval.low:.1f} to {row.interval.high:.1f}" if shown and row.interval else ""
        between = ""
        if row.ratio_interval is not None:
            high = "more" if row.ratio_interval.high == inf else f"{row.ratio_interval.high:.2f}"
            between = f"{row.ratio_interval.low:.2f} to {high}"
        rows.append(
            (
                row.group.name,
                "no figure" if row.group.events is None else f"{row.group.events:,}",
                f"{row.group.of:,}",
                f"{row.value:.1f}" if row.value is not None else "",
                interval,
                f"{row.ratio:.2f}" if row.ratio is not None else "",
                between,
                row.verdict,
            )
        )
    headings = (
        "Group",
        "Count",
        "Out of",
        "Value",
        "Interval",
        f"Times {one.against}",
        "Interval of times",
        "Verdict",
    )
    return Grid(one.title, headings, tuple(rows))
