"""The record of a meeting in words, for its page and for Word and PDF. It says only what the reader's own pages hold.

Depends on rows that a query has let the reader see; the files are written by what writes chronologies.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from goldenthread.casework.timeline import entries
from goldenthread.casework.words import time_words
from goldenthread.guidance.plain import FORCE
from goldenthread.sharing.chronology.document import Document, Facts, day

from .kinds import recording_for
from .models import Meeting, Page, Seat
from .queries.one import Sitting

ATTENDED = {"came": "came", "deputy": "somebody came in their place", "absent": "did not come", "": "not marked"}


@dataclass(slots=True)
class Section:
    """One page of the record."""

    title: str
    said: list[tuple[str, str]] = field(default_factory=list)
    """The person's own words: the question, and what they said."""
    answers: list[tuple[str, str]] = field(default_factory=list)
    discussion: str = ""
    decisions: list[tuple[str, list[str]]] = field(default_factory=list)
    actions: list[tuple[str, str, str]] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)


def sections_of(found: Sitting) -> list[Section]:
    return [_section(found, page) for page in found.pages]


def _section(found: Sitting, page: Page) -> Section:
    case = page.case
    title = f"{case.subject.name}, {case.reference}" if case is not None else "What was discussed"
    made = Section(title, discussion=page.discussion)
    told = recording_for(found.kind, case) if case is not None else None
    if page.event is not None and told is not None:
        (entry,) = entries(told[1], [page.event])
        made.said = [(one.label, one.words) for one in entry.said]
        made.answers = [(one.label, one.words) for one in entry.rest]
    made.decisions = [
        (one.words, [f"{each.organisation.title} does not agree: {each.reason}" for each in one.dissents.all()])
        for one in page.decisions.all()
    ]
    made.actions = [(one.organisation.title, one.what, day(one.due_on)) for one in page.actions.all()]
    for chair in found.chairs:
        for report in chair.reports:
            if report.page_id == page.pk and report.received_on is not None:
                shared = (
                    f"the family had it on {day(report.shared_on)}" if report.shared_on else "not shared with the family"
                )
                made.reports.append((_seat(chair.seat), f"Came {day(report.received_on)}; {shared}"))
    return made


def _seat(seat: Seat) -> str:
    title = seat.organisation.title if seat.organisation is not None else seat.name
    return seat.title if title in ("", seat.title) else f"{seat.title} ({title})"


def about(found: Sitting) -> list[tuple[str, str]]:
    """The facts at the head of the record."""
    here: Meeting = found.meeting
    local = timezone.localtime(here.planned_at)
    rows = [("Day", f"{day(local.date())}, {time_words(local)}"), ("Held by", here.holder.title)]
    rows += [(name, value) for name, value in (("Place", here.place), ("Chair", here.chair)) if value]
    if here.state == Meeting.State.INQUORATE:
        rows.append(("Outcome", "It could not decide: too few agencies came."))
    elif here.quorate is False:
        rows.append(("Quorum", f"Too few came. It decided all the same because: {here.why_went_on}"))
    elif here.why_went_on:
        rows.append(("Quorum", f"Enough agencies came. Not everybody who must be there was: {here.why_went_on}"))
    else:
        rows.append(("Quorum", "Enough agencies came."))
    if here.issued_at is not None:
        rows.append(("Sent out", f"{day(here.issued_at)} to {here.issued_to}"))
    return rows


def attendance(found: Sitting) -> list[tuple[str, str]]:
    return [
        (_seat(chair.seat), ATTENDED[chair.seat.attendance] + (f": {chair.seat.who_came}" if chair.seat.who_came else ""))
        for chair in found.chairs
    ]


def document_of(found: Sitting) -> Document:
    """The record as a document to be written as Word or PDF."""
    made = Document(f"Record: {found.title}", about(found), [], lines=False)
    made.facts.append(Facts("Who was there", attendance(found)))
    if found.kind.quorum is not None:
        made.notes.append(f"{found.quorum} {FORCE[found.kind.quorum.force]}: {found.kind.quorum.reference}.")
    for section in sections_of(found):
        rows = [(label, f"“{words}”") for label, words in section.said] + section.answers
        made.facts.append(Facts(section.title, rows, section.discussion))
        decisions = [
            (f"Decision {number}", "\n".join([words, *dissents]))
            for number, (words, dissents) in enumerate(section.decisions, 1)
        ]
        if decisions:
            made.facts.append(Facts("Decisions", decisions))
        if section.actions:
            made.facts.append(Facts("Actions", [(agency, f"{what}\nBy {due}") for agency, what, due in section.actions]))
        if section.reports:
            made.facts.append(Facts("Reports", section.reports))
    return made
