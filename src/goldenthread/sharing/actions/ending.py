"""Warning before a sharing agreement ends: whoever keeps it is told once, so that nothing stops being shared by surprise.

Run by `goldenthread nightly`. How long before is said in guidance/sharing.yaml. Depends on the guidance in use and `Notify`.
"""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.action import Action
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.agreement_words import state_of
from goldenthread.guidance.sentences import day_in_words

from .notices import Notify


class WarnOfEnding(Action[int]):
    """Tell the organisations that keep an agreement that it ends soon, and that it has ended; how many were told."""

    name = "sharing.warn_of_ending"
    needs = None  # only the system runs it

    def perform(self, day: date | None = None) -> int:
        day, library, given = day or timezone.localdate(), current_library(), 0
        for agreement in library.agreements.values():
            state = state_of(agreement, library, day)
            if state not in ("ending", "ended"):
                continue
            words = (
                f"The sharing agreement “{agreement.title}” ends on {day_in_words(agreement.in_force.end)}. "
                "After that nothing is shared under it"
                if state == "ending"
                else f"The sharing agreement “{agreement.title}” has ended. Nothing is shared under it any more"
            )
            # The end is part of the address, so that an agreement that is renewed is warned of again.
            address = f"{reverse('agreements:agreement', args=[agreement.id])}#until-{agreement.in_force.end}"
            for keeper in Organisation.objects.filter(kind=agreement.kept_by, active=True).order_by("pk"):
                made = Notify(self.actor).run(
                    f"agreement.{state}", words, organisation=keeper, capability=Capability.SUPERVISE.value,
                    address=address, once=True,
                )  # fmt: skip
                if made is not None:
                    self.note("agreement", agreement.id, state=state, keeper=keeper.pk)
                    given += 1
        if not given:
            self.quiet("no agreement has come nearer its end")
        return given


def warn_of_ending(day: date | None = None) -> int:
    """For `goldenthread nightly`; how many notices were given."""
    return WarnOfEnding(SystemActor("agreements that end")).run(day=day)
