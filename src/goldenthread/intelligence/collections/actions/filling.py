"""Filling a form in, and sending it: what an agency does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.collection import Cell
from goldenthread.sharing.actions.notices import settle

from ..models import Entry, Step, Submission
from ..policies import agrees_alone, fills
from ..queries import before, values_at
from ..values import LONGEST_COMMENT, Given, NotANumber, problems, read_value
from .common import SubmissionAction
from .reminding import address_of

Typed = Mapping[str, tuple[str, str]]
"""Box -> what was typed, and the comment, as text."""


class SaveValues(SubmissionAction[Submission]):
    """Keep what was entered. Only what cannot be read as a number is refused; rules are asked when it is sent.

    Boxes that are not given stay as they were.
    """

    name = "collections.save_values"
    needs = Capability.FILL_COLLECTIONS

    def perform(
        self, submission: Submission, typed: Typed, version: int | None = None, at: datetime | None = None
    ) -> Submission:
        here = self.held(submission, version)
        if not fills(self.actor, here):
            raise NotAllowed("Only the agency itself enters its values.")
        if not here.may_change:
            raise Invalid(f"It is {here.get_state_display().lower()}. Ask for it to be opened again, to change it.")
        collection, districts = self.form(here)
        read = read_all({box.key: collection.cells[box.cell] for box in collection.boxes(districts)}, typed)
        now = self.moment(at)
        kept = values_at(here)
        changed = {box: one for box, one in read.items() if box not in kept or kept[box] != one}
        if not changed:
            self.quiet("nothing was changed")
            return here
        self.step(here, Step.Kind.SAVED, boxes=len(changed), at=now)
        Entry.objects.bulk_create(
            Entry(
                submission=here, version=here.version, box=box, value=one.value, comment=one.comment, at=now,
                by_id=self.actor.user_id, by_name=self.actor.name[:200],
            )
            for box, one in changed.items()
        )  # fmt: skip
        here.entered_at = now
        if self.actor.user_id is not None:  # a system of the agency is nobody's second look
            here.entered_by_id = self.actor.user_id
        here.save()
        return here


def read_all(boxes: Mapping[str, Cell], typed: Typed) -> dict[str, Given]:
    """What was typed as numbers and words. Raises Invalid, by box, with everything that cannot be read."""
    wrong: dict[str, list[str]] = {}
    found: dict[str, Given] = {}
    for box, (text, comment) in typed.items():
        cell = boxes.get(box)
        if cell is None:
            near = get_close_matches(box, list(boxes), n=1)
            wrong[box] = [f"There is no value called {box!r} in this form{f'; did you mean {near[0]!r}?' if near else ''}"]
            continue
        if len(comment) > LONGEST_COMMENT:
            wrong.setdefault(box, []).append(f"The comment must be {LONGEST_COMMENT:,} characters or fewer")
        try:
            found[box] = Given(read_value(cell, text), comment.strip())
        except NotANumber as error:
            wrong.setdefault(box, []).append(str(error))
    if wrong:
        raise Invalid(wrong)
    return found


class Send(SubmissionAction[Submission]):
    """Agree an agency's values and send them: by somebody else than entered them, or by whoever leads on its figures."""

    name = "collections.send"
    needs = Capability.FILL_COLLECTIONS

    def perform(self, submission: Submission, version: int | None = None, at: datetime | None = None) -> Submission:
        here = self.held(submission, version)
        if not fills(self.actor, here):
            raise NotAllowed("Only the agency itself sends its values.")
        if self.actor.user_id is None and not self.actor.is_system:
            raise NotAllowed("A person of the agency agrees the values and sends them, in the browser.")
        if not here.may_change:
            raise Invalid(f"It is {here.get_state_display().lower()} already.")
        if why := why_not_send(self, here):
            raise Invalid(why)
        collection, districts = self.form(here)
        wrong: dict[str, list[str]] = {}
        for one in problems(collection, districts, values_at(here), before(here)):
            wrong.setdefault(one.box, []).append(one.message)
        if wrong:
            raise Invalid(wrong)
        now = self.moment(at)
        day = local_day(now)
        if day <= here.last_day:
            raise Invalid("The period is not over. It can be sent from the day after it ends.")
        self.step(here, Step.Kind.SENT, at=now)
        here.state, here.sent_version = Submission.State.SENT, here.version
        if here.first_sent_on is None:
            here.first_sent_on = day
        here.save()
        settle(self.actor, [address_of(here)])
        return here


def why_not_send(action: SubmissionAction[Submission], here: Submission) -> str:
    """Why this person may not agree what stands here; "" if they may."""
    actor = action.actor
    if here.entered_at is None:
        return "Nothing has been entered yet."
    if actor.user_id is not None and here.entered_by_id == actor.user_id and not agrees_alone(actor, here):
        return "You entered these values. Somebody else of your agency looks at them and sends them."
    return ""
