"""What each person of a team carries against the recommended range, what drifts, what is late, and who might take the next.

The ranges, and what counts, are guidance (caseloads.yaml). Only cases that the reader may know of are counted, so somebody
who may not see a restricted case sees no trace of it in a colleague's load. Reads one team: its members and their open cases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from goldenthread.agencies.models import Membership, Organisation, Team, User
from goldenthread.clocks.calendar import local_day, start_of
from goldenthread.clocks.interval import add_months
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.words import Unit
from goldenthread.guidance.workloads import Load
from goldenthread.people.models import Relationship

from ..models import Case, Duty, Involvement
from ..policies import CasePolicy, DutyPolicy

ALLOCATED = "casework.allocate_case"
SIBLINGS = ("sibling", "half_sibling")
MOST_PEOPLE = 80
NEXT = 8
"""Cases with no worker for which somebody is proposed."""
LONGEST_LIST = 12


@dataclass(slots=True)
class Carried:
    """One person's work."""

    user: User
    role: str
    load: Load
    weight: float = 0.0
    cases: int = 0
    late: int = 0
    drifting: list[int] = field(default_factory=list)
    """How many cases are past each step of drift, and not past the next."""
    changed: int = 0

    @property
    def state(self) -> str:
        """Where the load stands: over, within or under the recommended range."""
        wanted = self.load.recommended
        return "over" if self.weight > wanted.high else "under" if self.weight < wanted.low else "within"


@dataclass(frozen=True, slots=True)
class Drifting:
    """A case that has gone on for long, with the step it is past, in months."""

    case: Case
    months: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that had many workers lately."""

    case: Case
    times: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who might take a case, and why; None where nobody's work is of that kind."""

    case: Case
    worker: User | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Caseloads:
    """All that the page of a team shows."""

    people: list[Carried]
    drifting: list[Drifting]
    changed: list[Changed]
    proposals: list[Proposal]
    unallocated: int
    steps: tuple[int, ...]
    """The months after which a plan is said to drift."""


def without_worker(actor: Actor) -> QuerySet[Case]:
    """Open cases that one's agencies lead and nobody works on; those at the front door wait there."""
    rows = CasePolicy.visible_to(actor).filter(lead__in=sorted(actor.organisation_ids), worker=None, is_open=True)
    return rows.exclude(pathway__in=[one.id for one in current_library().pathways.values() if one.front_door])


def teams_of(actor: Actor) -> list[Team]:
    """The teams whose work one may look at: those of one's own agencies, one's own first."""
    rows = Team.objects.filter(organisation__in=sorted(actor.organisation_ids)).select_related("organisation")
    return sorted(rows, key=lambda team: (team.pk not in actor.team_ids, team.organisation.title, team.title))


def caseloads_of(actor: Actor, organisation: Organisation, team: Team | None, now: datetime) -> Caseloads:
    """The work of a team, or of an agency that has none."""
    rules = current_library().caseloads
    people = _people(organisation, team)
    steps = tuple(sorted({one.amount for drift in rules.drift.values() for one in drift.after}))
    cases = _open_cases(actor, people)
    late = dict(
        DutyPolicy.visible_to(actor)
        .filter(worker__in=list(people), outcome=Duty.Outcome.OPEN, due_at__lt=now)
        .values_list("worker").annotate(Count("pk")).order_by()
    )  # fmt: skip
    today = local_day(now)
    changed = _changes([case.pk for _, case in cases], today)
    drifting: list[Drifting] = []
    for user, case in cases:
        one = people[user]
        one.cases += 1
        one.weight += one.load.counts.get(case.pathway, 0)
        one.changed += changed[case.pk] > rules.changes.more_than
        if months := _drift(case, today):
            drifting.append(Drifting(case, months))
    for one in people.values():
        past = Counter(each.months for each in drifting if each.case.worker_id == one.user.pk)
        one.drifting = [past[step] for step in steps]
        one.late = late.get(one.user.pk, 0)
    drifting.sort(key=lambda one: one.case.opened_at)
    many = [Changed(case, changed[case.pk]) for _, case in cases if changed[case.pk] > rules.changes.more_than]
    many.sort(key=lambda one: -one.times)
    waiting = without_worker(actor).filter(lead=organisation)
    if team is not None:
        waiting = waiting.filter(Q(team=team) | Q(team=None))
    first = list(waiting.select_related("subject", "about").order_by("priority", "opened_at", "pk")[:NEXT])
    ordered = sorted(people.values(), key=lambda one: (-one.weight / one.load.recommended.high, str(one.user)))
    return Caseloads(
        ordered, drifting[:LONGEST_LIST], many[:LONGEST_LIST], proposals(actor, first, ordered), waiting.count(), steps
    )


def _people(organisation: Organisation, team: Team | None) -> dict[int, Carried]:
    """Members with a role whose load guidance speaks of; somebody with two such roles by the first they held."""
    known = current_library().caseloads.people
    rows = Membership.in_force().filter(organisation=organisation, role__slug__in=list(known), user__is_active=True)
    rows = rows.filter(team=team) if team is not None else rows
    found: dict[int, Carried] = {}
    for one in rows.select_related("user", "role").order_by("starts", "pk")[: MOST_PEOPLE * 2]:
        if len(found) < MOST_PEOPLE:
            found.setdefault(one.user_id, Carried(one.user, one.role.title, known[one.role.slug]))
    return found


def _open_cases(actor: Actor, people: Mapping[int, Carried]) -> list[tuple[int, Case]]:
    """Each open case that one of them works on or is named on, with whom."""
    visible = CasePolicy.visible_to(actor).filter(is_open=True).select_related("subject", "about", "worker")
    found = [(case.worker_id or 0, case) for case in visible.filter(worker__in=list(people))]
    known = {(user, case.pk) for user, case in found}
    named = dict[UUID, list[int]](defaultdict(list))
    for case, user in Involvement.objects.filter(user__in=list(people), case__is_open=True).values_list("case", "user"):
        if user is not None and (user, case) not in known:
            named[case].append(user)
    found += [(user, case) for case in visible.filter(pk__in=list(named)) for user in named[case.pk]]
    return found


def _drift(case: Case, today: date) -> int:
    """The longest step, in months, that an open case is past; 0 for none."""
    rule = current_library().caseloads.drift.get(case.pathway)
    opened = local_day(case.opened_at)
    past = [one.amount for one in rule.after if add_months(opened, one.amount) <= today] if rule is not None else []
    return max(past, default=0)


def _changes(cases: Sequence[UUID], today: date) -> Counter[UUID]:
    """How often each case went from one worker to another lately, as the journal has it."""
    within = current_library().caseloads.changes.within
    months = within.amount * (12 if within.unit is Unit.YEARS else 1)
    rows = JournalEntry.objects.filter(
        subject_type="case", subject_id__in=[str(one) for one in cases], verb=ALLOCATED,
        at__gte=start_of(add_months(today, -months)),
    )  # fmt: skip
    found: Counter[UUID] = Counter()
    for identity, detail in rows.values_list("subject_id", "detail"):
        before, after = detail.get("before"), detail.get("worker")
        found[UUID(identity)] += before is not None and after is not None and before != after
    return found


def proposals(actor: Actor, cases: Sequence[Case], people: Sequence[Carried]) -> list[Proposal]:
    """Who might take each case: whoever works with the family already, otherwise the lightest load against its range.
    Each proposal counts in the next, so that one person is not proposed for everything."""
    carried = {one.user.pk: one.weight for one in people}
    working = _working_with(actor, cases, people)
    found = []
    for case in cases:
        fit = [one for one in people if case.pathway in one.load.counts]

        def after(one: Carried, case: Case = case) -> float:
            return carried[one.user.pk] + one.load.counts[case.pathway]

        known = [one for one in fit if one.user.pk in working.get(case.pk, {}) and after(one) <= one.load.recommended.high]
        pool = known or fit
        if not pool:
            found.append(Proposal(case, None, ("Nobody here has a role whose work this is.",)))
            continue
        best = min(pool, key=lambda one: (after(one) / one.load.recommended.high, one.late, str(one.user)))
        wanted, now = best.load.recommended, after(best)
        reasons = [f"works with {working[case.pk][best.user.pk]}"] if known else ["has the lightest work for the range"]
        reasons.append(f"would carry {now:g}; {wanted.low:g} to {wanted.high:g} is recommended")
        if now > wanted.high:
            reasons.append("everybody would be above the range")
        if best.late:
            reasons.append(f"{best.late} already late")
        carried[best.user.pk] = now
        found.append(Proposal(case, best.user, tuple(reasons)))
    return sorted(found, key=lambda one: one.worker is None)


def _working_with(
    actor: Actor, cases: Sequence[Case], people: Sequence[Carried]
) -> dict[UUID, dict[int, str]]:
    """Of each case, who works with the same person or a brother or sister already, and with which."""
    subjects = {case.subject_id for case in cases if case.subject_id is not None}
    family: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Relationship.objects.filter(person__in=subjects, kind__in=SIBLINGS, ends=None)
    for person, other in rows.values_list("person_id", "other_id"):
        family[person].add(other)
    near = subjects.union(*family.values())
    workers: dict[UUID, set[int]] = defaultdict(set)
    theirs = CasePolicy.visible_to(actor).filter(is_open=True, subject__in=near, worker__in=[one.user.pk for one in people])
    for subject, worker in theirs.values_list("subject_id", "worker_id"):
        if subject is not None and worker is not None:
            workers[subject].add(worker)
    found: dict[UUID, dict[int, str]] = {}
    for case in cases:
        if case.subject_id is not None:
            of = {worker: "a brother or sister" for one in family[case.subject_id] for worker in workers[one]}
            found[case.pk] = of | dict.fromkeys(workers[case.subject_id], "them already")
    return found
