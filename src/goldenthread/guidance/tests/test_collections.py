"""The language of collections: what a form asks, and what is refused with its line and the nearest right name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from goldenthread.guidance.collection import Collection
from goldenthread.guidance.collection_checks import check_collection
from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError, read

FORM = """\
id: fires
title: Fires in homes
about: What the fire service knows.
from: fire_and_rescue
every: quarter
due: {2020-04-01: 15 working days}
reference: Made up for this test
breakdowns:
  district: {title: District, not_known: Not known}
  how: {title: How, groups: {pan: A pan, heater: A heater}}
cells:
  fires:
    title: Fires
    instructions: Count each once.
    by: [district, how]
    feeds: accidental_dwelling_fires
  deaths: {title: Deaths, instructions: Of those fires., feeds: fire_deaths_in_accidental_dwelling_fires}
  share: {title: Deaths of fires, instructions: Worked out., unit: per cent, share: {part: deaths, of: fires}}
rules:
  - {cell: deaths, not_more_than: fires}
"""
PARTS = [("hill", "Hill"), ("dale", "Dale")]


def faults(text: str) -> list[str]:
    try:
        form, source = read(Collection, Path("fires.yaml"), text)
    except GuidanceError as error:
        return [str(fault) for fault in error.faults]
    alone = replace(shipped(), collections={"fires": form})
    return [str(source.fault(where, problem)) for where, problem in check_collection(alone, form)]


def test_a_form_has_a_box_for_each_whole_and_each_part_in_its_own_order() -> None:
    form, _ = read(Collection, Path("fires.yaml"), FORM)
    assert [box.key for box in form.boxes(PARTS)] == [
        "fires", "fires.district.hill", "fires.district.dale", "fires.district.not_known", "fires.how.pan",
        "fires.how.heater", "deaths",
    ]  # fmt: skip
    assert [box.key for box in form.boxes()] == ["fires", "fires.how.pan", "fires.how.heater", "deaths"]
    assert faults(FORM) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("from: fire_and_rescue", "from: fire_and_resque"), "fires.yaml:4: unknown agency role 'fire_and_resque'; did you mean"),
        (("15 working days", "72 hours"), "fires.yaml:6: 72 hours: what is due after a period is counted in days"),
        (("{2020-04-01: 15 working days}", "15 working days"), "fires.yaml:6: give the date from which"),
        (("by: [district, how]", "by: [district, who]"), "fires.yaml:15: unknown breakdown 'who'"),
        (("{title: District, not_known", "{title: District, groups: {a: A}, not_known"), "leave out `groups`"),
        (("groups: {pan: A pan, heater: A heater}", "not_known: None of them"), "give its `groups`"),
        (("by: [district, how]", "by: district"), "no cell is split `by: how`"),
        (("feeds: accidental_dwelling_fires", "feeds: accidental_dwelling_fire"),
         "fires.yaml:16: unknown indicator 'accidental_dwelling_fire'; did you mean 'accidental_dwelling_fires'"),
        (("feeds: accidental_dwelling_fires", "feeds: contacts"), "is counted from our own events, not sent in"),
        (("every: quarter", "every: month"), "is sent in every quarter, this every month"),
        (("{part: deaths, of: fires}", "{part: death, of: fires}"), "unknown cell 'death'; did you mean 'deaths'"),
        (("not_more_than: fires", "not_more_than: share"), "'share' is worked out; name cells that are filled in"),
        (("not_more_than: fires", "whole: fires"), "a rule is `parts` and `whole`, or `cell` and `not_more_than`"),
        (("unit: per cent, ", ""), "a `share` is worked out in `unit: per cent`"),
        (("instructions: Count each once.", "instruction: Count each once."), "'instruction'"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_told_with_its_line_and_the_nearest_name(change: tuple[str, str], said: str) -> None:
    assert change[0] in FORM
    found = faults(FORM.replace(*change))
    assert any(said in one for one in found), found


def test_two_forms_of_the_same_agencies_do_not_feed_one_indicator(tmp_path: Path) -> None:
    (tmp_path / "guidance.yaml").write_text("adds_to: shipped\n")
    (tmp_path / "collections").mkdir()
    (tmp_path / "collections" / "fires.yaml").write_text(FORM)
    with pytest.raises(GuidanceError) as told:
        Library.load(tmp_path)
    assert any("is fed by fires.fires already" in str(one) or "is fed by fire_safety" in str(one) for one in told.value.faults)
    alone = FORM.replace("    feeds: accidental_dwelling_fires\n", "").replace(
        ", feeds: fire_deaths_in_accidental_dwelling_fires", ""
    )
    (tmp_path / "collections" / "fires.yaml").write_text(alone)
    assert "fires" in Library.load(tmp_path).collections


def test_every_shipped_form_says_what_to_count_and_where_it_is_from() -> None:
    forms = shipped().collections
    assert 8 <= len(forms) <= 12
    for form in forms.values():
        assert form.force == "local" and len(form.reference) > 20
        assert all(len(cell.instructions) > 15 for cell in form.cells.values()), form.id
    fed = [cell.feeds for form in forms.values() for cell in form.cells.values() if cell.feeds]
    assert len(fed) == len(set(fed)) >= 30
