"""The rules of exceptions and of subscriptions: what is refused, with file, line and the nearest name; what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.reading import GuidanceError

EXCEPTIONS, SUBSCRIPTIONS = "exceptions.yaml", "subscriptions.yaml"


def refused(folder: Path, file: str, *changes: tuple[str, str]) -> str:
    text = (SHIPPED / file).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    folder.mkdir()
    (folder / "guidance.yaml").write_text("adds_to: shipped\n")
    (folder / file).write_text(text)
    with pytest.raises(GuidanceError) as error:
        Library.load(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("pathway: performance_question", "pathway: performance_questions", "did you mean 'performance_question'"),
        ("pathway: performance_question", "pathway: contact", "is not about an organisation"),
        ("event: asked\n", "event: answered\n", "does not open a case"),
        ("because: because,", "because: becuase,", "does not ask 'becuase'; did you mean 'because'"),
        ("agency: agency,", "agency: figure,", "`type: organisation`"),
        ("value: value,", "valu: value,", "`says` knows no 'valu'; did you mean 'value'"),
        ("answered: {event: answered,", "answered: {event: answerd,", "no event 'answerd'; did you mean 'answered'"),
        ("answer: answer}", "answer: anser}", "does not ask 'anser'"),
        ("otherwise: childrens_social_care", "otherwise: social_care", "unknown kind of agency 'social_care'"),
        ("    front_door: childrens_social_care", "    frontdoor: childrens_social_care", "sheet of indicators 'frontdoor'"),
        ("    police_contacts: police\n", "    police_contact: police\n", "did you mean 'police_contacts'"),
        ("areas: [county, unitary]", "areas: [county, unitry]", "unknown kind of area 'unitry'; did you mean 'unitary'"),
        ("{figure} in {area} was", "{figre} in {area} was", "a question knows no {figre}; did you mean {figure}"),
        ("{figure} in {area} was", "{figure in {area} was", "the braces do not close"),
        ("sign: out_of_control", "sign: out_of_control\n    running: 3", "`running` speaks of `sign: off_target`"),
        ("sign: off_target", "sign: off_target\n    complete_under: 0.5", "`complete_under` speaks of `sign: newly_missing`"),
        ("sign: disagree", "sign: disagrees", "this should be 'out_of_control'"),
        ("other: mash_referrals_received_adults", "other: plan_rate", "they cannot agree"),
        ("other: mash_referrals_received_adults", "other: mash_referrals", "unknown indicator 'mash_referrals'"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_the_nearest_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    said = refused(tmp_path / "mine", EXCEPTIONS, (old, new))
    assert says in said, said
    assert said.splitlines()[0].startswith("exceptions.yaml:") and ":1:" not in said


def test_words_of_a_subscription_name_only_what_is_known(tmp_path: Path) -> None:
    assert "did you mean {period}" in refused(tmp_path / "a", SUBSCRIPTIONS, ("{period}", "{priod}"))
    assert "this should be 'quarter' or 'year'" in refused(tmp_path / "b", SUBSCRIPTIONS, ("[quarter, year]", "[month]"))
    assert "unknown key 'mst'" in refused(tmp_path / "c", SUBSCRIPTIONS, ("most:", "mst:"))


def test_a_folder_may_have_rules_of_its_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "guidance.yaml").write_text("adds_to: shipped\n")
    (mine / EXCEPTIONS).write_text((SHIPPED / EXCEPTIONS).read_text(encoding="utf-8").replace("most: 5", "most: 2"))
    assert Library.load(mine).exceptions.most == 2 and shipped().exceptions.most == 5


def test_every_figure_has_an_agency_that_answers_for_it() -> None:
    library = shipped()
    for sheet in library.sheets.values():
        for name in sheet.indicators:
            assert library.exceptions.answering_for(sheet.id, name) in library.roles.roles
    assert library.exceptions.answering_for("front_door", "police_contacts") == "police"
    assert library.exceptions.answering_for("no_such", "no_such") == library.exceptions.answers_for.otherwise
