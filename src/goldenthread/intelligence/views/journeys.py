"""What became of a cohort, how long each step took, and whether groups of children fare alike: a page of a journey.

Every number for those who may see small ones; for all others what may leave need to know, by financial year, once everybody in it
has been followed to the end. Nothing is worked out from live tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.journey import Journey
from goldenthread.guidance.library import Library

from .. import beside
from ..charts import beside as tables
from ..indicators.periods import Period
from ..indicators.places import EVERYWHERE, populations_of
from ..journeys import forest, sankey, showing
from ..journeys.differences import Differences
from ..journeys.working_out import EXACT, FILE, LEAVES, definitions, key_of, over, periods_followed
from ..scorecard.keeping import NotWorkedOut, manifest_digest
from .asked import or_none, titles, within
from .parts import parts

FEW = 2


@dataclass(frozen=True, slots=True)
class Looked:
    """One reader's question of the journeys."""

    kept: beside.Pages
    library: Library
    journey: Journey
    areas: Mapping[str, str]
    area: str
    periods: list[Period]
    period: Period | None
    exact: bool
    stale: bool

    def page(self, area: str) -> showing.Page | None:
        if self.period is None:
            return None
        found: showing.Page | None = self.kept.page(EXACT if self.exact else LEAVES, self.journey.id, area, key_of(self.period))
        return found

    def address(self, **change: str) -> str:
        period = self.period.key if self.period is not None else ""
        query = {"journey": self.journey.id, "area": self.area, "period": period, **change}
        return f"{reverse('journeys:list')}?{urlencode({key: one for key, one in query.items() if one})}"

    def districts(self) -> dict[str, str]:
        """The smallest areas inside the one that was asked for."""
        found: dict[str, str] = {}
        for arrangement in self.library.arrangements.values():
            above = {one.id: one.within for one in arrangement.areas}
            holders = set(above.values())
            for one in arrangement.areas:
                if one.id in self.areas and one.id not in holders and within(one.id, self.area, above):
                    found[one.id] = one.title
        return found if len(found) > 1 else {}


@contextmanager
def looked(request: HttpRequest, *, leaves: bool = False, journey: str = "") -> Iterator[Looked]:
    """Open the journeys for a request. What means nothing here is as if it had not been asked. Raises NotWorkedOut."""
    folder, library = Path(settings.GT_EXTRACT), current_library()
    exact = not leaves and actor_of(request).may(Capability.VIEW_SMALL_NUMBERS)
    if not library.journeys:
        raise NotWorkedOut("undeclared")
    with beside.pages(folder, FILE) as kept:
        name = journey or request.GET.get("journey", "")
        chosen = library.journeys.get(name) or next(iter(library.journeys.values()))
        there = kept.names(EXACT if exact else LEAVES, chosen.id)
        known = {key_of(one): one for one in periods_followed(kept.made.as_of)}
        periods = sorted({known[one[3]] for one in there if one[3] in known}, key=lambda one: (one.end, one.start), reverse=True)
        areas = titles(library, sorted({one[2] for one in kept.names(EXACT, chosen.id)} | {EVERYWHERE}))
        area = request.GET.get("area", "")
        yield Looked(
            kept, library, chosen, areas, area if area in areas else next(iter(areas)), periods,
            _period(request.GET.get("period", ""), periods, chosen, kept.made.as_of), exact,
            kept.made.manifest != manifest_digest(folder) or kept.made.definitions != definitions(library),
        )  # fmt: skip


def _period(text: str, periods: list[Period], journey: Journey, as_of: Any) -> Period | None:
    """The period asked for, or the latest year in which everybody has been followed to the end, or the latest there is."""
    asked = next((one for one in periods if one.key == text), None)
    whole = [one for one in periods if one.frequency == "year"]
    done = next((one for one in whole if over(journey, one, as_of)), None)
    return asked or done or next(iter(whole or periods), None)


@policy(Capability.VIEW_TOTALS)
@partial(or_none, what="picture of journeys")
def journeys(request: HttpRequest) -> HttpResponse:
    """A journey of a cohort, in one area and period."""
    with looked(request) as question:
        page = question.page(question.area)
        journal.read(
            actor_of(request), "journeys.view", "scorecard", question.area, journey=question.journey.id,
            period=question.period.key if question.period is not None else "", exact=question.exact,
        )  # fmt: skip
        context = {
            "looked": question, "made": question.kept.made, "page": page, "parts": parts("journeys"),
            "journey": question.journey, "groups": _groups(question.periods),
            "followed": question.period is not None and over(question.journey, question.period, question.kept.made.as_of),
        }  # fmt: skip
        if page is not None:
            context |= _shown(question, page, request.GET.get("place", ""))
        return render(request, "intelligence/journeys.html", context)


def _groups(periods: list[Period]) -> list[tuple[str, list[Period]]]:
    found = [
        (words, [one for one in periods if one.frequency == often])
        for often, words in (("year", "Financial years"), ("quarter", "Quarters"))
    ]
    return [one for one in found if one[1]]


def _shown(question: Looked, page: showing.Page, place: str) -> dict[str, Any]:
    journey, period = question.journey, question.period
    assert period is not None
    title = f"{journey.title}, {question.areas[question.area]}, {period.key}"
    cohort = showing.cohort_of(journey, page, title)
    districts = {title: question.page(area) for area, title in question.districts().items()}
    places = showing.places_compared(journey, [page])
    chosen = place if place in places else places[0] if places else ""
    compared: dict[str, Any] = {}
    if chosen:
        compared["by_group"] = _compared(showing.by_group(journey, page, chosen), "by-group")
        if districts:
            compared["by_district"] = _compared(showing.by_district(journey, districts, chosen), "by-district")
    if journey.rate and districts:
        compared["entries"] = _compared(
            showing.entries_by_district(journey, districts, _children(question, period)), "entries"
        )
    return {
        "cohort": cohort, "picture": sankey.svg(cohort, "journey", width=960, tall=320),
        "steps": showing.steps_of(journey, page, question.library, period.end),
        "kept_back": any(flow.count is None for flow in cohort.flows), "broad": page["broad"],
        "places": places, "chosen": chosen, "with_districts": bool(districts), **compared,
    }  # fmt: skip


def _compared(found: Differences | None, name: str) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "found": found, "wide": forest.svg(found, f"{name}-wide"), "narrow": forest.svg(found, f"{name}-narrow", width=360),
        "table": mark_safe(tables.html(forest.grid(found))), "words": found.in_words,
        "few": sum(one.verdict == "too few to say" for one in found.rows) >= FEW,
    }  # fmt: skip


def _children(question: Looked, period: Period) -> dict[str, int]:
    """Title of a district -> children who live there, at the middle of the year or of the latest year that is known."""
    found: dict[str, tuple[int, int]] = {}
    wanted = question.districts()
    for row in populations_of(question.library):
        if row.people == "under_18" and row.area in wanted and row.year <= period.population_year:
            found[wanted[row.area]] = max(found.get(wanted[row.area], (0, 0)), (row.year, row.number))
    return {title: number for title, (_, number) in found.items()}
