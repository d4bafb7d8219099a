"""No reader can work out a number that is kept back, nor narrow a small one beyond what the rule allows.

The rule: a small number could be anything from 1 to 5 (of the convention), or as much of that as is left by seeing
which numbers are zeros; and no number that is kept back can be known exactly.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from .. import CannotProtect, Convention, Dimension, Earlier, NothingToPublish, Table, convention, suppress
from .attacker import Pages
from .made_up import AGE, AREA, DISTRICTS, QUARTER, SEX, finest, flat, summed

RULE = convention("child_in_need")
MANY = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an attack takes long to shrink
)


def _attack(pages: Pages, truth: dict, tables: list[Table]) -> None:
    solved = pages.solved_exactly()
    assert not set(solved) & pages.marked, "an equation gives a marked number away"
    ranges = pages.ranges()
    for name, (low, high) in ranges.items():
        assert low <= truth[name] <= high
        assert low < high, f"{name} can only be {low}"
    told = _told_by_zeros(tables, truth)
    for name, (low, high) in ranges.items():
        if 1 <= truth[name] <= 5:
            assert low <= max(1, told[name][0]), f"{name} is narrowed from below to {low}"
            assert high >= 5, f"{name} is narrowed from above to {high}"


def _told_by_zeros(tables: list[Table], truth: dict, highest: int = 5) -> dict:
    """What a reader knows to whom everything but the zeros is marked."""
    blank = Pages()
    for table in tables:
        blank.read(table, {codes: "0" if not count else "c" for codes, count in table.counts.items()})
    return blank.ranges({name for name in blank.marked if 1 <= truth[name] <= highest})


def _truth(pages: Pages, tables: list[Table]) -> dict:
    return {pages.name(table, codes): count for table in tables for codes, count in table.counts.items()}


def _release_and_attack(tables: list[Table]) -> None:
    pages = Pages()
    try:
        released = suppress(tables, RULE)
    except NothingToPublish:
        event("nothing to publish")
        return
    for table in tables:
        pages.read(table, released.text(table))
    truth = _truth(pages, tables)
    for table in tables:
        for codes, text in released.text(table).items():
            assert text == "c" or int(text.replace(",", "")) == table.counts[codes]
            assert (text == "c") or not 1 <= table.counts[codes] <= 5, "a small number is printed"
            assert text != "c" or table.counts[codes] > 0, "a true zero is shown"
    event(f"marked: {len(pages.marked) // 5 * 5} or more")
    _attack(pages, truth, tables)


@MANY
@given(finest([AREA, AGE]))
def test_rows_and_columns(counts):
    _release_and_attack([summed("plans", [AREA, AGE], counts, [AREA, AGE])])


@MANY
@given(finest([DISTRICTS, SEX]))
def test_a_hierarchy_of_districts(counts):
    _release_and_attack([summed("plans", [DISTRICTS, SEX], counts, [DISTRICTS, SEX])])


@MANY
@given(finest([AREA, AGE, SEX]))
def test_linked_tables_that_share_their_margins(counts):
    every = [AREA, AGE, SEX]
    _release_and_attack(
        [summed("plans", every, counts, shown) for shown in ([AREA, AGE], [AREA, SEX], [AGE, SEX])]
    )


@MANY
@given(finest([AREA, AGE, SEX]))
def test_a_table_of_one_district_beside_a_table_of_all(counts):
    every = [AREA, AGE, SEX]
    _release_and_attack(
        [
            summed("plans", every, counts, [AREA, AGE]),
            summed("plans", every, counts, [AGE, SEX], {"area": "Burnley"}),
        ]
    )


@MANY
@given(finest([DISTRICTS]))
def test_two_ways_of_dividing_one_county(counts):
    health = flat("area", "Lancashire-12", "East", "Chorley and Preston", "South Ribble", "North")
    part_of_county = Dimension(
        "area",
        "Lancashire-12",
        {"Lancashire-12": ("Chorley and Preston",), "Chorley and Preston": ("Chorley", "Preston")},
        partial=frozenset({"Lancashire-12"}),
    )
    both = counts[("Chorley",)] + counts[("Preston",)]
    by_district = summed("plans", [DISTRICTS], counts, [DISTRICTS])
    parts = {code[0]: count for code, count in by_district.counts.items()}
    by_health = Table("plans", (health,), {(code,): parts.get(code, both) for code in health.codes()})
    inside = Table(
        "plans",
        (part_of_county,),
        {
            (code,): both if code == "Chorley and Preston" else parts[code]
            for code in part_of_county.codes()[1:]
        },
    )
    _release_and_attack([by_district, by_health, inside])


@MANY
@given(finest([AREA, QUARTER]), st.integers(1, 3))
def test_each_release_of_a_year_that_grows(counts, quarters):
    """The year to date is printed each quarter: the difference of two releases is a quarter."""
    earlier: list[Earlier] = []
    pages, all_tables = Pages(), []
    try:
        for upto in range(1, quarters + 2):
            table = _year_to_date(counts, upto)
            released = suppress([table], RULE, earlier=earlier)
            earlier.append(released.as_earlier(f"after Q{upto}"))
            pages.read(table, released.text(table))
            all_tables.append(table)
    except NothingToPublish:
        event("nothing to publish")
        assume(all_tables)
    except CannotProtect:
        event("cannot be protected: refused")
        assume(all_tables)
    _attack(pages, _truth(pages, all_tables), all_tables)


def _year_to_date(counts: dict, upto: int) -> Table:
    """After each quarter: the year so far, which is the year so far before it and one quarter more."""
    chain = {f"to Q{nth}": (f"to Q{nth - 1}", f"Q{nth}") for nth in range(2, upto + 1)}
    time = Dimension("time", f"to Q{upto}", chain)
    found = {}
    for area, upto_code in product(AREA.codes(), [f"to Q{upto}"]):
        areas = AREA.parts[AREA.whole] if area == AREA.whole else (area,)
        found[(area, upto_code)] = sum(
            counts[(one, f"Q{nth}")] for one in areas for nth in range(1, upto + 1)
        )
    return _named(Table("plans", (AREA, time), found), upto)


def _named(table: Table, upto: int) -> Table:
    """The whole of time is a new whole each quarter, so it is named in the place."""
    time = table.dimensions[1]
    outer = Dimension("time", "ever", {"ever": (f"to Q{upto}",), **time.parts}, partial=frozenset({"ever"}))
    return Table(table.measure, (table.dimensions[0], outer), dict(table.counts))


@MANY
@given(finest([AREA, AGE, SEX]))
def test_a_later_release_with_another_breakdown(counts):
    """What was kept back for another's sake last time must not be printed this time in another table."""
    every = [AREA, AGE, SEX]
    first = summed("plans", every, counts, [AREA, AGE])
    second = summed("plans", every, counts, [AREA, SEX])
    third = summed("plans", every, counts, [AREA, AGE])
    pages = Pages()
    earlier: list[Earlier] = []
    out = []
    for name, table in (("May", first), ("June", second), ("July", third)):
        try:
            released = suppress([table], RULE, earlier=earlier)
        except (NothingToPublish, CannotProtect) as refused:
            event(type(refused).__name__)
            continue
        earlier.append(released.as_earlier(name))
        pages.read(table, released.text(table))
        out.append(table)
    assume(out)
    pages.marked -= set(pages.known)
    _attack(pages, _truth(pages, out), out)


@MANY
@given(finest([AREA, AGE]))
def test_where_a_mark_may_also_be_a_zero(counts):
    """Zeros are kept back with the small ones, so from 0 to 5 everything must stay possible."""
    rule = Convention.model_validate(
        {**RULE.model_dump(), "small": {"from": 0, "to": 5}, "zeros": "with_small"}
    )
    table = summed("plans", [AREA, AGE], counts, [AREA, AGE])
    try:
        released = suppress([table], rule)
    except NothingToPublish:
        return
    pages = Pages(least=0)
    pages.read(table, released.text(table))
    truth = _truth(pages, [table])
    assert not set(pages.solved_exactly()) & pages.marked
    for name, (low, high) in pages.ranges().items():
        assert low < high
        if truth[name] <= 5:
            assert low == 0 and high >= 5


@MANY
@given(finest([AREA, AGE]), st.sampled_from(["child_injury_admissions", "safeguarding_adults"]))
def test_what_is_rounded_as_well_tells_no_more(counts, name):
    """Whoever reads exact numbers knows more than whoever reads rounded ones: so the attack is given the exact ones."""
    rule = convention(name)
    table = summed("admissions", [AREA, AGE], counts, [AREA, AGE])
    try:
        released = suppress([table], rule)
    except NothingToPublish:
        return
    exact = Pages()
    chosen = released.kept_back()
    exact.read(
        table, {codes: "c" if table.cell(codes) in chosen else str(n) for codes, n in table.counts.items()}
    )
    truth = _truth(exact, [table])
    told = _told_by_zeros([table], truth, rule.small.highest)
    for cell_name, (low, high) in exact.ranges().items():
        assert low < high
        if 1 <= truth[cell_name] <= rule.small.highest:
            assert low <= max(1, told[cell_name][0]) and high >= rule.small.highest
    for text in released.text(table).values():
        if text != "c":
            assert int(text.replace(",", "")) % 5 == 0, "only rounded numbers are printed"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4))
def test_trying_every_possibility_finds_no_more_than_the_solvers(values):
    area, sex = flat("area", "all", "a", "b"), flat("sex", "both", "f", "m")
    table = summed("plans", [area, sex], dict(zip(product("ab", "fm"), values, strict=True)), [area, sex])
    try:
        released = suppress([table], RULE)
    except NothingToPublish:
        return
    pages = Pages()
    pages.read(table, released.text(table))
    assume(len(pages.unknown()) <= 4)
    ranges = pages.ranges()
    for name, seen in pages.every_possibility(11).items():
        assert len(seen) > 1
        if name in ranges:
            low, high = ranges[name]
            assert low <= min(seen) and max(seen) <= high
            if all(most <= 11 for _, most in ranges.values()):
                assert (min(seen), max(seen)) == (low, high)


def test_the_attack_breaks_what_only_marks_small_numbers():
    """Were the attack blind, the tests above would show nothing."""
    counts = dict(
        zip(
            product(*(one.parts[one.whole] for one in (AREA, AGE))),
            [3, 20, 30, 9, 8, 7, 40, 12, 9],
            strict=True,
        )
    )
    table = summed("plans", [AREA, AGE], counts, [AREA, AGE])
    pages = Pages()
    pages.read(table, {codes: "c" if 1 <= n <= 5 else str(n) for codes, n in table.counts.items()})
    assert [int(value) for value in pages.solved_exactly().values()] == [3]


@pytest.mark.parametrize("seen", [22, 23])
def test_two_marks_that_can_only_be_ones_are_widened(seen):
    """20, c, c and a total of 22: since c is never a zero, both would be 1."""
    area = flat("area", "all", "a", "b", "d")
    table = Table("plans", (area,), {("all",): seen, ("a",): 20, ("b",): 1, ("d",): seen - 21})
    assert suppress([table], RULE).text(table) == {("all",): str(seen), ("a",): "c", ("b",): "c", ("d",): "c"}
