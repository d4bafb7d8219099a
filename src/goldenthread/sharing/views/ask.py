"""Asking agencies, several at once, from a contact or any other case: choose, then see whom no agreement lets be asked.

Those whom an agreement covers are asked at once; nobody waits for a decision about another. Writes only by
`sharing.actions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.forms.event import Typed
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.next_events import may_say
from goldenthread.casework.record import happenings_of, program_of, subject_of
from goldenthread.casework.views.common import case_of, kept, kinds_of, number
from goldenthread.casework.views.record import sibling_cases
from goldenthread.casework.views.two_at_once import recorded_since
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.order import check_event
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Professional

from ..actions.asking import AskAgencies
from ..decision import Ruling, Verdict
from ..exchange import Exchange, asking_organisation, exchange_of, still_open
from ..models import Request
from ..rulings import clause_of, purpose_of, ruling_for

MOST_BOXES = 8
"""Of a kind with more agencies than this, such as schools, those that know the children are offered and a box to type
another's name."""


@dataclass(frozen=True, slots=True)
class Box:
    """One agency that may be chosen."""

    slug: str
    title: str
    knows: bool
    mark: str
    """What an agreement says, where it does not simply permit."""
    verdict: str = Verdict.PERMIT.value


@dataclass(slots=True)
class Kind:
    """Agencies of one lane that may be asked."""

    title: str
    name: str
    boxes: list[Box] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Titles offered as they are typed."""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A case in which agencies are asked, and who asks."""

    case: Case
    exchange: Exchange
    asker: Organisation
    together: list[Case]
    """Cases of brothers and sisters that are asked for in the same go."""

    @property
    def back(self) -> str:
        page = "casework:contact" if program_of(self.case).pathway.front_door else "casework:case"
        return reverse(page, args=[self.case.pk])

    @property
    def key(self) -> str:
        return f"case/{self.case.pk}/ask"


def place_of(actor: Actor, identity: UUID) -> Place:
    """Where one asks. Raises Http404 for a case that is hidden or that asks nobody, NotAllowed if it is not for one to ask."""
    case = case_of(actor, identity)
    pathway = program_of(case).pathway
    exchange = exchange_of(pathway)
    asker = asking_organisation(case.lead, actor.organisation_ids, actor.organisation_id)
    if exchange is None or asker is None or case.subject_id is None:
        raise Http404
    if may_say(actor, pathway.events[exchange.asked], kinds_of(actor)) is None:
        raise NotAllowed(f"“{pathway.title_of(exchange.asked)}” is not for your agency or your role to record.")
    return Place(case, exchange, asker, sibling_cases(actor, case))


@policy(Capability.RECORD_EVENTS)
def ask(request: HttpRequest, case: UUID) -> HttpResponse:
    """GET: the agencies of the child's district, by kind. POST: ask all that are chosen and may be asked."""
    actor = actor_of(request)
    here = place_of(actor, case)
    if request.method != "POST":
        if not _open_to_asking(here):
            raise Http404
        journal.read(actor, "case.form", "case", str(here.case.pk), kind=here.exchange.asked)
        found = kept(actor, here.key)
        return _form(request, actor, here, found[0] if found else None, saved_at=found[2] if found else None)
    typed = Typed.sent(request.POST)
    if typed.one("_step") == "discard":
        DiscardDraft(actor).run(here.key)
        return HttpResponseRedirect(here.back)
    kinds = _kinds(actor, here, typed)
    chosen, errors = _chosen(actor, here, kinds, typed)
    if errors:
        _keep(actor, here, typed)
        return _form(request, actor, here, typed, errors=errors)
    permitted, held = _sorted(here, chosen)
    version = number(typed.one("_version")) or here.case.version
    together = [here.case, *(one for one in here.together if str(one.pk) in set(typed.many("_also")))]
    try:
        with transaction.atomic():
            if permitted:
                words = typed.one("question"), typed.one("about_whom")
                AskAgencies(actor).run(together, permitted, *words, version=version)
    except Stale:
        _keep(actor, here, typed)
        since = recorded_since(actor, here.case, version)
        return _form(request, actor, place_of(actor, case), typed, since=since, status=409)
    except Invalid as error:
        _keep(actor, here, typed)
        return _form(request, actor, here, typed, errors=[("", message) for message in error.messages])
    if permitted:
        many = len(permitted)
        messages.success(request, f"{many} agenc{'y is' if many == 1 else 'ies are'} asked. Each has a clock of its own.")
    if not held:
        DiscardDraft(actor).run(here.key)
        return HttpResponseRedirect(reverse("requests:of-case", args=[here.case.pk]))
    # What was to be asked is carried to the page that says why it was not; those who were asked are not asked again.
    _keep(actor, here, typed, [one.slug for one in held])
    query = urlencode([("held", one.slug) for one in held])
    return HttpResponseRedirect(f"{reverse('requests:of-case', args=[here.case.pk])}?{query}#held")


def _open_to_asking(here: Place) -> bool:
    """Whether the case has come to a state in which agencies may be asked."""
    now = timezone.now()
    program = program_of(here.case)
    happening = Happening.on(None, here.exchange.asked, now)
    return not check_event(
        program, happenings_of(here.case), happening, subject_of(here.case.subject), now, complete=False
    )


def _sorted(here: Place, chosen: Sequence[Organisation]) -> tuple[list[Organisation], list[Organisation]]:
    """Those whom an agreement lets answer, and the others."""
    purpose, day = purpose_of(here.case), timezone.localdate()
    permitted: list[Organisation] = []
    held: list[Organisation] = []
    for one in chosen:
        found = ruling_for(one, here.asker, purpose, here.case, day)
        (permitted if found.content.verdict is Verdict.PERMIT else held).append(one)
    return permitted, held


def _chosen(
    actor: Actor, here: Place, kinds: Sequence[Kind], typed: Typed
) -> tuple[list[Organisation], list[tuple[str, str]]]:
    rows = OrganisationPolicy.visible_to(actor).filter(active=True).exclude(pk=here.asker.pk)
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


def _keep(actor: Actor, here: Place, typed: Typed, chosen: Sequence[str] | None = None) -> None:
    address = reverse("requests:ask", args=[here.case.pk])
    body = {**typed.plain(), "_draft_address": address, "_draft_title": f"Ask agencies: {here.case.subject.name}"}
    body |= {name: typed.many(name) for name in ("_ask", "_also") if typed.many(name)}
    if chosen is not None:
        body["_ask"] = list(chosen)
        body = {name: value for name, value in body.items() if not name.startswith("other-")}
    SaveDraft(actor).run(here.key, body, here.case.version)


def _form(
    request: HttpRequest, actor: Actor, here: Place, typed: Typed | None, *, saved_at: Any = None,
    errors: Sequence[tuple[str, str]] = (), since: Sequence[Any] = (), status: int = 0,
) -> HttpResponse:  # fmt: skip
    case = here.case
    pathway = program_of(case).pathway
    address = reverse("requests:ask", args=[case.pk])
    question = pathway.events[here.exchange.asked].asks.get("question")
    came_with = {str(one.pk) for one in here.together if case.group is not None and one.group == case.group}
    about = [case, *(one for one in here.together if str(one.pk) in came_with)]
    context = {
        "case": case, "pathway": pathway, "address": address, "kinds": _kinds(actor, here, typed),
        "chosen": set(typed.many("_ask")) if typed else set(request.GET.getlist("agency")),
        "errors": errors, "since": since, "saved_at": saved_at, "together": here.together,
        "also": set(typed.many("_also")) if typed else came_with,
        "question": typed.one("question") if typed else "", "question_label": question.label if question else "",
        "about_whom": typed.one("about_whom") if typed else ", ".join(one.subject.name for one in about),
        "back": here.back, "asker": here.asker,
        "draft": {"key": here.key, "version": case.version, "address": address,
                  "title": f"Ask agencies: {case.subject.name}"},
    }  # fmt: skip
    return render(request, "sharing/ask.html", context, status=status or (422 if errors else 200))


def _mark(ruling: Ruling) -> str:
    """What stands beside an agency that may not simply be asked: who says so."""
    if ruling.verdict is Verdict.PERMIT:
        return ""
    words = "refused" if ruling.verdict is Verdict.DENY else "needs a supervisor’s word"
    return f"{words}: {clause_of(ruling) or 'no agreement covers it'}"


def _kinds(actor: Actor, here: Place, typed: Typed | None) -> list[Kind]:
    """Agencies that serve the child's district, by lane, those that know a child first; those that still wait left out."""
    case = here.case
    places: list[int] = []
    area = case.area or case.subject.area
    while area is not None:
        places.append(area.pk)
        area = area.within
    children = [case.subject_id, *(one.subject_id for one in here.together)]
    knows = set(Professional.objects.filter(person__in=children).values_list("organisation_id", flat=True))
    knows |= set(Involvement.objects.filter(case__subject__in=children).values_list("organisation_id", flat=True))
    asked = set(still_open(Request.objects.filter(case=case)).values_list("agency_id", flat=True))
    roles = current_library().roles.roles
    lanes = {kind: role.lane for kind, role in roles.items()}
    silent = [kind for kind, role in roles.items() if not role.holds_records]
    rows = OrganisationPolicy.visible_to(actor).filter(active=True).exclude(kind__in=silent)
    near: dict[str, list[Organisation]] = {}
    for one in rows.exclude(pk__in=asked | {here.asker.pk}):
        if one.pk in knows or one.area_id is None or one.area_id in places:
            near.setdefault(lanes.get(one.kind, "Others"), []).append(one)
    order = list(dict.fromkeys(lanes.values()))
    found: list[Kind] = []
    purpose, day = purpose_of(case), timezone.localdate()
    for lane in sorted(near, key=lambda lane: order.index(lane) if lane in order else len(order)):
        kind = Kind(lane, lane.lower().replace(" ", "-"))
        offered = sorted(near[lane], key=lambda one: (one.pk not in knows, one.title))
        many = {name for name, count in Counter(one.kind for one in offered).items() if count > MOST_BOXES}
        shown = [one for one in offered if one.pk in knows or one.kind not in many]
        for one in shown:
            ruling = ruling_for(one, here.asker, purpose, case, day).content
            kind.boxes.append(Box(one.slug, one.title, one.pk in knows, _mark(ruling), ruling.verdict.value))
        kind.others = [one.title for one in offered if one not in shown]
        kind.typed = typed.one(f"other-{kind.name}").strip() if typed else ""
        found.append(kind)
    return found
