"""Reading drafts. Depends on `models`, `policies`. (The journal is proved by `verify`.)"""

from __future__ import annotations

from .actor import Actor
from .models import Draft
from .policies import DraftPolicy


def draft_for(actor: Actor, key: str) -> Draft | None:
    """What `actor` typed into the form `key` and has not sent."""
    return DraftPolicy.visible_to(actor).filter(key=key).first()


def drafts_of(actor: Actor) -> list[Draft]:
    """Everything `actor` has begun and not sent, the latest first."""
    return list(DraftPolicy.visible_to(actor).order_by("-saved_at")[:200])
