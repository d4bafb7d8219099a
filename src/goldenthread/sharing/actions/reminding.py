"""Reminding: what `reminding.deciding` decides is written, shown as notices, and settled once a duty is done.

Run by `goldenthread nightly` and `goldenthread remind`; the emails are in `reminder_mail`. A run that is repeated, or two at
once, tell nobody twice: `Reminder` is unique for each step and person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import User
from goldenthread.casework.models import Duty
from goldenthread.casework.words import day_words
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import current_library, pathways
from goldenthread.foundation.prepared import MARK, Prepared

from ..models import DutyReminders, Notice, Reminder
from ..policies import ReminderPolicy
from ..reminding.deciding import Batch, batches
from .notices import Notify
from .reminder_mail import Posted, post_reminders

ONE, MANY = "duty.reminder", "duty.reminders"
STAGES = {"soon": "due soon", "due": "due now", "late": "late"}


@dataclass(slots=True)
class Told:
    """What a run did, or in a dry run would do."""

    duties: Counter[str] = field(default_factory=Counter)
    """Stage -> how many duties."""
    climbed: int = 0
    nobody: int = 0
    """Duties of which nobody could be told: no one there may see them."""
    people: set[int] = field(default_factory=set)
    notices: int = 0
    posted: Posted = field(default_factory=Posted)

    def add(self, batch: Batch) -> None:
        for telling in batch.told:
            if telling.nobody:
                self.nobody += 1
                continue
            self.duties[telling.reached.stage] += 1
            self.climbed += telling.reached.step.tell != "owner"
            self.people.update(telling.users)

    def words(self) -> str:
        """One line, with counts alone."""
        told = ", ".join(f"{self.duties[stage]:,} {words}" for stage, words in STAGES.items())
        line = f"duties told of: {told}; {self.climbed:,} climbed; {len(self.people):,} people"
        if self.nobody:
            line += f"; {self.nobody:,} that nobody there may see"
        return line


class TellReminders(Action[int]):
    """Keep that people were told of the duties of one batch, and how far each has come."""

    name = "sharing.tell_reminders"
    needs = None  # only the system runs it

    def perform(self, batch: Batch, now: datetime) -> int:
        rows = [
            Reminder(
                case_id=one.clock.case, duty=one.clock.duty, ordinal=one.clock.ordinal, due_at=one.clock.due_at,
                step=one.reached.number, user_id=user, stage=one.reached.stage, climbed=one.reached.step.tell != "owner", at=now,
            )
            for one in batch.told
            for user in one.users
        ]  # fmt: skip
        Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        DutyReminders.objects.bulk_create(
            [
                DutyReminders(case_id=one.case, duty=one.duty, ordinal=one.ordinal, due_at=one.due_at, told=told, next_at=later)
                for one, told, later in batch.progress
            ],
            update_conflicts=True, unique_fields=["case", "duty", "ordinal"], update_fields=["due_at", "told", "next_at"],
            batch_size=500,
        )  # fmt: skip
        if rows:
            self.note("reminders", now.date().isoformat(), duties=len(batch.told), told=len(rows))
        else:
            self.quiet("nobody is told at these steps")
        return len(rows)


class GiveReminders(Action[int]):
    """Show one person what they were told of: each duty by itself, or many together with a count."""

    name = "sharing.give_reminders"
    needs = None  # only the system runs it

    def perform(self, user: User, now: datetime) -> int:
        waiting = Reminder.objects.select_for_update(of=("self",)).filter(user=user, to_notice=True)
        several = current_library().reminders.one_by_one
        given = 0
        for climbed in (False, True):
            rows = waiting.filter(climbed=climbed)
            first = list(rows.select_related("case__subject").order_by("due_at", "pk")[: several + 1])
            if len(first) > several:
                given += self._together(user, climbed, now)
            else:
                given += sum(self._one(user, row) for row in first)
        Reminder.objects.filter(user=user, to_notice=True).update(to_notice=False)
        self.note("user", user.pk, notices=given)
        return given

    def _one(self, user: User, row: Reminder) -> int:
        pathway = pathways(row.case.arrangement).get(row.case.pathway)
        rule = pathway.duties.get(row.duty) if pathway else None
        title = rule.title if rule else row.duty.replace("_", " ").capitalize()
        given = {"user": user, "case": row.case, "address": f"{reverse('casework:case', args=[row.case_id])}#due", "mail": False}
        try:
            made = Notify(self.actor).run(ONE, f"{title}: {_when(row)}", **given)
        except Invalid:  # a word of the rule is also a name
            made = Notify(self.actor).run(ONE, STAGES[row.stage].capitalize(), **given)
        Reminder.objects.filter(pk=row.pk).update(notice=made)
        return 1

    def _together(self, user: User, climbed: bool, now: datetime) -> int:
        """One notice in place of many, and of the one like it that was not seen."""
        rows = ReminderPolicy.of(user).filter(to_notice=True, climbed=climbed)
        counts = Counter(rows.values_list("stage", flat=True).iterator(chunk_size=2000))
        if not counts:
            return 0
        kind = f"{MANY}.{'climbed' if climbed else 'own'}"
        Notice.objects.filter(user=user, kind=kind, seen_at=None).update(seen_at=now)
        told = ", ".join(f"{counts[stage]:,} {words}" for stage, words in STAGES.items() if counts[stage])
        words = f"Not answered by others and come to you: {told}" if climbed else f"Of your duties: {told}"
        query = "?whose=team" if climbed else "?whose=mine"
        Notify(self.actor).run(kind, words, user=user, address=reverse("casework:my-work") + query, mail=False)
        return 1


def _when(row: Reminder) -> str:
    day = day_words(local_day(row.due_at))
    if row.climbed:
        return f"was due {day} and is not done. It has come to you because nobody has answered it"
    return {"soon": f"due soon, by {day}", "due": "due now", "late": f"late, was due {day}"}[row.stage]


#: What was told of a case and is not dealt with: to be mailed, or with a notice.
_TOLD = Prepared(
    lambda: Reminder.objects.filter(Q(to_mail=True) | Q(notice__isnull=False), case_id=MARK).values_list(
        "pk", "duty", "ordinal", "notice_id"
    )
)


def settle_duties(case: UUID, duties: Iterable[tuple[str, int]]) -> None:
    """Duties of a case have been met or have ended: what was told of them is dealt with. Called by casework as it happens."""
    ended = set(duties)
    told = [(pk, notice) for pk, duty, ordinal, notice in _TOLD.rows(case) if (duty, ordinal) in ended]
    if not told:  # as nearly always: one small read is all that recording an event pays
        return
    notices = [notice for _, notice in told if notice is not None]
    Notice.objects.filter(pk__in=notices, seen_at=None).update(seen_at=timezone.now())
    Reminder.objects.filter(pk__in=[pk for pk, _ in told], to_mail=True).update(to_mail=False)


def settle_done(now: datetime) -> int:
    """The same for whatever ended in another way, such as by a replay."""
    still = Duty.objects.filter(
        case=OuterRef("case"), duty=OuterRef("duty"), ordinal=OuterRef("ordinal"), outcome=Duty.Outcome.OPEN
    )
    about = Reminder.objects.filter(notice=OuterRef("pk")).filter(Exists(still))
    return Notice.objects.filter(kind=ONE, seen_at=None).filter(~Exists(about)).update(seen_at=now)


def would_tell(now: datetime | None = None) -> Told:
    """What a run would do now. Nothing is written and nobody is told."""
    told = Told()
    for batch in batches(now or timezone.now()):
        told.add(batch)
    return told


def remind(now: datetime | None = None, among: Q | None = None) -> Told:
    """Everything: tell, show, and send what is to be sent. With `among`, only of these duties."""
    moment, told = now or timezone.now(), Told()
    system = SystemActor("reminders")
    settle_done(moment)
    for batch in batches(moment, among=among):
        told.add(batch)
        TellReminders(system).run(batch, moment)
    for user in _users(to_notice=True):
        told.notices += GiveReminders(system).run(user, moment)
    told.posted = post_reminders(moment)
    return told


def _users(**which: Any) -> Iterable[User]:
    """People with reminders that wait, one at a time."""
    ids = list(Reminder.objects.filter(**which).order_by("user").values_list("user", flat=True).distinct())
    return (user for start in range(0, len(ids), 500) for user in User.objects.filter(pk__in=ids[start : start + 500]))


def nightly() -> str:
    """For `goldenthread nightly`: what it did in a sentence."""
    told = remind()
    return f"{told.words()}; {told.posted.words()}"
