"""Telling schools of police incidents: which pathway that is, and which of its events mean what.

The key `school_notices` of `sharing.yaml`, so that no program names the pathway. Pure; depends on `terms`.
Source of the shape: Operation Encompass statutory guidance, 7 November 2025.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import model_validator

from .terms import Reference, Slug, Strict, Text

if TYPE_CHECKING:
    from .library import Library


class NoticeEvents(Strict):
    """What each of the pathway's events is for."""

    unknown: Slug
    """No school is known: it must be found."""
    found: Slug
    """The school has been found."""
    told: Slug
    opened: Slug
    """The school has opened what it was told."""
    done: Slug
    """What the school did."""
    elsewhere: Slug
    """The child is at no school."""


class NoticeAges(Strict):
    """The ages, in whole years, at which a child may be at school; outside them nobody looks for one."""

    youngest: int
    oldest: int
    reference: Reference

    @model_validator(mode="after")
    def _in_order(self) -> NoticeAges:
        if not 0 <= self.youngest <= self.oldest <= 25:
            raise ValueError("`youngest` and `oldest` are ages from 0 to 25, the youngest first")
        return self


class SchoolNotices(Strict):
    """Which pathway tells schools, and how."""

    pathway: Slug
    events: NoticeEvents
    school: Slug
    """The question that names the school, in `told`, `opened`, `done` and `found`."""
    kinds: list[Slug]
    """Kinds of organisation a child may be at."""
    here: Mapping[Slug, Text]
    """The answers to `told` by which a school is told in this service."""
    ring: Mapping[Slug, Text]
    """The answers where a school may know only that there is something, and is asked to ring."""
    too_young: Mapping[Slug, Text]
    too_old: Mapping[Slug, Text]
    """The answers to `elsewhere` for a child outside the ages."""
    ages: NoticeAges


def check_school_notices(library: Library, notices: SchoolNotices) -> Iterator[tuple[tuple[str, ...], str]]:
    """Names that lead nowhere: (place in the file, problem)."""
    pathway = library.pathways.get(notices.pathway)
    if pathway is None:
        if f"pathways/{notices.pathway}" not in library.unreadable:
            yield ("school_notices", "pathway"), f"unknown pathway {notices.pathway!r}"
        return
    for kind in notices.kinds:
        if kind not in library.roles.roles:
            yield ("school_notices", "kinds"), f"unknown agency role {kind!r}"
    for part, name in notices.events:
        event = pathway.events.get(name)
        if event is None:
            yield ("school_notices", "events", part), f"{notices.pathway} has no event {name!r}"
        elif part in ("found", "told", "opened", "done") and notices.school not in event.asks:
            yield ("school_notices", "events", part), f"{name} does not ask {notices.school!r}"
    given = {"here": notices.events.told, "ring": notices.events.told, "too_young": notices.events.elsewhere,
             "too_old": notices.events.elsewhere}  # fmt: skip
    for part, name in given.items():
        asks = pathway.events[name].asks if name in pathway.events else {}
        for asked, answer in getattr(notices, part).items():
            if asked not in asks or answer not in asks[asked].of:
                yield ("school_notices", part), f"{answer!r} is not an answer to {name}.{asked}"
