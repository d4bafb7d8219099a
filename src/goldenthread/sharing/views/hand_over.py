"""Hand-overs: offer a case, read what is offered, accept or refuse it, hear the answer. Writes only by `sharing.actions`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.views.common import case_of
from goldenthread.casework.words import due_words
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.forms import VersionedForm
from goldenthread.foundation.library import pathways
from goldenthread.foundation.pages import actor_of, done, page_of, refused, try_action
from goldenthread.foundation.policy import policy

from ..actions.hand_over import AnswerHandOver, HearAnswer, OfferHandOver, WithdrawHandOver
from ..models import HandOver
from ..policies import HandOverPolicy
from ..queries.hand_overs import of_case, offered_by_us, offered_to_us, settled


class OfferForm(VersionedForm):
    """What is offered to whom, and why."""

    asked = ("receiver", "kind", "reason")
    kind = forms.ChoiceField(
        label="What do you ask of them?", widget=forms.RadioSelect,
        choices=[
            (HandOver.Kind.REFERRAL.value, "Refer: they join the case and do their part"),
            (HandOver.Kind.TRANSFER.value, "Transfer: they take the case over and lead it"),
        ],
        error_messages={"required": "Choose whether you refer it or transfer it"},
    )  # fmt: skip
    receiver = forms.CharField(label="Which agency?", max_length=200, help_text="Begin to type its name and choose it.")
    reason = forms.CharField(
        label="What do you ask, and why?", widget=forms.Textarea, max_length=5000,
        help_text="This, and the name and date of birth, are all they see before they decide.",
    )  # fmt: skip


class AnswerForm(VersionedForm):
    """Whether it is accepted."""

    asked = ("accept",)
    accept = forms.ChoiceField(
        label="Do you accept it?", widget=forms.RadioSelect,
        choices=[("yes", "Accept it"), ("no", "Refuse it")],
    )  # fmt: skip
    answer = forms.CharField(
        label="What happens next, or why do you refuse it?", widget=forms.Textarea, required=False, max_length=5000,
        help_text="The sender reads this. A refusal needs its reasons.",
    )  # fmt: skip


@policy(Capability.RECORD_EVENTS)
def offer(request: HttpRequest, case: UUID) -> HttpResponse:
    """Offer a case to another agency."""
    actor = actor_of(request)
    here = case_of(actor, case)
    journal.read(actor, "case.form", "case", str(here.pk), kind="hand_over")
    offered = list(OrganisationPolicy.visible_to(actor).filter(active=True).exclude(pk__in=actor.organisation_ids))
    form = OfferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        receiver = _named(offered, form.cleaned_data["receiver"])
        if receiver is None:
            form.add_error("receiver", "No other agency has that name. Choose one from the list")
        else:
            made = try_action(form, "this case", lambda: OfferHandOver(actor).run(
                here, receiver, form.cleaned_data["kind"], form.cleaned_data["reason"]))  # fmt: skip
            if made is not None:
                said = f"Offered to {receiver.title}. You will hear what it answers."
                return done(request, said, "requests:hand-over", made.pk)
    context = {
        "case": here, "pathway": program_of(here).pathway, "form": form, "offered": offered,
        "before": of_case(actor, here),
    }  # fmt: skip
    return render(request, "sharing/hand_over_offer.html", context, status=422 if form.errors else 200)


def _named(offered: list[Organisation], typed: str) -> Organisation | None:
    found = [one for one in offered if one.title.lower() == typed.strip().lower() or one.slug == typed.strip()]
    return found[0] if len(found) == 1 else None


@policy(Capability.VIEW_CASES)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Offered to one's agency, offered by it, or with `side=settled` those answered."""
    actor = actor_of(request)
    side = request.GET.get("side", "to_us")
    rows = {"by_us": offered_by_us, "settled": settled}.get(side, offered_to_us)(actor)
    page = page_of(request, rows)
    journal.read(actor, "hand_overs.view", "hand_overs", side)
    for one in page.object_list:
        journal.read(actor, "hand_over.listed", "case", str(one.case_id), hand_over=str(one.pk))
    context = {"page": page, "side": side if side in ("by_us", "settled") else "to_us", "line": _line}
    return render(request, "sharing/hand_overs.html", context)


def _line(one: HandOver) -> dict[str, Any]:
    """One hand-over in words."""
    now = timezone.now()
    found = pathways(one.case.arrangement).get(one.case.pathway)
    waits = one.state == HandOver.State.OFFERED
    return {
        "pathway": found.title if found else one.case.pathway, "when": due_words(one.due_at, now) if waits else "",
        "late": waits and one.due_at < now, "waits": waits,
    }  # fmt: skip


@policy(Capability.VIEW_CASES)
def hand_over(request: HttpRequest, offered: UUID) -> HttpResponse:
    """One hand-over: what is asked, by whom, and its answer; the receiver answers it here."""
    actor = actor_of(request)
    rows = HandOverPolicy.visible_to(actor).select_related(
        "case__subject", "case__about", "case__lead", "case__area", "sender", "receiver", "offered_by", "answered_by"
    )
    one = rows.filter(pk=offered).first()
    if one is None:
        raise Http404
    journal.read(actor, "hand_over.view", "case", str(one.case_id), hand_over=str(one.pk))
    to_us = one.receiver_id in actor.organisation_ids
    from_us = one.sender_id in actor.organisation_ids
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"version": one.version})
    may_answer = to_us and one.state == HandOver.State.OFFERED and actor.may(Capability.RECORD_EVENTS)
    if request.method == "POST" and may_answer and form.is_valid():
        accept = {"yes": True, "no": False}.get(form.cleaned_data["accept"])
        if accept is None:
            form.add_error("accept", "Choose whether you accept it")
        else:
            words, version = form.cleaned_data["answer"], form.cleaned_data["version"]
            answered = try_action(form, "this offer", lambda: AnswerHandOver(actor).run(one, accept, words, version))
            if answered is not None:
                said = "accepted it. You are now part of the case" if accept else "refused it"
                return done(request, f"You have {said}. {one.sender.title} has been told.", "requests:hand-over", one.pk)
    elif request.method == "POST" and not may_answer:
        form = AnswerForm(initial={"version": one.version})
        messages.error(request, "This is not waiting for an answer of yours.")
    if from_us and one.answered_at is not None and one.heard_at is None and one.state != HandOver.State.WITHDRAWN:
        one.heard_at = HearAnswer(actor).run(one)
    context = {
        "one": one, "line": _line(one), "form": form, "may_answer": may_answer, "from_us": from_us, "to_us": to_us,
        "sees_case": CasePolicy.visible_to(actor).filter(pk=one.case_id).exists(),
    }  # fmt: skip
    return render(request, "sharing/hand_over.html", context, status=422 if form.errors else 200)


@policy(Capability.RECORD_EVENTS)
def withdraw(request: HttpRequest, offered: UUID) -> HttpResponse:
    """POST: take back an offer that has not been answered."""
    actor = actor_of(request)
    one = HandOverPolicy.get(actor, pk=offered)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("requests:hand-over", args=[one.pk]))
    try:
        with transaction.atomic():
            WithdrawHandOver(actor).run(one)
    except Invalid as wrong:
        return refused(request, wrong, "requests:hand-over", one.pk)
    return done(request, "The offer has been withdrawn.", "requests:hand-over", one.pk)
