"""The shapes of numbers, addresses, telephone numbers and dates in folded text (see `folding`). Pure.

Sources: NHS Data Dictionary, NHS number (ten digits, written 3-3-4); DfE, Unique pupil numbers; HMRC, National Insurance
numbers; Ofcom, National Telephone Numbering Plan; Royal Mail, postcode format (BS 7666).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

_APART = r"[\s.\-]?"
EMAIL = r"[\w.+'\-]+\s?@\s?[\w\-]+(?:\.[\w\-]+)+"
WEB = r"(?:https?://|www\.)[^\s<>\"]+"
HANDLE = r"(?<![\w@])@\w{2,}"
NHS = rf"(?<!\d)\d{{3}}{_APART}\d{{3}}{_APART}\d{{4}}(?!\d)"
UPN = r"(?<![^\W_])[a-hj-np-rt-z]\s?\d{3}\s?\d{4}\s?\d{4}(?:\d|[a-hj-np-rt-z])?(?![^\W_])"
INSURANCE = r"(?<![^\W_])[a-ceghj-prstw-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d](?![^\W_])"
PHONE = r"(?<![\d/])(?:\+\s?44[\s.\-]?(?:\(0\)[\s.\-]?)?|\(?0)(?:[\s.\-()]{0,2}\d){9,10}(?!\d)"
POSTCODE = r"(?<![^\W_])[a-z]{1,2}\d[a-z\d]?\s{0,2}\d[abd-hjlnp-uw-z]{2}(?![^\W_])"
_STREETS = {
    "street": "st", "road": "rd", "avenue": "ave", "drive": "dr", "lane": "ln", "close": "cl", "court": "ct",
    "crescent": "cres", "terrace": "terr", "gardens": "gdns", "place": "pl", "square": "sq", "grove": "gr",
}  # fmt: skip
_KINDS = [
    *_STREETS, *_STREETS.values(), "way", "walk", "mews", "view", "rise", "row", "parade", "hill", "park", "green",
    "fold", "brow", "bank", "vale", "croft",
]  # fmt: skip
ADDRESS = (
    r"(?<![^\W_])(?:(?:flat|apartment|unit|room)\s\d+[a-z]?,?\s)?\d{1,4}[a-z]?,?\s(?:[^\W\d_][\w'\-]*\s){1,3}"
    rf"(?:{'|'.join(sorted(_KINDS, key=len, reverse=True))})(?![^\W_])"
)


def street_like(typed: str) -> bool:
    """Whether what has the shape of an address is written like one: its words begin with capitals or a number."""
    inside = ("flat", "apartment", "unit", "room")
    words = [word for word in re.split(r"[\s,]+", typed) if word and word.lower() not in inside]
    return all(word[0].isupper() or word[0].isdigit() for word in words)


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def number_form(number: str) -> str:
    """A number that is known, however it is parted."""
    signs = [sign for sign in number.lower() if sign.isalnum()]
    if len(signs) < 4:
        return ""
    apart = r"[\s.\-/]?".join(map(re.escape, signs))
    return rf"(?<![^\W_]){apart}(?![^\W_])"


def address_forms(addresses: Sequence[str]) -> Iterable[str]:
    """An address that is known: all of it, its first line, and its street without the number."""
    for address in sorted(set(addresses), key=len, reverse=True):
        lines = [" ".join(line.lower().split()) for line in address.split(",") if line.strip()]
        if not lines:
            continue
        street = next((line for line in lines if re.match(r"\d", line) or _kind_of(line)), lines[0])
        bare = re.sub(r"^(?:(?:flat|apartment|unit|room)\s)?\d+[a-z]?\s+", "", street)
        forms = [r"[,\s]{1,3}".join(_words(line) for line in lines)] if len(lines) > 1 else []
        forms += [_words(line) for line in dict.fromkeys((street, bare)) if len(line) > 4]
        for form in forms:
            yield rf"(?<![^\W_]){form}(?![^\W_])"


def _kind_of(line: str) -> bool:
    return line.split()[-1] in _KINDS


def _words(line: str) -> str:
    short = {**_STREETS, **{few: whole for whole, few in _STREETS.items()}}
    words = []
    for word in line.split():
        other = short.get(word)
        plain = re.escape(word).replace("'", "'?")
        words.append(rf"(?:{plain}|{re.escape(other)}\.?)" if other else plain)
    return r"[\s,]{1,2}".join(words)


def day_forms(day: date) -> Iterable[str]:
    """A day as people write it: 14/05/2017, 14.5.17, 14th May 2017, May 14 2017, 2017-05-14."""
    short, name = f"{day.year % 100:02}", _MONTHS[day.month - 1]
    month = rf"(?:{name}|{name[:3]}\.?)"
    years = rf"(?:{day.year}|'?{short})"
    nth = rf"0?{day.day}(?:st|nd|rd|th)?"
    yield rf"(?<!\d){day.year}[-/.]0?{day.month}[-/.]0?{day.day}(?!\d)"
    yield rf"(?<!\d)0?{day.day}\s?[-/.\s]\s?0?{day.month}\s?[-/.\s]\s?{years}(?!\d)"
    yield rf"(?<!\d){nth}\s?(?:of\s)?{month},?\s?{years}(?!\d)"
    yield rf"(?<![^\W_]){month}\s?{nth},?\s?{years}(?!\d)"
