"""A journey: who enters it, what may become of them step by step, and against which clocks each step is held.

One YAML file under `journeys/` a journey. `intelligence.journeys` follows the entries of a period through the extract. See
docs/look-up/journeys.md. Pure; depends on `terms` and `words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from .indicator import Named
from .indicator_checks import _duty, _event, _near
from .pathway import FieldType
from .terms import IntervalField, Matches, Reference, Slug, Strict, Test, Text
from .words import Unit

if TYPE_CHECKING:
    from .library import Library

ENTRY = "entry"
"""The stage at which everyone begins."""


class Stage(Strict):
    """Somewhere that a journey may come to. Keyed by id in `stages` of a column."""

    title: Text
    reached: Matches = Field(min_length=1)
    """Events that bring a child here, as `pathway.event`, with their answers."""
    own: bool = False
    """Only by a case that the journey has been in already, not by another of the child's."""
    ends: bool = False
    """The journey goes no further."""
    broader: Text | None = None
    """What it is called where it is told together with other stages of its column, since there are too few."""


class Column(Strict):
    """A step. A journey comes to one of its stages, or goes past it."""

    title: Text
    stages: Mapping[Slug, Stage] = Field(min_length=1)
    choose: Literal["earliest", "first_listed"] = "earliest"
    """Which stage it is where several are reached: the earliest, or the first in the file."""
    otherwise: Text | None = None
    """What those are called who got to an earlier stage that is no end, and to none from here on."""
    clocks: Annotated[list[Named], Field(default_factory=list)]
    """Duties whose meeting is this step: of the one that the event met, whether it was in time."""


class Journey(Strict):
    """The whole file."""

    id: Slug
    title: Text
    about: Text
    cohort: Text
    """Those who enter, in words, such as Contacts received."""
    entered: Matches = Field(min_length=1)
    follow: IntervalField
    """How long each is followed. A cohort is told outside need to know when the time of its last is over."""
    columns: list[Column] = Field(min_length=1)
    compare: list[Slug] = Field(default_factory=list)
    """Stages of which it is asked whether groups of children come to them alike."""
    ethnic_groups: Mapping[Text, list[Text]] = Field(default_factory=dict)
    """Group -> codes of the children in need census. Codes in no group count as not recorded."""
    rate: bool = False
    """Whether districts are held beside each other by entries per 10,000 children, too."""
    reference: Reference
    verified: bool | Literal["partly"] = "partly"
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Journey:
        names = [name for column in self.columns for name in column.stages]
        twice = sorted({name for name in (*names, ENTRY) if [*names, ENTRY].count(name) > 1})
        if twice:
            raise ValueError(f"the stage {twice[0]!r} is there twice")
        titles = [self.cohort]
        for column in self.columns:
            together = {one.broader for one in column.stages.values() if one.broader}
            titles += [*(one.title for one in column.stages.values()), *together, *filter(None, [column.otherwise])]
        if again := next((one for one in titles if titles.count(one) > 1), None):
            raise ValueError(f"{again!r} is the name of two places: each needs its own")
        if self.follow.unit not in (Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS):
            raise ValueError("write `follow` in days, weeks, months or years")
        codes = [code for group in self.ethnic_groups.values() for code in group]
        if again := next((one for one in codes if codes.count(one) > 1), None):
            raise ValueError(f"the code {again} is in two ethnic groups")
        return self

    def stages(self) -> dict[str, Stage]:
        """Every stage by id, column by column."""
        return {name: one for column in self.columns for name, one in column.stages.items()}

    def events(self) -> set[str]:
        """Every event that is looked for, as `pathway.event`."""
        return {name for one in (self.entered, *(stage.reached for stage in self.stages().values())) for name in one}


def check_journey(library: Library, journey: Journey) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Names that lead nowhere, and pathways that only few may see."""
    yield from _reached(library, journey.entered, ("entered",))
    for nth, column in enumerate(journey.columns):
        for name, stage in column.stages.items():
            yield from _reached(library, stage.reached, ("columns", nth, "stages", name, "reached"))
        for place, duty in enumerate(column.clocks):
            yield from _duty(library, duty, ("columns", nth, "clocks", place))
    known = journey.stages()
    for place, name in enumerate(journey.compare):
        if name not in known:
            yield ("compare", place), f"no stage is called {name!r}{_near(name, known)}"


def _reached(library: Library, reached: Matches, at: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    for name, when in reached.items():
        yield from _event(library, name, when, at)
        pathway, _, kind = name.partition(".")
        found = library.pathways.get(pathway)
        if found is None or kind not in found.events:
            continue
        if found.sensitivity == "restricted":
            yield at, f"{pathway} is restricted: few may see its cases, and a journey is told to many"
        for field, expected in when.items():
            question = found.events[kind].asks.get(field)
            plain = not isinstance(expected, Test) or (expected.at_least is None and expected.under is None)
            if question is not None and not (
                plain and question.type in (FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO)
            ):
                yield at, f"{field!r}: a journey goes by answers that are chosen, not by numbers, dates or words"
