"""Work a due date out again with every step shown: what the engine skipped to be quick, done when somebody asks why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from .calendar import CalendarTooShort
from .duty import Circumstances, ComputedDuty
from .interval import after, before
from .proof import Proof, Step, in_words

_PLAIN = Circumstances()


def prove(duty: ComputedDuty) -> Proof:
    """The proof of one due date. Never raises: where the calendar does not reach, the proof says so."""
    rule, bent = duty.clock.rule, duty.bent or _PLAIN
    try:
        proof = _reckon(duty, bent)
    except CalendarTooShort as error:
        why = str(error)
        proof = Proof(
            None,
            f"{rule.title}: the day cannot be worked out",
            (Step(why[:1].upper() + why[1:]),),
            certain=False,
        )
    steps = list(proof.steps)
    if bent.deemed_from is not None:
        counted_from = in_words(date.fromordinal(duty.base))
        steps.insert(
            0, Step(f"Received {in_words(bent.deemed_from)}: out of hours, so counted from {counted_from}")
        )
    due = proof.due
    if bent.extended is not None:
        given, event = bent.extended
        steps.append(
            Step(
                f"Would have been due {in_words(due) if due else 'on a day not known'}; extended on "
                f"{in_words(event.day)} to {in_words(given)}"
            )
        )
        due = given
    outcome = ""
    if duty.status == "waiting" and duty.reason.startswith("Paused"):
        outcome = f"{duty.reason}. The due day is worked out when the clock runs again."
        due = None
    elif duty.met is not None:
        outcome = f"Met {in_words(duty.met.moment or duty.met.day)}, {'late' if duty.late else 'in time'}"
    elif duty.status in ("cancelled", "excused"):
        outcome = f"{duty.status.capitalize()}: {duty.reason}"
    return replace(proof, due=due, steps=tuple(steps), outcome=outcome, reference=rule.reference)


def _reckon(duty: ComputedDuty, bent: Circumstances) -> Proof:
    rule, calendar = duty.clock.rule, duty.clock.calendar
    day = date.fromordinal(duty.base)
    start = duty.moment or day
    if rule.midway is not None:
        end = bent.half_way_to
        assert end is not None
        length = (end - day).days
        return Proof(
            date.fromordinal(duty.due_day),
            f"Half way from {in_words(day)} to {in_words(end)}",
            (Step(f"{length} days in all{'; the half day is left off' if length % 2 else ''}."),),
        )
    if rule.before == "next school day":
        due = calendar.next_school_start(start)
        steps = [
            Step(f"{in_words(date.fromordinal(one))}: {why}")
            for one in range(duty.base + 1, due.date().toordinal())
            if (why := calendar.why_no_school(one))
        ]
        return Proof(due, f"Before the next school day starts, after {in_words(start)}", tuple(steps))
    if rule.by is not None:
        return before(duty.value, start, calendar)
    return after(duty.value, start, calendar, counts_trigger_day=rule.counts_trigger_day, pauses=bent.pauses)
