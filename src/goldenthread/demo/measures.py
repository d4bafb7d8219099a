"""How near the demo comes to the figures it follows: each rate measured on what was made up, beside its target. Pure.

The tests hold these; `docs/understand/the-demo.md` shows them. Rates are of the 365 days before today; stocks are as
today begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from goldenthread.clocks.engine import Progress, Subject, programs_for

from .busy import CARE_WORK
from .parts import ARRANGEMENT, County
from .plain import CaseStory, Part, happening
from .story import county_children


class Measure(msgspec.Struct):
    """One figure of the demo."""

    name: str
    value: float
    target: float
    of: int
    """How many it is counted from."""

    @property
    def off(self) -> float:
        """How far from the target, as a share of it."""
        return self.value / self.target - 1 if self.target else 0.0


class _Counted:
    """Everything that is counted, once through all cases."""

    def __init__(self, county: County, parts: Sequence[Part]) -> None:
        self.end = datetime.combine(county.today, datetime.min.time(), county.now.tzinfo)
        self.start = self.end - timedelta(days=365)
        self.opened: Counter[str] = Counter()
        self.open_now: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.states: Counter[tuple[str, str]] = Counter()
        self.met: dict[str, list[int]] = {}
        self.events: dict[str, list[Mapping[str, Any]]] = {}
        """Of each kind that services.yaml measures, what was answered in the last year."""
        measured = county.figures.journeys["measures"]
        self._wanted = {one.get("events") or one.get("share_of") for one in measured} - {None}
        self.referrals: dict[object, list[datetime]] = {}
        self.known: dict[object, set[str]] = {}
        programs = programs_for(county.library, ARRANGEMENT)
        for part in parts:
            subjects = {person.id: Subject(person.born, person.sex or None) for person in part.people}
            for case in part.cases:
                self._count(
                    case,
                    programs[case.pathway].run(
                        [happening(one) for one in case.events], subjects.get(case.subject, Subject()), county.now
                    ),
                )

    def _count(self, case: CaseStory, progress: Progress) -> None:
        first = case.events[0]
        began = first.moment or first.recorded
        if case.pathway == "referral":
            self.referrals.setdefault(case.subject, []).append(began)
        if self.start <= began < self.end:
            self.opened[case.pathway] += 1
            if case.pathway == "contact":
                self.sources[str(first.data.get("source"))] += 1
        if case.pathway == "contact" and first.moment and self.start <= first.moment < self.end:
            self.outcomes.update(str(one.data.get("outcome")) for one in case.events if one.kind == "decided")
        for one in case.events:
            name = f"{case.pathway}.{one.kind}"
            if name in self._wanted and one.amends is None and self.start <= (one.moment or one.recorded) < self.end:
                self.events.setdefault(name, []).append(one.data)
        self.states[case.pathway, progress.state] += 1
        if progress.is_open:
            self.open_now[case.pathway] += 1
            self.known.setdefault(case.subject, set()).add(case.pathway)
            if case.pathway == "child_protection_plan":
                self.categories[str(first.data.get("category"))] += 1
        for duty in progress.duties:
            if duty.met is not None and self.start <= duty.met.at < self.end:
                found = self.met.setdefault(f"{case.pathway}.{duty.duty}", [0, 0])
                found[0] += duty.status == "met_on_time"
                found[1] += 1

    def on_time(self, duty: str) -> tuple[float, int]:
        met, of = self.met.get(duty, [0, 0])
        return (met / of if of else 0.0), of

    def again(self) -> tuple[float, int]:
        """Referrals of the year that followed another of the same child within 12 months."""
        count = again = 0
        for moments in self.referrals.values():
            moments.sort()
            for place, moment in enumerate(moments):
                if self.start <= moment < self.end:
                    count += 1
                    again += any(
                        timedelta() < moment - earlier <= timedelta(days=365) for earlier in moments[:place]
                    )
        return (again / count if count else 0.0), count


def measure(county: County, parts: Iterable[Part]) -> list[Measure]:
    """Every figure that the demo follows, measured."""
    made = list(parts)
    counted = _Counted(county, made)
    figures = county.figures
    children = sum(len(household.children) for part in made for household in part.households)
    slice_of = county_children(county.guide) * children / 40_000 / 10_000
    found: list[Measure] = []

    def rate(name: str, count: int, target: str) -> None:
        found.append(Measure(name, count / slice_of, figures[target] * 10_000, count))

    def share(name: str, value: tuple[float, int], target: float) -> None:
        found.append(Measure(name, value[0] * 100, target * 100, value[1]))

    contacts = counted.opened["contact"]
    found.append(
        Measure("Contacts a year", contacts, figures["rates.contacts_a_year"] * children / 40_000, contacts)
    )
    rate("Referrals per 10,000", counted.opened["referral"], "rates.referrals_per_10000")
    share(
        "Re-referrals within 12 months, per cent",
        counted.again(),
        figures["rates.re_referrals_within_12_months"],
    )
    share("Assessments within 45 working days, per cent", counted.on_time("assessment.completed"),
          figures["rates.assessments_within_45_working_days"])  # fmt: skip
    rate("Section 47 enquiries per 10,000", counted.opened["section_47"], "assumed.section_47_per_10000")
    share("Initial conferences within 15 working days, per cent", counted.on_time("section_47.icpc"),
          figures["assumed.icpc_within_15_working_days"])  # fmt: skip
    rate("Children with a protection plan per 10,000", counted.open_now["child_protection_plan"],
         "rates.child_protection_plans_per_10000")  # fmt: skip
    share("Protection plan reviews in time, per cent", counted.on_time("child_protection_plan.review"),
          figures["rates.child_protection_reviews_in_time"])  # fmt: skip
    share("First core groups within 10 working days, per cent", counted.on_time("child_protection_plan.first_core_group"),
          figures["assumed.core_group_within_10_working_days"])  # fmt: skip
    share("Protection plan visits in time, per cent", counted.on_time("child_protection_plan.visits"),
          figures["assumed.child_protection_visits_in_time"])  # fmt: skip
    rate("Children looked after per 10,000", counted.open_now["looked_after"], "rates.looked_after_per_10000")
    share("Looked-after reviews in time, per cent", counted.on_time("looked_after.review"),
          figures["rates.looked_after_reviews_in_time_of_all"])  # fmt: skip
    share("Initial health assessments within 20 working days, per cent", counted.on_time("looked_after.iha"),
          figures["assumed.initial_health_assessment_in_time"])  # fmt: skip
    in_need = sum(1 for pathways in counted.known.values() if pathways & set(CARE_WORK))
    rate("Children in need per 10,000", in_need, "rates.children_in_need_per_10000")
    for source in ("police", "school", "health_visitor", "family"):
        share(f"Contacts from {source.replace('_', ' ')}, per cent", (counted.sources[source] / max(1, contacts), contacts),
              figures[f"assumed.contact_source_{source}"])  # fmt: skip
    decided = sum(counted.outcomes.values())
    share("Contacts that become early help, per cent", (counted.outcomes["early_help"] / max(1, decided), decided),
          figures["assumed.contact_outcome_early_help"])  # fmt: skip
    plans = sum(counted.categories.values())
    for category in ("neglect", "emotional_abuse"):
        share(f"Plans for {category.replace('_', ' ')}, per cent", (counted.categories[category] / max(1, plans), plans),
              figures[f"rates.child_protection_plans_by_category_{category}"])  # fmt: skip
    found.append(
        Measure(
            "Early help open",
            counted.open_now["early_help"],
            9285 * children / 40_000,
            counted.open_now["early_help"],
        )
    )
    return [*found, *_of_services(counted, county, children / 40_000)]


def _of_services(counted: _Counted, county: County, part: float) -> list[Measure]:
    """What services.yaml asks to be measured."""
    found: list[Measure] = []
    for one in county.figures.journeys["measures"]:
        target = float(one["target"])
        if "duty" in one:
            value, of = counted.on_time(one["duty"])
            found.append(Measure(one["name"], value * 100, target * 100, of))
            continue
        if "open" in one:
            open_now = sum(counted.states[one["open"], state] for state in one["states"])
            found.append(Measure(one["name"], open_now, target * part, open_now))
            continue
        said = counted.events.get(one.get("events") or one["share_of"], [])
        if "events" in one:
            found.append(Measure(one["name"], len(said), target * part, len(said)))
        else:
            fits = sum(1 for data in said if all(data.get(name) == value for name, value in one["where"].items()))
            found.append(Measure(one["name"], 100 * fits / max(1, len(said)), target * 100, len(said)))
    return found
