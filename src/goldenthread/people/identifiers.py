"""Numbers that people are known by, and whether one can be right. Pure: knows no database.

Sources: NHS Data Dictionary, NHS number (modulus 11 check digit); DfE, Unique pupil numbers: a guide for schools and
local authorities (check letter, modulus 23).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SCHEMES: Mapping[str, str] = {
    "nhs": "NHS number",
    "upn": "Unique pupil number (UPN)",
    "uln": "Unique learner number",
    "ula": "Local authority id",
    "police": "Police reference",
    "youth_justice": "Youth justice reference",
    "home_office": "Home Office reference",
    "source": "Id in the file they came from",
}
#: The letters of a UPN, which leave out I, O and S; a letter's value is its place.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]")
LONGEST = 40


def normalised(scheme: str, value: str) -> str:
    """The value as it is kept and looked up: capitals, without the spaces that people write between groups."""
    plain = "".join(value.split()).upper()
    return plain.replace("-", "") if scheme in ("nhs", "upn") else plain


def nhs_number_valid(value: str) -> bool:
    """Ten digits of which the last is the modulus 11 check of the others."""
    digits = normalised("nhs", value)
    if not re.fullmatch(r"[0-9]{10}", digits) or digits == "0000000000":
        return False
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check != 10 and int(digits[9]) == check % 11


def upn_valid(value: str) -> bool:
    """A check letter, eleven digits, and a digit or (in a temporary number) a letter."""
    upn = normalised("upn", value)
    if not _UPN.fullmatch(upn):
        return False
    worth = [int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign) for sign in upn[1:]]
    return _UPN_LETTERS[sum(weight * each for weight, each in enumerate(worth, start=2)) % 23] == upn[0]


def problem_with(scheme: str, value: str) -> str:
    """What is wrong with an identifier, in words for the person who typed it; empty if nothing is."""
    if scheme not in SCHEMES:
        return f"There is no identifier called {scheme}"
    plain = normalised(scheme, value)
    if not plain:
        return f"Enter the {SCHEMES[scheme]}"
    if len(plain) > LONGEST:
        return f"The {SCHEMES[scheme]} must be {LONGEST} characters or fewer"
    if scheme == "nhs" and not nhs_number_valid(plain):
        return "This is not an NHS number: it has 10 digits and the last must agree with the others. Check each digit"
    if scheme == "upn" and not upn_valid(plain):
        return (
            "This is not a UPN: it has a letter and 12 digits, and the letter must agree with them. "
            "Check each character"
        )
    return ""


def could_be(value: str) -> list[str]:
    """The schemes whose own check this value passes: what a search shows as the reason."""
    return [scheme for scheme, valid in (("nhs", nhs_number_valid), ("upn", upn_valid)) if valid(value)]
