"""Asking agencies what they know, several at once, each with its own clock. Writes only by `casework.actions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Professional

from ..actions import RecordForSeveral
from ..contact_file import ASKED, ContactFile, contact_file
from ..forms.event import Typed
from ..models import Case, Involvement
from .common import actor_of, case_of, kept, kinds_of, number
from .contact import _bar
from .two_at_once import recorded_since

MOST_BOXES = 8
"""Of a kind with more agencies than this, such as schools, those that know the children are offered and a box to type
another's name."""


@dataclass(slots=True)
class Kind:
    """Agencies of one lane that may be asked."""

    title: str
    name: str
    boxes: list[tuple[str, str, bool]] = field(default_factory=list)
    """slug, title, and whether they already work with a child."""
    others: list[str] = field(default_factory=list)
    """Titles offered as they are typed."""
    typed: str = ""


@policy(Capability.SCREEN_CONTACTS)
def ask(request: HttpRequest, case: UUID) -> HttpResponse:
    """GET: the agencies of the child's district, by kind. POST: ask all that are chosen."""
    actor = actor_of(request)
    here = case_of(actor, case)
    page = contact_file(actor, here.pk, kinds_of(actor))
    key = f"case/{here.pk}/ask"
    back = reverse("casework:contact", args=[here.pk])
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(here.pk), kind=ASKED)
        found = kept(actor, key)
        return _form(request, actor, page, found[0] if found else None, saved_at=found[2] if found else None)
    typed = Typed.sent(request.POST)
    if typed.one("_step") == "discard":
        DiscardDraft(actor).run(key)
        return HttpResponseRedirect(back)
    kinds = _kinds(actor, page, typed)
    chosen, errors = _chosen(actor, kinds, typed)
    if errors:
        _keep(actor, key, page, typed)
        return _form(request, actor, page, typed, errors=errors)
    together = [here, *(one for one in _together(page) if str(one.pk) in set(typed.many("_also")))]
    version = number(typed.one("_version")) or here.version
    try:
        with transaction.atomic():
            _ask(actor, together, chosen, typed, version)
    except Stale:
        _keep(actor, key, page, typed)
        fresh = contact_file(actor, here.pk, kinds_of(actor))
        return _form(request, actor, fresh, typed, since=recorded_since(actor, here, version), status=409)
    except Invalid as error:
        _keep(actor, key, page, typed)
        wrong = [("", message) for messages in error.errors.values() for message in messages]
        return _form(request, actor, page, typed, errors=wrong)
    DiscardDraft(actor).run(key)
    return HttpResponseRedirect(f"{back}#answers")


def _ask(actor: Actor, cases: Sequence[Case], chosen: Sequence[Organisation], typed: Typed, version: int) -> None:
    """One event for each agency and child; all of them, or none."""
    now = timezone.now()
    versions = {cases[0].pk: version}
    for agency in chosen:
        given = {"agency": agency.slug, "question": typed.one("question"), "about_whom": typed.one("about_whom")}
        asked = cases[0].pk
        events = RecordForSeveral(actor).run(list(cases), ASKED, now, given, versions)
        versions = {asked: next(event.sequence for event in events if event.case_id == asked)}


def _chosen(actor: Actor, kinds: Sequence[Kind], typed: Typed) -> tuple[list[Organisation], list[tuple[str, str]]]:
    rows = OrganisationPolicy.visible_to(actor).filter(active=True)
    found = list(rows.filter(slug__in=typed.many("_ask")))
    errors: list[tuple[str, str]] = []
    for kind in kinds:
        if not kind.typed:
            continue
        named = rows.filter(title__iexact=kind.typed).first()
        if named is None:
            errors.append((f"other-{kind.name}", f"No agency is called “{kind.typed}”. Choose one from the list"))
        elif named.pk not in {one.pk for one in found}:
            found.append(named)
    if not found and not errors:
        errors.append(("ask-1", "Choose at least one agency to ask"))
    return found, errors


def _together(page: ContactFile) -> list[Case]:
    return [child.case for child in page.children if child.case.pk != page.case.pk and child.case.is_open]


def _keep(actor: Actor, key: str, page: ContactFile, typed: Typed) -> None:
    address = reverse("casework:contact-ask", args=[page.case.pk])
    body = {**typed.plain(), "_draft_address": address, "_draft_title": f"Ask agencies: {page.case.subject.name}"}
    body |= {name: typed.many(name) for name in ("_ask", "_also") if typed.many(name)}
    SaveDraft(actor).run(key, body, page.case.version)


def _form(
    request: HttpRequest, actor: Actor, page: ContactFile, typed: Typed | None, *, saved_at: Any = None,
    errors: Sequence[tuple[str, str]] = (), since: Sequence[Any] = (), status: int = 0,
) -> HttpResponse:  # fmt: skip
    if ASKED not in page.possible:
        raise Http404
    address = reverse("casework:contact-ask", args=[page.case.pk])
    question = page.pathway.events[ASKED].asks.get("question")
    context = {
        **_bar(page), "page": page, "case": page.case, "pathway": page.pathway, "address": address,
        "kinds": _kinds(actor, page, typed), "chosen": set(typed.many("_ask")) if typed else set(),
        "errors": errors, "since": since, "saved_at": saved_at, "together": _together(page),
        "also": set(typed.many("_also")) if typed else {str(one.pk) for one in _together(page)},
        "question": typed.one("question") if typed else "", "question_label": question.label if question else "",
        "about_whom": typed.one("about_whom") if typed else ", ".join(child.person.name for child in page.children),
        "back": reverse("casework:contact", args=[page.case.pk]),
        "draft": {"key": f"case/{page.case.pk}/ask", "version": page.case.version, "address": address,
                  "title": f"Ask agencies: {page.case.subject.name}"},
    }  # fmt: skip
    return render(request, "casework/contact_ask.html", context, status=status or (422 if errors else 200))


def _kinds(actor: Actor, page: ContactFile, typed: Typed | None) -> list[Kind]:
    """Agencies that serve the child's district, by lane, those that know a child first; those asked already left out."""
    places: list[int] = []
    area = page.case.area or page.case.subject.area
    while area is not None:
        places.append(area.pk)
        area = area.within
    children = [child.person.pk for child in page.children]
    knows = set(Professional.objects.filter(person__in=children).values_list("organisation_id", flat=True))
    knows |= set(Involvement.objects.filter(case__subject__in=children).values_list("organisation_id", flat=True))
    asked = {answer.slug for answer in page.answers if answer.state in ("waiting", "late")}
    roles = current_library().roles.roles
    lanes = {kind: role.lane for kind, role in roles.items()}
    silent = [kind for kind, role in roles.items() if not role.holds_records]
    found: dict[str, Kind] = {}
    near: dict[str, list[Organisation]] = {}
    for one in OrganisationPolicy.visible_to(actor).filter(active=True).exclude(slug__in=asked).exclude(kind__in=silent):
        if one.pk in knows or one.area_id is None or one.area_id in places:
            near.setdefault(lanes.get(one.kind, "Others"), []).append(one)
    order = list(dict.fromkeys(lanes.values()))
    for lane in sorted(near, key=lambda lane: order.index(lane) if lane in order else len(order)):
        kind = found.setdefault(lane, Kind(lane, lane.lower().replace(" ", "-")))
        here = sorted(near[lane], key=lambda one: (one.pk not in knows, one.title))
        many = {kind for kind, count in Counter(one.kind for one in here).items() if count > MOST_BOXES}
        shown = [one for one in here if one.pk in knows or one.kind not in many]
        kind.boxes = [(one.slug, one.title, one.pk in knows) for one in shown]
        kind.others = [one.title for one in here if one not in shown]
        kind.typed = typed.one(f"other-{kind.name}").strip() if typed else ""
    return list(found.values())
