"""Looks of one day that may need explaining, by the signs that guidance/access.yaml declares. Finds; accuses nobody.

Reads the day's entries of readers' chains a few hundred people at a time, and asks about whole batches at once, so that a
county's day takes seconds. Being shown somebody in a search is no look here; opening their record is. Looks under
emergency access are left out: each is reviewed anyway. Depends on the journal, `people`, `casework`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.casework.models import Case, Involvement
from goldenthread.clocks.calendar import Calendar, calendar_for, local_day
from goldenthread.clocks.interval import before, elapsed
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.access import LookRule
from goldenthread.guidance.words import ELAPSED, Interval
from goldenthread.people.models import EmergencyAccess, Person, PersonName, Professional, Residence, SearchKey
from goldenthread.people.search import Sought, folded

from .access import day_bounds

USERS = 300
"""People whose looks are gone through at a time."""
PEOPLE = 400
SHOWN_ONLY = ("people.found", "request.listed")


@dataclass(frozen=True, slots=True)
class Unusual:
    """Looks of one person on one day that fit a rule: at one child's record, or at many."""

    rule: str
    user: User
    organisation: int | None
    person: Person | None
    looks: int
    people: int
    first: datetime
    last: datetime


@dataclass(slots=True)
class Pair:
    """One person's looks at one child's record in the day."""

    user: User
    person: Person
    looks: list[tuple[datetime, int | None]] = field(default_factory=list)
    """When, and for which organisation."""

    @property
    def organisation(self) -> int | None:
        return self.looks[0][1]

    def unusual(self, rule: str) -> Unusual:
        moments = [moment for moment, _ in self.looks]
        return Unusual(rule, self.user, self.organisation, self.person, len(moments), 1, min(moments), max(moments))


@dataclass(slots=True)
class Day:
    """The looks of some people in a day, and what is known about those they looked at."""

    day: date
    calendar: Calendar
    pairs: list[Pair]
    cases: Mapping[UUID, Sequence[Case]]
    roles: Mapping[int, frozenset[str]]
    kinds: Mapping[int, str]

    def by_user(self) -> Iterator[tuple[User, list[Pair]]]:
        for user, pairs in groupby(sorted(self.pairs, key=lambda pair: pair.user.pk), key=lambda pair: pair.user):
            yield user, list(pairs)


def unusual_looks(day: date) -> Iterator[Unusual]:
    """Every set of looks of a day that fits a rule in use, person by person."""
    rules = {name: rule for name, rule in current_library().access.rules.items() if rule.in_use}
    for some in _days(day):
        for name, rule in rules.items():
            asked = [pair for pair in some.pairs if not _excepted(rule, pair, some)]
            if asked:
                yield from _SIGNS[rule.sign](name, rule, Day(day, some.calendar, asked, some.cases, some.roles, some.kinds))


def _days(day: date) -> Iterator[Day]:
    calendar = calendar_for(current_library(), None)
    kinds = dict(Organisation.objects.values_list("pk", "kind"))
    users = list(User.objects.order_by("pk"))
    for start in range(0, len(users), USERS):
        some = {user.pk: user for user in users[start : start + USERS]}
        pairs = _pairs(some, *day_bounds(day))
        if pairs:
            cases = _cases({pair.person.pk for pair in pairs})
            yield Day(day, calendar, pairs, cases, _roles(some, day), kinds)


def _pairs(users: Mapping[int, User], since: datetime, until: datetime) -> list[Pair]:
    """Who opened whose record, without what they opened under emergency access."""
    rows = list(_opened(users, since, until).values_list("user_id", "subject_type", "subject_id", "at", "organisation_id"))
    subjects = _subjects({row[2] for row in rows if row[1] == "case"})
    ids = {subjects.get(identity, "") if kind == "case" else identity for _, kind, identity, _, _ in rows}
    people = {str(pk): one for pk, one in _in_bulk(ids).items()}
    glass = EmergencyAccess.objects.filter(user__in=users, begun_at__lt=until, ends_at__gt=since)
    lasting: dict[tuple[int, UUID], list[EmergencyAccess]] = {}
    for access in glass:
        lasting.setdefault((access.user_id, access.person_id), []).append(access)
    found: dict[tuple[int, UUID], Pair] = {}
    for user, kind, identity, at, organisation in rows:
        assert user is not None  # only people's own looks were asked for
        person = people.get(subjects.get(identity, "") if kind == "case" else identity)
        if person is None:
            continue
        key = (user, person.pk)
        if any(one.begun_at <= at < (one.ended_at or one.ends_at) for one in lasting.get(key, ())):
            continue
        found.setdefault(key, Pair(users[user], person)).looks.append((at, organisation))
    return list(found.values())


def _opened(users: Iterable[int], since: datetime, until: datetime) -> QuerySet[JournalEntry]:
    rows = JournalEntry.objects.filter(user_id__in=list(users), at__gte=since, at__lt=until)
    return rows.filter(chain__startswith="reader/", subject_type__in=("case", "person")).exclude(verb__in=SHOWN_ONLY)


def _subjects(cases: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _batches(cases):
        rows = Case.objects.filter(pk__in=some, subject__isnull=False).values_list("pk", "subject_id")
        found |= {str(case): str(person) for case, person in rows}
    return found


def _in_bulk(ids: Iterable[str]) -> dict[UUID, Person]:
    """The people of these ids; a merged record is the one it was merged into."""
    found: dict[UUID, Person] = {}
    for some in _batches(_uuids(ids)):
        for one in Person.objects.filter(pk__in=some).select_related("merged_into"):
            found[one.pk] = one.merged_into or one
    return found


def _cases(people: set[UUID]) -> dict[UUID, list[Case]]:
    found: dict[UUID, list[Case]] = {}
    for some in _batches(people):
        for case in Case.objects.filter(subject__in=some):
            found.setdefault(case.subject.pk, []).append(case)
    return found


def _roles(users: Iterable[int], day: date) -> dict[int, frozenset[str]]:
    held: dict[int, set[str]] = {}
    rows = Membership.in_force(day).filter(user__in=list(users))
    for user, role in rows.values_list("user_id", "role__slug"):
        held.setdefault(user, set()).add(role)
    return {user: frozenset(roles) for user, roles in held.items()}


def _excepted(rule: LookRule, pair: Pair, day: Day) -> bool:
    kind = day.kinds.get(pair.organisation or 0, "")
    return kind in rule.except_kinds or bool(day.roles.get(pair.user.pk, frozenset()) & set(rule.except_roles))


# Signs ------------------------------------------------------------------------------------------------------------


def _own_record(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    called: dict[UUID, set[tuple[str, ...]]] = {}
    for some in _batches({pair.person.pk for pair in day.pairs}):
        for person, full in PersonName.objects.filter(person__in=some).values_list("person_id", "full"):
            called.setdefault(person, set()).add(tuple(folded(full)))
    for pair in day.pairs:
        if _words(pair.user) in called.get(pair.person.pk, set()):
            yield pair.unusual(name)


def _same_family_name(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    same = [
        pair
        for pair in day.pairs
        if pair.user.last_name and folded(pair.user.last_name) == folded(pair.person.family_name)
        and _words(pair.user) != tuple(folded(pair.person.name))
    ]  # fmt: skip
    common: dict[str, bool] = {}
    total = Person.objects.count() if same and rule.common_above else 0
    for pair in same:
        family = pair.user.last_name.lower()
        if rule.common_above and family not in common:
            bearers = Person.objects.filter(family_name__iexact=family).count()
            # In a small partnership a family of six is no common name, whatever its share.
            common[family] = bearers > max(20, rule.common_above * total)
        if not common.get(family):
            yield pair.unusual(name)


def _same_home(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    for user, pairs in day.by_user():
        words = _words(user)
        if len(words) < 2:
            continue
        likely = SearchKey.objects.filter(key__in=Sought(list(words)).close_keys()).values("person")
        names = PersonName.objects.filter(person__in=likely).values_list("person_id", "full")
        namesakes = {person for person, full in names if tuple(folded(full)) == words}
        homes = set(Residence.objects.filter(person__in=namesakes).values_list("address_id", flat=True))
        if homes:
            looked = [pair.person.pk for pair in pairs if pair.person.pk not in namesakes]
            there = set(Residence.objects.filter(person__in=looked, address__in=homes).values_list("person_id", flat=True))
            yield from (pair.unusual(name) for pair in pairs if pair.person.pk in there)


def _no_involvement(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    people = {pair.person.pk for pair in day.pairs}
    parts: dict[UUID, set[tuple[int, int | None]]] = {}
    working: set[tuple[UUID, int]] = set()
    for some in _batches(people):
        rows = Involvement.objects.filter(case__subject__in=some, since__lt=day_bounds(day.day)[1])
        for person, organisation, user in rows.values_list("case__subject_id", "organisation_id", "user_id"):
            parts.setdefault(person, set()).add((organisation, user))
        known = Professional.objects.filter(Q(ends=None) | Q(ends__gte=day.day), person__in=some)
        working |= set(known.values_list("person_id", "organisation_id"))
    for pair in day.pairs:
        organisation, user = pair.organisation or 0, pair.user.pk
        held = parts.get(pair.person.pk, set())
        involved = (
            bool({(organisation, None), (organisation, user)} & held)
            or any(case.worker_id == user for case in day.cases.get(pair.person.pk, ()))
            or (pair.person.pk, organisation) in working
            or pair.person.registered_by_id == organisation
        )
        if not involved:
            yield pair.unusual(name)


def _many_children(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    assert rule.more_than is not None and rule.within is not None
    span = _span(rule.within)
    for user, pairs in day.by_user():
        # Each child counts when first opened: a page read again is not another child.
        opened = sorted((min(pair.looks)[0], pair.organisation) for pair in pairs)
        begin = 0
        for end, (moment, _) in enumerate(opened):
            while moment - opened[begin][0] > span:
                begin += 1
            if end - begin + 1 > rule.more_than:
                yield _together(name, user, pairs)
                break


def _out_of_hours(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    assert rule.hours is not None
    working = day.calendar.is_working(day.day.toordinal())
    for user, pairs in day.by_user():
        late = []
        for pair in pairs:
            looks = [one for one in pair.looks if not (working and rule.hours.begin <= _clock(one[0]) < rule.hours.end)]
            if looks:
                late.append(Pair(user, pair.person, looks))
        if late:
            yield _together(name, user, late)


def _closed_long_ago(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    assert rule.closed_for is not None
    limit = before(rule.closed_for, day.day, day.calendar).due
    assert isinstance(limit, date)
    for pair in day.pairs:
        cases = day.cases.get(pair.person.pk, ())
        if cases and all(case.closed_at is not None and local_day(case.closed_at) < limit for case in cases):
            yield pair.unusual(name)


def _again_and_again(name: str, rule: LookRule, day: Day) -> Iterator[Unusual]:
    assert rule.more_than is not None and rule.within is not None
    _, until = day_bounds(day.day)
    since = until - _span(rule.within)
    for user, pairs in day.by_user():
        named = {pair.person.pk for pair in pairs if any(one.worker_id == user.pk for one in day.cases.get(pair.person.pk, ()))}
        wanted = {str(pair.person.pk): pair.person.pk for pair in pairs if pair.person.pk not in named}
        wanted |= {str(case.pk): person for person in wanted.values() for case in day.cases.get(person, ())}
        if not wanted:
            continue
        days: dict[UUID, set[date]] = {}
        wrote: set[UUID] = set()
        rows = JournalEntry.objects.filter(user_id=user.pk, at__gte=since, at__lt=until, subject_type__in=("case", "person"))
        for chain, verb, identity, at in rows.values_list("chain", "verb", "subject_id", "at"):
            person = wanted.get(identity)
            if person is not None and not chain.startswith("reader/"):
                wrote.add(person)
            elif person is not None and verb not in SHOWN_ONLY:
                days.setdefault(person, set()).add(local_day(at))
        for pair in pairs:
            if len(days.get(pair.person.pk, ())) > rule.more_than and pair.person.pk not in wrote:
                yield pair.unusual(name)


_SIGNS: Mapping[str, Callable[[str, LookRule, Day], Iterator[Unusual]]] = {
    "own_record": _own_record,
    "same_family_name": _same_family_name,
    "same_home": _same_home,
    "no_involvement": _no_involvement,
    "many_children": _many_children,
    "out_of_hours": _out_of_hours,
    "closed_long_ago": _closed_long_ago,
    "again_and_again": _again_and_again,
}


def _together(name: str, user: User, pairs: Sequence[Pair]) -> Unusual:
    if len(pairs) == 1:
        return pairs[0].unusual(name)
    moments = sorted(moment for pair in pairs for moment, _ in pair.looks)
    return Unusual(name, user, pairs[0].organisation, None, len(moments), len(pairs), moments[0], moments[-1])


def _words(user: User) -> tuple[str, ...]:
    return tuple(folded(user.get_full_name()))


def _clock(moment: datetime) -> time:
    return timezone.localtime(moment).time()


def _span(interval: Interval) -> timedelta:
    """An interval of access.yaml as a length: by the clock, or in days."""
    return elapsed(interval) if interval.unit in ELAPSED else timedelta(days=interval.amount)


def _uuids(texts: Iterable[str]) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _batches(ids: Iterable[Any]) -> Iterator[list[Any]]:
    whole = sorted(ids)
    for start in range(0, len(whole), PEOPLE):
        yield whole[start : start + PEOPLE]
