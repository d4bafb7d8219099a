"""What was typed into the boxes of a form: read as numbers, held against the collection's rules. Knows no Django.

A blank is missing, never zero, and must be explained; a number that differs from the last ones by more than a stated share must
be explained; a number that breaks a rule must be put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from goldenthread.guidance.collection import Box, Cell, Collection, Groups, Rule

LONGEST_COMMENT = 1000
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


class NotANumber(ValueError):
    """What was typed cannot be read; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value with the words beside it. No value is missing."""

    value: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a form from being sent: at which box, and whether words beside it would settle it."""

    box: str
    message: str
    explain: bool = False


def read_value(cell: Cell, text: str) -> Decimal | None:
    """A number as people write it; None for nothing at all. Raises NotANumber."""
    words = text.strip().removeprefix("£").removesuffix("%").strip()
    if not words:
        return None
    if _GROUPED.fullmatch(words):
        words = words.replace(",", "")
    if not _NUMBER.fullmatch(words):
        raise NotANumber("Enter a number, such as 12, or leave it blank and say why")
    found = Decimal(words)
    if -found.as_tuple().exponent > 4:  # type: ignore[operator]
        raise NotANumber("Enter no more than 4 decimals")
    return found


def plain(value: Decimal | None) -> str:
    """A number as it is typed: no zeros at the end, nothing for none."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(cell: Cell, value: Decimal | None) -> str:
    """A number as it is read: with as many decimals as the cell has, and its thousands apart."""
    return "" if value is None else f"{value:,.{cell.decimals}f}"


def share_of(collection: Collection, name: str, given: Mapping[str, Given]) -> Fraction | None:
    """A value that is worked out, in per cent; None where a part is missing or there is nothing to take a share of."""
    share = collection.cells[name].share
    assert share is not None
    part, whole = (given.get(one, Given()).value for one in (share.part, share.of))
    return Fraction(part) * 100 / Fraction(whole) if part is not None and whole else None


def problems(
    collection: Collection, districts: Groups, given: Mapping[str, Given], before: Mapping[str, Sequence[Decimal]]
) -> list[Problem]:
    """Everything that keeps a form from being sent, in the order of the form. `before`: the agency's last values of each box,
    the latest first."""
    boxes = list(collection.boxes(districts))
    found: dict[str, list[Problem]] = {box.key: [] for box in boxes}
    for box in boxes:
        found[box.key] += _of_box(collection, box, given, before.get(box.key, ()))
    for one in _blank_parts(collection, boxes, given):
        found[one.box].append(one)
    for box in boxes:
        cell = collection.cells[box.cell]
        if box.is_whole and cell.adds_up:
            for breakdown in cell.by:
                found[box.key] += _adds_up(collection, box, breakdown, districts, given)
    for rule in collection.rules:
        at, message = _broken(collection, rule, given)
        if message:
            found[at].append(Problem(at, rule.words or message))
    return [problem for box in boxes for problem in found[box.key]]


def _of_box(
    collection: Collection, box: Box, given: Mapping[str, Given], before: Sequence[Decimal]
) -> list[Problem]:
    cell, one = collection.cells[box.cell], given.get(box.key, Given())
    explained = bool(one.comment or given.get(box.cell, Given()).comment)
    if one.value is None:
        wanted = Problem(box.key, f"Enter {_named(box, cell)}, or say why it is blank", explain=True)
        return [wanted] if box.is_whole and not explained else []  # blank parts are told together
    wrong = out_of_bounds(cell, box, one.value)
    if wrong:
        return [Problem(box.key, wrong)]
    unlike = unlike_before(collection, box.cell, one.value, before)
    return [Problem(box.key, unlike, explain=True)] if unlike and not explained else []


def _blank_parts(collection: Collection, boxes: Sequence[Box], given: Mapping[str, Given]) -> Iterator[Problem]:
    """Parts that are blank without a word, told once for each breakdown, at the first of them."""
    blank: dict[tuple[str, str], list[Box]] = {}
    for box in boxes:
        one, whole = given.get(box.key, Given()), given.get(box.cell, Given())
        if not box.is_whole and one.value is None and not (one.comment or whole.comment):
            blank.setdefault((box.cell, box.breakdown), []).append(box)
    for (cell, breakdown), those in blank.items():
        names = ", ".join(box.title for box in those)
        by = f"“{collection.cells[cell].title}” by {collection.breakdowns[breakdown].title.lower()}"
        yield Problem(those[0].key, f"{by}: enter {names}, or say why in the comment", explain=True)


def out_of_bounds(cell: Cell, box: Box, value: Decimal) -> str:
    """Why a number cannot be the value of a box; "" if it can."""
    name = _named(box, cell)
    start = name[:1].upper() + name[1:]
    if value != round(value, cell.decimals):
        few = "a whole number" if cell.decimals == 0 else f"a number with no more than {cell.decimals} decimals"
        return f"{start} must be {few}"
    if value < Decimal(str(cell.min)):
        return f"{start} must be {cell.min:g} or more"
    if cell.max is not None and value > Decimal(str(cell.max)):
        return f"{start} must be {cell.max:g} or less"
    return ""


def unlike_before(collection: Collection, name: str, value: Decimal, before: Sequence[Decimal]) -> str:
    """Why a number needs words; "" if it is like those before it, or there are not two to hold it against."""
    rule = collection.outlier_of(name)
    last = list(before[: rule.last]) if rule is not None else []
    if rule is None or len(last) < 2:
        return ""
    average = sum((Fraction(one) for one in last), Fraction(0)) / len(last)
    apart = abs(Fraction(value) - average)
    if apart <= Fraction(str(rule.share)) * abs(average) or apart < Fraction(str(rule.at_least)):
        return ""
    way = "more" if value > average else "less"
    cell = collection.cells[name]
    usual = f"{float(average):,.{cell.decimals or 1}f}"
    much = f"{float(apart / abs(average) * 100):.0f}% {way} than" if average else f"{way} than"
    return f"{shown(cell, value)} is {much} the average of the last {len(last)} ({usual}). Say why"


def _adds_up(
    collection: Collection, box: Box, breakdown: str, districts: Groups, given: Mapping[str, Given]
) -> list[Problem]:
    whole = given.get(box.key, Given()).value
    groups = collection.groups_of(breakdown, districts)
    parts = [given.get(f"{box.key}.{breakdown}.{group}", Given()).value for group, _ in groups]
    there = [one for one in parts if one is not None]
    if whole is None or not there:
        return []
    title, total = collection.breakdowns[breakdown].title.lower(), sum(there, Decimal(0))
    cell = collection.cells[box.cell]
    if len(there) == len(parts) and total != whole:
        return [Problem(box.key, f"By {title} it adds up to {shown(cell, total)}, not {shown(cell, whole)}")]
    if total > whole:  # some are blank: those that are there may not be more than all
        return [Problem(box.key, f"By {title} there are already {shown(cell, total)}, more than {shown(cell, whole)}")]
    return []


def _broken(collection: Collection, rule: Rule, given: Mapping[str, Given]) -> tuple[str, str]:
    def title(name: str) -> str:
        return f"“{collection.cells[name].title}”"

    if rule.whole is not None:
        whole = given.get(rule.whole, Given()).value
        parts = [given.get(one, Given()).value for one in rule.parts]
        if whole is None or any(one is None for one in parts) or sum(one for one in parts if one is not None) == whole:
            return rule.whole, ""
        return rule.whole, f"{', '.join(map(title, rule.parts))} must add up to {title(rule.whole)}"
    assert rule.cell is not None and rule.not_more_than is not None
    less, more = given.get(rule.cell, Given()).value, given.get(rule.not_more_than, Given()).value
    if less is None or more is None or less <= more:
        return rule.cell, ""
    return rule.cell, f"{title(rule.cell)} cannot be more than {title(rule.not_more_than)}"


def _named(box: Box, cell: Cell) -> str:
    return f"“{cell.title}”" if box.is_whole else f"“{cell.title}: {box.title}”"
