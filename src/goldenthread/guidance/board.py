"""A board: the list a service works from, said in a file instead of kept in a spreadsheet.

One YAML file under `boards/` a board: which cases, in which sections, with which columns, in which order. It reads what
the pathways record and adds nothing to them. See docs/look-up/boards.md for the language in full. Pure; depends on
`pathway`, `terms`, `words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .pathway import Repeated
from .terms import IntervalField, Matches, Slug, Strict, Text

Fact = Literal["worker", "team", "lead", "district", "state", "opened", "closed", "age", "urgency", "reference"]
"""What a case's own row tells of it."""
Sort = Literal["urgency", "due", "oldest", "newest"]
Filter = Literal["district", "worker", "agency"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[Text], BeforeValidator(_listed)]
"""One name or several: an event, `event.field`, or a duty."""


class Which(Strict):
    """Which cases: all that is said must hold."""

    cases: Literal["open", "closed", "any"] = "open"
    states: list[Slug] = Field(default_factory=list)
    waiting_for: Names = Field(default_factory=list)
    """A clock of one of these duties is running."""
    late_for: Names = Field(default_factory=list)
    """A clock of one of these duties is running and past its day."""
    had: Matches = Field(default_factory=dict)
    """One of these happened, with answers that are one of those given."""
    latest: Matches = Field(default_factory=dict)
    """The latest event of its kind was answered so."""
    not_had: Matches = Field(default_factory=dict)
    """None of these happened so."""
    repeated: Repeated | None = None
    """An event came so often lately, counted back from today."""
    opened_before: IntervalField | None = None
    """Open for longer than this."""
    urgency: list[Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=list)
    no_worker: bool = False


class Episodes(Strict):
    """Rows that are not cases but episodes inside them: from one event until another, such as one absence."""

    of: Slug
    until: Slug | None = None
    within: IntervalField
    """How far back episodes are listed."""


class Section(Which):
    """One part of a board, with its own rows. Keyed by id in `sections`; the first is shown first."""

    title: Text
    about: Text | None = None
    sort: Sort = "urgency"
    """`due` takes the clocks of `waiting_for`, where it is given; else the next clock of the case."""
    columns: list[Slug] = Field(default_factory=list)
    """Which of the board's columns, in this order; all unless given."""
    actions: list[Slug] = Field(default_factory=list)
    """What its rows offer to record; as the board says unless given."""
    lanes: bool = False
    """Cards side by side, one lane a state, in place of a table."""
    together: bool = False
    """Brothers and sisters whose cases were opened together stand under each other."""
    episodes: Episodes | None = None

    @model_validator(mode="after")
    def _whole(self) -> Section:
        if self.lanes and not self.states:
            raise ValueError("`lanes` needs `states`: one lane for each")
        if self.episodes is not None and (self.lanes or self.sort not in ("urgency", "newest")):
            raise ValueError("a section of `episodes` is a table, the newest first; leave out `lanes` and `sort`")
        return self


class Stage(Strict):
    """One step on the way: done, held up, asked for, late, or not yet. Says which with a word, a shape and a colour."""

    done: Matches
    held_up: Matches = Field(default_factory=dict)
    """What stands in its way, until it is done after that."""
    begun: Matches = Field(default_factory=dict)
    duty: Names = Field(default_factory=list)
    """Its clock, where it has one."""
    words: Mapping[Literal["done", "held_up", "begun", "not_yet"], Text] = Field(default_factory=dict)
    """Other words for where it stands."""


class Counted(Strict):
    """How often something happened."""

    of: Matches
    within: IntervalField | None = None
    """Counted back from today; without it, in all the time."""
    across: Literal["case", "person"] = "case"
    """`person`: also in the person's other cases of these pathways, closed ones too, that the reader may see."""
    since: Names = Field(default_factory=list)
    """Only those after the latest of these events."""
    alarm_from: Annotated[int, Field(ge=1)] | None = None
    """From this many on it stands out."""
    alarm: Text = "Repeat"
    """The word beside the number then."""


class Each(Strict):
    """Every thing that answers named, each with what became of it: children heard, forms returned, strands ended."""

    of: Names
    """`event.field`: where things are named."""
    done: Names
    """`event.field`: where the same thing is named again once it is done."""
    label: list[Slug] = Field(default_factory=list)
    """Answers of the first event that say what it is, in place of its name."""
    shows: list[Slug] = Field(default_factory=list)
    """Answers of the second event that say what came of it."""
    duty: Slug | None = None
    """The clock each has."""
    marks: Mapping[Text, Names] = Field(default_factory=dict)
    """A word -> `event.field`: what was done about it meanwhile, such as `Chased`. Counted."""
    open: Text = "Open"
    closed: Text = "Done"


class Pattern(Strict):
    """When and where something keeps happening: how often, which days of the week, which part of the day, which places."""

    of: Slug
    within: IntervalField
    places: Names = Field(default_factory=list)
    """`event.field`: where it was."""


KINDS = ("fact", "answer", "day", "since", "duty", "stage", "count", "each", "said", "pattern")
"""What a column can tell, one of them each."""


class Column(Strict):
    """One column. Keyed by id in `columns`. Exactly one of the kinds."""

    title: Text
    about: Text | None = None
    """What it means, told under the board."""
    fact: Fact | None = None
    answer: Names = Field(default_factory=list)
    """`event.field`: the latest answer to any of these."""
    day: Names = Field(default_factory=list)
    """An event or `event.field`: the latest such day."""
    since: Names = Field(default_factory=list)
    """The same, or `opened`, as time gone by."""
    duty: Names = Field(default_factory=list)
    """The next clock of these duties: when it is due, or how it ended."""
    stage: Stage | None = None
    count: Counted | None = None
    each: Each | None = None
    said: Annotated[bool | list[Text], BeforeValidator(_listed)] = False
    """The latest own words: `true` for anybody's in the case, or `event.field` for whose."""
    pattern: Pattern | None = None

    named: bool = False
    """With `duty`: says which of several it is."""
    until: Matches = Field(default_factory=dict)
    """With `since`: time stands still once one of these has happened after it."""
    hours: bool = False
    """With `since`: in hours and minutes however long."""
    over: IntervalField | None = None
    """With `since`: longer than this stands out."""

    @model_validator(mode="after")
    def _one_kind(self) -> Column:
        given = [name for name in KINDS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"a column has exactly one of {', '.join(KINDS)}")
        if given[0] != "since" and (self.until or self.hours or self.over):
            raise ValueError("`until`, `hours` and `over` go with `since`")
        if given[0] != "duty" and self.named:
            raise ValueError("`named` goes with `duty`")
        return self

    @property
    def kind(self) -> str:
        return next(name for name in KINDS if getattr(self, name))


class Total(Which):
    """A number above the board; choosing it shows those cases alone. Keyed by id in `totals`."""

    title: Text
    alarm: bool = False
    """Stands out when it is not nought."""


class Chart(Strict):
    """A picture of how often something happened lately, with its table."""

    title: Text
    of: Slug
    by: Text
    """`weekday`, `time of day`, `month`, or `event.field` of that event."""
    within: IntervalField


class NewReport(Strict):
    """A button to report something new about a person. Where an episode of theirs is still open, joining it is offered."""

    title: Text
    opens: Slug
    joins: Slug | None = None


class Part(Strict):
    """One heading of a pack."""

    title: Text
    columns: list[Slug]


class Pack(Strict):
    """One page a case for a meeting, to print."""

    title: Text
    about: Text | None = None
    parts: list[Part]


class Board(Strict):
    """A whole board, as its file says it."""

    id: Slug
    title: Text
    about: Text
    pathways: Annotated[list[Slug], Field(min_length=1)]
    names: bool = True
    """`false`: people are told by the reference of their case alone."""
    sections: Annotated[Mapping[Slug, Section], Field(min_length=1)]
    columns: Annotated[Mapping[Slug, Column], Field(min_length=1)]
    totals: Mapping[Slug, Total] = Field(default_factory=dict)
    charts: list[Chart] = Field(default_factory=list)
    filters: list[Filter] = Field(default=["district", "worker", "agency"])
    actions: list[Slug] = Field(default_factory=list)
    """Events that a row offers to record, to those who may, where the case stands so that they can."""
    report: NewReport | None = None
    pack: Pack | None = None

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.id.replace("_", "-")

    def columns_of(self, section: Section) -> Mapping[str, Column]:
        """The columns of a section in its order; without its own, those that no pack keeps for itself."""
        names = section.columns or self._listed_columns
        return {name: self.columns[name] for name in names if name in self.columns}

    def actions_of(self, section: Section) -> list[str]:
        return section.actions or self.actions

    @property
    def _listed_columns(self) -> list[str]:
        packed = {name for part in self.pack.parts for name in part.columns} if self.pack else set()
        chosen = {name for section in self.sections.values() for name in section.columns}
        return [name for name in self.columns if name not in packed - chosen]
