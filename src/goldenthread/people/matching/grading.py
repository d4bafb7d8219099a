"""From a scored pair to a grade and reasons in words. Pure: the rules are those of settings.yaml.

A grade never joins records. What two records name as each other's brother, twin, mother or child is two people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .engine import Pair
from .model import Declared, declared

NONE = "none"
#: Said where an unborn child's record fits more than one baby.
TWO_BABIES = "two_babies"
TWO_BABIES_SAYS = "The record of an unborn child fits more than one baby. They may be twins."


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, for the page: for one person (True), against (False) or neither."""

    says: str
    speaks_for: bool | None


@dataclass(frozen=True, slots=True)
class Match:
    """A pair with its grade; `cautions` are the ids of the rules that held it back."""

    one: str
    two: str
    grade: str
    probability: float
    weight: float
    levels: Mapping[str, str]
    cautions: tuple[str, ...] = ()


def graded(
    pairs: Sequence[Pair], related: Mapping[str, frozenset[str]] | None = None, unborn: frozenset[str] = frozenset()
) -> list[Match]:  # fmt: skip
    """The pairs that are worth a person's look, the surest first. `unborn`: ids of records of unborn children."""
    settings = declared()
    ties = related or {}
    found = []
    for pair in pairs:
        if pair.two in ties.get(pair.one, ()) or pair.one in ties.get(pair.two, ()):
            continue
        match = grade_of(pair, settings)
        if match.grade != NONE:
            found.append(match)
    return sorted(
        _one_baby_each(found, unborn), key=lambda match: (_rank(settings, match.grade), -match.weight)
    )


def grade_of(pair: Pair, settings: Declared | None = None) -> Match:
    """The grade by probability, held back by what keeps two records apart."""
    rules = settings or declared()
    grade = next((each.id for each in rules.grades if pair.probability >= each.starts), NONE)
    cautions = []
    for apart in rules.apart:
        if _holds(apart.needs, pair.levels) and not (apart.unless and _holds(apart.unless, pair.levels)):
            cautions.append(apart.id)
            if _rank(rules, apart.at_most) > _rank(rules, grade):
                grade = apart.at_most
    return Match(pair.one, pair.two, grade, pair.probability, pair.weight, pair.levels, tuple(cautions))


def _holds(wanted: Mapping[str, Sequence[str]], levels: Mapping[str, str]) -> bool:
    return all(levels.get(comparison) in names for comparison, names in wanted.items())


def _rank(settings: Declared, grade: str) -> int:
    """0 for the surest."""
    ids = [each.id for each in settings.grades]
    return ids.index(grade) if grade in ids else len(ids)


def _one_baby_each(matches: Sequence[Match], unborn: frozenset[str]) -> list[Match]:
    """An unborn child's record that fits two babies is never very likely either."""
    fits = Counter(each for match in matches for each in (match.one, match.two) if each in unborn)
    return [
        replace(match, grade="possible", cautions=(*match.cautions, TWO_BABIES))
        if fits[match.one] > 1 or fits[match.two] > 1
        else match
        for match in matches
    ]


def title_of(grade: str) -> str:
    """A grade as people read it."""
    return next((each.title for each in declared().grades if each.id == grade), "Not suggested")


def reasons_for(levels: Mapping[str, str], cautions: Sequence[str] = ()) -> list[Reason]:
    """What speaks for one person first, then what speaks against, then the rest; rules that hold it back last."""
    settings = declared()
    found = []
    for comparison in settings.comparisons:
        held = levels.get(comparison.id, "unknown")
        if held == "unknown" or held not in {level.id for level in comparison.levels}:
            continue
        level = comparison.level(held)
        if level.says:
            found.append(Reason(level.says, level.speaks_for))
    order = {True: 0, False: 1, None: 2}
    found.sort(key=lambda reason: order[reason.speaks_for])
    says = {apart.id: apart.says for apart in settings.apart} | {TWO_BABIES: TWO_BABIES_SAYS}
    return found + [Reason(says[each], False) for each in cautions if each in says]
