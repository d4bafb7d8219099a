"""The picture of a pathway: everything in it, nothing on top of anything, readable by software and on a phone."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from goldenthread.guidance.canvas import Box
from goldenthread.guidance.diagram import WIDTH, Diagram, draw
from goldenthread.guidance.lettering import broken, width_of
from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.plain import plain

from .samples import HELPING, library

SVG = "{http://www.w3.org/2000/svg}"


def drawn(found: Library, pathway: Pathway) -> Diagram:
    return draw(pathway, found.roles, {one.id: one.title for one in found.pathways.values()})


def all_text(diagram: Diagram) -> str:
    return " ".join(words for words, _ in diagram.labels)


def overlapping(diagram: Diagram) -> list[str]:
    """Texts that stand on one another, on a line, or beyond the edge."""
    found = [
        f"{one} / {other}" for (one, at), (other, there) in combinations(diagram.labels, 2) if at.meets(there)
    ]
    for words, box in diagram.labels:
        if box.left < 0 or box.right > diagram.width or box.top < 0 or box.bottom > diagram.height:
            found.append(f"{words} beyond the edge")
        found += [f"{words} on a line" for run in diagram.runs if box.meets(thick(run))]
    return found


def thick(run: Box) -> Box:
    return Box(run.left - 1, run.top - 1, run.right + 1, run.bottom + 1)


def check_whole(found: Library, pathway: Pathway) -> None:
    diagram = drawn(found, pathway)
    root = ElementTree.fromstring(diagram.svg)
    assert root.get("role") == "img"
    titles = {element.get("id"): element for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert titles[root.get("aria-labelledby")].text and titles[root.get("aria-describedby")].text
    assert "style=" not in diagram.svg and "<style" not in diagram.svg and "<script" not in diagram.svg
    words = all_text(diagram)
    for state in pathway.states.values():
        assert " ".join(broken(state.title, 16, 300, bold=True)) in words or state.title.split()[0] in words
    description = titles[root.get("aria-describedby")].text or ""
    for kind in pathway.events:
        title = pathway.title_of(kind)
        assert title in words, f"{title} is not drawn"
        assert title in description, f"{title} is not described"
    assert overlapping(diagram) == []


@pytest.fixture
def sample(tmp_path: Path) -> Library:
    return library(tmp_path)


def test_the_sample_is_drawn_whole_with_nothing_on_anything(sample: Library) -> None:
    check_whole(sample, sample.pathways["visiting"])


@pytest.mark.parametrize("name", sorted(path.stem for path in (shipped().folder / "pathways").glob("*.yaml")))
def test_every_shipped_pathway_is_drawn_whole_with_nothing_on_anything(name: str) -> None:
    check_whole(shipped(), shipped().pathways[name])


def test_closed_states_have_a_double_line_and_stand_last(sample: Library) -> None:
    diagram = drawn(sample, sample.pathways["visiting"])
    root = ElementTree.fromstring(diagram.svg)
    boxes = [
        element for element in root.iter(f"{SVG}rect") if "gt-diagram__box" in (element.get("class") or "")
    ]
    closed = [element for element in boxes if "--closed" in (element.get("class") or "")]
    assert (len(boxes), len(closed)) == (5, 2)
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("class") == "gt-diagram__inner"]) == 2
    assert min(float(one.get("y", 0)) for one in closed) > max(
        float(one.get("y", 0)) for one in boxes if one not in closed
    )


def test_opened_pathways_fly_as_flags_with_their_condition(sample: Library) -> None:
    diagram = drawn(sample, sample.pathways["visiting"])
    assert diagram.svg.count("gt-diagram__flag") == 1
    assert "opens Helping" in all_text(diagram) and "when outcome is do more" in all_text(diagram)


def test_an_event_in_every_open_state_is_drawn_once_and_says_so(sample: Library) -> None:
    words = [words for words, _ in drawn(sample, sample.pathways["visiting"]).labels]
    assert words.count("Visit to the child") == 1
    assert words[words.index("Visit to the child") + 1] == "from any open state"


def test_an_opening_event_that_leads_on_from_an_open_case_is_drawn_there_too(tmp_path: Path) -> None:
    text = HELPING.replace(
        "  done: {title: Done, closed: true}", "  later: {title: Later}\n  done: {title: Done, closed: true}"
    ).replace("to: helped,", "to: helped, in_states: [later],")
    found = library(tmp_path, helping=text)
    diagram = drawn(found, found.pathways["helping"])
    assert [words for words, _ in diagram.labels].count("Help begun") == 2
    assert overlapping(diagram) == []


def test_a_case_that_closes_without_a_state_ends_at_a_mark(tmp_path: Path) -> None:
    text = HELPING.replace("closes: true, to: done", "closes: true")
    found = library(tmp_path, helping=text)
    diagram = drawn(found, found.pathways["helping"])
    assert "Case closed" in all_text(diagram)
    assert overlapping(diagram) == []


def test_long_titles_are_broken_and_still_nothing_meets(tmp_path: Path) -> None:
    long = "A very long title of an event that nobody would ever want to write but somebody will some day"
    text = HELPING.replace("Help ended", long).replace("Being helped", long).replace("Help begun", "X" * 90)
    found = library(tmp_path, helping=text)
    assert overlapping(drawn(found, found.pathways["helping"])) == []


def test_the_picture_fits_a_phone_at_its_own_size(sample: Library) -> None:
    diagram = drawn(sample, sample.pathways["visiting"])
    assert diagram.width == WIDTH <= 370
    sizes = {int(size) for size in re.findall(r'font-size="(\d+)"', diagram.svg)}
    assert min(sizes) >= 13


def test_the_same_pathway_is_drawn_the_same_every_time(sample: Library) -> None:
    pathway = sample.pathways["visiting"]
    assert drawn(sample, pathway).svg == drawn(sample, pathway).svg


def test_the_table_beside_the_picture_says_the_same(sample: Library) -> None:
    told = plain(sample.pathways["visiting"], sample, date(2020, 1, 1))
    words = all_text(drawn(sample, sample.pathways["visiting"]))
    assert all(event.title in words for event in told.events)
    assert all(state.title in words for state in told.states)


def test_words_are_measured_a_little_wider_than_the_face_draws_them() -> None:
    assert width_of("iiii", 15) < width_of("mmmm", 15)
    assert width_of("Visit", 15, bold=True) > width_of("Visit", 15)
    assert all(
        width_of(line, 15) <= 120 for line in broken("Child seen alone in the bedroom at home", 15, 120)
    )
    assert "".join(broken("x" * 60, 15, 100)).replace("-", "") == "x" * 60
