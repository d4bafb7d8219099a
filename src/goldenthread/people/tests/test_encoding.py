"""Encodings: the published vectors, a second reading of the published scheme, and what comparing them finds."""

from __future__ import annotations

import hmac
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import goldenthread

from ..dates import KnownDate
from ..encoding import BITS, Encoded, Encoder, Known, bigrams, dice, likeness, matches, sound_of, words_of

PAGE = Path(goldenthread.__file__).parents[2] / "docs" / "look-up" / "encoding.md"
KEY = bytes(range(32))
AMIRA = Known(["Amira Hussain"], KnownDate(date(2017, 5, 14)), "female", "BB11 2AA", "943 476 5919")


def test_published_vectors():
    """docs/look-up/encoding.md: key 000102...1f, agreement `example`."""
    rows = re.findall(r"^\| `(.+?)` \| (.*?) \| (.*?) \| (.*?) \| `([0-9a-f]{256})` \|$", PAGE.read_text(), re.M)
    assert len(rows) >= 4
    encoder = Encoder("example", KEY)
    for name, born, sex, postcode, wanted in rows:
        known = {10: "day", 7: "month", 4: "year"}.get(len(born))
        day = KnownDate(date.fromisoformat((born + "-01-01")[:10]), known) if known else None
        (one,) = encoder.encode(Known([name], day, sex, postcode))
        assert one.hex == wanted, name


def test_published_blocks_and_number():
    text = PAGE.read_text()
    (one,) = Encoder("example", KEY).encode(AMIRA)
    told = re.search(r"its blocks are ((?:`[0-9a-f]{16}`(?:,| and|;)\s+)+)", text)
    assert told and set(re.findall(r"`(\w+)`", told[1])) == one.blocks
    assert f"`{one.number}`" in text
    assert f"fingerprint of that key is `{Encoder('example', KEY).fingerprint}`" in text


def plainly(agreement: str, key: bytes, name: str, born: str, sex: str, postcode: str) -> int:
    """The scheme as the page tells it, written without a look at encoding.py: a list of 2,048 noughts and ones."""
    weights = {"name": 10, "day": 20, "month": 20, "year": 20, "sex": 8, "outward": 6, "postcode": 6}
    tokens = [("name", pair) for word in words_of(name) for pair in bigrams(word)]
    tokens += [(kind, part) for kind, part in zip(("year", "month", "day"), born.split("-"), strict=False) if part]
    tokens += [("sex", sex)] if sex else []
    home = postcode.replace(" ", "").lower()
    tokens += [("outward", home[:-3]), ("postcode", home)] if len(home) > 4 else []
    wide = [0] * 2048
    for kind, value in tokens:
        own = hmac.new(key, f"goldenthread/encoding/1/{agreement}/{kind}".encode(), "sha512").digest()
        digest = hmac.new(own, value.encode(), "sha512").digest()
        for place in range(weights[kind]):
            wide[(digest[2 * place] * 256 + digest[2 * place + 1]) % 2048] = 1
    return sum((wide[place] ^ wide[place + 1024]) << place for place in range(1024))


@settings(max_examples=60)
@given(
    st.text(st.sampled_from("abkhżé'-  mnoŁ"), min_size=1, max_size=20).filter(words_of),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.sampled_from(["", "female", "male"]),
    st.sampled_from(["", "BB11 2AA", "pr1 1aa"]),
)
def test_two_readings_of_the_scheme_agree(name: str, born: date, sex: str, postcode: str):
    (one,) = Encoder("mash", KEY).encode(Known([name], KnownDate(born), sex, postcode))
    assert one.bits == plainly("mash", KEY, name, born.isoformat(), sex, postcode)
    assert one.bits < 1 << BITS


def test_names_are_read_alike_whatever_their_signs():
    assert words_of("  Łukasz O’Neill-Brown ") == words_of("lukasz oneill brown")
    assert words_of("Miss Zoë Smith") == ["zoe", "smith"]
    assert words_of("Baby") == ["baby"]
    assert sound_of("philip") == sound_of("filip") and sound_of("khan") == sound_of("caan") != sound_of("shaw") + "5"


def test_another_key_or_agreement_gives_encodings_that_are_unlike():
    (one,) = Encoder("mash", KEY).encode(AMIRA)
    for other in (Encoder("marac", KEY), Encoder("mash", KEY[::-1])):
        (two,) = other.encode(AMIRA)
        assert dice(one.bits, two.bits) < 0.35 and not one.blocks & two.blocks and one.number != two.number


def test_the_key_is_never_shown():
    encoder = Encoder("mash", KEY)
    encoder.encode(AMIRA)
    assert KEY.hex() not in repr(encoder) and repr(KEY) not in repr(encoder)
    with pytest.raises(ValueError) as refused:
        Encoder("mash", b"short secret")
    assert "secret" not in str(refused.value)


def test_an_nhs_number_outranks_the_rest():
    encoder = Encoder("mash", KEY)
    (one,) = encoder.encode(AMIRA)
    (renamed,) = encoder.encode(Known(["Zoe Wood"], None, nhs_number="9434765919"))
    (twin,) = encoder.encode(Known(AMIRA.names, AMIRA.born, AMIRA.sex, AMIRA.postcode, "9434765870"))
    assert likeness(one, renamed) == 1.0 and likeness(one, twin) == 0.0
    assert [each.own for each in matches([("1", one)], [("a", renamed), ("b", twin)], 0.8)] == ["a"]


def test_an_alias_is_found_and_a_twin_is_not():
    encoder = Encoder("mash", KEY)
    born = KnownDate(date(2016, 3, 2))
    index = [("theirs", one) for one in encoder.encode(Known(["Aaliyah Khan", "Leah Ahmed"], born))]
    index += [("twin", one) for one in encoder.encode(Known(["Sumaiya Ahmed"], born))]
    (asked,) = encoder.encode(Known(["Ahmed Leah"], born))
    assert [(one.asked, one.own) for one in matches([("q", asked)], index, 0.8)] == [("q", "theirs")]


def test_only_those_who_share_a_block_are_compared():
    alike = Encoded(0b1111, frozenset({"a"})), Encoded(0b1111, frozenset({"b"}))
    assert dice(*(one.bits for one in alike)) == 1.0
    assert matches([("1", alike[0])], [("2", alike[1])], 0.5) == []


def test_a_person_without_a_name_is_refused():
    with pytest.raises(ValueError, match="no name in letters"):
        Encoder("mash", KEY).encode(Known(["???"]))
