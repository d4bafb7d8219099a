"""Names, numbers and places are taken out of text in every form they take, and nothing that only looks like one is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.sharing.chronology.redaction import (
    FAMILY_NAME,
    Redactor,
    Someone,
    Wanted,
    alike,
    also_words,
)

from .forms import people, texts
from .opening import left_of

CHILD = Someone(
    "Child", ("Amira Hussain", "Mira"), ("Hussain",), ("9434765919", "A123456789012"), ("12 Hill Street, Burnley",),
    date(2017, 5, 14),
)  # fmt: skip
MOTHER = Someone("Mother", ("Nadia Hussain-Khan", "Nadia Khan"), ("Hussain-Khan", "Khan"))
FATHER = Someone("Father", ("Will O’Brien",), ("O’Brien",))
SIBLING = Someone("Sibling 1", ("Zoë Hussain",), ("Hussain",))
FAMILY = [CHILD, MOTHER, FATHER, SIBLING]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Amira Hussain and AMIRA’S bag", "Child and Child’s bag"),
        ("Hussain, Amira was seen", "Child was seen"),
        ("Ami-\nra came; A m i r a; Am\u00adi\u200bra; Ａmira", "Child came; Child; Child; Child"),
        ("Zoe and ZOË and Zoe\u0308", "Sibling 1 and Sibling 1 and Sibling 1"),
        ("Mrs Hussain-Khan rang; Hussain Khan’s phone", "Mrs Mother rang; Mother’s phone"),
        ("Mr O'Brien; Mr OBrien; Mr o brien", "Mr Father; Mr Father; Mr Father"),
        ("amira.hussain@example.org, @mira17, www.example.org/mira", "[email address], [user name], [web address]"),
        ("Amira, Nadia and Zoe Hussain", "Child, Mother and Sibling 1"),
    ],
)  # fmt: skip
def test_a_person_is_replaced_in_whatever_form_they_are_named(typed: str, left: str) -> None:
    assert Redactor(FAMILY).text(typed) == left


def test_a_family_name_that_several_share_is_nobodys_by_itself() -> None:
    assert Redactor(FAMILY).text("the Hussains were out") == f"the {FAMILY_NAME} were out"


def test_names_that_are_also_words_go_where_they_begin_with_a_capital() -> None:
    assert Redactor(FAMILY).text("Will went. He will go. O’Brien will too.") == "Father went. He will go. Father will too."
    asked = Redactor(FAMILY, Wanted(small_letters=True))
    assert asked.text("said that will came") == "said that Father came"
    assert also_words(FAMILY) == ["will"]


@pytest.mark.parametrize(
    "text",
    [
        "He is. A visit in May was as a matter of course an idea", "£1,234 1000000 in 2026 on 14/06/2017 at 10:30",
        "10 to Hill view of the case", "mother has 2 children at home", "amiable people in Hussaini square",
        "Miracle and admiration", "1234567890 is no number of a person",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert Redactor(FAMILY).text(text) == text


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("NHS 943 476 5919", "NHS [number]"), ("943-476-5919.", "[number]."), ("401 023 2137", "[NHS number]"),
        ("A123 4567 89012", "[number]"), ("AB123456C", "[National Insurance number]"),
        ("born 14/05/2017, 14.5.17, 14th of May 2017, May 14 2017, 2017-05-14", "born " + ", ".join(["[date of birth]"] * 5)),
        ("at 12 Hill Street, Burnley BB11 3DF", "at [address] [postcode]"), ("near Hill St", "near [address]"),
        ("Flat 3, 14 Oak Tree Road", "[address]"), ("ring 07700 900123", "ring [telephone number]"),
        ("+44 7700 900 123 or (01282) 425011", "[telephone number] or [telephone number]"),
    ],
)  # fmt: skip
def test_numbers_days_places_and_ways_to_reach_somebody_go(typed: str, left: str) -> None:
    assert Redactor(FAMILY).text(typed) == left


def test_each_kind_stays_unless_it_is_wanted() -> None:
    text = "943 476 5919, 14/05/2017, 12 Hill Street BB11 3DF, 07700 900123"
    assert Redactor(FAMILY, Wanted(False, False, False, False)).text(text) == text


def test_initials_go_where_they_are_declared() -> None:
    assert Redactor(FAMILY).text("AH said ah") == "AH said ah"
    asked = Redactor(FAMILY, Wanted(initials=True))
    assert asked.text("AH and A.H. and A. H.’s said ah") == "Child and Child and Child’s said ah"


def test_somebody_who_is_kept_is_named_and_those_who_share_the_name_are_not() -> None:
    own = [Someone("Child", CHILD.names, CHILD.family, kept=True), MOTHER, SIBLING]
    text = Redactor(own).text("Amira Hussain, Mira, Zoë Hussain, Nadia and the Hussains")
    assert text == f"Amira Hussain, Mira, Sibling 1, Mother and the {FAMILY_NAME}"


def test_two_people_of_one_name_are_told_apart_by_nothing() -> None:
    two = [Someone("Father", ("Sam Lee",), ("Lee",)), Someone("Sibling 1", ("Sam Lee",), ("Lee",))]
    assert Redactor(two).text("Sam came") == "Father or Sibling 1 came"


def test_other_words_are_replaced_as_they_are_asked_for() -> None:
    redactor = Redactor(FAMILY, others={"Big Dave": "Mother’s partner", "Ameera": "Child"})
    assert redactor.text("big dave and Ameera’s friend") == "Mother’s partner and Child’s friend"
    assert redactor.counts == {"Mother’s partner": 1, "Child": 1}


def test_words_spelt_much_like_a_name_are_offered() -> None:
    assert set(alike("Ameera and Nadya went with Bilal", FAMILY)) == {"Ameera", "Nadya"}


def test_nothing_asked_for_leaves_text_as_it_is() -> None:
    assert Redactor([], Wanted(False, False, False, False)).text("Amira, 943 476 5919") == "Amira, 943 476 5919"


@settings(max_examples=150)
@given(data=st.data(), family=people())
def test_no_form_of_any_name_is_left(data: st.DataObject, family: tuple[list[str], list[str]]) -> None:
    given_names, families = family
    labels = ["Child", "Mother", "Father", "Sibling 1"]
    someones = [
        Someone(labels[index], (f"{one} {families[index]}",), (families[index],)) for index, one in enumerate(given_names)
    ]
    text = data.draw(texts(given_names, families))
    redactor = Redactor(someones)
    found = redactor.text(text)
    secrets = {*given_names, *(part for name in families for part in name.replace("Ł", "L").split("-"))}
    assert not left_of(found.replace("ł", "l").replace("Ł", "L"), *secrets), (text, found)
    assert not redactor.left_in(found)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_text_that_names_nobody_is_never_lengthened_by_a_name(text: str) -> None:
    """Whatever people type, redaction ends, and doing it again changes nothing."""
    redactor = Redactor(FAMILY, Wanted(initials=True, small_letters=True))
    once = redactor.text(text)
    assert redactor.text(once) == once
