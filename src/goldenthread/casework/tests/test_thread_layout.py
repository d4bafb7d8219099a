"""The golden thread's drawing: nothing collides, with ten events or a hundred, and the words say what it shows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest

from goldenthread.casework.thread.labels import Box, Wanted, place
from goldenthread.casework.thread.layout import NARROW, WIDE, Frame, lay_out
from goldenthread.casework.thread.measure import shortened, width_of
from goldenthread.casework.thread.silences import joined, silences
from goldenthread.casework.thread.story import (
    Bar,
    Clock,
    Lane,
    Mark,
    PathwayLane,
    Silence,
    Step,
    Story,
    Tick,
    level_steps,
    months_between,
)
from goldenthread.casework.thread.svg import draw
from goldenthread.casework.thread.words import description_of, silences_in_words, table_of, title_of

FIRST, TODAY = date(2023, 9, 1), date(2026, 11, 22)
TITLES = (
    "Early help",
    "Assessment begun",
    "Stepped down",
    "Referral received",
    "Conference: plan made",
    "Review",
)


def story(count: int, seed: int = 1, *, days: int = 1100, known: date | None = None) -> Story:
    """A story with `count` decisions and as many of everything else."""
    chance = random.Random(seed)
    some = sorted(FIRST + timedelta(chance.randrange(days)) for _ in range(count))
    levels = [Step(day, chance.choice((1, 2, 3, 4))) for day in some[::5]]
    return Story(
        name="Amira", first=FIRST, last=date(2027, 1, 20), today=TODAY, known=known, levels=levels,
        level_titles={1: "Universal", 2: "Universal plus", 3: "Intensive", 4: "Specialist"},
        decisions=[Mark(day, chance.choice(TITLES), f"/e/{index}") for index, day in enumerate(some)],
        clocks=[
            *(
                Clock(day, f"visit {index} days late", f"/d/{index}", late=True, now=index % 7 == 0)
                for index, day in enumerate(some)
            ),
            Clock(TODAY + timedelta(20), "review due", "/d/due"),
        ],
        said=[Mark(day, "I want to stay at Nan’s", f"#said-{index}") for index, day in enumerate(some)],
        lanes=[
            Lane("School", [Tick(day, "Seen at school", "/t", seen=bool(index % 3)) for index, day in enumerate(some)]),
            Lane("Health", [Tick(FIRST, "Clinic", "/t")], [Silence(date(2025, 10, 3), date(2026, 3, 6))]),
        ],
        pathways=[PathwayLane("Child in need", [Bar(date(2024, 1, 5), None, "/c", "Child in need, open")])],
    )  # fmt: skip


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [0, 1, 10, 100])
def test_no_words_collide(count: int, seed: int, frame: Frame) -> None:
    drawing = lay_out(story(count, seed), frame)
    for one, other in combinations(drawing.words_at, 2):
        assert not one.meets(other), (one, other)
    for words in drawing.words_at:
        assert not any(words.meets(mark) for mark in drawing.marks_at), words


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("seed", range(6))
def test_no_marks_collide_and_all_stay_inside(seed: int, frame: Frame) -> None:
    drawing = lay_out(story(100, seed), frame)
    for one, other in combinations(drawing.marks_at, 2):
        assert not one.meets(other), (one, other)
    for box in [*drawing.marks_at, *drawing.words_at]:
        assert box.within(Box(0, 0, drawing.width, drawing.height)), box


def test_a_known_day_hides_nothing_but_says_so_without_collision() -> None:
    drawing = lay_out(story(40, 3, known=date(2025, 3, 3)))
    assert any("known on 3 March 2025" in str(getattr(shape, "text", "")) for shape in drawing.still)
    for one, other in combinations(drawing.words_at, 2):
        assert not one.meets(other)


def test_a_few_events_are_named_and_a_hundred_are_numbered_with_a_key() -> None:
    few, many = lay_out(story(4, 2)), lay_out(story(100, 2))
    assert few.key == []
    assert many.key and [entry.number for entry in many.key] == list(range(1, len(many.key) + 1))
    assert len(many.key) <= WIDE.dots
    told = " ".join(entry.words for entry in many.key)
    assert "together" in told


def test_what_is_decided_again_and_again_is_named_first_and_last() -> None:
    reviews = [Mark(date(2024, month, 1), "Review held", f"/r/{month}") for month in range(1, 12, 2)]
    told = Story(name="Amira", first=FIRST, last=date(2027, 1, 20), today=TODAY, decisions=reviews)
    drawing = lay_out(told)
    labels = [shape for link in drawing.links for shape in link.shapes if getattr(shape, "text", "") == "Review held"]
    assert len(labels) == 2 and drawing.key == []
    assert {link.href for link in drawing.links} >= {mark.href for mark in reviews}, "each is still reached"


def test_every_mark_is_reached_and_has_words() -> None:
    drawing = lay_out(story(10))
    assert all(link.href and link.words for link in drawing.links)
    assert {"/d/due", "/c"} <= {link.href for link in drawing.links}


def test_labels_do_not_cross_obstacles() -> None:
    area = Box(0, 0, 400, 120)
    wall = Box(0, 60, 400, 5)
    placed = place([Wanted(index, 60 + index * 9, 62, 80, 7) for index in range(30)], [wall], area)
    boxes = [one.box for one in placed]
    assert 4 <= len(boxes) < 30
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert not any(box.meets(wall) for box in boxes)
    for one in placed:
        if one.leader:
            assert not any(one.leader.meets(other.box) for other in placed if other is not one)


def test_the_svg_is_well_formed_escaped_and_without_inline_styles() -> None:
    told = story(10)
    hostile = Mark(date(2025, 5, 5), '<script>alert("x")</script>', 'javascript:"x"', '"><script>')
    told = Story(
        **{name: getattr(told, name) for name in told.__slots__} | {"decisions": [*told.decisions, hostile]}
    )
    text = draw(lay_out(told), "gt", title_of(told), description_of(told))
    root = ElementTree.fromstring(text)
    assert "<script" not in text and "style=" not in text
    picture = root.find("{http://www.w3.org/2000/svg}g")
    assert picture is not None and picture.get("role") == "img"
    assert picture.find("{http://www.w3.org/2000/svg}title") is not None
    links = root.findall("{http://www.w3.org/2000/svg}a")
    assert links and all(link.get("aria-label") or "".join(link.itertext()).strip() for link in links)
    assert not picture.findall(".//{http://www.w3.org/2000/svg}a"), (
        "what is inside an image cannot be reached"
    )


def test_the_picture_is_said_in_words_and_as_a_table() -> None:
    told = story(10)
    words = description_of(told)
    assert "still not done" in words
    assert "Health: nothing recorded for 5 months, 3 October 2025 to 6 March 2026" in words
    rows = table_of(told)
    assert len([row for row in rows if row.kind == "Decision"]) == 10
    assert rows == sorted(rows, key=lambda row: row.day, reverse=True)
    assert {
        "Decision",
        "Late",
        "Late now",
        "Due",
        "Amira said",
        "School",
        "Health",
        "Level of need",
        "Child in need",
    } == {row.kind for row in rows}


def test_levels_follow_the_highest_open_case() -> None:
    early, plan = (date(2024, 1, 10), date(2024, 9, 1), 2), (date(2024, 6, 1), date(2024, 8, 1), 4)
    assert level_steps([early, plan]) == [
        Step(date(2024, 1, 10), 2), Step(date(2024, 6, 1), 4), Step(date(2024, 8, 1), 2), Step(date(2024, 9, 1), 1),
    ]  # fmt: skip
    assert level_steps([]) == []


def test_a_case_that_hands_over_on_a_day_makes_no_dip() -> None:
    assert level_steps([(date(2024, 1, 1), date(2024, 2, 1), 3), (date(2024, 2, 1), None, 3)]) == [
        Step(date(2024, 1, 1), 3)
    ]


def test_silences_count_only_while_a_case_is_open() -> None:
    contacts = [date(2025, 1, 10), date(2025, 9, 1)]
    assert silences(contacts, [(date(2025, 1, 1), None)], None, date(2025, 10, 1)) == [
        Silence(date(2025, 1, 10), date(2025, 9, 1))
    ]
    assert silences(contacts, [(date(2025, 1, 1), date(2025, 3, 1))], None, date(2025, 10, 1)) == []
    assert silences([], [(date(2025, 1, 1), None)], None, date(2025, 10, 1)) == []


def test_a_silence_goes_on_until_today_and_starts_when_the_agency_was_asked_in() -> None:
    found = silences([], [(date(2025, 1, 1), None)], date(2025, 2, 1), date(2025, 10, 1))
    assert found == [Silence(date(2025, 2, 1), date(2025, 10, 1), ongoing=True)]


@pytest.mark.parametrize(
    ("end", "silent"), [(date(2025, 5, 10), False), (date(2025, 5, 11), True), (date(2025, 5, 9), False)]
)
def test_four_months_to_the_day_is_not_yet_a_silence(end: date, silent: bool) -> None:
    found = silences([date(2025, 1, 10), end], [(date(2025, 1, 1), None)], None, end)
    assert bool(found) is silent


def test_spans_are_joined() -> None:
    until = date(2025, 6, 1)
    overlapping = [(date(2025, 1, 1), date(2025, 2, 1)), (date(2025, 1, 15), date(2025, 2, 10))]
    assert joined([(date(2025, 3, 1), None), *overlapping], until) == [
        (date(2025, 1, 1), date(2025, 2, 10)), (date(2025, 3, 1), until),
    ]  # fmt: skip
    assert joined([(date(2026, 1, 1), None)], until) == []


def test_months_are_whole() -> None:
    assert months_between(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert months_between(date(2025, 10, 3), date(2026, 3, 6)) == 5


def test_a_story_without_anything_is_drawn_and_said() -> None:
    empty = Story(name="Baby", first=TODAY - timedelta(30), last=TODAY + timedelta(10), today=TODAY)
    assert lay_out(empty).height > 100
    assert description_of(empty) == "Level 1 throughout."
    assert silences_in_words(empty) == [] and table_of(empty) == []


def test_words_are_measured_and_cut_to_fit() -> None:
    assert width_of("W", 15) > width_of("i", 15) * 3
    long = "Initial child protection conference held and plan made"
    cut = shortened(long, 15, 150)
    assert cut.endswith("…") and width_of(cut, 15) <= 150
    assert shortened("short", 15, 150) == "short"
