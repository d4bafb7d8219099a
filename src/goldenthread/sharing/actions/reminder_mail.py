"""Emails of reminders: one a person a day, or at once for those who chose so; counts and a link, never a name or a case.

Counted when it is sent, of what is still undone and the person may still see. An email that cannot be sent is tried again
at the next run, and those who look after the service are told. Depends on `notices`.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Membership, User
from goldenthread.casework.models import Duty
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library

from ..exchange import moment_after
from ..models import Notice, NoticeChoice, Reminder, ReminderMail
from ..policies import ReminderPolicy
from .notices import Notify

log = logging.getLogger("goldenthread.sharing")

GIVE_UP_AFTER = 3
"""Failures one after another that mean the mail server is away: the rest waits for the next run."""
FAILING = "email.failing"
SUBJECT = "{count} in {service}"
BODY = """{lines}

Sign in to see what they are: {link}

This message holds no names on purpose; please do not reply with any. How often you get it: {choice}
"""
LINES = {
    "soon": ("is due soon", "are due soon"), "due": ("is due now", "are due now"), "late": ("is late", "are late"),
    "climbed": ("was not answered by others and has come to you", "were not answered by others and have come to you"),
}  # fmt: skip


@dataclass(slots=True)
class Posted:
    """What became of the emails of a run."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0

    def words(self) -> str:
        failed = f", {self.failed:,} could not be sent and {self.waiting:,} wait" if self.failed else ""
        return f"{self.sent:,} emails sent{failed}"


def choice_of(user: User) -> str:
    """How somebody is told by email: what they chose, as far as local policy allows it."""
    rule = current_library().reminders.email
    chosen = NoticeChoice.objects.filter(pk=user.pk).values_list("email", flat=True).first()
    return chosen if chosen in rule.may_choose else rule.unless_chosen


class ChooseEmail(Action[None]):
    """Choose how one is told by email, among what local policy allows."""

    name = "sharing.choose_email"
    needs = None  # one's own choice

    def perform(self, email: str) -> None:
        if self.actor.user_id is None:
            raise NotAllowed("Only a person chooses how they are told.")
        if email not in current_library().reminders.email.may_choose:
            raise Invalid({"email": "Choose how you want to be told by email."})
        NoticeChoice.objects.update_or_create(user_id=self.actor.user_id, defaults={"email": email})
        self.note("user", self.actor.user_id, email=email)


class MakeReminderMail(Action[ReminderMail | None]):
    """Put what one person was told of, and is to be mailed, into one email; None where there is none to make now."""

    name = "sharing.make_reminder_mail"
    needs = None  # only the system runs it

    def perform(self, user: User, now: datetime) -> ReminderMail | None:
        waiting = Reminder.objects.select_for_update(of=("self",)).filter(user=user, to_mail=True)
        chosen = choice_of(user)
        if chosen == "never" or not user.email or not user.is_active:
            waiting.update(to_mail=False)
            self.quiet("is told on the page alone")
            return None
        day = timezone.localtime(now).date()
        before = ReminderMail.objects.filter(user=user, day=day).count()
        if before and chosen == "daily":
            self.quiet("has had today's email")
            return None
        made = None
        if counted(user, waiting):
            made = ReminderMail.objects.create(user=user, day=day, number=before + 1, made_at=now)
            self.note("user", user.pk, email=made.pk)
        else:
            self.quiet("nothing is left to tell")
        waiting.update(to_mail=False, mail=made)
        return made


class SendReminderMail(Action[bool]):
    """Send one email. False if the server would not take it; then it stays to be sent."""

    name = "sharing.send_reminder_mail"
    needs = None  # only the system runs it

    def perform(self, mail: ReminderMail, connection: BaseEmailBackend, now: datetime) -> bool:
        row = ReminderMail.objects.select_for_update(of=("self",)).select_related("user").filter(pk=mail.pk, sent_at=None).first()
        if row is None:
            self.quiet("another run sent it")
            return True
        counts = counted(row.user, row.reminders.all()) if row.user.is_active else Counter()
        if counts:
            try:
                message(row.user, counts, connection).send()
            except (SMTPException, OSError) as error:
                log.warning("an email could not be sent: %s", type(error).__name__)
                ReminderMail.objects.filter(pk=row.pk).update(tries=row.tries + 1)
                self.quiet("the mail server would not take it")
                return False
        ReminderMail.objects.filter(pk=row.pk).update(sent_at=now, counts=dict(counts), tries=row.tries + 1)
        self.note("user", row.user_id, email=row.pk, sent=bool(counts))
        return True


def counted(user: User, rows: QuerySet[Reminder]) -> Counter[str]:
    """How many duties of each kind are still undone, among those that the person may see."""
    still = Duty.objects.filter(
        case=OuterRef("case"), duty=OuterRef("duty"), ordinal=OuterRef("ordinal"), due_at=OuterRef("due_at"),
        outcome=Duty.Outcome.OPEN,
    )  # fmt: skip
    found: dict[tuple[object, ...], str] = {}
    seen = ReminderPolicy.of(user).filter(Exists(still), pk__in=rows.order_by().values("pk")).order_by("step")
    for *duty, stage, climbed in seen.values_list("case", "duty", "ordinal", "stage", "climbed").iterator(chunk_size=2000):
        found[tuple(duty)] = "climbed" if climbed else stage  # told of twice since, it counts once, as it stands now
    return Counter(found.values())


def message(user: User, counts: Counter[str], connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The whole of what is said outside: how many, and where to sign in."""
    total = sum(counts.values())
    lines = [f"{counts[one]:,} {words[counts[one] != 1]}." for one, words in LINES.items() if counts[one]]
    at = settings.GT_SERVICE_ADDRESS.rstrip("/")
    body = BODY.format(
        lines="\n".join(lines), link=at + reverse("sharing:notices"), choice=at + reverse("sharing:notice-choice")
    )
    count = f"{total:,} {'duty needs' if total == 1 else 'duties need'} you"
    subject = SUBJECT.format(count=count, service=settings.GT_SERVICE_NAME)
    return EmailMessage(subject, body, to=[user.email], connection=connection)


def post_reminders(now: datetime) -> Posted:
    """Make the emails that are to be made and send those that wait, older ones that failed with them."""
    system, posted = SystemActor("reminders"), Posted()
    ids = list(Reminder.objects.filter(to_mail=True).order_by("user").values_list("user", flat=True).distinct())
    for start in range(0, len(ids), 500):
        for user in User.objects.filter(pk__in=ids[start : start + 500]):
            MakeReminderMail(system).run(user, now)
    keep = current_library().reminders.email.keep_trying
    waiting = ReminderMail.objects.filter(sent_at=None, made_at__gt=now - (moment_after(keep, now, "") - now))
    mails = list(waiting.order_by("made_at", "pk").only("pk"))
    if mails:
        _send(mails, system, now, posted)
        posted.waiting = waiting.count() if posted.failed else 0
        _tell_administrators(posted, now)
    return posted


def _send(mails: list[ReminderMail], system: SystemActor, now: datetime, posted: Posted) -> None:
    """By one connection, as long as the server answers."""
    connection, in_a_row = get_connection(), 0
    try:
        for mail in mails:
            before = posted.sent
            if SendReminderMail(system).run(mail, connection, now):
                posted.sent, in_a_row = before + 1, 0
                continue
            posted.failed, in_a_row = posted.failed + 1, in_a_row + 1
            if in_a_row >= GIVE_UP_AFTER:
                return
    finally:
        _hang_up(connection)


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError) as error:
        log.warning("the mail server hung up: %s", type(error).__name__)


def _tell_administrators(posted: Posted, now: datetime) -> None:
    """Those who manage accounts see on their page that email fails, once while it does; it goes when email works again."""
    if not posted.failed:
        Notice.objects.filter(kind=FAILING, seen_at=None).update(seen_at=now)
        return
    words = f"Email cannot be sent: {posted.waiting:,} wait and are tried again. Ask whoever runs the mail server"
    since = now - timedelta(days=1)
    for member in Membership.in_force().filter(user__is_active=True).select_related("role", "user"):
        if Capability.MANAGE_USERS.value not in member.role.capabilities:
            continue
        if not Notice.objects.filter(kind=FAILING, user=member.user, seen_at=None, at__gt=since).exists():
            Notify(SystemActor("reminders")).run(FAILING, words, user=member.user, mail=False)
