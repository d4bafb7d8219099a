"""Names that lead nowhere and answers that can never be given are refused with the nearest right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError
from goldenthread.guidance.words import Interval, Unit

from .samples import HELPING, changed, folder, library

ARRANGEMENT = """\
id: here
title: Here Safeguarding Partnership
about: A made-up place.
reference: Made-up plan
in_force: {from: 2019-09-29}
calendar: plain
school_terms: here
home_area: here
areas: [{id: here, title: Here, kind: county}]
organisations: [{id: council, title: Here Council, kind: childrens_social_care, area: here}]
threshold: {title: Levels of need, reference: Made-up levels, levels: [{level: 1, title: Universal, text: Everyone.}]}
duties:
"""
CALENDAR = """\
id: plain
title: Plain
about: Weekends only.
reference: Made-up Act
known_from: 2012-01-01
known_to: 2030-12-31
weekend: [saturday, sunday]
holidays: []
"""
TERMS = """\
id: here
title: Terms here
area: here
reference: Made-up terms
verified: false
known_from: 2012-01-01
known_to: 2030-12-31
day_starts: "09:00"
terms: []
"""


def in_area(at: Path, duties: str) -> Library:
    folder(at)
    for part, name, text in (
        ("arrangements", "here", ARRANGEMENT + duties),
        ("calendars", "plain", CALENDAR),
        ("calendars/school_terms", "here", TERMS),
    ):
        (at / part).mkdir(parents=True, exist_ok=True)
        (at / part / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Library.load(at)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "lead: childrens_social_care",
            "lead: childrens_social_car",
            "did you mean 'childrens_social_care'?",
        ),
        ("by: [reviewing_service]", "by: [reviewing]", "unknown agency role 'reviewing'"),
        ("    owner: police\n", "    owner: polce\n", "unknown agency role 'polce'; did you mean 'police'?"),
        (
            "in_states: [visited, review]",
            "in_states: [visited, reviews]",
            "unknown state 'reviews'; did you mean 'review'?",
        ),
        ("[ended, {outcome: end}]", "[endd, {outcome: end}]", "unknown state 'endd'; did you mean 'ended'?"),
        (
            "[ended, {outcome: end}]",
            "[ended, {outcome: ends}]",
            "'ends' is not an answer to review_held.outcome",
        ),
        ("[ended, {outcome: end}]", "[ended, {result: end}]", "review_held does not ask 'result'"),
        (
            "    met_by: review_held",
            "    met_by: review_hel",
            "unknown event 'review_hel'; did you mean 'review_held'?",
        ),
        ("after: notified.planned_start", "after: notified.planed_start", "did you mean 'planned_start'?"),
        (
            "{visit: {child_seen: true}}\n    accepts",
            "{visit: {child_seen: 3}}\n    accepts",
            "answered yes or no, not 3",
        ),
        ("{open: helping,", "{open: helpin,", "unknown pathway 'helpin'; did you mean 'helping'?"),
        ("carry: {why: outcome,", "carry: {reason: outcome,", "helping does not ask 'reason'"),
        ("carry: {why: outcome,", "carry: {why: outcomes,", "this event does not ask 'outcomes'"),
        ("extends: {duty: report, to: until}", "extends: {duty: report, to: why}", "'why' is not a date"),
        ("extends: {duty: report, to: until}", "extends: {duty: raport, to: until}", "unknown duty 'raport'"),
        ("excuses: {duty: visits, reason: why}", "excuses: {duty: visits, reason: wy}", "does not ask 'wy'"),
        ("before: review_planned.planned_for", "before: review_planned", "review_planned does not ask ''"),
        (
            "after: birthday 16",
            "after: notified\n    if_repeated: {event: vist, times: 3, within: 30 days}",
            "unknown event 'vist'; did you mean 'visit'?",
        ),
        ("before: review_planned.planned_for", "before: visit.worker", "visit.worker is not a date"),
        ("midway: [review_held, reviews]", "midway: [review_held, review]", "unknown duty 'review'"),
        ("matching: [agency]", "matching: [agncy]", "asked does not ask 'agncy'; did you mean 'agency'?"),
        ("after: birthday 16", "after: birthday sixteen", "write `birthday` and a whole number of years"),
        (
            "{subject.age: {at_least: 1}}".strip("{}"),
            "subject.height: {at_least: 1",
            "only subject.age and subject.sex",
        ),
        ("until: review_planned}", "until: review_panned}", "unknown event 'review_panned'"),
        ("    also: [told]", "    also: [visit]", "the name 'visit' is used by two events"),
        ("    opens: true\n    by: [any_agency", "    by: [any_agency", "no event opens the case"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(GuidanceError) as refused:
        library(tmp_path, visiting=changed(old, new))
    assert problem in str(refused.value)


def test_identity_must_be_the_files_name(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="id 'helped' must be the file's name, 'helping'"):
        library(tmp_path, helping=HELPING.replace("id: helping", "id: helped"))


def test_an_event_that_closes_needs_a_closed_state(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="no state is `closed: true`"):
        library(tmp_path, helping=HELPING.replace(", closed: true}", "}"))


def test_local_rule_changes_the_length_and_says_that_it_is_local(tmp_path: Path) -> None:
    found = in_area(
        tmp_path,
        "  visiting.first_visit: {within: {2020-01-01: 5 working days}, reference: Made-up local agreement}\n",
    )
    duty = found.in_area("here")["visiting"].duties["first_visit"]
    assert duty.within is not None and next(iter(duty.within))[1] == Interval(5, Unit.WORKING_DAYS)
    assert (duty.force, duty.reference) == ("local", "Made-up local agreement")
    assert found.pathways["visiting"].duties["first_visit"].force == "statutory"
    assert found.in_area("here") is found.in_area("here"), "laid over once, then kept"
    assert found.in_area(None) is found.pathways and found.in_area("elsewhere") is found.pathways


def test_local_rule_may_switch_a_duty_on_without_making_it_local(tmp_path: Path) -> None:
    found = in_area(tmp_path, "  visiting.pathway_plan: {in_use: true, reference: Made-up local agreement}\n")
    duty = found.in_area("here")["visiting"].duties["pathway_plan"]
    assert duty.in_use and duty.force == "statutory"


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            "visiting.first_vist: {in_use: true",
            "unknown duty 'visiting.first_vist'; did you mean 'visiting.first_visit'?",
        ),
        (
            "visiting.report: {within: {2020-01-01: 5 days}",
            "exactly one of `within`, `every`, `before`, `midway`",
        ),
        ("visiting.visits: {every: [{then: 8 weeks}]", "every rule has dates"),
    ],
)
def test_local_rule_that_does_not_fit_its_duty_is_refused(tmp_path: Path, rule: str, problem: str) -> None:
    with pytest.raises(GuidanceError) as refused:
        in_area(tmp_path, f"  {rule}, reference: Made-up local agreement}}\n")
    assert problem in str(refused.value)


def test_the_shipped_library_has_no_fault() -> None:
    assert shipped().arrangements


def test_what_outlives_a_case_can_still_be_recorded_once_it_is_closed() -> None:
    for pathway in shipped().pathways.values():
        closed = {name for name, state in pathway.states.items() if state.closed}
        for identity, duty in pathway.duties.items():
            if duty.survives_closure:
                possible = [kind for kind in duty.met_by if closed & set(pathway.events[kind].in_states)]
                assert possible, f"{pathway.id}: nobody could ever say that {identity!r} was done"
