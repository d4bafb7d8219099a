"""Names of made-up people, by the groups who live in a district. Source of names and patterns: demo/names. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

from .chance import Chance
from .figures import table


@cache
def _common_first(group: str, sex: str, generation: str) -> tuple[Sequence[str], Sequence[float]]:
    names = table("given_names")[group][sex][generation]
    return names, list(accumulate(1 / (place + 8) for place in range(len(names))))


@cache
def _surnames(group: str) -> tuple[Sequence[str], Sequence[float]]:
    names = table("surnames")[group]
    return names, list(accumulate(1 / (place + 12) for place in range(len(names))))


def given_name(chance: Chance, group: str, sex: str, generation: str = "children") -> str:
    return chance.weighted(*_common_first(group, sex, generation))


def surname(chance: Chance, group: str) -> str:
    return chance.weighted(*_surnames(group))


@cache
def _patterns(group: str, sex: str) -> tuple[Sequence[Mapping[str, Any]], Sequence[float]]:
    found = [one for one in table("naming_patterns")["patterns"][group] if one.get("sex", sex) == sex]
    return found, list(accumulate(one["share"] for one in found))


def feminine(family: str) -> str:
    """A woman's form of an eastern European family name: Kowalski, Kowalska."""
    for ending, other in table("naming_patterns")["feminine_surnames"].items():
        if family.endswith(ending):
            return family.removesuffix(ending) + str(other)
    return family


def child_name(
    chance: Chance, group: str, sex: str, given: str, mother_family: str, father: tuple[str, str]
) -> tuple[str, str, str]:
    """(given name, family name, what they are called) by the group's own way of putting names together."""
    pattern = chance.weighted(*_patterns(group, sex))
    parts = {
        "given": given,
        "other_given": given_name(chance, group, sex),
        "father_given": father[0],
        "father_family": father[1],
        "mother_family": mother_family,
    }
    family = pattern["family"].format(**parts)
    if group == "eastern_european" and sex == "female":
        family = feminine(family)
    given_full = pattern["given"].format(**parts)
    halves = family.split("-")
    if len(halves) == 2 and halves[0] == halves[1]:
        family = halves[0]
    return given_full, family, str(pattern.get("known_as", "{given}")).format(**parts)


def other_spelling(chance: Chance, called: str, given: str, family: str) -> str:
    """The same person as another agency wrote them: a short name, another spelling, or a slip of the pen."""
    tables = table("nicknames")
    short = tables["nicknames"].get(called)
    spelt = tables["given_spellings"].get(called)
    surname_spelt = tables["surname_spellings"].get(family)
    options: list[str] = []
    if short:
        options += [f"{chance.one(short)} {family}"]
    if spelt:
        options += [f"{chance.one(spelt)} {family}"]
    if surname_spelt:
        options += [f"{given} {chance.one(surname_spelt)}"]
    if " " in given:
        options += [f"{called} {family}"]
    if options:
        return chance.one(options)
    place = chance.whole(1, max(1, len(family) - 2))
    if family[place : place + 1].isalpha() and family[place + 1 : place + 2].isalpha():
        family = family[:place] + family[place + 1] + family[place] + family[place + 2 :]
        return f"{given} {family.capitalize()}"
    return f"{given} {family}s"
