"""An indicator by group (age, sex, ethnicity, agency, answer), year by year, as a reader may see it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from goldenthread.guidance.canvas import tag
from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.indicator_checks import events_of, pathways_of
from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import Question

from ..charts.paper import BLUE, PALE_GREY
from ..indicators.compiling import AGE_BANDS
from ..indicators.periods import Period
from ..indicators.rows import answering
from ..indicators.tables import NOT_KNOWN
from .keeping import NONE, Kept
from .reading import KEPT_BACK, Shown, shown

TITLES: Mapping[str, str] = {"age_band": "age", "sex": "sex", "ethnicity": "ethnicity", "agency": "agency"}
_SEXES = {"female": "Female", "male": "Male", "indeterminate": "Indeterminate", "unknown": "Unknown"}
_MOST = 30
"""More groups than this are agencies or answers in numbers that no page helps with: those that come first are shown."""


class Named(Protocol):
    """Gives the words for a group that only records know: an agency, an ethnicity."""

    def __call__(self, by: str, group: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Group:
    """One group: what is shown of each year, and a bar for the latest year that is told."""

    code: str
    title: str
    cells: tuple[Shown, ...]
    bar: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """All groups of one kind."""

    by: str
    title: str
    years: tuple[Period, ...]
    """The latest first."""
    groups: tuple[Group, ...]
    more: int
    """How many groups are not shown."""

    @property
    def kept_back(self) -> bool:
        """Whether nothing of it is told but what is nobody."""
        cells = [one for group in self.groups for one in group.cells]
        return any(one.mark == KEPT_BACK for one in cells) and not any(one.value for one in cells)


def groups_told(
    kept: Kept, library: Library, name: str, area: str, *, exact: bool, words: Named, order: Sequence[str] = ()
) -> list[Grouping]:
    """Every grouping of an indicator in an area that has parts; none in an area that is not told by group. `order` has codes
    that come in an order of their own, such as those of ethnicity."""
    indicator, as_of = library.indicators[name], kept.about.as_of
    figures = kept.groups(name, area)
    periods = sorted({Period.parse(year) for _, _, year in figures}, key=lambda one: one.end, reverse=True)
    years = tuple(one for one in periods if exact or one.end <= as_of)
    found = []
    for by in (one for one in (*TITLES, "answer") if any(by == one for by, _, _ in figures)):
        question = asked_by(library, indicator) if by == "answer" else None
        codes = _in_order(by, {group for one, group, _ in figures if one == by}, question, order)
        rows = {
            code: tuple(shown(figures.get((by, code, one.key), NONE), _unit(indicator, by), one, as_of, exact) for one in years)
            for code in codes
        }
        rows = {code: cells for code, cells in rows.items() if any(one.mark != ":" for one in cells)}
        if not set(rows) - {NOT_KNOWN}:
            continue
        newest = next((nth for nth in range(len(years)) if any(cells[nth].value is not None for cells in rows.values())), 0)
        sizes = [cells[newest].value or 0 for cells in rows.values()]
        most = max(sizes) if _unit(indicator, by).unit != "per cent" else 100.0
        title = _title(by, question)
        groups = [
            Group(code, _words(by, code, question, words), cells, _bar(cells[newest], most)) for code, cells in rows.items()
        ]
        found.append(Grouping(by, title, years, tuple(groups[:_MOST]), max(0, len(groups) - _MOST)))
    return found


def asked_by(library: Library, indicator: Indicator) -> Question | None:
    """The question whose answers an indicator is told by."""
    each, main = indicator.each, indicator.main
    if each is None or main is None:
        return None
    if each.latest:
        asks = events_of(library, pathways_of(library, main), each.latest).values()
    else:
        pairs = (one.split(".") for one in answering(library, main))
        asks = [library.pathways[pathway].events[kind].asks for pathway, kind in pairs]  # type: ignore[assignment]
    return next((one[each.answer] for one in asks if each.answer in one), None)


def _unit(indicator: Indicator, by: str) -> Indicator:
    """A share by answer is in per cent, whatever the indicator counts."""
    if by == "answer" and indicator.each is not None and indicator.each.share:
        return indicator.model_copy(update={"unit": "per cent", "printed_decimals": 1})
    return indicator


def _in_order(by: str, codes: set[str], question: Question | None, order: Sequence[str]) -> list[str]:
    if by == "age_band":
        first = [name for _, name in AGE_BANDS]
    elif question is not None:
        first = list(question.of)
    else:
        first = [one for one in order if one in codes]
    return [*(one for one in first if one in codes), *sorted(codes - {*first, NOT_KNOWN}), *({NOT_KNOWN} & codes)]


def _title(by: str, question: Question | None) -> str:
    if by != "answer":
        return TITLES[by]
    label = question.label if question is not None else None
    return f"answer to “{label}”" if label else "answer"


def _words(by: str, code: str, question: Question | None, words: Callable[[str, str], str]) -> str:
    if code == NOT_KNOWN:
        return "Not known"
    if question is not None:
        return str(question.of.get(code, code))
    if by == "sex":
        return _SEXES.get(code, code)
    if by == "age_band":
        return code[:1].upper() + code[1:]
    return words(by, code)


def _bar(one: Shown, most: float) -> str:
    """A bar against the longest; nothing where the number is kept back. What it shows stands beside it."""
    if one.value is None or most <= 0:
        return ""
    drawn = tag("rect", x=0, y=4, width=118, height=12, fill=PALE_GREY)
    if long := round(118 * one.value / most):
        drawn += tag("rect", x=0, y=4, width=long, height=12, fill=BLUE)
    return tag("svg", drawn, class_="gt-score__bar", viewBox="0 0 118 20", width=118, height=20, aria_hidden="true")
