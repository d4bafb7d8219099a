"""Check digits and check letters."""

import pytest

from goldenthread.people.identifiers import could_be, nhs_number_valid, normalised, problem_with, upn_valid


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "943-476-5919", "4010232137", "9876543210"])
def test_nhs_numbers_whose_last_digit_agrees(number):
    assert nhs_number_valid(number)


@pytest.mark.parametrize(
    "number", ["9434765918", "943476591", "94347659190", "94347E5919", "0000000000", "", "٩٤٣٤٧٦٥٩١٩"]
)
def test_nhs_numbers_that_cannot_be(number):
    assert not nhs_number_valid(number)


def test_every_single_wrong_digit_of_an_nhs_number_is_caught():
    right = "9434765919"
    for place in range(10):
        for digit in "0123456789":
            if digit != right[place]:
                assert not nhs_number_valid(right[:place] + digit + right[place + 1 :])


def test_a_remainder_that_would_need_a_check_digit_of_ten_is_never_valid():
    def remainder(first: str) -> int:
        return sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11

    would_be_ten = [str(first) for first in range(400_000_000, 400_000_200) if remainder(str(first)) == 1]
    assert len(would_be_ten) > 10
    assert not any(nhs_number_valid(f"{first}{digit}") for first in would_be_ten for digit in range(10))


def test_upn_has_exactly_one_check_letter_for_its_digits():
    assert [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if upn_valid(f"{letter}123456789012")] == ["A"]
    assert upn_valid("a123456789012")
    assert not upn_valid("A123456789021")


def test_a_temporary_upn_ends_in_a_letter():
    valid = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if upn_valid(f"{letter}12345678901B")]
    assert len(valid) == 1
    assert not upn_valid(f"{valid[0]}12345678901S")


def test_what_is_wrong_is_said_in_words():
    assert "10 digits" in problem_with("nhs", "943 476 5918")
    assert problem_with("nhs", "943 476 5919") == ""
    assert problem_with("passport", "1") == "There is no identifier called passport"
    assert problem_with("police", " ") == "Enter the Police reference"
    assert "40 characters" in problem_with("police", "x" * 41)


def test_values_are_kept_in_one_form():
    assert normalised("nhs", "943-476 5919") == "9434765919"
    assert normalised("police", "nu 12-34") == "NU12-34"
    assert could_be("943 476 5919") == ["nhs"]
