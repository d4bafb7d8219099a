"""Opening a case for a person: which pathway, then its first event. Writes only by `casework.actions.OpenCase`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from goldenthread.guidance.pathway import EventKind, Pathway
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..actions import OpenCase
from ..forms.event import EventForm, Typed
from ..owners import ANYONE
from ..policies import CasePolicy
from .common import actor_of, choices_for, first_name, kept, kinds_of

CHILDREN = ("child", "person", "family")


@policy(Capability.RECORD_EVENTS)
def choose(request: HttpRequest, person: UUID) -> HttpResponse:
    """The pathways one's agency may open for a person, and the cases already open."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)
    known = pathways(_arrangement(who))
    ours = kinds_of(actor)
    offered = [
        {"pathway": pathway, "about": _first_sentence(pathway.about),
         "opening": [(kind, pathway.title_of(kind)) for kind in kinds]}
        for pathway in sorted(known.values(), key=lambda pathway: (not pathway.front_door, pathway.title))
        if (kinds := openings(actor, pathway, ours, who))
    ]  # fmt: skip
    open_now = CasePolicy.visible_to(actor).filter(subject=who, is_open=True).select_related("lead").order_by("-opened_at")
    journal.read(actor, "person.form", "person", str(who.pk), kind="new_case")
    context = {
        "person": who, "offered": offered, "first_name": first_name(who),
        "open_now": [(case, known[case.pathway]) for case in open_now if case.pathway in known],
    }  # fmt: skip
    return render(request, "casework/case_new.html", context)


@policy(Capability.RECORD_EVENTS)
def open_case(request: HttpRequest, person: UUID, pathway: str, kind: str) -> HttpResponse:
    """The first event of a case: its questions, then the case."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)
    rule = pathways(_arrangement(who)).get(pathway)
    if rule is None or kind not in rule.events or not rule.events[kind].opens:
        raise Http404
    if kind not in openings(actor, rule, kinds_of(actor), who):
        raise NotAllowed(f"“{rule.title_of(kind)}” is not for your agency or role to record.")
    page = _Opening(request, actor, who, rule, kind)
    if request.method != "POST":
        journal.read(actor, "person.form", "person", str(who.pk), kind=f"{pathway}.{kind}")
        return page.opened()
    typed = Typed.sent(request.POST)
    if typed.one("_step") == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(reverse("casework:new-case", args=[who.pk]))
    return page.posted(typed)


def _first_sentence(about: str) -> str:
    return about.partition(". ")[0].removesuffix(".") + "."


def openings(actor: Actor, pathway: Pathway, ours: set[str], person: Person) -> list[str]:
    """The events by which someone may open a case of a pathway for a person."""
    if (pathway.subject in CHILDREN) is (pathway.subject == "adult"):
        return []
    if person.unborn and not pathway.unborn:
        return []
    return [kind for kind, event in pathway.events.items() if event.opens and _may_say(actor, event, ours)]


def _may_say(actor: Actor, event: EventKind, ours: set[str]) -> bool:
    if event.needs is not None and not actor.may(Capability(event.needs)):
        return False
    return bool((ANYONE | ours) & set(event.by))


def _arrangement(person: Person) -> str:
    return arrangement_for(person.area.slug if person.area else None)


class _Opening:
    """One person opening one case."""

    def __init__(self, request: HttpRequest, actor: Actor, person: Person, pathway: Pathway, kind: str) -> None:
        self.request, self.actor, self.person, self.pathway, self.kind = request, actor, person, pathway, kind
        self.key = f"new/{person.pk}/{pathway.id}/{kind}"
        self.address = reverse("casework:open-case", args=[person.pk, pathway.id, kind])
        self.title = f"{pathway.title}: {person.name}"

    def opened(self) -> HttpResponse:
        found = kept(self.actor, self.key)
        if found is None:
            return self.form_page(None)
        typed, _, saved_at = found
        return self.form_page(typed, saved_at=saved_at)

    def form(self, typed: Typed | None) -> EventForm:
        offered = choices_for(self.actor, self.pathway, self.kind, self.person)
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
            "person": self.person, "pathway": self.pathway, "form": form or self.form(typed),
            "about": self.pathway.events[self.kind].about, "address": self.address, "saved_at": saved_at,
            "first_name": first_name(self.person), "leads": leads, "lead": chosen,
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
                self.pathway.id, self.person, occurred, given, kind=self.kind, lead=self.lead(typed)
            )
        except Invalid as error:
            form.refuse(error.errors)
            return self.refused(form, typed, choose_lead="lead" in error.errors)
        DiscardDraft(self.actor).run(self.key)
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
