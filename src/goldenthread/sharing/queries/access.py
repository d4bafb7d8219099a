"""Looks at records, as the journal keeps them: at one child, at one's own cases; and finding somebody in an emergency.

A look at a child is any reader's entry about them or one of their cases: pages, forms, documents, chronologies, and being
shown in a search. Boards and worklists are journalled as one look with the ids of their cases, and are not listed here.
Depends on the journal, `people`, `casework`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.dates import KnownDate
from goldenthread.people.identifiers import normalised
from goldenthread.people.models import EmergencyAccess, Identifier, Person, PersonName
from goldenthread.people.policies import current_access, has_access
from goldenthread.people.search import folded

#: Marks the question put to somebody who asked in an emergency for a person who is not there.
NOT_FOUND = "emergency_not_found"
MINE_DAYS = 30
MOST_LOOKS = 200
CLOSED_LATELY = timedelta(days=365)

PAGES: Mapping[str, str] = {
    "case.view": "Read the case",
    "case.view_as_known": "Read the case as it was known earlier",
    "case.form": "Opened a form of the case",
    "case.proof": "Read how a due date was worked out",
    "case.looked": "Read who has looked at the case",
    "case.requests": "Read what agencies were asked in the case",
    "request.listed": "Was shown a request in the case",
    "contact.view": "Read the contact",
    "child.view": "Read the child’s page",
    "chronology.view": "Read the chronology",
    "chronology.export": "Took the chronology out of the service",
    "document.read": "Read a document",
    "person.details": "Read who the child is",
    "person.form": "Opened a form about the child",
    "people.found": "Was shown the child in a search",
    "people.read": "Read the child by the API",
    "casework.read_case": "Read the case by the API",
    "access.why": "Read who looked at the child, and why",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, for which agency, when, at which page, of which record."""

    at: datetime
    user_id: int | None
    who: str
    organisation_id: int | None
    verb: str
    person_id: UUID
    case_id: UUID | None
    detail: Mapping[str, object]
    called: str = "child"
    """What pages call the person."""

    @property
    def page(self) -> str:
        words = self.verb.replace("_", " ").replace(".", ": ")
        return PAGES.get(self.verb, words[:1].upper() + words[1:]).replace("the child", f"the {self.called}")

    @property
    def about(self) -> str:
        """What else the journal says of it, in words."""
        if known := self.detail.get("known_on"):
            return f"as known on {known}"
        if self.verb == "people.found" and self.detail.get("where") == "api":
            return "by the API"
        return ""


# Looks ------------------------------------------------------------------------------------------------------------


def subjects_of(person: Person, reader: Actor | None = None) -> tuple[set[str], dict[str, Case]]:
    """The ids under which a child's record is journalled: their own, those merged into it, and their cases; with
    `reader`, those cases that they may know of."""
    merged = Person.objects.filter(merged_into=person).values_list("pk", flat=True)
    ids = {person.pk, *merged}
    rows = Case.objects.all() if reader is None else CasePolicy.visible_to(reader)
    cases = {str(case.pk): case for case in rows.filter(subject__in=ids).select_related("lead", "team", "worker")}
    return {str(one) for one in ids}, cases


def looks_at(
    person: Person, *, since: datetime | None = None, until: datetime | None = None, who: str = "", only: Case | None = None,
    reader: Actor | None = None,
) -> QuerySet[JournalEntry]:  # fmt: skip
    """Readers' entries about a child, the latest first; with `only`, of one case and of the child's own pages; with
    `reader`, none of a case that they may not know of."""
    people, cases = subjects_of(person, reader)
    wanted = {str(only.pk)} if only is not None else set(cases)
    rows = JournalEntry.objects.filter(
        Q(subject_type="case", subject_id__in=wanted) | Q(subject_type="person", subject_id__in=people)
    )
    return _narrowed(rows, since, until, who).order_by("-at", "-sequence")


def _narrowed(
    rows: QuerySet[JournalEntry], since: datetime | None, until: datetime | None, who: str
) -> QuerySet[JournalEntry]:
    rows = rows.filter(chain__startswith="reader/")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    for word in who.split():
        rows = rows.filter(actor_name__icontains=word)
    return rows


def looks_of_user(user: int, day: date) -> list[Look]:
    """Everything somebody opened in a day, of whichever child."""
    since, until = day_bounds(day)
    rows = JournalEntry.objects.filter(user_id=user, subject_type__in=("case", "person")).exclude(verb="people.found")
    found = list(_narrowed(rows, since, until, "").order_by("-at", "-sequence")[:MOST_LOOKS])
    cases = [UUID(row.subject_id) for row in found if row.subject_type == "case"]
    subjects = dict(Case.objects.filter(pk__in=cases).values_list("pk", "subject_id"))
    told = []
    for row in found:
        person = subjects.get(UUID(row.subject_id)) if row.subject_type == "case" else UUID(row.subject_id)
        if person is not None:
            told.append(look_of(row, person))
    return told


def look_of(row: JournalEntry, person: UUID, called: str = "child") -> Look:
    return Look(
        row.at, row.user_id, row.actor_name, row.organisation_id, row.verb, person,
        UUID(row.subject_id) if row.subject_type == "case" else None, row.detail,
        called,
    )  # fmt: skip


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in London, and of the next."""
    return (
        datetime.combine(day, time(), LONDON),
        datetime.combine(day + timedelta(days=1), time(), LONDON),
    )


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Cases one works on or is named on: open ones, and those closed within a year."""
    named = Involvement.objects.filter(case=OuterRef("pk"), user=actor.user_id)
    rows = CasePolicy.visible_to(actor).filter(Q(worker=actor.user_id) | Exists(named))
    return rows.filter(Q(is_open=True) | Q(closed_at__gte=timezone.now() - CLOSED_LATELY))


def looks_at_own_cases(actor: Actor) -> tuple[QuerySet[JournalEntry], dict[str, Case]]:
    """Others' looks at the children of one's own cases, the latest first; and each record's case."""
    cases = {str(case.pk): case for case in own_cases(actor).filter(subject__isnull=False).select_related("subject")}
    people = {str(case.subject_id): case for case in cases.values()}
    rows = JournalEntry.objects.filter(
        Q(subject_type="case", subject_id__in=cases) | Q(subject_type="person", subject_id__in=people)
    )
    since = timezone.now() - timedelta(days=MINE_DAYS)
    rows = _narrowed(rows, since, None, "").exclude(user_id=actor.user_id)
    return rows.order_by("-at", "-sequence"), {**cases, **people}


def may_ask_about(actor: Actor, person: Person) -> bool:
    """Whether someone may read who looked at a child: those who supervise, and whoever works with the child by name."""
    return actor.may(Capability.SUPERVISE) or own_cases(actor).filter(subject=person).exists()


# Emergency access -------------------------------------------------------------------------------------------------


def exact_matches(number: str, name: str, born: KnownDate | None) -> list[Person]:
    """Everybody who has exactly this number, or exactly this name and day of birth, whether or not anyone may see them.

    Goes past every policy: called by `AskEmergencyAccess` alone, after a reason was given and within a few tries. A
    merged record is the one it was merged into.
    """
    found: dict[UUID, Person] = {}
    if number:
        values = {normalised("nhs", number), normalised("source", number)}
        rows = Identifier.objects.filter(value__in=values).exclude(scheme="source")
        people = [row.person for row in rows.select_related("person__merged_into")[:20]]
    else:
        assert born is not None
        wanted = folded(name)
        same_day = Person.objects.filter(born=born.first, born_precision="day")
        names = PersonName.objects.filter(person__in=same_day).select_related("person__merged_into")
        people = [row.person for row in names if folded(row.full) == wanted]
    for person in people:
        kept = person.merged_into or person
        found[kept.pk] = kept
    return list(found.values())


def tries_of(user: int, since: datetime) -> int:
    """How often somebody has asked for emergency access since a moment, found or not."""
    rows = JournalEntry.objects.filter(user_id=user, at__gte=since, verb="access.emergency_asked", subject_type="search")
    return rows.count()


def lasting(actor: Actor) -> list[EmergencyAccess]:
    """Emergency access of one's own that lasts now, for the banner of every page."""
    if actor.user_id is None or actor.is_system or not actor.may(Capability.VIEW_CASES):
        return []
    if not has_access(actor.user_id):
        return []
    return list(current_access(actor).select_related("person").order_by("ends_at"))


def looks_while(access: EmergencyAccess) -> list[Look]:
    """What was looked at under emergency access."""
    until = access.ended_at or access.ends_at
    rows = looks_at(access.person, since=access.begun_at, until=until).filter(user_id=access.user_id)
    return [look_of(row, access.person_id) for row in rows[:MOST_LOOKS]]
