"""Meetings, seats and reports in the extract: what they say, what they must not, and when they are taken again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import local_day
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.extract.files import MANIFEST, read_manifest
from goldenthread.intelligence.extract.taking import take
from goldenthread.intelligence.indicators.engine import engine
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.tables import AreaRow, arrow_of
from goldenthread.meetings.models import Meeting, Report, Seat
from goldenthread.meetings.queries.figures import figures
from goldenthread.meetings.tests.scene import Scene, came, scene

KEY = bytes(range(32))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(transactional_db: None) -> Scene:
    return scene()


def rows_of(folder: Path, table: str, part: str = "standard") -> list[dict[str, Any]]:
    return [
        row
        for one in read_manifest(folder).partitions.values()
        if one.part == part
        for row in pq.read_table(one.path(folder, table), partitioning=None).to_pylist()
    ]


def test_a_meeting_is_there_with_who_came_and_which_reports_came_in(told: Scene, tmp_path: Path) -> None:
    meeting = told.review()
    came(told.officer, meeting, told.place.care, told.place.police)
    asked = Report.objects.filter(page__meeting=meeting)
    assert asked.count() >= 2
    first = asked.order_by("seat__position")[0]
    Report.objects.filter(pk=first.pk).update(
        received_on=meeting.reports_due_on, received_at=timezone.now(), text="Nadia was seen at home."
    )
    take(tmp_path, KEY)

    [one] = rows_of(tmp_path, "meetings")
    assert (one["kind"], one["holder"], one["cases"], one["state"]) == (
        meeting.kind, told.place.reviewing.slug, 1, meeting.state
    )  # fmt: skip
    assert one["planned"] == timezone.localdate(meeting.planned_at)
    seats = rows_of(tmp_path, "seats")
    assert len(seats) == Seat.objects.filter(meeting=meeting).count()
    assert {seat["meeting"] for seat in seats} == {one["meeting"]}
    assert {seat["agency"] for seat in seats if seat["attendance"] == "came"} == {told.place.care.slug, told.place.police.slug}
    assert [seat["rule"] for seat in seats if seat["agency"] is None] == ["mother"]
    reports = rows_of(tmp_path, "reports")
    assert {report["case"] for report in reports} == {case["case"] for case in rows_of(tmp_path, "cases")}
    assert [report["agency"] for report in reports if report["received"]] == [first.seat.organisation.slug]
    assert {report["due"] for report in reports} == {meeting.reports_due_on}

    whole = str([rows_of(tmp_path, table) for table in ("meetings", "seats", "reports")])
    for secret in ("Nadia", "seen at home", meeting.pk.hex, str(meeting.pk)):
        assert secret not in whole


def test_a_meeting_about_a_restricted_child_is_in_no_file_of_the_standard_part(told: Scene, tmp_path: Path) -> None:
    told.review()
    person = told.case.subject
    assert person is not None
    person.restricted = True
    person.save()
    take(tmp_path, KEY)
    for table in ("meetings", "seats", "reports"):
        assert rows_of(tmp_path, table) == [] and rows_of(tmp_path, table, "restricted")


def test_a_meeting_is_taken_again_when_somebody_comes_or_a_report_does(told: Scene, tmp_path: Path) -> None:
    meeting = told.review()
    take(tmp_path, KEY)
    assert take(tmp_path, KEY).taken == 0
    came(told.officer, meeting, told.place.police)
    assert take(tmp_path, KEY).taken == 1
    Report.objects.filter(pk=Report.objects.filter(page__meeting=meeting)[0].pk).update(received_on=meeting.reports_due_on)
    assert take(tmp_path, KEY).taken == 1
    assert take(tmp_path, KEY).taken == 0


def test_a_meeting_about_two_areas_counts_where_it_is_held(told: Scene, tmp_path: Path) -> None:
    other = told.abuse("Two Places")
    Case.objects.filter(pk=other.pk).update(area=told.place.county)
    third = told.abuse("Another Person")
    Case.objects.filter(pk=third.pk).update(area=told.place.burnley)
    told.marac([other, third], told.place.police)
    take(tmp_path, KEY)
    held_in = told.place.police.area
    assert [one["area"] for one in rows_of(tmp_path, "meetings")] == [held_in.slug if held_in else "everywhere"]


def test_a_meeting_arranged_for_next_year_is_a_partition_of_its_own(told: Scene, tmp_path: Path) -> None:
    told.review(at=timezone.now() + timedelta(days=400))
    take(tmp_path, KEY)
    found = {one.year: one.rows for one in read_manifest(tmp_path).partitions.values()}
    assert len(found) == 2 and sorted(rows["meetings"] for rows in found.values()) == [0, 1]
    assert Meeting.objects.count() == 1


def test_indicators_of_meetings_are_counted_from_it_as_by_hand_and_as_the_meetings_page_does(told: Scene, tmp_path: Path) -> None:
    meeting = told.review()
    came(told.officer, meeting, told.place.care, told.place.police)
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.INQUORATE)
    asked = list(Report.objects.filter(page__meeting=meeting).order_by("seat__position"))
    Report.objects.filter(pk=asked[0].pk).update(received_on=meeting.reports_due_on, received_at=timezone.now())
    take(tmp_path, KEY)

    period = Period.parse(f"{meeting.planned_at:%Y-%m}")
    due = Period.parse(f"{meeting.reports_due_on:%Y-%m}")
    names = ("review_conference_attendance", "review_conference_reports_in_time")
    wanted = {name: shipped().indicators[name] for name in names}
    manifest = read_manifest(tmp_path)
    day = local_day(timezone.now())
    places = tmp_path / "areas.parquet"
    area = rows_of(tmp_path, "meetings")[0]["area"]
    pq.write_table(arrow_of("areas", [AreaRow(area, area, "district")]), places)
    with engine(shipped(), {**manifest.paths(tmp_path), "areas": [places]}, day, threads=1) as run:
        attended, reported = (
            {one.group: (one.numerator, one.denominator) for one in run.run({name: one}, [area], [when], "agency")}
            for (name, one), when in zip(wanted.items(), (period, due), strict=True)
        )
    care, police, health, school = (
        getattr(told.place, one).slug for one in ("care", "police", "health", "school")
    )  # fmt: skip
    assert attended == {care: (1, 1), police: (1, 1), health: (0, 1), school: (0, 1)}
    assert sum(n or 0 for n, _ in reported.values()) == 1
    assert sum(d or 0 for _, d in reported.values()) == len(asked)
    page = figures(told.officer, meeting.planned_at.date(), meeting.planned_at.date())
    assert (page.whole.came, page.whole.invited) == (2, 4)


def test_an_extract_of_another_edition_is_taken_again_whole(told: Scene, tmp_path: Path) -> None:
    take(tmp_path, KEY)
    manifest = tmp_path / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 1}))
    assert take(tmp_path, KEY).kept == 0
    assert rows_of(tmp_path, "cases")
