"""A police incident in three short pages: the children, the incident, check. Then each child's school is told.

The page of the children is the one of a new contact: found however their names are spelt, or registered once it is sent.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions.send_contact import Contact
from goldenthread.casework.child_page import age_in_words
from goldenthread.casework.forms.event import Choices, EventForm, Typed
from goldenthread.casework.new_contact import children_in
from goldenthread.casework.views.common import kinds_of
from goldenthread.casework.views.new_contact import ContactWriting
from goldenthread.casework.words import answers_in_words
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions.encompass import RecordIncident
from ..encompass import notice_pathway
from ..queries.encompass import side_of

PAGES = ("children", "incident", "check")
TITLES = {"children": "Which children does it concern?", "incident": "The incident", "check": "Check before you record it"}
NAME = "Incident for a school"


def must_attend(actor: Actor) -> None:
    """Raises NotAllowed for whoever does not record incidents."""
    if side_of(kinds_of(actor)) != "police":
        raise NotAllowed("Incidents are recorded by the police. To tell the front door of a worry, use New contact.")


@policy(Capability.RECORD_EVENTS)
def start(request: HttpRequest) -> HttpResponse:
    """Begin an incident; `child` names one that it concerns."""
    actor = actor_of(request)
    must_attend(actor)
    draft = uuid4()
    writing = IncidentWriting(request, actor, draft, PAGES[0])
    if request.GET.get("child"):
        writing.begin_with(request.GET["child"])
    return HttpResponseRedirect(writing.address(PAGES[0]))


@policy(Capability.RECORD_EVENTS)
def page(request: HttpRequest, draft: UUID, page: str) -> HttpResponse:
    """One page of an incident that is being written."""
    if page not in PAGES:
        raise Http404
    actor = actor_of(request)
    must_attend(actor)
    writing = IncidentWriting(request, actor, draft, page)
    if request.method == "POST" and request.POST.get("_step") == "discard":
        writing.discard()
        return HttpResponseRedirect(reverse("encompass:list"))
    show = {"children": writing.children, "incident": writing.incident, "check": writing.check}
    return show[page]()


class IncidentWriting(ContactWriting):
    """One officer writing one incident: as a contact is written, with other pages."""

    def __init__(self, request: HttpRequest, actor: Actor, draft: UUID, page: str) -> None:
        self.request, self.actor, self.draft, self.page = request, actor, draft, page
        self.pathway = notice_pathway()
        self.posted = Typed.sent(request.POST) if request.method == "POST" else None

    def key(self, page: str) -> str:
        return f"incident/new/{self.draft}/{page}"

    def address(self, page: str) -> str:
        return reverse("encompass:new-page", args=[self.draft, page])

    def _title(self, page: str) -> str:
        return f"{NAME}: {TITLES[page].lower().rstrip('?')}"

    def keep(self, page: str, body: dict[str, Any]) -> None:
        title = {"_draft_address": self.address(page), "_draft_title": self._title(page)}
        SaveDraft(self.actor).run(self.key(page), {**body, **title})

    def discard(self) -> None:
        for name in PAGES:
            DiscardDraft(self.actor).run(self.key(name))

    def next(self, page: str) -> HttpResponse:
        after = "check" if self.request.GET.get("back") == "check" else PAGES[PAGES.index(page) + 1]
        return HttpResponseRedirect(self.address(after))

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        place = PAGES.index(self.page)
        back = self.address("check") if self.request.GET.get("back") == "check" and self.page != "check" else ""
        context |= {
            "name": NAME, "title": TITLES[self.page], "number": place + 1, "of": len(PAGES), "first": False,
            "address": self.request.get_full_path(), "person_age": lambda person: age_in_words(person, timezone.localdate()),
            "back": back or (self.address(PAGES[place - 1]) if place else reverse("encompass:list")),
            "draft": {"key": self.key(self.page), "version": None, "address": self.address(self.page),
                      "title": self._title(self.page)},
        }  # fmt: skip
        folder = "casework" if template.startswith("contact_") else "sharing"
        return render(self.request, f"{folder}/{template}.html", context, status=status)

    def form(self, typed: Typed | None) -> EventForm:
        return EventForm(self.pathway, self.pathway.opening, typed=typed, occurred=timezone.now(), choices=Choices())

    def incident(self) -> HttpResponse:
        found = children_in(self.kept("children"))
        if not found:
            return HttpResponseRedirect(self.address("children"))
        typed = self.posted or self.kept("incident")
        form = self.form(typed)
        if self.posted is not None:
            form.check()
            self.keep("incident", self.posted.plain())
            if not form.errors:
                return self.next("incident")
        else:
            journal.read(self.actor, "incident.form", "draft", str(self.draft), page="incident")
        each = self.each_voice(form, found, typed) if len(found) > 1 else []
        return self.show(
            "encompass_new_incident", 422 if self.posted else 200, errors=form.errors, when=form.when, each=each,
            questions=[asked for asked in form.questions if not (each and asked.voice)],
        )  # fmt: skip

    def check(self) -> HttpResponse:
        parts = {name: self.kept(name) for name in PAGES[:2]}
        found = children_in(parts["children"])
        if not found or parts["incident"] is None:
            return HttpResponseRedirect(self.address("incident" if found else "children"))
        form = self.form(parts["incident"])
        occurred, given = form.read()
        form.check()
        errors = [(f"{self.address('incident')}?back=check", message) for _, message in form.errors]
        voices = self.voices(form, parts["incident"], found)
        if self.posted is not None and not errors and occurred is not None:
            answers = {name: value for name, value in given.items() if value not in (None, "", [])}
            related = bool(parts["children"] and parts["children"].one("related"))
            try:
                cases = RecordIncident(self.actor).run(Contact(occurred, answers, found, related, voices))
            except Invalid as error:
                errors = [(self.address("children"), message) for message in error.messages]
            else:
                self.discard()
                return HttpResponseRedirect(f"{reverse('encompass:notice', args=[cases[0].pk])}?recorded=1")
        elif self.posted is None:
            journal.read(self.actor, "incident.form", "draft", str(self.draft), page="check")
        names = self.names(found)
        said = [(names[child.key], words) for child in found for words in voices.get(child.key, {}).values()]
        return self.show(
            "encompass_new_check", 422 if errors else 200, errors=errors, found=[(child, names[child.key]) for child in found],
            occurred=occurred, answers=answers_in_words(form.event, given, {}), said=said,
            pages={name: f"{self.address(name)}?back=check" for name in PAGES},
        )  # fmt: skip
