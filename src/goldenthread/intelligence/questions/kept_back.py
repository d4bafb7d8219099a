"""Holds what somebody who sees every number writes against the numbers that are kept back. Pure.

Only for those who see small numbers: to refuse somebody else's words for a number in them would tell them that it is right.
"""

from __future__ import annotations

import re

from goldenthread.guidance.indicator import Indicator

from ..indicators.periods import Period, previous
from ..scorecard.keeping import Figure, Kept
from ..scorecard.reading import text_of


def kept_back_in(text: str, kept: Kept, name: str, indicator: Indicator, area: str, period: Period) -> str:
    """A number of this figure, in this period or the one before, that the words give away; "" where they give none."""
    figures = kept.of(name, [area], [period.key, previous(period).key])
    for one in figures.values():
        for number in _numbers(one, indicator):
            if re.search(rf"(?<![\w.,/]){re.escape(number)}(?![\w/]|[.,]\d)", text):
                return number
    return ""


def _numbers(one: Figure, indicator: Indicator) -> set[str]:
    if one.may_leave:
        return set()
    found = {f"{number:g}" for number in (one.numerator, one.denominator) if number}
    if one.value is not None:
        found |= {text_of(one.value, indicator).removesuffix("%"), f"{one.value:g}"}
    return found - {"0"}
