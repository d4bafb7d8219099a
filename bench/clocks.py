"""Recompute every duty of many cases, beside a bare pass of numpy.busday_offset over the same dates.

The cases follow shipped pathways in the proportions of a county: half contacts with agencies asked, the rest
referrals, assessments, enquiries, plans and looked-after children with years of visits. They are made in batches and
only the engine's own work is timed; memory stays that of one batch, so growth shows in time alone.
"""

from __future__ import annotations

import gc
import random
import time
from datetime import date, datetime, timedelta

import numpy as np

from goldenthread.clocks.calendar import LONDON, calendar_for
from goldenthread.clocks.engine import Happening, Subject, programs_for, run_all
from goldenthread.guidance.library import shipped

from .table import show

BATCH = 20_000
AS_OF = datetime(2026, 11, 1, 12, tzinfo=LONDON)
CaseInput = tuple[str, Subject, list[Happening]]


def cases(count: int, seed: int) -> list[CaseInput]:
    """Cases of the front door and of children's social care, in a county's proportions."""
    chance = random.Random(seed)
    return [_case(chance) for _ in range(count)]


def _case(chance: random.Random) -> CaseInput:
    opened = date(2024, 1, 1) + timedelta(days=chance.randrange(900))
    subject = Subject(opened - timedelta(days=chance.randrange(30, 6000)), chance.choice(["female", "male"]))
    hour = datetime(opened.year, opened.month, opened.day, chance.randrange(8, 18), tzinfo=LONDON)
    turn = chance.random()
    events: list[tuple[str, float, dict[str, object]]]
    if turn < 0.5:
        agencies = chance.sample(
            ["police", "school", "health_visitor", "gp", "housing"], chance.choice([0, 1, 2, 2, 3])
        )
        timed: list[tuple[str, float, dict[str, object]]] = [("contact_received", 0, {"source": "police"})]
        timed.append(("screened", 1, {"priority": chance.choice(["red", "amber", "green"])}))
        timed += [("agency_asked", 1.2, {"agency": name}) for name in agencies]
        timed += [("agency_answered", 1.2 + chance.uniform(0.5, 4), {"agency": name}) for name in agencies]
        timed += [
            ("decided", 6, {"outcome": chance.choice(["referral", "no_further_action"])}),
            ("referrer_told", 20, {}),
        ]
        timed.sort(key=lambda one: one[1])
        return (
            "contact",
            subject,
            [
                Happening.on(number, kind, hour + timedelta(hours=at), data)
                for number, (kind, at, data) in enumerate(timed)
            ],
        )
    if turn < 0.72:
        pathway = "referral"
        events = [("referral_received", 0, {}), ("referral_decided", 1, {"outcome": "assessment"})]
    elif turn < 0.87:
        pathway = "assessment"
        events = [
            ("assessment_started", 1, {"referred_on": opened.isoformat()}),
            ("child_seen", 4, {}),
            ("agency_contributed", 9, {}),
            ("assessment_authorised", chance.randrange(20, 80), {}),
        ]
    elif turn < 0.91:
        pathway = "section_47"
        events = [
            ("strategy_discussion", 0, {"outcome": "section_47"}),
            ("child_seen", 1, {}),
            ("icpc_held", chance.randrange(10, 30), {"outcome": "plan"}),
        ]
    elif turn < 0.95:
        pathway = "child_in_need"
        events = [("became_child_in_need", 0, {}), ("plan_started", 8, {}), ("review_held", 80, {})]
        events += [("visited", 20.0 * number, {"child_seen": True}) for number in range(1, 9)]
    elif turn < 0.975:
        pathway = "child_protection_plan"
        events = [("plan_started", 0, {"category": "neglect"}), ("rcpc_held", 85, {}), ("rcpc_held", 250, {})]
        events += [("core_group_held", 8.0 + 38 * number, {}) for number in range(8)]
        events += [("visited", 12.0 * number, {"child_seen": True}) for number in range(1, 25)]
    else:
        pathway = "looked_after"
        events = [
            ("became_looked_after", 0, {}),
            ("placement_started", 0, {}),
            ("iha_completed", 25, {}),
            ("pep_completed", 12, {}),
            ("review_held", 26, {}),
            ("review_held", 110, {}),
            ("review_held", 280, {}),
            ("rha_completed", 380, {}),
        ]
        events += [("visited", 5.0 + 38 * number, {"child_seen": True}) for number in range(12)]
    events.sort(key=lambda one: one[1])
    return (
        pathway,
        subject,
        [
            Happening.on(number, kind, opened + timedelta(days=int(at)), data)
            for number, (kind, at, data) in enumerate(events)
        ],
    )


def measure(count: int) -> tuple[float, float, int]:
    """Seconds for the engine and for numpy over `count` cases, and how many duties there were."""
    library = shipped()
    programs = programs_for(library, "lancashire")
    calendar = calendar_for(library, "lancashire")
    holidays = np.array([date.fromordinal(day) for day in calendar.names], dtype="datetime64[D]")
    busday = np.busdaycalendar(holidays=holidays)
    ours = numpys = 0.0
    duties = 0
    for batch in range(0, count, BATCH):
        made = cases(min(BATCH, count - batch), seed=batch)
        gc.collect()
        gc.freeze()
        began = time.process_time()
        done = run_all(programs, made, AS_OF)
        ours += time.process_time() - began
        triggered = [duty.base for progress in done for duty in progress.duties]
        duties += len(triggered)
        dates = np.array(triggered, dtype="int64") - date(1970, 1, 1).toordinal()
        starts = dates.astype("datetime64[D]")
        offsets = np.full(len(starts), 15)
        began = time.process_time()
        np.busday_offset(starts, offsets, roll="backward", busdaycal=busday)
        numpys += time.process_time() - began
        gc.unfreeze()
    return ours, numpys, duties


def main(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> None:
    rows = []
    rates = []
    for size in sizes:
        ours, numpys, duties = measure(size)
        rates.append(size / ours)
        rows.append(
            (
                f"{size:,}",
                f"{duties:,}",
                f"{ours:.1f}",
                f"{size / ours:,.0f}",
                f"{duties / ours:,.0f}",
                f"{ours / numpys:.0f}",
            )
        )
    show(
        "Recompute all duties, one core",
        (
            "cases",
            "duties",
            "seconds of processor",
            "cases a second",
            "duties a second",
            "times numpy.busday_offset",
        ),
        rows,
        f"Rate at ten times the cases: {rates[-1] / rates[0]:.2f} of the rate at the smaller size (1.00 is linear). "
        "numpy only adds 15 working days to each trigger; the engine finds triggers, conditions, what met each duty, "
        "chains and state.",
    )


if __name__ == "__main__":
    main()
