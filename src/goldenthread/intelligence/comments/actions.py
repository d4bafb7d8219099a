"""Writing a comment on a figure. The only writer: a comment is added, and takes the place of what its agency said before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import Membership, Organisation
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.library import Library

from ..indicators.periods import Period, WrongPeriod
from ..questions.whom import concerned
from .models import LONGEST, FigureComment


class CommentOnFigure(Action[FigureComment]):
    """Say something of a figure for everyone who reads the scorecard. With no words, take back what the agency said."""

    name = "comments.comment_on_figure"
    needs = Capability.VIEW_TOTALS

    def perform(
        self, indicator: str, area: str, period: str, text: str, *, supersedes: UUID | None = None,
        organisation: Organisation | None = None, role: str = "", at: datetime | None = None,
    ) -> FigureComment:  # fmt: skip
        """`organisation`, `role` and `at` are for the system: whose comment it is. Raises Invalid if a colleague wrote since."""
        library, text = current_library(), " ".join(text.split())
        found = library.indicators.get(indicator)
        if found is None or found.restricted:
            raise Invalid({"": f"There is no indicator {indicator!r} on the scorecard."})
        agency = organisation if self.actor.is_system else commenting(self.actor, library, indicator)
        if agency is None:
            raise NotAllowed("This figure is not one that your agency answers for, so a comment on it is for others to write.")
        try:
            Period.parse(period)
        except WrongPeriod as error:
            raise Invalid({"": str(error)}) from None
        if len(text) > LONGEST:
            raise Invalid({"text": f"Write no more than {LONGEST} characters"})
        Organisation.objects.select_for_update().get(pk=agency.pk)  # two of one agency at once: one of them is told
        before = standing(indicator, area, period, agency)
        if (before.pk if before is not None else None) != supersedes:
            raise Invalid("Somebody of your agency has written since you opened this page. Read it, then write again.")
        if not text and (before is None or not before.text):
            raise Invalid({"text": "Write what you want to say of this figure"})
        made = FigureComment.objects.create(
            indicator=indicator, area=area, period=period, organisation=agency, author_id=self.actor.user_id,
            role=role if self.actor.is_system else role_in(self.actor, agency), text=text, written_at=at or timezone.now(),
            supersedes=before,
        )  # fmt: skip
        self.note("figure_comment", made.pk, indicator=indicator, area=area, period=period, agency=agency.slug, empty=not text)
        return made


def commenting(actor: Actor, library: Library, indicator: str) -> Organisation | None:
    """For which agency somebody may comment on a figure: theirs, if it concerns it; the analyst's, on every figure."""
    if (ours := concerned(actor, library, indicator)) is not None:
        return ours
    if actor.may(Capability.VIEW_SMALL_NUMBERS) and actor.organisation_id is not None:
        return Organisation.objects.filter(pk=actor.organisation_id).first()
    return None


def standing(indicator: str, area: str, period: str, agency: Organisation) -> FigureComment | None:
    """What an agency says of a figure now; a row without words where it was taken back."""
    rows = FigureComment.objects.filter(indicator=indicator, area=area, period=period, organisation=agency, superseded_by=None)
    return rows.first()


def role_in(actor: Actor, agency: Organisation) -> str:
    rows = Membership.in_force().filter(user=actor.user_id, organisation=agency).select_related("role").order_by("pk")
    found = rows.first()
    return found.role.title[:120] if found is not None else ""
