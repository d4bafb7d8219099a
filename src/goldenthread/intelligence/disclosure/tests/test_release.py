"""What is printed and what is kept back, in situations of the field; refusals in words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from .. import (
    CannotProtect,
    Convention,
    Dimension,
    DoesNotAddUp,
    Earlier,
    NothingToPublish,
    Share,
    Sum,
    Table,
    cell,
    change,
    convention,
    conventions,
    flat,
    percentage,
    printing,
    rate,
    suppress,
)
from .made_up import AGE, AREA, DISTRICTS, finest, summed

RULE = convention("child_in_need")
DISTRICT = flat("area", "Lancashire-12", "Burnley", "Chorley", "Fylde", "Wyre")


def _row(whole, *counts, dimension=DISTRICT, measure="plans", **more):
    codes = [dimension.whole, *dimension.parts[dimension.whole]]
    return Table(
        measure,
        (dimension,),
        {(code,): count for code, count in zip(codes, (whole, *counts), strict=True)},
        **more,
    )


def _texts(table, released):
    return list(released.text(table).values())


def test_a_small_number_and_one_more_are_kept_back():
    table = _row(97, 3, 40, 30, 24)
    released = suppress([table], RULE)
    assert _texts(table, released) == ["97", "c", "40", "30", "c"]
    reasons = [released.cells[table.cell(codes)].why() for codes in table.counts]
    assert reasons[1] == "kept back: a small number"
    assert reasons[4] == "kept back: a small number could be worked out from it"
    assert [str(one) for one in released.ranges()] == [
        "plans, area Burnley: 1 to 26",
        "plans, area Wyre: 1 to 26",
    ]


def test_nothing_is_kept_back_without_need():
    table = _row(94, 0, 40, 30, 24)
    assert _texts(table, suppress([table], RULE)) == ["94", "0", "40", "30", "24"]


def test_a_true_zero_is_shown_and_does_not_hide_another():
    table = _row(10, 4, 6, 0, 0)
    assert _texts(table, suppress([table], RULE)) == ["10", "c", "c", "0", "0"]


def test_two_small_numbers_may_protect_each_other():
    table = _row(74, 4, 5, 40, 25)
    assert _texts(table, suppress([table], RULE)) == ["74", "c", "c", "40", "25"]


def test_where_zeros_are_kept_back_with_the_small_ones_c_may_be_a_zero():
    rule = Convention.model_validate(
        {**RULE.model_dump(), "small": {"from": 0, "to": 5}, "zeros": "with_small"}
    )
    table = _row(90, 0, 40, 30, 20)
    texts = _texts(table, suppress([table], rule))
    assert texts[1] == "c" and texts.count("c") == 2


def test_everyone_in_one_place_is_kept_back_where_that_tells_of_each():
    """All 8 children of a school have a plan for the same reason: to know the child is to know the reason."""
    reason = Dimension("reason", "any", {"any": ("neglect", "emotional abuse", "other")}, guarded=True)
    table = _row(8, 8, 0, 0, dimension=reason)
    released = suppress([table], RULE)
    assert _texts(table, released).count("c") == 2 and _texts(table, released)[1] == "c"
    assert "c can also stand for a zero" in " ".join(released.notes)
    open_reason = flat("reason", "any", *reason.parts["any"])
    plain = _row(8, 8, 0, 0, dimension=open_reason)
    assert "c" not in _texts(plain, suppress([plain], RULE))


def test_the_part_of_a_county_that_is_not_shown_is_protected_too():
    shown = Dimension(
        "area",
        "Lancashire-12",
        {"Lancashire-12": ("Burnley", "Chorley")},
        partial=frozenset({"Lancashire-12"}),
    )
    table = _row(73, 40, 30, dimension=shown)
    texts = _texts(table, suppress([table], RULE))
    assert "c" in texts, "73 less 40 less 30 is 3, and those are children too"
    roomy = _row(90, 40, 30, dimension=shown)
    assert "c" not in _texts(roomy, suppress([roomy], RULE))


def test_a_total_that_is_not_printed_is_worked_out_all_the_same():
    """Two tables of one thing, one by district without its total, one by age with it."""
    by_area = Table("plans", (AREA,), {("Burnley",): 3, ("Chorley",): 40, ("Fylde",): 30})
    by_age = summed("plans", [AGE], {("0 to 4",): 20, ("5 to 9",): 20, ("10 to 17",): 33}, [AGE])
    released = suppress([by_area, by_age], RULE)
    assert list(released.text(by_area).values()).count("c") == 2


def test_a_missing_return_is_marked_as_such_and_is_never_a_zero():
    table = _row(94, 20, None, 30, 24)
    assert _texts(table, suppress([table], RULE)) == ["94", "20", ":", "30", "24"]


def test_a_missing_return_that_is_small_by_subtraction_is_protected():
    table = _row(77, 20, None, 30, 24)
    texts = _texts(table, suppress([table], RULE))
    assert texts[2] == ":" and texts.count("c") >= 1


def test_numbers_that_hang_together_by_sums_of_their_own():
    """Months and the quarter that they make, as three measures."""
    months = [Table(name, (), {(): count}) for name, count in (("April", 12), ("May", 3), ("June", 20))]
    quarter = Table("April to June", (), {(): 35})
    joined = Sum(cell("April to June"), (cell("April"), cell("May"), cell("June")))
    apart = suppress([*months, quarter], RULE)
    together = suppress([*months, quarter], RULE, sums=[joined])
    assert len(apart.kept_back()) == 1
    assert len(together.kept_back()) == 2


def test_numbers_of_a_nation_are_no_harder_than_those_of_a_district():
    """Millions of children, and one small number: solved to the unit, one more number kept back."""
    authority = flat("area", "England", *(f"Authority {nth}" for nth in range(12)))
    sex = flat("sex", "all", "girls", "boys", "not recorded")
    counts = {
        (area, code): 3 if (area, code) == ("Authority 4", "not recorded") else 1_016_003 + 7 * nth
        for nth, area in enumerate(authority.parts["England"])
        for code in sex.parts["all"]
    }
    released = suppress([summed("children", [authority, sex], counts, [authority, sex])], RULE)
    assert len(released.kept_back()) == 4, (
        "the small one, and one more in its row, its column and where they meet"
    )


class TestShares:
    def _shares(self, part, of):
        tables = [Table("in time", (), {(): part}), Table("conferences", (), {(): of})]
        share = Share(cell("in time"), cell("conferences"))
        return suppress(tables, RULE, shares=[share]), share

    def test_a_percentage_of_counts_that_are_not_small(self):
        released, share = self._shares(52, 61)
        assert released.shares[share].text == "85.2"

    def test_a_small_count_takes_its_percentage_with_it(self):
        released, share = self._shares(4, 61)
        assert released.shares[share].text == "c"
        assert released.cells[cell("conferences")].text == "61"

    def test_a_small_remainder_takes_it_too(self):
        """58 of 61 in time: three were late, and 61 less 58 would say so."""
        released, share = self._shares(58, 61)
        assert released.shares[share].text == "c"
        assert "c" in {released.cells[cell("in time")].text, released.cells[cell("conferences")].text}

    def test_all_in_time_is_shown(self):
        released, share = self._shares(61, 61)
        assert released.shares[share].text == "100.0"

    def test_a_percentage_without_its_counts_is_refused(self):
        with pytest.raises(ValueError, match="printed with both counts"):
            suppress([Table("in time", (), {(): 9})], RULE, shares=[Share(cell("in time"), cell("all"))])


class TestEarlierReleases:
    first = _row(97, 3, 40, 30, 24)

    def test_what_was_kept_back_is_kept_back_again(self):
        before = suppress([self.first], RULE).as_earlier("May")
        released = suppress([self.first], RULE, earlier=[before])
        assert released.kept_back() == before.kept_back

    def test_what_was_kept_back_for_another_is_not_printed_under_another_heading(self):
        """Wyre (24) hid Burnley (3). Wyre by age with its total would give both away."""
        before = suppress([self.first], RULE).as_earlier("May")
        ages = Table(
            "plans",
            (AGE,),
            {("all ages",): 24, ("0 to 4",): 10, ("5 to 9",): 8, ("10 to 17",): 6},
            {"area": "Wyre"},
        )
        alone, after = suppress([ages], RULE), suppress([ages], RULE, earlier=[before])
        assert not alone.kept_back()
        assert len(after.kept_back()) >= 2

    def test_what_is_out_cannot_be_called_back_and_that_is_said(self):
        """A paper printed every district, 3 among them. This rule would have kept it back."""
        loose = Earlier("Board paper", (self.first,), frozenset())
        released = suppress([self.first], RULE, earlier=[loose])
        assert (
            "Already out in an earlier release, though small by this rule: plans, area Burnley"
            in " ".join(released.notes)
        )
        assert released.text(self.first)[("Burnley",)] == "c"

    def test_a_percentage_of_last_time_still_tells_its_remainder(self):
        """61 conferences and c in time were out with c per cent; 58 in time by itself would now tell that 3 were late."""
        tables = [Table("in time", (), {(): 58}), Table("conferences", (), {(): 61})]
        before = suppress(tables, RULE, shares=[Share(cell("in time"), cell("conferences"))]).as_earlier(
            "May"
        )
        hidden = next(iter(before.kept_back))
        again = next(table for table in tables if table.cell(()) == hidden)
        with pytest.raises(NothingToPublish):
            suppress([again], RULE, earlier=[before])

    def test_what_cannot_be_protected_is_refused_with_the_reason(self):
        """Two districts and the county are out; the third, by age, would be known from them."""
        paper = Table(
            "plans", (DISTRICT,), {("Lancashire-12",): 97, ("Burnley",): 33, ("Chorley",): 30, ("Fylde",): 30}
        )
        wyre = Table("plans", (AGE,), {("0 to 4",): 1, ("5 to 9",): 2, ("10 to 17",): 1}, {"area": "Wyre"})
        with pytest.raises(CannotProtect, match="what is already out \\(Board paper\\)"):
            suppress([wyre], RULE, earlier=[Earlier("Board paper", (paper,), frozenset())])

    def test_a_small_revision_is_pointed_out(self):
        before = suppress([_row(120, 33, 40, 23, 24)], RULE).as_earlier("May")
        released = suppress([_row(121, 34, 40, 23, 24)], RULE, earlier=[before])
        assert "Changed by 5 or fewer since May: plans; plans, area Burnley" in " ".join(released.notes)

    def test_a_name_that_no_table_has_is_refused(self):
        with pytest.raises(DoesNotAddUp, match="is marked c and is in none of its tables"):
            suppress(
                [self.first], RULE, earlier=[Earlier("May", (self.first,), frozenset({cell("elsewhere")}))]
            )


def test_nothing_can_be_published_says_what_to_do():
    with pytest.raises(NothingToPublish, match="Put years together, or districts, or use wider age bands"):
        suppress([_row(4, 4, 0, 0, 0)], RULE)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([_row(98, 3, 40, 30, 24)], "do not add up to it"),
        ([_row(97, 3, 40, 30, 24), _row(98, 3, 40, 30, 25)], "two tables give different counts"),
    ],
)
def test_tables_that_contradict_themselves_are_refused(tables, words):
    with pytest.raises(DoesNotAddUp, match=words):
        suppress(tables, RULE)


def test_two_wholes_of_one_dimension_are_refused():
    """Plans of England and plans of Lancashire are not one number."""
    england = Table(
        "plans",
        (flat("area", "England", "North", "South"),),
        {("England",): 90, ("North",): 40, ("South",): 50},
    )
    with pytest.raises(DoesNotAddUp, match="the whole is England in one table and Lancashire-12 in another"):
        suppress([england, _row(97, 3, 40, 30, 24)], RULE)
    with pytest.raises(DoesNotAddUp, match="leave it out of `fixed`"):
        suppress([england, Table("plans", (), {(): 90}, {"area": "England"})], RULE)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _row(-1, 0, 0, 0, 0), "never under zero"),
        (lambda: Table("x", (AREA,), {("Leeds",): 3}), "is no cell of this table"),
        (lambda: Dimension("area", "all", {"all": ("a", "b"), "a": ("b",)}), "in two places"),
        (lambda: Dimension("area", "all", {"all": ("a",), "z": ("b",)}), "z belongs to nothing"),
    ],
)
def test_a_table_that_cannot_be_is_refused(make, words):
    with pytest.raises(DoesNotAddUp, match=words):
        make()


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(finest([DISTRICTS]))
def test_the_same_tables_always_give_the_same_answer(counts):
    table = summed("plans", [DISTRICTS], counts, [DISTRICTS])

    def once():
        try:
            return suppress([table], RULE).text(table)
        except NothingToPublish as nothing:
            return str(nothing)

    assert once() == once()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(finest([AREA]))
def test_in_one_row_no_more_is_kept_back_than_must_be(counts):
    """Beside an open total: the small ones, and as few others as cover them. Tried against every other choice."""
    table = summed("plans", [AREA], counts, [AREA])
    try:
        released = suppress([table], RULE)
    except NothingToPublish:
        return
    small = sum(1 <= count <= 5 for count in table.counts.values())
    kept = len(released.kept_back())
    assert kept - small <= (2 if small else 0)


class TestPrinting:
    def test_each_publication_rounds_in_its_own_way(self):
        england = Dimension(
            "area", "England", {"England": ("Lancashire", "Cumbria")}, levels={"England": "national"}
        )
        table = _row(12_345, 12_000, 345, dimension=england)
        expected = {
            "child_in_need": ["12,350", "12,000", "345"],
            "children_looked_after": ["12,350", "12,000", "345"],
            "child_injury_admissions": ["12,345", "12,000", "345"],
            "safeguarding_adults": ["12,345", "12,000", "345"],
            "child_death_overview": ["12,345", "12,000", "345"],
            "partnership": ["12,345", "12,000", "345"],
        }
        assert set(expected) == set(conventions())
        for name, texts in expected.items():
            assert _texts(table, suppress([table], convention(name))) == texts

    def test_to_the_nearest_five_with_one_to_seven_kept_back(self):
        table = _row(88, 7, 23, 30, 28)
        assert _texts(table, suppress([table], convention("child_injury_admissions"))) == [
            "90",
            "c",
            "c",
            "30",
            "30",
        ]

    @pytest.mark.parametrize(
        ("count", "nearest", "shown"), [(25, 10, 30), (24, 10, 20), (12, 5, 10), (13, 5, 15), (7, 1, 7)]
    )
    def test_halves_go_up(self, count, nearest, shown):
        assert printing.rounded(count, nearest) == shown

    def test_percentages_of_the_published_figures(self):
        """England 2025: 142,900 of 632,830 referrals; 1,130 of 49,420 plans; 69 per cent of 28,710."""
        assert percentage(142_900, 632_830, RULE).text == "22.6"
        assert percentage(1_130, 49_420, RULE).text == "2.3"
        assert percentage(19_680, 28_710, convention("children_looked_after")).text == "69"

    def test_a_rate_of_the_published_figures(self):
        assert rate(81_770, 12_183_016, convention("children_looked_after")).text == "67"

    def test_what_rounds_to_zero_and_is_not_zero_has_a_mark_of_its_own(self):
        looked_after = convention("children_looked_after")
        assert percentage(30, 9_000, looked_after).text == "k"
        assert percentage(0, 9_000, looked_after).text == "0"
        assert percentage(30, 9_000, RULE).text == "0.3"

    def test_a_percentage_of_nothing_does_not_apply(self):
        assert percentage(0, 0, RULE).text == "z"

    def test_what_is_made_of_a_kept_back_number_is_kept_back(self):
        behind = [printing.kept_back(RULE, "small")]
        assert change(5, 9, RULE, behind).text == rate(5, 1_000, RULE, behind).text == "c"
        assert change(12, 9, RULE).text == "+3"
        assert percentage(1, 2, RULE, [printing.missing(RULE)]).text == ":"


class TestConventions:
    def test_each_has_its_reference(self):
        assert all(one.reference and one.verified for one in conventions().values())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"small": {"from": 2, "to": 5}},
            {"small": {"from": 1, "to": 5}, "rounding": {"national": 10}},
            {"marks": {"suppressed": "0"}},
            {"reference": ""},
            {"surprise": 1},
        ],
    )
    def test_a_rule_that_would_not_protect_is_refused(self, wrong):
        with pytest.raises(ValidationError):
            Convention.model_validate({**RULE.model_dump(by_alias=True), **wrong})

    def test_an_unknown_one_names_those_there_are(self):
        with pytest.raises(
            KeyError, match="no convention is called census; there are: child_death_overview, child_in_need"
        ):
            convention("census")


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([1, 5, 10]))
def test_rounding_never_moves_a_number_by_more_than_half(count, nearest):
    assert abs(printing.rounded(count, nearest) - count) * 2 <= nearest
