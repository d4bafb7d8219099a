"""Worked meetings: what is wrong is said, and the shipped ones come out as they expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from goldenthread.clocks.assure_meetings import assure_meetings
from goldenthread.clocks.calendar import calendar_for
from goldenthread.clocks.meetings import Present, days_of, standing_of
from goldenthread.guidance.library import shipped
from goldenthread.guidance.reading import GuidanceError

ONE = """\
cases:
- title: A made-up meeting
  why: To see what is said.
  meeting: {day: 2026-03-16, came: [childrens_social_care, school], reports: {police: 2026-03-12}}
  expect:
    {reports_due: 2026-03-10, quorate: true, absent: [police], reconvene_by: 2026-03-30, records: {child_protection_plan: other}}
"""


def worked(at: Path, text: str, name: str = "review_conference") -> list[str]:
    (at / "meeting_cases").mkdir()
    (at / "meeting_cases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (found,) = assure_meetings(replace(shipped(), folder=at))
    return list(found.differences)


def test_each_difference_is_told(tmp_path: Path) -> None:
    assert worked(tmp_path, ONE) == [
        "reports due to be 2026-03-10, found 2026-03-11",
        "quorate to be True, found False",
        "absent to be ['police'], found []",
        "records to be {'child_protection_plan': 'other'}, found {'child_protection_plan': 'rcpc_held'}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("came: [childrens_social_care", "came: [care", "unknown agency role 'care'"),
        ("reports: {police:", "reports: {polise:", "no report is asked of the seat 'polise'; did you mean 'police'?"),
        (ONE.partition("expect:\n    ")[2].strip(), "{}", "say at least one thing that must come of it"),
        ("day: 2026-03-16", "day: soon", "write a date such as"),
    ],
)  # fmt: skip
def test_a_worked_meeting_written_wrongly_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in ONE
    with pytest.raises(GuidanceError) as refused:
        worked(tmp_path, ONE.replace(old, new))
    assert said in str(refused.value)


def test_a_file_named_after_no_kind_of_meeting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="no kind of meeting 'review_conferense'; did you mean 'review_conference'"):
        worked(tmp_path, ONE, "review_conferense")


def test_the_shipped_worked_meetings_come_out_as_they_expect() -> None:
    outcomes = assure_meetings(shipped())
    assert {one.kind for one in outcomes} == set(shipped().meetings)
    assert [one for one in outcomes if one.differences] == []


def test_the_day_has_a_proof_with_its_source() -> None:
    library = shipped()
    days = days_of(library.meetings["initial_conference"], date(2026, 4, 7), calendar_for(library, None))
    assert days.reports is not None and days.reports.due == date(2026, 4, 1)
    told = " ".join(days.reports.lines())
    assert "Easter Monday" in told and "Good Friday" in told and "Source: Lancashire safeguarding boards" in told


def test_one_agency_with_two_seats_is_one_agency() -> None:
    kind = shipped().meetings["review_conference"]
    came = [Present("council", "childrens_social_care"), Present("trust", "health_provider"), Present("trust", "health_provider")]
    stands = standing_of(kind, came)
    assert (stands.quorate, stands.agencies, stands.needed) == (False, 2, 3)
    assert standing_of(kind, [*came, Present("hill", "school")]).quorate
