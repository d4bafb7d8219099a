"""Telling agencies what is due soon and what is late, by the notices that everything else uses. Each is told once."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.words import day_words
from goldenthread.foundation.action import Action
from goldenthread.foundation.capability import Capability
from goldenthread.sharing.actions.notices import Notify

from ..models import Asking, Submission
from ..periods import collection_of

SOON = timedelta(days=7)
"""How long before the day an agency is reminded."""
AGO = timedelta(days=60)
"""What has been late for longer is no news: a service that begins to remind does not begin with years of it."""


def address_of(submission: Submission) -> str:
    return reverse("collections:one", args=[submission.pk])


class RemindOfCollections(Action[int]):
    """Remind each agency of what is due within a week, and tell it of what is late. Returns how many were told of something."""

    name = "collections.remind"
    needs = None  # only the system runs it

    def perform(self, today: date | None = None) -> int:
        day = today or timezone.localdate()
        rows = Submission.objects.filter(
            state__in=(Submission.State.DRAFT, Submission.State.RETURNED), last_day__lt=day, first_sent_on=None,
            due_on__lte=day + SOON, due_on__gt=day - AGO,
            collection__in=Asking.objects.values("collection"), organisation__active=True,
        )  # fmt: skip
        told: set[int] = set()
        for one in rows.select_related("organisation").order_by("due_on"):
            found = collection_of(one.collection)
            if found is None:
                continue
            late = one.due_on < day
            words = f"was due {day_words(one.due_on)} and has not come" if late else f"is due {day_words(one.due_on)}"
            made = Notify(self.actor).run(
                "collection.late" if late else "collection.due", f"{found.title}, {one.period}: {words}",
                organisation=one.organisation, capability=Capability.FILL_COLLECTIONS.value, address=address_of(one), once=True,
            )  # fmt: skip
            if made is not None:
                told.add(one.organisation_id)
                self.note("submission", one.pk, told="late" if late else "due")
        if not told:
            self.quiet("nobody had to be told")
        return len(told)
