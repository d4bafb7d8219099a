"""One case's page of a meeting, written while it sits: the questions of the event, what was said, decisions, dissent, actions.

Works without a script: a press of "Add another" keeps what there is and shows one more row. What is typed is kept as a draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.forms.event import Asked, EventForm, Typed
from goldenthread.casework.forms.when import NotADay, read_day, typed_day
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.views.common import choices_for, draft_context, kept, number
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions import ActionGiven, DecisionGiven, RecordPage, WritePage
from ..actions.writing import MOST, Written
from ..kinds import recording_for
from ..models import Meeting, Page
from ..policies import PagePolicy
from ..queries.one import sitting
from .sheet import pressed

SPARE = 1
"""Empty rows at the end of the decisions and of the actions."""


@dataclass(slots=True)
class DecisionRow:
    """A decision as typed, with the agencies that do not agree."""

    words: str = ""
    dissents: list[tuple[str, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ActionRow:
    """An action as typed."""

    agency: str = ""
    what: str = ""
    due: dict[str, str] = field(default_factory=lambda: typed_day(None))
    errors: list[str] = field(default_factory=list)


@policy(Capability.ATTEND_MEETINGS)
def page(request: HttpRequest, page: UUID) -> HttpResponse:
    """GET: the page. POST: keep it."""
    actor = actor_of(request)
    return Writing(request, actor, PagePolicy.get(actor, pk=page).meeting_id, page).answer()


@policy(Capability.ATTEND_MEETINGS)
def record_page(request: HttpRequest, page: UUID) -> HttpResponse:
    """POST: record in its case a page that was left when the meeting was closed."""
    actor = actor_of(request)
    here = PagePolicy.get(actor, pk=page)
    address = reverse("meetings:page", args=[here.pk])
    if request.method != "POST":
        return HttpResponseRedirect(address)
    return pressed(request, "Recorded in the case.", address, lambda: RecordPage(actor).run(here))


class Writing:
    """One person at one page of a meeting."""

    def __init__(self, request: HttpRequest, actor: Actor, meeting: UUID, identity: UUID) -> None:
        self.request, self.actor = request, actor
        self.found = sitting(actor, meeting)
        self.pages = self.found.pages
        self.here: Page = next(one for one in self.pages if one.pk == identity)
        self.meeting = self.found.meeting
        self.may_write = self.found.holds and self.meeting.state != Meeting.State.CANCELLED and self.here.event_id is None
        self.may_write = self.may_write and (self.found.open or self.here.case_id is not None)
        self.known = list(OrganisationPolicy.visible_to(actor).filter(active=True).order_by("title"))
        self.key = f"meeting/{self.here.pk}"
        self.address = reverse("meetings:page", args=[self.here.pk])
        self.others: list[str] = []
        self.told = recording_for(self.found.kind, self.here.case) if self.here.case is not None else None

    def answer(self) -> HttpResponse:
        post = self.request.method == "POST"
        if post and not self.may_write:
            return HttpResponseRedirect(self.address)
        if post and self.request.POST.get("_step") == "discard":
            DiscardDraft(self.actor).run(self.key)
            return HttpResponseRedirect(self.address)
        if post:
            return self.sent(Typed.sent(self.request.POST))
        draft = kept(self.actor, self.key) if self.may_write else None
        if draft is not None:
            typed, version, saved_at = draft
            decisions, actions = self.rows(typed)
            return self.show(
                self.form(typed), typed.one("discussion"), decisions, actions, version or self.here.version, saved_at
            )
        decisions = [
            DecisionRow(one.words, [(each.organisation.title, each.reason) for each in one.dissents.all()])
            for one in self.here.decisions.all()
        ]
        actions = [ActionRow(one.organisation.title, one.what, typed_day(one.due_on)) for one in self.here.actions.all()]
        return self.show(self.form(), self.here.discussion, decisions, actions, self.here.version)

    # What was typed -------------------------------------------------------------------------------------------

    def form(self, typed: Typed | None = None) -> EventForm | None:
        """The questions of the event that the meeting records in this case."""
        if self.told is None or self.here.case is None:
            return None
        recording, pathway = self.told
        offered = choices_for(self.actor, pathway, recording.held, self.here.case.subject, self.here.case)
        held = timezone.localdate(self.meeting.planned_at)
        return EventForm(pathway, recording.held, typed=typed, data=self.here.answers, occurred=held, choices=offered)

    def asked(self, form: EventForm | None) -> list[Asked]:
        """Its questions but for those that the meeting answers itself."""
        filled = set(self.told[0].fills) if self.told else set()
        return [one for one in form.questions if one.name not in filled] if form is not None else []

    def rows(self, typed: Typed) -> tuple[list[DecisionRow], list[ActionRow]]:
        decisions, actions = [], []
        for index in range(MOST + SPARE):
            words = typed.one(f"decision-{index}")
            dissents = [
                (typed.one(f"decision-{index}-agency-{each}"), typed.one(f"decision-{index}-why-{each}"))
                for each in range(12)
            ]
            dissents = [(agency, why) for agency, why in dissents if agency.strip() or why.strip()]
            if words.strip() or dissents:
                decisions.append(DecisionRow(words, dissents))
            row = ActionRow(
                typed.one(f"agreed-{index}-agency"), typed.one(f"agreed-{index}-what"), typed.parts(f"agreed-{index}-due")
            )
            if row.agency.strip() or row.what.strip() or any(row.due.values()):
                actions.append(row)
        return decisions, actions

    def sent(self, typed: Typed) -> HttpResponse:
        version = number(typed.one("_version")) or self.here.version
        decisions, actions = self.rows(typed)
        form = self.form(typed)
        given: dict[str, Any] = {}
        if form is not None:
            given = form.read()[1]
        wrong = any(asked.errors for asked in self.asked(form))
        written = Written(
            typed.one("discussion"), {name: value for name, value in given.items() if value not in (None, "", [])},
            [DecisionGiven(one.words, [(self.agency(agency, one), why) for agency, why in one.dissents]) for one in decisions],
            [ActionGiven(self.agency(one.agency, one), one.what, self.day(one)) for one in actions],
        )  # fmt: skip
        wrong = wrong or any(one.errors for one in decisions) or any(one.errors for one in actions)
        if not wrong:
            try:
                with transaction.atomic():
                    WritePage(self.actor).run(self.here, written, version)
            except Invalid as error:
                self.refuse(error, form, decisions, actions)
            except Stale as stale:
                self.others.append(
                    "Somebody else has written on this page since you opened it. What you typed is below. "
                    "Look at theirs in another window, then keep yours: it takes the place of what they wrote."
                )
                version = stale.current_version
            else:
                return self.kept_page(typed)
        self.keep(typed, version)
        return self.show(form, typed.one("discussion"), decisions, actions, version, status=422)

    def agency(self, typed: str, row: DecisionRow | ActionRow) -> Organisation | None:
        found = next((one for one in self.known if one.title.lower() == typed.strip().lower()), None)
        if found is None and typed.strip():
            row.errors.append(f"No agency is called “{typed.strip()}”. Choose one from the list")
        return found

    def day(self, row: ActionRow) -> Any:
        try:
            return read_day(row.due, "The day")
        except NotADay as error:
            row.errors.append(str(error))
            return None

    def refuse(self, error: Invalid, form: EventForm | None, decisions: list[DecisionRow], actions: list[ActionRow]) -> None:
        for name, messages in error.errors.items():
            what, _, rest = name.partition("-")
            index = rest.partition("-")[0]
            rows: list[Any] = [*decisions] if what == "decision" else [*actions] if what == "agreed" else []
            if index.isdecimal() and int(index) < len(rows):
                rows[int(index)].errors.extend(messages)
            elif form is not None and name in {asked.name for asked in form.questions}:
                for message in messages:
                    form.mark(name, message)
            else:
                self.others.extend(messages)

    def keep(self, typed: Typed, version: int) -> None:
        body = {**typed.plain(), "_draft_address": self.address, "_draft_title": self.title()}
        SaveDraft(self.actor).run(self.key, body, version)

    def kept_page(self, typed: Typed) -> HttpResponse:
        DiscardDraft(self.actor).run(self.key)
        step = typed.one("_step")
        if step == "next" and (after := self.after()) is not None:
            return HttpResponseRedirect(reverse("meetings:page", args=[after.pk]))
        if step == "meeting":
            return HttpResponseRedirect(reverse("meetings:meeting", args=[self.meeting.pk]))
        return HttpResponseRedirect(f"{self.address}?kept=1#{'actions' if step == 'agreed' else 'decisions'}")

    # The page -------------------------------------------------------------------------------------------------

    def after(self) -> Page | None:
        place = self.pages.index(self.here)
        return self.pages[place + 1] if place + 1 < len(self.pages) else None

    def before(self) -> Page | None:
        place = self.pages.index(self.here)
        return self.pages[place - 1] if place else None

    def title(self) -> str:
        return f"{self.found.title}: {self.here.case.subject.name if self.here.case is not None else 'record'}"

    def show(
        self, form: EventForm | None, discussion: str, decisions: list[DecisionRow], actions: list[ActionRow], version: int,
        saved_at: Any = None, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        journal.read(self.actor, "meeting.page", "meeting", str(self.meeting.pk), page=str(self.here.pk))
        if self.here.case_id is not None:
            journal.read(self.actor, "meeting.page", "case", str(self.here.case_id), meeting=str(self.meeting.pk))
        sees = self.here.case_id is not None and CasePolicy.visible_to(self.actor).filter(pk=self.here.case_id).exists()
        if self.may_write:
            decisions = [*decisions, *(DecisionRow() for _ in range(SPARE))]
            actions = [*actions, *(ActionRow() for _ in range(SPARE))]
        context = {
            "found": self.found, "meeting": self.meeting, "page": self.here, "pages": self.pages, "form": form,
            "questions": self.asked(form), "discussion": discussion, "decisions": decisions, "actions": actions,
            "version": version, "saved_at": saved_at, "others": self.others, "may_write": self.may_write, "sees": sees,
            "known": self.known, "next": self.after(), "previous": self.before(), "place": self.pages.index(self.here) + 1,
            "kept": self.request.GET.get("kept"), "address": self.address, "pathway": self.told[1] if self.told else None,
            "reports": [report for chair in self.found.chairs for report in chair.reports if report.page_id == self.here.pk],
            "errors": self.errors(form, decisions, actions), "clock": bool(self.told and self.told[0].actions),
            **draft_context(self.key, version, self.address, self.title()),
        }  # fmt: skip
        return render(self.request, "meetings/page.html", context, status=status)

    def errors(
        self, form: EventForm | None, decisions: list[DecisionRow], actions: list[ActionRow]
    ) -> list[tuple[str, str]]:
        found = [("", message) for message in self.others]
        found += [(asked.target, message) for asked in self.asked(form) for message in asked.errors]
        both: list[tuple[str, Sequence[DecisionRow | ActionRow]]] = [("decision", decisions), ("agreed", actions)]
        for what, rows in both:
            found += [(f"{what}-{index}", message) for index, row in enumerate(rows) for message in row.errors]
        return found
