"""Kinds of meeting as guidance has them, and the days around a meeting with their proofs. Reads files.

Depends on `clocks` and the guidance in use.
"""

from __future__ import annotations

from datetime import date, datetime

from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import calendar_for, local_day
from goldenthread.clocks.meetings import MeetingDays, Present, Standing, days_of, standing_of
from goldenthread.clocks.proof import Proof
from goldenthread.foundation.library import arrangement_for, current_library, pathways
from goldenthread.guidance.meeting import MeetingKind, Recording
from goldenthread.guidance.pathway import EventKind, Pathway

from .models import Meeting, Seat


class UnknownKind(LookupError):
    """A meeting of a kind that the guidance no longer has. The message names both."""


def kinds() -> dict[str, MeetingKind]:
    return dict(current_library().meetings)


def kind_of(meeting: Meeting) -> MeetingKind:
    found = current_library().meetings.get(meeting.kind)
    if found is None:
        raise UnknownKind(
            f"A meeting is of the kind “{meeting.kind}”, which the guidance in {current_library().folder} does not have. "
            "Put its file back: meetings need the guidance they were held under."
        )
    return found


def kinds_for(pathway: str, agencies: set[str]) -> list[MeetingKind]:
    """Kinds that record something in cases of a pathway and that one of these kinds of agency may hold."""
    return [one for one in current_library().meetings.values() if pathway in one.records and agencies & set(one.held_by)]


def recording_for(kind: MeetingKind, case: Case) -> tuple[Recording, Pathway] | None:
    """What the meeting records in a case, with the case's pathway; None where the guidance has dropped it."""
    recording = kind.records.get(case.pathway)
    pathway = pathways(case.arrangement).get(case.pathway)
    return (recording, pathway) if recording is not None and pathway is not None else None


def asked_of(kind: MeetingKind, case: Case) -> EventKind | None:
    """The event whose questions are a case's page."""
    found = recording_for(kind, case)
    return found[1].events.get(found[0].held) if found else None


def planned_days(kind: MeetingKind, planned_at: datetime, arrangement: str) -> MeetingDays:
    return days_of(kind, local_day(planned_at), calendar_for(current_library(), arrangement or arrangement_for(None)))


def days_for(meeting: Meeting) -> MeetingDays:
    return planned_days(kind_of(meeting), meeting.planned_at, meeting.arrangement)


def day_in(proof: Proof | None) -> date | None:
    """The due day of a proof."""
    due = proof.due if proof is not None else None
    return local_day(due) if isinstance(due, datetime) else due


def present(seats: list[Seat]) -> list[Present]:
    return [
        Present(one.organisation.slug, one.organisation.kind) for one in seats if one.organisation is not None and one.came
    ]


def standing_at(meeting: Meeting, seats: list[Seat]) -> Standing:
    """Whether those marked as there may decide."""
    return standing_of(kind_of(meeting), present(seats))


def expected_at(meeting: Meeting, seats: list[Seat]) -> Standing:
    """Whether those who say that they come would make a quorum."""
    coming = (Seat.Answer.COMING, Seat.Answer.DEPUTY)
    those = [one for one in seats if one.organisation is not None and one.answer in coming]
    return standing_of(
        kind_of(meeting), [Present(one.organisation.slug, one.organisation.kind) for one in those if one.organisation]
    )


def title_of(meeting: Meeting) -> str:
    """What the meeting is called: its group's name, or its kind's."""
    if meeting.group is not None:
        return meeting.group.title
    found = current_library().meetings.get(meeting.kind)
    return found.title if found else meeting.kind.replace("_", " ").capitalize()
