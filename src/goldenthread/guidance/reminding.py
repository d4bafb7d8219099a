"""Reminders: who is told of a duty before, on and after the day it is due, and to whom it climbs when nobody answers.

The file `reminders.yaml`. A pathway or one of its duties may name another rule with `reminders:`. Pure; depends on `terms`
and `climbing`. Source of the shape: Working Together to Safeguard Children 2023, chapter 1 (challenge and escalation); the
lengths are the partnership's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from .climbing import SHARERS
from .terms import IntervalField, Reference, Slug, Strict, Text

if TYPE_CHECKING:
    from .library import Library

Told = Literal["owner", "team", "agency", "lead"]
"""The one who owes it; those of their team, of their agency, or of the agency that leads the case, with `needs`."""
How = Literal["daily", "immediately", "never"]


class ReminderStep(Strict):
    """One reminder: when, and whom."""

    at: Literal["soon", "due"] | None = None
    """When the duty starts to show as due soon, or on the day (for a clock in hours, at the moment) it is due."""
    late_by: IntervalField | None = None
    """Once it is late by so much."""
    tell: Told
    needs: SHARERS | None = None
    """What their role must let them do; where nobody's does, everyone there is told."""
    title: Text
    """Who they are, as a page says it: "the team's manager"."""
    again_every: IntervalField | None = None
    """And again, as long as nobody answers. Only the last step may say so."""

    @model_validator(mode="after")
    def _one_time(self) -> ReminderStep:
        if (self.at is None) == (self.late_by is None):
            raise ValueError("say when with exactly one of `at` (soon or due) and `late_by`")
        if self.tell == "owner" and self.needs is not None:
            raise ValueError("the owner is one person; `needs` is for a team, an agency or the lead")
        return self


class ReminderRule(Strict):
    """The steps of a duty's reminders, from the first to the last. None: something else tells of it."""

    title: Text
    steps: list[ReminderStep] = Field(default_factory=list)
    reference: Reference
    note: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> ReminderRule:
        place = {"soon": 0, "due": 1, None: 2}
        order = [place[step.at] for step in self.steps]
        if order != sorted(order) or order.count(0) > 1 or order.count(1) > 1:
            raise ValueError("write `soon` first, then `due`, then the steps that are late, each of the first two once")
        if any(step.again_every for step in self.steps[:-1]):
            raise ValueError("only the last step may have `again_every`")
        return self


class EmailRule(Strict):
    """How people are told by email: what happens unless they choose, and what local policy lets them choose."""

    unless_chosen: How
    may_choose: list[How] = Field(min_length=1)
    keep_trying: IntervalField
    """An email that the server would not take is tried again so long."""
    reference: Reference

    @model_validator(mode="after")
    def _may_stay(self) -> EmailRule:
        if self.unless_chosen not in self.may_choose:
            raise ValueError("`may_choose` must hold what happens `unless_chosen`")
        return self


class Reminders(Strict):
    """The whole of reminders.yaml."""

    about: Text
    usual: Slug
    """The rule of a duty for which neither it nor its pathway names another;"""
    by_the_hour: Slug
    """and where its clock runs by the hour."""
    one_by_one: int = Field(ge=1)
    """More than so many at once for one person are told together, with a count."""
    most_told: int = Field(ge=1)
    """At most so many people are told of one duty at one step."""
    email: EmailRule
    rules: Mapping[Slug, ReminderRule]


def check_reminders(library: Library, reminders: Reminders) -> Iterator[tuple[tuple[str, ...], str]]:
    """Rules that are named and not there."""
    for key in ("usual", "by_the_hour"):
        if getattr(reminders, key) not in reminders.rules:
            yield (key,), f"there is no rule {getattr(reminders, key)!r} under `rules`"
