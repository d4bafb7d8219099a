"""What every action on a submission does: hold its row, check its version, write the step."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.action import Action, Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.guidance.collection import Collection, Groups

from ..models import Step, Submission
from ..periods import collection_of, districts_of
from ..policies import SubmissionPolicy

Result = TypeVar("Result")


class SubmissionAction(Action[Result]):
    """An action on one submission."""

    def held(self, submission: Submission, version: int | None) -> Submission:
        """The submission as it is now, locked. Raises NotAllowed if unseen, Stale if another version was looked at."""
        if not SubmissionPolicy.visible_to(self.actor).filter(pk=submission.pk).exists():
            raise NotAllowed("There is no such submission, or you may not see it.")
        found = Submission.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=submission.pk)
        if version is not None and found.version != version:
            raise Stale(version, found.version)
        return found

    def form(self, submission: Submission) -> tuple[Collection, Groups]:
        """Its collection, and the districts of its agency."""
        found = collection_of(submission.collection)
        if found is None:
            raise Invalid("The guidance no longer has this collection. What was sent is kept.")
        organisation: Organisation = submission.organisation
        return found, districts_of(organisation)

    def step(self, submission: Submission, kind: str, *, words: str = "", boxes: int = 0, at: datetime | None = None) -> None:
        """Count the version up, keep the row and write what was done."""
        submission.version += 1
        Step.objects.create(
            submission=submission, version=submission.version, kind=kind, words=words.strip(), boxes=boxes,
            at=at or timezone.now(), by_id=self.actor.user_id, by_name=self.actor.name[:200],
        )  # fmt: skip
        self.note(
            "submission", submission.pk, kind=kind, collection=submission.collection, period=submission.period,
            organisation=submission.organisation_id, version=submission.version,
        )  # fmt: skip

    def moment(self, at: datetime | None) -> datetime:
        """When it is done: now, unless the system replays what was done before."""
        if at is not None and not self.actor.is_system:
            raise NotAllowed("It is done when it is done.")
        return at or timezone.now()


def reasons(words: str, what: str) -> str:
    if not words.strip():
        raise Invalid({"reason": f"Say why {what}"})
    if len(words) > 2000:
        raise Invalid({"reason": "The reason must be 2,000 characters or fewer"})
    return words.strip()
