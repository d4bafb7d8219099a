"""After any run of events, corrections and withdrawals, what is stored is what the engine makes of the record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from goldenthread.casework.actions import AmendEvent, OpenCase, RecordEvent, WithdrawEvent
from goldenthread.casework.duties import COMPUTED, computed_values
from goldenthread.casework.models import Case, Event
from goldenthread.casework.record import outcome_of, program_of, progress_of, standing
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed

from .partnership import Partnership, at

START = at("2026-03-02 09:00")
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "screened": [{"urgency": "red"}, {"urgency": "green"}],
    "asked": [{"agency": "county_police"}, {"agency": "county_health"}],
    "answered": [
        {"agency": "county_police", "holds": "nothing_held"}, {"agency": "county_health", "holds": "something"},
    ],
    "ready_to_decide": [{}],
    "decided": [{"outcome": "plan", "reasons": "Hurt"}, {"outcome": "nothing"}],
    "visited": [{"child_seen": True}, {"child_seen": False, "child_said": "No."}],
    "health_seen": [{}],
    "reviewed": [{}, {"next_on": "2027-01-04"}],
    "plan_ended": [{}],
}  # fmt: skip


@some.composite
def steps(draw: some.DrawFn) -> tuple[str, int, int, dict[str, Any], int]:
    """What is done, in which case, how many hours after the start, with which answers, to which earlier event."""
    kind = draw(some.sampled_from([*ANSWERS, "amend", "withdraw"]))
    data = draw(some.sampled_from(ANSWERS.get(kind, [{}])))
    return kind, draw(some.integers(0, 3)), draw(some.integers(0, 24 * 60)), data, draw(some.integers(0, 20))


def check(case: Case) -> None:
    case.refresh_from_db()
    progress = progress_of(case)
    program = program_of(case)
    computed = {
        (one.duty, one.ordinal): computed_values(case, program.pathway, one) for one in progress.duties
    }
    rows = {
        (one.duty, one.ordinal): tuple(getattr(one, name) for name in COMPUTED) for one in case.duties.all()
    }
    assert rows == computed
    now = standing(program.pathway, progress)
    assert (case.state, case.is_open, case.priority, case.next_due_at) == (
        now.state,
        now.is_open,
        now.priority,
        now.next_due_at,
    )
    assert case.version == case.events.count()
    assert [one.sequence for one in case.events.all()] == list(range(1, case.version + 1))
    opened = [one.due_at for one in progress.duties if outcome_of(one) == "open" and one.due_at]
    assert case.next_due_at == min(opened, default=None)
    owners = {one.organisation_id for one in case.duties.all()}
    assert None not in owners and owners <= set(case.involvements.values_list("organisation", flat=True))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=some.lists(steps(), min_size=3, max_size=14))
def test_stored_duties_and_state_equal_what_the_engine_says_after_any_events(
    place: Partnership, done: list[Any]
) -> None:
    with transaction.atomic():
        OpenCase(place.system).run(
            "concern", place.child(), START, {"grade": "high"}, organisation=place.care
        )
        for kind, which, hours, data, earlier in done:
            cases = list(Case.objects.order_by("opened_at", "reference"))
            case = cases[which % len(cases)]
            moment: date | datetime = START + timedelta(hours=hours)
            if hours % 3 == 0:
                moment = moment.date()
            try:
                if kind in ("amend", "withdraw"):
                    events = list(Event.objects.filter(case=case).order_by("sequence"))
                    event = events[earlier % len(events)]
                    if kind == "withdraw":
                        WithdrawEvent(place.system).run(event, "Wrong child")
                    else:
                        AmendEvent(place.system).run(event, moment, event.data, "Wrong day")
                else:
                    RecordEvent(place.system).run(case, kind, moment, data, organisation=place.care)
            except (Invalid, NotAllowed):
                continue  # what cannot be leaves no trace; `check` sees to that
            finally:
                for one in Case.objects.all():
                    check(one)
        transaction.set_rollback(True)
