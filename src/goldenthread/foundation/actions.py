"""Writing drafts: what someone has typed and not yet sent. Depends on `action`, `policies`.

A draft is its writer's own, so these need no capability beyond being signed in. Saving as you type would fill the
journal, so a draft is journalled when it begins and then at most every ten minutes while it grows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from .action import Action, Invalid
from .actor import NotAllowed
from .models import Draft
from .policies import DraftPolicy

#: Characters of one draft. The longest assessments run to some 100,000.
LONGEST = 500_000
JOURNALLED_EVERY = timedelta(minutes=10)


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
