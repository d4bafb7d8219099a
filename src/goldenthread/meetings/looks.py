"""Journalling who looked at a meeting, on a page or by API."""

from __future__ import annotations

from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor

from .queries.one import Sitting


def looked(actor: Actor, found: Sitting, verb: str = "meeting.view") -> None:
    """A look at the meeting, and at each case that it names to the one who looks."""
    journal.read(actor, verb, "meeting", str(found.meeting.pk))
    for page in found.pages:
        if page.case_id is not None:
            journal.read(actor, verb, "case", str(page.case_id), meeting=str(found.meeting.pk))
