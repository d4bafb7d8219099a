"""What several pages of a case share: the case one may see, its pathway, the agencies and people its questions offer.

Depends on policies, queries of the floors below and the forms; each page's own view decides the rest.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from goldenthread.agencies.kinds import kinds_of
from goldenthread.agencies.policies import OrganisationPolicy, UserPolicy
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.queries import draft_for
from goldenthread.guidance.pathway import FieldType, Pathway
from goldenthread.people.models import Person, Professional, Relationship
from goldenthread.people.policies import PersonPolicy

from ..forms.event import Choices, EventForm, Typed
from ..models import Case, Involvement
from ..openings import word_for
from ..policies import CasePolicy
from ..subject import is_stand_in

COLLEAGUES = 300
"""Names offered for a question about a person."""
SHOWN_FACTS = ("subject", "about", "lead", "team", "worker", "area")


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def case_of(actor: Actor, identity: Any) -> Case:
    """A case with what its header shows. Raises Http404 alike for one that is hidden and one that does not exist."""
    row = CasePolicy.visible_to(actor).select_related(*SHOWN_FACTS).filter(pk=identity).first()
    if row is None:
        raise Http404
    return row


def choices_for(actor: Actor, pathway: Pathway, kind: str, person: Person, case: Case | None = None) -> Choices:
    """What the questions of one event offer; nothing is read that none of them asks for."""
    types = {question.type for question in pathway.events[kind].asks.values()}
    people: list[str] = []
    if FieldType.PERSON in types:
        people = names_known(actor, person, case)
    part: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    if FieldType.ORGANISATION in types:
        part, others = agencies_for(actor, case)
    return Choices(people, part, others)


def agencies_for(actor: Actor, case: Case | None) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Agencies that are part of a case, and all others: (slug, title)."""
    inside = set() if case is None else set(Involvement.objects.filter(case=case).values_list("organisation_id", flat=True))
    part: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for pk, slug, title in OrganisationPolicy.visible_to(actor).filter(active=True).values_list("pk", "slug", "title"):
        (part if pk in inside else others).append((slug, title))
    return part, others


def names_known(actor: Actor, person: Person, case: Case | None) -> list[str]:
    """Names offered as they are typed: who works with the person, who matters to them, one's colleagues."""
    today = timezone.localdate()
    found = [case.worker.get_full_name()] if case is not None and case.worker is not None else []
    if not is_stand_in(person):
        working = Professional.objects.filter(person=person).exclude(ends__lt=today)
        found += [one.name for one in working]
        family = PersonPolicy.visible_to(actor).filter(pk__in=Relationship.objects.filter(person=person).values("other"))
        found += list(family.values_list("name", flat=True)[:50])
    found += [str(user) for user in UserPolicy.visible_to(actor)[:COLLEAGUES]]
    return list(dict.fromkeys(name for name in found if name))


def draft_context(key: str, version: int | None, address: str, title: str) -> dict[str, Any]:
    """What a form carries so that it is kept as it is typed."""
    return {"draft": {"key": key, "version": version, "address": address, "title": title}}


def kept(actor: Actor, key: str) -> tuple[Typed, int | None, Any] | None:
    """What was typed into a form and not sent: the answers, the version it was opened on, when it was saved."""
    draft = draft_for(actor, key)
    return (Typed.kept(draft.body), draft.version, draft.saved_at) if draft is not None else None


def first_name(person: Person) -> str:
    """What the page calls someone: "Amira", or "the child" where there is no name; an organisation by its whole name."""
    if is_stand_in(person):
        return person.name
    return person.given_name or person.name.split(" ")[0] or f"the {word_for(person, timezone.localdate())}"


def said_label(person: Person) -> str:
    return f"In {first_name(person)}’s words" if not is_stand_in(person) else "In the words of those who were heard"


def number(text: str) -> int | None:
    """A whole number that came from a page, or None; one too long to be a page or a version is none."""
    return int(text) if text.isdecimal() and len(text) <= 9 else None


__all__ = ["EventForm", "actor_of", "agencies_for", "case_of", "choices_for", "draft_context", "kept", "kinds_of", "number"]
