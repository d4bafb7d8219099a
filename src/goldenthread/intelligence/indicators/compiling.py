"""An indicator as one query: for every area, period and group its numerator, its denominator, and how many said nothing.

The query has the columns area, period, grp, n, d, asked. `n` and `d` are counts (for an average, the sum of what was measured
and how many were); `asked` is how many rows there were before those that say nothing were left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import ibis
import ibis.config
import ibis.expr.types as ir

from goldenthread.guidance.indicator import Conditions, Each, Indicator, Measured, Related, Rows
from goldenthread.guidance.indicator_checks import pathways_of

from .answered import answered, answers_to
from .conditions import key_of, latest, latest_answers, narrowed, needs_period
from .meetings import kinds_read
from .rows import Source, answering, in_periods, plain_rows, spell_source
from .tables import NOT_KNOWN

AGE_BANDS: tuple[tuple[int, str], ...] = (
    (-1, "unborn"), (0, "under 1"), (1, "1 to 4"), (5, "5 to 9"), (10, "10 to 15"), (16, "16 to 17"), (18, "18 and over"),
)  # fmt: skip
"""First age of each band (the bands of the children in need census, and adults)."""
DIALECTS: Mapping[str, str] = {"duckdb": "duckdb", "postgresql": "postgres", "spark": "pyspark", "trino": "trino"}
GROUPS = ("age_band", "sex", "ethnicity", "agency", "answer")
TOGETHER = ("age_band", "sex", "ethnicity", "agency")
"""Groups that one query can tell at once, as one group `age_band+sex` whose parts are told apart as `age_band/1 to 4`."""


def compiled(source: Source, indicator: Indicator, group: str | None = None, dialect: str = "duckdb") -> str:
    """The SQL of an indicator that is counted, for one of DIALECTS; `group` is one of GROUPS, or several of
    TOGETHER with + between them."""
    _ready(dialect)
    return _kept(
        source, indicator, (group, dialect),
        lambda: ibis.to_sql(expression_of(source, indicator, group), dialect=DIALECTS[dialect]),
    )  # fmt: skip


def compiled_spell(source: Source, name: str, dialect: str = "duckdb") -> str:
    """The SQL that makes the table `spell_NAME`, which the indicators of `spells_of` read."""
    _ready(dialect)
    return _kept(
        source, source.library, (name, dialect), lambda: ibis.to_sql(spell_source(source, name), dialect=DIALECTS[dialect])
    )


class _SparkOptions(ibis.config.Config):  # type: ignore[misc]
    """What Ibis asks of its options for Spark, which it sets only where Spark itself is installed."""

    treat_nan_as_null: bool = False


def _ready(dialect: str) -> None:
    if dialect == "spark" and ibis.options.pyspark is None:
        ibis.options.pyspark = _SparkOptions()


_KEEP = 4096
_made: dict[tuple[object, ...], tuple[str, object, object]] = {}


def _kept(source: Source, about: object, which: tuple[object, ...], make: Callable[[], object]) -> str:
    """SQL once made is kept for the life of the process: making it takes longer than running it on a small table."""
    key = (id(source.library), source.as_of, id(about), *which)
    if key not in _made:
        if len(_made) >= _KEEP:
            _made.clear()
        _made[key] = str(make()), source.library, about  # what an id is of must live as long as the id is used
    return _made[key][0]


def expression_of(source: Source, indicator: Indicator, group: str | None) -> ir.Table:
    """The query of an indicator as an Ibis expression."""
    asker = _Asker(source, indicator, group)
    parts = []
    measured = indicator.average or indicator.median
    if indicator.counts is not None:
        parts.append(asker.counted(indicator.counts, None, numerator=True))
    if indicator.of is not None:
        if indicator.those is not None:
            parts.append(asker.counted(indicator.of, indicator.those, numerator=True))
        if measured is not None:
            parts.append(asker.measured(indicator.of, measured, median=indicator.median is not None))
        else:
            parts.append(asker.counted(indicator.of, None, numerator=False))
    main = indicator.main
    if main is not None and (main.known or main.known_latest):
        parts.append(asker.asked(main))
    together = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return together.group_by("area", "period", "grp").aggregate(
        n=together.n.sum(), d=together.d.sum(), asked=together.asked.sum()
    )


class _Asker:
    """Builds the parts of one query."""

    def __init__(self, source: Source, indicator: Indicator, group: str | None) -> None:
        self.source, self.indicator, self.group = source, indicator, group

    def counted(self, rows: Rows, those: Conditions | None, *, numerator: bool) -> ir.Table:
        table = self._grouped(self._known(self._rows(rows, those), rows), rows)
        counted: ir.IntegerValue
        if rows.distinct is None:
            counted = table.row.nunique() if self._multiplied else table.count()
        elif rows.distinct == "worker":
            workers = self.source.cases.select(_case="case", worker="worker")
            table = table.inner_join(workers, table.case == workers._case)
            counted = table.worker.nunique()
        else:
            counted = (table.person if rows.distinct == "child" else table.case).nunique()
        found = table.group_by("area", "period", "grp").aggregate(many=counted.cast("float64"))
        zero = ibis.literal(0.0)
        return found.select(
            "area", "period", "grp", n=found.many if numerator else zero, d=zero if numerator else found.many, asked=zero,
        )  # fmt: skip

    def asked(self, rows: Rows) -> ir.Table:
        table = self._grouped(self._rows(rows, None), rows)
        found = table.group_by("area", "period", "grp").aggregate(many=table.row.nunique().cast("float64"))
        zero = ibis.literal(0.0)
        return found.select("area", "period", "grp", n=zero, d=zero, asked=found.many)

    def measured(self, rows: Rows, measured: Measured, *, median: bool) -> ir.Table:
        table = self._grouped(self._known(self._rows(rows, None), rows), rows)
        if measured.answer:
            answers = answers_to(self.source, answering(self.source.library, rows), measured.answer)
            answers = answers.select(_event="event", size=answers.number)
            table = table.left_join(answers, table.event == answers._event)
        else:
            stop = ibis.coalesce(table.end, table.day) if rows.kind == "duties" else table.day
            table = table.mutate(size=stop.delta(table.start, unit="day").cast("float64"))
        groups = ["area", "period", "grp"]
        if median:
            table = table.filter(table["size"].notnull())
            window = {"group_by": [table[one] for one in groups]}
            table = table.mutate(
                _place=ibis.row_number().over(order_by=[table["size"], table.row], **window),
                _many=table.count().over(**window),
            )
            # row numbers start at 0: this leaves the middle one, or the middle two of an even number
            table = table.filter(table._place * 2 >= table._many - 2, table._place * 2 <= table._many)
            found = table.group_by(*groups).aggregate(middle=table["size"].mean(), many=table._many.max())
            many = found.many.cast("float64")
            return found.select(*groups, n=found.middle * many, d=many, asked=ibis.literal(0.0))
        # a group whose rows say nothing is there all the same, with nothing measured
        found = table.group_by(*groups).aggregate(total=table["size"].sum(), many=table["size"].count().cast("float64"))
        return found.select(*groups, n=ibis.coalesce(found.total, 0.0), d=found.many, asked=ibis.literal(0.0))

    def _rows(self, rows: Rows, those: Conditions | None) -> ir.Table:
        """The rows with every condition, in their periods. What needs no period is judged once a row, before."""
        all_conditions: list[Conditions] = [rows] if those is None else [rows, those]
        table = plain_rows(self.source, rows, all_conditions)
        laid = False
        for conditions in all_conditions:
            if needs_period(conditions, rows) and not laid:
                table, laid = in_periods(self.source, rows, table), True
            table = narrowed(self.source, rows, conditions, table)
        return table if laid else in_periods(self.source, rows, table)

    def _known(self, table: ir.Table, rows: Rows) -> ir.Table:
        table = answered(self.source, table, "event", answering(self.source.library, rows), rows.known)
        for name, when in rows.known_latest.items():
            table = latest(self.source, rows, table, name, when)
        return table

    @property
    def _multiplied(self) -> bool:
        """Whether a row may stand in several groups, or in one of them twice."""
        return self.group == "answer"

    def _grouped(self, table: ir.Table, rows: Rows) -> ir.Table:
        """The rows with `grp`, once for every area that theirs is part of."""
        table = self._with_group(table, rows)
        areas = self.source.areas.select(_area="area", _part="part")
        joined = table.inner_join(areas, table.area == areas._part)
        return joined.mutate(area=joined._area).drop("_area", "_part")

    def _with_group(self, table: ir.Table, rows: Rows) -> ir.Table:
        if self.group is None:
            return table.mutate(grp=ibis.literal(""))
        if self.group == "answer":
            assert self.indicator.each is not None
            return self._by_answer(table, rows, self.indicator.each)
        groups = self.group.split("+")
        told = {one: f"_{one}" for one in groups if one in ("sex", "ethnicity")}
        joined = table
        if told:
            people = self.source.people.select(_person="person", **{name: one for one, name in told.items()})
            joined = table.left_join(people, table.person == people._person)
        if len(groups) == 1:
            return joined.mutate(grp=self._name(joined, groups[0])).select(*table.columns, "grp")
        names = self.source.groupings.filter(self.source.groupings.name.isin(groups)).select(_by="name")
        joined = joined.cross_join(names)
        each = [(joined._by == one, ibis.literal(f"{one}/") + self._name(joined, one)) for one in groups]
        return joined.mutate(grp=ibis.cases(*each)).select(*table.columns, "grp")

    def _name(self, table: ir.Table, group: str) -> ir.StringValue:
        """The group that a row is in."""
        unknown = ibis.literal(NOT_KNOWN)
        if group == "age_band":
            bands = [(table.age >= first, ibis.literal(name)) for first, name in reversed(AGE_BANDS)]
            return ibis.cases(*bands, else_=unknown)
        return ibis.coalesce(table["agency" if group == "agency" else f"_{group}"], unknown)

    def _by_answer(self, table: ir.Table, rows: Rows, each: Each) -> ir.Table:
        unknown = ibis.literal(NOT_KNOWN)
        if each.latest:
            told = latest_answers(self.source, rows, table, each.latest, each.answer)
            keys = key_of(table)
            told = told.select("code", **{f"_{one}": one for one in keys})
            joined = table.left_join(told, [table[one] == told[f"_{one}"] for one in keys])
        else:
            answers = answers_to(self.source, answering(self.source.library, rows), each.answer)
            told = answers.select(_event="event", code="code")
            joined = table.left_join(told, table.event == told._event)
        return joined.mutate(grp=ibis.coalesce(joined.code, unknown)).select(*table.columns, "grp")


def spells_of(indicator: Indicator) -> list[str]:
    """The spells that an indicator reads."""
    found: dict[str, None] = {}
    for rows in (indicator.counts, indicator.of):
        if rows is not None:
            found |= dict.fromkeys([*([rows.spells] if rows.spells else []), *_inner(rows)])
    if indicator.those is not None:
        found |= dict.fromkeys(_inner(indicator.those))
    return list(found)


def _inner(conditions: Conditions) -> Iterator[str]:
    if conditions.still:
        yield conditions.still
    related: tuple[Related, ...] = (*conditions.having, *conditions.having_any, *conditions.not_having)
    for one in related:
        if one.spells:
            yield one.spells


def pathways_read(source: Source, indicator: Indicator) -> set[str]:
    """The pathways, and kinds of meeting, that the main rows of an indicator come from: without any, a value is missing."""
    main = indicator.main
    return {*pathways_of(source.library, main), *kinds_read(indicator)} if main is not None else set()

