"""Arranging a meeting: about a case, about many, or of a group; adding a case to one that is coming; asking somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Group, Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.forms.event import Asked
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.views.common import case_of, kinds_of
from goldenthread.casework.views.record import sibling_cases
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.meeting import MeetingKind
from goldenthread.people.queries import professionals_of

from ..actions import AddCase, ArrangeMeeting, Invite, SeatGiven
from ..kinds import kinds, kinds_for, planned_days, title_of
from ..models import Meeting, Seat
from ..policies import MeetingPolicy, holds
from .sheet import Sheet, done, pressed, tried


@dataclass(slots=True)
class Place:
    """One seat of the form: who is asked, typed as a name."""

    rule: str
    asked: Asked
    must: bool
    report: bool
    family: bool
    known: str
    """The list of names offered."""


@policy(Capability.RECORD_EVENTS)
def arrange(request: HttpRequest, case: UUID) -> HttpResponse:
    """Arrange a meeting about a case. First the kind, where there is a choice; then the day and who is asked."""
    actor = actor_of(request)
    actor.require(Capability.ATTEND_MEETINGS)
    here = case_of(actor, case)
    offered = kinds_for(here.pathway, kinds_of(actor)) if here.is_open else []
    chosen = next((one for one in offered if one.id == request.GET.get("kind")), None)
    journal.read(actor, "case.form", "case", str(here.pk), kind="meeting")
    if chosen is None and len(offered) == 1:
        chosen = offered[0]
    context = {"case": here, "pathway": program_of(here).pathway, "offered": offered}
    if chosen is None:
        return render(request, "meetings/arrange_kind.html", context)
    if chosen.covers == "cases" and not request.GET.get("new"):
        rows = MeetingPolicy.visible_to(actor).filter(
            kind=chosen.id, holder__in=actor.organisation_ids, state=Meeting.State.ARRANGED, planned_at__gte=timezone.now()
        )
        coming = list(rows.order_by("planned_at")[:8])
        if request.method == "POST":
            return _added(request, actor, coming, here)
        if coming:
            return render(request, "meetings/arrange_which.html", {**context, "kind": chosen, "coming": coming})
    return Arranging(request, actor, chosen, here).page(context, "meetings/arrange.html")


def _added(request: HttpRequest, actor: Actor, coming: list[Meeting], case: Case) -> HttpResponse:
    meeting = next((one for one in coming if str(one.pk) == request.POST.get("meeting")), None)
    if meeting is None:
        return HttpResponseRedirect(request.get_full_path())
    address = reverse("meetings:meeting", args=[meeting.pk])
    words = f"{case.subject.name} has a page at this meeting."
    return pressed(request, words, address, lambda: AddCase(actor).run(meeting, case))


@policy(Capability.ATTEND_MEETINGS)
def new(request: HttpRequest) -> HttpResponse:
    """Arrange a meeting about many cases, which are added afterwards, or of a group."""
    actor = actor_of(request)
    mine = kinds_of(actor)
    offered = [one for one in kinds().values() if one.covers != "family" and mine & set(one.held_by)]
    offered = [one for one in offered if one.covers == "none" or actor.may(Capability.RECORD_EVENTS)]
    chosen = next((one for one in offered if one.id == request.GET.get("kind")), None)
    journal.read(actor, "meetings.form", "meetings", "new")
    if chosen is None:
        return render(request, "meetings/new_kind.html", {"offered": offered})
    groups = list(Group.objects.order_by("title")) if chosen.covers == "none" else []
    group = next((one for one in groups if str(one.pk) == request.GET.get("group")), None)
    if groups and group is None:
        return render(request, "meetings/new_group.html", {"kind": chosen, "groups": groups})
    return Arranging(request, actor, chosen, None, group).page({"group": group}, "meetings/arrange.html")


class Arranging:
    """One person arranging one meeting."""

    def __init__(
        self, request: HttpRequest, actor: Actor, kind: MeetingKind, case: Case | None, group: Group | None = None
    ) -> None:
        self.request, self.actor, self.kind, self.case, self.group = request, actor, kind, case, group
        self.known = list(OrganisationPolicy.visible_to(actor).filter(active=True).order_by("title"))
        self.holders = [one for one in self.known if one.pk in actor.organisation_ids and one.kind in kind.held_by]
        self.siblings = sibling_cases(actor, case) if case is not None and kind.covers == "family" else []
        self.follows = self._follows()
        self.sheet = Sheet(request)
        self.lists: dict[str, list[Organisation]] = {}
        self.places = [self._place(*row) for row in self._seats()]
        at = self.sheet
        at.ask("planned", "When is it?", "moment", hint="For example, 27 11 2026 and 10:30.")
        at.ask("place", "Where?", hint="A room, or how people join.", required=False)
        at.ask("chair", "Who chairs it?", hint=f"{kind.chair}.", required=False)
        if len(self.holders) > 1:
            at.ask(
                "holder",
                "Which of your agencies holds it?",
                "radios",
                options=[(one.slug, one.title) for one in self.holders],
            )
        if self.siblings:
            options = [(str(one.pk), one.subject.name) for one in self.siblings]
            at.ask("also", "Which brothers and sisters is it about as well?", "checkboxes", options=options, required=False,
                   hint="Each has a page of their own.")  # fmt: skip

    def _follows(self) -> Meeting | None:
        """The meeting that could not decide, of which this is the second sitting."""
        given = self.request.GET.get("follows", "")
        if not given:
            return None
        try:
            found = MeetingPolicy.get(self.actor, pk=UUID(given))
        except ValueError as error:
            raise Http404 from error
        return found if found.kind == self.kind.id else None

    # Who is asked ---------------------------------------------------------------------------------------------

    def _seats(self) -> list[tuple[str, str, Sequence[str], bool, bool, bool, str]]:
        """(rule, title, kinds, must, report, family, who is proposed)."""
        if self.kind.members and self.group is not None:
            members = list(self.group.members.filter(active=True).order_by("title"))
            return [
                (f"member{number}", one.title, (one.kind,), False, False, False, one.title)
                for number, one in enumerate(members)
            ]
        proposed = self._proposed()
        return [
            (name, rule.title, rule.kinds, rule.must, rule.report, rule.family, proposed.get(name, ""))
            for name, rule in self.kind.seats.items()
        ]

    def _proposed(self) -> dict[str, str]:
        """Whom the form proposes: of the sitting before; else who is part of the case or works with the child."""
        before = self.follows or self._last()
        if before is not None:
            rows = Seat.objects.filter(meeting=before).select_related("organisation")
            return {one.rule: one.organisation.title if one.organisation else one.name for one in rows if one.rule}
        if self.case is None:
            return {}
        inside = Involvement.objects.filter(case=self.case, user=None).values_list("organisation_id", flat=True)
        working = [one.organisation_id for one in professionals_of(self.case.subject, timezone.localdate())]
        known = {one.pk: one for one in self.known}
        free = [known[pk] for pk in dict.fromkeys([*inside, *working]) if pk in known]
        found: dict[str, str] = {}
        for name, rule in self.kind.seats.items():
            fits = next((one for one in free if one.kind in rule.kinds), None)
            if fits is None and rule.must:
                every = [one for one in self.known if one.kind in rule.kinds]
                near = [one for one in every if self.case.area_id and one.area_id == self.case.area_id]
                fits = (near or every)[0] if len(near or every) == 1 else None
            if fits is not None:
                found[name] = fits.title
                free = [one for one in free if one.pk != fits.pk]
        return found

    def _last(self) -> Meeting | None:
        """The last meeting about many cases that one's agency held: its members are standing ones."""
        if self.kind.covers != "cases":
            return None
        rows = MeetingPolicy.visible_to(self.actor).filter(kind=self.kind.id, holder__in=self.actor.organisation_ids)
        return rows.order_by("-planned_at").first()

    def _place(
        self, rule: str, title: str, kinds: Sequence[str], must: bool, report: bool, family: bool, proposed: str
    ) -> Place:
        asked = self.sheet.ask(f"seat-{rule}", title, required=must, default=proposed)
        known = ""
        if not family:
            known = "known-" + "-".join(sorted(kinds))
            if known not in self.lists:
                self.lists[known] = [one for one in self.known if one.kind in kinds]
        return Place(rule, asked, must, report, family, known)

    def given(self) -> list[SeatGiven]:
        """Who is asked, by the names typed; one that is not known is marked."""
        by_title = {one.title.lower(): one for one in self.known}
        found = []
        for place in self.places:
            words = place.asked.text.strip()
            if not words:
                continue
            rule = place.rule if place.rule in self.kind.seats else ""
            if place.family:
                found.append(SeatGiven(rule, name=words))
            elif (organisation := by_title.get(words.lower())) is not None:
                found.append(SeatGiven(rule, organisation))
            else:
                place.asked.wrong("No agency has that name. Choose one from the list")
        return found

    # The page -------------------------------------------------------------------------------------------------

    def page(self, context: dict[str, Any], template: str) -> HttpResponse:
        if not self.holders:
            raise Http404
        status = 200
        if self.sheet.sent:
            made = self._arranged()
            if made is not None:
                said = "The meeting is arranged. Everybody you chose has been asked."
                return done(self.request, said, reverse("meetings:meeting", args=[made.pk]))
            status = 422
        days = planned_days(self.kind, timezone.now(), "")
        context |= {
            "kind": self.kind, "sheet": self.sheet, "places": self.places, "lists": self.lists, "follows": self.follows,
            "days": days, "report_rule": self.kind.reports, "address": self.request.get_full_path(), "case": self.case,
        }  # fmt: skip
        return render(self.request, template, context, status=status)

    def _arranged(self) -> Meeting | None:
        planned, given = self.sheet.moment("planned", "The day of the meeting"), self.given()
        if self.sheet.errors or planned is None:
            return None
        holder = self.holders[0]
        if "holder" in self.sheet.fields:
            holder = next((one for one in self.holders if one.slug == self.sheet.choice("holder")), holder)
        also = set(self.sheet["also"].chosen) if "also" in self.sheet.fields else set()
        cases = [] if self.case is None else [self.case, *(one for one in self.siblings if str(one.pk) in also)]
        made = tried(self.sheet, lambda: ArrangeMeeting(self.actor).run(
            self.kind.id, holder, planned, cases=cases, seats=given, place=self.sheet.words("place"),
            chair=self.sheet.words("chair"), group=self.group, follows=self.follows))  # fmt: skip
        return made


@policy(Capability.ATTEND_MEETINGS)
def invite(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Ask somebody else to a meeting: an agency, or somebody of the family."""
    actor = actor_of(request)
    found = MeetingPolicy.get(actor, pk=meeting)
    if not holds(actor, found):
        raise Http404
    kind = kinds()[found.kind]
    known = list(OrganisationPolicy.visible_to(actor).filter(active=True).order_by("title"))
    sheet = Sheet(request)
    options = [(name, rule.title) for name, rule in kind.seats.items()]
    sheet.ask("rule", "Which seat?", "select", options=options, required=False)
    sheet.ask("organisation", "Which agency?", required=False, hint="Begin to type its name and choose it.")
    sheet.ask("name", "Who?", required=False, hint="The person’s name. For somebody of the family this is enough.")
    if sheet.sent:
        named = {one.title.lower(): one for one in known}
        organisation = named.get(sheet.words("organisation").lower())
        if sheet.words("organisation") and organisation is None:
            sheet["organisation"].wrong("No agency has that name. Choose one from the list")
        else:
            given = SeatGiven(sheet.choice("rule"), organisation, name=sheet.words("name"))
            if tried(sheet, lambda: Invite(actor).run(found, given)) is not None:
                return done(request, "They have been asked.", reverse("meetings:meeting", args=[found.pk]))
    journal.read(actor, "meetings.form", "meeting", str(found.pk), form="invite")
    context = {"meeting": found, "title": title_of(found), "sheet": sheet, "known": known}
    return render(request, "meetings/invite.html", context, status=422 if sheet.errors else 200)


@policy(Capability.ATTEND_MEETINGS)
def add_case(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Give a case a page at a meeting about many, by its reference."""
    actor = actor_of(request)
    found = MeetingPolicy.get(actor, pk=meeting)
    if not holds(actor, found) or found.covers == "none":
        raise Http404
    sheet = Sheet(request)
    sheet.ask("reference", "Reference of the case", hint="It stands at the top of the case’s page, such as LA-26-7KQ4-M.")
    if sheet.sent:
        rows = CasePolicy.visible_to(actor).filter(reference__iexact=sheet.words("reference"))
        case = rows.select_related("subject", "lead").first()
        if case is None:
            sheet["reference"].wrong("There is no case with that reference, or you may not see it")
        elif tried(sheet, lambda: AddCase(actor).run(found, case)) is not None:
            return done(
                request, f"{case.subject.name} has a page at this meeting.", reverse("meetings:meeting", args=[found.pk])
            )
        else:
            sheet["reference"].errors += sheet.others
            sheet.others = []
    journal.read(actor, "meetings.form", "meeting", str(found.pk), form="add_case")
    context = {"meeting": found, "title": title_of(found), "sheet": sheet}
    return render(request, "meetings/add_case.html", context, status=422 if sheet.errors else 200)
