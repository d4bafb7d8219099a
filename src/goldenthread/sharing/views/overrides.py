"""Sharing in an emergency: use it from a case, see what was shared and what the agreements had said, go to its review.

The review itself is recorded on the case's own pages, as anything else is. Writes only by `sharing.actions.overrides`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.views.common import case_of
from goldenthread.casework.words import due_of, due_state, due_words
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions.overrides import UseOverride
from ..models import Override
from ..policies import OverridePolicy
from ..queries.overrides import SHOWN, decision_of, may_review, reviewed_lately, to_review
from ..rulings import purpose_of, purposes, ruling_for
from .agreements import told_decision

OURS_TELLS, WE_ARE_TOLD = "tells", "told"


class WhoForm(forms.Form):
    """Who tells whom, and what for: enough to ask the agreements."""

    way = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose who tells whom"})
    other = forms.CharField(
        label="Which other agency?", max_length=200, help_text="Begin to type its name and choose it.",
        error_messages={"required": "Enter the name of the other agency"},
    )  # fmt: skip
    purpose = forms.ChoiceField(label="What for?")

    def __init__(self, *args: Any, own: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].label = "Who tells whom?"
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (WE_ARE_TOLD, f"The other agency tells {own.title}"), (OURS_TELLS, f"{own.title} tells the other agency"),
        ]  # fmt: skip
        self.fields["purpose"].choices = list(purposes().items())  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why it cannot wait."""

    reason = forms.CharField(
        label="Why can it not wait?", widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why it cannot wait, in a sentence that somebody else can judge tomorrow"},
        help_text="What is happening now, and what you need to know or tell. Somebody else reads this tomorrow.",
    )  # fmt: skip


@policy(Capability.RECORD_EVENTS)
def emergency(request: HttpRequest, case: UUID) -> HttpResponse:
    """GET: who tells whom, then what the agreements say. POST: share it all the same, with a reason."""
    actor = actor_of(request)
    here = case_of(actor, case)
    if here.subject_id is None:
        raise Http404  # nobody's life is in it: an agreement about people has nothing to say of it
    own = Organisation.objects.filter(pk__in=[actor.organisation_id or 0]).first()
    if own is None:
        raise NotAllowed("You do not act for an organisation, so you cannot share for one.")
    asked = "other" in request.GET
    initial = {"way": WE_ARE_TOLD, "purpose": purpose_of(here)}
    who = WhoForm(request.GET if asked else None, initial=initial, own=own)
    offered = OrganisationPolicy.visible_to(actor).filter(active=True).exclude(pk=own.pk)
    other = _named(offered, who.cleaned_data["other"]) if asked and who.is_valid() else None
    if asked and who.is_valid() and other is None:
        who.add_error("other", "No agency is called that, or it is your own. Choose one from the list")
    part = Involvement.objects.filter(case=here, user=None).exclude(organisation=own).values("organisation")
    context: dict[str, Any] = {
        "case": here, "pathway": program_of(here).pathway, "own": own, "who": who, "offered": offered,
        "part": offered.filter(pk__in=part), "lasts": str(current_library().sharing.emergency.lasts),
    }  # fmt: skip
    if other is None:
        if not asked:
            journal.read(actor, "case.form", "case", str(here.pk), kind="emergency_sharing_form")
        return render(request, "sharing/emergency_who.html", context, status=422 if asked else 200)
    holder, receiver = (own, other) if who.cleaned_data["way"] == OURS_TELLS else (other, own)
    purpose = who.cleaned_data["purpose"]
    decision = ruling_for(holder, receiver, purpose, here)
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and reason.is_valid():
        try:
            with transaction.atomic():
                made = UseOverride(actor).run(here, holder, receiver, purpose, reason.cleaned_data["reason"], decision)
        except Invalid as error:
            for name, wrong in error.errors.items():
                for message in wrong:
                    reason.add_error(name if name in reason.fields else None, message)
        else:
            return HttpResponseRedirect(f"{reverse('agreements:override', args=[made.pk])}?used=1")
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(here.pk), kind="emergency_sharing_form")
    context |= {
        "holder": holder, "receiver": receiver, "purpose": purposes()[purpose], "said": told_decision(decision),
        "allowed": decision.existence.permits and decision.content.permits, "reason": reason,
    }  # fmt: skip
    return render(request, "sharing/emergency.html", context, status=422 if reason.errors else 200)


def _named(offered: QuerySet[Organisation], typed: str) -> Organisation | None:
    found = list(offered.filter(Q(title__iexact=typed.strip()) | Q(slug=typed.strip()))[:2])
    return found[0] if len(found) == 1 else None


@policy(Capability.VIEW_CASES)
def override(request: HttpRequest, override: UUID) -> HttpResponse:
    """One sharing in an emergency: who told whom, why, what the agreements had said, and its review."""
    actor = actor_of(request)
    made = OverridePolicy.visible_to(actor).select_related(*SHOWN).filter(pk=override).first()
    if made is None:
        raise Http404
    now = timezone.now()
    journal.read(actor, "override.view", "override", str(made.pk), case=str(made.case_id))
    reviewed = current_library().sharing.emergency.reviewed
    context = {
        "made": made, "said": told_decision(decision_of(made)), "purpose": purposes().get(made.purpose, made.purpose),
        "stands": made.ends_at > now, "used": "used" in request.GET,
        "due": _due(made, now), "may_review": may_review(actor, made), "mine": made.by_id == actor.user_id,
        "review_href": reverse("casework:record", args=[made.review_id, reviewed]) if made.review_id else "",
        "sees_case": _sees(actor, made.case), "sees_review": made.review is not None and _sees(actor, made.review),
    }  # fmt: skip
    return render(request, "sharing/override.html", context)


def _sees(actor: Actor, case: Case) -> bool:
    return CasePolicy.visible_to(actor).filter(pk=case.pk).exists()


def _due(made: Override, now: datetime) -> list[tuple[str, str, str]]:
    """What the review still owes: title, when, and whether it is late."""
    review = made.review
    if review is None or not review.is_open:
        return []
    rules = program_of(review).pathway.duties
    rows = Duty.objects.filter(case=review, outcome=Duty.Outcome.OPEN).order_by("due_at")
    return [
        (rules[row.duty].title if row.duty in rules else row.duty, due_words(due_of(row), now),
         due_state(row, now))
        for row in rows
    ]  # fmt: skip


@policy(Capability.VIEW_CASES)
def overrides(request: HttpRequest) -> HttpResponse:
    """Sharing in an emergency that waits for review, and the last that was reviewed."""
    actor = actor_of(request)
    waiting = list(to_review(actor)[:200])
    lately = reviewed_lately(actor)
    now = timezone.now()
    journal.search(actor, "emergency sharing", [one.case.subject_id for one in [*waiting, *lately]], verb="override.list")
    rows = [
        {
            "made": one, "purpose": purposes().get(one.purpose, one.purpose),
            "late": bool(one.review and one.review.next_due_at and one.review.next_due_at < now),
            "when": due_words(one.review.next_due_at if one.review else None, now), "mine": one.by_id == actor.user_id,
        }
        for one in waiting
    ]  # fmt: skip
    return render(request, "sharing/overrides.html", {"waiting": rows, "lately": lately, "purposes": purposes()})
