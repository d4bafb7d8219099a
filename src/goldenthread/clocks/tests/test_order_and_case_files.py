"""What may be recorded, and cases written as files: clear words for whatever cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from goldenthread.clocks.calendar import end_of
from goldenthread.clocks.case import CaseFileError, run_case
from goldenthread.clocks.engine import Happening, Subject
from goldenthread.clocks.order import check_event, clean_answers
from goldenthread.guidance.library import shipped
from goldenthread.guidance.pathway import FieldType

from .pathways import USUAL, at, program

PROGRAM = program(f"one: {{{USUAL}, after: opened, within: {{2013-04-15: 15 working days}}, met_by: held}}")
NOW = end_of(date(2026, 4, 30))


def problems(kind: str, when: str, so_far: list[tuple[str, str]], born: str | None = None) -> list[str]:
    history = [Happening.on(number, one, at(day)) for number, (one, day) in enumerate(so_far)]
    subject = Subject(date.fromisoformat(born) if born else None)
    return [
        fault.message
        for fault in check_event(PROGRAM, history, Happening.on("new", kind, at(when)), subject, NOW)
    ]


def test_an_event_before_the_case_opened_is_refused_with_the_day_it_opened() -> None:
    [message] = problems("held", "2026-03-01", [("opened", "2026-03-26")])
    assert "before the case is opened" in message and "Thursday 26 March 2026" in message


def test_an_event_after_the_case_closed_is_refused_but_one_before_the_closing_is_not() -> None:
    history = [("opened", "2026-03-01"), ("closed", "2026-04-01")]
    [message] = problems("held", "2026-04-02", history)
    assert "was closed on Wednesday 1 April 2026" in message
    assert problems("held", "2026-03-20", history) == []
    assert problems("reopened", "2026-04-02", history) == []


def test_dates_in_the_future_and_before_birth_are_refused() -> None:
    history = [("opened", "2026-03-01")]
    assert "in the future" in problems("held", "2026-05-01", history)[0]
    assert "before birth" in problems("held", "2026-03-02", history, born="2026-03-03")[0]


def test_an_unknown_event_names_the_nearest() -> None:
    assert "Did you mean “Held”?" in problems("helt", "2026-03-02", [("opened", "2026-03-01")])[0]


def test_answers_are_cleaned_and_faults_name_the_field() -> None:
    event = PROGRAM.pathway.events["opened"]
    answers, faults = clean_answers(event, {"outcome": "Section 47", "long_term": "yes", "sean": "x"})
    assert answers == {"outcome": "section_47", "long_term": True}
    assert [fault.field for fault in faults] == ["sean"]
    _, faults = clean_answers(event, {"outcome": "section_74"})
    assert "Did you mean 'section_47'?" in faults[0].message


def test_what_no_database_keeps_is_refused_and_says_so() -> None:
    pathways = shipped().pathways
    note, scored = pathways["contact"].events["note_added"], pathways["looked_after"].events["sdq_scored"]
    words = next(name for name, one in note.asks.items() if one.type is FieldType.LONG_TEXT)
    for event, name, value, told in (
        (note, words, "a\x00b", "not text"), (note, words, "half \ud83d", "not text"),
        (scored, "score", "inf", "not a number"), (scored, "score", float("nan"), "not a number"),
    ):  # fmt: skip
        answers, faults = clean_answers(event, {name: value}, complete=False)
        assert not answers and [fault.field for fault in faults] == [name] and told in faults[0].message


CASE = {
    "pathway": "section_47",
    "area": "lancashire",
    "subject": {"born": "2017-05-14", "sex": "female"},
    "as_of": "2026-04-30",
    "events": [
        {"kind": "strategy_discussion", "occurred": "2026-03-26", "data": {"outcome": "section_47"}},
        {"kind": "icpc_held", "occurred": "2026-04-20", "data": {"outcome": "plan", "category": "neglect"}},
    ],
}


def test_a_case_file_says_state_opened_pathways_and_duties_with_proof() -> None:
    found = run_case(CASE, shipped())
    assert found["opened"][0]["pathway"] == "child_protection_plan"
    [icpc] = [duty for duty in found["duties"] if duty["duty"] == "icpc"]
    assert (icpc["due"], icpc["met"], icpc["status"]) == ("2026-04-20", "2026-04-20", "met_on_time")
    assert any("Good Friday" in line for line in icpc["proof"])
    assert found["warnings"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pathway": "section_48"}, "did you mean 'section_47'?"),
        ({"area": "lancashyre"}, "did you mean 'lancashire'?"),
        ({"as_of": "2026-02-31"}, "as_of: '2026-02-31' is not a date"),
        ({"evnets": []}, "unknown key 'evnets'; did you mean 'events'?"),
        ({"events": []}, "give a list of at least one event"),
        ({"events": [{"kind": "icpc_hold", "occurred": "2026-03-26"}]}, "did you mean 'icpc_held'?"),
        ({"events": [{"kind": "icpc_held"}]}, "`occurred` is missing"),
        (
            {
                "events": [
                    {
                        "kind": "strategy_discussion",
                        "occurred": "2026-03-26",
                        "data": {"outcome": "sektion_47"},
                    }
                ]
            },
            "Did you mean 'section_47'?",
        ),
    ],
)
def test_a_case_file_that_cannot_be_run_says_where_and_what(change: dict[str, object], words: str) -> None:
    with pytest.raises(CaseFileError) as caught:
        run_case({**CASE, **change}, shipped())
    assert words in str(caught.value)


def test_what_could_not_be_recorded_is_run_and_told() -> None:
    late = {
        "kind": "agency_contributed",
        "occurred": "2026-03-01",
        "data": {"agency": "School", "knows": "Tired"},
    }
    found = run_case({**CASE, "events": [*CASE["events"], late]}, shipped())  # type: ignore[misc]
    assert any("before the case is opened" in warning for warning in found["warnings"])
    assert [duty["due"] for duty in found["duties"] if duty["duty"] == "icpc"] == ["2026-04-20"]
