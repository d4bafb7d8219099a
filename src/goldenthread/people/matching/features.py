"""A record as columns to compare: names without their spelling, dates as far as known, homes, numbers, blocking keys.

Pure. The columns are plain strings, numbers and lists, so the same rows go to DuckDB or to Spark. Only pairs that share
one of the `keys` are ever compared: each key is something that two records of one person nearly always share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from ..dates import KnownDate
from ..search import bones, folded, keys_for, sound, used_for

#: Words that stand where a name is not known yet.
_NO_NAME = frozenset({"unborn", "baby", "child", "name", "not", "known", "unknown", "infant", "twin", "of"})
#: Given before the name someone is called by, and shared by brothers: the next word tells more.
_BEFORE_A_NAME = frozenset({"mohammed", "muhammad", "syed", "abdul", "md", "sheikh", "mst", "mosammat"})
#: Put after a name as a title, not shared in a family, and often left out or exchanged.
_AFTER_A_NAME = frozenset(
    {"bibi", "begum", "khatun", "khatoon", "akhtar", "kaur", "singh", "bano", "sultana", "parveen"}
)
#: An unborn child's record is compared with children born in these many days before `today`.
_NEWBORN_DAYS = 500
#: A child may come this many months before the month expected, and one after it.
_MONTHS_EARLY = 4


@dataclass(frozen=True, slots=True)
class Mother:
    """What a record says of the child's mother."""

    id: str
    name: str
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A person as one record has them."""

    id: str
    given: str = ""
    family: str = ""
    names: tuple[str, ...] = ()
    """Every name and alias, the one they use first."""
    born: KnownDate | None = None
    expected: date | None = None
    sex: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    """(scheme, value); the NHS number outranks the others."""
    homes: tuple[tuple[str, str], ...] = ()
    """(lines, postcode), wherever they ever lived."""
    mothers: tuple[Mother, ...] = ()
    related: frozenset[str] = field(default=frozenset())
    """Ids of people whom this record names as somebody else: a twin is not the same person."""

    @property
    def nhs(self) -> frozenset[str]:
        return frozenset(value for scheme, value in self.numbers if scheme == "nhs")


@dataclass(frozen=True, slots=True)
class _Named:
    given: list[str]
    family: list[str]


@cache
def _before() -> frozenset[str]:
    return _BEFORE_A_NAME | {other for word in _BEFORE_A_NAME for other in used_for(word)}


def _parts(given: str, family: str, names: Iterable[str]) -> list[_Named]:
    """Each name as first names and family name: as registered, then each alias, by what the registered name says of its
    words, or by their order."""
    found = []
    firsts, lasts = _real(given), _real(family)
    if _turned(firsts, lasts):
        firsts, lasts = lasts, firsts
    if given or family:
        found.append(_Named(firsts, lasts))
    for name in names:
        words = _real(name)
        ours = [word for word in words if word in lasts and word not in firsts]
        if ours and len(ours) < len(words):
            found.append(_Named([word for word in words if word not in ours], ours))
        else:
            found.append(_Named(words[:-1] or words, words[-1:] if len(words) > 1 else []))
    return [one for one in found if one.given or one.family] or [_Named([], [])]


def _turned(firsts: list[str], lasts: list[str]) -> bool:
    """Whether the family name was surely written first: a title in the place of the first name, or the other way about."""
    if not firsts or not lasts:
        return False
    titled = all(word in _AFTER_A_NAME for word in firsts) and lasts[-1] not in _AFTER_A_NAME
    return titled or (len(lasts) > 1 and lasts[0] in _before() and firsts[0] not in _before())


@lru_cache(maxsize=65_536)
def _words(text: str) -> tuple[str, ...]:
    """The words of a name that are a name."""
    return tuple(word for word in folded(text) if word not in _NO_NAME)


def _real(text: str) -> list[str]:
    return list(_words(text))


def _called(words: list[str]) -> str | None:
    """The first name that tells someone from their brothers."""
    telling = [word for word in words if word not in _before()]
    return next(iter(telling or words), None)


def row_of(record: Record, today: date) -> dict[str, Any]:
    """The columns of a record."""
    parts = _parts(record.given, record.family, record.names)
    first = parts[0]
    given = _called(first.given)
    family = "".join(first.family) or None
    givens = {word for one in parts for word in one.given if word not in _before()} or set(first.given)
    families = {word for one in parts for word in one.family} | {
        "".join(one.family) for one in parts if one.family
    }
    born = record.born
    exact = born.first if born and born.precision == "day" else None
    homes = {place for lines, code in record.homes if (place := home_key(lines, code))}
    postcodes = {plain for _, code in record.homes if (plain := _squeezed(code))}
    return {
        "unique_id": record.id,
        "given": given,
        "family": family,
        "givens": sorted(givens),
        "families": sorted(families),
        "forms": sorted(givens | {form for word in givens for form in used_for(word)}),
        "family_forms": sorted(families | {form for word in families for form in used_for(word)}),
        "given_sound": sound(given) if given else None,
        "family_sound": sound(family) if family else None,
        "family_is_title": bool(family and family in _AFTER_A_NAME),
        "born": exact.isoformat() if exact else None,
        "born_swapped": swapped(exact),
        "born_month": f"{born.first:%Y-%m}" if born and born.precision in ("day", "month") else None,
        "born_year": born.first.year if born else None,
        "born_day": exact.toordinal() if exact else None,
        "expected_day": record.expected.toordinal() if record.expected else None,
        "sex": record.sex or None,
        "nhs": sorted(record.nhs) or None,
        "numbers": sorted(f"{scheme}:{value}" for scheme, value in record.numbers if scheme not in ("nhs", "source"))
        or None,
        "homes": sorted(homes) or None,
        "postcodes": sorted(postcodes) or None,
        "outward": sorted({code[:-3] for code in postcodes if len(code) >= 5}) or None,
        "mothers": sorted({key for mother in record.mothers for key in _mother_keys(mother)}) or None,
        "keys": sorted(_keys(record, parts, exact, postcodes, today)),
    }  # fmt: skip


def swapped(day: date | None) -> str | None:
    """The same date with day and month exchanged, where that is a date."""
    if day is None or day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month).isoformat()


def home_key(lines: str, postcode: str) -> str:
    """A home however it is written: its postcode and the first number of its lines, or the lines without a postcode."""
    code = _squeezed(postcode)
    plain = "".join(sign if sign.isalnum() else " " for sign in lines.lower()).split()
    number = next((word for word in plain if word[0].isdigit()), "")
    if code:
        return f"{code}/{number or ''.join(plain)[:12]}"
    return "".join(plain)[:40] if number else ""


def _squeezed(postcode: str) -> str:
    return "".join(postcode.upper().split())


def _mother_keys(mother: Mother) -> Iterator[str]:
    if mother.id:
        yield f"id:{mother.id}"
    words = _real(mother.name)
    if len(words) > 1:
        yield f"{sound(words[0])}+{sound(words[-1])}+{mother.born.year if mother.born else ''}"


def _keys(
    record: Record, parts: list[_Named], exact: date | None, postcodes: set[str], today: date
) -> set[str]:
    found = {f"n{scheme}:{value}" for scheme, value in record.numbers if scheme != "source"}
    words = {word for one in parts for word in (*one.given, *one.family)}
    telling = {word for word in words if word not in _before() and word not in _AFTER_A_NAME} or words
    sounds = {sound(word) for word in telling}
    if exact:
        found |= {f"d{exact}|{each}" for each in sounds}
        found |= {f"d{exact}|{code}" for code in postcodes}
    if record.born:
        years = [record.born.first.year]
        if record.born.precision == "estimated":
            years += [years[0] - 1, years[0] + 1]
        pairs = {key for name in _written(record, parts) for key in keys_for(name) if key[0] in "23"}
        found |= {f"y{year}|{pair}" for year in years for pair in pairs}
    if given := _called(parts[0].given):
        found |= {f"p{code}|{form}" for code in postcodes for form in (sound(given), bones(given))}
    found |= _birth_keys(record, parts, exact, postcodes, today)
    return found


def _written(record: Record, parts: list[_Named]) -> set[str]:
    """The names as they would be searched for: whole, and by the first name someone is called by."""
    whole = {" ".join((*one.given, *one.family)) for one in parts}
    return whole | {
        f"{_called(one.given)} {''.join(one.family)}" for one in parts if one.given and one.family
    }


def _birth_keys(
    record: Record, parts: list[_Named], exact: date | None, postcodes: set[str], today: date
) -> set[str]:
    """Keys that bring an unborn child's record together with the newborn's, who has a name by now."""
    newborn = exact is not None and 0 <= (today - exact).days <= _NEWBORN_DAYS
    due = record.expected
    if due is None and not newborn:
        return set()
    if due is not None:
        months = [due.year * 12 + due.month + step for step in range(-_MONTHS_EARLY, 2)]
    else:
        assert exact is not None
        months = [exact.year * 12 + exact.month]
    ends = {sound(word) for one in parts for word in one.family}
    found = {f"b{month}|{end}" for month in months for end in ends}
    found |= {f"b{month}|{code}" for month in months for code in postcodes}
    return found | {f"bm{key}" for mother in record.mothers for key in _mother_keys(mother)}
