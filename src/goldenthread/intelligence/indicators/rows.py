"""The rows that an indicator counts, as Ibis expressions: which, in which period, with their area, age and answers.

Every expression has the columns of `COLUMNS`; `conditions` narrows them. Spells are read from tables of their own,
`spell_NAME`, which `spell_source` makes. Depends on `tables`; knows no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from goldenthread.guidance.indicator import Conditions, Related, Rows, Spell
from goldenthread.guidance.library import Library

from .answered import answered, keep
from .meetings import meeting_rows
from .tables import ROWS, schema_of

KEY = ("row", "period")
COLUMNS = (
    "row", "event", "person", "case", "area", "agency", "age", "day", "start", "end", "due", "period", "period_start",
    "period_end",
)  # fmt: skip
"""`row` tells one row from another; `event` is the event whose answers it has; `day` is the day in question."""
SPELL = {
    "row": "string", "person": "string", "case": "string", "area": "string", "agency": "string", "start": "date",
    "end": "date", "age": "int32", "age_end": "int32",
}  # fmt: skip
_TYPES = {"string": "string", "date32[day]": "date", "int32": "int32", "double": "float64", "bool": "boolean"}
PERIODS = {"period": "string", "period_start": "date", "period_end": "date"}


class Source:
    """The tables as Ibis knows them, by name: nothing is read until a query runs."""

    def __init__(self, library: Library, as_of: date) -> None:
        self.library = library
        self.as_of = as_of
        for name in ROWS:
            columns = {one.name: _TYPES[str(one.type)] for one in schema_of(name)}
            setattr(self, name, ibis.table(columns, name=name))
        self.periods = ibis.table(PERIODS, name="periods")
        self.groupings = ibis.table({"name": "string"}, name="groupings")
        self.days = ibis.table({"day": "date", **PERIODS}, name="period_days")

    events: ir.Table
    cases: ir.Table
    answers: ir.Table
    duties: ir.Table
    meetings: ir.Table
    seats: ir.Table
    reports: ir.Table
    people: ir.Table
    areas: ir.Table

    def extract_day(self) -> ir.DateScalar:
        """The day up to which the tables tell."""
        return ibis.literal(self.as_of)

    def spell(self, name: str) -> ir.Table:
        return ibis.table(SPELL, name=f"spell_{name}")

    def happened(self, matches: Mapping[str, Mapping[str, Any]]) -> ir.Table:
        """Events of these kinds ("pathway.kind"), each with the answers asked of it."""
        plain = [name for name, when in matches.items() if not when]
        parts = [
            answered(self, self._of_kinds([name]), "event", [name], when) for name, when in matches.items() if when
        ]
        if plain or not parts:
            parts.insert(0, self._of_kinds(plain))
        return parts[0] if len(parts) == 1 else ibis.union(*parts)

    def _of_kinds(self, names: list[str]) -> ir.Table:
        by_pathway: dict[str, list[str]] = {}
        for name in names:
            pathway, _, kind = name.partition(".")
            by_pathway.setdefault(pathway, []).append(kind)
        events = self.events
        tests = [
            (events.pathway == pathway) & (events.kind.isin(kinds)) for pathway, kinds in by_pathway.items()
        ]
        return events.filter(reduce(lambda one, other: one | other, tests, ibis.literal(False)) if len(tests) > 1 else tests[0])

    def of_duties(self, names: list[str]) -> ir.Table:
        """Duties by "pathway.duty": those that came to something. Excused ones, ones without a date yet and ones that
        ended before they fell due are as if they had not been."""
        duties = self.duties
        tests = [
            (duties.pathway == name.partition(".")[0]) & (duties.duty == name.partition(".")[2]) for name in names
        ]
        wanted = reduce(lambda one, other: one | other, tests)
        stands = duties.outcome.isin(["open", "met"]) | ((duties.outcome == "cancelled") & duties.late)
        return duties.filter(wanted, stands)

    def with_age(self, table: ir.Table) -> ir.Table:
        """`age` as whole years on the last day of the period, from the month of birth."""
        people = self.people.select(_person="person", _born="born")
        joined = table.left_join(people, table.person == people._person)
        end, born = joined.period_end, joined._born
        years = end.year() - born.year() - ibis.cases((end.month() < born.month(), 1), else_=0)
        age = ibis.cases((born.isnull() & (joined.age < 0), joined.age), (born > end, -1), else_=years).cast("int32")
        return joined.mutate(age=age).drop("_person", "_born")


def plain_rows(source: Source, rows: Rows, conditions: Sequence[Conditions] = ()) -> ir.Table:
    """The rows without a period: `in_periods` lays them over the periods. What conditions say of being on time, and of
    meetings, is judged here."""
    if rows.of_meetings:
        return meeting_rows(source, rows, conditions)
    nothing = ibis.null("date")
    if rows.kind == "events":
        events = source.happened(rows.events)
        return events.select(
            "event", "person", "case", "area", "agency", "age", "day",
            row=events.event, start=nothing, end=nothing, due=nothing,
        )  # fmt: skip
    if rows.kind == "spells":
        assert rows.spells is not None
        spells = source.spell(rows.spells)
        day = {"started": spells.start, "ended": spells.end}.get(rows.when or "", nothing)
        age = spells.age_end if rows.when == "ended" else spells.age
        return spells.select(
            "row", "person", "case", "area", "agency", "start", "end",
            event=spells.row, age=age, day=day, due=nothing,
        )  # fmt: skip
    duties = source.of_duties(rows.duties)
    good = (duties.outcome == "met") & ~duties.late
    for one in conditions:
        if one.on_time is not None:
            duties = duties.filter(good if one.on_time else ~good)
    return duties.select(
        "person", "case", "area", "agency", "age", "due", row=duties.duty_row, event=duties.met_by,
        day=getattr(duties, rows.when or "due"), start=duties.started, end=duties.met,
    )  # fmt: skip


def in_periods(source: Source, rows: Rows, table: ir.Table) -> ir.Table:
    """Each row once for every period that it counts in."""
    if rows.when in ("open_at_end", "during"):
        periods = source.periods
        going_on = table.end.isnull() | (table.end > (periods.period_end if rows.when == "open_at_end" else periods.period_start))
        if rows.when == "during":
            going_on = going_on | (table.start >= periods.period_start)
        joined = table.inner_join(periods, [table.start <= periods.period_end, going_on])
        return source.with_age(joined.mutate(day=joined.period_end)).select(*COLUMNS)
    days = source.days.rename(_on="day")
    return table.inner_join(days, table.day == days._on).select(*COLUMNS)


def answering(library: Library, rows: Rows | Related) -> list[str]:
    """The events ("pathway.kind") whose answers the rows have: themselves, what begins a spell, what meets a duty."""
    if rows.events:
        return list(rows.events)
    if isinstance(rows, Rows) and rows.of_meetings:
        return []
    if rows.duties:
        names = [name.split(".") for name in rows.duties]
        return [f"{pathway}.{kind}" for pathway, duty in names for kind in library.pathways[pathway].duties[duty].met_by]
    spell = library.spells.spells.get(rows.spells or "")
    pathway = library.pathways[spell.pathway if spell else rows.spells or ""]
    kinds = spell.starts if spell and spell.starts else [kind for kind, one in pathway.events.items() if one.opens]
    return [f"{pathway.id}.{kind}" for kind in kinds]


def spell_source(source: Source, name: str) -> ir.Table:
    """How the table `spell_NAME` is made from cases and events."""
    spell = source.library.spells.spells.get(name)
    if spell is None:
        return _from_cases(source, name)
    return _restarting(source, spell) if spell.restarts else _plain(source, spell)


def _from_cases(source: Source, pathway: str) -> ir.Table:
    """The cases of a pathway, from opening to closing."""
    cases = source.cases.filter(source.cases.pathway == pathway)
    opens = [kind for kind, one in source.library.pathways[pathway].events.items() if one.opens]
    events = source.events.filter(source.events.pathway == pathway, source.events.kind.isin(opens))
    first = events.mutate(
        _place=ibis.row_number().over(group_by=events.case, order_by=events.sequence)
    )
    first = first.filter(first._place == 0).select(row="event", _case="case", age="age")
    last = source.events.filter(source.events.pathway == pathway).select(_closing="event", age_end="age")
    joined = cases.inner_join(first, cases.case == first._case)
    joined = joined.left_join(last, joined.closed_by == last._closing)
    return joined.select(
        "row", "person", "case", "area", agency="lead", start="opened", end="closed", age="age", age_end="age_end"
    )


def _marks(source: Source, spell: Spell) -> ir.Table:
    """What begins (0) and ends (1) the spell, in each case."""
    pathway = source.library.pathways[spell.pathway]
    starts = dict(spell.starts) or {kind: {} for kind, one in pathway.events.items() if one.opens}
    begins = source.happened({f"{pathway.id}.{kind}": when for kind, when in starts.items()})
    closing = source.cases.filter(source.cases.pathway == pathway.id, source.cases.closed_by.notnull())
    closing = closing.select(_by="closed_by")
    events = source.events.filter(source.events.pathway == pathway.id)
    ends = keep(events, closing, [events.event == closing._by])
    if spell.ends:
        others = source.happened({f"{pathway.id}.{kind}": when for kind, when in spell.ends.items()})
        ends = ibis.union(ends, others, distinct=True)
    return ibis.union(begins.mutate(mark=ibis.literal(0, "int8")), ends.mutate(mark=ibis.literal(1, "int8")))


def _plain(source: Source, spell: Spell) -> ir.Table:
    marks = _marks(source, spell)
    order = [marks.sequence, marks.mark]
    later = ibis.window(group_by=marks.case, order_by=order, following=(1, None))
    marks = marks.mutate(
        _before=marks.mark.lag().over(group_by=marks.case, order_by=order),
        end=ibis.cases((marks.mark == 1, marks.day), else_=ibis.null("date")).min().over(later),
        age_end=ibis.cases((marks.mark == 1, marks.age), else_=ibis.null("int32")).min().over(later),
    )
    begun = marks.filter(marks.mark == 0, marks._before.isnull() | (marks._before == 1))
    return _as_spells(source, begun)


def _restarting(source: Source, spell: Spell) -> ir.Table:
    marks = _marks(source, spell)
    if spell.same:
        answers = source.answers
        same = answers.filter(answers.pathway == spell.pathway, answers.field == spell.same)
        same = same.select(_event="event", _same="code")
        marks = marks.left_join(same, marks.event == same._event).drop("_event")
        order = [marks.sequence, marks.mark]
        marks = marks.mutate(
            _before=marks.mark.lag().over(group_by=marks.case, order_by=order),
            _last=marks._same.lag().over(group_by=marks.case, order_by=order),
        )
        goes_on = (marks.mark == 0) & (marks._before == 0) & (marks._same == marks._last)
        marks = marks.filter(~goes_on.fill_null(False))
    order = [marks.sequence, marks.mark]
    marks = marks.mutate(
        end=marks.day.lead().over(group_by=marks.case, order_by=order),
        age_end=marks.age.lead().over(group_by=marks.case, order_by=order),
    )
    return _as_spells(source, marks.filter(marks.mark == 0))


def _as_spells(source: Source, begun: ir.Table) -> ir.Table:
    cases = source.cases.select(_case="case", _lead="lead")
    joined = begun.inner_join(cases, begun.case == cases._case)
    return joined.select(
        "person", "case", "area", "age", "age_end", "end", row="event", start="day", agency="_lead"
    ).select(*SPELL)
