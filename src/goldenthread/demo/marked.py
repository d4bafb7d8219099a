"""The changes that the demo's partnership marked on its charts: an action that was done, something else, and one taken off.

Marked by the action that anyone's marks go through. Depends on `intelligence.marks`, after `agreed_work`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from goldenthread.casework.models import AgreedAction
from goldenthread.foundation.actor import SystemActor
from goldenthread.intelligence.marks.actions import MarkChange, TakeOffMark

from .agreed_work import SECOND_SCREENER

COUNTY = "lancashire_12"


def add_marks(actor: SystemActor, now: datetime) -> None:
    """Three marks."""
    actor, today = replace(actor, name="Joint business unit"), now.date()
    done = AgreedAction.objects.filter(what=SECOND_SCREENER).values_list("pk", flat=True).first()
    if done is not None:
        MarkChange(actor).run("contacts_screened_in_time", COUNTY, "Second screener at the front door", action=done)
    MarkChange(actor).run("plan_visits_in_time", COUNTY, "Visits recorded on a tablet", on=today - timedelta(days=250))
    wrong = MarkChange(actor).run("plan_visits_in_time", COUNTY, "Away day of the teams", on=today - timedelta(days=150))
    TakeOffMark(actor).run(wrong.pk, "It was an event, not a change in what anyone does.")
