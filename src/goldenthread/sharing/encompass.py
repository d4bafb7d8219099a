"""Telling schools of police incidents (Operation Encompass): which school, on which day, and how far a notice has come.

Which pathway this is, and what its events are for, is in guidance/sharing.yaml (`school_notices`). Reads only;
`actions.encompass` writes. Depends on `casework`, `people` and the guidance in use.
Source: Domestic Abuse Act 2021 s 49A; Operation Encompass statutory guidance, 7 November 2025.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case
from goldenthread.casework.record import happenings_by_case, program_of, subject_of
from goldenthread.clocks.calendar import CalendarTooShort, calendar_for, local_day
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.interval import age_on
from goldenthread.foundation.library import arrangement_for, current_library, pathways
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.school_notices import SchoolNotices
from goldenthread.people.models import Person, Precision, Professional


class NoNotices(Http404):
    """The guidance in use does not say how schools are told, so its pages are not there."""


def school_notices() -> SchoolNotices:
    """Raises NoNotices."""
    found = current_library().sharing.school_notices
    if found is None or found.pathway not in current_library().pathways:
        raise NoNotices("The guidance in use has no pathway for telling schools of incidents.")
    return found


def notice_pathway(arrangement: str | None = None) -> Pathway:
    """The pathway of a notice, with the local rules of an arrangement. Raises NoNotices."""
    named = arrangement if arrangement is not None else arrangement_for(None)
    return pathways(named)[school_notices().pathway]


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """The first school day after an incident, or the incident's own if it was before school."""

    day: date
    starts: datetime | None
    """When school begins; None where the area's terms are not known, and then `why` says so."""
    why: str = ""


def school_day_after(when: datetime | date, arrangement: str) -> SchoolDay:
    """The school day before which a school must know."""
    try:
        starts = calendar_for(current_library(), arrangement or None).next_school_start(when)
    except CalendarTooShort as error:
        return SchoolDay(local_day(when) if isinstance(when, datetime) else when, None, str(error))
    return SchoolDay(local_day(starts), starts)


def telling_day(case: Case, incident: Happening, today: date | None = None) -> date:
    """The day on which it matters which school a child goes to: the next school day, or today once that has come."""
    day = school_day_after(incident.moment or incident.day, case.arrangement).day
    return max(day, today or timezone.localdate())


def schools_on(person: Person, day: date) -> list[Professional]:
    """Who at which school looks after a child on a day: one line a school, the latest known first. Usually one."""
    return schools_of([person.pk], day).get(person.pk, [])


def schools_of(people: Iterable[UUID], day: date) -> dict[UUID, list[Professional]]:
    """The same for many children at once."""
    there = Q(starts=None) | Q(starts__lte=day)
    still = Q(ends=None) | Q(ends__gte=day)
    rows = Professional.objects.filter(
        there, still, person__in=list(people), organisation__kind__in=school_notices().kinds, organisation__active=True
    )
    found: dict[UUID, dict[int, Professional]] = {}
    for row in rows.select_related("organisation").order_by("-starts", "-pk"):
        found.setdefault(row.person_id, {}).setdefault(row.organisation_id, row)
    return {person: list(each.values()) for person, each in found.items()}


def outside_ages(person: Person, day: date) -> Mapping[str, str] | None:
    """Why a child of this age is at no school, as the event asks; None where they may be, or the age is not known."""
    if person.unborn:
        return school_notices().too_young
    if person.born is None or person.born_precision not in (Precision.DAY, Precision.MONTH):
        return None
    notices, age = school_notices(), age_on(person.born, day)
    if age < notices.ages.youngest:
        return notices.too_young
    return notices.too_old if age > notices.ages.oldest else None


# How far a notice has come ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class AtSchool:
    """What became of the notice at one school."""

    school: str
    """The organisation's slug; a name where the school is not in this service."""
    told: Happening
    here: bool
    """Told in this service, so that opening it is seen."""
    opened: Happening | None = None
    done: list[Happening] = field(default_factory=list)


@dataclass(slots=True)
class Notice:
    """One child's notice, as its events have it."""

    case: Case
    incident: Happening
    schools: list[AtSchool]
    elsewhere: Happening | None
    found: Happening | None

    def at(self, slugs: Iterable[str]) -> AtSchool | None:
        """What became of it at the one of these schools that was told."""
        wanted = set(slugs)
        return next((one for one in self.schools if one.school in wanted), None)


def notices_of(cases: Sequence[Case]) -> list[Notice]:
    """The notices of cases, in their order; corrections and withdrawals are followed."""
    rows = happenings_by_case([case.pk for case in cases])
    now = timezone.now()
    found = []
    for case in cases:
        progress = program_of(case).run(rows[case.pk], subject_of(case.subject), now)
        notice = _notice(case, list(progress.effective))
        if notice is not None:
            found.append(notice)
    return found


def _notice(case: Case, happened: list[Happening]) -> Notice | None:
    names, asked = school_notices().events, school_notices().school
    here = school_notices().here
    opening = program_of(case).pathway.opening
    incident = next((one for one in happened if one.kind == opening), None)
    if incident is None:
        return None
    notice = Notice(case, incident, [], None, None)
    for one in happened:
        school = str(one.data.get(asked) or "")
        at = next((each for each in notice.schools if each.school == school), None)
        if one.kind == names.told:
            given = school or str(one.data.get("elsewhere") or "")
            notice.schools.append(AtSchool(given, one, bool(school) and here.items() <= dict(one.data).items()))
        elif one.kind == names.opened and at is not None:
            at.opened = at.opened or one
        elif one.kind == names.done and at is not None:
            at.done.append(one)
        elif one.kind == names.elsewhere:
            notice.elsewhere = one
        elif one.kind == names.found:
            notice.found = one
    return notice


def titles_of(notices: Iterable[Notice]) -> dict[str, str]:
    """The titles of the schools that notices name by slug."""
    slugs = {one.school for notice in notices for one in notice.schools}
    return dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "title"))


def changed_school(notice: Notice, now: datetime, at: Mapping[UUID, list[Professional]] | None = None) -> list[Professional]:
    """Schools the child will be at when the next school day begins, and that were not told; none once it has begun."""
    day = school_day_after(notice.incident.moment or notice.incident.day, notice.case.arrangement)
    if day.starts is None or day.starts <= now or not notice.schools:
        return []
    rows = at if at is not None else schools_of([notice.case.subject.pk], day.day)
    told = {one.school for one in notice.schools}
    return [row for row in rows.get(notice.case.subject.pk, []) if row.organisation.slug not in told]


def page_for(case: Case, kind: str) -> str:
    """The page of its own on which an event of a notice is recorded; "" for other events and other pathways."""
    notices = current_library().sharing.school_notices
    if notices is None or case.pathway != notices.pathway:
        return ""
    names = notices.events
    pages = {names.told: "tell", names.opened: "notice", names.done: "acted", names.found: "find", names.elsewhere: "find"}
    return reverse(f"encompass:{pages[kind]}", args=[case.pk]) if kind in pages else ""
