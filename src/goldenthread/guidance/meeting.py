"""A kind of meeting: who holds it, who must be there, whose report is asked and when, when it may decide, what it records.

One YAML file under `meetings/` a kind. See docs/look-up/meetings.md. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from .pathway import Force
from .terms import DatedInterval, Reference, Slug, Strict, Text

Covers = Literal["family", "cases", "none"]
"""One family's children; many cases that have nothing to do with each other; or no case at all, as a board."""
Fill = Literal["came", "absent", "dissent", "decisions", "actions", "why_went_on"]
"""What the meeting itself answers of the event it records, so that nobody writes it twice."""
Family = Literal["invited", "heard", "told"]


class MeetingRule(Strict):
    """When something is due, before the meeting or after it: dated values, and where that is written."""

    before: DatedInterval | None = None
    within: DatedInterval | None = None
    force: Force
    reference: Reference
    fact: str | None = None
    """Row of the table of statutory clocks, such as CP-11."""
    verified: bool | Literal["partly"] = "partly"
    note: Text | None = None

    @model_validator(mode="after")
    def _one_length(self) -> MeetingRule:
        if (self.before is None) == (self.within is None):
            raise ValueError("say when with exactly one of `before` and `within`")
        if self.verified is False and self.force != "local":
            raise ValueError("a clock that is not verified ships as `force: local`")
        return self


class SeatRule(Strict):
    """A place at the table. Keyed by id in `seats`."""

    title: Text
    kinds: list[Slug] = Field(default_factory=list)
    """Kinds of agency that may fill it."""
    family: bool = False
    """A place for the family or somebody who speaks for them, not for an agency."""
    must: bool = False
    """Somebody must be there, or the record says why not."""
    report: bool = False
    """A report is asked for."""
    counted_as: Slug | None = None
    """The answer for this seat in the event's question about who came; by default the seat's own id."""

    @model_validator(mode="after")
    def _somebody(self) -> SeatRule:
        if self.family == bool(self.kinds):
            raise ValueError("a seat is for the family (`family: true`) or names the `kinds` of agency that fill it")
        if self.family and (self.report or self.must):
            raise ValueError("the family is invited; nothing is asked of them that the meeting must have")
        return self


class Quorum(Strict):
    """When a meeting may decide."""

    agencies: int = Field(ge=1)
    """How many different agencies must be there."""
    named: list[Slug] = Field(default_factory=list, alias="with")
    """Kinds of agency one of which each must be among them."""
    not_counting: list[Slug] = Field(default_factory=list)
    """Kinds that do not count towards the number, such as the service that only chairs."""
    may_go_on: bool = True
    """Whether fewer may decide where the reason is written down."""
    force: Force = "local"
    reference: Reference
    note: Text | None = None

    model_config = Strict.model_config | {"populate_by_name": True}


class Arranged(Strict):
    """The event that says a meeting is planned, and the field for its day."""

    event: Slug
    day: Slug


class Shared(Strict):
    """The event that says a report was shared with the family, and its fields for whose and whether."""

    event: Slug
    agency: Slug | None = None
    with_family: Slug | None = None


class Issued(Strict):
    """The event that says the record was sent out, and the field for to whom."""

    event: Slug
    to: Slug | None = None


class Recording(Strict):
    """What a meeting records in a case of one pathway. Keyed by pathway in `records`."""

    held: Slug
    """The event recorded in each case when the meeting has been held; its questions are the case's page."""
    arranged: Arranged | None = None
    shared: Shared | None = None
    inquorate: Slug | None = None
    """The event recorded where the meeting could not decide."""
    issued: Issued | None = None
    actions: Slug | None = None
    """The event by which each action agreed becomes part of the case; it asks number, agency, what and due_on."""
    fills: Mapping[Slug, Fill] = Field(default_factory=dict)
    """Questions of `held` (and of `inquorate`) that the meeting answers itself: question -> what."""


class Reports(Strict):
    """When reports are due, and when they must have been shared with the family."""

    due: MeetingRule
    shared: MeetingRule | None = None

    @model_validator(mode="after")
    def _before(self) -> Reports:
        for name, rule in (("due", self.due), ("shared", self.shared)):
            if rule is not None and rule.before is None:
                raise ValueError(f"`{name}` is counted back from the meeting: give `before`")
        return self


class MeetingKind(Strict):
    """A whole kind of meeting, as its file says it."""

    id: Slug
    title: Text
    about: Text
    reference: Reference
    covers: Covers
    held_by: list[Slug] = Field(min_length=1)
    """Kinds of agency that arrange it and keep its record."""
    chair: Text
    family: Family
    """`invited` where the family comes, `heard` where somebody speaks for them, `told` where they hear of it afterwards."""
    records: Mapping[Slug, Recording] = Field(default_factory=dict)
    seats: Mapping[Slug, SeatRule] = Field(default_factory=dict)
    members: bool = False
    """The members of the group that meets have the seats, as the arrangement names them."""
    quorum: Quorum | None = None
    reports: Reports | None = None
    record: MeetingRule | None = None
    """When its record must be out."""
    reconvene: MeetingRule | None = None
    """When it must meet again where too few came to decide."""
    attendance_target: float | None = Field(default=None, ge=0, le=100)
    """Per cent of those invited who are expected."""

    @model_validator(mode="after")
    def _holds_together(self) -> MeetingKind:
        if (self.covers == "none") == bool(self.records):
            raise ValueError("`records` says what is recorded in each case; a meeting that `covers: none` has none")
        if self.members == bool(self.seats):
            raise ValueError("the seats are given in `seats`, or are those of the group that meets (`members: true`)")
        if self.members and self.covers != "none":
            raise ValueError("only a meeting that `covers: none` is of a group's members")
        if (self.family == "invited") != any(seat.family for seat in self.seats.values()):
            raise ValueError("`family: invited` goes with a seat for the family")
        for name in ("record", "reconvene"):
            rule: MeetingRule | None = getattr(self, name)
            if rule is not None and rule.within is None:
                raise ValueError(f"`{name}` is counted from the meeting: give `within`")
        if self.reconvene is not None and self.quorum is None:
            raise ValueError("`reconvene` needs a `quorum`: without one no meeting is short of it")
        if (self.reports is not None) != any(seat.report for seat in self.seats.values()):
            raise ValueError("`reports` says when they are due, and `report: true` on a seat who is asked; give both or neither")
        return self
