"""A fault in a kind of meeting is told with file, line and the nearest right word; no shipped one has a fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.meeting_words import meeting_text, plain_meeting
from goldenthread.guidance.reading import GuidanceError

GOOD = (SHIPPED / "meetings" / "review_conference.yaml").read_text(encoding="utf-8")
PLAN = (SHIPPED / "pathways" / "child_protection_plan.yaml").read_text(encoding="utf-8")


def faults_of(at: Path, text: str, pathway: str = PLAN) -> list[str]:
    for name, body in (("pathways/child_protection_plan", pathway), ("meetings/review_conference", text)):
        (at / name).parent.mkdir(exist_ok=True)
        (at / f"{name}.yaml").write_text(body, encoding="utf-8")
    try:
        Library.load(at)
    except GuidanceError as error:
        return [str(fault) for fault in error.faults if fault.file.startswith("meetings")]
    return []


def test_the_shipped_file_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("held_by:", "heldby:", "meetings/review_conference.yaml:9: unknown key 'heldby'; did you mean 'held_by'?"),
        ("[reviewing_service, childrens_social_care]", "[reviewing_servise]", "did you mean 'reviewing_service'?"),
        ("held: rcpc_held", "held: rcpc_hold", "unknown event of child_protection_plan 'rcpc_hold'; did you mean 'rcpc_held'?"),
        ("  child_protection_plan:", "  child_protection_plans:", "unknown pathway 'child_protection_plans'"),
        ("day: planned_for", "day: planned", "unknown question of review_scheduled 'planned'; did you mean 'planned_for'?"),
        ("with_family: shared_with_family", "with_family: shared", "unknown question of conference_report_shared 'shared'"),
        ("inquorate: conference_inquorate", "inquorate: inquorate", "unknown event of child_protection_plan 'inquorate'"),
        ("to: to_whom", "to: whom", "unknown question of conference_record_circulated 'whom'"),
        ("dissent: dissent", "disent: dissent", "unknown question of rcpc_held 'disent'; did you mean 'dissent'?"),
        ("dissent: dissent", "progress: dissent", "the meeting fills words, and 'progress' takes something else"),
        ("dissent: dissent", "dissent: disagreement", "this should be 'came'"),
        ("    fills:", "    actions: rcpc_held\n    fills:", "rcpc_held does not ask 'number', which an action has"),
        ("  gp: {", "  doctor: {", "rcpc_held.attended has no answer 'doctor'"),
        ("kinds: [police]", "kinds: [polise]", "unknown agency role 'polise'; did you mean 'police'?"),
        ("with: [childrens_social_care]", "with: [care]", "unknown agency role 'care'"),
        ("not_counting: [reviewing_service]", "not_counting: [reviewers]", "unknown agency role 'reviewers'"),
        ("covers: family", "covers: none", "a meeting that `covers: none` has none"),
        ("family: invited", "family: told", "`family: invited` goes with a seat for the family"),
        ("{2016-08-01: 10 working days}", "10 working days", "give the date from which"),
        ("    before: {2016-04-01: 3 working days}\n    force: local\n    fact: CP-11\n    verified: partly\n    reference: Lan",
         "    within: {2016-04-01: 3 working days}\n    force: local\n    reference: Lan", "counted back from the meeting"),
        ("verified: false", "verified: sure", "write true or false"),
        ("force: local\n  fact: CP-12", "force: statutory\n  fact: CP-12", "not verified ships as `force: local`"),
        ("{title: Mother, family: true}", "{title: Mother, family: true, must: true}", "nothing is asked of them"),
        ("{title: Mother, family: true}", "{title: Mother}", "a seat is for the family"),
        ("  agencies: 3", "  agencies: 0", "greater than or equal to 1"),
        ("id: review_conference", "id: conference", "must be the file's name"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_the_nearest_right_word(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = faults_of(tmp_path, GOOD.replace(old, new))
    assert any(said in fault for fault in found), found


def test_whoever_holds_a_meeting_may_record_what_it_records(tmp_path: Path) -> None:
    found = faults_of(tmp_path, GOOD.replace("childrens_social_care]\nchair", "police]\nchair"))
    assert any("rcpc_held is not for police, which may hold this meeting, to record" in fault for fault in found), found


def test_a_pathway_that_cannot_be_read_is_not_blamed_on_the_meeting(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD, pathway="id: [") == []


@pytest.mark.parametrize("identity", list(shipped().meetings))
def test_every_shipped_kind_is_told_in_words_and_has_three_worked_meetings(identity: str) -> None:
    library = shipped()
    told = meeting_text(plain_meeting(library.meetings[identity], library, date(2026, 3, 12)))
    assert "None" not in told and "When it may decide" in told
    cases = (SHIPPED / "meeting_cases" / f"{identity}.yaml").read_text(encoding="utf-8")
    assert cases.count("- title:") >= 3
