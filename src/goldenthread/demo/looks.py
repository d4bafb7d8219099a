"""Who looked at the children of the demo's social worker in the last fortnight, one look at night that is asked about, and
emergency access that waits for review. By the journal and the actions, each look by somebody whom policies let look.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.test.utils import override_settings

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import User
from goldenthread.casework.models import Case
from goldenthread.casework.policies import CasePolicy
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.journal import Note
from goldenthread.people.models import Identifier, Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.sharing.actions.access import AskAboutLooks, AskEmergencyAccess, EndEmergencyAccess

from .chance import Chance

WORKER, MANAGER = "social.worker", "team.manager"
OTHERS = (MANAGER, "reviewing.officer", "designated.nurse", "school.lead", "police.officer", "screener")
CHILDREN, DAYS = 8, 14
REASON = (
    "The school rang at half past six: she was not collected and nobody answers the telephone. I need to know who else may "
    "have her tonight."
)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_looks(seed: int, now: datetime) -> None:
    """Nothing where the demo has none of these people."""
    users = {one.username: one for one in User.objects.filter(username__in=(WORKER, *OTHERS))}
    if WORKER not in users:
        return
    chance = Chance(f"{seed}/looks")
    cases = list(
        Case.objects.filter(worker=users[WORKER], is_open=True, restricted=False, subject__restricted=False)
        .select_related("subject").order_by("reference")[:CHILDREN]
    )  # fmt: skip
    actors = {username: actor_for(user) for username, user in users.items()}
    shown = {
        username: set(CasePolicy.visible_to(actor).filter(pk__in=[one.pk for one in cases]).values_list("pk", flat=True))
        for username, actor in actors.items()
    }
    yesterday = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with transaction.atomic():
        for back in range(DAYS, -1, -1):
            day = yesterday - timedelta(days=back)
            if day.weekday() < 5:
                for case in cases:
                    _day(chance, day, case, {name: actor for name, actor in actors.items() if case.pk in shown[name]})
        for case in cases[:1]:
            _look(actors[WORKER], case, yesterday + timedelta(hours=22, minutes=41))
    AskAboutLooks(SystemActor("looks of the day")).run(yesterday.date())
    _emergency(actors[WORKER])


def _day(chance: Chance, day: datetime, case: Case, actors: dict[str, Actor]) -> None:
    """The worker now and then, and others whom policies let look."""
    for username in (WORKER, *OTHERS):
        likely = 0.3 if username == WORKER else 0.06
        minute = chance.random.randrange(8 * 60, 17 * 60)
        if chance.random.random() < likely and username in actors and case.opened_at < day:
            _look(actors[username], case, day + timedelta(minutes=minute))


def _look(actor: Actor, case: Case, moment: datetime) -> None:
    read = Note("case.view", "case", str(case.pk), {"version": case.version})
    notes = [Note("child.view", "person", str(case.subject_id)), read]
    journal.write(actor, notes, chain=f"reader/{actor.user_id}", at=moment)


def _emergency(actor: Actor) -> None:
    """Asked for by number, for a restricted child whom the worker may not see; given up at once, so that it waits for review."""
    unseen = Person.objects.filter(restricted=True, merged_into=None).exclude(pk__in=PersonPolicy.visible_to(actor).values("pk"))
    number = Identifier.objects.filter(person__in=unseen, scheme="nhs").order_by("value").first()
    if number is None:
        return
    asked = AskEmergencyAccess(actor).run(REASON, number=number.value)
    if asked.access is not None:
        EndEmergencyAccess(actor).run(asked.access)
