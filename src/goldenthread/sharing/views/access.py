"""Why did X see Y: each look at a child's record with its page, its purpose and the right that allowed it then.

Also one's own cases' readers, and the queue of looks that need explaining. Thin: `queries.access` and `queries.rights` work
it out; asking who looked is itself a look, and is journalled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.casework.models import Case
from goldenthread.casework.openings import word_for
from goldenthread.casework.policies import CasePolicy
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.foundation.pages import actor_of, done, try_action
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import search

from ..access_forms import AnswerForm, SettleForm, WhyForm
from ..actions.access import AnswerQuestion, SettleQuestion
from ..models import AccessQuestion
from ..policies import AccessQuestionPolicy, EmergencyAccessPolicy
from ..queries.access import (
    MINE_DAYS,
    NOT_FOUND,
    Look,
    day_bounds,
    lasting,
    look_of,
    looks_at,
    looks_at_own_cases,
    looks_of_user,
    may_ask_about,
    subjects_of,
)
from ..queries.rights import RightsThen, titles_of

PAGE = 40
FOUND = 8
NOT_FOUND_TITLE = "Asked for emergency access to somebody who was not found"
NOT_FOUND_ASKS = (
    "You asked for emergency access, and nobody had that number, or that name and date of birth. Whom did you look for, and why?"
)


@policy(Capability.VIEW_CASES)
def home(request: HttpRequest) -> HttpResponse:
    """Where one goes to see who looked, to answer, and to review."""
    actor = actor_of(request)
    open_questions = AccessQuestionPolicy.visible_to(actor).filter(outcome="")
    used = EmergencyAccessPolicy.visible_to(actor)
    context = {
        "mine": open_questions.filter(user=actor.user_id, answered_at=None).count(),
        "theirs": open_questions.exclude(user=actor.user_id).count(),
        "to_review": used.exclude(user=actor.user_id).filter(reviewed_at=None).count(),
        "lasting": lasting(actor), "supervises": actor.may(Capability.SUPERVISE),
        "form": WhyForm(initial={"day": timezone.localdate()}),
    }  # fmt: skip
    return render(request, "sharing/access_home.html", context)


@policy(Capability.VIEW_CASES)
def why(request: HttpRequest) -> HttpResponse:
    """Who looked at one child's record on one day, and by what right."""
    actor = actor_of(request)
    form = WhyForm(request.GET if "record" in request.GET else None, initial={"day": timezone.localdate()})
    context: dict[str, Any] = {"form": form, "supervises": actor.may(Capability.SUPERVISE)}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        person, case, hits = _record(actor, given["record"])
        if person is not None and not may_ask_about(actor, person):
            raise NotAllowed("Only those who supervise, and those who work with somebody by name, see who has looked.")
        if person is not None:
            since, until = day_bounds(given["day"])
            rows = looks_at(person, since=since, until=until, who=given["who"], only=case, reader=actor)
            page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
            context |= {"person": person, "case": case, "page": page, "rows": explained(actor, person, page), "day": given["day"]}
            journal.read(actor, "access.why", "person", str(person.pk), day=given["day"].isoformat())
        elif case is not None:
            form.add_error("record", f"{case.reference} is about an organisation. Its own page tells who has looked")
        elif hits:
            journal.search(actor, "access", [one.pk for one in hits], terms=["name"])
            rest = {"day": form.data.get("day", ""), "who": given["who"]}
            context["choices"] = [(one, f"?{urlencode({'record': one.pk, **rest})}") for one in hits]
        else:
            form.add_error("record", "There is no such child or case, or you may not see it")
    return render(request, "sharing/access_why.html", context, status=422 if form.is_bound and form.errors else 200)


@policy(Capability.VIEW_CASES)
def child(request: HttpRequest, person: UUID) -> HttpResponse:
    """Everybody who looked at one child's record, the latest first."""
    actor = actor_of(request)
    row = PersonPolicy.get(actor, pk=person)
    if not may_ask_about(actor, row):
        raise NotAllowed("Only those who supervise, and those who work with somebody by name, see who has looked.")
    who = " ".join(request.GET.get("who", "").split())[:100]
    page = Paginator(looks_at(row, who=who, reader=actor), PAGE).get_page(request.GET.get("page"))
    context = {"person": row, "page": page, "rows": explained(actor, row, page), "who": who}
    journal.read(actor, "access.why", "person", str(row.pk))
    return render(request, "sharing/access_child.html", context)


@policy(Capability.VIEW_CASES)
def mine(request: HttpRequest) -> HttpResponse:
    """Who else looked at one's own cases lately."""
    actor = actor_of(request)
    looks, cases = looks_at_own_cases(actor)
    page = Paginator(looks, PAGE).get_page(request.GET.get("page"))
    shown = {row.pk: cases[row.subject_id] for row in page}
    people = {case.subject.pk: case.subject for case in shown.values()}
    by_person: dict[UUID, list[JournalEntry]] = {}
    for row in page:
        by_person.setdefault(shown[row.pk].subject.pk, []).append(row)
    told = {one["entry"]: one for pk, rows in by_person.items() for one in explained(actor, people[pk], rows)}
    journal.read(actor, "access.mine", "worklist", "access", rows=len(page))
    context = {
        "page": page, "rows": [{**told[row.pk], "person": shown[row.pk].subject} for row in page if row.pk in told],
        "days": MINE_DAYS, "cases": len({case.pk for case in cases.values()}),
    }  # fmt: skip
    return render(request, "sharing/access_mine.html", context)


def explained(reader: Actor, person: Person, rows: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    """Each look as a page shows it: who, for whom, at what, what for, and by what right. A look that only a case allowed
    which the reader may not know of is left out: who looked, and why, would tell of the case."""
    entries = list(rows)
    users = [row.user_id for row in entries if row.user_id is not None]
    _, cases = subjects_of(person, reader)
    _, every = subjects_of(person)
    rights = RightsThen(person, cases, users)
    in_truth = RightsThen(person, every, users) if every.keys() - cases.keys() else rights
    agencies = titles_of(row.organisation_id for row in entries)
    found, called = [], word_for(person, timezone.localdate())
    for row in entries:
        look = look_of(row, person.pk, called)
        held = rights.of(look)
        if not held and in_truth.of(look):
            continue
        found.append({
            "entry": row.pk, "look": look, "agency": agencies.get(look.organisation_id or 0, ""), "rights": held,
            "purpose": rights.purpose(look, held), "case": cases.get(str(look.case_id)) if look.case_id else None,
            "searched": look.verb == "people.found",
        })  # fmt: skip
    return found


def _record(actor: Actor, text: str) -> tuple[Person | None, Case | None, Sequence[Person]]:
    """The child or case that was meant, or those who may be; only what the one who asks may see."""
    words = " ".join(text.split())
    try:
        return PersonPolicy.visible_to(actor).filter(pk=UUID(words)).first(), None, ()
    except ValueError:
        pass
    case = CasePolicy.visible_to(actor).filter(reference__iexact=words).select_related("subject").first()
    if case is not None:
        return case.subject if case.subject_id else None, case, ()
    hits = search(actor, words, FOUND).hits
    if len(hits) == 1:
        return hits[0].person, None, ()
    return None, None, [hit.person for hit in hits]


# Questions ----------------------------------------------------------------------------------------------------------


@policy(Capability.VIEW_CASES)
def questions(request: HttpRequest) -> HttpResponse:
    """Questions put to oneself, and for those who supervise, to their people."""
    actor = actor_of(request)
    show = request.GET.get("show", "")
    rows = AccessQuestionPolicy.visible_to(actor).select_related("user", "organisation", "person", "settled_by")
    rows = rows.exclude(outcome="") if show == "settled" else rows.filter(outcome="")
    page = Paginator(rows.order_by("answer_due_at", "asked_at"), PAGE).get_page(request.GET.get("page"))
    known = _known(actor, [one.person_id for one in page if one.person_id])
    now = timezone.now()
    context = {"page": page, "rows": [_told(one, actor, known, now) for one in page], "show": show}
    journal.read(actor, "access.questions", "worklist", "questions", show=show, rows=len(page))
    return render(request, "sharing/access_questions.html", context)


@require_http_methods(["GET", "POST"])
@policy(Capability.VIEW_CASES)
def question(request: HttpRequest, question: UUID) -> HttpResponse:
    """One question: what was looked at, the answer, and what the supervisor makes of it."""
    actor = actor_of(request)
    row = AccessQuestionPolicy.get(actor, pk=question)
    own = row.user_id == actor.user_id
    form = _form(request, row, own, actor)
    if request.method == "POST" and form is not None and form.is_valid():
        given, version = form.cleaned_data, form.cleaned_data["version"]
        act = (
            (lambda: AnswerQuestion(actor).run(row, given["answer"], version))
            if own
            else (lambda: SettleQuestion(actor).run(row, given["outcome"], given["finding"], version))
        )
        if try_action(form, "this question", act) is not None:
            words = "Your answer has been sent to those who supervise." if own else "The question is settled."
            return done(request, words, "access:questions")
    elif request.method == "POST" and form is None:
        return HttpResponseRedirect(reverse("access:question", args=[row.pk]))
    if row.person_id:
        journal.read(actor, "access.question", "person", str(row.person_id), question=str(row.pk))
    else:
        journal.read(actor, "access.question", "question", str(row.pk))
    looks = _looks_of(row)
    known = _known(actor, [*{one.person_id for one in looks}, *([row.person_id] if row.person_id else [])])
    rule = current_library().access.rules.get(row.rule)
    context = {
        **_told(row, actor, known, timezone.now()), "form": form, "own": own, "rule": rule,
        "asks": rule.asks if rule else NOT_FOUND_ASKS, "looks": looks,
        "names": None if row.person_id else {pk: one.name for pk, one in known.items()},
    }  # fmt: skip
    return render(request, "sharing/access_question.html", context, status=422 if form is not None and form.errors else 200)


def _form(request: HttpRequest, row: AccessQuestion, own: bool, actor: Actor) -> Any:
    """What may be said now: an answer by the one who was asked, a finding by a supervisor; nothing once settled."""
    if row.outcome or (own and row.answered_at):
        return None
    if own:
        return AnswerForm(request.POST or None, initial={"version": row.version})
    return SettleForm(request.POST or None, initial={"version": row.version}) if actor.may(Capability.SUPERVISE) else None


def _looks_of(row: AccessQuestion) -> list[Look]:
    """The looks of the day that were asked about."""
    looks = looks_of_user(row.user_id, row.day) if row.rule != NOT_FOUND else []
    return [one for one in looks if row.person_id is None or one.person_id == row.person_id]


def _known(actor: Actor, people: list[UUID]) -> dict[UUID, Person]:
    """Those among them whom the reader may know of."""
    return {one.pk: one for one in PersonPolicy.visible_to(actor).filter(pk__in=people)} if people else {}


def _told(row: AccessQuestion, actor: Actor, known: dict[UUID, Person], now: Any) -> dict[str, Any]:
    """A question as a list shows it."""
    rule = current_library().access.rules.get(row.rule)
    title = NOT_FOUND_TITLE if row.rule == NOT_FOUND else rule.title if rule else row.rule.replace("_", " ").capitalize()
    if row.outcome:
        state, colour = row.get_outcome_display(), "green" if row.outcome == "explained" else "red"
    elif row.answered_at:
        state, colour = "Answered", "blue"
    else:
        late = row.answer_due_at < now
        state, colour = ("Not answered in time", "red") if late else ("Waiting for an answer", "yellow")
    return {
        "question": row, "title": title, "state": state, "colour": colour, "mine": row.user_id == actor.user_id,
        "person": known.get(row.person_id) if row.person_id else None,
        "hidden": row.person_id is not None and row.person_id not in known, "nobody": row.rule == NOT_FOUND,
    }  # fmt: skip
