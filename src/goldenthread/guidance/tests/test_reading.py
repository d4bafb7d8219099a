"""What an author is told when a guidance file is wrong: the file, the line, the key and the nearest known one."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.reading import Fault, GuidanceError, read

from .samples import HELPING, VISITING, changed, folder, library, line_of


def faults(at: Path, text: str) -> list[Fault]:
    with pytest.raises(GuidanceError) as refused:
        library(at, visiting=text)
    return refused.value.faults


def only_fault(at: Path, text: str) -> Fault:
    found = faults(at, text)
    assert len(found) == 1, [str(fault) for fault in found]
    return found[0]


def test_the_sample_reads_without_a_fault(tmp_path: Path) -> None:
    assert library(tmp_path).pathways["visiting"].opening == "notified"


def test_unknown_key_names_file_line_and_the_nearest_key(tmp_path: Path) -> None:
    text = changed("    owner: police\n", "    ownr: police\n    owner: police\n")
    fault = only_fault(tmp_path, text)
    assert fault.file == "pathways/visiting.yaml"
    assert fault.line == line_of(text, "    ownr: police")
    assert fault.problem == "unknown key 'ownr'; did you mean 'owner'?"
    assert fault.where == "duties.school_told.ownr"
    assert str(fault).startswith(f"pathways/visiting.yaml:{fault.line}: unknown key 'ownr'")


def test_unknown_key_with_no_near_one_lists_the_known_keys(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("counting: latest", "zzzz: latest"))
    assert fault.problem.startswith(
        "unknown key 'zzzz'; known keys are about, accepts_earlier, after, before, by"
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "nearest"),
    [
        ("voice: true", "voic: true", "voic", "voice"),
        ("{then: 12 weeks}", "{than: 12 weeks}", "than", "then"),
        ("during_first: 12 months", "during: 12 months", "during", "during_first"),
        ("when: {outcome: step_up}", "whem: {outcome: step_up}", "whem", "when"),
        ("extends: {duty: report, to: until}", "extends: {duty: report, too: until}", "too", "to"),
        ("subject.age: {under: 5}", "subject.age: {unde: 5}", "unde", "under"),
        ("about: Somebody sees", "abaut: Somebody sees", "abaut", "about"),
        ("from: police_began, until", "from: police_began, untill", "untill", "until"),
        ("note: Shortened", "notes: Shortened", "notes", "note"),
    ],
)
def test_unknown_key_at_any_depth_is_placed_and_corrected(
    tmp_path: Path, old: str, new: str, key: str, nearest: str
) -> None:
    text = changed(old, new)
    found = [fault for fault in faults(tmp_path, text) if f"unknown key {key!r}" in fault.problem]
    assert [fault.problem for fault in found] == [f"unknown key {key!r}; did you mean {nearest!r}?"]
    assert found[0].line == line_of(text, new)


def test_a_question_named_as_a_key_of_the_language_is_still_corrected_as_a_question(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("worker: {type: text}", "type: {type: text, lable: Kind of visit}"))
    assert fault.problem == "unknown key 'lable'; did you mean 'label'?"


def test_an_event_named_as_a_key_of_the_language_is_still_corrected_as_an_event(tmp_path: Path) -> None:
    fault = only_fault(
        tmp_path, changed("  police_began: {title:", "  asks: {titl:").replace("police_began", "asks")
    )
    assert fault.problem == "unknown key 'titl'; did you mean 'title'?"


def test_duplicate_key_names_its_second_line(tmp_path: Path) -> None:
    text = changed("    note: Counted from", "    force: local\n    note: Counted from")
    fault = only_fault(tmp_path, text)
    assert fault.problem == "'force' is given twice"
    assert (fault.line, fault.where) == (line_of(text, "    force: local"), "duties.first_visit")


def test_value_without_a_date_is_refused_with_an_example(tmp_path: Path) -> None:
    text = changed("within: {2005-07-01: 3 months}", "within: 3 months")
    fault = only_fault(tmp_path, text)
    assert fault.problem == "give the date from which '3 months' applies, such as {2018-07-04: 3 months}"
    assert fault.line == line_of(text, "within: 3 months")


def test_length_of_time_that_is_not_one_says_what_is_understood(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("within: {2005-07-01: 3 months}", "within: {2005-07-01: a while}"))
    assert fault.problem.startswith(
        "'a while' is not a length of time; write a whole number and a unit, such as"
    )


def test_rule_without_dates_of_force_is_refused(tmp_path: Path) -> None:
    text = changed(
        "    before: next school day\n    in_force: {from: 2005-07-01}\n", "    before: next school day\n"
    )
    fault = only_fault(tmp_path, text)
    assert fault.problem.startswith("every rule has dates")
    assert fault.where == "duties.school_told"


def test_missing_reference_is_named(tmp_path: Path) -> None:
    text = changed("    reference: Made-up guidance, paragraph 20\n", "")
    fault = only_fault(tmp_path, text)
    assert fault.problem == "'reference' is missing"
    assert fault.line == line_of(text, "  school_told:")


def test_impossible_date_names_its_line(tmp_path: Path) -> None:
    text = changed("within: {2005-07-01: 3 months}", "within: {2005-02-31: 3 months}")
    fault = only_fault(tmp_path, text)
    assert fault.problem.startswith("2005-02-31 is not a date")
    assert fault.line == line_of(text, "2005-02-31")


def test_fault_in_a_dated_list_of_steps_is_said_once_and_without_the_words_of_the_reader(
    tmp_path: Path,
) -> None:
    text = changed("[{first: 20 working days},", "[{first: soon},")
    fault = only_fault(tmp_path, text)
    assert fault.where == "duties.reviews.every.2005-07-01.0.first"
    assert fault.line == line_of(text, "2005-07-01: [{first: soon}")


def test_word_outside_a_set_lists_the_set_once(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("force: local", "force: advice"))
    assert fault.problem == "this should be 'statutory', 'guidance' or 'local'"


def test_neither_true_nor_partly_is_said_in_one_fault(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("verified: false", "verified: maybe"))
    assert fault.problem == "write true or false or this should be 'partly'"


def test_unverified_duty_must_be_local(tmp_path: Path) -> None:
    fault = only_fault(
        tmp_path, changed("    force: local\n    verified: false", "    force: guidance\n    verified: false")
    )
    assert "ships as `force: local`" in fault.problem


def test_name_with_capitals_is_explained_without_a_pattern(tmp_path: Path) -> None:
    fault = only_fault(
        tmp_path, changed("  asked: {title: Agency asked", "  Agency-Asked: {title: Agency asked")
    )
    assert (
        fault.problem
        == "'Agency-Asked': a name is small letters, digits and underscores, such as first_visit"
    )


def test_unquoted_no_as_an_answer_is_explained(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("of: [returned_home, turned_16]", "of: [returned_home, no]"))
    assert "YAML reads yes, no, on and off as true and false" in fault.problem


def test_unquoted_on_as_a_key_is_explained(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, changed("counting: latest", "on: latest"))
    assert fault.problem == "YAML reads on as true; quote the key: 'on'"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("- one\n- two\n", "keys and values were expected here"),
        ("id: [unclosed\n", "not readable as YAML"),
        ("id: &a [*a]\n", "refers to itself"),
    ],
)
def test_file_that_is_no_pathway_is_refused_in_words(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in str(faults(tmp_path, text)[0])


def test_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "pathways" / "helping.yaml").write_bytes(HELPING.encode() + b"# caf\xe9\n")
    with pytest.raises(GuidanceError) as refused:
        Library.load(tmp_path)
    fault = next(fault for fault in refused.value.faults if fault.file.endswith("helping.yaml"))
    assert (fault.line, fault.problem) == (HELPING.count("\n") + 1, "not saved as UTF-8 text")


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="no such folder of guidance"):
        Library.load(tmp_path / "nowhere")


def test_folder_without_pathways_is_said(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="not a folder of guidance"):
        Library.load(tmp_path)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError) as refused:
        library(
            tmp_path,
            visiting=changed("    owner: police\n", "    owner: polise\n"),
            helping=HELPING.replace("lead: early_help_service", "lead: early_help"),
        )
    assert sorted(fault.file for fault in refused.value.faults) == [
        "pathways/helping.yaml",
        "pathways/visiting.yaml",
    ]


def test_condition_that_something_is_not_so_reads_as_written(tmp_path: Path) -> None:
    text = changed("met_by: {visit: {child_seen: true}}", "met_by: {visit: {worker: {not: agency}}}")
    when = (
        library(tmp_path, visiting=text).pathways["visiting"].duties["first_visit"].met_by["visit"]["worker"]
    )
    assert when.is_not == "agency"  # type: ignore[union-attr]


def test_reading_text_reports_the_name_of_the_file_it_would_have(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match=r"^visiting\.yaml:1: "):
        read(Pathway, Path("visiting.yaml"), "id: visiting\n")
    pathway, source = read(Pathway, Path("visiting.yaml"), VISITING)
    assert source.line(("duties", "reply", "pauses")) == line_of(VISITING, "    pauses:")
    assert pathway.id == "visiting"
