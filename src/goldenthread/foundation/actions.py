"""Writing drafts: what someone has typed and not yet sent; and sealing the journal. Depends on `action`, `policies`, `seals`.

A draft is its writer's own, so these need no capability beyond being signed in. Saving as you type would fill the
journal, so a draft is journalled when it begins and then at most every ten minutes while it grows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from .action import Action, Invalid
from .actor import NotAllowed, SystemActor
from .models import Draft, IdempotencyKey, JournalHead, JournalSeal, SealedEnd
from .policies import DraftPolicy
from .prepared import Insert
from .seals import OWN_CHAIN, Root, anything_moved, digest_of_seal, last_seal, moved_ends

#: Characters of one draft. The longest assessments run to some 100,000.
LONGEST = 500_000
JOURNALLED_EVERY = timedelta(minutes=10)
#: How long a call that is sent again gets the same answer, and how long its key cannot do anything new. No token lasts
#: longer than the second, so a call that somebody caught can never be done again.
ANSWER_KEPT = timedelta(hours=24)
KEY_KEPT = timedelta(days=366)


class SaveDraft(Action[Draft]):
    """Keep what is in a form. `key` names the form, such as `case/<id>/visited`; a later save replaces an earlier."""

    name = "drafts.save"
    needs = None  # their own words, seen by nobody else

    def perform(self, key: str, body: Mapping[str, Any], version: int | None = None) -> Draft:
        user_id = _own(self.actor.user_id)
        fields = _checked(key, body)
        now = timezone.now()
        draft = DraftPolicy.visible_to(self.actor).select_for_update().filter(key=key).first()
        traced = draft.body.get("_traced", "") if draft else ""
        if draft is None or traced < (now - JOURNALLED_EVERY).isoformat():
            traced = now.isoformat()
            self.note("draft", f"{user_id}/{key}"[:64], begun=draft is None)
        else:
            self.quiet("the same draft, saved again within ten minutes")
        kept = {"body": {**fields, "_traced": traced}, "version": version, "saved_at": now}
        # Two tabs may begin the same draft at once: the later save is the one that is kept.
        draft, _ = Draft.objects.update_or_create(user_id=user_id, key=key, defaults=kept)
        return draft


class DiscardDraft(Action[bool]):
    """Throw a draft away, because it was sent or is not wanted. True if there was one."""

    name = "drafts.discard"
    needs = None  # their own words, seen by nobody else

    def perform(self, key: str) -> bool:
        user_id = _own(self.actor.user_id)
        gone, _ = DraftPolicy.visible_to(self.actor).filter(key=key).delete()
        if gone:
            self.note("draft", f"{user_id}/{key}"[:64])
        else:
            self.quiet("there was no draft")
        return bool(gone)


_ENDS = Insert(SealedEnd)


class SealJournal(Action[JournalSeal | None]):
    """Seal the ends of every chain that moved since the last seal. None if nothing did."""

    name = "journal.sealed"
    needs = None  # only the system itself: a person has no reason to choose when

    def perform(self) -> JournalSeal | None:
        if not self.actor.is_system:
            raise NotAllowed("The journal is sealed by the service itself: `goldenthread journal seal`.")
        # Held until done, so that a second sealer waits and then finds nothing to do.
        list(JournalHead.objects.select_for_update().filter(chain=OWN_CHAIN))
        if not anything_moved():
            self.quiet("nothing was written since the last seal")
            return None
        before = last_seal()
        number = before.number + 1 if before else 1
        root, entries = Root(), 0
        try:
            for page in moved_ends():
                for chain, sequence, digest, sealed in page:
                    root.add(chain, sequence, digest)
                    entries += sequence - sealed
                _ENDS.bulk_create(
                    [SealedEnd(seal_id=number, chain=each[0], sequence=each[1], digest=each[2]) for each in page]
                )
            seal = JournalSeal(
                number=number, at=timezone.now(), previous=before.digest if before else "", chains=root.chains,
                entries=entries, root=root.digest,
            )  # fmt: skip
            seal.digest = digest_of_seal(seal)
            seal.save(force_insert=True)
        except IntegrityError as error:
            raise Invalid("Another seal was being made at the same moment. Nothing was sealed by this one.") from error
        self.note("journal", "seals", number=number, digest=seal.digest)
        return seal


class ClaimKey(Action[IdempotencyKey]):
    """Take a caller's key for a call, in the transaction of what the call does. Returns the row: with an answer if the
    call was done before, else to be given one by `KeepAnswer`. A second caller with the key waits for the first.
    """

    name = "api.claim_key"
    needs = None  # a key is its caller's own; the call itself asks for what it needs

    def perform(self, key: str, request: str) -> IdempotencyKey:
        self.quiet("what the call does is journalled itself")
        now = timezone.now()
        # What is past its time goes whenever somebody writes, so that nothing is kept longer for want of a night's run.
        IdempotencyKey.objects.filter(at__lt=now - ANSWER_KEPT).exclude(answer="").update(answer="")
        IdempotencyKey.objects.filter(at__lt=now - KEY_KEPT).delete()
        digest = hashlib.sha256(key.encode()).hexdigest()
        given = {"request": request, "at": now}
        row, _ = IdempotencyKey.objects.select_for_update().get_or_create(
            owner=self.actor.reader, key=digest, defaults=given
        )
        return row


class KeepAnswer(Action[None]):
    """Keep what a call with a key was answered."""

    name = "api.keep_answer"
    needs = None  # as above

    def perform(self, row: IdempotencyKey, status: int, answer: str) -> None:
        self.quiet("what the call does is journalled itself")
        row.status, row.answer = status, answer
        row.save(update_fields=["status", "answer"])


def seal() -> str:
    """For the night: seal the journal, and say the digest, which the night's own record then keeps elsewhere."""
    made = SealJournal(SystemActor("journal seal")).run()
    if made is None:
        return "nothing was written since the last seal"
    return f"seal {made.number}:{made.digest} covers {made.entries:,} new entries"


def _own(user_id: int | None) -> int:
    if user_id is None:
        raise NotAllowed("Only someone who is signed in can keep a draft.")
    return user_id


def _checked(key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if not key or len(key) > 200:
        raise Invalid({"key": "The form to keep has no name, or one that is too long."})
    fields: dict[str, Any] = {}
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str) for each in values):
            raise Invalid({str(name): "Only text can be kept in a draft."})
        fields[str(name)] = value
    fields.pop("_traced", None)
    if len(json.dumps(fields, ensure_ascii=False)) > LONGEST:
        raise Invalid(
            f"This form is too long to keep: more than {LONGEST:,} characters. Send part of it first."
        )
    return fields
