"""What the API is sent and what it answers about meetings, each with an example."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from goldenthread.meetings.actions.reporting import LONGEST

from .schemas import CASE, CHILD, EVENT, example

MEETING = "5b0b4a3e-8c1f-4d6a-9f5e-2d7c9a1b3f44"
SEAT = "9c2d7e5a-1b3f-4a6d-8e9f-4c5b6a7d8e55"
_MEETING = {
    "id": MEETING, "kind": "review_conference", "title": "Review child protection conference", "holder": "reviewing_service",
    "state": "arranged", "planned_at": "2026-03-16T10:00:00Z", "place": "Room 1", "reports_due": "2026-03-11",
    "shared_due": "2026-03-11",
}  # fmt: skip
_REPORT = {
    "id": EVENT, "meeting": MEETING, "seat": SEAT, "case": CASE, "due": "2026-03-11", "received": "2026-03-10", "late": False,
    "shared": None,
}  # fmt: skip
_SEAT = {
    "id": SEAT, "title": "School or college", "agency": "hill_school", "name": "", "must": False, "yours": True,
    "answer": "deputy", "words": "Mr Dale comes instead.", "attendance": None, "who_came": "", "reports": [_REPORT],
}  # fmt: skip
Answered = Literal["coming", "deputy", "apologies"]


class MeetingTold(Schema):
    """A meeting, without those whom it is about."""

    model_config = example(**_MEETING)

    id: UUID
    kind: str
    title: str
    holder: str
    state: Literal["arranged", "held", "inquorate", "cancelled"]
    planned_at: datetime
    place: str
    reports_due: date | None
    shared_due: date | None


class CaseMet(Schema):
    """A case that a meeting is about, as far as you may know of it."""

    model_config = example(
        case=CASE, reference="LA-26-K7Q2M", pathway="a_pathway", name="Rosie Moss", person=CHILD, about=None, born="2019-04-02"
    )

    case: UUID
    reference: str
    pathway: str
    name: str
    person: UUID | None
    about: str | None
    born: date | None


class MeetingReport(Schema):
    """A report asked of a seat about a case: when it is due and came, and when the family had it. Not what it says."""

    model_config = example(**_REPORT)

    id: UUID
    meeting: UUID
    seat: UUID
    case: UUID
    due: date | None
    received: date | None
    late: bool
    shared: date | None


class SeatTold(Schema):
    """Who is asked, what they answered, and who came once that is marked. `yours`: you answer for it and report."""

    model_config = example(**_SEAT)

    id: UUID
    title: str
    agency: str | None
    name: str
    must: bool
    yours: bool
    answer: Answered | None
    words: str
    attendance: Literal["came", "deputy", "absent"] | None
    who_came: str
    reports: list[MeetingReport]


class WholeMeeting(MeetingTold):
    """A meeting with the cases that you may know of, its seats and the reports asked about those cases."""

    model_config = example(
        **_MEETING, chair="Ann Cole", quorate=None, seats=[_SEAT],
        cases=[{"case": CASE, "reference": "LA-26-K7Q2M", "pathway": "a_pathway", "name": "Rosie Moss", "person": CHILD,
                "about": None, "born": "2019-04-02"}],
    )  # fmt: skip

    chair: str
    quorate: bool | None
    cases: list[CaseMet]
    seats: list[SeatTold]


class NewReport(Schema):
    """A report, and the day the family had it, if they have. Sent again it replaces what was sent."""

    model_config = example(text="Rosie comes to school every day. She sleeps at her aunt's.", shared_on="2026-03-10")

    text: str = Field(max_length=LONGEST)
    shared_on: date | None = None


class InvitationAnswer(Schema):
    """Whether you come. `words` say who comes instead, or what the chair should know."""

    model_config = example(answer="apologies", words="There is no school on that day. Our report is sent.")

    answer: Answered
    words: str = Field("", max_length=300)


class InvitationAnswered(Schema):
    """An answer as it is kept."""

    model_config = example(
        seat=SEAT, meeting=MEETING, answer="apologies", words="There is no school on that day.", at="2026-03-02T10:00:00Z"
    )

    seat: UUID
    meeting: UUID
    answer: Answered
    words: str
    at: datetime
