"""Worked tellings: who asks whom for what, beside what the agreements must say of it. `goldenthread guidance assure`.

Each `agreement_cases/*.yaml` of a folder of guidance lists tellings with what to expect; a verdict may be followed by the
clause that must give it: `permit mash 3.1`. All agreements of the folder are asked, as they are when somebody really asks.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from goldenthread.guidance.agreement import Aspect, Sensitivity
from goldenthread.guidance.checks import Where, _near
from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import Subject
from goldenthread.guidance.reading import Source
from goldenthread.guidance.terms import Slug, Strict, Text
from goldenthread.guidance.worked import worked

from .decision import Asking, Decision, Ruling, Verdict, decide

_EXPECTED = re.compile(r"^(permit|deny|review)(?: ([a-z][a-z0-9_]*) ([0-9a-z.]+))?$")
Expected = Annotated[str, StringConstraints(pattern=_EXPECTED.pattern)]


class Telling(Strict):
    """Who would tell whom, what for and when. Organisations are given by kind, or by id where a clause names them."""

    holder: Slug = Field(alias="from")
    receiver: Slug = Field(alias="to")
    holder_is: Text = "somebody"
    receiver_is: Text = "somebody_else"
    purpose: Slug
    day: date | Literal["day before it begins", "first day", "last day", "day after it ends"]
    """A day, or one told from the agreement's own dates, which a partnership changes."""
    pathway: Slug | None = None
    sensitivity: Sensitivity = "standard"
    subject: Subject = "child"
    category: str = ""
    agreed: bool | None = None
    """Whether the family agreed to the service; left out where nobody has said."""
    arrangement: str = ""

    model_config = Strict.model_config | {"populate_by_name": True}


class WorkedTelling(Strict):
    title: Text
    why: Text
    asks: Telling
    expect: Mapping[Aspect, Expected]


class WorkedTellings(Strict):
    """A file of worked tellings; its name is the agreement they are about."""

    cases: list[WorkedTelling] = Field(min_length=1)


@dataclass(frozen=True)
class Told:
    """What came of one worked telling. It is as expected when there are no `differences`."""

    title: str
    agreement: str
    place: str
    lines: tuple[str, ...]
    differences: tuple[str, ...]


def assure_tellings(library: Library, agreement: str | None = None) -> list[Told]:
    """Ask the agreements of a folder every worked telling in it. Raises GuidanceError for a file written wrongly."""
    files = worked(library.folder / "agreement_cases", WorkedTellings, partial(_unknown, library))
    return [
        _told(library, identity, source, index, one)
        for identity, file, source in files if agreement in (None, identity)
        for index, one in enumerate(file.cases)
    ]  # fmt: skip


def _unknown(library: Library, agreement: str, file: WorkedTellings) -> Iterator[tuple[Where, str]]:
    """Names that lead nowhere: a telling with a misspelt purpose would be refused, and so seem as expected."""
    if agreement not in library.agreements:
        yield (), f"there is no agreement {agreement!r}{_near(agreement, library.agreements)}"
    for index, one in enumerate(file.cases):
        asks, at = one.asks, ("cases", index, "asks")
        names: list[tuple[str, str | None, Mapping[str, object]]] = [
            ("from", asks.holder, library.roles.roles), ("to", asks.receiver, library.roles.roles),
            ("purpose", asks.purpose, library.sharing.purposes), ("pathway", asks.pathway, library.pathways),
            ("category", asks.category or None, library.sharing.categories),
            ("arrangement", asks.arrangement or None, library.arrangements),
        ]  # fmt: skip
        for key, name, known in names:
            if name is not None and name not in known:
                yield (*at, key), f"unknown name {name!r}{_near(name, known)}"
        for aspect, expected in one.expect.items():
            match = _EXPECTED.match(expected)
            named = match.group(2) if match else None
            if named and named not in library.agreements:
                yield ("cases", index, "expect", aspect), f"unknown agreement {named!r}{_near(named, library.agreements)}"


def _told(library: Library, agreement: str, source: Source, index: int, one: WorkedTelling) -> Told:
    asks = one.asks
    term = library.agreements[agreement].in_force
    days = {
        "day before it begins": term.start - timedelta(days=1), "first day": term.start,
        "last day": term.end, "day after it ends": term.end + timedelta(days=1),
    }  # fmt: skip
    day = asks.day if isinstance(asks.day, date) else days[asks.day]
    asking = Asking(
        holder=asks.holder_is, holder_kind=asks.holder, receiver=asks.receiver_is, receiver_kind=asks.receiver,
        purpose=asks.purpose, pathway=asks.pathway, day=day, sensitivity=asks.sensitivity, subject=asks.subject,
        consent=asks.agreed, arrangement=asks.arrangement, category=asks.category,
    )  # fmt: skip
    decision = decide(library.agreements.values(), asking)
    return Told(
        one.title, agreement, f"agreement_cases/{source.file}:{source.line(('cases', index))}",
        (f"Why: {' '.join(one.why.split())}", *_lines(decision)), tuple(_differences(one.expect, decision)),
    )  # fmt: skip


def _lines(decision: Decision) -> Iterator[str]:
    for words, ruling in (("That there is a record", decision.existence), ("What it says", decision.content)):
        yield f"{words}: {_said(ruling)}. {ruling.why}"


def _said(ruling: Ruling) -> str:
    by = f" by {ruling.agreement} {ruling.clause}" if ruling.agreement else ""
    return f"{ruling.verdict}{by}"


def _differences(expect: Mapping[Aspect, str], decision: Decision) -> Iterator[str]:
    rulings = {"existence": decision.existence, "content": decision.content}
    for aspect, expected in expect.items():
        ruling, match = rulings[aspect], _EXPECTED.match(expected)
        assert match is not None
        verdict, agreement, clause = match.groups()
        named = (ruling.agreement, ruling.clause) == (agreement, clause) if agreement else True
        if ruling.verdict is not Verdict(verdict) or not named:
            yield f"{aspect} to be {expected}, found {_said(ruling)}"
