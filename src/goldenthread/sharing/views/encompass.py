"""Operation Encompass: the lists of each side, one notice, finding and telling a school, and what the school did.

Thin: `queries.encompass` reads, `actions.encompass` write, the agreement decides. The police, schools and the agency that
keeps lists of pupils have the same address and see their own side.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.forms.event import Choices, EventForm, Typed
from goldenthread.casework.models import Case
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.views.common import case_of, kept, kinds_of, said_label
from goldenthread.casework.words import answers_in_words, due_of, due_state, due_words
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, done
from goldenthread.foundation.policy import policy
from goldenthread.people.queries import residences_of

from ..actions.encompass import (
    FindSchool,
    OpenNotice,
    SayAtNoSchool,
    SayWhatWasDone,
    TellSchool,
    may_know,
    may_search,
    override_for,
    own_school,
    sought,
    together,
)
from ..encompass import (
    Notice,
    changed_school,
    notice_pathway,
    notices_of,
    school_day_after,
    school_notices,
    schools_on,
    telling_day,
    titles_of,
)
from ..queries.encompass import LISTS, PAGE, Side, duties_met_by, lines, notice_cases, queues, side_of

AT_NONE = "It is recorded. No school has to be told."
FOUND = "The school is found, and is told as the agreement allows."


def side_for(actor: Actor) -> Side:
    """The side of a notice the actor's agency is on. Raises NotAllowed."""
    side = side_of(kinds_of(actor))
    if side is None:
        raise NotAllowed("This page is for the police, for schools and for whoever keeps the lists of pupils.")
    return side


@policy(Capability.VIEW_CASES)
def notices(request: HttpRequest) -> HttpResponse:
    """The lists of one's own side; the first that holds anything is shown."""
    actor, now = actor_of(request), timezone.now()
    side = side_for(actor)
    found = queues(actor, side, now)
    names = [name for name, _, _ in LISTS[side]]
    chosen = request.GET.get("list", "")
    if chosen not in names:
        chosen = next((one.name for one in found if one.count), names[0])
    page = min(max(1, int(request.GET["page"][:6])), 100_000) if request.GET.get("page", "").isdecimal() else 1
    rows = lines(actor, side, chosen, (page - 1) * PAGE, now)
    if side == "finder":
        rows = [line for line in rows if may_search(actor, line.notice.case)]
    shown = [str(line.notice.case.pk) for line in rows]
    journal.read(actor, "encompass.list", "list", chosen, cases=shown)
    queue = next(one for one in found if one.name == chosen)
    context = {
        "side": side, "queues": found, "queue": queue, "now": now, "page": page, "pathway": notice_pathway(),
        "more": queue.count.number > page * PAGE,
        "lines": [{"line": line, "when": _when(line.due, now), "late": _late(line.due, now)} for line in rows],
    }  # fmt: skip
    return render(request, "sharing/encompass.html", context)


def _when(duty: Any, now: Any) -> str:
    return due_words(due_of(duty), now) if duty is not None and duty.outcome == "open" else ""


def _late(duty: Any, now: Any) -> bool:
    return duty is not None and duty.outcome == "open" and due_state(duty, now) == "overdue"


# One notice -------------------------------------------------------------------------------------------------------


@policy(Capability.VIEW_CASES)
def notice(request: HttpRequest, case: UUID) -> HttpResponse:
    """One child's notice: what happened, which school was told, when it opened it, what it did. For a school that has not
    opened it, only that it is there."""
    actor, now = actor_of(request), timezone.now()
    here, found = _found(actor, case)
    mine = own_school(actor, here)
    at = found.at([mine]) if mine else None
    if at is not None and at.opened is None:
        journal.read(actor, "encompass.cover", "case", str(here.pk))
        return render(request, "sharing/encompass_cover.html", _facts(here, found) | {"at": at, "now": now,
                      "children": together(actor, here)})  # fmt: skip
    journal.read(actor, "encompass.view", "case", str(here.pk), version=here.version)
    return render(request, "sharing/encompass_notice.html", _facts(here, found) | _story(request, actor, here, found, now)
                  | {"mine": mine, "at": at})  # fmt: skip


def _found(actor: Actor, identity: UUID) -> tuple[Case, Notice]:
    """A notice one may see. Raises Http404 alike for one that is hidden, of another kind, or not there."""
    here = case_of(actor, identity)
    found = notices_of([here]) if here.pathway == school_notices().pathway else []
    if not found:
        raise Http404
    return here, found[0]


def _facts(case: Case, found: Notice) -> dict[str, Any]:
    incident = found.incident
    return {
        "case": case, "notice": found, "pathway": program_of(case).pathway, "titles": titles_of([found]),
        "when": incident.moment or incident.day,
        "school_day": school_day_after(incident.moment or incident.day, case.arrangement),
    }  # fmt: skip


def _story(request: HttpRequest, actor: Actor, case: Case, found: Notice, now: Any) -> dict[str, Any]:
    """What the page of a notice tells beside its facts."""
    names, pathway = school_notices().events, program_of(case).pathway
    asks = pathway.events[names.done]
    told = pathway.events[names.told]
    agencies = titles_of([found])
    answers = answers_in_words(pathway.events[pathway.opening], found.incident.data, agencies)
    schools = [
        {"at": one, "title": agencies.get(one.school, one.school),
         "how": next((each.words for each in answers_in_words(told, one.told.data, agencies) if each.name == "how"), ""),
         "did": [[each for each in answers_in_words(asks, act.data, agencies) if each.name != school_notices().school]
                 for act in one.done],
         "when": [act.moment or act.day for act in one.done]}
        for one in found.schools
    ]  # fmt: skip
    clock = case.duties.filter(duty__in=duties_met_by(names.told)).order_by("due_at").first()
    police = case.lead_id in actor.organisation_ids
    changed = changed_school(found, now) if police else []
    blocked = _blocked(case, found) if police and not found.schools and not found.elsewhere else []
    agreement = current_library().agreements.get(_agreement(case, found))
    others = notice_cases(found, actor)
    group = notices_of([case, *others]) if "recorded" in request.GET else []
    return {
        "answers": answers, "said_label": said_label(case.subject), "schools": schools, "clock": clock,
        "clock_when": _when(clock, now), "clock_late": _late(clock, now),
        "elsewhere": answers_in_words(pathway.events[names.elsewhere], found.elsewhere.data, agencies) if found.elsewhere else [],
        "others": others, "police": police, "changed": changed, "blocked": blocked,
        "recorded": "recorded" in request.GET, "opened": "opened" in request.GET,
        "together": group, "group_titles": titles_of(group),
        "duties": [clause.says for clause in agreement.clauses.values() if clause.rule == "duty"] if agreement else [],
        "agreement": agreement, "states": {name: state.title for name, state in pathway.states.items()},
        "unknown": pathway.events[names.unknown].to, "may_find": police and case.state == pathway.events[names.unknown].to,
    }  # fmt: skip


def _agreement(case: Case, found: Notice) -> str:
    """The agreement under which the first school was told, or would be."""
    school = Organisation.objects.filter(slug__in=[one.school for one in found.schools]).first()
    school = school or next((row.organisation for row in schools_on(case.subject, telling_day(case, found.incident))), None)
    return may_know(case, school).content.agreement if school is not None else ""


def _blocked(case: Case, found: Notice) -> list[dict[str, Any]]:
    """The schools a child is at that have not been told, and what the agreement says of each."""
    rows = schools_on(case.subject, telling_day(case, found.incident))
    return [
        {"school": row.organisation, "decision": may_know(case, row.organisation), "key_adult": row,
         "override": override_for(case, row.organisation)}
        for row in rows
    ]  # fmt: skip


@policy(Capability.RECORD_EVENTS)
@require_POST
def open_notice(request: HttpRequest, case: UUID) -> HttpResponse:
    """Open what the school was told: the receipt."""
    here, _ = _found(actor_of(request), case)
    OpenNotice(actor_of(request)).run(here)
    return HttpResponseRedirect(f"{reverse('encompass:notice', args=[here.pk])}?opened=1")


# Finding and telling ----------------------------------------------------------------------------------------------


def _schools() -> Choices:
    """Every school in the service, to choose one by name."""
    rows = Organisation.objects.filter(kind__in=school_notices().kinds, active=True).order_by("title")
    return Choices(part=(), others=list(rows.values_list("slug", "title")))


@policy(Capability.RECORD_EVENTS)
def find(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say which school a child goes to, or that there is none. Shows who the child is, and not what happened."""
    actor = actor_of(request)
    found = Case.objects.filter(pk=case, pathway=school_notices().pathway).first()
    if found is None:
        raise Http404
    try:
        here = sought(actor, found)
    except NotAllowed:
        raise Http404 from None
    names, pathway = school_notices().events, program_of(here).pathway
    typed = Typed.sent(request.POST) if request.method == "POST" else None
    at_none = bool(typed and typed.one("_at") == "none")
    form = EventForm(pathway, names.found, typed=None if at_none else typed, choices=_schools())
    none = EventForm(pathway, names.elsewhere, typed=typed if at_none else None)
    for one in (form, none):
        one.questions = [asked for asked in one.questions if asked.name != "found_by"]
    if typed is not None:
        chosen = none if at_none else form
        chosen.check()
        _, given = chosen.read()
        chosen.when.errors.clear()  # it is now
        if not chosen.errors:
            try:
                if at_none:
                    SayAtNoSchool(actor).run(here, {name: value for name, value in given.items() if value})
                else:
                    FindSchool(actor).run(here, _school_named(str(given[school_notices().school])), str(given.get("how") or ""))
            except Invalid as error:
                chosen.refuse(error.errors)
            else:
                return done(request, AT_NONE if at_none else FOUND, "encompass:list")
    journal.read(actor, "encompass.find", "case", str(here.pk))
    context = {
        "case": here, "form": form, "none": none, "at_none": at_none, "errors": (none if at_none else form).errors,
        "homes": residences_of(here.subject)[:2], "address": reverse("encompass:find", args=[here.pk]),
        "police": here.lead_id in actor.organisation_ids,
    }  # fmt: skip
    return render(request, "sharing/encompass_find.html", context, status=422 if context["errors"] else 200)


def _school_named(text: str) -> Organisation:
    rows = Organisation.objects.filter(kind__in=school_notices().kinds, active=True)
    found = rows.filter(slug=text).first() or rows.filter(title__iexact=text).first()
    if found is None:
        raise Invalid({school_notices().school: "Choose a school or college from the list"})
    return found


@policy(Capability.RECORD_EVENTS)
def tell(request: HttpRequest, case: UUID) -> HttpResponse:
    """Tell a school: one that was not told of itself, another that the child goes to now, or one outside the service."""
    actor, now = actor_of(request), timezone.now()
    here, found = _found(actor, case)
    if here.lead_id not in actor.organisation_ids:
        raise NotAllowed("Schools are told by the police.")
    names, pathway = school_notices().events, program_of(here).pathway
    typed = Typed.sent(request.POST) if request.method == "POST" else None
    form = EventForm(pathway, names.told, typed=typed, choices=_schools())
    form.questions = [asked for asked in form.questions if asked.name not in school_notices().here or asked.name == "how"]
    restricted = here.restricted or here.subject.restricted
    rows = schools_on(here.subject, telling_day(here, found.incident))
    likely = [row.organisation for row in rows if found.at([row.organisation.slug]) is None]
    if typed is None:
        for asked in form.questions:
            if asked.name == school_notices().school and likely:
                asked.text, asked.chosen = likely[0].title, [likely[0].slug]
            elif asked.name == "how":
                asked.chosen = [school_notices().here["how"]]
    else:
        told = _tell(actor, here, form, typed)
        if told:
            return done(request, "The school has been told.", "encompass:notice", here.pk)
    journal.read(actor, "encompass.tell", "case", str(here.pk))
    decisions = [{"school": one, "decision": may_know(here, one), "override": override_for(here, one)} for one in likely]
    context = _facts(here, found) | {
        "form": form, "errors": form.errors, "decisions": decisions, "restricted": restricted,
        "people": _staff(likely) if restricted else [], "chosen": typed.many("people") if typed else [], "now": now,
        "may_supervise": actor.may(Capability.SUPERVISE), "address": reverse("encompass:tell", args=[here.pk]),
    }  # fmt: skip
    return render(request, "sharing/encompass_tell.html", context, status=422 if form.errors else 200)


def _tell(actor: Actor, case: Case, form: EventForm, typed: Typed) -> bool:
    """Tell the school that was chosen; False with what is wrong marked on the form."""
    notices = school_notices()
    _, given = form.read()
    form.when.errors.clear()
    school, elsewhere, how = str(given.get(notices.school) or ""), str(given.get("elsewhere") or ""), given.get("how")
    if bool(school) == bool(elsewhere):
        form.mark(notices.school, "Choose a school, or name one that is not in the list")
    if not how:
        form.mark("how", "Select how the school was told")
    elif elsewhere and how in (notices.here["how"], notices.ring["how"]):
        form.mark("how", "A school that is not in this service is told by telephone, secure email or in person")
    if form.errors:
        return False
    try:
        if school and how in (notices.here["how"], notices.ring["how"]):
            people = list(User.objects.filter(pk__in=[one for one in typed.many("people") if one.isdecimal()], is_active=True))
            TellSchool(actor).run(case, _school_named(school), people=people, word=str(given.get("word") or ""))
        else:
            told = {**notices.here, "how": how}
            named = {notices.school: _school_named(school).slug} if school else {"elsewhere": elsewhere}
            RecordEvent(actor).run(case, notices.events.told, timezone.now(), {**named, **told})
    except (Invalid, NotAllowed) as error:
        form.refuse(error.errors if isinstance(error, Invalid) else {"": [error.message]})
        return False
    return True


def _staff(schools: list[Organisation]) -> list[User]:
    """People of the schools who may be named for a restricted child."""
    rows = Membership.in_force().filter(organisation__in=schools, user__is_active=True).select_related("user")
    return list({row.user_id: row.user for row in rows}.values())


# What the school did ----------------------------------------------------------------------------------------------


@policy(Capability.RECORD_EVENTS)
def acted(request: HttpRequest, case: UUID) -> HttpResponse:
    """What the school did for the child, and for brothers and sisters at the same school."""
    actor = actor_of(request)
    here, found = _found(actor, case)
    slug = own_school(actor, here)
    if slug is None:
        raise NotAllowed("Only the school that was told can say what it did.")
    at = found.at([slug])
    if at is not None and at.opened is None:
        return HttpResponseRedirect(reverse("encompass:notice", args=[here.pk]))
    names, pathway = school_notices().events, program_of(here).pathway
    key, address = f"encompass/{here.pk}/acted", reverse("encompass:acted", args=[here.pk])
    typed = Typed.sent(request.POST) if request.method == "POST" else None
    if typed is not None and typed.one("_step") == "discard":
        DiscardDraft(actor).run(key)
        return HttpResponseRedirect(address)
    saved = kept(actor, key) if typed is None else None
    typed = typed or (saved[0] if saved else None)
    form = EventForm(pathway, names.done, typed=typed, occurred=timezone.localdate())
    form.questions = [asked for asked in form.questions if asked.name != school_notices().school]
    others = [one for one in together(actor, here) if one.pk != here.pk]
    stale = False
    if request.method == "POST" and typed is not None:
        occurred, given = form.read()
        if form.check() and occurred is not None:
            voices = {one.pk: {asked.name: typed.one(f"{asked.name}--{one.pk}") for asked in form.voice} for one in others}
            # Whoever's words were written down is meant too, ticked or not.
            also = [one for one in others if str(one.pk) in typed.many("_also") or any(voices[one.pk].values())]
            version = int(typed.one("_version")) if typed.one("_version").isdecimal() else None
            try:
                answers = {name: value for name, value in given.items() if value not in (None, "", [])}
                SayWhatWasDone(actor).run(here, occurred, answers, also=also, version=version, each=voices)
            except Invalid as error:
                form.refuse(error.errors)
            except Stale:
                stale = True
                here = CasePolicy.get(actor, pk=here.pk)
                form.mark("", "Somebody else added to this while you were writing. Read it, then send yours if it still holds.")
            else:
                DiscardDraft(actor).run(key)
                return done(request, "Recorded. The police can see what the school did.", "encompass:list")
    if request.method != "POST":
        journal.read(actor, "encompass.acted", "case", str(here.pk))
    title = f"What the school did: {here.subject.name}"
    context = _facts(here, found) | {
        "form": form, "errors": form.errors, "others": others, "also": typed.many("_also") if typed else [], "stale": stale,
        "typed": typed, "saved_at": saved[2] if saved else None, "address": address, "version": here.version,
        "draft": {"key": key, "version": here.version, "address": address, "title": title},
    }  # fmt: skip
    return render(request, "sharing/encompass_acted.html", context, status=422 if form.errors else 200)
