"""An indicator: what is counted, out of what, for whom, and which way is better.

One YAML file under `indicators/` a sheet of indicators on one subject; `spells.yaml` says when a child is on a plan, looked
after, in a placement. `intelligence.indicators` turns a definition into SQL, `intelligence.naive` reads it in plain Python.
See docs/look-up/indicators.md. Pure; depends on `terms` and `words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from .row_words import Window
from .terms import IntervalField, Matches, Reference, Slug, Strict, Text, When

Frequency = Literal["month", "quarter", "year", "rolling_year"]
Breakdown = Literal["age_band", "sex", "ethnicity", "agency", "district"]
Named = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""An event or a duty with its pathway, such as section_47.icpc_held."""

WindowField = Annotated[
    Window, BeforeValidator(lambda value: Window.parse(value) if isinstance(value, str) else value), PlainSerializer(str)
]


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Duties = Annotated[list[Named], BeforeValidator(_one_or_more)]
Kinds = Annotated[list[Slug], BeforeValidator(_one_or_more)]
"""Kinds of meeting, each a file of guidance/meetings."""

OF_CASES = ("events", "spells", "duties")
OF_MEETINGS = ("meetings", "seats", "reports")
"""What is counted of meetings: themselves, the places at them, and the reports that they ask for."""


class Ages(Strict):
    """Whole years of age: `{at_least: 5, under: 17}`."""

    at_least: int | None = None
    under: int | None = None

    @model_validator(mode="after")
    def _something(self) -> Ages:
        if self.at_least is None and self.under is None:
            raise ValueError("give `at_least`, `under` or both")
        return self


class Lasted(Strict):
    """How long a spell had lasted on the day in question."""

    at_least: IntervalField | None = None
    under: IntervalField | None = None

    @model_validator(mode="after")
    def _something(self) -> Lasted:
        if self.at_least is None and self.under is None:
            raise ValueError("give `at_least`, `under` or both")
        return self


class Selected(Strict):
    """Events, spells or duties that are counted or looked for. One of `events`, `spells`, `duties`."""

    events: Matches = Field(default_factory=dict)
    """`pathway.event`, a list of them, or `{pathway.event: {field: answer}}`."""
    spells: Slug | None = None
    """A spell of spells.yaml, or the id of a pathway for its cases from opening to closing."""
    duties: Duties = Field(default_factory=list)
    answers: When = Field(default_factory=dict)
    """Answers of the event, or of the event that started the spell."""
    on_time: bool | None = None
    """For duties: met, on the due day at the latest (true), or overdue or met late (false)."""
    met_by: When = Field(default_factory=dict)
    """For duties: answers of the event that met it."""

    @model_validator(mode="after")
    def _one_kind(self) -> Selected:
        given = [name for name in ("events", "spells", "duties") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("count one of `events`, `spells`, `duties`")
        if self.kind != "duties" and (self.on_time is not None or self.met_by):
            raise ValueError("`on_time` and `met_by` speak of duties")
        if self.kind == "duties" and self.answers:
            raise ValueError("`answers` speaks of events and spells; for duties write `met_by`")
        return self

    @property
    def kind(self) -> Literal["events", "spells", "duties"]:
        return "events" if self.events else "spells" if self.spells else "duties"


class Related(Selected):
    """What must be found beside a row: for the same child, or in the same case."""

    of: Literal["child", "case"] = "child"
    when: Literal["started", "ended", "open", "at_any_time", "met", "due"] | None = None
    """For spells: which day of it counts, or that it is `open` on the day; for duties: started, met or due."""
    within: WindowField = Window("by_then")
    at_least: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _fitting(self) -> Related:
        allowed: tuple[str | None, ...] = {
            "events": (None,),
            "spells": ("started", "ended", "open", "at_any_time"),
            "duties": ("started", "met", "due"),
        }[self.kind]
        if self.when not in allowed:
            words = ", ".join(one for one in allowed if one) or "left out"
            raise ValueError(f"`when` for {self.kind} beside a row is {words}")
        if self.when == "at_any_time" and self.within.kind not in ("in_period", "to_end"):
            raise ValueError("`at_any_time` needs `within: in the period` or `within: 2 years to the end`")
        return self


class Conditions(Strict):
    """What must hold of a row for it to count. All of it."""

    answers: When = Field(default_factory=dict)
    all_answers: list[When] = Field(default_factory=list)
    """Each of these holds, for questions with several answers: `[{attended: police}, {attended: health}]`."""
    latest: Mapping[Slug, When] = Field(default_factory=dict)
    """The latest such event in the case, on the day in question or before, gave these answers. A key is an event of the
    pathway, or one of `groups` in spells.yaml, of whose events the latest that gives the answer counts."""
    ages: Ages | None = None
    sex: Literal["female", "male"] | None = None
    lasted: Lasted | None = None
    still: Slug | None = None
    """For duties: a spell of the case that had not ended before the due day."""
    on_time: bool | None = None
    """For duties: met, on the due day at the latest. For reports: come, or shared, by the day; for meetings: the record out."""
    came: bool | None = None
    """For seats: somebody of the agency came."""
    quorate: bool | None = None
    """For meetings: enough came to decide."""
    in_time: Named | None = None
    """For events: the event met this duty of its case, and not late."""
    none_late: Named | None = None
    """For spells: no such duty of the case stood late, or was met late, in the period."""
    met_by: When = Field(default_factory=dict)
    having: list[Related] = Field(default_factory=list)
    """Each must be found."""
    having_any: list[Related] = Field(default_factory=list)
    """One of them at the least must be found."""
    not_having: list[Related] = Field(default_factory=list)
    """None may be found."""
    previous: PreviousPlans | None = None


class PreviousPlans(Strict):
    """An answer of the starting event that tells of what happened elsewhere or earlier: `{answer: previous_plans, at_least: 1}`,
    counted beside what `having_any` finds."""

    answer: Slug
    at_least: int = 1


class Rows(Conditions):
    """The rows that are counted in a period: which, when, and under which conditions."""

    events: Matches = Field(default_factory=dict)
    spells: Slug | None = None
    duties: Duties = Field(default_factory=list)
    meetings: Kinds = Field(default_factory=list)
    seats: Kinds = Field(default_factory=list)
    """Places of agencies at meetings of these kinds that were held."""
    reports: Kinds = Field(default_factory=list)
    """Reports that meetings of these kinds asked for, unless the meeting was cancelled."""
    when: Literal[
        "happened", "started", "ended", "open_at_end", "during", "met", "due", "held", "record_due", "shared_due"
    ] | None = None
    distinct: Literal["child", "case", "worker"] | None = None
    known: When = Field(default_factory=dict)
    """Answers without which a row says nothing: rows that lack them are left out, and make the value less complete."""
    known_latest: Mapping[Slug, When] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fitting(self) -> Rows:
        given = [name for name in (*OF_CASES, *OF_MEETINGS) if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("count one of `events`, `spells`, `duties`, `meetings`, `seats`, `reports`")
        allowed: tuple[str | None, ...] = {
            "events": (None, "happened"),
            "spells": ("started", "ended", "open_at_end", "during"),
            "duties": ("started", "met", "due"),
            "meetings": ("held", "record_due"),
            "seats": ("held",),
            "reports": ("due", "shared_due"),
        }[given[0]]
        if self.when not in allowed:
            words = ", ".join(one for one in allowed if one)
            raise ValueError(f"`when` for {given[0]} is one of {words}")
        _of_kind(self, given[0])
        return self

    @property
    def kind(self) -> Literal["events", "spells", "duties", "meetings", "seats", "reports"]:
        kinds: tuple[Any, ...] = (*OF_CASES, *OF_MEETINGS)
        return next(name for name in kinds if getattr(self, name))

    @property
    def of_meetings(self) -> list[str]:
        """The kinds of meeting that these rows are of; none where they are of cases."""
        return self.meetings or self.seats or self.reports


def _of_kind(conditions: Conditions, kind: str) -> None:
    only: dict[str, tuple[str, ...]] = {
        "lasted": ("spells",), "none_late": ("spells",), "in_time": ("events",), "previous": ("spells",),
        "still": ("duties",), "on_time": ("duties", "meetings", "reports"), "met_by": ("duties",),
        "came": ("seats",), "quorate": ("meetings",),
        "answers": ("events", "spells"), "all_answers": ("events", "spells"), "latest": ("events", "spells"),
        "ages": OF_CASES, "sex": OF_CASES, "having": OF_CASES, "having_any": OF_CASES, "not_having": OF_CASES,
        "distinct": OF_CASES, "known": OF_CASES, "known_latest": OF_CASES,
    }  # fmt: skip
    for name, kinds in only.items():
        if getattr(conditions, name, None) not in (None, {}, []) and kind not in kinds:
            raise ValueError(f"`{name}` speaks of {' and '.join(kinds)}, and {kind} are counted here")


class Collected(Strict):
    """What an agency sends in, because no event of ours can tell it."""

    source: Text = Field(alias="from")
    """Who supplies it."""
    every: Literal["month", "quarter", "year"] = "year"
    due: Text = "20 working days after the period"
    adds_up: bool = False
    """A year is the sum of its parts, if all of them are there. What is counted on a day never adds up."""

    model_config = Strict.model_config | {"populate_by_name": True}


class Per(Strict):
    """A rate: so many for each `each` of a population."""

    each: Literal[1000, 10000, 100000]
    population: Literal["under_18", "all"] = "under_18"


class Printed(Strict):
    """Where partnerships print this figure: a table of their report and the name it has there."""

    table: Text
    names: list[Text] = Field(default_factory=list)
    """Names in the table; empty for its own title."""


class Measured(Strict):
    """What is averaged over the rows of `of`."""

    days: bool = False
    """Days from start to end of a spell, or from start to meeting of a duty."""
    answer: Slug | None = None
    """A number that the event gives."""

    @model_validator(mode="after")
    def _one(self) -> Measured:
        if self.days == (self.answer is not None):
            raise ValueError("measure `days: true` or the number in an `answer`")
        return self


class Each(Strict):
    """One value for each answer to a question, such as the category of a plan."""

    answer: Slug
    share: bool = False
    """Told as the per cent of those whose answer is known. Only for questions with one answer."""
    latest: Slug | None = None
    """Event, or group of events, whose latest answer counts; without it, the answer of the row's own event."""


class Indicator(Strict):
    """One definition. Keyed by id in `indicators` of a sheet."""

    title: Text
    about: Text | None = None
    numerator: Text
    denominator: Text | None = None
    counts: Rows | None = None
    those: Conditions | None = None
    """The numerator as those rows of `of` for which this holds too."""
    of: Rows | None = None
    per: Per | None = None
    average: Measured | None = None
    median: Measured | None = None
    each: Each | None = None
    collected: Collected | None = None
    unit: Text = "count"
    """count, per cent, per 10,000, days, ratio, or words of its own for a value that is collected."""
    printed_decimals: int | None = Field(default=None, alias="decimals", ge=0, le=3)
    """How many decimals are printed: none of a count, else one, unless this says so."""
    better: Literal["higher", "lower", "neither"] = "neither"
    tolerance: float = 0
    """How far a value may move, in its own unit, before it has gone up or down."""
    target: Mapping[date, float] = Field(default_factory=dict)
    benchmark: Mapping[str, float] = Field(default_factory=dict)
    """Area and year -> what was published, such as `England 2024/25: 22.6`."""
    periods: tuple[Frequency, ...] = ("month", "quarter", "year", "rolling_year")
    by: tuple[Breakdown, ...] = ("district", "age_band", "sex", "ethnicity")
    missing: Literal["skip"] = "skip"
    """A value that cannot be known stays empty. It is never zero."""
    restricted: bool = False
    """Counts records that few may see: only run over an extract that holds them."""
    printed: list[Printed] = Field(default_factory=list)
    reference: Reference
    verified: bool | Literal["partly"] = "partly"
    note: Text | None = None

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _whole(self) -> Indicator:
        if (self.collected is not None) != (self.counts is None and self.of is None):
            raise ValueError("give what is counted, in `counts` or `of`, or `collected`: one of the two")
        if self.collected is not None:
            return self
        ways = [name for name in ("counts", "those", "average", "median") if getattr(self, name) is not None]
        if len(ways) != 1:
            raise ValueError("say the value with exactly one of `counts`, `those`, `average`, `median`")
        if ways[0] != "counts" and self.of is None:
            raise ValueError(f"`{ways[0]}` needs `of`: the rows it is taken from")
        if self.those is not None and self.of is not None:
            _of_kind(self.those, self.of.kind)
        if self.per is not None and (self.of is not None or self.unit != f"per {self.per.each:,}"):
            raise ValueError(f"a rate has `counts` and no `of`, and `unit: per {self.per.each:,}`")
        if self.of is not None and self.denominator is None:
            raise ValueError("'denominator' is missing: say in words what `of` counts")
        if self.unit == "per cent" and self.of is None:
            raise ValueError("`unit: per cent` needs `of`: out of what")
        if self.each is not None and self.each.share and self.counts is None:
            raise ValueError("`share: true` goes with `counts`")
        if self.average or self.median:
            measured = self.average or self.median
            assert measured is not None and self.of is not None
            if measured.answer and self.of.kind != "events":
                raise ValueError("the number in an `answer` is measured over events")
        if self.main is not None and self.main.of_meetings:
            if self.each or self.average or self.median:
                raise ValueError("of meetings only `counts`, `of` and `those` can be said")
            if other := [one for one in self.by if one not in ("district", "agency")]:
                raise ValueError(f"a meeting has no {', '.join(other)}: write `by: [district, agency]` or one of them")
        return self

    @property
    def decimals(self) -> int:
        return self.printed_decimals if self.printed_decimals is not None else 0 if self.unit == "count" else 1

    @property
    def main(self) -> Rows | None:
        """The rows that the value is of, whose completeness is told."""
        return self.of or self.counts


class Sheet(Strict):
    """A file of indicators on one subject."""

    id: Slug
    title: Text
    about: Text
    indicators: Mapping[Slug, Indicator]


class Spell(Strict):
    """Something that begins and ends in a case: being on a plan, looked after, in a placement. Keyed by id in `spells`."""

    title: Text
    pathway: Slug
    starts: Matches = Field(default_factory=dict)
    """Events that begin it; empty for the opening of the case."""
    ends: Matches = Field(default_factory=dict)
    """Events that end it. The end of the case always does."""
    restarts: bool = False
    """Each start ends the one before, as a move ends a placement. Otherwise a start while it lasts changes nothing."""
    same: Slug | None = None
    """...unless this answer is the same as before: a change of status with the same carer is no move."""
    reference: Reference

    @model_validator(mode="after")
    def _same_restarts(self) -> Spell:
        if self.same and not self.restarts:
            raise ValueError("`same` goes with `restarts: true`")
        return self


class Spells(Strict):
    """`spells.yaml`."""

    spells: Mapping[Slug, Spell]
    groups: Mapping[Slug, list[Slug]] = Field(default_factory=dict)
    """Names for several events of one pathway, of which the latest decides: `category_given: [plan_started, rcpc_held]`."""


Conditions.model_rebuild()
Rows.model_rebuild()
