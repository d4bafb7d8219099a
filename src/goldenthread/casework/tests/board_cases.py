"""Cases for the boards, made by events through the actions as people make them, told from one day backwards."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import current_library
from goldenthread.people.actions import RegisterPerson
from goldenthread.people.models import Person

CARE, POLICE, SCHOOL, HEALTH = "childrens_social_care", "police", "school", "health_provider"


@dataclass(frozen=True)
class Said:
    """One event of a story, so many days ago."""

    days: float
    kind: str
    answers: Mapping[str, Any]
    by: str
    hour: int | None


def said(days: float, kind: str, by: str = "", *, hour: int | None = None, **answers: Any) -> Said:
    return Said(days, kind, answers, by, hour)


@dataclass
class Making:
    """Makes cases: `ago` counts days back from today, with an hour."""

    agencies: Mapping[str, Organisation]
    """By kind."""
    area: Area
    now: datetime = field(default_factory=timezone.now)
    cases: dict[str, Case] = field(default_factory=dict)
    system: SystemActor = field(default_factory=lambda: SystemActor("tests"))

    def person(self, name: str, born: date | None) -> Person:
        given, _, family = name.rpartition(" ")
        return RegisterPerson(self.system).run(
            given, family, born=born, area=self.area, organisation=self.agencies[CARE]
        )

    def ago(self, days: float, hour: int | None = None) -> datetime:
        """So many days ago; at an hour of the clock where one is given."""
        moment = (self.now - timedelta(days=days)).astimezone(LONDON)
        if hour is not None:
            moment = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
        return min(moment, self.now - timedelta(minutes=2))

    def open(
        self, pathway: str, who: Person | Organisation, days: float, kind: str, by: str = CARE, *,
        hour: int | None = None, group: uuid.UUID | None = None, answers: Mapping[str, Any] | None = None, **data: Any,
    ) -> Case:  # fmt: skip
        when = self.ago(days, hour)
        case = OpenCase(self.system).run(
            pathway, who, when, {**data, **(answers or {})}, kind=kind, organisation=self.agencies[by], recorded_at=when,
            group=group,
        )  # fmt: skip
        self.cases.setdefault(pathway, case)
        return case

    def tell(
        self, case: Case, days: float, kind: str, by: str = CARE, *, hour: int | None = None, **data: Any
    ) -> None:
        when, agency = self.ago(days, hour), self.agencies[by]
        here = Case.objects.get(pk=case.pk)
        RecordEvent(self.system).run(here, kind, when, data, organisation=agency, recorded_at=when)

    def story(self, pathway: str, name: str, born: date, by: str, *said: Said, group: uuid.UUID | None = None) -> Case:
        """A case of a new person, with what happened in it; said by `by` where an event names nobody else."""
        first, *rest = said
        who = self.person(name, born)
        case = self.open(
            pathway, who, first.days, first.kind, first.by or by, hour=first.hour, group=group, answers=first.answers
        )
        for one in rest:
            self.tell(case, one.days, one.kind, one.by or by, hour=one.hour, **one.answers)
        return case

    def day(self, ahead: int) -> str:
        return (self.now + timedelta(days=ahead)).date().isoformat()


def marac(make: Making) -> dict[str, Case]:
    """A repeat with one child heard and one not; a first referral; a plan with a late action."""
    repeat = make.story(
        "domestic_abuse", "Leah Barnes", date(1993, 4, 2), POLICE,
        said(200, "risk_graded", risk="high", ticks=16),
        said(199, "referred", criteria=["ticks"], what_happened="He broke the door and held her by the throat."),
        said(180, "heard", each_child_heard="none", safety_plan="New locks, flags on the address."),
        said(30, "incident_reported", what=["stalking"], to_police=True),
        said(9, "referred", criteria=["repeat", "escalation"], what_happened="He waited outside the school.",
             victim_said="I sleep with the chair against the door."),
        said(8, "child_added", SCHOOL, child="Noah Barnes", age=9),
        said(8, "child_added", SCHOOL, child="Ivy Barnes", age=5),
        said(5, "child_heard", SCHOOL, child="noah  barnes", how="spoken_to", child_said="I listen for his car."),
        said(8, "idva_contacted", "domestic_abuse_service", reached=True),
    )  # fmt: skip
    first = make.story(
        "domestic_abuse", "Zofia Nowak", date(1988, 9, 9), POLICE,
        said(4, "referred", criteria=["professional_judgement"]),
        said(3, "child_added", SCHOOL, child="Jan Nowak", age=3),
    )  # fmt: skip
    agreed = ((1, "housing", "Offer a tenancy", -6), (2, HEALTH, "Flag the record", 9), (3, POLICE, "Visit the perpetrator", -10))
    plan = make.story(
        "domestic_abuse", "Grace Abbott", date(1979, 1, 30), POLICE,
        said(60, "referred", criteria=["ticks"]),
        said(40, "heard", safety_plan="Move, with the adviser."),
        *(said(40, "action_agreed", number=number, agency=make.agencies[agency].slug, what=what, due_on=make.day(due))
          for number, agency, what, due in agreed),
        said(12, "action_closed", number=3, how="done"),
    )  # fmt: skip
    return {"repeat": repeat, "first": first, "plan": plan}


def missing(make: Making) -> dict[str, Case]:
    """One missing now whose absence was reported twice; one back without an interview, late; one who keeps going."""
    now = make.story(
        "missing", "Ellis Ward", date(2011, 3, 3), POLICE,
        said(1.4, "reported_missing", risk="high", worries=["criminal_exploitation", "with_older"],
             last_seen_where="Nelson bus station", **{"from": "care"}),
        said(1.3, "report_joined", SCHOOL, who_told="School"),
    )  # fmt: skip
    back = make.story(
        "missing", "Ruby Shah", date(2012, 6, 20), POLICE,
        said(6, "reported_missing", risk="medium", **{"from": "home"}),
        said(5.5, "found", how="police", where="Preston railway station", condition="well"),
    )  # fmt: skip
    times = (
        (
            said(start, "reported_missing", hour=21, risk="medium"),
            said(start - 1, "found", hour=7, how="family", where="Talbot Road arcade"),
            said(start - 1, "prevention_interview_held", hour=9, child_said="I was with my mates."),
        )
        for start in (64, 36, 15, 8)
    )
    often = make.story(
        "missing", "Kai Doyle", date(2010, 11, 8), POLICE,
        *(one for time in times for one in time),
        said(6, "return_interview_held", CARE, why_left=["argument", "exploited"], with_whom="A man called Tee",
             exploitation_signs=False, child_said="He buys me trainers."),
    )  # fmt: skip
    return {"now": now, "back": back, "often": often}


def allegations(make: Making) -> dict[str, Case]:
    """One followed with an employer who has not reported; one to consider; one with an outcome."""
    school = make.agencies[SCHOOL].slug
    followed = make.story(
        "allegation", "Martin Cole", date(1971, 2, 2), CARE,
        said(118, "lado_notified", SCHOOL, contact="allegation", sector="education", category="physical", employer=school),
        said(117, "initial_consideration", outcome="strategy_meeting", strands=["police", "section_47", "employer"]),
        said(60, "strand_ended", POLICE, strand="police", result="no_action"),
        said(40, "update_asked", agency=school, due_on=make.day(-20)),
        said(10, "update_escalated", agency=school, to_whom="The chair of governors"),
    )  # fmt: skip
    new = make.story(
        "allegation", "Dawn Reeve", date(1985, 5, 5), CARE,
        said(1, "lado_notified", SCHOOL, contact="allegation", sector="early_years", category="conduct"),
    )  # fmt: skip
    done = make.story(
        "allegation", "Peter Shaw", date(1966, 7, 7), CARE,
        said(400, "lado_notified", SCHOOL, sector="foster_care", category="emotional"),
        said(399, "initial_consideration", outcome="lado_action", strands=["employer"]),
        said(20, "outcome_reached", outcome="substantiated", category="emotional"),
        said(15, "removed_from_regulated_activity", how="dismissed"),
    )  # fmt: skip
    return {"followed": followed, "new": new, "done": done}


def health(make: Making) -> dict[str, Case]:
    """A child placed far away, refused there; one whose consent is missing; one with an appointment."""
    away = make.story(
        "looked_after", "Tyler Moss", date(2014, 8, 8), CARE,
        said(24, "became_looked_after", legal_status="C1"),
        said(20, "iha_requested", consent="sent", details_complete=True, out_of_area=True),
        said(19, "iha_asked_of_other_area", HEALTH, area="Cumbria"),
        said(12, "other_area_answered", HEALTH, area="Cumbria", answer="no_capacity"),
    )  # fmt: skip
    consent = make.story(
        "looked_after", "Mia Lund", date(2019, 1, 12), CARE,
        said(11, "became_looked_after", legal_status="V2"),
        said(8, "iha_requested", consent="missing", details_complete=False),
        said(2, "iha_details_completed", found=["nhs_number"]),
    )  # fmt: skip
    ready = make.story(
        "looked_after", "Omar Aziz", date(2009, 9, 1), CARE,
        said(13, "became_looked_after", legal_status="C2"),
        said(12, "iha_requested", consent="not_needed", details_complete=True),
        said(10, "iha_appointment_offered", HEALTH, planned_for=make.day(3)),
    )  # fmt: skip
    return {"away": away, "consent": consent, "ready": ready}


def private_fostering(make: Making) -> dict[str, Case]:
    """Two sisters visited and not seen alone; one notified lately."""
    group = uuid.uuid4()
    notified = said(75, "notified", notifier="school", planned_start=make.day(-80), why="study")
    visited = said(68, "visited", child_seen=True, child_seen_alone=False, child_said="I miss my mum’s soup.")
    assessed = said(30, "assessed", suitable="with_requirements")
    older = make.story(
        "private_fostering", "Linh Tran", date(2013, 2, 2), CARE, notified, visited, assessed, group=group
    )
    younger = make.story("private_fostering", "Mai Tran", date(2015, 4, 4), CARE, notified, visited, group=group)
    new = make.story(
        "private_fostering", "Aaron Kent", date(2012, 12, 1), CARE,
        said(2, "notified", notifier="carer", planned_start=make.day(-3)),
    )  # fmt: skip
    return {"older": older, "younger": younger, "new": new}


def early_help(make: Making) -> dict[str, Case]:
    """Pending for two years and chased; pending for a month and never chased; agreed and being assessed."""
    old = make.story(
        "early_help", "Corey Platt", date(2012, 1, 1), "early_help_service",
        said(730, "early_help_requested", SCHOOL, requestor="Mrs Hill", **{"from": "own_agency"}),
        said(600, "requestor_chased", answer="no_answer"),
        said(300, "requestor_chased", answer="no_answer"),
        said(45, "requestor_chased", answer="not_completing"),
    )  # fmt: skip
    month = make.story(
        "early_help", "Ella Frost", date(2016, 3, 9), SCHOOL, said(31, "early_help_requested", requestor="Mr Gale")
    )
    agreed = make.story(
        "early_help", "Sam Otway", date(2018, 3, 9), SCHOOL, said(12, "consent_given", by_whom="His mother")
    )
    return {"old": old, "month": month, "agreed": agreed}


def custody(make: Making) -> dict[str, Case]:
    """A sentence with a late visit and a strip search; a remand of yesterday."""
    inside = make.story(
        "custody", "Reece Dunn", date(2009, 5, 5), "youth_justice",
        said(70, "sentenced", months=8, establishment="young_offender_institution", where="Wetherby", release_on=make.day(12)),
        said(40, "visited", seen_alone=True, worry=False, child_said="I want to go to my nan’s."),
        said(6, "strip_search_notified", reason="Search of the wing", adult_there=False),
    )  # fmt: skip
    remand = make.story(
        "custody", "Jay Holt", date(2010, 10, 10), "youth_justice",
        said(1, "remanded", establishment="secure_home", where="Barton Moss"),
    )  # fmt: skip
    return {"inside": inside, "remand": remand}


def child_deaths(make: Making) -> dict[str, Case]:
    """One gathering, with a form late and chased; one reviewed by the panel."""
    board, school = "integrated_care_board", make.agencies[SCHOOL].slug
    gathering = make.story(
        "child_death", "Baby Lowe", date(2026, 5, 1), board,
        said(60, "child_died", HEALTH, place="home", expected="no", unexpected=True),
        said(59, "notified", HEALTH),
        *(said(50, "form_asked", agency=make.agencies[agency].slug) for agency in (POLICE, SCHOOL, CARE)),
        said(30, "form_returned", POLICE, agency=make.agencies[POLICE].slug, holds="known", summary="One call in 2025."),
        said(20, "form_chased", agency=school, how="call"),
        said(10, "form_chased", agency=school, how="call"),
    )  # fmt: skip
    reviewed = make.story(
        "child_death", "Aisha Begum", date(2020, 5, 1), HEALTH,
        said(300, "child_died", place="hospital", expected="yes"),
        said(298, "key_worker_named", who="Nurse Patel"),
        said(200, "review_meeting_held"),
        said(90, "panel_reviewed", board, category="malignancy", domain_a="2", domain_b="1", domain_c="0", domain_d="1",
             modifiable="none", learning="Share the care plan with the school."),
    )  # fmt: skip
    return {"gathering": gathering, "reviewed": reviewed}


EVERY = {
    "marac": marac,
    "missing": missing,
    "allegations": allegations,
    "health_assessments": health,
    "private_fostering": private_fostering,
    "early_help_pending": early_help,
    "custody": custody,
    "child_deaths": child_deaths,
}
"""Board -> what makes cases for it."""


def agencies_in(area: Area) -> dict[str, Organisation]:
    """An agency of each kind, made where there is none."""
    found: dict[str, Organisation] = {}
    for kind, role in current_library().roles.roles.items():
        row = Organisation.objects.filter(kind=kind, active=True).order_by("-safeguarding_partner", "pk").first()
        found[kind] = row or Organisation.objects.create(slug=f"a_{kind}", title=role.title, kind=kind, area=area)
    return found
