"""What the demo's partnership itself agreed to do, one action in each state of the register, and the first reminders of the
people who can sign in.

Recorded by actions, after the history that is told in bulk. Nobody here is real.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.test.utils import override_settings

from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.foundation.actor import SystemActor
from goldenthread.sharing.actions.reminding import remind

from .accounts import Account

UNIT = "joint_business_unit"
GREEN, AMBER, RED = "green", "amber", "red"
DAYS = ("due_on", "evidence_dated")

#: What, agency, from, where, by which figure, days since agreed, days until due, and what came after: event, days ago, answers.
Later = tuple[tuple[str, int, dict[str, Any]], ...]
Line = tuple[str, str, str, str, str, int, int, Later]
SECOND_SCREENER = "Put a second screener on at the front door from Monday to Wednesday."
AGREED: tuple[Line, ...] = (
    ("Ask in every notification who else lives in the home, and write down their names.", "lancashire_constabulary", "review",
     "Rapid review, spring", "adults_recorded_in_notifications", 150, 20,
     (("progressed", 30, {"progress": AMBER, "said": "The form is changed. The supplier has not released it.",
                          "evidence": "Draft form", "evidence_dated": -40}),)),
    ("Train the duty teams in what neglect looks like in under-twos.", "lcc_csc", "audit", "Neglect audit", "graded_good_neglect",
     120, -12, (("progressed", 45, {"progress": RED, "said": "Two of six sessions were held; trainers are off sick."}),)),
    ("Send health reports to conferences two working days before.", "lcft", "audit", "Conference audit",
     "reports_in_time", 90, 40,
     (("progressed", 10, {"progress": GREEN, "said": "A coordinator now chases each one.", "evidence": "Rota",
                          "evidence_dated": -14}),)),
    ("Write the protocol for children who move between districts.", "lcc_csc", "meeting", "Partnership board", "", 60, 60, ()),
    ("Put the inspectors' letter into the plan of each service.", "lcc_csc", "inspection", "Joint inspection",
     "plan_actions_done", 200, -60,
     (("done", 70, {"said": "Every service has it.", "evidence": "Plans of six services", "evidence_dated": -75}),)),
    ("Cover the named doctor's post.", "lcft", "risk", "Risk register, line 4", "designated_posts_filled", 210, -90,
     (("done", 100, {"said": "A locum began.", "evidence": "Contract", "evidence_dated": -104}),
      ("impact_judged", 12, {"worked": "improved", "before": 0, "after": 1, "what_changed": "Medicals are held in two days."}),
      ("case_closed", 11, {"how": "worked"}))),
    ("Tell schools the same day when a child is missing.", "lancashire_constabulary", "review", "Learning review",
     "schools_told_same_day", 400, -260,
     (("done", 265, {"said": "The desk rings.", "evidence": "Log", "evidence_dated": -270}),
      ("impact_judged", 120, {"worked": "improved", "before": 40, "after": 93, "what_changed": "Nine in ten are told."}),
      ("case_closed", 118, {"how": "worked"}),
      ("reopened", 25, {"reason": "recurred", "seen_where": "Return interviews of two schools",
                        "agency": "lancashire_constabulary", "due_on": 35}))),
    ("Read each plan of over 15 months with the team.", "lcc_csc", "challenge", "Challenge by the scrutineer",
     "plans_over_15_months", 170, -80,
     (("done", 85, {"said": "All 40 were read.", "evidence": "List with outcomes", "evidence_dated": -88}),
      ("impact_judged", 6, {"worked": "no_change", "before": 38, "after": 37, "what_changed": "As many as before."}),
      ("case_closed", 5, {"how": "done_no_effect"}))),
    (SECOND_SCREENER, "lcc_csc", "audit", "Front door audit", "contacts_screened_in_time", 430, -390,
     (("done", 385, {"said": "She began on the Monday.", "evidence": "Rota", "evidence_dated": -385}),
      ("impact_judged", 190, {"worked": "no_change", "what_changed": "At six months the chart had too few points to tell."}),
      ("case_closed", 188, {"how": "done_no_effect"}))),
)  # fmt: skip

@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_agreed_work(actor: SystemActor, people: list[Account], now: datetime) -> None:
    """The actions, and the notices that the night would have given by now."""
    unit = Organisation.objects.get(slug=UNIT)
    agencies = {one.slug: one for one in Organisation.objects.filter(slug__in={line[1] for line in AGREED})}
    for line in AGREED:
        if line[1] in agencies:
            _agreed(actor, unit, agencies[line[1]], line, now)
    names = [one.worker.username for one in people]
    remind(now, among=Q(worker__in=User.objects.filter(username__in=names)))


def _agreed(actor: SystemActor, unit: Organisation, agency: Organisation, line: Line, now: datetime) -> None:
    what, _, source, where, measure, ago, due, later = line
    when = now - timedelta(days=ago)
    given = {"what": what, "agency": agency.slug, "source": source, "agreed_at": where, "measure": measure,
             "due_on": (now + timedelta(days=due)).date().isoformat()}  # fmt: skip
    case = OpenCase(actor).run(
        "action", agency, when, {name: value for name, value in given.items() if value}, lead=unit, organisation=unit,
        recorded_at=when,
    )  # fmt: skip
    _follow(actor, case, later, unit, now)


def _follow(actor: SystemActor, case: Case, later: Later, organisation: Organisation, now: datetime) -> None:
    """What came after, each on its day. A day is given as so many from now."""
    for kind, ago, answers in later:
        when = now - timedelta(days=ago)
        data = {name: _day(now, value) if name in DAYS and isinstance(value, int) else value for name, value in answers.items()}
        RecordEvent(actor).run(case, kind, when, data, organisation=organisation, recorded_at=when)


def _day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()
