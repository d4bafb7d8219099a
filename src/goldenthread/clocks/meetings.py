"""The days of a meeting and whether it may decide: when reports are due and shared, when its record is out, when it meets
again, who is missing. Pure: kinds of meeting from guidance, a calendar, and who came.

The value in force on the day of the meeting decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from goldenthread.guidance.meeting import MeetingKind, MeetingRule

from .calendar import Calendar
from .interval import after, before
from .proof import Proof


@dataclass(frozen=True, slots=True)
class MeetingDays:
    """What is due around a meeting, each with its proof; None where the guidance asks for nothing."""

    reports: Proof | None
    shared: Proof | None
    record: Proof | None
    reconvene: Proof | None


def days_of(kind: MeetingKind, day: date, calendar: Calendar) -> MeetingDays:
    """What is due before and after a meeting on a day."""
    reports = kind.reports
    return MeetingDays(
        reports=_due(reports.due if reports else None, day, calendar),
        shared=_due(reports.shared if reports else None, day, calendar),
        record=_due(kind.record, day, calendar),
        reconvene=_due(kind.reconvene, day, calendar),
    )


def _due(rule: MeetingRule | None, day: date, calendar: Calendar) -> Proof | None:
    if rule is None:
        return None
    value = (rule.before or rule.within).on(day)  # type: ignore[union-attr]  # one of them is there
    if value is None:
        return None
    counted = before(value, day, calendar) if rule.before is not None else after(value, day, calendar)
    return replace(counted, reference=rule.reference)


@dataclass(frozen=True, slots=True)
class Present:
    """An agency that came, with its kind."""

    agency: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a meeting may decide as things stand."""

    quorate: bool
    agencies: int
    """How many agencies that count are there."""
    needed: int
    missing: tuple[str, ...]
    """Kinds of agency that must be there and are not."""


def standing_of(kind: MeetingKind, came: Iterable[Present]) -> Standing:
    """Whether those who came may decide. A meeting without a quorum always may."""
    rule = kind.quorum
    if rule is None:
        return Standing(True, 0, 0, ())
    there = list(came)
    agencies = {one.agency for one in there if one.kind not in rule.not_counting}
    kinds = {one.kind for one in there}
    missing = tuple(name for name in rule.named if name not in kinds)
    return Standing(len(agencies) >= rule.agencies and not missing, len(agencies), rule.agencies, missing)
