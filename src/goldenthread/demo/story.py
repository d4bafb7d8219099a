"""The stories of one part of the county: when families come to notice, what is decided, and all that follows until today. Pure.

How many children come how often is kept to the published figures by accounts (`chance`): early help, referrals, re-referrals and
strategy discussions are each owed so many children a year, and a family's next contact pays what is owed and can be for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from goldenthread.clocks.calendar import LONDON

from .busy import Busy
from .contacts import Contacts
from .guide import Guide
from .households import made_up_address
from .plain import CaseStory, Happened, Household, Person
from .scene import CARE, EDUCATION, Scene
from .walk import Opening, Script, Walk

DAYS = 730
"""Two years of contacts."""
Scripts = dict[str, list[Script]]
"""For each pathway, how it departs from chance the first time, the second, and so on."""
_HARMLESS = ("no_further_action", "advice", "other_authority", "adult_safeguarding")


class Story:
    """Tells the stories of the households of one part."""

    def __init__(self, scene: Scene, households: Sequence[Household], share: float) -> None:
        self.scene, self.households, self.share = scene, list(households), share
        self.chance, self.guide = scene.chance, scene.guide
        self.flow = scene.guide.figures.journeys["flow"]
        self.contacts = Contacts(scene)
        self.cases: list[CaseStory] = []
        self.busy = {one.number: Busy() for one in households}
        self.start = scene.horizon - timedelta(days=DAYS)
        self.told: set[Any] = set()
        """Children with a case of any kind."""
        self.shown: list[int] = []
        """Households whose stories are told on purpose (`showcase`)."""
        self.contact_count = [0, 0]
        """Contacts in each of the two years, counted by children."""
        outcomes = self.flow["contact_outcomes"]
        acting = outcomes["early_help"] + outcomes["referral"] + outcomes["strategy_discussion"]
        again = self.flow["re_referrals"]
        referrals = population_rate(self.guide, self.flow["referrals"]) / self.flow["contacts_a_year"]
        self._acting = [
            {
                "early_help": outcomes["early_help"] / acting,
                "strategy_discussion": outcomes["strategy_discussion"] / acting,
                "referral": referrals * (1 - share_again) * 0.93 / acting,
                "again": referrals * share_again * 0.93 / acting,
            }
            for share_again in (again * 0.55, again * 1.07)
        ]
        self.wanted = self.flow["contacts_a_year"] * share * 2
        """Contacts in two years, counted by children."""
        self.wanted_acting = self.wanted * (
            outcomes["early_help"] + referrals * 0.93 + outcomes["strategy_discussion"]
        )

    def tell(self) -> list[CaseStory]:
        order = list(self.households)
        self.chance.random.shuffle(order)
        settled = set(self.shown)
        settled |= self._already_looked_after([one for one in order if one.number not in settled])
        self._come_to_notice([one for one in order if one.number not in settled])
        self._nothing_more_needed([one for one in order if one.number not in self.shown])
        return self.cases

    # Passes -----------------------------------------------------------------------------------------------------

    def _already_looked_after(self, order: list[Household]) -> set[int]:
        """Children in care before the two years begin, whose care goes on."""
        now = population_rate(self.guide, self.flow["looked_after_now"]) * self.share
        wanted, found, chosen = now * 0.97, 0, set()
        for household in order:
            if found >= wanted:
                break
            children = [
                one
                for one in household.children
                if one.born and one.born < self.start.date() - timedelta(days=30)
            ]
            if not children or len(household.children) > 3:
                continue
            if self.chance.random.random() < 0.45:
                children = children[:1]
            youngest = max(one.born for one in children if one.born)
            most = min(2000, (self.start.date() - youngest).days - 7)
            before = self.chance.between(10, most)
            day = self.start - timedelta(days=before)
            moment = self.working(day)
            ends = population_rate(self.guide, self.flow["looked_after_ends"]) * self.share / now
            length = before + self.chance.random.expovariate(ends * 0.72 / 365)
            self._take_in(household, children, moment, max(length, before + 20))
            chosen.add(household.number)
            found += len(children)
        return chosen

    def _take_in(self, household: Household, children: list[Person], moment: datetime, length: float) -> None:
        group = self.chance.uuid() if len(children) > 1 else None
        organisation, by = CARE, ""
        cases = []
        for child in children:
            data = {"primary_need": "N1", "reasons": "Care began before the records that this system holds."}
            first = Happened(
                self.chance.uuid(), "became_looked_after", moment.date(), moment, moment + timedelta(minutes=40), data,
                organisation, by, group,
            )  # fmt: skip
            cases.append(CaseStory(
                self.chance.uuid(), "looked_after", child.id, household.district, CARE, group, child.restricted, [first],
                allocations=[], involved=[],
            ))  # fmt: skip
        self.follow(
            household,
            [Opening("looked_after", "became_looked_after", moment, cases, children)],
            {"length": length},
        )

    def _come_to_notice(self, households: list[Household]) -> None:
        """Families whose contact leads somewhere, as many as are owed."""
        done = 0.0
        for place, household in enumerate(households):
            due = self.wanted_acting * (place + 1) / len(households) - done
            size = max(1, len(household.children)) * 0.8
            times = int(due / size + self.chance.random.random())
            arrivals = sorted(self.arrival(leaning=0.03) for _ in range(min(times, 4)))
            before = self._acted
            self._live(household, arrivals)
            done += self._acted - before

    _acted = 0

    def _live(self, household: Household, arrivals: list[datetime]) -> None:
        busy, chance = self.busy[household.number], self.chance
        while arrivals:
            moment = arrivals.pop(0)
            if moment >= self.scene.horizon - timedelta(hours=6):
                continue
            kind = busy.kind(moment)
            if kind in ("care", "help"):
                if not chance.hit(f"told again/{kind}", 0.34 if kind == "care" else 0.2):
                    continue
                children = self.whom(household, moment)
                self.contact(
                    household,
                    children,
                    moment,
                    "already_open" if kind == "care" or chance.random.random() < 0.5 else "advice",
                )
                continue
            year = self._year(moment)
            shares = self._acting[year]
            children = self.whom(household, moment)
            if not children:
                continue
            allowed = (
                ["early_help", "again"]
                if kind == "lately"
                else ["early_help", "referral", "strategy_discussion"]
            )
            found = chance.pick(f"acting/{year}", shares, len(children), allowed)
            self._acted += len(children)
            self.contact(household, children, moment, "referral" if found == "again" else found)
            if found != "early_help":
                owed = chance.owed(f"acting/{1 if moment > self.start + timedelta(days=200) else 0}", "again")
                if chance.random.random() < (0.75 if owed > 0 else 0.3):
                    later = moment + timedelta(days=chance.between(70, 350))
                    arrivals.append(later)
                    arrivals.sort()

    def _nothing_more_needed(self, order: list[Household]) -> None:
        """Contacts that open nothing, until there are as many as in the county; first for children not told of yet."""
        chance, outcomes = self.chance, self.flow["contact_outcomes"]
        shares = {name: outcomes[name] for name in _HARMLESS}
        households = sorted(order, key=lambda one: all(child.id in self.told for child in one.children))
        place = 0
        while sum(self.contact_count) < self.wanted and place < 60 * len(households):
            household = households[place % len(households)]
            place += 1
            busy = self.busy[household.number]
            untold = [child for child in household.children if child.id not in self.told]
            if not untold and chance.random.random() < 0.35 + 0.1 * (household.number % 5):
                continue  # some families are told of again and again, others once
            moment = self.arrival()
            if untold and untold[0].born is None and untold[0].expected is not None:
                moment = min(moment, self.scene.horizon - timedelta(hours=9))
                moment = max(moment, self._pregnant(untold[0]) + timedelta(days=20))
            if not untold and self.contact_count[self._year(moment)] >= self.wanted / 2:
                continue
            here = busy.kind(moment) in ("care", "help")
            if moment >= self.scene.horizon - timedelta(hours=6) or (here and not untold):
                continue
            children = untold or self.whom(household, moment)
            children = [one for one in children if self._there(one, moment)]
            if untold and not children:
                moment = self.working(self.scene.horizon - timedelta(days=chance.whole(2, 25)))
                children = [one for one in untold if self._there(one, moment)]
            if not children:
                continue
            kind = busy.kind(moment)
            outcome = "already_open" if kind == "care" else chance.pick("harmless", shares, len(children))
            self.contact(household, children, moment, outcome)

    # Telling ----------------------------------------------------------------------------------------------------

    def contact(
        self, household: Household, children: list[Person], moment: datetime, outcome: str, *, theme: str = "",
        source: str = "", scripts: Scripts | None = None,
    ) -> None:  # fmt: skip
        """A contact arrives, is decided before today, and what it leads to is followed."""
        if not children:
            return
        cases = self.contacts.arrive(household, children, moment, theme, source)
        opening = Opening("contact", "contact_received", moment, cases, children)
        self.follow(household, [opening], self.contacts.judged(outcome, len(children)), scripts)

    def follow(
        self, household: Household, openings: list[Opening], given: dict[str, Any] | None = None,
        scripts: Scripts | None = None,
    ) -> None:  # fmt: skip
        """Walk every pathway that was opened, and those that they open in turn."""
        # an enquiry is walked before the assessment that runs beside it, whose outcome depends on it
        for opening in sorted(openings, key=lambda one: one.pathway != "section_47"):
            beside = any(
                one.pathway == "section_47" and one is not opening and one.moment == opening.moment
                for one in openings
            )
            self._follow(household, opening, dict(given or {}), scripts or {}, beside)

    def _follow(
        self, household: Household, opening: Opening, given: dict[str, Any], scripts: Scripts, beside: bool
    ) -> None:
        guide = self.guide.pathways[opening.pathway]
        busy = self.busy[household.number]
        pairs = list(zip(opening.children, opening.cases, strict=True))
        walks = [[pair] for pair in pairs] if guide.alone and len(pairs) > 1 else [pairs]
        if opening.pathway == "contact":
            self.contact_count[self._year(opening.moment)] += len(pairs)
            if "outcome" not in given:
                kind = busy.kind(opening.moment)
                given = self.contacts.judged("already_open" if kind == "care" else "referral", len(pairs))
            given["known_before"] = busy.known_before(opening.moment)
        elif opening.pathway == "referral":
            busy.referred.append(opening.moment)
        if opening.pathway == "assessment" and beside:
            given["outcome"] = self._beside(busy, opening.moment)
        for walked in walks:
            children, cases = [child for child, _ in walked], [case for _, case in walked]
            self.told.update(child.id for child in children)
            self.cases += cases
            told = scripts.get(opening.pathway)
            walk = Walk(
                self.scene, guide, household, children, cases, given, script=told.pop(0) if told else None
            )
            walk.begin(opening.kind, opening.moment)
            self._birth(walk, opening.moment)
            if opening.pathway == "contact":
                self._decided_by_today(walk)
            onward = walk.run()
            for case in cases:
                case.ended = not walk.is_open
            if opening.pathway == "looked_after":
                for case, child in zip(cases, children, strict=True):
                    case.involved.append(EDUCATION)
                    self._moved(household, child, case)
            busy.spans.append((opening.pathway, opening.moment, walk.closed_at))
            passed = (
                {"length": given["length"]} if opening.pathway == "contact" and "length" in given else None
            )
            self.follow(household, onward, passed, scripts)

    def _moved(self, household: Household, child: Person, case: CaseStory) -> None:
        """A child who becomes looked after lives with a carer from then on; one who comes home lives there again."""
        placed = next((event for event in case.events if event.kind == "placement_started"), None)
        if placed is None or placed.data.get("placement_type") == "P1" or not child.homes:
            return
        home, starts, ends = child.homes[-1]
        if ends is not None or (starts is not None and starts >= placed.day):
            return
        left = next((event.day for event in case.events if event.kind == "looked_after_ended"), None)
        household.addresses.append(made_up_address(self.chance, household.district))
        carer = (len(household.addresses) - 1, placed.day, left)
        child.homes = [*child.homes[:-1], (home, starts, placed.day - timedelta(days=1)), carer]
        if left is not None and left < self.scene.today:
            child.homes.append((home, left + timedelta(days=1), None))

    def _decided_by_today(self, walk: Walk) -> None:
        """Contacts of earlier days are decided by the end of yesterday; those that are not are made by `front_door`."""
        arrived, end = walk.opened, self.scene.horizon - timedelta(minutes=30)
        if (end - arrived) > timedelta(days=6):
            return
        moment = arrived + (end - arrived) * self.chance.between(0.6, 0.97)
        walk.plan_at("screened", arrived + (moment - arrived) * self.chance.between(0.1, 0.5))
        walk.plan_at("decided", moment)

    def _birth(self, walk: Walk, moment: datetime) -> None:
        child = walk.children[0]
        if child.born and child.born > moment.date() and "birth_recorded" in walk.guide.pathway.events:
            walk.plan_at("birth_recorded", datetime.combine(child.born, time(11, 20), LONDON))

    def _beside(self, busy: Busy, moment: datetime) -> str:
        """What an assessment comes to when an enquiry began with it: what the enquiry opened goes on."""
        opened = {name for name, start, _ in busy.spans if start > moment}
        if opened & {"child_in_need", "child_protection_plan", "looked_after"}:
            return "continue_existing_plan"
        if "early_help" in opened:
            return "no_further_action"
        return self.chance.pick(
            "beside", {"no_further_action": 0.5, "early_help": 0.22, "child_in_need": 0.28}
        )

    def _year(self, moment: datetime) -> int:
        return 0 if moment < self.start + timedelta(days=365) else 1

    # Small questions --------------------------------------------------------------------------------------------

    def arrival(self, leaning: float = 0.0) -> datetime:
        """A moment in the two years at which contacts arrive: most in office hours, a third in evenings and at weekends."""
        chance = self.chance
        while True:
            # later on more families are known already, and more of what comes then is about open work
            later = chance.pick(f"arrival/{leaning}", {"0": 0.5 - leaning, "1": 0.5 + leaning})
            day = self.start + timedelta(days=int((int(later) + chance.random.random()) / 2 * DAYS))
            out = chance.hit("out of hours", self.flow["evening_and_weekend"])
            working = self.guide.calendar.is_working(day.date().toordinal())
            if not out and not working:
                continue
            hour = (
                chance.between(8.5, 17.2)
                if not out or not working
                else chance.one([chance.between(17.3, 23.7), chance.between(0.2, 8)])
            )
            return day.replace(hour=int(hour), minute=int(hour % 1 * 60), second=chance.whole(0, 59))

    def whom(self, household: Household, moment: datetime) -> list[Person]:
        """The children a contact is about: all who are there, or some; an unborn child has contacts of its own."""
        there = [one for one in household.children if self._there(one, moment)]
        born = [one for one in there if one.born is not None and one.born <= moment.date()]
        unborn = [one for one in there if one not in born]
        if unborn and (not born or self.chance.random.random() < 0.6):
            return unborn[:1]
        if len(born) <= 1 or self.chance.random.random() < 0.7:
            return born
        kept = [one for one in born if self.chance.random.random() < self.flow["siblings_included"]]
        return kept or born[:1]

    def _there(self, child: Person, moment: datetime) -> bool:
        """Born by then, or expected within five months."""
        day = moment.date()
        return self._pregnant(child).date() <= day

    @staticmethod
    def _pregnant(child: Person) -> datetime:
        """From when an unborn child may be told of."""
        day = child.born or child.expected
        assert day is not None
        return datetime.combine(day - timedelta(days=150), time(9), LONDON)

    def working(self, moment: datetime) -> datetime:
        """In office hours of that day or the next working day."""
        day = date.fromordinal(self.guide.calendar.plus_working(moment.date().toordinal(), 0))
        return datetime(
            day.year, day.month, day.day, self.chance.whole(9, 16), self.chance.whole(0, 59), tzinfo=LONDON
        )


def population_rate(guide: Guide, rate: float) -> float:
    """A rate of the county's children as a number of children."""
    return rate * county_children(guide)


def county_children(guide: Guide) -> int:
    """Children under 18 in the county, in the year that the published rates are of."""
    year = int(guide.figures.journeys["flow"]["population_year"])
    area = next(
        one for one in guide.library.arrangements[guide.arrangement].areas if one.id == "lancashire_12"
    )
    found = area.population[year].under_18
    assert found is not None
    return found
