"""Requests: what one's agency must answer, what it has asked, and in one case who was asked, who was not and why.

Writes only by `sharing.actions`. A page of late requests lets them climb first, so that what it says is so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.forms.event import Typed
from goldenthread.casework.models import Case
from goldenthread.casework.openings import word_for
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.views.common import case_of, kept, number
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions.asking import AskAgencies, AskForWord
from ..actions.climbing import ClimbRequests, climb
from ..actions.links import MakeAnswerLink, WithdrawLink
from ..actions.overrides import UseOverride
from ..decision import Decision, Verdict
from ..models import HandOver, Request
from ..policies import HandOverPolicy, RequestPolicy
from ..queries.requests import (
    PER_PAGE,
    Line,
    asked_by_us,
    asked_last,
    how_many_to_answer,
    in_words,
    organisations_named,
    purpose_title,
    to_answer,
)
from ..queries.requests import of_case as read_case
from ..rulings import purpose_of, ruling_for
from .ask import Place, place_of


@policy(Capability.VIEW_CASES)
def requests(request: HttpRequest) -> HttpResponse:
    """What one's agency must answer; with `side=asked` what it has asked, with `mine=1` only what one asked oneself."""
    actor = actor_of(request)
    side, mine = request.GET.get("side", ""), request.GET.get("mine") == "1"
    climb()
    waiting = how_many_to_answer(actor)
    if side not in ("asked", "answer"):
        side = "answer" if waiting or not actor.may(Capability.SCREEN_CONTACTS) else "asked"
    page = max(1, number(request.GET.get("page", "")) or 1)
    start = (page - 1) * PER_PAGE
    lines = to_answer(actor, start) if side == "answer" else asked_by_us(actor, mine, start)
    shown = lines[:PER_PAGE]
    journal.read(actor, "requests.view", "requests", side, mine=mine)
    for line in shown:
        journal.read(actor, "request.listed", "case", str(line.first.case_id), request=str(line.first.pk))
    here = reverse("requests:list")
    query: dict[str, str] = {"side": side, **({"mine": "1"} if mine else {})}
    context = {
        "side": side, "mine": mine, "lines": shown, "waiting": waiting, "page": page,
        "previous": f"{here}?{urlencode({**query, 'page': str(page - 1)})}" if page > 1 else "",
        "next": f"{here}?{urlencode({**query, 'page': str(page + 1)})}" if len(lines) > PER_PAGE else "",
        "offers": HandOverPolicy.visible_to(actor).filter(
            receiver__in=actor.organisation_ids, state=HandOver.State.OFFERED).count(),
    }  # fmt: skip
    return render(request, "sharing/requests.html", context)


# One case ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form of this page that was refused: of which agency, which of its forms, why, and what was typed."""

    agency: str
    how: str
    error: str
    typed: str = ""

    @property
    def target(self) -> str:
        """Where the error summary leads."""
        if self.how in ("word", "emergency"):
            return f"reason-{self.how}-{self.agency}"
        return f"email-{self.agency}" if self.how == "link" else ""


@dataclass(frozen=True, slots=True)
class Held:
    """An agency that was chosen and not asked, and why."""

    agency: Organisation
    decision: Decision
    wrong: Wrong | None = None

    def error_in(self, how: str) -> str:
        """What was wrong with one of its forms."""
        return self.wrong.error if self.wrong is not None and self.wrong.how == how else ""

    def typed_in(self, how: str) -> str:
        return self.wrong.typed if self.wrong is not None and self.wrong.how == how else ""

    @property
    def ruling(self) -> dict[str, str]:
        return in_words(self.decision.content)

    @property
    def reviewed(self) -> bool:
        return self.decision.content.verdict is Verdict.REVIEW

    @property
    def may_say_whether_known(self) -> bool:
        return self.decision.existence.verdict is Verdict.PERMIT


@policy(Capability.VIEW_CASES)
def of_case(request: HttpRequest, case: UUID) -> HttpResponse:
    """Every agency asked in one case with its clock; those that were chosen and not asked, with the clause."""
    actor = actor_of(request)
    here = case_of(actor, case)
    ClimbRequests(SystemActor("climbing")).run(case=here.pk)
    journal.read(actor, "case.requests", "case", str(here.pk))
    return _case_page(request, actor, here)


def _case_page(
    request: HttpRequest, actor: Actor, case: Case, *, wrong: Wrong | None = None, made: Any = None
) -> HttpResponse:
    """`made`: a one-time link to show this once."""
    place = _place(actor, case)
    held = _held(actor, place, request.GET.getlist("held") or _still_held(actor, place), wrong) if place else []
    pathway = program_of(case).pathway
    context = {
        "case": case, "pathway": pathway, "lines": lines_of(actor, case), "held": held, "made": made,
        "may_ask": place is not None and case.is_open, "may_supervise": actor.may(Capability.SUPERVISE),
        "asks": place is not None, "own": actor.organisation_ids, "wrong": wrong,
        "purpose": purpose_title(purpose_of(case)), "may_screen": actor.may(Capability.SCREEN_CONTACTS),
        "back": reverse("casework:contact" if pathway.front_door else "casework:case", args=[case.pk]),
    }  # fmt: skip
    return render(request, "sharing/case_requests.html", context, status=422 if wrong else 200)


def lines_of(actor: Actor, case: Case) -> list[Line]:
    """The requests of a case. An agency that was itself asked sees its own, not what the others were asked."""
    lines = read_case(case)
    if case.lead_id in actor.organisation_ids or actor.may(Capability.SCREEN_CONTACTS):
        return lines
    own = actor.organisation_ids
    return [line for line in lines if line.first.agency_id in own or line.first.asker_id in own]


def _place(actor: Actor, case: Case) -> Place | None:
    try:
        return place_of(actor, case.pk)
    except (Http404, NotAllowed):
        return None


def _still_held(actor: Actor, place: Place) -> list[str]:
    """Those whom this reader chose and nobody asked: shown again, with the clause, until the choice is given up."""
    found = kept(actor, place.key)
    if found is None:
        return []
    chosen = dict.fromkeys(found[0].many("_ask"))
    asked = set(Request.objects.filter(case=place.case).values_list("agency__slug", flat=True))
    left = [slug for slug in chosen if slug not in asked]
    return [one.agency.slug for one in _held(actor, place, left, None) if one.decision.content.verdict is not Verdict.PERMIT]


def _held(actor: Actor, place: Place, slugs: Sequence[str], wrong: Wrong | None) -> list[Held]:
    rows = OrganisationPolicy.visible_to(actor).filter(active=True).exclude(pk=place.asker.pk)
    purpose, day = purpose_of(place.case), timezone.localdate()
    found = []
    refused = [wrong.agency] if wrong is not None and wrong.how != "link" else []
    for one in organisations_named(rows, [*slugs, *refused]):
        decision = ruling_for(one, place.asker, purpose, place.case, day)
        found.append(Held(one, decision, wrong if one.slug in refused else None))
    return found


@policy(Capability.RECORD_EVENTS)
def ask_held(request: HttpRequest, case: UUID) -> HttpResponse:
    """POST: ask an agency that was held back: with a supervisor's word, in an emergency, or only whether it knows the
    child; or ask a supervisor for their word."""
    actor = actor_of(request)
    place = place_of(actor, case)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("requests:of-case", args=[place.case.pk]))
    rows = OrganisationPolicy.visible_to(actor).filter(active=True)
    agency = rows.filter(slug=request.POST.get("agency", "")).first()
    if agency is None:
        raise Http404
    how, reason = request.POST.get("how", ""), request.POST.get("reason", "").strip()
    try:
        with transaction.atomic():
            words = _ask_one(actor, place, agency, how, reason)
    except Invalid as error:
        return _case_page(request, actor, place.case, wrong=Wrong(agency.slug, how, " ".join(error.messages), reason))
    except Stale:
        again = "Someone recorded something in this case at the same moment. Send it again"
        return _case_page(request, actor, place.case, wrong=Wrong(agency.slug, how, again, reason))
    messages.success(request, words)
    rest = [slug for slug in request.GET.getlist("held") if slug != agency.slug]
    if not rest:
        DiscardDraft(actor).run(place.key)
    query = f"?{urlencode([('held', slug) for slug in rest])}#held" if rest else ""
    return HttpResponseRedirect(f"{reverse('requests:of-case', args=[place.case.pk])}{query}")


def _ask_one(actor: Actor, place: Place, agency: Organisation, how: str, reason: str) -> str:
    """Ask, or ask for the word; says what was done."""
    if how == "supervisor":
        AskForWord(actor).run(place.case, [agency])
        return f"The supervisors of {place.asker.title} have been asked for their word about {agency.title}."
    together, question, about = _as_before(actor, place)
    if how == "known":
        AskAgencies(actor).run(together, [agency], question, about, only_known=[agency.pk])
        called = word_for(place.case.subject, timezone.localdate())
        return f"{agency.title} is asked only whether it knows the {called}."
    if how == "word":
        if not reason:
            raise Invalid("Enter why you agree that it is asked")
        AskAgencies(actor).run(together, [agency], question, about, word=reason)
        return f"{agency.title} is asked. Your word is kept with the request."
    if how == "emergency":
        purpose = purpose_of(place.case)
        decision = ruling_for(agency, place.asker, purpose, place.case, timezone.localdate())
        override = UseOverride(actor).run(place.case, agency, place.asker, purpose, reason, decision)
        AskAgencies(actor).run(together, [agency], question, about, overrides={agency.pk: override})
        return f"{agency.title} is asked in an emergency. A manager reviews that by the next working day."
    raise Invalid("Choose how the agency is to be asked")


def _as_before(actor: Actor, place: Place) -> tuple[list[Case], str, str]:
    """The same as was typed for the others: from what was kept, or from what was last asked in this case."""
    found = kept(actor, place.key)
    if found is not None:
        typed: Typed = found[0]
        also = set(typed.many("_also"))
        together = [one for one in place.together if str(one.pk) in also]
        return [place.case, *together], typed.one("question"), typed.one("about_whom")
    last = asked_last(place.case)
    cases = set(last.cases) - {place.case.pk}
    together = [one for one in place.together if one.pk in cases]
    about = last.about_whom or ", ".join(one.subject.name for one in (place.case, *together))
    return [place.case, *together], last.question, about


# One-time links ---------------------------------------------------------------------------------------------------------


@policy(Capability.RECORD_EVENTS)
def make_link(request: HttpRequest, asked: UUID) -> HttpResponse:
    """POST: make a one-time link, send it or show it. It is shown this once; what is kept of it cannot be read back."""
    actor = actor_of(request)
    found = _own_request(actor, asked)
    case = case_of(actor, found.case_id)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("requests:of-case", args=[case.pk]))
    email = request.POST.get("email", "") if request.POST.get("how") == "send" else ""
    site = request.build_absolute_uri("/")
    try:
        with transaction.atomic():
            if request.POST.get("how") == "send" and not email.strip():
                raise Invalid({"email": "Enter the email address to send it to"})
            made = MakeAnswerLink(actor).run(found, site, email)
    except Invalid as error:
        return _case_page(request, actor, case, wrong=Wrong(found.agency.slug, "link", " ".join(error.messages), email))
    if made.sent:
        messages.success(request, f"The link was sent to {email.strip()}.")
        return HttpResponseRedirect(reverse("requests:of-case", args=[case.pk]))
    if email:
        messages.error(request, "The link could not be sent. It is shown below instead.")
    return _case_page(request, actor, case, made={"address": made.address, "link": made.link, "agency": found.agency})


@policy(Capability.RECORD_EVENTS)
def withdraw_link(request: HttpRequest, asked: UUID) -> HttpResponse:
    """POST: end a link before its time."""
    actor = actor_of(request)
    found = _own_request(actor, asked)
    if request.method == "POST":
        WithdrawLink(actor).run(found)
        messages.success(request, "The link can no longer be used.")
    return HttpResponseRedirect(reverse("requests:of-case", args=[found.case_id]))


def _own_request(actor: Actor, identity: UUID) -> Request:
    """A request that one's own agency made. Raises Http404 alike for others' and for none."""
    rows = RequestPolicy.visible_to(actor).filter(asker__in=actor.organisation_ids)
    found = rows.select_related("agency", "asker", "event", "case").filter(pk=identity).first()
    if found is None or not CasePolicy.visible_to(actor).filter(pk=found.case_id).exists():
        raise Http404
    return found
