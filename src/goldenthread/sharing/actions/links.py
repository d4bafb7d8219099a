"""One-time links, by which an agency without accounts answers.

The secret is 256 bits from the system's own generator; only its SHA-256 is kept, so that whoever reads the database
cannot answer. A link works until it has answered, until it ends, or until a newer one takes its place; a wrong, used,
ended or withdrawn one is refused alike, in the same words and by the same question to the database. Opening one names
who opens it, and only then is it shown whom the question is about.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.rules import email_valid
from goldenthread.casework.models import Event
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability

from ..exchange import climbs, moment_after, still_open, waits
from ..models import AnswerLink, Request
from ..policies import RequestPolicy
from .answering import AnsweredBefore, AnswerRequest, asked_together, hold_cases

log = logging.getLogger("goldenthread.sharing")

MOST_TRIES = 60
"""Times that one link's pages may be sent; far more than anyone needs who answers."""
SUBJECT = "{asker} asks your agency a question"
BODY = """{asker} asks {agency} what it knows about somebody.

Open this link to read the question and answer it. It can be answered once, until {until}:

{address}

The message holds no names on purpose. If you did not expect it, telephone {asker} on a number you already know before
you open the link. Do not pass the link on to anyone outside {agency}.
"""


class LinkUnusable(Exception):
    """The link is wrong, used, ended or withdrawn. Nobody is told which."""


@dataclass(frozen=True, slots=True)
class Made:
    """A link just made. The address is known only now."""

    link: AnswerLink
    address: str
    sent: bool


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so one round of a plain hash cannot be searched back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class MakeAnswerLink(Action[Made]):
    """Make a one-time link for a request that waits, and send it if an address is given. An older link ends.

    `site`: where the service is reached, such as https://thread.example.
    """

    name = "sharing.make_answer_link"
    needs = Capability.RECORD_EVENTS

    def perform(self, request: Request, site: str, email: str = "") -> Made:
        found = RequestPolicy.visible_to(self.actor).filter(pk=request.pk, asker__in=self.actor.organisation_ids).first()
        if found is None:
            raise NotAllowed("There is no such request, or your agency did not make it.")
        email = email.strip()
        if email and not email_valid(email):
            raise Invalid({"email": "Enter an email address in the correct format, like name@example.com"})
        together = asked_together(found)
        hold_cases(together)
        if not waits(found):
            raise AnsweredBefore
        now = timezone.now()
        older = AnswerLink.objects.filter(request__in=together, answered_at=None, withdrawn_at=None)
        older.update(withdrawn_at=now)
        secret = secrets.token_urlsafe(32)
        link = AnswerLink.objects.create(
            request=found, digest=digest_of(secret), sent_to=email, made_at=now, made_by_id=self.actor.user_id,
            expires_at=moment_after(climbs().links_last, now, found.case.arrangement),
        )  # fmt: skip
        address = f"{site.rstrip('/')}{reverse('requests:answer-link', args=[secret])}"
        for one in together:
            self.note("case", one.case_id, request=str(one.pk), link=str(link.pk), sent=bool(email))
        return Made(link, address, bool(email) and _send(found, link, address))


def _send(request: Request, link: AnswerLink, address: str) -> bool:
    """Send a link; False if the mail server would not take it, so that the page can show it instead."""
    until = timezone.localtime(link.expires_at).strftime("%H:%M on %A %d %B %Y")
    words = {"asker": request.asker.title, "agency": request.agency.title, "address": address, "until": until}
    try:
        EmailMessage(SUBJECT.format(**words), BODY.format(**words), to=[link.sent_to]).send()
    except (SMTPException, OSError) as error:
        log.warning("a link could not be sent: %s", type(error).__name__)
        return False
    return True


class WithdrawLink(Action[None]):
    """End a link before its time, because it was sent to a wrong address."""

    name = "sharing.withdraw_link"
    needs = Capability.RECORD_EVENTS

    def perform(self, request: Request) -> None:
        found = RequestPolicy.visible_to(self.actor).filter(pk=request.pk, asker__in=self.actor.organisation_ids).first()
        if found is None:
            raise NotAllowed("There is no such request, or your agency did not make it.")
        together = asked_together(found)
        hold_cases(together)
        links = AnswerLink.objects.filter(request__in=together, answered_at=None, withdrawn_at=None)
        ended = links.update(withdrawn_at=timezone.now())
        self.note("case", found.case_id, request=str(found.pk), links=ended)


def held_link(secret: str) -> AnswerLink:
    """The link of a secret with its cases, held until the transaction ends. Raises LinkUnusable."""
    hold_cases(asked_together(live_link(secret).request))
    return live_link(secret)


def live_link(secret: str) -> AnswerLink:
    """The link of a secret, if it can be used now.

    Raises LinkUnusable. One question to the database whatever is wrong, so that time tells nothing either.
    """
    rows = AnswerLink.objects.filter(
        digest=digest_of(secret), answered_at=None, withdrawn_at=None, expires_at__gt=timezone.now(), tries__lt=MOST_TRIES
    )
    related = ("request__agency", "request__asker", "request__event", "request__case__subject", "request__override")
    found = rows.select_related(*related).first()
    if found is None:
        raise LinkUnusable
    return found


def waiting_for(link: AnswerLink) -> list[Request]:
    """The requests that a link answers: those made in one go of the agency, for children together, that still wait."""
    return waiting_among(asked_together(link.request))


def waiting_among(requests: Sequence[Request]) -> list[Request]:
    """Those that still wait for an answer."""
    waiting = set(still_open(Request.objects.filter(pk__in=[one.pk for one in requests])).values_list("pk", flat=True))
    return [one for one in requests if one.pk in waiting]


def opener(link: AnswerLink, name: str, job: str) -> SystemActor:
    """Whoever opened a link, as the journal and the event call them; they act for the agency asked and can do no more
    than the actions below do for them."""
    return SystemActor(f"{name}, {job}, by one-time link"[:200], organisation_id=link.request.agency_id)


class OpenAnswerLink(Action[list[Request]]):
    """Show what a link asks to somebody who has said who they are. Journalled as a look at each child's case."""

    name = "sharing.open_answer_link"
    needs = None  # the secret is the permission

    def perform(self, secret: str, name: str, job: str) -> list[Request]:
        _named(name, job)
        link = held_link(secret)
        waiting = waiting_for(link)
        if not waiting:
            raise LinkUnusable
        AnswerLink.objects.filter(pk=link.pk).update(
            tries=F("tries") + 1, opened_at=link.opened_at or timezone.now()
        )
        for one in waiting:
            self.note("case", one.case_id, request=str(one.pk), link=str(link.pk), agency=one.agency_id)
        return waiting


class AnswerByLink(Action[list[Event]]):
    """Answer by a link, which is used up by an answer that settles the clock. Raises LinkUnusable; of two answers sent
    at once the second finds it used."""

    name = "sharing.answer_by_link"
    needs = None  # the secret is the permission

    def perform(
        self, secret: str, name: str, job: str, given: Mapping[str, Any], each: Mapping[UUID, Mapping[str, Any]]
    ) -> list[Event]:
        _named(name, job)
        link = held_link(secret)
        waiting = waiting_for(link)
        if not waiting:
            raise LinkUnusable
        now: datetime = timezone.now()
        used = AnswerLink.objects.filter(pk=link.pk, answered_at=None, withdrawn_at=None)
        if not used.update(answered_at=now, tries=F("tries") + 1):
            raise LinkUnusable
        try:
            events = AnswerRequest(opener(link, name, job)).run(waiting, given, each)
        except AnsweredBefore:
            raise LinkUnusable from None
        if waiting_for(link):
            # "Still looking" settles nothing: the same link can bring the answer later.
            AnswerLink.objects.filter(pk=link.pk).update(answered_at=None)
        for one in waiting:
            self.note("case", one.case_id, request=str(one.pk), link=str(link.pk), agency=one.agency_id)
        return events


def _named(name: str, job: str) -> None:
    errors: dict[str, str] = {}
    if not name.strip():
        errors["name"] = "Enter your name"
    if not job.strip():
        errors["job"] = "Enter your job"
    if len(name) > 100 or len(job) > 80:
        errors["name"] = "Your name must be 100 characters or fewer, and your job 80"
    if errors:
        raise Invalid(errors)


def links_of(requests: Sequence[Request]) -> dict[UUID, AnswerLink]:
    """The latest link of each request, by the request's id; a link made for one child of several is each one's."""
    found: dict[UUID, AnswerLink] = {}
    groups = {one.event.group for one in requests if one.event.group is not None}
    rows = AnswerLink.objects.filter(Q(request__in=requests) | Q(request__event__group__in=groups))
    for link in rows.select_related("request__event").order_by("made_at"):
        group, agency = link.request.event.group, link.request.agency_id
        for one in requests:
            if one.pk == link.request_id or (group is not None and (one.event.group, one.agency_id) == (group, agency)):
                found[one.pk] = link
    return found


__all__ = ["AnswerByLink", "LinkUnusable", "MakeAnswerLink", "OpenAnswerLink", "WithdrawLink", "live_link"]
