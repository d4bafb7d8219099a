"""Recording what happened: the form of one event, two people writing at once, and nothing typed ever lost.

Writes only by `casework.actions`. What is typed stays in a draft until it has been recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.order import check_event
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import EventKind
from goldenthread.people.models import Relationship

from ..actions import RecordEvent, RecordForSeveral
from ..asked import ask_address, own_page
from ..forms.event import EventForm, Typed
from ..models import Case, Event
from ..next_events import may_say
from ..policies import CasePolicy
from ..record import asks_agencies, happenings_of, program_of, subject_of
from .common import actor_of, agencies_for, case_of, choices_for, first_name, kept, kinds_of, number
from .two_at_once import stale_page

SIBLINGS = ("sibling", "half_sibling")


@policy(Capability.RECORD_EVENTS)
def record(request: HttpRequest, case: UUID, kind: str) -> HttpResponse:
    """GET: the questions of an event, with what was typed and kept. POST: record it, discard it, or go back to it."""
    actor = actor_of(request)
    here = case_of(actor, case)
    program = program_of(here)
    name = program.pathway.event_named(kind)
    if name is None:
        raise Http404
    page = RecordPage(request, actor, here, name)
    if (own := own_page(here, name)) and not page.not_now():
        return HttpResponseRedirect(own)
    if asks_agencies(program.pathway, name) and ask_address(here) and not page.not_now():
        return HttpResponseRedirect(ask_address(here))  # sharing asks, as the agreements allow
    if request.method != "POST":
        if may_say(actor, page.event, kinds_of(actor)) is None:
            raise NotAllowed(f"“{page.pathway.title_of(name)}” is not for your agency or your role to record.")
        journal.read(actor, "case.form", "case", str(here.pk), kind=name)
        return page.opened()
    typed = Typed.sent(request.POST)
    step = typed.one("_step")
    if step == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(reverse("casework:case", args=[here.pk]))
    if step == "edit":
        return page.form_page(page.form(typed), typed, number(typed.one("_version")) or here.version)
    return page.recorded(typed)


class RecordPage:
    """One person at the form of one event."""

    def __init__(self, request: HttpRequest, actor: Actor, case: Case, kind: str) -> None:
        self.request, self.actor, self.case, self.kind = request, actor, case, kind
        self.program = program_of(case)
        self.pathway = self.program.pathway
        self.event: EventKind = self.pathway.events[kind]
        self.key = f"case/{case.pk}/{kind}"
        self.address = reverse("casework:record", args=[case.pk, kind])
        self.title = f"{self.pathway.title_of(kind)}: {case.subject.name}"

    def form(self, typed: Typed | None = None, occurred: date | None = None) -> EventForm:
        offered = choices_for(self.actor, self.pathway, self.kind, self.case.subject, self.case)
        return EventForm(self.pathway, self.kind, typed=typed, occurred=occurred, choices=offered)

    def opened(self) -> HttpResponse:
        found = kept(self.actor, self.key)
        if found is None:
            given = self.given()
            return self.form_page(self.form(given, timezone.localdate()), given, self.case.version)
        typed, version, saved_at = found
        return self.form_page(self.form(typed), typed, version or self.case.version, saved_at=saved_at)

    def given(self) -> Typed | None:
        """Answers that are known before anybody types: those that the link here gives."""
        return Typed.offered(self.request.GET, self.event, timezone.localdate())

    def form_page(
        self, form: EventForm, typed: Typed | None, version: int, *, saved_at: datetime | None = None, status: int = 200
    ) -> HttpResponse:
        draft = {"key": self.key, "version": version, "address": self.address, "title": self.title}
        context = {
            "case": self.case, "pathway": self.pathway, "form": form, "about": self.event.about,
            "reference": self.event.reference, "version": version, "draft": draft, "saved_at": saved_at,
            "first_name": first_name(self.case.subject), "siblings": self.siblings(form, typed),
            "on_behalf": self.on_behalf(typed), "address": self.address, "not_now": self.not_now(),
        }  # fmt: skip
        return render(self.request, "casework/case_record.html", context, status=status)

    def not_now(self) -> list[str]:
        """Why this cannot have happened today; it may still be recorded for an earlier day."""
        now = timezone.now()
        happening = Happening.on(None, self.kind, now)
        happenings, subject = happenings_of(self.case), subject_of(self.case.subject)
        problems = check_event(self.program, happenings, happening, subject, now, complete=False)
        return [problem.message for problem in problems]

    # Brothers and sisters, and who says so --------------------------------------------------------------------

    def siblings(self, form: EventForm, typed: Typed | None) -> list[dict[str, Any]]:
        """The open cases of brothers and sisters in the same pathway, with a place for each one's own words."""
        if self.event.opens:
            return []
        chosen = set(typed.many("_also")) if typed else set()
        return [
            {
                "case": one, "id": str(one.pk), "chosen": str(one.pk) in chosen,
                "version": (number(typed.one(f"_v-{one.pk}")) if typed else None) or one.version,
                "voices": [
                    {"name": f"{asked.name}--{one.pk}", "label": f"What {first_name(one.subject)} said, in their own words",
                     "text": typed.one(f"{asked.name}--{one.pk}") if typed else ""}
                    for asked in form.voice
                ],
            }
            for one in sibling_cases(self.actor, self.case)
        ]  # fmt: skip

    def on_behalf(self, typed: Typed | None) -> dict[str, Any] | None:
        """The agencies one may record for, where there is a choice."""
        several = len(self.actor.organisation_ids) > 1
        if not several and not self.actor.may(Capability.SCREEN_CONTACTS):
            return None
        part, others = agencies_for(self.actor, self.case)
        if not self.actor.may(Capability.SCREEN_CONTACTS):
            mine = set(Organisation.objects.filter(pk__in=self.actor.organisation_ids).values_list("slug", flat=True))
            part, others = [one for one in part if one[0] in mine], [one for one in others if one[0] in mine]
        allowed = set(self.event.by) & kinds_of(self.actor) or {"any_agency", "public"} & set(self.event.by)
        return {
            "groups": [(title, each) for title, each in (("Part of this case", part), ("Other agencies", others)) if each],
            "chosen": typed.one("_agency") if typed else "", "needed": not allowed,
        }  # fmt: skip

    # Recording ------------------------------------------------------------------------------------------------

    def recorded(self, typed: Typed) -> HttpResponse:
        form = self.form(typed)
        version = number(typed.one("_version")) or self.case.version
        if not form.check():
            return self.refused(form, typed, version)
        occurred, given = form.read()
        assert occurred is not None  # form.check() would have marked it
        try:
            event = self.write(form, typed, occurred, given, version)
        except Invalid as error:
            form.refuse({name.partition(".")[2] or name: messages for name, messages in error.errors.items()})
            return self.refused(form, typed, version)
        except NotAllowed as error:
            form.mark("", error.message)
            return self.refused(form, typed, version, status=403)
        except Stale:
            return self.stale(typed, version)
        DiscardDraft(self.actor).run(self.key)
        return HttpResponseRedirect(self.after(event))

    def after(self, event: Event) -> str:
        """Where one goes on once it is recorded."""
        return f"{reverse('casework:case', args=[self.case.pk])}?recorded={event.pk}"

    def write(
        self, form: EventForm, typed: Typed, occurred: date | datetime, given: dict[str, Any], version: int
    ) -> Event:
        organisation = None
        if typed.one("_agency"):
            organisation = OrganisationPolicy.visible_to(self.actor).filter(slug=typed.one("_agency")).first()
            if organisation is None:
                raise Invalid("Choose the agency that says so from the list.")
        wanted = set(typed.many("_also"))
        also = [one for one in sibling_cases(self.actor, self.case) if str(one.pk) in wanted]
        if not also:
            return RecordEvent(self.actor).run(
                self.case, self.kind, occurred, given, version=version, organisation=organisation
            )
        spoken = {asked.name for asked in form.voice}
        shared = {name: value for name, value in given.items() if name not in spoken}
        each = {self.case.pk: {name: given.get(name) for name in spoken}}
        each |= {one.pk: {name: typed.one(f"{name}--{one.pk}") for name in spoken} for one in also}
        versions = {self.case.pk: version}
        versions |= {one.pk: number(typed.one(f"_v-{one.pk}")) or one.version for one in also}
        events = RecordForSeveral(self.actor).run(
            [self.case, *also], self.kind, occurred, shared, versions, each=each, organisation=organisation
        )
        first: Event = events[0]
        return first

    def refused(self, form: EventForm, typed: Typed, version: int, status: int = 422) -> HttpResponse:
        """The form again with everything as it was typed, and kept, so that closing the page loses nothing."""
        self.keep(typed, version)
        return self.form_page(form, typed, version, status=status)

    def keep(self, typed: Typed, version: int) -> None:
        body = {**typed.plain(), "_draft_address": self.address, "_draft_title": self.title}
        SaveDraft(self.actor).run(self.key, body, version)

    # Two people at once ---------------------------------------------------------------------------------------

    def stale(self, typed: Typed, version: int) -> HttpResponse:
        """What others recorded since beside what was typed, and a choice. Nothing is written but the draft."""
        self.keep(typed, version)
        form = self.form(typed)
        cases = [(self.case, version)]
        wanted = set(typed.many("_also"))
        for one in sibling_cases(self.actor, self.case):
            if str(one.pk) in wanted:
                cases.append((one, number(typed.one(f"_v-{one.pk}")) or one.version))
        return stale_page(self.request, self.actor, form, typed, cases, self.address, "Record mine as well")


def sibling_cases(actor: Actor, case: Case) -> list[Case]:
    """Open cases of the same pathway for brothers and sisters, or opened together with this one, that `actor` may see."""
    if case.subject_id is None:
        return []
    family = Relationship.objects.filter(person=case.subject_id, kind__in=SIBLINGS).values("other")
    condition = Q(subject__in=family)
    if case.group is not None:
        condition |= Q(group=case.group)
    rows = CasePolicy.visible_to(actor).filter(condition, pathway=case.pathway, is_open=True).exclude(pk=case.pk)
    return list(rows.exclude(subject=case.subject_id).select_related("subject", "lead").order_by("subject__born", "pk")[:12])
