"""A pathway: what can happen to a case, who may say so, what they must tell us, and which clocks that starts.

One YAML file under `pathways/` a pathway. See docs/look-up/guidance-language.md for the language in full.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .register import Dispute, Registered, Source
from .terms import DatedInterval, IntervalField, Matches, Reference, Slug, Strict, Text, When

Sex = Literal["female", "male"]
Subject = Literal["child", "adult", "person", "organisation", "family"]
Force = Literal["statutory", "guidance", "local"]


class FieldType(StrEnum):
    """What kind of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    PERSON = "person"
    ORGANISATION = "organisation"


def _options(value: Any) -> Any:
    """Read `[neglect, physical_abuse]` or `{neglect: Neglect}` into code -> label."""
    if any(isinstance(code, bool) for code in (value if isinstance(value, (list, Mapping)) else ())):
        raise ValueError("YAML reads yes, no, on and off as true and false; write the answer in quotes: 'no'")
    if isinstance(value, list):
        return {str(code): str(code).replace("_", " ").capitalize() for code in value}
    return value


Options = Annotated[Mapping[str, str], BeforeValidator(_options)]


class Question(Strict):
    """One thing an event asks. Keyed by field name in `asks`."""

    type: FieldType = FieldType.TEXT
    label: Text | None = None
    hint: Text | None = None
    of: Options = Field(default_factory=dict)
    required: bool = False
    voice: bool = False
    """The child's (or adult's) own words: shown with the child's voice everywhere."""
    at_least: float | None = None
    at_most: float | None = None
    future: bool = False
    """A date that may lie ahead, such as a planned conference; others may not."""
    priority: Mapping[str, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)
    """How urgent an answer makes the case, 1 most urgent: `{red: 1, amber: 2, green: 3}`. The latest event that tells
    decides; of several answers in it, the most urgent."""

    @model_validator(mode="after")
    def _choices_have_options(self) -> Question:
        if (self.type in (FieldType.CHOICE, FieldType.CHOICES)) != bool(self.of):
            raise ValueError("`of` lists the answers of a choice, and only of a choice")
        unknown = [answer for answer in self.priority if answer not in self.of]
        if unknown:
            raise ValueError(f"`priority` speaks of {', '.join(unknown)}, which `of` does not list")
        return self


class LeadsTo(Strict):
    """Opens another pathway when the event's answers meet `when`: for the same person, or about an organisation."""

    open: Slug
    about: Slug | None = None
    """The question of this event that names the organisation the new case is about; without it, the same as this case."""
    event: Slug | None = None
    """The opening event to record there; by default the pathway's first."""
    when: When = Field(default_factory=dict)
    carry: Mapping[str, str] = Field(default_factory=dict)
    """Answers carried into the opening event: its field -> this event's field (`occurred` for the date of this event,
    `opened` for the date this case was opened, `actions_from` for what this pathway's actions come from)."""


class Extends(Strict):
    """This event grants more time: the open clock of `duty` becomes due on the date in `to`."""

    duty: Slug
    to: Slug


class Excuses(Strict):
    """This event excuses the open clock of `duty`; the field named in `reason` says why."""

    duty: Slug
    reason: Slug | None = None


class EventKind(Strict):
    """Something that can happen in a case. Keyed by kind in `events`."""

    title: Text | None = None
    about: Text | None = None
    also: list[Slug] = Field(default_factory=list)
    """Other names the same event is known by in imports and older editions."""
    opens: bool = False
    closes: bool = False
    reopens: bool = False
    by: list[Slug] = Field(default_factory=lambda: ["any_agency"])
    """Agency roles that may record it; `any_agency` for all, `public` for anyone's report."""
    needs: Literal["screen_contacts", "decide_contacts", "allocate_cases", "supervise"] | None = None
    """What a person's own role must allow as well, such as `decide_contacts`."""
    by_another: bool = False
    """Only by somebody other than the person who opened the case: nobody reviews what they did themselves."""
    in_states: list[Slug] = Field(default_factory=list)
    """States of the case in which it may happen; empty means any open state."""
    to: Slug | None = None
    """The state the case moves to."""
    to_when: list[tuple[Slug, When]] = Field(default_factory=list)
    """States chosen by the answers, first that holds: `[[plan_open, {outcome: plan}], ...]`; else `to`."""
    asks: Mapping[Slug, Question] = Field(default_factory=dict)
    received_after: time | None = None
    """From this time of day, and on days that are not working days, clocks count from the next working day."""
    leads_to: list[LeadsTo] = Field(default_factory=list)
    extends: Extends | None = None
    excuses: Excuses | None = None
    significant: bool = False
    """A decision or turning point: drawn on the golden thread with its title."""
    contact: bool = False
    """The child or family was seen or heard from by the agency that records it: a tick on its lane."""
    reference: Reference | None = None


class Every(Strict):
    """One step of a recurring clock. The first step that applies gives the next interval.

    `first`, `second`, `third` apply to that ordinal of the chain; `within` with a condition (`during_first` a length of
    time from the trigger, `until` an event, `while_` conditions such as age under 5) applies while it holds on the
    day the interval starts; `then` applies otherwise.
    """

    first: IntervalField | None = None
    second: IntervalField | None = None
    third: IntervalField | None = None
    within: IntervalField | None = None
    during_first: IntervalField | None = None
    until: Slug | None = None
    when: When = Field(default_factory=dict)
    then: IntervalField | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Every:
        given = [name for name in ("first", "second", "third", "within", "then") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a step has exactly one of first, second, third, within, then")
        if (self.within is not None) != bool(self.during_first or self.until or self.when):
            raise ValueError("`within` in a step needs `during_first`, `until` or `when`; without one write `then`")
        return self

    @property
    def length(self) -> Any:
        return self.first or self.second or self.third or self.within or self.then


class Pauses(Strict):
    """The clock stands still from one event until another."""

    start: Matches = Field(alias="from")
    end: Matches = Field(alias="until")

    model_config = Strict.model_config | {"populate_by_name": True}


class Repeated(Strict):
    """How often something must have happened lately for a clock to start, such as a third absence in 30 days."""

    event: Slug
    times: Annotated[int, Field(ge=1)]
    within: IntervalField
    """Counted back from what starts the clock; the first day counts."""


class InForce(Strict):
    """First and last day on which a rule that has no dated value applies."""

    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="until")

    model_config = Strict.model_config | {"populate_by_name": True}


class DutyRule(Strict):
    """A clock: what must be done, how long after (or before) what, and where that is written. Keyed by id in `duties`."""

    title: Text
    about: Text | None = None
    owner: Slug
    """Agency role that must do it."""
    force: Force
    reference: Reference
    fact: str | None = None
    """Row of the project's table of statutory clocks that this duty carries, such as CP-02; several with commas."""
    verified: bool | Literal["partly"] = "partly"
    """How far the number was checked against its source; a rule not verified ships as `force: local`."""
    note: Text | None = None
    target: float | None = None
    """Share expected on time, per cent."""
    in_use: bool = True
    """Off until an area switches it on in its arrangement."""

    after: Matches | None = None
    """Trigger: an event, `event.field` (a date it gave), `birthday N`, or a list; with conditions on the event."""
    when: When = Field(default_factory=dict)
    """Conditions on the event that starts the clock, whichever it is."""
    if_repeated: Repeated | None = None
    """Starts only where an event has happened so many times lately: `{event: ..., times: 3, within: 30 days}`."""
    counting: Literal["each", "first", "latest"] = "each"
    """Each trigger starts a clock; or only the first; or each new one replaces the clock of the one before."""
    within: DatedInterval | None = None
    every: list[Every] | Mapping[date, list[Every] | None] | None = None
    before: str | None = None
    """`event.field`, a date ahead of us, with `by`; or `next school day`, with `after`."""
    by: DatedInterval | None = None
    midway: tuple[str | list[str], str] | None = None
    """[event or events, a duty or event.field]: half way from the event to the due day of the duty it started."""
    in_force: InForce | None = None
    only_while: When = Field(default_factory=dict)
    """Conditions on what is known now, as `EVENT.field`: the clock runs only while they hold, such as the clock of the
    priority a contact was last given."""

    met_by: Matches
    matching: list[Slug] = Field(default_factory=list)
    """Fields that must be the same on the trigger and on what meets it, such as the agency asked."""
    accepts_earlier: bool | IntervalField = False
    """Done before the trigger also counts: at any time, or not longer before than this."""
    unless: Matches = Field(default_factory=dict)
    stops: Matches = Field(default_factory=dict)
    counts_trigger_day: bool = False
    pauses: Pauses | None = None
    soon: IntervalField | None = None
    """When it starts to show as due soon; by default a fifth of the time, from one day to seven."""
    survives_closure: bool = False
    owed_by: Slug | None = None
    """The answer of what starts the clock that names the organisation which owes it, in place of the kind in `owner`."""
    reminders: Slug | None = None
    """The rule of reminders.yaml by which people are told of it; by default the pathway's, or the usual one."""

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _one_timing(self) -> DutyRule:
        forms = {"within": self.within, "every": self.every, "before": self.before, "midway": self.midway}
        given = [name for name, value in forms.items() if value is not None]
        if len(given) != 1:
            raise ValueError("say when it is due with exactly one of `within`, `every`, `before`, `midway`")
        form = given[0]
        if form in ("within", "every") and not self.after:
            raise ValueError(f"`{form}` needs `after`: the event that starts the clock")
        if form == "before" and (self.before == "next school day") != (self.by is None):
            raise ValueError("`before: event.field` needs `by`; `before: next school day` does not take it")
        if self.before == "next school day" and not self.after:
            raise ValueError("`before: next school day` needs `after`: the event that starts the clock")
        dated = form == "within" or self.by is not None or isinstance(self.every, Mapping)
        if dated == (self.in_force is not None):
            raise ValueError(
                "every rule has dates: give dated values, or `in_force: {from: ...}` where the value has none; not both"
            )
        if self.if_repeated is not None and not self.after:
            raise ValueError("`if_repeated` needs `after`: the event that starts the clock")
        if self.verified is False and self.force != "local":
            raise ValueError("a clock that is not verified ships as `force: local`")
        return self


class State(Strict):
    """Where a case can be. Keyed by id in `states`."""

    title: Text
    about: Text | None = None
    closed: bool = False


class Edition(Strict):
    """A document in force between dates, shown on the pathway's page."""

    title: Text
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="until")
    note: Text | None = None
    verified: bool | Literal["partly"] = "partly"

    model_config = Strict.model_config | {"populate_by_name": True}


class Pathway(Strict):
    """A whole pathway, as its file says it."""

    id: Slug
    title: Text
    subject: Subject
    lead: Slug
    basis: Slug
    sensitivity: Literal["standard", "restricted"] = "standard"
    level_of_need: int | None = Field(default=None, ge=1, le=4)
    """Level drawn on the golden thread while a case of this pathway is open."""
    unborn: bool = False
    """Whether a case may concern a child not yet born, so that events may come before birth."""
    about: Text
    reference: Reference
    editions: list[Edition] = Field(default_factory=list)
    states: Mapping[Slug, State]
    board: list[Slug] = Field(default_factory=list)
    """States shown as the columns of a board, in this order; empty for a pathway without one."""
    front_door: bool = False
    """Whether what comes in arrives by this pathway: it has the front door's board and page. One pathway does."""
    uses: list[Slug] = Field(default_factory=list)
    """Fragments taken up: events and duties that several pathways share."""
    events: Mapping[Slug, EventKind]
    duties: Mapping[Slug, DutyRule] = Field(default_factory=dict)
    reminders: Slug | None = None
    """The rule of reminders.yaml for its duties that name none themselves."""
    registers: Mapping[Slug, Registered] = Field(default_factory=dict)
    """The actions of the register that its events make."""
    actions_from: Source = "plan"
    """What the register says its actions come from."""
    dispute: Dispute | None = None
    """Its cases are disputes between professionals, and these are the answers that their list shows."""

    def event_named(self, name: str) -> str | None:
        """The event kind called `name`, by its own key or one of its other names."""
        if name in self.events:
            return name
        return next((kind for kind, event in self.events.items() if name in event.also), None)

    @property
    def opening(self) -> str:
        """The event kind that opens a case; where several do, the first."""
        return next(kind for kind, event in self.events.items() if event.opens)

    def title_of(self, kind: str) -> str:
        """An event kind in words, with its first letter capital."""
        event = self.events.get(kind)
        return (event.title if event else None) or kind.replace("_", " ").capitalize()
