"""What is told of a journey, attacked: with every number that is told in hand, nobody can work out a small one."""

from __future__ import annotations

import random
from datetime import date

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.disclosure import convention
from goldenthread.intelligence.disclosure.tests.attacker import Pages
from goldenthread.intelligence.scorecard.releasing import Tree

from ..following import Step, Walk
from ..telling import _earlier, tell
from ..working_out import by_area

JOURNEY = shipped().journeys["from_enquiry"]
TREE = Tree("everywhere", {"everywhere": ("county",), "county": ("north", "south")})
RULE = convention("partnership")


def made(seed: int, many: int = 240) -> list[Walk]:
    chance = random.Random(seed)
    found = []
    for nth in range(many):
        first = chance.choices(["Conference needed", "Not substantiated", "Substantiated, no continuing risk"], [8, 5, 3])[0]
        places = [JOURNEY.cohort, first]
        steps = {0: Step(chance.randint(3, 20), True, chance.choices(["in time", "late"], [12, 1])[0])}
        if first == "Conference needed" and chance.random() < 0.9:
            places.append(chance.choices(["Conference decides on a plan", "Conference decides on none"], [8, 1])[0])
            steps[1] = Step(chance.randint(3, 20), True, chance.choices(["in time", "late"], [4, 1])[0])
        places.append(chance.choices(["Child protection plan", "Child in need", "Looked after", "No plan"], [8, 8, 1, 6])[0])
        group, area = chance.choices(["White", "Asian"], [5, 2])[0], chance.choices(["north", "south"], [8, 5])[0]
        found.append(Walk(date(2024, 5, 1 + nth % 28), area, group, tuple(places), steps))
    return found


def told(walks, before=None):
    return tell(JOURNEY, "2024/25", by_area(walks, TREE), TREE, before)


def in_hand(*releases) -> tuple[Pages, set]:
    """What a reader has who keeps every release; and the small numbers in them."""
    pages, small = Pages(), set()
    for release in releases:
        one = _earlier("told", release)
        for table in one.tables:
            back = {codes for codes in table.counts if table.cell(codes) in one.kept_back}
            pages.read(table, {codes: "c" if codes in back else str(many) for codes, many in table.counts.items()})
            small |= {pages.name(table, codes) for codes, many in table.counts.items() if RULE.is_small(many)}
        for nth, (total, parts, partial, _) in enumerate(one.sums):
            row = {(total.measure, *total.where): -1, **{(part.measure, *part.where): 1 for part in parts}}
            if partial:
                row["rest", nth, total] = 1
            pages.rows.append(row)
    return pages, small


@pytest.fixture(scope="module")
def first():
    return told(made(2))


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_can_work_out_a_small_number(seed, first):
    release = (first if seed == 2 else told(made(seed))).release
    pages, small = in_hand(release)
    assert small and not small & set(pages.known)
    assert not set(pages.solved_exactly()) & pages.marked
    for name, (low, high) in pages.ranges(small).items():
        assert low < high and high >= RULE.small.highest, (name, low, high)


def test_pages_tell_no_small_number_anywhere(first):
    pages = first.pages
    assert "county" in pages and pages["county"] == pages["everywhere"]  # all of one is in the other: told as it

    def numbers(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in ("half", "nine"):  # days
                    yield from numbers(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from numbers(inner)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield value

    found = list(numbers(pages))
    assert len(found) > 20 and not [one for one in found if RULE.is_small(one)]


def test_what_has_not_changed_stands_and_what_has_is_held_against_what_was_told(first):
    walks = made(2)
    assert told(list(reversed(walks)), first) is first
    more = [*walks, *made(9, 40)]
    second = told(more, first)
    assert second.digest != first.digest
    pages, small = in_hand(first.release)
    assert not small & set(pages.known)
    if second.pages:
        later, small = in_hand(second.release)
        assert not small & set(later.known)


def test_too_few_are_not_told_at_all():
    assert told(made(1, 4)).pages == {}


def test_an_area_that_was_told_as_another_is_not_told_apart_afterwards(first):
    """The county had everybody when it was told; somebody without a district is recorded later."""
    elsewhere = [Walk(one.entered, "nowhere", one.group, one.places, one.steps) for one in made(4, 30)]
    assert told([*made(2), *elsewhere], first).pages == {}
