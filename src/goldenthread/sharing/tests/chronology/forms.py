"""Ways in which people write a name, for Hypothesis. Made-up names, so that no ordinary text holds one by chance."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

GIVEN = ("Zorvike", "Quenlith", "Xanbreth", "Vekomir", "Jaxolene", "Wrenquist")
FAMILY = ("Throckvale", "Brezhovski", "Qureshwari", "Ngwenyama", "Drakovich", "Łuczkowska")
FILLER = (
    "was seen at home", "said that she will go", "the visit in May was missed", "is a worry to the school",
    "rang at 10:30 and left",
    "has a bruise on the arm", "as a result of this", "an officer called",
    "the worker wrote it down", "nothing else is known",
)  # fmt: skip


def _accented(name: str) -> str:
    return re.sub("[aeiou]", lambda found: unicodedata.normalize("NFC", found[0] + "\u0301"), name, count=2)


def _apart(name: str) -> str:
    return re.sub("[aeiou]", lambda found: found[0] + "\u0308", name, count=1)


def _wide(name: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)


def _within(sign: str, at: int = 3):  # type: ignore[no-untyped-def]
    return lambda name: name[:at] + sign + name[at:]


ONE_WORD = (
    str, str.upper, str.lower, str.title, _accented, _apart, _wide, _within("\u00ad"), _within("\u200b"), _within("-\n"),
    _within("-"), _within("\u2011"), _within("\n"), _within(" "), _within("\u202f"),
    " ".join, ".".join, _within("_"), _within("*"),
    lambda name: name + "'s", lambda name: name + "’s", lambda name: name + "s", lambda name: f"“{name}”",
    lambda name: f"({name})",
    lambda name: "#" + name, lambda name: name + "2017", lambda name: name.replace("a", "а").replace("e", "е").replace("o", "о"),
    lambda name: f"Mrs {name}", lambda name: f"{name}/",
)  # fmt: skip
TWO_WORDS = (
    lambda a, b: f"{a} {b}", lambda a, b: f"{b}, {a}", lambda a, b: f"{b.upper()} {a}", lambda a, b: f"{a}-{b}",
    lambda a, b: a + b,
    lambda a, b: f"{a}\u00a0{b}", lambda a, b: f"{a}  {b}", lambda a, b: f"{a}\n{b}", lambda a, b: f"{a}.{b}@example.org",
    lambda a, b: f"{a[0]}. {b}", lambda a, b: f"{a} J. {b}", lambda a, b: f"{a}_{b}".lower(), lambda a, b: f"{a}\t{b}’s",
    lambda a, b: f"@{a}{b}", lambda a, b: f"https://example.org/{a}/{b}", lambda a, b: f"{a}\u2019s and {b}s\u2019",
)  # fmt: skip


@st.composite
def people(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Full names of a family, some of whom share a family name."""
    given_names = draw(st.lists(st.sampled_from(GIVEN), min_size=2, max_size=4, unique=True))
    families = draw(st.lists(st.sampled_from(FAMILY), min_size=1, max_size=2, unique=True))
    joined = draw(st.booleans()) and len(families) > 1
    named = ["-".join(families) if joined else families[index % len(families)] for index in range(len(given_names))]
    return given_names, named


@st.composite
def texts(draw: st.DrawFn, given_names: list[str], families: list[str]) -> str:
    """Ordinary words with the names of the family in among them, in any form."""
    parts = [draw(st.sampled_from(FILLER))]
    for _ in range(draw(st.integers(2, 9))):
        who = draw(st.integers(0, len(given_names) - 1))
        if draw(st.booleans()):
            word = draw(st.sampled_from([given_names[who], *families[who].split("-")]))
            parts.append(draw(st.sampled_from(ONE_WORD))(word))
        else:
            parts.append(draw(st.sampled_from(TWO_WORDS))(given_names[who], families[who]))
        parts.append(draw(st.sampled_from(FILLER)))
    return draw(st.sampled_from([" ", ", ", ". ", "\n", " - "])).join(parts)
