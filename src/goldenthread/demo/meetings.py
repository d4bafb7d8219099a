"""Meetings of the demo: those of the last months, found by the events that their cases have of them; and those to come, which
the demo's own people arrange today. Written by the actions of `meetings`.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.test.utils import override_settings

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Group, Organisation, User
from goldenthread.casework.models import Case, Event
from goldenthread.casework.policies import CasePolicy
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.meeting import MeetingKind
from goldenthread.meetings.actions import AnswerInvitation, ArrangeMeeting, SeatGiven, SendReport
from goldenthread.meetings.actions.bringing import BringInMeetings, SatThere, WasHeld
from goldenthread.meetings.inviting import against_inviting
from goldenthread.meetings.models import Meeting, Report, Seat

from .chance import Chance

SYSTEM = SystemActor("The demo")
POLICE, HEALTH, OFFICERS, UNIT = "lancashire_constabulary", "lcft", "lcc_iro", "joint_business_unit"
USUAL = {
    "police": POLICE, "health_provider": HEALTH, "probation": "national_probation_service",
    "education_service": "lcc_education", "substance_misuse": "addaction", "early_help_service": "lcc_early_help",
}  # fmt: skip
"""Kind of agency -> which agency of that kind sits at most meetings."""
PAST, COMING = 36, 8
CAME, REPORT_ONLY, IN_TIME = 0.72, 0.4, 0.66
"""Shares where the case's own event does not say: near the 68 to 76 per cent that the boards printed for 2016-17."""
SAYS = (
    "What we know: seen as planned. What is going well: mornings are calmer and appointments are kept. What worries us: money is "
    "short and nights are hard. What has been said to us is in the person’s own words in the case."
)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_meetings(seed: int, now: datetime) -> None:
    """Past and coming meetings for a sample of cases."""
    chance = Chance(f"{seed}/meetings")
    agencies = {one.slug: one for one in Organisation.objects.all()}
    if not {POLICE, HEALTH, OFFICERS, UNIT} <= agencies.keys():
        return
    _past(chance, agencies, now)
    _coming(chance, agencies, now)


def _past(chance: Chance, agencies: dict[str, Organisation], now: datetime) -> None:
    held: list[WasHeld] = []
    for kind in current_library().meetings.values():
        if kind.covers == "none":
            continue
        told = Q(pk__in=())
        for pathway, recording in kind.records.items():
            told |= Q(case__pathway=pathway, kind=recording.held)
        rows = Event.objects.filter(
            told, occurred_on__gte=(now - timedelta(days=200)).date(), occurred_on__lt=now.date(), amends=None,
            case__restricted=False, case__subject__restricted=False,
        )  # fmt: skip
        events = rows.select_related("case__subject", "case__lead", "organisation").order_by("-occurred_on", "pk")
        for event in events[: PAST // 6]:
            holder = event.organisation if event.organisation and event.organisation.kind in kind.held_by else event.case.lead
            if holder.kind in kind.held_by:
                held.append(_was_held(chance, kind, event, holder, agencies))
    unit, board = agencies[UNIT], Group.objects.filter(members__slug=POLICE).order_by("title").first()
    if board is not None:
        for months in (2, 4):
            at = datetime.combine((now - timedelta(days=30 * months)).date(), time(10), LONDON)
            seats = [SatThere("", one, "came" if _by(chance, CAME) else "absent") for one in board.members.all()]
            held.append(WasHeld("partnership_board", unit, at, seats, group=board, issued_at=at + timedelta(days=6)))
    BringInMeetings(SYSTEM).run(held)


def _was_held(
    chance: Chance, kind: MeetingKind, event: Event, holder: Organisation, agencies: dict[str, Organisation]
) -> WasHeld:
    at = event.occurred_at or datetime.combine(event.occurred_on, time(10), LONDON)
    said = event.data.get("attended")
    seats: list[SatThere] = []
    taken: set[int] = set()
    for name, rule in kind.seats.items():
        agency = event.case.lead if event.case.lead.kind in rule.kinds else _usual(rule.kinds, agencies)
        counted = rule.counted_as or name
        known = isinstance(said, list) and counted in said
        if agency is None or agency.pk in taken or not (known or rule.must or _by(chance, 0.35)):
            continue
        taken.add(agency.pk)
        there = known or (not isinstance(said, list) and _by(chance, CAME))
        sent = rule.report and (_by(chance, 0.85) if there else _by(chance, REPORT_ONLY))
        early = 4 if _by(chance, IN_TIME) else 1
        came_on = at.date() - timedelta(days=early + 2) if sent else None
        shared = at.date() - timedelta(days=early + 1) if sent and _by(chance, 0.7) else None
        seats.append(SatThere(name, agency, "came" if there else "absent", came_on, shared))
    issued = at + timedelta(days=4)
    return WasHeld(kind.id, holder, at, seats, event.case, event, chair=kind.chair, issued_at=issued)


def _by(chance: Chance, share: float) -> bool:
    return chance.between(0, 1) < share


def _usual(kinds: list[str], agencies: dict[str, Organisation]) -> Organisation | None:
    return next((agencies[USUAL[one]] for one in kinds if one in USUAL and USUAL[one] in agencies), None)


def _coming(chance: Chance, agencies: dict[str, Organisation], now: datetime) -> None:
    people = {one.username: actor_for(one) for one in User.objects.filter(username__in=(
        "reviewing.officer", "police.officer", "business.manager"))}  # fmt: skip
    officer, police, manager = (people.get(one) for one in ("reviewing.officer", "police.officer", "business.manager"))
    first = now.astimezone(LONDON).date()
    if officer is not None:
        for number, (case, kind) in enumerate(_cases(officer, "family")[:COMING]):
            at = datetime.combine(first + timedelta(days=2 + 2 * number), time(10 + number % 5), LONDON)
            _arranged(chance, officer, kind, agencies[OFFICERS], at, [case], agencies)
    if police is not None:
        heard = [case for case, kind in _cases(police, "cases") if "domestic" in kind.about][:4]
        conference = next((one for one in current_library().meetings.values() if "domestic" in one.about), None)
        if conference is not None:
            at = datetime.combine(first + timedelta(days=3), time(9, 30), LONDON)
            _arranged(chance, police, conference, agencies[POLICE], at, heard, agencies)
    board = Group.objects.filter(members__slug=POLICE).order_by("title").first()
    if manager is not None and board is not None:
        at = datetime.combine(first + timedelta(days=9), time(14), LONDON)
        seats = [SeatGiven(organisation=one) for one in board.members.all()]
        ArrangeMeeting(manager).run("partnership_board", agencies[UNIT], at, group=board, seats=seats, place="County Hall")


def _cases(actor: Actor, covers: str) -> list[tuple[Case, MeetingKind]]:
    """Open cases that the actor sees and holds meetings about, with the kind of meeting."""
    found = []
    for kind in current_library().meetings.values():
        if kind.covers != covers or actor.organisation_kind not in kind.held_by:
            continue
        rows = CasePolicy.visible_to(actor).filter(
            pathway__in=kind.records, is_open=True, restricted=False, subject__restricted=False
        )
        found += [(case, kind) for case in rows.select_related("subject", "lead").order_by("reference")[: COMING // 2]]
    return found


def _arranged(
    chance: Chance, actor: Actor, kind: MeetingKind, holder: Organisation, at: datetime, cases: list[Case],
    agencies: dict[str, Organisation],
) -> None:  # fmt: skip
    seats, taken = [], set()
    for name, rule in kind.seats.items():
        lead = cases[0].lead if cases else None
        agency = lead if lead is not None and lead.kind in rule.kinds else _usual(rule.kinds, agencies)
        if agency is None or agency.pk in taken or not (rule.must or agency.slug == HEALTH):
            continue
        if not (kind.covers == "family" and any(against_inviting(actor, case, agency) for case in cases)):
            taken.add(agency.pk)
            seats.append(SeatGiven(name, agency))
    act = ArrangeMeeting(actor)
    meeting: Meeting = act.run(kind.id, holder, at, cases=cases, seats=seats, place="Civic centre", chair=kind.chair)
    for seat in Seat.objects.filter(meeting=meeting):
        if _by(chance, 0.6):
            AnswerInvitation(SYSTEM).run(seat, "coming" if _by(chance, 0.85) else "apologies")
    for report in Report.objects.filter(page__meeting=meeting).select_related("page__meeting", "seat__organisation"):
        if _by(chance, 0.45):
            SendReport(SYSTEM).run(report, SAYS)
