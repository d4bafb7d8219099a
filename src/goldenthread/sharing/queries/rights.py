"""By what right somebody could look at a child's record at a moment in the past: worked out as of then.

Parts in cases, allocations (from the journal), roles and their dates, who registered or worked with the child, agreements
that a chronology cited, requests and what was ruled of them, overrides, emergency access. What a role may do and whether a
record is restricted are known only as they are now, and a right that rests on them says so where they changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from goldenthread.agencies.models import Membership, Organisation
from goldenthread.casework.models import Case, Involvement
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import EmergencyAccess, Person, Professional

from .. import rulings
from ..decision import Decision, Verdict
from ..models import Override, Request
from .access import Look

ALLOCATED = "casework.allocate_case"
MOST_OF_A_KIND = 2


@dataclass(frozen=True, slots=True)
class ThenRight:
    """A right that held at the moment of a look, in a few words and in full."""

    short: str
    words: str
    purpose: str = ""
    """What for, where the right itself says."""


@dataclass
class RightsThen:
    """Everything known of the rights to one child's record, to be asked of one look after another."""

    person: Person
    cases: Mapping[str, Case]
    users: Iterable[int]
    _memberships: dict[int, list[Membership]] = field(default_factory=dict)
    _parts: dict[UUID, list[Involvement]] = field(default_factory=dict)
    _workers: dict[str, list[tuple[datetime, int | None, int | None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Membership.objects.filter(user__in=set(self.users)).select_related("role", "organisation")
        for one in rows.order_by("starts", "pk"):
            self._memberships.setdefault(one.user_id, []).append(one)
        cases = list(self.cases.values())
        for part in Involvement.objects.filter(case__in=cases).select_related("organisation").order_by("since", "pk"):
            self._parts.setdefault(part.case_id, []).append(part)
        given = JournalEntry.objects.filter(subject_type="case", subject_id__in=list(self.cases), verb=ALLOCATED)
        for row in given.order_by("at", "sequence"):
            self._workers.setdefault(row.subject_id, []).append((row.at, row.detail.get("worker"), row.detail.get("before")))
        self._emergencies = list(EmergencyAccess.objects.filter(person=self.person))
        self._overrides = list(Override.objects.filter(case__in=cases).select_related("holder", "receiver"))
        self._requests = list(Request.objects.filter(case__in=cases).select_related("agency", "asker"))
        self._working = list(Professional.objects.filter(person=self.person).select_related("organisation"))

    def of(self, look: Look) -> list[ThenRight]:
        """The rights by which this look was allowed, the nearest first; none where nothing on record allowed it."""
        held = self._held(look)
        cases = [one for one in self.cases.values() if one.opened_at <= look.at]
        if look.case_id is not None:
            cases = [one for one in cases if one.pk == look.case_id]
        found = [*self._by_name(look, cases)]
        seeing = [one for one in held if Capability.VIEW_CASES.value in one.role.capabilities]
        open_to = [one for one in cases if self._within(one, seeing)]
        found += self._by_part(look, open_to, seeing)
        found += self._by_running(look, [one for one in cases if one not in open_to], seeing)
        found += self._by_knowing(look, seeing) if look.case_id is None else []
        found += self._by_scope(open_to, seeing, look)
        found += self._by_citation(look)
        found += self._by_asking(look, cases, held)
        found += self._by_override(look, held)
        found += self._by_emergency(look)
        return _shortened(list({right.words: right for right in found}.values()))

    def purpose(self, look: Look, rights: Sequence[ThenRight]) -> str:
        """What the look served: as its right says, else what the case it was at, or the open cases then, serve."""
        for right in rights:
            if right.purpose:
                return right.purpose
        if look.verb == "people.found":
            return "To find somebody"
        titles = rulings.purposes()
        at = self.cases.get(str(look.case_id)) if look.case_id else None
        cases = [at] if at else [one for one in self.cases.values() if _open(one, look.at)]
        found = {titles[purpose]: None for case in cases if (purpose := rulings.purpose_of(case)) in titles}
        return "; ".join(found) or "No open case says what for"

    def _held(self, look: Look) -> list[Membership]:
        """The roles somebody held on the day of the look."""
        day = local_day(look.at)
        rows = self._memberships.get(look.user_id or 0, [])
        return [one for one in rows if one.starts <= day and (one.ends is None or one.ends >= day)]

    def _within(self, case: Case, seeing: Sequence[Membership]) -> bool:
        plain = not case.restricted and not self.person.restricted
        return plain or any(Capability.VIEW_RESTRICTED.value in one.role.capabilities for one in seeing)

    def _by_name(self, look: Look, cases: Sequence[Case]) -> Iterable[ThenRight]:
        for case in cases:
            if look.user_id is not None and (since := self._worked(case, look)) is not None:
                yield ThenRight("Worker of the case", f"They worked on {_named(case)}{since}.", _purpose(case))
            for part in self._parts.get(case.pk, []):
                if part.user_id is not None and part.user_id == look.user_id and part.since <= look.at:
                    words = f"They were part of {_named(case)} by name since {_day(part.since)}."
                    yield ThenRight("Named on the case", words, _purpose(case))

    def _worked(self, case: Case, look: Look) -> str | None:
        """Since when somebody had been the worker of a case at a moment, as words; None if they were not."""
        steps = self._workers.get(str(case.pk), [])
        before = [step for step in steps if step[0] <= look.at]
        if before:
            moment, worker, _ = before[-1]
            return f" since {_day(moment)}" if worker == look.user_id else None
        worker = steps[0][2] if steps else case.worker_id
        return "" if worker == look.user_id else None

    def _by_part(self, look: Look, cases: Sequence[Case], seeing: Sequence[Membership]) -> Iterable[ThenRight]:
        wide = {one.organisation_id for one in seeing if one.role.scope != "own"}
        teams = {one.team_id for one in seeing if one.team_id}
        for case in cases:
            if case.team_id in teams and case.team is not None:
                yield ThenRight("Their team’s case", f"Their team, {case.team.title}, works on {_named(case)}.", _purpose(case))
            for part in self._parts.get(case.pk, []):
                if part.user_id is None and part.organisation_id in wide and part.since <= look.at:
                    title = part.organisation.title
                    does = "has led" if part.organisation_id == case.lead_id else "has been part of"
                    words = f"{title} {does} {_named(case)} since {_day(part.since)}."
                    yield ThenRight("Their agency’s case", words, _purpose(case))

    def _by_running(self, look: Look, cases: Sequence[Case], seeing: Sequence[Membership]) -> Iterable[ThenRight]:
        """Restricted cases of pathways that a role of theirs runs, within that role's own reach."""
        if self.person.restricted:
            return
        for case in cases:
            for one in seeing:
                part = any(
                    each.user_id is None and each.organisation_id == one.organisation_id and each.since <= look.at
                    for each in self._parts.get(case.pk, [])
                )
                within = one.role.scope == "partnership" or (one.role.scope == "organisation" and part)
                if case.pathway in one.role.handles and within:
                    pathway = current_library().pathways.get(case.pathway)
                    words = (
                        f"Their role, {one.role.title} at {one.organisation.title}, runs "
                        f"{pathway.title.lower() if pathway else case.pathway} cases, which are restricted; "
                        f"they held it since {_on(one.starts)}.{_role_changed(one, look)}"
                    )
                    yield ThenRight("They run such cases", words, _purpose(case))

    def _by_knowing(self, look: Look, seeing: Sequence[Membership]) -> Iterable[ThenRight]:
        if self.person.restricted and not any(Capability.VIEW_RESTRICTED.value in one.role.capabilities for one in seeing):
            return
        organisations = {one.organisation_id: one.organisation.title for one in seeing if one.role.scope == "organisation"}
        if self.person.registered_by_id in organisations and self.person.created_at <= look.at:
            title = organisations[self.person.registered_by_id]
            yield ThenRight("Registered by their agency", f"{title} registered them on {_day(self.person.created_at)}.")
        day = local_day(look.at)
        for one in self._working:
            begun, ended = one.starts is None or one.starts <= day, one.ends is not None and one.ends < day
            if one.organisation_id in organisations and begun and not ended:
                since = f" since {_on(one.starts)}" if one.starts else ""
                words = f"{one.organisation.title} worked with them{since}: {one.name}, {one.job}."
                yield ThenRight("Their agency works with them", words)

    def _by_scope(self, cases: Sequence[Case], seeing: Sequence[Membership], look: Look) -> Iterable[ThenRight]:
        if not cases and (look.case_id is not None or self.person.restricted):
            return
        for one in seeing:
            if one.role.scope == "partnership":
                words = f"Their role, {one.role.title.lower()} at {one.organisation.title}, reached every case of the partnership"
                restricted = Capability.VIEW_RESTRICTED.value in one.role.capabilities
                words += ", restricted ones too" if restricted else " that is not restricted"
                yield ThenRight("Their role", f"{words}; they held it since {_on(one.starts)}.{_role_changed(one, look)}")

    def _by_citation(self, look: Look) -> Iterable[ThenRight]:
        """What a chronology said of each case it showed: the agreement and the clause, or the override."""
        cited = look.detail.get("rights")
        rights = list(cited.values()) if isinstance(cited, dict) else []
        existence = look.detail.get("existence")
        rights += existence if isinstance(existence, list) else []
        for text in dict.fromkeys(str(each) for each in rights):
            by, _, rest = text.partition(":")
            identity, _, clause = rest.partition(":")
            if by == "agreement":
                yield _agreement(identity, clause, "Lines of other agencies were shown under")

    def _by_asking(self, look: Look, cases: Sequence[Case], held: Sequence[Membership]) -> Iterable[ThenRight]:
        organisations = {one.organisation_id for one in held}
        for one in self._requests:
            asked = one.agency_id in organisations and one.asked_at <= look.at
            if not asked or one.case_id not in {case.pk for case in cases}:
                continue
            purpose = rulings.purposes().get(one.purpose, one.purpose)
            words = f"{one.asker.title} asked {one.agency.title} on {_day(one.asked_at)}"
            ruling = Decision.from_plain(one.ruling).content if one.ruling else None
            if ruling is not None and ruling.agreement and ruling.verdict is not Verdict.DENY:
                right = _agreement(ruling.agreement, ruling.clause, f"{words}, under")
                yield ThenRight("Asked by an agency", right.words, purpose)
            else:
                yield ThenRight("Asked by an agency", f"{words}.", purpose)

    def _by_override(self, look: Look, held: Sequence[Membership]) -> Iterable[ThenRight]:
        organisations = {one.organisation_id for one in held}
        for one in self._overrides:
            if one.receiver_id in organisations and one.at <= look.at < one.ends_at:
                words = f"{one.holder.title} shared with {one.receiver.title} in an emergency on {_day(one.at)}: {one.reason}"
                yield ThenRight("Emergency override", words, rulings.purposes().get(one.purpose, one.purpose))

    def _by_emergency(self, look: Look) -> Iterable[ThenRight]:
        for one in self._emergencies:
            if one.user_id == look.user_id and one.begun_at <= look.at < (one.ended_at or one.ends_at):
                found = {None: "not yet reviewed", True: "found justified", False: "found not justified"}[one.justified]
                words = f"Emergency access begun on {_day(one.begun_at)}, {found}."
                yield ThenRight("Emergency access", words, one.reason)


def _shortened(rights: Sequence[ThenRight]) -> list[ThenRight]:
    """At most two of a kind in full: a look at a child's page is allowed by each of their cases in the same way."""
    kinds: dict[str, list[ThenRight]] = {}
    for right in rights:
        kinds.setdefault(right.short, []).append(right)
    found = []
    for short, same in kinds.items():
        found += same[:MOST_OF_A_KIND]
        if len(same) > MOST_OF_A_KIND:
            found.append(ThenRight(short, f"And {len(same) - MOST_OF_A_KIND} more in the same way."))
    return found


def _agreement(identity: str, clause: str, begins: str) -> ThenRight:
    agreement = current_library().agreements.get(identity)
    title = agreement.title if agreement else identity
    said = agreement.clauses.get(clause) if agreement else None
    return ThenRight("Sharing agreement", f"{begins} {title}, clause {clause}{f': {said.says}' if said else '.'}")


def _role_changed(membership: Membership, look: Look) -> str:
    """Roles are known only as they are now: say so if this one was changed after the look."""
    later = JournalEntry.objects.filter(
        Q(subject_type="role", subject_id__in=[str(membership.role_id), membership.role.slug]), at__gt=look.at
    ).order_by("at")
    first = later.first()
    return f" The role was changed on {_day(first.at)}, after this look." if first else ""


def _open(case: Case, moment: datetime) -> bool:
    return case.opened_at <= moment and (case.closed_at is None or case.closed_at > moment)


def _purpose(case: Case) -> str:
    return rulings.purposes().get(rulings.purpose_of(case), "")


def _named(case: Case) -> str:
    return f"case {case.reference}"


def _day(moment: datetime) -> str:
    return _on(local_day(moment))


def _on(day: object) -> str:
    return f"{day.day} {day:%B} {day.year}"  # type: ignore[attr-defined]


def titles_of(organisations: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in organisations if pk is not None}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "title"))
