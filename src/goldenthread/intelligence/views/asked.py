"""What a page of the scorecard was asked for, and for whom: area, period, subject; every number, or what may leave.

Only the capability to see small numbers opens every number, and only on the page: what is taken away is always told as to those
outside need to know. Depends on `scorecard`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library

from ..indicators.periods import Period
from ..indicators.places import EVERYWHERE
from ..scorecard.keeping import Kept, NotWorkedOut, digest_of, kept, manifest_digest
from ..scorecard.reading import latest_over
from ..scorecard.releasing import LEAVES
from ..scorecard.working_out import indicators_told

GROUPS = (("quarter", "Quarters"), ("year", "Financial years"), ("rolling_year", "Twelve months"), ("month", "Months"))
LOOK = "look"
"""The subject of the first page: what needs a look."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One reader's question of the scorecard."""

    kept: Kept
    library: Library
    indicators: Mapping[str, Indicator]
    areas: Mapping[str, str]
    """Area -> title, as they divide: each before its parts."""
    area: str
    period: Period
    subject: str
    exact: bool
    periods: Mapping[str, list[Period]]
    """Frequency -> the periods that may be chosen, the latest first."""
    stale: bool
    """The extract has been taken again since."""

    @property
    def area_title(self) -> str:
        return self.areas[self.area]

    def address(self, name: str = "scorecard:list", *args: str, **change: str) -> str:
        query = {"area": self.area, "period": self.period.key, "subject": self.subject, **change}
        query = {key: value for key, value in query.items() if value}
        return f"{reverse(name, args=args)}?{urlencode(query)}"

    def subject_title(self) -> str:
        sheet = self.library.sheets.get(self.subject)
        return sheet.title if sheet else "What needs a look"

    def of_subject(self, subject: str) -> dict[str, Indicator]:
        sheet = self.library.sheets.get(subject)
        return {name: one for name, one in self.indicators.items() if sheet is None or name in sheet.indicators}

    def defined_since(self, name: str) -> bool:
        """Whether the definition has changed since its values were worked out."""
        return self.kept.digests.get(name) != digest_of(self.indicators[name])

    def context(self) -> dict[str, Any]:
        return {
            "asked": self, "about": self.kept.about,
            "groups": [(words, self.periods[one]) for one, words in GROUPS if self.periods[one]],
            "subjects": [
                (sheet.id, sheet.title) for sheet in self.library.sheets.values()
                if any(name in self.indicators for name in sheet.indicators)
            ],
            "over": self.period.end <= self.kept.about.as_of,
        }  # fmt: skip


@contextmanager
def asked(request: HttpRequest, *, leaves: bool = False, area: str = "") -> Iterator[Asked]:
    """Open the values for a request. `leaves`: for what is taken away. `area`: asked for elsewhere than in the address. What
    means nothing here is as if it had not been asked.

    Raises NotWorkedOut.
    """
    folder = Path(settings.GT_EXTRACT)
    library = current_library()
    exact = not leaves and actor_of(request).may(Capability.VIEW_SMALL_NUMBERS)
    with kept(folder) as values:
        areas = titles(library, values.areas)
        periods: dict[str, list[Period]] = {one: [] for one, _ in GROUPS}
        for key in reversed(values.periods()):
            one = Period.parse(key)
            if exact or (one.frequency in LEAVES and one.end <= values.about.as_of):
                periods[one.frequency].append(one)
        wanted = {one.key: one for group in periods.values() for one in group}
        default = latest_over(values.about.as_of)
        subject = request.GET.get("subject", "")
        chosen = area or request.GET.get("area", "")
        yield Asked(
            values, library, indicators_told(library), areas, chosen if chosen in areas else next(iter(areas)),
            wanted.get(request.GET.get("period", ""), default), subject if subject in library.sheets else "", exact, periods,
            values.about.manifest != manifest_digest(folder),
        )  # fmt: skip


def titles(library: Library, present: list[str]) -> dict[str, str]:
    """Area -> title, each before its parts, of those that values were worked out for."""
    found = {}
    for arrangement in library.arrangements.values():
        for area in arrangement.areas:
            if area.id in present:
                found[area.id] = area.title
    if EVERYWHERE in present:
        found[EVERYWHERE] = "Everywhere, without a district too"
    return found or dict.fromkeys(present, "Everywhere")


def within(area: str, wanted: str, above: Mapping[str, str | None]) -> bool:
    """Whether an area lies in another; everything lies in what no arrangement names."""
    at: str | None = area
    seen: set[str] = set()
    while at is not None and at not in seen:
        if at == wanted:
            return True
        seen.add(at)
        at = above.get(at)
    return wanted not in above


def or_none(view: Any, what: str = "scorecard") -> Any:
    """Where no values have been worked out, say so, and what to run."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except NotWorkedOut as error:
            return render(request, "intelligence/none.html", {"why": error.why, "what": what})
        return response

    return told
