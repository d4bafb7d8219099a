"""Correcting what was recorded: the old and the new side by side, always with a reason; or saying that it did not happen.

Writes only by `casework.actions`. Nothing is edited: a correction is a later event.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy

from ..actions import AmendEvent, WithdrawEvent
from ..forms.event import EventForm, Typed
from ..models import Case
from ..policies import EventPolicy
from ..record import program_of
from ..timeline import Change, Entry, compared, entries
from .common import actor_of, case_of, choices_for, first_name, kept, number
from .two_at_once import recorded_since, stale_page, typed_in_words

LONGEST_REASON = 2_000


@policy(Capability.RECORD_EVENTS)
def correct(request: HttpRequest, case: UUID, event: UUID) -> HttpResponse:
    """GET: the event as it stands, to be put right. POST: look at old and new, then save the correction."""
    actor = actor_of(request)
    page = _Correction(request, actor, case_of(actor, case), event)
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(page.case.pk), event=str(event))
        return page.opened()
    typed = Typed.sent(request.POST)
    step = typed.one("_step")
    if step == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(page.back)
    version = number(typed.one("_version")) or page.case.version
    if step == "edit":
        return page.form_page(page.form(typed), typed.one("_reason"), version)
    return page.posted(typed, version, save=step == "save")


@policy(Capability.RECORD_EVENTS)
def withdraw(request: HttpRequest, case: UUID, event: UUID) -> HttpResponse:
    """GET: ask for the reason. POST: withdraw an event recorded in error."""
    actor = actor_of(request)
    page = _Correction(request, actor, case_of(actor, case), event)
    reason = request.POST.get("_reason", "").strip()
    version = number(request.POST.get("_version", "")) or page.case.version
    errors: list[tuple[str, str]] = []
    since: list[Entry] = []
    if request.method == "POST":
        errors = reason_errors(reason)
        if not errors:
            try:
                WithdrawEvent(actor).run(page.entry.event, reason, version=version)
                return HttpResponseRedirect(page.back)
            except Invalid as error:
                errors = [("reason", message) for messages in error.errors.values() for message in messages]
            except Stale:
                since = recorded_since(actor, page.case, version)
                version = page.case.version
    else:
        journal.read(actor, "case.form", "case", str(page.case.pk), event=str(event))
    context = {
        "case": page.case, "pathway": page.pathway, "entry": page.entry, "reason": reason, "errors": errors,
        "version": version, "since": since, "address": request.path, "limit": LONGEST_REASON,
    }  # fmt: skip
    return render(request, "casework/case_withdraw.html", context, status=409 if since else 422 if errors else 200)


def may_correct(actor: Actor, case: Case, entry: Entry) -> bool:
    """Whether someone may correct an event: their agency recorded it, or leads the case."""
    if entry.withdrawn or not actor.may(Capability.RECORD_EVENTS):
        return False
    return bool({entry.event.organisation_id, case.lead_id} & actor.organisation_ids)


def reason_errors(reason: str) -> list[tuple[str, str]]:
    if not reason:
        return [("reason", "Enter the reason for the correction")]
    if len(reason) > LONGEST_REASON:
        return [("reason", f"The reason must be {LONGEST_REASON:,} characters or fewer")]
    return []


class _Correction:
    """One person correcting one event."""

    def __init__(self, request: HttpRequest, actor: Actor, case: Case, event: UUID) -> None:
        self.request, self.actor, self.case = request, actor, case
        self.pathway = program_of(case).pathway
        events = list(
            EventPolicy.visible_to(actor).filter(case=case).select_related("organisation", "recorded_by").order_by("sequence")
        )
        found = next((entry for entry in entries(self.pathway, events) if entry.event.pk == event), None)
        if found is None or found.kind not in self.pathway.events:
            raise Http404
        if not may_correct(actor, case, found):
            raise NotAllowed(
                "This was withdrawn, so there is nothing left to correct." if found.withdrawn
                else "Only the agency that recorded it, or the one that leads the case, can correct it."
            )
        self.entry = found
        self.key = f"case/{case.pk}/correct/{event}"
        self.address = reverse("casework:correct", args=[case.pk, event])
        self.back = f"{reverse('casework:case', args=[case.pk])}#event-{event}"

    def form(self, typed: Typed | None = None) -> EventForm:
        offered = choices_for(self.actor, self.pathway, self.entry.kind, self.case.subject, self.case)
        return EventForm(
            self.pathway, self.entry.kind, typed=typed, data=self.entry.data, occurred=self.entry.happened, choices=offered
        )

    def opened(self) -> HttpResponse:
        found = kept(self.actor, self.key)
        if found is None:
            return self.form_page(self.form(), "", self.case.version)
        typed, version, saved_at = found
        return self.form_page(self.form(typed), typed.one("_reason"), version or self.case.version, saved_at=saved_at)

    def form_page(
        self, form: EventForm, reason: str, version: int, *, saved_at: object = None, status: int = 200,
        errors: list[tuple[str, str]] | None = None,
    ) -> HttpResponse:  # fmt: skip
        title = f"Correct “{self.entry.title}”: {self.case.subject.name}"
        draft = {"key": self.key, "version": version, "address": self.address, "title": title}
        context = {
            "case": self.case, "pathway": self.pathway, "form": form, "entry": self.entry, "reason": reason,
            "reason_errors": errors or [], "version": version, "draft": draft, "saved_at": saved_at,
            "first_name": first_name(self.case.subject), "address": self.address, "limit": LONGEST_REASON,
        }  # fmt: skip
        return render(self.request, "casework/case_correct.html", context, status=status)

    def posted(self, typed: Typed, version: int, *, save: bool) -> HttpResponse:
        form, reason = self.form(typed), typed.one("_reason").strip()
        wrong = reason_errors(reason)
        if not form.check() or wrong:
            return self.refused(form, typed, version, wrong)
        occurred, given = form.read()
        assert occurred is not None  # form.check() would have marked it
        changes = self.changes(form)
        if not changes:
            form.mark("", "Nothing has been changed. Correct what is wrong, or go back to the case.")
            return self.refused(form, typed, version, [])
        if not save:
            return self.check_page(form, typed, version, changes, reason)
        try:
            AmendEvent(self.actor).run(self.entry.event, occurred, given, reason, version=version)
        except Invalid as error:
            form.refuse(error.errors)
            return self.refused(form, typed, version, [])
        except Stale:
            self.keep(typed, version)
            return stale_page(
                self.request, self.actor, form, typed, [(self.case, version)], self.address, "Look at my correction again"
            )
        DiscardDraft(self.actor).run(self.key)
        return HttpResponseRedirect(self.back)

    def changes(self, form: EventForm) -> list[Change]:
        occurred, _ = form.read()
        assert occurred is not None
        return list(compared(self.entry.told, typed_in_words(form), self.entry.happened, occurred))

    def check_page(
        self, form: EventForm, typed: Typed, version: int, changes: list[Change], reason: str
    ) -> HttpResponse:
        context = {
            "case": self.case, "form": form, "entry": self.entry, "changes": changes, "reason": reason,
            "address": self.address, "fields": [*typed.hidden(), ("_version", str(version))],
        }  # fmt: skip
        return render(self.request, "casework/case_correct_check.html", context)

    def refused(self, form: EventForm, typed: Typed, version: int, wrong: list[tuple[str, str]]) -> HttpResponse:
        self.keep(typed, version)
        return self.form_page(form, typed.one("_reason"), version, status=422, errors=wrong)

    def keep(self, typed: Typed, version: int) -> None:
        title = f"Correct “{self.entry.title}”: {self.case.subject.name}"
        body = {**typed.plain(), "_draft_address": self.address, "_draft_title": title}
        SaveDraft(self.actor).run(self.key, body, version)
