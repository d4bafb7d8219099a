"""Climbing: who is told, one after another, when an agency does not answer; and how long one-time links last.

The key `climbs` of `sharing.yaml`. Pure; depends on `terms`. Source of the shape: Working Together to Safeguard Children
2023, chapter 1 (practitioners challenge and escalate); the lengths are the partnership's own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .terms import DatedInterval, IntervalField, Reference, Strict, Text

SHARERS = Literal["record_events", "screen_contacts", "decide_contacts", "allocate_cases", "supervise"]


class ClimbStep(Strict):
    """One rung: once an answer is late by so much, these people are told."""

    late_by: IntervalField
    tell: Literal["asked", "asking"]
    """Whose people: of the agency that was asked, or of the one that is asking."""
    needs: SHARERS
    """What their role there lets them do; where nobody's does, everyone there is told."""
    title: Text
    """Who they are, as the page says it: "the agency's supervisor"."""


class Climb(Strict):
    """The rungs, from the first to the last."""

    steps: list[ClimbStep] = Field(min_length=1)
    reference: Reference
    note: Text | None = None


class OfferClimb(Climb):
    """The same for a case offered to another agency, with how long it has to answer."""

    answer_within: DatedInterval


class Climbs(Strict):
    """What happens when nobody answers."""

    requests: Climb
    hand_overs: OfferClimb
    links_last: IntervalField
    """How long a one-time link can be used."""
