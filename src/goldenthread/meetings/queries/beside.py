"""What is said of meetings beside a case, and on the page of a person's work. Registered with casework at start."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.kinds import kinds_of
from goldenthread.casework.beside import Beside, Line
from goldenthread.casework.models import Case
from goldenthread.casework.words import day_words, time_words
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import plain
from goldenthread.foundation.prepared import Prepared

from ..kinds import kinds_for, title_of
from ..models import Meeting
from .listing import of_case, reports_owed, waiting

SHOWN = 4
MOST = 99


def beside_case(actor: Actor, case: Case) -> list[Beside]:
    """The next and the last meetings about a case, and the way to arrange one."""
    if not actor.may(Capability.ATTEND_MEETINGS):
        return []
    found = of_case(actor, case)
    lines = [
        Line(title_of(one), reverse("meetings:meeting", args=[one.pk]), _when(one))
        for one in _nearest(found, timezone.now())
    ]
    links = []
    if case.is_open and actor.may(Capability.RECORD_EVENTS) and kinds_for(case.pathway, kinds_of(actor)):
        links.append(Line("Arrange a meeting", reverse("meetings:arrange", args=[case.pk])))
    if not lines and not links:
        return []
    return [Beside("meetings-title", "Meetings", lines, "None yet.", links)]


def _nearest(found: list[Meeting], now: datetime) -> list[Meeting]:
    coming = [one for one in found if one.state == Meeting.State.ARRANGED]
    return [*reversed(coming), *(one for one in found if one.state != Meeting.State.ARRANGED)][:SHOWN]


def _when(meeting: Meeting) -> str:
    local = timezone.localtime(meeting.planned_at)
    told = f"{day_words(local.date())}, {time_words(local)}"
    return told if meeting.state == Meeting.State.ARRANGED else f"{told}: {meeting.get_state_display().lower()}"


#: Kept for the reader and the day, as the page of their work asks them each time it is opened.
_ASKED = Prepared(
    lambda actor, day: waiting(actor).values_list("meeting__planned_at", "pk").order_by("-meeting__planned_at")[: MOST + 1]
)
_OWED = Prepared(lambda actor, day: reports_owed(actor).values_list("page__meeting__reports_due_on")[: MOST + 1])


def owed_by(actor: Actor) -> list[Line]:
    """Invitations that wait for an answer and reports that wait to be sent."""
    if not actor.may(Capability.ATTEND_MEETINGS):
        return []
    lines = []
    key, now, today = plain(actor), timezone.now(), timezone.localdate()
    asked = sum(1 for planned, _ in _ASKED.rows(None, key, today) if planned >= now)
    if asked:
        lines.append(Line(f"{_some(asked)} to answer", f"{reverse('meetings:list')}?show=asked"))
    dues = [due for (due,) in _OWED.rows(None, key, today)]
    late = sum(1 for due in dues if due is not None and due < today)
    if dues:
        words = f"{_many(len(dues), 'report')} for meetings to send"
        lines.append(Line(words, f"{reverse('meetings:list')}?show=reports", f"{late} late" if late else "", bool(late)))
    return lines


def _some(count: int) -> str:
    return _many(count, "invitation") + " to meetings"


def _many(count: int, one: str) -> str:
    return f"{count if count <= MOST else f'more than {MOST}'} {one if count == 1 else one + 's'}"
