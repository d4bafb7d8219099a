"""Notices: telling the people of an agency that something waits for them, on their page and by email.

A notice's words and its email never hold personal data: they say what waits, and the page behind the sign-in says about
whom. An email goes only to someone who may know of the case, so that even its coming tells nobody else anything.
Depends on `casework` and `agencies`; other parts of sharing call `Notify` from inside their own actions.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.casework.models import Case
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.capability import Capability

from ..models import Notice
from ..policies import NoticePolicy

log = logging.getLogger("goldenthread.sharing")

LONGEST = 300
MOST_MAILED = 30
"""People of one agency who are told by email of one notice; the page tells everybody."""
KEEP_TRYING = timedelta(days=3)
"""An email that could not be sent is tried again this long; then the notice on the page must do."""
SUBJECT = "Something waits for you in {service}"
BODY = """{words}.

Sign in to {service} to see what it is about: {link}

This message holds no names on purpose; please do not reply with any.
"""


class Notify(Action[Notice | None]):
    """Tell an organisation's people (with `capability`, only those who hold it there), or one person, of something.

    `words` must hold no personal data; `case` keeps it from those who may not know of the case; `address` is the page
    where it is dealt with. With `once`, nothing is written if this was ever told before of the same page.
    """

    name = "sharing.notify"
    needs = None  # it follows from another action, which was allowed

    def perform(
        self, kind: str, words: str, *, organisation: Organisation | None = None, user: User | None = None,
        capability: str = "", case: Case | None = None, address: str = "", once: bool = False, mail: bool = True,
    ) -> Notice | None:  # fmt: skip
        if (organisation is None) == (user is None):
            raise Invalid("A notice is for an organisation or for a person, not both and not neither.")
        if not words or len(words) > LONGEST:
            raise Invalid({"words": f"A notice has words, no more than {LONGEST} characters."})
        if case is not None and _names(case) & set(words.lower().split()):
            raise Invalid({"words": "A notice must not name the person it is about."})
        if once:
            before = Notice.objects.filter(kind=kind, organisation=organisation, user=user, case=case, address=address)
            if before.exists():
                self.quiet("the same notice was given before")
                return None
        made = Notice.objects.create(
            organisation=organisation, user=user, capability=_held(organisation, capability), kind=kind, words=words,
            case=case, address=address, at=timezone.now(), mailed_at=None if mail else timezone.now(),
        )  # fmt: skip
        self.note("notice", made.pk, kind=kind, case=str(case.pk) if case else None)
        if mail:
            transaction.on_commit(lambda: _send_now(made.pk), robust=True)
        return made


def _names(case: Case) -> set[str]:
    return {part.lower() for part in case.subject.name.split() if len(part) > 2}


def _held(organisation: Organisation | None, capability: str) -> str:
    """The capability that narrows a notice; if nobody there holds it, the notice is for everybody there, but for what
    is restricted, which is then for nobody."""
    if organisation is None or not capability:
        return ""
    if capability == Capability.VIEW_RESTRICTED:
        return capability
    held = any(capability in one.role.capabilities for one in _members(organisation))
    return capability if held else ""


def _members(organisation: Organisation) -> list[Membership]:
    rows = Membership.in_force().filter(organisation=organisation, user__is_active=True)
    return list(rows.select_related("role", "user"))


class SeeNotice(Action[Notice]):
    """Mark a notice as seen: for a colleague's, that somebody deals with it."""

    name = "sharing.see_notice"
    needs = None  # whoever the policy shows it to may say that they have seen it

    def perform(self, notice: Notice) -> Notice:
        found = NoticePolicy.get(self.actor, pk=notice.pk)
        if found.seen_at is not None:
            self.quiet("it was seen before")
            return found
        found.seen_at, found.seen_by_id = timezone.now(), self.actor.user_id
        Notice.objects.filter(pk=found.pk, seen_at=None).update(seen_at=found.seen_at, seen_by=found.seen_by_id)
        self.note("notice", found.pk)
        return found


def settle(actor: Actor, addresses: Iterable[str]) -> None:
    """What was told of these pages has been dealt with there: called by the action that did."""
    rows = Notice.objects.filter(address__in=list(addresses), seen_at=None)
    rows.update(seen_at=timezone.now(), seen_by=actor.user_id)


class MailNotices(Action[int]):
    """Send the emails of notices that have not been sent; how many notices were."""

    name = "sharing.mail_notices"
    needs = None  # only the system runs it

    def perform(self, only: Iterable[object] | None = None, now: datetime | None = None) -> int:
        now = now or timezone.now()
        rows = Notice.objects.select_for_update().filter(mailed_at=None, seen_at=None, at__gt=now - KEEP_TRYING)
        if only is not None:
            rows = rows.filter(pk__in=list(only))
        sent = 0
        for notice in rows.order_by("at"):
            if not _mailed(notice):
                continue
            Notice.objects.filter(pk=notice.pk).update(mailed_at=now)
            self.note("notice", notice.pk, mailed=True)
            sent += 1
        if not sent:
            self.quiet("no notice waited to be sent")
        return sent


def _mailed(notice: Notice) -> bool:
    """Send one notice to each person it is for; False if the mail server would not take it, so that it is tried again."""
    link = settings.GT_SERVICE_ADDRESS.rstrip("/") + reverse("sharing:notices")
    try:
        for address in _addresses(notice):
            words = BODY.format(words=notice.words.rstrip("."), service=settings.GT_SERVICE_NAME, link=link)
            EmailMessage(SUBJECT.format(service=settings.GT_SERVICE_NAME), words, to=[address]).send()
    except (SMTPException, OSError) as error:
        log.warning("an email could not be sent: %s", type(error).__name__)
        return False
    return True


def _addresses(notice: Notice) -> list[str]:
    """Email addresses of those whom the notice is shown to: asked of the same policy as the page."""
    if notice.user is not None:
        people = [notice.user]
    elif notice.organisation is not None:
        people = [one.user for one in _members(notice.organisation)]
    else:
        people = []
    found: dict[str, None] = {}
    for user in people:
        if not user.email or not user.is_active or len(found) >= MOST_MAILED:
            continue
        if NoticePolicy.visible_to(actor_for(user)).filter(pk=notice.pk).exists():
            found[user.email] = None
    return list(found)


def _send_now(notice: object) -> None:
    MailNotices(SystemActor("email of notices")).run([notice])


def supervisors(organisation: Organisation) -> bool:
    """Whether an organisation has anyone who supervises in it."""
    return bool(_held(organisation, Capability.SUPERVISE.value))


def mail_waiting() -> int:
    """For `goldenthread nightly`: send what could not be sent before."""
    return MailNotices(SystemActor("email of notices")).run()
