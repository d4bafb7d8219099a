"""Opening a case for a person, or about an organisation: which pathway, then its first event.

Writes only by `casework.actions.OpenCase`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, current_library, pathways
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..actions import OpenCase
from ..forms.event import EventForm, Typed
from ..openings import fit_for, is_adult, offered, openings
from ..policies import CasePolicy
from ..subject import ORGANISATION, stand_in
from .common import actor_of, choices_for, first_name, kept, kinds_of


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a case is opened for, and where its pages are."""

    subject: Person | Organisation
    name: str
    called: str
    key: str
    kind: Literal["person", "organisation"]
    home: str
    chooser: str

    @property
    def person(self) -> Person | None:
        return self.subject if isinstance(self.subject, Person) else None

    @property
    def arrangement(self) -> str:
        return arrangement_for(self.subject.area.slug if self.subject.area else None)

    def address(self, pathway: str, kind: str) -> str:
        return f"{self.chooser}{pathway}/{kind}/"

    def cases(self) -> Q:
        return Q(subject=self.subject.pk) if self.kind == "person" else Q(about=self.subject.pk)


def _person(actor: Actor, identity: UUID) -> Whom:
    who = PersonPolicy.get(actor, pk=identity)
    return Whom(
        who, who.name, first_name(who), str(who.pk), "person",
        reverse("casework:child", args=[who.pk]), reverse("casework:new-case", args=[who.pk]),
    )  # fmt: skip


def _organisation(actor: Actor, slug: str) -> Whom:
    one = OrganisationPolicy.get(actor, slug=slug)
    return Whom(
        one, one.title, one.title, one.slug, "organisation",
        reverse("casework:organisation", args=[one.slug]), reverse("casework:new-case-about", args=[one.slug]),
    )  # fmt: skip


@policy(Capability.RECORD_EVENTS)
def choose(request: HttpRequest, person: UUID) -> HttpResponse:
    """The pathways one's agency may open for a person, and the cases already open."""
    return _chooser(request, _person(actor_of(request), person))


@policy(Capability.RECORD_EVENTS)
def choose_about(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, about an organisation."""
    return _chooser(request, _organisation(actor_of(request), slug))


def _chooser(request: HttpRequest, whom: Whom) -> HttpResponse:
    actor = actor_of(request)
    known = pathways(whom.arrangement)
    fits, seldom = offered(actor, known, kinds_of(actor), whom.person, timezone.localdate())
    open_now = CasePolicy.visible_to(actor).filter(whom.cases(), is_open=True).select_related("lead").order_by("-opened_at")
    journal.read(actor, f"{whom.kind}.form", whom.kind, whom.key, kind="new_case")
    sent = known.get(request.GET.get("sent", ""))
    context = {
        "whom": whom, "offered": fits, "seldom": seldom, "sent": sent,
        "grown": whom.person is not None and is_adult(whom.person, timezone.localdate()),
        "open_now": [(case, known[case.pathway]) for case in open_now if case.pathway in known],
    }  # fmt: skip
    return render(request, "casework/case_new.html", context)


@policy(Capability.RECORD_EVENTS)
def open_case(request: HttpRequest, person: UUID, pathway: str, kind: str) -> HttpResponse:
    """The first event of a case: its questions, then the case."""
    return _open(request, _person(actor_of(request), person), pathway, kind)


@policy(Capability.RECORD_EVENTS)
def open_about(request: HttpRequest, slug: str, pathway: str, kind: str) -> HttpResponse:
    """The same, about an organisation."""
    return _open(request, _organisation(actor_of(request), slug), pathway, kind)


def _open(request: HttpRequest, whom: Whom, pathway: str, kind: str) -> HttpResponse:
    actor = actor_of(request)
    rule = pathways(whom.arrangement).get(pathway)
    if rule is None or kind not in rule.events or not rule.events[kind].opens:
        raise Http404
    never = fit_for(rule, whom.person, timezone.localdate()) == "never" if whom.person else rule.subject != ORGANISATION
    if never or kind not in openings(actor, rule, kinds_of(actor)):
        raise NotAllowed(f"“{rule.title_of(kind)}” is not for your agency or role to record of {whom.name}.")
    page = _Opening(request, actor, whom, rule, kind)
    if request.method != "POST":
        journal.read(actor, f"{whom.kind}.form", whom.kind, whom.key, kind=f"{pathway}.{kind}")
        return page.opened()
    typed = Typed.sent(request.POST)
    if typed.one("_step") == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(whom.chooser)
    return page.posted(typed)


class _Opening:
    """One person opening one case."""

    def __init__(self, request: HttpRequest, actor: Actor, whom: Whom, pathway: Pathway, kind: str) -> None:
        self.request, self.actor, self.whom, self.pathway, self.kind = request, actor, whom, pathway, kind
        self.key = f"new/{whom.key}/{pathway.id}/{kind}"
        self.address = whom.address(pathway.id, kind)
        self.title = f"{pathway.title}: {whom.name}"

    def opened(self) -> HttpResponse:
        found = kept(self.actor, self.key)
        if found is None:
            event = self.pathway.events[self.kind]
            return self.form_page(Typed.offered(self.request.GET, event, timezone.localdate()))
        typed, _, saved_at = found
        return self.form_page(typed, saved_at=saved_at)

    def form(self, typed: Typed | None) -> EventForm:
        person = self.whom.person or stand_in(cast(Organisation, self.whom.subject))
        offered = choices_for(self.actor, self.pathway, self.kind, person)
        today = timezone.localdate()
        return EventForm(self.pathway, self.kind, typed=typed, occurred=today, choices=offered)

    def form_page(
        self, typed: Typed | None, form: EventForm | None = None, *, saved_at: object = None, status: int = 200,
        choose_lead: bool = False,
    ) -> HttpResponse:  # fmt: skip
        chosen = typed.one("_lead") if typed else ""
        leads: list[tuple[str, str]] = []
        if choose_lead or chosen:
            rows = OrganisationPolicy.visible_to(self.actor).filter(kind=self.pathway.lead, active=True)
            leads = list(rows.values_list("slug", "title"))
        context: dict[str, Any] = {
            "whom": self.whom, "pathway": self.pathway, "form": form or self.form(typed),
            "about": self.pathway.events[self.kind].about, "address": self.address, "saved_at": saved_at,
            "leads": leads, "lead": chosen,
            "lead_kind": current_library().roles.title_of(self.pathway.lead),
            "draft": {"key": self.key, "version": None, "address": self.address, "title": self.title},
        }  # fmt: skip
        return render(self.request, "casework/case_open.html", context, status=status)

    def posted(self, typed: Typed) -> HttpResponse:
        form = self.form(typed)
        if not form.check():
            return self.refused(form, typed)
        occurred, given = form.read()
        try:
            case = OpenCase(self.actor).run(
                self.pathway.id, self.whom.subject, occurred, given, kind=self.kind, lead=self.lead(typed)
            )
        except Invalid as error:
            form.refuse(error.errors)
            return self.refused(form, typed, choose_lead="lead" in error.errors)
        DiscardDraft(self.actor).run(self.key)
        if not CasePolicy.visible_to(self.actor).filter(pk=case.pk).exists():
            # Restricted: told, and now for those alone who run it. Who told it may not read on.
            return HttpResponseRedirect(f"{self.whom.chooser}?{urlencode({'sent': self.pathway.id})}")
        first = case.events.order_by("sequence").values_list("pk", flat=True)[0]
        return HttpResponseRedirect(f"{reverse('casework:case', args=[case.pk])}?recorded={first}")

    def lead(self, typed: Typed) -> Organisation | None:
        slug = typed.one("_lead")
        rows = OrganisationPolicy.visible_to(self.actor).filter(kind=self.pathway.lead, active=True)
        return rows.filter(slug=slug).first() if slug else None

    def refused(self, form: EventForm, typed: Typed, *, choose_lead: bool = False) -> HttpResponse:
        body = {**typed.plain(), "_draft_address": self.address, "_draft_title": self.title}
        SaveDraft(self.actor).run(self.key, body)
        return self.form_page(typed, form, status=422, choose_lead=choose_lead)
