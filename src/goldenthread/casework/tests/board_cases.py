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
            given, family, born=born, area=self.area, organisation=self.agencies["childrens_social_care"]
        )

    def ago(self, days: float, hour: int | None = None) -> datetime:
        """So many days ago; at an hour of the clock where one is given."""
        moment = (self.now - timedelta(days=days)).astimezone(LONDON)
        if hour is not None:
            moment = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
        return min(moment, self.now - timedelta(minutes=2))

    def open(
        self, pathway: str, who: Person | Organisation, days: float, kind: str, by: str = "childrens_social_care", *,
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
        self, case: Case, days: float, kind: str, by: str = "childrens_social_care", *, hour: int | None = None, **data: Any
    ) -> None:
        when, agency = self.ago(days, hour), self.agencies[by]
        here = Case.objects.get(pk=case.pk)
        RecordEvent(self.system).run(here, kind, when, data, organisation=agency, recorded_at=when)

    def day(self, ahead: int) -> str:
        return (self.now + timedelta(days=ahead)).date().isoformat()


def marac(make: Making) -> dict[str, Case]:
    """A repeat with one child heard and one not; a first referral; a plan with a late action."""
    police, service = "police", "domestic_abuse_service"
    leah = make.open(
        "domestic_abuse",
        make.person("Leah Barnes", date(1993, 4, 2)),
        200,
        "risk_graded",
        police,
        risk="high",
        ticks=16,
    )
    make.tell(
        leah,
        199,
        "referred",
        police,
        criteria=["ticks"],
        what_happened="He broke the door and held her by the throat.",
    )
    make.tell(leah, 180, "heard", police, each_child_heard="none", safety_plan="New locks, flags on the address.")
    make.tell(leah, 30, "incident_reported", police, what=["stalking"], to_police=True)
    make.tell(
        leah,
        9,
        "referred",
        police,
        criteria=["repeat", "escalation"],
        what_happened="He waited outside the school.",
        victim_said="I sleep with the chair against the door.",
    )
    for child, age in (("Noah Barnes", 9), ("Ivy Barnes", 5)):
        make.tell(leah, 8, "child_added", "school", child=child, age=age)
    make.tell(
        leah, 5, "child_heard", "school", child="noah  barnes", how="spoken_to", child_said="I listen for his car."
    )
    make.tell(leah, 8, "idva_contacted", service, reached=True)
    first = make.open(
        "domestic_abuse",
        make.person("Zofia Nowak", date(1988, 9, 9)),
        4,
        "referred",
        police,
        criteria=["professional_judgement"],
    )
    make.tell(first, 3, "child_added", "school", child="Jan Nowak", age=3)
    plan = make.open(
        "domestic_abuse", make.person("Grace Abbott", date(1979, 1, 30)), 60, "referred", police, criteria=["ticks"]
    )
    make.tell(plan, 40, "heard", police, safety_plan="Move, with the adviser.")
    for number, agency, due in ((1, "housing", -6), (2, "health_provider", 9), (3, "police", -10)):
        make.tell(
            plan,
            40,
            "action_agreed",
            police,
            number=number,
            agency=make.agencies[agency].slug,
            what=("Offer a tenancy", "Flag the record", "Visit the perpetrator")[number - 1],
            due_on=make.day(due),
        )
    make.tell(plan, 12, "action_closed", police, number=3, how="done")
    return {"repeat": leah, "first": first, "plan": plan}


def missing(make: Making) -> dict[str, Case]:
    """One missing now whose absence was reported twice; one back without an interview, late; one who keeps going."""
    told, care = "police", "childrens_social_care"
    ellis = make.open(
        "missing",
        make.person("Ellis Ward", date(2011, 3, 3)),
        1.4,
        "reported_missing",
        told,
        risk="high",
        worries=["criminal_exploitation", "with_older"],
        last_seen_where="Nelson bus station",
        **{"from": "care"},
    )
    make.tell(ellis, 1.3, "report_joined", "school", who_told="School")
    back = make.open(
        "missing",
        make.person("Ruby Shah", date(2012, 6, 20)),
        6,
        "reported_missing",
        told,
        risk="medium",
        **{"from": "home"},
    )
    make.tell(back, 5.5, "found", told, how="police", where="Preston railway station", condition="well")
    often = make.open(
        "missing", make.person("Kai Doyle", date(2010, 11, 8)), 64, "reported_missing", told, hour=21, risk="medium"
    )
    for start in (64, 36, 15, 8):
        if start < 64:
            make.tell(often, start, "reported_missing", told, hour=21, risk="medium")
        make.tell(often, start - 1, "found", told, hour=7, how="family", where="Talbot Road arcade")
        make.tell(often, start - 1, "prevention_interview_held", told, hour=9, child_said="I was with my mates.")
    make.tell(
        often,
        6,
        "return_interview_held",
        care,
        why_left=["argument", "exploited"],
        with_whom="A man called Tee",
        exploitation_signs=False,
        child_said="He buys me trainers.",
    )
    return {"now": ellis, "back": back, "often": often}


def allegations(make: Making) -> dict[str, Case]:
    """One followed with an employer who has not reported; one to consider; one with an outcome."""
    care = "childrens_social_care"
    followed = make.open(
        "allegation",
        make.person("Martin Cole", date(1971, 2, 2)),
        118,
        "lado_notified",
        "school",
        contact="allegation",
        sector="education",
        category="physical",
        employer=make.agencies["school"].slug,
    )
    make.tell(
        followed,
        117,
        "initial_consideration",
        care,
        outcome="strategy_meeting",
        strands=["police", "section_47", "employer"],
    )
    make.tell(followed, 60, "strand_ended", "police", strand="police", result="no_action")
    make.tell(followed, 40, "update_asked", care, agency=make.agencies["school"].slug, due_on=make.day(-20))
    make.tell(
        followed, 10, "update_escalated", care, agency=make.agencies["school"].slug, to_whom="The chair of governors"
    )
    new = make.open(
        "allegation",
        make.person("Dawn Reeve", date(1985, 5, 5)),
        1,
        "lado_notified",
        "school",
        contact="allegation",
        sector="early_years",
        category="conduct",
    )
    done = make.open(
        "allegation",
        make.person("Peter Shaw", date(1966, 7, 7)),
        400,
        "lado_notified",
        "school",
        sector="foster_care",
        category="emotional",
    )
    make.tell(done, 399, "initial_consideration", care, outcome="lado_action", strands=["employer"])
    make.tell(done, 20, "outcome_reached", care, outcome="substantiated", category="emotional")
    make.tell(done, 15, "removed_from_regulated_activity", care, how="dismissed")
    return {"followed": followed, "new": new, "done": done}


def health(make: Making) -> dict[str, Case]:
    """A child placed far away, refused there; one whose consent is missing; one with an appointment."""
    nurse, care = "health_provider", "childrens_social_care"
    away = make.open(
        "looked_after", make.person("Tyler Moss", date(2014, 8, 8)), 24, "became_looked_after", legal_status="C1"
    )
    make.tell(away, 20, "iha_requested", care, consent="sent", details_complete=True, out_of_area=True)
    make.tell(away, 19, "iha_asked_of_other_area", nurse, area="Cumbria")
    make.tell(away, 12, "other_area_answered", nurse, area="Cumbria", answer="no_capacity")
    consent = make.open(
        "looked_after", make.person("Mia Lund", date(2019, 1, 12)), 11, "became_looked_after", legal_status="V2"
    )
    make.tell(consent, 8, "iha_requested", care, consent="missing", details_complete=False)
    make.tell(consent, 2, "iha_details_completed", care, found=["nhs_number"])
    ready = make.open(
        "looked_after", make.person("Omar Aziz", date(2009, 9, 1)), 13, "became_looked_after", legal_status="C2"
    )
    make.tell(ready, 12, "iha_requested", care, consent="not_needed", details_complete=True)
    make.tell(ready, 10, "iha_appointment_offered", nurse, planned_for=make.day(3))
    return {"away": away, "consent": consent, "ready": ready}


def private_fostering(make: Making) -> dict[str, Case]:
    """Two sisters visited and not seen alone; one notified lately."""
    group = uuid.uuid4()
    sisters = [
        make.open(
            "private_fostering",
            make.person(name, born),
            75,
            "notified",
            group=group,
            notifier="school",
            planned_start=make.day(-80),
            why="study",
        )
        for name, born in (("Linh Tran", date(2013, 2, 2)), ("Mai Tran", date(2015, 4, 4)))
    ]
    for one in sisters:
        make.tell(one, 68, "visited", child_seen=True, child_seen_alone=False, child_said="I miss my mum’s soup.")
    make.tell(sisters[0], 30, "assessed", suitable="with_requirements")
    new = make.open(
        "private_fostering",
        make.person("Aaron Kent", date(2012, 12, 1)),
        2,
        "notified",
        notifier="carer",
        planned_start=make.day(-3),
    )
    return {"older": sisters[0], "younger": sisters[1], "new": new}


def early_help(make: Making) -> dict[str, Case]:
    """Pending for two years and chased; pending for a month and never chased; agreed and being assessed."""
    old = make.open(
        "early_help",
        make.person("Corey Platt", date(2012, 1, 1)),
        730,
        "early_help_requested",
        "school",
        requestor="Mrs Hill",
        **{"from": "own_agency"},
    )
    for days in (600, 300, 45):
        make.tell(
            old, days, "requestor_chased", "early_help_service", answer="no_answer" if days > 45 else "not_completing"
        )
    month = make.open(
        "early_help",
        make.person("Ella Frost", date(2016, 3, 9)),
        31,
        "early_help_requested",
        "school",
        requestor="Mr Gale",
    )
    agreed = make.open(
        "early_help", make.person("Sam Otway", date(2018, 3, 9)), 12, "consent_given", "school", by_whom="His mother"
    )
    return {"old": old, "month": month, "agreed": agreed}


def custody(make: Making) -> dict[str, Case]:
    """A sentence with a late visit and a strip search; a remand of yesterday."""
    team = "youth_justice"
    inside = make.open(
        "custody",
        make.person("Reece Dunn", date(2009, 5, 5)),
        70,
        "sentenced",
        team,
        months=8,
        establishment="young_offender_institution",
        where="Wetherby",
        release_on=make.day(12),
    )
    make.tell(inside, 40, "visited", team, seen_alone=True, worry=False, child_said="I want to go to my nan’s.")
    make.tell(inside, 3, "strip_search_notified", team, reason="Search of the wing", adult_there=False)
    remand = make.open(
        "custody",
        make.person("Jay Holt", date(2010, 10, 10)),
        1,
        "remanded",
        team,
        establishment="secure_home",
        where="Barton Moss",
    )
    return {"inside": inside, "remand": remand}


def child_deaths(make: Making) -> dict[str, Case]:
    """One gathering, with a form late and chased; one reviewed by the panel."""
    health, board = "health_provider", "integrated_care_board"
    gathering = make.open(
        "child_death",
        make.person("Baby Lowe", date(2026, 5, 1)),
        60,
        "child_died",
        health,
        place="home",
        expected="no",
        unexpected=True,
    )
    make.tell(gathering, 59, "notified", health)
    for agency in ("police", "school", "childrens_social_care"):
        make.tell(gathering, 50, "form_asked", board, agency=make.agencies[agency].slug)
    make.tell(
        gathering,
        30,
        "form_returned",
        "police",
        agency=make.agencies["police"].slug,
        holds="known",
        summary="One call in 2025.",
    )
    for days in (20, 10):
        make.tell(gathering, days, "form_chased", board, agency=make.agencies["school"].slug, how="call")
    reviewed = make.open(
        "child_death",
        make.person("Aisha Begum", date(2020, 5, 1)),
        300,
        "child_died",
        health,
        place="hospital",
        expected="yes",
    )
    make.tell(reviewed, 298, "key_worker_named", health, who="Nurse Patel")
    make.tell(reviewed, 200, "review_meeting_held", health)
    make.tell(
        reviewed,
        90,
        "panel_reviewed",
        board,
        category="malignancy",
        domain_a="2",
        domain_b="1",
        domain_c="0",
        domain_d="1",
        modifiable="none",
        learning="Share the care plan with the school.",
    )
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
