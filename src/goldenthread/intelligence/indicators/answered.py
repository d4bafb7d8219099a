"""Conditions on the answers of an event, as Ibis expressions over the table of answers.

`{outcome: plan}`, `{outcome: [plan, no_plan]}`, `{outcome: {not: plan}}`, `{score: {at_least: 17}}`, `{score: {given: true}}`:
as everywhere in the guidance language, an answer that was not given is not any value, and so it is `not` each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from goldenthread.guidance.terms import Test

if TYPE_CHECKING:
    from .rows import Source


def answered(
    source: Source, table: ir.Table, column: str, kinds: Iterable[str], when: Mapping[str, Any]
) -> ir.Table:
    """The rows whose event, in `column`, gave these answers. `kinds` are "pathway.kind"."""
    for name, expected in when.items():
        answers = answers_to(source, kinds, name)
        for wanted, test in tests_of(expected):
            found = answers.filter(test(answers)) if test is not None else answers
            found = found.select(_event="event").view()  # a view: the same answers may be looked at twice
            join = keep if wanted else leave
            table = join(table, found, [table[column] == found._event])
    return table


def keep(table: ir.Table, other: ir.Table, tests: list[Any]) -> ir.Table:
    """The rows beside which another stands. Selected anew, so that a further condition may look at the same table."""
    return table.semi_join(other, tests).select(*table.columns)


def leave(table: ir.Table, other: ir.Table, tests: list[Any]) -> ir.Table:
    """The rows beside which none stands."""
    return table.anti_join(other, tests).select(*table.columns)


def answers_to(source: Source, kinds: Iterable[str], name: str) -> ir.Table:
    """The answers that some kinds of event give to a question."""
    answers = source.answers
    pathways = sorted({kind.partition(".")[0] for kind in kinds})
    events = sorted({kind.partition(".")[2] for kind in kinds})
    return answers.filter(answers.pathway.isin(pathways), answers.kind.isin(events), answers.field == name)


def tests_of(expected: Any) -> list[tuple[bool, Any]]:
    """A condition as (whether such an answer must be there, the test of one answer); None tests nothing."""
    if not isinstance(expected, Test):
        return [(True, _equals(expected if isinstance(expected, list) else [expected]))]
    found: list[tuple[bool, Any]] = []
    if expected.is_not is not None:
        refused = expected.is_not if isinstance(expected.is_not, list) else [expected.is_not]
        found.append((False, _equals(refused)))
    if expected.given is not None:
        found.append((expected.given, None))
    least, under = expected.at_least, expected.under
    if least is not None or under is not None:

        def between(answers: ir.Table) -> ir.BooleanValue:
            low = answers.number >= least if least is not None else ibis.literal(True)
            return low & (answers.number < under) if under is not None else low

        found.append((True, between))
    return found


def _equals(values: list[Any]) -> Any:
    codes = [str(one).lower() if isinstance(one, bool) else one for one in values if isinstance(one, (bool, str))]
    numbers = [float(one) for one in values if isinstance(one, (int, float)) and not isinstance(one, bool)]
    codes += [str(int(one)) for one in numbers if one.is_integer()]  # an answer written as a code, such as level 4
    days = [one for one in values if isinstance(one, date)]

    def test(answers: ir.Table) -> ir.BooleanValue:
        parts = [
            column.isin(wanted)
            for column, wanted in ((answers.code, codes), (answers.number, numbers), (answers.date, days))
            if wanted
        ]
        return parts[0] if len(parts) == 1 else ibis.or_(*parts)

    return test
