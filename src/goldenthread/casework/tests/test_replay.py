"""The guidance changes from a date, or a bank holiday is added: which open cases move, which stay, and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone

from goldenthread.casework.actions import OpenCase, RecordEvent, ReplayClocks
from goldenthread.casework.models import Case, Duty
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.library import reload_library
from goldenthread.foundation.models import JournalEntry

from .partnership import PLAN, Partnership, at, small_guidance

SHORTER = PLAN.replace(
    "within: {2010-01-01: 15 working days}",
    "within: {2010-01-01: 15 working days, 2026-04-01: 10 working days}",
)


def plan_started(place: Partnership, day: str) -> Case:
    data = {"reasons": "Hurt", "held_at": "Burnley"}
    child = place.child(f"Child of {day}")
    return OpenCase(place.system).run("plan", child, at(f"{day} 10:00"), data, organisation=place.care)


def under(settings: Any, folder: Path) -> None:
    settings.GT_GUIDANCE_FOLDER = str(folder)
    reload_library()


def test_a_clock_shortened_from_a_date_moves_only_open_cases_triggered_on_or_after_it(
    place: Partnership, settings: Any, tmp_path: Path
) -> None:
    before, on, after = (plan_started(place, day) for day in ("2026-03-31", "2026-04-01", "2026-04-02"))
    closed = plan_started(place, "2026-04-07")
    RecordEvent(place.worker).run(closed, "plan_ended", date(2026, 4, 8), {})
    under(settings, small_guidance(tmp_path / "changed", plan=SHORTER))
    duties = list(Duty.objects.order_by("pk").values())
    entries = JournalEntry.objects.count()
    moved = ReplayClocks(place.system).run(dry_run=True)
    assert {(one.case, one.duty, one.change, one.old_due, one.new_due, one.why) for one in moved} == {
        (on.reference, "conference", "moved", date(2026, 4, 24), date(2026, 4, 17), "edition"),
        (after.reference, "conference", "moved", date(2026, 4, 27), date(2026, 4, 20), "edition"),
    }
    assert list(Duty.objects.order_by("pk").values()) == duties
    assert JournalEntry.objects.count() == entries
    assert ReplayClocks(place.system).run() == moved
    assert on.duties.get(duty="conference").due_on == date(2026, 4, 17)
    assert before.duties.get(duty="conference").due_on == date(2026, 4, 23)
    assert set(JournalEntry.objects.filter(verb="casework.replay_clocks").values_list("subject_id", flat=True)) == {
        str(on.pk), str(after.pk),
    }  # fmt: skip
    assert ReplayClocks(place.system).run() == []


def test_a_bank_holiday_added_later_moves_dates_that_count_over_it(
    place: Partnership, settings: Any, tmp_path: Path
) -> None:
    case = plan_started(place, "2026-06-01")
    folder = small_guidance(tmp_path / "changed")
    path = folder / "calendars" / "england_and_wales.yaml"
    calendar = yaml.safe_load(path.read_text())
    calendar["holidays"].append({"date": date(2026, 6, 10), "name": "A day of mourning"})
    calendar["holidays"].sort(key=lambda holiday: holiday["date"])
    path.write_text(yaml.safe_dump(calendar, allow_unicode=True))
    under(settings, folder)
    moved = {one.duty: one for one in ReplayClocks(place.system).run(dry_run=False)}
    assert set(moved) == {"conference", "visits", "health"}
    assert (moved["visits"].old_due, moved["visits"].new_due) == (date(2026, 6, 15), date(2026, 6, 16))
    assert {one.why for one in moved.values()} == {"calendar"}
    case.refresh_from_db()
    assert case.next_due_at.date() == date(2026, 6, 16)


def test_a_clock_taken_out_and_one_put_in_are_listed_and_the_new_one_has_an_owner(
    place: Partnership, settings: Any, tmp_path: Path
) -> None:
    case = plan_started(place, "2026-06-01")
    changed = PLAN.replace("  health:\n", "  nurse:\n")
    under(settings, small_guidance(tmp_path / "changed", plan=changed))
    moved = ReplayClocks(place.system).run()
    assert {(one.duty, one.change, one.why) for one in moved} == {
        ("health", "removed", "edition"),
        ("nurse", "new", "edition"),
    }
    assert case.duties.get(duty="nurse").organisation == place.health
    assert not case.duties.filter(duty="health").exists()


def test_a_replay_of_one_arrangement_leaves_the_others_and_tells_how_far_it_is(
    place: Partnership, settings: Any, tmp_path: Path
) -> None:
    plan_started(place, "2026-04-01")
    other = plan_started(place, "2026-04-02")
    Case.objects.filter(pk=other.pk).update(arrangement="elsewhere")
    under(settings, small_guidance(tmp_path / "changed", plan=SHORTER))
    told: list[tuple[int, int]] = []
    moved = ReplayClocks(place.system).run(
        True, arrangement="lancashire", told=lambda *done: told.append(done)
    )
    assert (len(moved), told) == (1, [(1, 1)])


def test_a_case_whose_guidance_was_taken_away_keeps_its_duties(
    place: Partnership, settings: Any, tmp_path: Path
) -> None:
    case = plan_started(place, "2026-06-01")
    folder = small_guidance(tmp_path / "changed")
    concern = folder / "pathways" / "concern.yaml"
    concern.write_text(
        concern.read_text().split("    leads_to:")[0]
        + concern.read_text()[concern.read_text().index("duties:") :]
    )
    (folder / "pathways" / "plan.yaml").unlink()
    under(settings, folder)
    assert ReplayClocks(place.system).run() == []
    assert case.duties.count() == 3


def test_only_those_with_leave_replay(place: Partnership) -> None:
    with pytest.raises(NotAllowed):
        ReplayClocks(place.manager).run(True)


def test_a_replay_straight_after_recording_changes_nothing(place: Partnership) -> None:
    case = OpenCase(place.screener).run("concern", place.child(), timezone.now(), {})
    RecordEvent(place.screener).run(case, "asked", timezone.now(), {"agency": place.police})
    assert ReplayClocks(place.system).run() == []
    assert JournalEntry.objects.filter(verb="casework.replay_clocks").count() == 0
