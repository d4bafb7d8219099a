"""What can be done with marked changes: mark one, take one off. The only writer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library

from ..scorecard.working_out import indicators_told
from .models import MarkedChange
from .policies import MarkPolicy
from .queries import area_titles, completed, completed_on

WORDS, SHORTEST, LONGEST = 80, 10, 1000
EARLIEST = date(2000, 1, 1)


class MarkChange(Action[MarkedChange]):
    """Say that from a day on something was done differently, which an indicator should show."""

    name = "marks.mark"
    needs = Capability.MARK_CHANGES

    def perform(
        self, indicator: str, area: str, what: str, *, on: date | None = None, action: UUID | None = None
    ) -> MarkedChange:
        """`on` may be left out where an action gives the day. Raises Invalid."""
        errors: dict[str, str] = {}
        library = current_library()
        if indicator not in indicators_told(library):
            errors[""] = "There is no such indicator on the scorecard."
        if area not in area_titles(library):
            errors["area"] = "Choose an area of the partnership"
        what = " ".join(what.split())
        if not what:
            errors["what"] = "Say what changed, in a few words"
        elif len(what) > WORDS:
            errors["what"] = f"What changed must be {WORDS} characters or fewer: it is written on the chart"
        day = self._day(on, action, errors)
        if errors or day is None:
            raise Invalid(errors)
        try:
            with transaction.atomic():
                mark = MarkedChange.objects.create(
                    indicator=indicator, area=area, on=day, what=what, action=action, marked_at=timezone.now(),
                    marked_by_id=self.actor.user_id, marked_by_name=self.actor.name[:200],
                )  # fmt: skip
        except IntegrityError:
            raise Invalid({"on": "A change is marked on that day already, for this indicator and area"}) from None
        self.note("marked_change", mark.pk, indicator=indicator, area=area, on=day.isoformat(), action=str(action or ""))
        return mark

    def _day(self, on: date | None, action: UUID | None, errors: dict[str, str]) -> date | None:
        """The day of the change; what is wrong with it goes to `errors`."""
        if action is not None:
            found = completed(self.actor).filter(pk=action).first()
            day = completed_on(found) if found is not None else None
            if day is None:
                errors["completed"] = "Choose an action that is done and that you may see"
            elif on is not None and on != day:
                errors["on"] = f"This action was done on {day:%-d %B %Y}. Leave the day empty, or choose no action"
            return day
        if on is None:
            errors["on"] = "Enter the day from which it was different, or choose an action"
        elif on > timezone.localdate():
            errors["on"] = "The day must be today or in the past"
        elif on < EARLIEST:
            errors["on"] = f"The day must be after {EARLIEST:%-d %B %Y}"
        return on


class TakeOffMark(Action[MarkedChange]):
    """Take a mark off its chart, with a reason. It stays readable beside the chart."""

    name = "marks.take_off"
    needs = Capability.MARK_CHANGES

    def perform(self, mark: UUID, reason: str) -> MarkedChange:
        found = MarkPolicy.visible_to(self.actor).filter(pk=mark).select_for_update().first()
        if found is None:
            raise NotAllowed("There is no such mark, or you may not see it.")
        if found.taken_off_at is not None:
            raise Invalid("This mark was taken off already.")
        reason = reason.strip()
        if len(reason) < SHORTEST:
            raise Invalid({"reason": "Say why it is taken off, in a sentence"})
        if len(reason) > LONGEST:
            raise Invalid({"reason": f"The reason must be {LONGEST:,} characters or fewer"})
        found.taken_off_at, found.taken_off_by_id = timezone.now(), self.actor.user_id
        found.taken_off_by_name, found.reason = self.actor.name[:200], reason
        found.save(update_fields=["taken_off_at", "taken_off_by", "taken_off_by_name", "reason"])
        self.note("marked_change", found.pk, indicator=found.indicator, area=found.area, taken_off=True)
        return found
