"""What whoever checks does with what was sent: return it, approve it, lock it, open it again."""

from __future__ import annotations

from datetime import datetime

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.sharing.actions.notices import Notify

from ..models import Step, Submission
from ..periods import collection_of
from .common import SubmissionAction, reasons
from .reminding import address_of

State = Submission.State


class _Checking(SubmissionAction[Submission]):
    needs = Capability.CHECK_COLLECTIONS

    def in_state(self, submission: Submission, version: int | None, *states: str) -> Submission:
        here = self.held(submission, version)
        if here.state not in states:
            raise Invalid(f"It is {here.get_state_display().lower()}, so this cannot be done.")
        return here

    def tell(self, here: Submission, kind: str, words: str) -> None:
        found = collection_of(here.collection)
        title = found.title if found is not None else here.collection
        Notify(self.actor).run(
            f"collection.{kind}", f"{title}, {here.period}: {words}", organisation=here.organisation,
            capability=Capability.FILL_COLLECTIONS.value, address=address_of(here),
        )  # fmt: skip


class Return(_Checking):
    """Give it back to the agency with reasons. The day it first came stays."""

    name = "collections.return"

    def perform(
        self, submission: Submission, reason: str, version: int | None = None, at: datetime | None = None
    ) -> Submission:
        here = self.in_state(submission, version, State.SENT)
        words = reasons(reason, "it is returned")
        self.step(here, Step.Kind.RETURNED, words=words, at=self.moment(at))
        here.state = State.RETURNED
        here.save()
        self.tell(here, "returned", "returned to you with a reason")
        return here


class Approve(_Checking):
    """Take it as it was sent: its values count in the indicators as approved."""

    name = "collections.approve"

    def perform(self, submission: Submission, version: int | None = None, at: datetime | None = None) -> Submission:
        here = self.in_state(submission, version, State.SENT)
        if here.entered_by_id is not None and here.entered_by_id == self.actor.user_id:
            raise Invalid("You entered these values yourself. Somebody else approves them.")
        self.step(here, Step.Kind.APPROVED, at=self.moment(at))
        here.state, here.approved_version = State.APPROVED, here.version
        here.save()
        return here


class Lock(_Checking):
    """Close it: figures that are published from now on are of this version."""

    name = "collections.lock"

    def perform(self, submission: Submission, version: int | None = None, at: datetime | None = None) -> Submission:
        here = self.in_state(submission, version, State.APPROVED)
        self.step(here, Step.Kind.LOCKED, at=self.moment(at))
        here.state = State.LOCKED
        here.save()
        return here


class Reopen(_Checking):
    """Open what was approved or locked, for a correction with its reason. Until the correction is approved, the version that
    was approved counts."""

    name = "collections.reopen"

    def perform(
        self, submission: Submission, reason: str, version: int | None = None, at: datetime | None = None
    ) -> Submission:
        here = self.in_state(submission, version, State.APPROVED, State.LOCKED)
        words = reasons(reason, "it is opened again")
        self.step(here, Step.Kind.REOPENED, words=words, at=self.moment(at))
        here.state = State.RETURNED
        here.save()
        self.tell(here, "reopened", "opened again for a correction")
        return here
