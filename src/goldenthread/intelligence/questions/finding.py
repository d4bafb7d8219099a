"""Finds the exceptions of a scorecard by the rules of exceptions.yaml. Pure: values in, exceptions out.

Reads only what may be told outside need to know (`exact=False` throughout), so nothing that a question says can give a
small number away: every value, and every limit of a chart, comes from what the scorecard shows to everyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from goldenthread.guidance.exceptions import ExceptionRule, Exceptions, Pair
from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library

from ..indicators.periods import Period, previous
from ..indicators.values import NOTES
from ..scorecard.detail import Detail, charted_by, detail
from ..scorecard.keeping import NONE, Kept, digest_of
from ..scorecard.reading import (
    MISSING,
    Line,
    Shown,
    judge,
    latest_over,
    line,
    period_for,
    shown,
    target_on,
    text_of,
)
from ..scorecard.releasing import LEAVES
from ..scorecard.working_out import indicators_told

FOR_THE_WORSE = ("concern_high", "concern_low")
NOTHING = NOTES["nothing_counted"]
"""There was nobody to count: no figure is missing."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it is told to everyone, and what it is of."""

    indicator: str
    title: str
    area: str
    area_title: str
    period: str
    value: str
    because: str = ""
    rule: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An exception: the figure, the question in words, and who is asked."""

    told: Told
    question: str
    kind: str
    """The kind of agency that answers."""
    supplier: str = ""
    """The agency's own name, where the figure is one that it sends in."""


def exceptions_of(kept: Kept, library: Library) -> Iterator[Found]:
    """What fits a rule in the latest periods that are over: of one figure in one area the first rule that does."""
    rules = library.exceptions
    known = indicators_told(library)
    sheets = {name: sheet.id for sheet in library.sheets.values() for name in sheet.indicators}
    for area, (area_title, kind) in areas_of(library, kept).items():
        fitting = {name: one for name, one in rules.rules.items() if kind in one.areas}
        for name, indicator in known.items():
            if not any(not one.indicators or name in one.indicators for one in fitting.values()):
                continue
            found = told_of(kept, name, indicator, area)
            if found is None:
                continue
            for rule_name, rule in fitting.items():
                if rule.sign == "disagree" or (rule.indicators and name not in rule.indicators):
                    continue
                because = _because(rule, found)
                if because is not None:
                    told = _told(kept, name, found.line, area, area_title, because, rule_name)
                    kind_asked = rules.answering_for(sheets[name], name)
                    yield Found(told, _words(rule, told, found.line), kind_asked, _supplier(indicator))
                    break
        for rule_name, rule in fitting.items():
            if rule.sign == "disagree":
                yield from _disagreeing(kept, known, rules, rule_name, rule, area, area_title, sheets)


def areas_of(library: Library, kept: Kept) -> dict[str, tuple[str, str]]:
    """Areas that values were worked out for -> title and kind."""
    return {
        area.id: (area.title, area.kind)
        for arrangement in library.arrangements.values()
        for area in arrangement.areas
        if area.id in kept.areas
    }


def told_of(kept: Kept, name: str, indicator: Indicator, area: str) -> Detail | None:
    """A figure in its latest period that is over, as everyone may see it; None where it is told to nobody."""
    period = period_for(indicator, latest_over(kept.about.as_of), exact=False)
    if period.frequency not in LEAVES or period.end > kept.about.as_of:
        return None
    often = charted_by(indicator, exact=False)
    return detail(kept, name, indicator, area, {}, period, False, often[0] if often else "year")


def value_words(one: Shown, indicator: Indicator) -> str:
    """A value with its unit, as a sentence needs it."""
    if one.mark or indicator.unit in ("count", "per cent"):
        return one.text
    return f"{one.text} {indicator.unit}"


def _told(kept: Kept, name: str, one: Line, area: str, area_title: str, because: str, rule: str) -> Told:
    definition = kept.digests.get(name, digest_of(one.indicator))
    value = value_words(one.now, one.indicator)
    return Told(name, one.indicator.title, area, area_title, one.period.key, value, because, rule, definition)


def _words(rule: ExceptionRule, told: Told, one: Line) -> str:
    target = text_of(one.target, one.indicator) if one.target is not None else "none"
    return " ".join(rule.asks.format(
        figure=told.title, area=told.area_title, period=told.period, value=told.value, target=target, because=told.because,
        before=value_words(one.before, one.indicator),
    ).split())  # fmt: skip


def _supplier(indicator: Indicator) -> str:
    return indicator.collected.source if indicator.collected is not None else ""


def _because(rule: ExceptionRule, found: Detail) -> str | None:
    """Why a rule fits, in a sentence; None where it does not."""
    if rule.sign == "off_target":
        return _off_target(found.line, rule.running)
    if rule.sign == "out_of_control":
        return _out_of_control(found)
    return _newly_missing(found.line, rule.complete_under)


def _off_target(one: Line, running: int) -> str | None:
    latest = one.trend[-running:]
    if len(latest) < running:
        return None
    for key, value in latest:
        if judge(value, target_on(one.indicator, Period.parse(key).end), one.indicator).shape != "missed":
            return None
    return f"{one.judged.word}: {one.judged.words}{f', {running} periods running' if running > 1 else ''}."


def _out_of_control(found: Detail) -> str | None:
    """The chart's own words, where its latest point is that of the period and a rule says it is for the worse."""
    chart = found.chart
    if found.line.now.value is None or chart.variation.icon not in FOR_THE_WORSE or not chart.points:
        return None
    if not found.charted or found.charted[-1][0] != found.line.period or chart.points[-1].value is None:
        return None
    return f"{chart.variation.words} ({'; '.join(chart.variation.because)})."


def _newly_missing(one: Line, complete_under: float) -> str | None:
    now, before = one.now, one.before
    if before.value is None:
        return None
    if now.value is None:
        if now.mark != MISSING or NOTHING in (now.why, *now.notes):
            return None
        return f"there was a figure in {one.before_period.key} ({before.text}), and there is none in {one.period.key}."
    if now.complete is None or before.complete is None or not now.complete < complete_under <= before.complete:
        return None
    return (
        f"only {now.completeness} of what it needs was there in {one.period.key}, and {before.completeness} in "
        f"{one.before_period.key}."
    )


def _disagreeing(
    kept: Kept, known: Mapping[str, Indicator], rules: Exceptions, rule_name: str, rule: ExceptionRule, area: str,
    area_title: str, sheets: Mapping[str, str],
) -> Iterator[Found]:  # fmt: skip
    for pair in rules.pairs.values():
        if pair.one not in known or pair.other not in known:
            continue
        one, other = known[pair.one], known[pair.other]
        if rule.indicators and not {pair.one, pair.other} & set(rule.indicators):
            continue
        both = _same_period(kept, pair, one, other, area)
        if both is None or both[0].now.value is None or both[1].now.value is None or not apart(pair, both):
            continue
        first, second = both
        because = (
            f"{one.title} was {value_words(first.now, one)} and {other.title} was {value_words(second.now, other)} in "
            f"{area_title} in {second.period.key}: they lie further apart than {_tolerance(pair, other)}."
        )
        told = _told(kept, pair.other, second, area, area_title, because, rule_name)
        kind = pair.asks or rules.answering_for(sheets[pair.other], pair.other)
        yield Found(told, _words(rule, told, second), kind, "" if pair.asks else _supplier(other))


def apart(pair: Pair, both: tuple[Line, Line]) -> bool:
    """Whether two told values lie further apart than they may."""
    one, other = both[0].now.value, both[1].now.value
    assert one is not None and other is not None
    room = pair.tolerance if pair.in_points else pair.tolerance / 100 * max(abs(one), abs(other))
    return abs(one - other) > room


def _tolerance(pair: Pair, indicator: Indicator) -> str:
    unit = "" if indicator.unit == "count" else f" {indicator.unit}"
    return f"{pair.tolerance:g}{unit}" if pair.in_points else f"{pair.tolerance:g} per cent"


def _same_period(kept: Kept, pair: Pair, one: Indicator, other: Indicator, area: str) -> tuple[Line, Line] | None:
    """Both of a pair in the latest period that both are told for: the finest for which there are two numbers."""
    for frequency in LEAVES:
        if frequency not in one.periods or frequency not in other.periods:
            continue
        period = latest_over(kept.about.as_of, frequency)
        first, second = (_line(kept, name, each, area, period) for name, each in ((pair.one, one), (pair.other, other)))
        if first.now.value is not None and second.now.value is not None:
            return first, second
    return None


def _line(kept: Kept, name: str, indicator: Indicator, area: str, period: Period) -> Line:
    span: Sequence[Period] = (previous(period), period)
    figures = kept.of(name, [area], [each.key for each in span])
    seen = [shown(figures.get((area, each.key), NONE), indicator, each, kept.about.as_of, False) for each in span]
    return line(name, indicator, span, seen)

