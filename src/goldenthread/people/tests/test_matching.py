"""The matching itself: names, dates, homes and numbers as columns; grades and reasons; whom it keeps apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlglot

from goldenthread.people.dates import KnownDate
from goldenthread.people.matching.engine import pairs_of
from goldenthread.people.matching.features import Mother, Record, home_key, row_of, swapped
from goldenthread.people.matching.grading import Match, graded, reasons_for
from goldenthread.people.matching.model import compiled, declared, learned

TODAY = date(2026, 11, 1)
BORN = KnownDate(date(2017, 5, 14))
HOME = (("1 High Street, Burnley", "BB10 1AA"),)
AMINA = Record("a", "Amina", "Khan", ("Amina Khan",), BORN, sex="female", homes=HOME)
NHS = ("nhs", "9434765919"), ("nhs", "9434765870")


def match(one: Record, two: Record) -> Match | None:
    """The pair among a few other people, so that rarity means something."""
    others = [
        Record(
            f"o{place}",
            given,
            family,
            (f"{given} {family}",),
            KnownDate(date(2012, 1 + place % 12, 3 + place)),
            sex="male",
        )
        for place, (given, family) in enumerate(
            [("Jack", "Smith"), ("Noah", "Jones"), ("Ali", "Malik"), ("Leo", "Ward")]
        )
    ]
    rows = [row_of(record, TODAY) for record in (one, two, *others)]
    unborn = frozenset(record.id for record in (one, two) if record.expected)
    found = graded(
        pairs_of(rows, threads=1, memory="500MB"), {one.id: one.related, two.id: two.related}, unborn
    )
    return next((each for each in found if {each.one, each.two} == {one.id, two.id}), None)


def other(**changes: object) -> Record:
    return replace(AMINA, **{"id": "b", **changes})


@pytest.mark.parametrize(
    "two",
    [
        other(),
        other(given="Ameena", names=("Ameena Khan",)),
        other(family="Kahn", names=("Amina Kahn",)),
        other(given="Khan", family="Amina", names=("Khan Amina",)),
        other(family="Bibi", names=("Amina Bibi",), numbers=(NHS[0],)),
        other(born=KnownDate(date(2017, 5, 1), "month")),
        other(given="Zoë", names=("Zoë Khan", "Amina Khan")),
    ],
    ids=["same", "spelling", "letters", "turned", "title", "month", "alias"],
)
def test_one_person_written_in_two_ways_is_found(two: Record) -> None:
    found = match(replace(AMINA, numbers=(NHS[0],)), two)
    assert found is not None and found.grade in ("very_likely", "possible")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (AMINA, other(given="Zara", names=("Zara Khan",))),
        (AMINA, other(given="Zara", names=("Zara Khan",), born=KnownDate(date(2019, 2, 3)))),
        (AMINA, other(born=KnownDate(date(1990, 5, 14)))),
        (AMINA, other(related=frozenset("a"))),
        (replace(AMINA, given="Mohammed Bilal"), other(given="Mohammed Adil")),
        (replace(AMINA, family="Smith-Jones", given="Isla"), other(family="Smith-Jones", given="Ava")),
    ],
    ids=[
        "twin",
        "sister",
        "mother of one name",
        "recorded as sister",
        "twins of a religious name",
        "hyphenated twins",
    ],
)
def test_two_people_of_one_home_are_kept_apart(one: Record, two: Record) -> None:
    one, two = (replace(each, names=(f"{each.given} {each.family}",)) for each in (one, two))
    assert match(one, two) is None


def test_an_nhs_number_outranks() -> None:
    moved = other(given="Maya", family="Shah", names=("Maya Shah",), homes=(), numbers=(NHS[0],))
    found = match(replace(AMINA, numbers=(NHS[0],)), moved)
    assert found is not None and found.levels["nhs"] == "same"
    two_numbers = match(replace(AMINA, numbers=(NHS[0],)), other(numbers=(NHS[1],)))
    assert two_numbers is None or two_numbers.grade == "possible"


def test_an_unborn_child_is_linked_to_the_newborn_and_two_babies_are_said_to_be_two() -> None:
    mother = (Mother("m", "Sara Khan", date(1995, 2, 3)),)
    unborn = Record(
        "u", "Unborn", "Khan", ("Unborn Khan",), expected=date(2026, 10, 20), homes=HOME, mothers=mother
    )
    baby = Record(
        "n", "Noah", "Khan", ("Noah Khan",), KnownDate(date(2026, 10, 12)), homes=HOME, mothers=mother
    )
    found = match(unborn, baby)
    assert found is not None and found.levels["born"] == "due"
    twin = replace(baby, id="t", given="Zain", names=("Zain Khan",))
    rows = [row_of(record, TODAY) for record in (unborn, baby, twin)]
    both = graded(pairs_of(rows, threads=1, memory="500MB"), unborn=frozenset("u"))
    assert {frozenset((each.one, each.two)) for each in both} == {frozenset("un"), frozenset("ut")}
    assert {each.grade for each in both} == {"possible"}
    assert "fits more than one baby" in reasons_for(both[0].levels, both[0].cautions)[-1].says


def test_reasons_are_words_and_name_nobody() -> None:
    found = match(AMINA, other(given="Ameena", names=("Ameena Khan",), sex="male"))
    assert found is not None
    told = reasons_for(found.levels, found.cautions)
    assert [reason.speaks_for for reason in told if reason.speaks_for] == [True] * sum(
        bool(each.speaks_for) for each in told
    )
    said = " ".join(reason.says for reason in told)
    assert "The same date of birth" in said and "different sexes" in said and "Khan" not in said


def test_columns_forgive_how_a_home_and_a_date_are_written() -> None:
    assert home_key("1, High St", "bb101aa") == home_key("1 High Street", "BB10 1AA")
    assert home_key("Flat 2, 1 High Street", "BB10 1AA") != home_key("1 High Street", "BB10 1AA")
    assert swapped(date(2017, 5, 4)) == "2017-04-05"
    assert swapped(date(2017, 5, 14)) is None and swapped(date(2017, 5, 5)) is None


def test_every_level_is_weighed_and_every_rule_names_levels_that_are_there() -> None:
    settings, weights = declared(), learned()
    for comparison in settings.comparisons:
        assert set(weights[comparison.id]) == {level.id for level in comparison.levels}
        for one in (0, 1):
            assert sum(pair[one] for pair in weights[comparison.id].values()) == pytest.approx(1, abs=0.001)
    grades = {grade.id for grade in settings.grades} | {"none"}
    for rule in settings.apart:
        assert rule.at_most in grades
        for wanted in (rule.needs, rule.unless):
            for comparison, levels in wanted.items():
                assert set(levels) <= {level.id for level in settings.comparison(comparison).levels}


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_the_same_settings_are_sql_that_each_dialect_can_read(dialect: str) -> None:
    made = compiled("link", (1000, 1000), dialect).create_settings_dict(dialect)
    for comparison in made["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level["sql_condition"] != "ELSE":
                assert sqlglot.parse_one(level["sql_condition"], dialect=dialect)
    text = str(made)
    assert ("list_has_any" in text) == (dialect == "duckdb")
    assert ("arrays_overlap" in text) == (dialect == "spark")


def test_nobody_and_one_person_match_nothing() -> None:
    assert pairs_of([]) == []
    assert pairs_of([row_of(AMINA, TODAY)]) == []
    assert pairs_of([row_of(AMINA, TODAY)], []) == []
