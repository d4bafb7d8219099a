"""A contact while it is being written: who tells us, the children, the concern. Kept as drafts, a page each, so that
nothing is lost and nothing is registered before it is sent. Computes; `views.new_contact` shows, actions write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.utils import timezone

from goldenthread.guidance.pathway import Pathway
from goldenthread.people.dates import KnownDate, read_date
from goldenthread.people.rules import born_errors

from .forms.event import Choices, EventForm, Typed

REPORTER = ("source", "referrer_name", "referrer_contact")
"""Questions of the first page; the rest are asked about the concern."""
PAGES = ("who", "children", "concern", "check")
MOST = 12
"""Children in one contact."""


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child of the contact: one who is known (`person`), or the details of one to be registered."""

    key: str
    person: str = ""
    given_name: str = ""
    family_name: str = ""
    born: str = ""
    expected: str = ""
    sex: str = ""
    address: str = ""
    postcode: str = ""
    area: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part) or "Name not known"

    @property
    def about(self) -> str:
        """What is known of a child not registered yet, in a few words."""
        parts = [f"born {self.born}" if self.born else f"expected {self.expected}" if self.expected else "age not known",
                 {"female": "girl", "male": "boy"}.get(self.sex, ""), self.address]  # fmt: skip
        return ", ".join(part for part in parts if part)

    def kept(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__ if getattr(self, name)})

    @classmethod
    def read(cls, text: str) -> NewChild | None:
        """A child as a draft keeps it; None for what no page of ours wrote."""
        try:
            found = json.loads(text)
            return cls(**{name: str(value) for name, value in found.items() if name in cls.__slots__})
        except (ValueError, TypeError, AttributeError):
            return None


def children_in(typed: Typed | None) -> list[NewChild]:
    """The children so far, in the order they were added."""
    found = [NewChild.read(text) for text in typed.many("child")] if typed else []
    return [one for one in found if one is not None][:MOST]


@dataclass(frozen=True, slots=True)
class Details:
    """What was typed about a child to be registered: dates read, problems found by field."""

    child: NewChild
    born: KnownDate | None
    expected: date | None
    errors: dict[str, str]


FIELDS = ("given_name", "family_name", "born", "expected", "sex", "address", "postcode", "area")


def details_of(values: Mapping[str, str]) -> Details:
    """Read and check what was typed about a child. `not_known` says that a name is not known."""
    given = {name: " ".join(str(values.get(name, "")).split()) for name in FIELDS}
    errors: dict[str, str] = {}
    born: KnownDate | None = None
    expected: date | None = None
    today = timezone.localdate()
    if given["born"]:
        try:
            born = read_date(given["born"], today)
        except ValueError as error:
            errors["born"] = str(error)
    if given["expected"]:
        try:
            expected = read_date(given["expected"], today).first
        except ValueError as error:
            errors["expected"] = str(error)
    errors = born_errors(born, expected) | errors
    if not given["given_name"] and not given["family_name"] and not expected and not values.get("not_known"):
        errors["given_name"] = "Enter a name, or say that it is not known"
    if not given["area"]:
        errors["area"] = "Choose the district, so that it reaches the right front door"
    return Details(NewChild(key=uuid4().hex[:8], **given), born, expected, errors)


def opening_form(pathway: Pathway, typed: Typed | None) -> EventForm:
    """The questions of the contact; asked on two pages."""
    return EventForm(pathway, pathway.opening, typed=typed, occurred=timezone.now(), choices=Choices())


def needed(pathway: Pathway) -> tuple[tuple[str, str], ...]:
    """What the front door cannot do without, beside what the guidance requires."""
    asks = pathway.events[pathway.opening].asks
    wanted = (("source", "Select who is telling us"), ("concern", "Enter what you are worried about"))
    return tuple(one for one in wanted if one[0] in asks)
