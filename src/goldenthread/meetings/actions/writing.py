"""Taking the record while the meeting sits: a page's discussion, answers, decisions, dissent and actions; and who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from goldenthread.agencies.models import Organisation
from goldenthread.casework.answers import clean
from goldenthread.foundation.action import Invalid, Stale

from ..kinds import asked_of, kind_of
from ..models import AgreedAction, Decision, Dissent, Meeting, Page, Seat
from .common import MeetingAction

LONGEST, MOST = 20_000, 60
"""Characters of one text, and rows of one page."""


@dataclass(frozen=True, slots=True)
class DecisionGiven:
    """A decision, with the agencies that do not agree and why."""

    words: str
    dissents: Sequence[tuple[Organisation | None, str]] = ()


@dataclass(frozen=True, slots=True)
class ActionGiven:
    """What an agency will do by a day."""

    organisation: Organisation | None
    what: str
    due_on: date | None


@dataclass(slots=True)
class Written:
    """What was written on a page."""

    discussion: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    decisions: Sequence[DecisionGiven] = ()
    actions: Sequence[ActionGiven] = ()


class WritePage(MeetingAction[Page]):
    """Keep a page as it stands: it replaces what was there. What is not answered yet may be answered later, before closing.

    Pass the `version` the page was opened on: Stale is raised, nothing written, if somebody else has written since.
    """

    name = "meetings.write_page"

    def perform(self, page: Page, written: Written, version: int | None = None) -> Page:
        meeting = self.held(page.meeting)
        here = self.page(page)
        if meeting.state == Meeting.State.CANCELLED or here.event_id is not None:
            self.still_open(meeting)
        if version is not None and here.version != version:
            raise Stale(version, here.version)
        errors = _wrong(written)
        answers: dict[str, Any] = {}
        event = asked_of(kind_of(meeting), here.case) if here.case is not None else None
        if event is not None:
            answers, problems = clean(event, written.answers, complete=False)
            for problem in problems:
                errors.setdefault(problem.field, []).append(problem.message)
        if errors:
            raise Invalid(errors)
        here.discussion, here.answers = written.discussion.strip(), answers
        here.version += 1
        here.save()
        Decision.objects.filter(page=here).delete()
        AgreedAction.objects.filter(page=here).delete()
        for number, given in enumerate(written.decisions, 1):
            made = Decision.objects.create(page=here, number=number, words=given.words.strip())
            Dissent.objects.bulk_create(
                [
                    Dissent(decision=made, organisation=one, reason=why.strip())
                    for one, why in given.dissents
                    if one is not None
                ]
            )
        actions: list[Any] = [one for one in written.actions if one.due_on is not None]  # _wrong refused the others
        AgreedAction.objects.bulk_create(
            [
                AgreedAction(
                    page=here, number=number, organisation=one.organisation, what=one.what.strip(), due_on=one.due_on
                )
                for number, one in enumerate(actions, 1)
            ]
        )
        self.note("meeting", meeting.pk, page=str(here.pk), decisions=len(written.decisions), actions=len(written.actions))
        if here.case_id is not None:
            self.note("case", here.case_id, meeting=str(meeting.pk), page_version=here.version)
        return here


def _wrong(written: Written) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(written.discussion) > LONGEST:
        errors["discussion"] = [f"The discussion must be {LONGEST:,} characters or fewer"]
    if len(written.decisions) > MOST or len(written.actions) > MOST:
        errors[""] = [f"A page has no more than {MOST} decisions and {MOST} actions"]
    for index, decision in enumerate(written.decisions):
        name = f"decision-{index}"
        if not decision.words.strip():
            errors[name] = ["Write what was decided, or take the disagreement out"]
        elif len(decision.words) > LONGEST:
            errors[name] = [f"A decision must be {LONGEST:,} characters or fewer"]
        for agency, why in decision.dissents:
            if agency is None or not why.strip():
                errors[f"{name}-agency"] = ["Say which agency does not agree, and why"]
    for index, action in enumerate(written.actions):
        name = f"agreed-{index}"
        if not action.what.strip():
            errors[f"{name}-what"] = ["Write what will be done"]
        if action.organisation is None:
            errors[f"{name}-agency"] = ["Choose the agency that will do it"]
        if action.due_on is None:
            errors.setdefault(f"{name}-due", ["Enter the day by which it will be done"])
    return errors


class MarkAttendance(MeetingAction[Meeting]):
    """Mark who came. `marks`: seat -> (came, deputy or absent; who)."""

    name = "meetings.mark_attendance"

    def perform(self, meeting: Meeting, marks: Mapping[UUID, tuple[str, str]]) -> Meeting:
        found = self.held(meeting)
        self.still_open(found)
        for seat in Seat.objects.select_for_update(of=("self",)).filter(meeting=found, pk__in=list(marks)):
            mark, who = marks[seat.pk]
            if mark not in Seat.Attendance.values:
                raise Invalid({str(seat.pk): "Choose whether somebody came"})
            seat.attendance, seat.who_came = mark, who.strip()[:200]
            seat.save(update_fields=["attendance", "who_came"])
        self.note("meeting", found.pk, marked=len(marks))
        return found
