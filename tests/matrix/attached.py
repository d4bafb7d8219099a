"""What hangs on the cases of the matrix's small partnership: a meeting, a hold, a proposal and a certificate,
a question, and a form of its agency."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import User
from goldenthread.casework.models import Case, DestructionCertificate, DestructionProposal, LegalHold
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.foundation.library import current_library
from goldenthread.intelligence.collections.models import Submission
from goldenthread.intelligence.questions.models import FigureQuestion
from goldenthread.meetings.models import Meeting, Page, Seat
from goldenthread.meetings.models import Report as MeetingReport


def asked_about_a_figure(case: Case) -> None:
    """As if the case were a question about a figure: who sees it is decided by the case."""
    FigureQuestion.objects.create(
        case=case, indicator="plans_at_end", area="lancashire_12", period="2025/26", value="c", asked_at=timezone.now()
    )


def met(place: Partnership, case: Case) -> tuple[UUID, UUID, UUID, UUID]:
    """A meeting about a case, of the agency that leads it, with a seat and a report that is owed."""
    now = timezone.now()
    kind = next(one for one in current_library().meetings.values() if one.covers == "family")
    meeting = Meeting.objects.create(
        kind=kind.id, covers=kind.covers, holder=place.care, planned_at=now - timedelta(hours=1), arranged_at=now
    )
    page = Page.objects.create(meeting=meeting, case=case)
    seat = Seat.objects.create(meeting=meeting, title="Social worker", organisation=place.care, asked_at=now)
    report = MeetingReport.objects.create(page=page, seat=seat, asked_at=now)
    return meeting.pk, seat.pk, page.pk, report.pk


def asked_for(place: Partnership, number: int) -> UUID:
    """A form that the agency is asked to fill in. It is about nobody, so that every state is the same."""
    form = next(one for one in current_library().collections.values() if place.care.kind in one.agencies)
    day = timezone.localdate() - timedelta(days=40 * (number + 1))
    return Submission.objects.create(
        collection=form.id, organisation=place.care, period=f"{day:%Y-%m}", first_day=day, last_day=day + timedelta(days=27),
        due_on=day + timedelta(days=40), version=1,
    ).pk  # fmt: skip


def old_record(place: Partnership, case: Case, state: str) -> tuple[UUID, UUID, UUID]:
    """A hold on a case, a proposal to destroy it, and a certificate as if it had been."""
    keeper, _ = User.objects.get_or_create(username="keeper")
    now = timezone.now()
    listed = {"id": str(case.pk), "reference": case.reference, "pathway": case.pathway, "closed": "2012-01-01",
              "until": "2018-01-01", "schedule": "any_record"}  # fmt: skip
    restricted = state.startswith("restricted")
    hold = LegalHold.objects.create(case=case, reason="R", authority="A court", placed_at=now)
    proposal = DestructionProposal.objects.create(
        cases=[listed], restricted=restricted, proposed_at=now, proposed_by=keeper
    )
    certificate = DestructionCertificate.objects.create(
        destroyed_at=now, proposed_by=keeper, agreed_by=keeper, restricted=restricted,
        body={"cases": [listed], "rules": {}, "kinds": {}, "files": []},
    )  # fmt: skip
    return hold.pk, proposal.pk, certificate.pk
