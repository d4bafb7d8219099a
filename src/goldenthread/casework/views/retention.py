"""Old records: which are due for destruction and why, what holds them, two people's decision, the certificates.

No page here names anybody or shows what a record says: references, kinds, dates and rules are enough. Opening one is
journalled all the same. Writes only by `casework.actions.retention`.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, done, page_of, try_action
from goldenthread.foundation.policy import policy
from goldenthread.guidance.retention import unnamed

from ..actions.retention import (
    AgreeDestruction,
    LiftHold,
    PlaceHold,
    ProposeDestruction,
    RefuseDestruction,
    digest_of,
)
from ..forms.retention import HoldForm, LiftForm, ProposeForm, RefuseForm
from ..models import Case, DestructionProposal
from ..policies import CertificatePolicy, LegalHoldPolicy, ProposalPolicy, RetentionPolicy
from ..queries.retention import LONGEST_LIST, as_due, holds_on, is_whole, kept_until, review_list
from ..retention import in_force

KEEPS = Capability.MANAGE_RETENTION
COUNTED = {"closure": "closure", "birth": "birth", "death": "death"}
VERIFIED = {True: "Checked", False: "Not checked", "partly": "Partly checked"}


@policy(KEEPS)
def due(request: HttpRequest) -> HttpResponse:
    """What is due for destruction, and what will be; choose records to propose. Or find one record by its reference."""
    actor = actor_of(request)
    reference = request.GET.get("reference", "").strip()
    if reference:
        found = RetentionPolicy.visible_to(actor).filter(reference__iexact=reference).first()
        if found is not None:
            return HttpResponseRedirect(reverse("retention:record", args=[found.pk]))
    over, soon, more = review_list(actor, timezone.localdate())
    waiting = _waiting(actor)
    proposed = {one["id"] for proposal in waiting for one in proposal.cases}
    free = [one for one in over if not one.held and str(one.case.pk) not in proposed]
    choices = [(str(one.case.pk), one.case.reference) for one in free]
    form = ProposeForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["cases"])
        cases = [one.case for one in free if str(one.case.pk) in chosen]
        made = try_action(form, "the list", lambda: ProposeDestruction(actor).run(cases))
        if made is not None:
            return done(request, "Proposed. Somebody else must decide.", "retention:proposal", made.pk)
    journal.read(actor, "retention.list", "retention", "list", due=len(over))
    context = {
        "due": over, "soon": soon, "more": more, "longest": LONGEST_LIST, "form": form, "proposed": proposed,
        "chosen": set(form["cases"].value() or ()), "waiting": waiting, "reference": reference,
        "holds": LegalHoldPolicy.visible_to(actor).filter(lifted_at=None).count(),
        "ahead": current_library().retention.shows_before,
    }  # fmt: skip
    return render(request, "casework/retention_due.html", context, status=422 if form.errors else 200)


def _waiting(actor: Actor) -> list[DestructionProposal]:
    rows = ProposalPolicy.visible_to(actor).filter(agreed=None).select_related("proposed_by")
    return list(rows.order_by("proposed_at"))


def _kept_case(actor: Actor, identity: UUID) -> Case:
    return RetentionPolicy.get(actor, pk=identity)


@policy(KEEPS)
def record(request: HttpRequest, case: UUID) -> HttpResponse:
    """One record: until when it is kept, each rule that says so, and who holds it."""
    actor = actor_of(request)
    here = _kept_case(actor, case)
    today = timezone.localdate()
    until = kept_until([here], today, actor)
    [shown] = as_due([here], until)
    journal.read(actor, "retention.view", "case", str(here.pk))
    context = {"one": shown, "kept": shown.kept, "is_due": shown.kept.is_due(today), "holds": holds_on(here)}
    return render(request, "casework/retention_record.html", context)


@policy(KEEPS)
def hold(request: HttpRequest, case: UUID) -> HttpResponse:
    """Keep a record, whatever the schedules say."""
    actor = actor_of(request)
    here = _kept_case(actor, case)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = try_action(
            form,
            "this record",
            lambda: PlaceHold(actor).run(
                here, given["reason"], given["authority"], whole_person=given["covers"] == "person"
            ),
        )
        if made is not None:
            return done(request, "Held. It stays until somebody lifts the hold.", "retention:record", here.pk)
    if request.method != "POST":
        journal.read(actor, "retention.view", "case", str(here.pk))
    context = {"case": here, "form": form}
    return render(request, "casework/retention_hold.html", context, status=422 if form.errors else 200)


@policy(KEEPS)
def holds(request: HttpRequest) -> HttpResponse:
    """Every hold that stands, oldest first, and those that were lifted."""
    rows = LegalHoldPolicy.visible_to(actor_of(request)).select_related("case", "placed_by", "lifted_by")
    standing = rows.filter(lifted_at=None).order_by("placed_at")
    lifted = rows.exclude(lifted_at=None).order_by("-lifted_at")[:50]
    journal.read(actor_of(request), "retention.list", "retention", "holds")
    return render(request, "casework/retention_holds.html", {"page": page_of(request, standing), "lifted": lifted})


@policy(KEEPS)
def lift(request: HttpRequest, hold: UUID) -> HttpResponse:
    """Lift a hold, with a reason."""
    actor = actor_of(request)
    here = LegalHoldPolicy.get(actor, pk=hold, lifted_at=None)
    if request.method != "POST":
        journal.read(actor, "retention.list", "retention", "holds")
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if try_action(form, "this hold", lambda: LiftHold(actor).run(here, reason)) is not None:
            return done(request, "The hold is lifted. The schedules decide again.", "retention:holds")
    context = {"hold": here, "form": form}
    return render(request, "casework/retention_lift.html", context, status=422 if form.errors else 200)


@policy(KEEPS)
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals: those that wait, and what was decided."""
    actor = actor_of(request)
    decided = ProposalPolicy.visible_to(actor).exclude(agreed=None).select_related("proposed_by", "decided_by")
    journal.read(actor, "retention.list", "retention", "proposals")
    context = {"waiting": _waiting(actor), "page": page_of(request, decided.order_by("-decided_at"))}
    return render(request, "casework/retention_proposals.html", context)


@policy(KEEPS)
def proposal(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """One proposal: what would be destroyed and under which rules. Another person agrees; anybody may keep the records."""
    actor = actor_of(request)
    rows = ProposalPolicy.visible_to(actor).select_related("proposed_by", "decided_by")
    here = rows.filter(pk=ProposalPolicy.get(actor, pk=proposal).pk).get()
    agreeing = request.POST.get("decision") == "agree"
    form = RefuseForm(request.POST if request.method == "POST" and not agreeing else None)
    if request.method == "POST" and agreeing:
        form = RefuseForm({"reason": ""})
        form.full_clean()
        certificate = try_action(form, "this proposal", lambda: AgreeDestruction(actor).run(here))
        if certificate is not None:
            words = "Destroyed. This certificate is kept."
            return done(request, words, "retention:certificate", certificate.pk)
    elif request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if try_action(form, "this proposal", lambda: RefuseDestruction(actor).run(here, reason)) is not None:
            return done(request, "The records are kept.", "retention:list")
    journal.read(actor, "retention.proposal", "destruction", str(here.pk))
    library = current_library()
    context = {
        "proposal": here, "cases": _with_dates(here.cases), "form": form,
        "mine": here.proposed_by_id == actor.user_id, "rules": library.retention.schedules,
        "titles": {name: one.title for name, one in library.pathways.items()},
    }  # fmt: skip
    return render(request, "casework/retention_proposal.html", context, status=422 if form.errors else 200)


def _with_dates(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cases of a proposal or certificate as they were kept, their days read as days."""
    return [
        {**one, "closed": date.fromisoformat(one["closed"]), "until": date.fromisoformat(one["until"])} for one in cases
    ]


@policy(KEEPS)
def certificates(request: HttpRequest) -> HttpResponse:
    """Every certificate, the last first."""
    actor = actor_of(request)
    rows = CertificatePolicy.visible_to(actor).select_related("proposed_by", "agreed_by")
    journal.read(actor, "retention.list", "retention", "certificates")
    return render(
        request, "casework/retention_certificates.html", {"page": page_of(request, rows.order_by("-destroyed_at"))}
    )


@policy(KEEPS)
def certificate(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """One certificate: what was destroyed, in counts and hashes, under which rules, on whose word."""
    actor = actor_of(request)
    here = CertificatePolicy.get(actor, pk=certificate)
    # Not under `certificate`: of one, the journal keeps there only what it said when it was made (`is_whole`).
    journal.read(actor, "retention.certificate", "retention", str(here.pk))
    library = current_library()
    context = {
        "certificate": here, "body": here.body, "cases": _with_dates(here.body["cases"]),
        "intact": is_whole(here, digest_of(here)),
        "titles": {name: one.title for name, one in library.pathways.items()}, "kinds": _kinds(here.body),
        "day": local_day(here.destroyed_at),
    }  # fmt: skip
    return render(request, "casework/retention_certificate.html", context)


KIND_WORDS = {
    "casework.case": "Cases", "casework.event": "Events", "casework.duty": "Duties and their dates",
    "casework.document": "Documents", "casework.involvement": "Parts that agencies had", "casework.legalhold": "Lifted holds",
    "people.person": "People", "people.personname": "Names", "people.searchkey": "Keys to search by",
    "people.identifier": "Numbers", "people.residence": "Times at an address", "people.address": "Addresses",
    "people.relationship": "Family ties", "people.professional": "Professionals’ ties", "people.warning": "Warnings",
    "people.possiblematch": "Possible matches", "people.merge": "Joined records", "people.emergencyaccess": "Emergency access",
    "sharing.request": "Requests", "sharing.answerlink": "Links to answer by", "sharing.handover": "Hand-overs",
    "sharing.notice": "Notices", "sharing.override": "Sharing in an emergency", "sharing.accessquestion": "Questions about looks",
}  # fmt: skip
"""Kinds of row in words; another shows by its own name."""


def _kinds(body: dict[str, Any]) -> list[tuple[str, int, str]]:
    rows = body.get("kinds", {})
    order = list(KIND_WORDS)
    return [
        (KIND_WORDS.get(name, name), one["rows"], one["sha256"])
        for name, one in sorted(rows.items(), key=lambda row: order.index(row[0]) if row[0] in order else len(order))
    ]


@policy(KEEPS)
def schedules(request: HttpRequest) -> HttpResponse:
    """How long each kind of record is kept, where that is written, and how far it was checked."""
    library, today = current_library(), timezone.localdate()
    rows = [
        {
            "rule": one, "keep": in_force(one, today), "counted": COUNTED[one.counted_from], "checked": VERIFIED[one.verified],
            "of": [library.pathways[name].title for name in one.pathways if name in library.pathways],
        }
        for one in library.retention.schedules.values()
    ]  # fmt: skip
    context = {
        "rows": rows, "about": library.retention.about,
        "unnamed": [library.pathways[name].title for name in unnamed(library.pathways, library.retention)],
    }  # fmt: skip
    return render(request, "casework/retention_schedules.html", context)
