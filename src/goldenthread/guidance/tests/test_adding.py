"""A folder that adds to the shipped guidance: its own files beside those, or in their place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.plain import as_text, plain
from goldenthread.guidance.reading import GuidanceError

from .samples import HELPING


def adding(folder: Path, says: str = "adds_to: shipped\n", **pathways: str) -> Path:
    (folder / "pathways").mkdir(parents=True)
    (folder / "guidance.yaml").write_text(says)
    for name, body in pathways.items():
        (folder / "pathways" / f"{name}.yaml").write_text(body)
    return folder


def test_its_own_stand_beside_what_ships(tmp_path: Path) -> None:
    library = Library.load(adding(tmp_path / "mine", helping=HELPING))
    assert set(library.pathways) == {*shipped().pathways, "helping"}
    assert library.arrangements.keys() == shipped().arrangements.keys() and library.meetings.keys() == shipped().meetings.keys()


def test_a_file_of_the_same_name_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    mine = (SHIPPED / "pathways" / "risk.yaml").read_text().replace("title: Risk\n", "title: Risk here\n", 1)
    library = Library.load(adding(tmp_path / "mine", risk=mine))
    assert library.pathways["risk"].title == "Risk here" and len(library.pathways) == len(shipped().pathways)


def test_an_empty_one_is_the_shipped_guidance(tmp_path: Path) -> None:
    assert Library.load(adding(tmp_path / "mine")).pathways == shipped().pathways


def test_a_fault_says_in_which_folder_the_file_is(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError) as error:
        Library.load(adding(tmp_path / "mine", helping=HELPING.replace("about:", "abut:")))
    assert [fault.file for fault in error.value.faults][:1] == ["pathways/helping.yaml"]


def test_it_can_add_to_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError) as error:
        Library.load(adding(tmp_path / "mine", "adds_to: cumbria\n"))
    assert [(fault.file, fault.line) for fault in error.value.faults] == [("guidance.yaml", 1)]


def test_whole_months_are_said_as_ends_of_months() -> None:
    said = " ".join(as_text(plain(shipped().pathways["provider_quality"], shipped(), date(2026, 1, 1))).split())
    assert "The first by the end of the calendar month of" in said and "then every calendar month" in said
    year = " ".join(as_text(plain(shipped().pathways["partnership_year"], shipped(), date(2026, 1, 1))).split())
    assert "By the end of the calendar month 6 months after that of" in year
