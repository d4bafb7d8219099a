"""How often something happened lately, as bars and as a table: by day of the week, part of the day, month or answer.

Counts what the reader may see, the latest first, up to a bound that the page tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.board import Board, Chart
from goldenthread.guidance.pathway import Question

from ..policies import EventPolicy
from .kinds import PARTS, WEEKDAYS, part_of_day
from .which import Narrowed, day_before, narrow, seen, standing

MOST = 1000
"""Events read for one chart, the latest: enough to see what is usual, and as quick in the largest county."""
BARS = 12
WIDTH = 300
"""Length of the longest bar, in the units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its number, its length."""

    words: str
    number: int
    length: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready to be drawn."""

    title: str
    about: str
    bars: list[Bar]
    width: int = WIDTH


def draw(actor: Actor, board: Board, chart: Chart, narrowed: Narrowed, now: datetime) -> Drawn:
    """One chart over all the cases of the board, open and closed, that the reader may see."""
    since = day_before(chart.within, local_day(now))
    cases = seen(actor, board).filter(narrow(actor, narrowed), pk=OuterRef("case"))
    rows = EventPolicy.visible_to(actor).filter(Exists(cases), kind=chart.of, occurred_on__gte=since)
    asked = chart.by.partition(".")[2]
    columns = ("occurred_on", "occurred_at", *(["data"] if asked else []))  # answers are long: only where they are counted
    found = standing(rows).order_by("-occurred_on").values_list(*columns)[:MOST]
    question = _question(board, chart)
    times: Counter[str] = Counter()
    total = 0
    for day, moment, *answers in found:
        total += 1
        if chart.by == "weekday":
            times[WEEKDAYS[day.weekday()]] += 1
        elif chart.by == "time of day":
            times[part_of_day(moment).capitalize() if moment else "Not known"] += 1
        elif chart.by == "month":
            times[f"{day:%Y-%m}"] += 1
        else:
            times.update(_answers(question, answers[0].get(asked)))
    return Drawn(chart.title, _about(chart, total), _bars(_in_order(chart, question, times)))


def _question(board: Board, chart: Chart) -> Question | None:
    kind, _, asked = chart.by.partition(".")
    known = current_library().pathways
    events = (known[name].events[kind] for name in board.pathways if name in known and kind in known[name].events)
    return next((event.asks[asked] for event in events if asked in event.asks), None)


def _answers(question: Question | None, value: object) -> list[str]:
    if value in (None, "", []):
        return ["Not recorded"]
    if isinstance(value, bool):
        return ["Yes" if value else "No"]
    given = value if isinstance(value, list) else [value]
    return [question.of.get(str(one), str(one)) if question is not None else str(one) for one in given]


def _in_order(chart: Chart, question: Question | None, times: Counter[str]) -> list[tuple[str, int]]:
    """In the order of the week, the day or the calendar; answers by how often they were given."""
    if chart.by == "weekday":
        return [(day, times[day]) for day in WEEKDAYS]
    if chart.by == "time of day":
        parts = [word.capitalize() for _, word in PARTS]
        return [(part, times[part]) for part in [*parts, *(["Not known"] if times["Not known"] else [])]]
    if chart.by == "month":
        return [(f"{datetime.strptime(month, '%Y-%m'):%B %Y}", times[month]) for month in sorted(times)[-BARS:]]
    return times.most_common(BARS)


def _bars(rows: list[tuple[str, int]]) -> list[Bar]:
    longest = max((number for _, number in rows), default=0) or 1
    return [Bar(words, number, round(WIDTH * number / longest)) for words, number in rows]


def _about(chart: Chart, total: int) -> str:
    if total >= MOST:
        return f"The latest {MOST:,} in {chart.within}."
    return f"{total:,} in {chart.within}."
