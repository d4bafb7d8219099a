"""The page of a contact and its steps, up to the decision and telling the referrer. Writes only by `casework.actions`.

A step is the form of one event (views.record) that comes back here, beside what one needs to read while answering it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actions import DiscardDraft
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import pathways
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Person
from goldenthread.people.possible import open_matches_of
from goldenthread.people.queries import family_of

from ..actions import RecordForSeveral
from ..asked import asked_notes
from ..case_file import confirmation
from ..child_page import age_in_words, relation
from ..child_story import event_address
from ..contact_file import ANSWERED, ASKED, DECIDED, ContactFile, contact_file, what_opens
from ..forms.event import EventForm, Typed
from ..front_door import URGENCY, time_left
from ..models import Case, Event
from ..policies import CasePolicy
from ..record import program_of
from ..words import Told, day_words
from . import record as recording
from .child import _listed
from .common import actor_of, case_of, choices_for, first_name, kept, kinds_of, number
from .two_at_once import typed_in_words

BESIDE = ("screened", DECIDED)
"""Steps at which the threshold document stands beside the questions."""


@policy(Capability.VIEW_CASES)
def contact(request: HttpRequest, case: UUID) -> HttpResponse:
    """One contact: what came in, who it is about, what agencies know, what to do now."""
    actor = actor_of(request)
    page = contact_file(actor, case, kinds_of(actor))
    here = page.case
    journal.read(actor, "contact.view", "case", str(here.pk), version=here.version)
    people = {str(child.person.pk): child.record.person for child in page.children}
    for who in people:
        journal.read(actor, "child.view", "person", who, contact=str(here.pk))
    context = {
        **_bar(page), "page": page, "case": here, "pathway": page.pathway, "file": page.file,
        "concern": _about(page), "event_address": event_address, "day_words": day_words,
        "family": _family(actor, page), "also_for": [],
        "titles": {identity: one.title for identity, one in pathways(here.arrangement).items()},
        "age": lambda person: age_in_words(person, timezone.localdate()),
        "confirmed": (confirmed := _confirmed(request, actor, page)), "sent": request.GET.get("sent") == "1",
        "may_register": actor.may(Capability.REGISTER_PEOPLE), "first_name": first_name(here.subject),
        "asked_of_me": _asked_of(actor, page), "asked_notes": asked_notes(actor, here),
        "may_screen": actor.may(Capability.SCREEN_CONTACTS),
        "matches": open_matches_of(actor, [child.person for child in page.children]),
    }  # fmt: skip
    if confirmed is not None:
        names = [one.subject.name for one in confirmed.also if one.pathway == here.pathway]
        context["also_for"] = list(dict.fromkeys(names))
    return render(request, "casework/contact.html", context)


def _family(actor: Actor, page: ContactFile) -> list[tuple[Person, list[tuple[str, Person]]]]:
    """Who matters to each child, each person once and none of the children themselves."""
    shown = {child.person.pk for child in page.children}
    found = []
    for child in page.children:
        rows = [(relation(row), row.other) for row in family_of(actor, child.person) if row.other_id not in shown]
        shown |= {other.pk for _, other in rows}
        if rows:
            found.append((child.person, rows))
    return found


def _bar(page: ContactFile) -> dict[str, Any]:
    case, now = page.case, page.file.facts.now
    urgency, colour = URGENCY.get(case.priority, ("Standard", ""))
    plans = list(dict.fromkeys(title for child in page.children for title in child.open_plans))
    tags = [{"text": urgency, "colour": {"high": "red", "medium": "orange"}.get(colour, "grey")}] if case.is_open else []
    tags += [{"text": page.file.state, "colour": "blue" if case.is_open else "grey"}]
    tags += [{"text": f"Open: {_listed(plans)}", "colour": "red"}] if plans else []
    left = time_left(case.next_due_at, now) if case.is_open and case.next_due_at else ""
    names = [_named(child.person, timezone.localdate(now)) for child in page.children]
    return {
        "title": _listed(names), "tags": tags, "left": left,
        "left_late": bool(left) and left.endswith("late"),
        "facts": [f"{page.pathway.title} {case.reference}", f"received {day_words(page.opening.day)}", page.opening.by],
    }  # fmt: skip


def _named(person: Person, day: date) -> str:
    age = age_in_words(person, day)
    return f"{person.name}, {age}" if age else person.name


def _about(page: ContactFile) -> tuple[list[Told], list[Told]]:
    """The concern: what was written at length, and the short answers."""
    rest = page.opening.rest
    return [one for one in rest if one.long], [one for one in rest if not one.long]


def _asked_of(actor: Actor, page: ContactFile) -> list[Any]:
    """Agencies of the reader's own that are still asked."""
    own = {one.organisation.slug for one in page.file.facts.involvements if one.organisation_id in actor.organisation_ids}
    return [answer for answer in page.waiting if answer.slug in own]


def _confirmed(request: HttpRequest, actor: Actor, page: ContactFile) -> Any:
    try:
        event = UUID(request.GET.get("recorded", ""))
    except ValueError:
        return None
    return confirmation(actor, page.file, event)


@policy(Capability.RECORD_EVENTS)
def step(request: HttpRequest, case: UUID, kind: str) -> HttpResponse:
    """One step of a contact. A decision is shown with all that it opens before it is made."""
    actor = actor_of(request)
    here = case_of(actor, case)
    pathway = program_of(here).pathway
    name = pathway.event_named(kind)
    if name is None or not pathway.front_door:
        raise Http404
    if name == ASKED:
        return HttpResponseRedirect(reverse("casework:contact-ask", args=[here.pk]))
    if name == ANSWERED and request.method != "POST":
        note = asked_notes(actor, here).get(request.GET.get("agency", ""))
        if note is not None and note.answer:
            return HttpResponseRedirect(note.answer)
    page = _Step(request, actor, here, name)
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(here.pk), kind=name)
        return page.opened()
    typed = Typed.sent(request.POST)
    wanted = typed.one("_step")
    if wanted == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(page.back)
    version = number(typed.one("_version")) or here.version
    if wanted == "edit":
        return page.form_page(page.form(typed), typed, version)
    if name == DECIDED and wanted != "send":
        return page.checked(typed, version)
    return page.recorded(typed)


OPENED = "opened-at"
"""The input that carries when a step's page was opened."""


def _minute(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


class _Step(recording.RecordPage):
    """The form of one event that comes back to the contact."""

    def __init__(self, request: HttpRequest, actor: Actor, case: Case, kind: str) -> None:
        super().__init__(request, actor, case, kind)
        self.address = reverse("casework:contact-step", args=[case.pk, kind])
        self.back = reverse("casework:contact", args=[case.pk])

    def opened(self) -> HttpResponse:
        agency = self.request.GET.get("agency", "")
        if self.kind == ANSWERED and agency and kept(self.actor, self.key) is None:
            offered = choices_for(self.actor, self.pathway, self.kind, self.case.subject, self.case)
            data = {"agency": agency}
            form = EventForm(self.pathway, self.kind, data=data, occurred=timezone.now(), choices=offered)
            return self.form_page(form, None, self.case.version)
        if kept(self.actor, self.key) is None:
            return self.form_page(self.form(occurred=timezone.now()), None, self.case.version)
        return super().opened()

    def siblings(self, form: EventForm, typed: Typed | None) -> list[dict[str, Any]]:
        """The children who came in together with this one: the same is said of each unless one is left out."""
        wanted = set(typed.many("_also")) if typed else {str(one.pk) for one in self.together()}
        return [
            {
                "case": one, "id": str(one.pk), "chosen": str(one.pk) in wanted,
                "version": (number(typed.one(f"_v-{one.pk}")) if typed else None) or one.version,
                "voices": [
                    {"name": f"{asked.name}--{one.pk}", "label": f"What {first_name(one.subject)} said, in their own words",
                     "text": typed.one(f"{asked.name}--{one.pk}") if typed else ""}
                    for asked in form.voice
                ],
            }
            for one in self.together()
        ]  # fmt: skip

    def together(self) -> list[Case]:
        """Contacts that came in with this one and stand where it does: open, or decided like it."""
        if self.case.group is None or self.kind == ASKED:
            return []
        rows = CasePolicy.visible_to(self.actor).filter(group=self.case.group, pathway=self.case.pathway)
        rows = rows.filter(is_open=self.case.is_open).exclude(pk=self.case.pk)
        return list(rows.select_related("subject", "lead").order_by("subject__born", "pk"))

    def write(
        self, form: EventForm, typed: Typed, occurred: date | datetime, given: dict[str, Any], version: int
    ) -> Event:
        """A time that was left as the page gave it means now: others may have recorded something since it was opened."""
        if isinstance(occurred, datetime) and typed.one(OPENED) == _minute(occurred):
            occurred = timezone.now()
        wanted = set(typed.many("_also"))
        also = [one for one in self.together() if str(one.pk) in wanted]
        if not also:
            return super().write(form, typed, occurred, given, version)
        spoken = {asked.name for asked in form.voice}
        shared = {name: value for name, value in given.items() if name not in spoken}
        each = {self.case.pk: {name: given.get(name) for name in spoken}}
        each |= {one.pk: {name: typed.one(f"{name}--{one.pk}") for name in spoken} for one in also}
        versions = {one.pk: number(typed.one(f"_v-{one.pk}")) or one.version for one in also} | {self.case.pk: version}
        agency = typed.one("_agency")
        organisation = OrganisationPolicy.visible_to(self.actor).filter(slug=agency).first() if agency else None
        if agency and organisation is None:
            raise Invalid("Choose the agency that says so from the list.")
        events = RecordForSeveral(self.actor).run(
            [self.case, *also], self.kind, occurred, shared, versions, each=each, organisation=organisation
        )
        return next(event for event in events if event.case_id == self.case.pk)

    def form_page(
        self, form: EventForm, typed: Typed | None, version: int, *, saved_at: datetime | None = None, status: int = 200
    ) -> HttpResponse:
        draft = {"key": self.key, "version": version, "address": self.address, "title": self.title}
        context = {
            "form": form, "about": self.event.about, "version": version, "draft": draft, "saved_at": saved_at,
            "siblings": self.siblings(form, typed), "on_behalf": self.on_behalf(typed), "address": self.address,
            "reference": self.event.reference, "opened_at": typed.one(OPENED) if typed else _minute(timezone.now()),
            **self.beside(),
        }  # fmt: skip
        return render(self.request, "casework/contact_step.html", context, status=status)

    def beside(self) -> dict[str, Any]:
        """What stands beside the questions: the concern, each agency's view and, where a level is chosen, the thresholds."""
        page = contact_file(self.actor, self.case.pk, kinds_of(self.actor))
        return {
            **_bar(page), "page": page, "case": page.case, "pathway": page.pathway, "back": self.back,
            "concern": _about(page), "thresholds": self.kind in BESIDE, "deciding": self.kind == DECIDED,
            "first_name": first_name(self.case.subject),
        }  # fmt: skip

    def checked(self, typed: Typed, version: int) -> HttpResponse:
        """The decision as it will be recorded, and what opens next. Nothing is written but the draft."""
        form = self.form(typed)
        if not form.check():
            return self.refused(form, typed, version)
        self.keep(typed, version)
        occurred, given = form.read()
        assert occurred is not None  # form.check() would have marked it
        beside = self.beside()
        page: ContactFile = beside["page"]
        also = set(typed.many("_also"))
        together = [self.case, *(one for one in self.together() if str(one.pk) in also)]
        context = {
            **beside, "form": form, "mine": typed_in_words(form), "occurred": occurred, "address": self.address,
            "fields": [*typed.hidden(), ("_version", str(version))], "together": together,
            "opens": what_opens(page.file, self.kind, occurred, given, timezone.now()),
        }  # fmt: skip
        return render(self.request, "casework/contact_check.html", context)

    def recorded(self, typed: Typed) -> HttpResponse:
        response = super().recorded(typed)
        if isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(f"{self.back}?{response.url.partition('?')[2]}")
        return response
