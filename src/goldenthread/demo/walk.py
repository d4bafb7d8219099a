"""Walking a pathway: one case, or those of brothers and sisters together, from its first event to today. Pure.

A walk keeps a list of what is planned, takes the soonest, answers its questions, and plans what follows by the pathway's
own file and journeys.yaml. What has not come by the end of the day before today is simply not there yet: the case is open
and its clocks run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from goldenthread.clocks.conditions import Surroundings
from goldenthread.clocks.happening import Happening, Subject
from goldenthread.clocks.interval import age_on
from goldenthread.clocks.order import clean_answers

from .answers import Answering, words
from .guide import PathwayGuide, Rule
from .plain import Allocation, CaseStory, Happened, Household, Person, an_organisation
from .timing import Timing

if TYPE_CHECKING:
    from .scene import Scene


class Opening(msgspec.Struct, gc=False):
    """A pathway that an event opened, for each of the children walked with."""

    pathway: str
    kind: str
    moment: datetime
    cases: list[CaseStory]
    children: list[Person]


class Script(msgspec.Struct, gc=False):
    """Where a story told on purpose departs from chance: answers by event, days after which something happens, what happens
    instead, and what does not happen at all."""

    answers: dict[str, dict[str, Any]] = {}
    days: dict[str, float] = {}
    instead: dict[str, str] = {}
    never: list[str] = []
    values: dict[str, Any] = {}
    """Answers that journeys.yaml leaves to the story (`given`)."""
    length: float | None = None


class Planned(msgspec.Struct, gc=False):
    """Something that will happen unless the case has moved on by then."""

    kind: str
    rule: Rule
    copies: dict[str, Any]
    after: int = 0
    """How much had happened when it was planned."""


class Walk:
    """One pathway walked by one child or several together."""

    def __init__(
        self, scene: Scene, guide: PathwayGuide, household: Household, children: Sequence[Person],
        cases: Sequence[CaseStory], given: Mapping[str, Any] | None = None, until: datetime | None = None,
        script: Script | None = None,
    ) -> None:  # fmt: skip
        self.script = script or Script()
        self.scene, self.guide, self.household = scene, guide, household
        self.children, self.cases = list(children), list(cases)
        self.given: dict[str, Any] = {**(given or {}), **self.script.values}
        self.until = until or scene.horizon
        self.area = household.district
        self.state, self.is_open, self.eighteen = guide.first, False, False
        self.done: list[Happening] = []
        self.last: datetime | None = None
        self.closed_at: datetime | None = None
        self.openings: list[Opening] = []
        self._asked: dict[str, set[str]] = {}
        self._queue: list[tuple[datetime, int, Planned]] = []
        self._order = count()
        self._answering = Answering(self)
        first = self.children[0]
        born = first.born if first.born is not None else None
        self.around = Surroundings(Subject(born, first.sex or None), self.done)
        self._length: float | None = None
        self.lead_practitioner = ""
        self._weighty: datetime | None = None
        """When the last event that changes what may follow was written down."""
        self.worker = ""
        """Who of the services' staff has the case."""
        self.timing = Timing(self)

    # What answers ask of a walk --------------------------------------------------------------------------------

    @property
    def opened(self) -> datetime:
        return self.done[0].at

    def planned(self, kind: str) -> date | None:
        found = min((moment for moment, _, plan in self._queue if plan.kind == kind), default=None)
        return found.date() if found else None

    def at_end(self, day: date) -> bool:
        """Whether the case has run its length, or nearly."""
        return self.length is not None and (day - self.opened.date()).days >= self.length - 25

    @property
    def length(self) -> float | None:
        if self._length is None and self.guide.length:
            chance, length = self.scene.chance, self.guide.length
            given = self.script.length or self.given.get("length")
            if given is None:
                low, high = length["days"][
                    chance.pick(f"{self.guide.id}/length", length["shares"], len(self.children))
                ]
                given = chance.between(low, high)
            self._length = float(given)
        return self._length

    def allowed(self, shares: Mapping[str, float]) -> list[str] | None:
        """Choices that cannot be for these children left out: nobody unborn becomes looked after."""
        if "looked_after" in shares and self.has_unborn:
            return [name for name in shares if name != "looked_after"]
        return None

    @property
    def has_unborn(self) -> bool:
        day = self.done[-1].day if self.done else None
        return any(child.born is None or (day is not None and child.born > day) for child in self.children)

    def agency_for(self, kind: str) -> str:
        """An agency that knows this family and has not been named for this yet."""
        taken = self._asked.setdefault(kind, set())
        found = self.scene.agency_for(self.household, self.children[0], taken)
        taken.add(found)
        return found

    # Walking ----------------------------------------------------------------------------------------------------

    def begin(self, kind: str, moment: datetime) -> None:
        """Take the cases' first events, which are there already, and plan what follows."""
        self._given_to()
        first = self.cases[0].events[0]
        self._noted(kind, moment, first.data, first.id)

    def open(self, kind: str, moment: datetime, organisation: str, by: str, given: Mapping[str, Any]) -> None:
        """Begin the cases, which have no event yet, with one that somebody records of their own accord."""
        self._given_to()
        scene, day = self.scene, moment.date()
        by = by or (self.worker if organisation == self.cases[0].lead else "")
        recorded = min(moment + timedelta(minutes=scene.chance.whole(2, 55)), self.until - timedelta(seconds=5))
        for child, case in zip(self.children, self.cases, strict=True):
            data = self._answering.answers(
                kind, day, child, given=given, shared=None, organisation=organisation, recorder=by
            )
            case.events.append(Happened(
                scene.chance.uuid(), kind, day, moment, recorded, data, organisation, by, case.group
            ))  # fmt: skip
        self.begin(kind, moment)

    def _given_to(self) -> None:
        """Give the cases to one of the service's own staff, where it has them."""
        if not self.guide.worker or self.worker:
            return
        self.worker = self.scene.staff.serving(self.guide.worker, self.scene.chance)
        team = self.scene.staff.workers[self.worker].team
        for case in self.cases:
            case.allocations = [Allocation(1, self.worker, team)]

    def run(self) -> list[Opening]:
        """Walk until the case ends or today comes. Returns the pathways that it opened, in the order they opened."""
        while self._queue and self._queue[0][0] < self.until:
            moment, _, plan = heappop(self._queue)
            if self._possible(plan, moment):
                self.happen(plan.kind, moment, plan)
        return self.openings

    def _possible(self, plan: Planned, moment: datetime) -> bool:
        rule, effect = plan.rule, self.guide.effects[plan.kind]
        if rule.unless_done and any(one.kind in rule.unless_done for one in self.done):
            return False
        if rule.void_by and any(one.kind in rule.void_by for one in self.done[plan.after :]):
            return False
        if rule.once and any(one.kind == plan.kind for one in self.done):
            return False
        if rule.in_states and self.state not in rule.in_states:
            return False
        if self.is_open:
            return not effect.in_states or self.state in effect.in_states
        return self.state in effect.in_states

    def happen(
        self, kind: str, moment: datetime, plan: Planned | None = None, given: Mapping[str, Any] | None = None
    ) -> None:
        """Record an event for every child walked with, and plan what follows."""
        chance = self.scene.chance
        if self.last is not None and moment <= self.last:
            moment = self.last + timedelta(minutes=chance.whole(3, 25))
        if moment >= self.until and self.last is not None:
            moment = self.last + (self.until - self.last) * 0.5
        day = moment.date()
        answers: dict[str, Any] = dict(plan.copies) if plan else {}
        answers.update(given or {})
        answers.update(self.script.answers.get(kind, {}))
        for name, shares in (plan.rule.given if plan else {}).items():
            if name not in self.given and name not in answers:
                answers[name] = chance.pick(f"{self.guide.id}/{kind}/{name}", shares, len(self.children))
        organisation, recorder = self._who(kind, plan, answers)
        bare = kind in self.guide.day_only and day > self.done[-1].day
        recorded = self._recorded(kind, moment, bare)
        group = chance.uuid() if len(self.children) > 1 else None
        shared: dict[str, Any] | None = None
        first: Happened | None = None
        for child, case in zip(self.children, self.cases, strict=True):
            data = self._answering.answers(
                kind, day, child, given=answers, shared=shared, organisation=organisation, recorder=recorder
            )
            shared = data if shared is None else shared
            event = Happened(
                chance.uuid(),
                kind,
                day,
                None if bare else moment,
                recorded,
                data,
                organisation,
                recorder,
                group,
            )
            case.events.append(event)
            if not bare and not self.guide.urgent and not self.guide.effects[kind].weighty:
                self._perhaps_corrected(case, event)
            first = first or event
        assert first is not None and shared is not None
        self._noted(kind, moment, shared, first.id, bare=bare)

    def _noted(
        self, kind: str, moment: datetime, data: Mapping[str, Any], identity: UUID, *, bare: bool = False
    ) -> None:
        guide, effect = self.guide, self.guide.effects[kind]
        day = moment.date()
        one = Happening(identity, kind, day, None if bare else moment, moment, data)
        self.done.append(one)
        self.last = moment
        if (effect.opens and len(self.done) == 1) or effect.reopens:
            self.is_open = True
        self.state = guide.state_after(kind, self.state, data, day.toordinal(), self.around)
        if self.is_open and (effect.closes or self.state in guide.closed):
            self.is_open, self.closed_at = False, moment
        self._lead_on(kind, moment, data)
        for rule in guide.course.get(kind, ()):
            self.plan(rule, moment, data)

    def _lead_on(self, kind: str, moment: datetime, data: Mapping[str, Any]) -> None:
        """Open the pathways that the event leads to, with the answers that it carries over."""
        scene = self.scene
        for pathway, named, condition, carry, named_in in self.guide.effects[kind].leads:
            if condition is not None and not condition(data, moment.toordinal(), self.around):
                continue
            opening = named or scene.guide.openings[pathway]
            target = scene.guide.known[pathway]
            opened: list[CaseStory] = []
            whom = list(self.children)
            for child, case in zip(self.children, self.cases, strict=True):
                event = case.events[-1]
                answers, _ = clean_answers(
                    target.events[opening], self._carried(event, carry), complete=False
                )
                first = Happened(
                    scene.chance.uuid(), opening, event.day, event.moment, event.recorded, answers, event.organisation,
                    event.by, event.group,
                )  # fmt: skip
                about = str(event.data.get(named_in, "")) if named_in else case.about
                if named_in:
                    whom = [an_organisation(scene.chance.uuid(), about, case.area, moment)]
                restricted = target.sensitivity == "restricted" or (child.restricted and not about)
                opened.append(CaseStory(
                    scene.chance.uuid(), pathway, whom[-1].id if named_in else case.subject, case.area,
                    scene.lead_of(target.lead, case, event), case.group, restricted, [first], event.id, case.id, [], [],
                    about=about,
                ))  # fmt: skip
            self.openings.append(Opening(pathway, opening, moment, opened, whom))

    def _carried(self, event: Happened, carry: Mapping[str, str]) -> dict[str, Any]:
        known = {
            "occurred": event.day.isoformat(), "opened": self.done[0].day.isoformat(),
            "actions_from": self.guide.pathway.actions_from,
        }  # fmt: skip
        found = {theirs: event.data.get(ours, known.get(ours)) for theirs, ours in carry.items()}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def plan_at(
        self, kind: str, moment: datetime, rule: Rule | None = None, copies: dict[str, Any] | None = None
    ) -> None:
        """Plan an event, also one that comes from outside the case, such as a birth."""
        plan = Planned(kind, rule or Rule(kind), copies or {}, len(self.done))
        heappush(self._queue, (moment, next(self._order), plan))

    # Planning ---------------------------------------------------------------------------------------------------

    def plan(self, rule: Rule, moment: datetime, data: Mapping[str, Any]) -> None:
        """Plan what a rule says follows an event at `moment`."""
        chance = self.scene.chance
        if any(not _matches(data.get(name), wanted) for name, wanted in rule.when.items()):
            return
        day = moment.date()
        if not rule.unborn and self.has_unborn:
            return
        if rule.ages is not None:
            born = self.children[0].born
            if born is None or not rule.ages[0] <= age_on(born, day) < rule.ages[1]:
                return
        if rule.repeated is not None and not self._so_often(rule.repeated, day):
            return
        if rule.then in self.script.days or rule.then in self.script.instead:
            pass
        elif rule.chance < 1.0 and not chance.hit(
            f"{self.guide.id}/{self.done[-1].kind}>{rule.then}", rule.chance
        ):
            return
        for _ in range(
            int(chance.pick(f"{self.guide.id}/times/{rule.then}", rule.times)) if rule.times else 1
        ):
            kind = rule.then
            if rule.instead:
                shares = {kind: 1 - sum(rule.instead.values()), **rule.instead}
                kind = chance.pick(f"{self.guide.id}/instead/{kind}", shares, len(self.children))
            kind = self.script.instead.get(kind, kind)
            if kind in self.script.never:
                continue
            if kind in self.script.days:
                when: datetime | None = self.timing.working(moment + timedelta(days=self.script.days[kind]))
            else:
                when = self.timing.when(rule, moment)
            if when is None:
                continue
            copies = {name: data[name] for name in rule.copies if name in data}
            for other, earlier in self.timing.before:
                self.plan_at(other, earlier, None, copies)
            self.timing.before.clear()
            for one in self._each(rule, day):
                self.plan_at(kind, when, rule, {**copies, **one})

    def _so_often(self, repeated: tuple[int, int], day: date) -> bool:
        times, days = repeated
        kind = self.done[-1].kind
        return sum(1 for one in self.done if one.kind == kind and (day - one.day).days <= days) >= times

    def _each(self, rule: Rule, day: date) -> list[dict[str, Any]]:
        if rule.each != "child":
            return [{}]
        there = [one for one in self.household.children if one.born is not None and one.born <= day]
        return [{"child": one.name} for one in there if not one.restricted]

    # Recording --------------------------------------------------------------------------------------------------

    def _recorded(self, kind: str, moment: datetime, bare: bool) -> datetime:
        """When it was written down: at once for decisions, the same day for most things, days later for some."""
        chance, recording = self.scene.chance, self.scene.guide.figures.journeys["recording"]
        least = self.cases[0].events[0].recorded
        if self.guide.effects[kind].weighty or self.guide.urgent or self.until != self.scene.horizon:
            when = moment + timedelta(minutes=chance.whole(1, 9 if self.guide.urgent else 40))
        elif chance.random.random() < recording["same_day"]:
            hours = timedelta(minutes=chance.whole(10, 240))
            when = min(moment + hours, moment.replace(hour=23, minute=50))
            if bare:
                when = moment.replace(hour=16, minute=chance.whole(0, 59))
        else:
            days = 1 + chance.random.expovariate(1 / max(0.2, recording["late_days"] - 1))
            when = self.timing.working(moment + timedelta(days=days))
        found = max(min(when, self.until - timedelta(seconds=30)), least, moment)
        if self._weighty is not None:
            found = max(found, self._weighty)
        if self.guide.effects[kind].weighty:
            self._weighty = found
        return found

    def _perhaps_corrected(self, case: CaseStory, event: Happened) -> None:
        """A few events are put right days later: the wrong child's words, or the time of recording for the time it happened."""
        chance, recording = self.scene.chance, self.scene.guide.figures.journeys["recording"]
        if not chance.hit("corrected", recording["amended"]) or event.moment is None:
            return
        recorded = self.timing.working(event.recorded + timedelta(days=chance.whole(1, 9)))
        if recorded >= self.until:
            return
        asks = self.guide.pathway.events[event.kind].asks
        data = {name: value for name, value in event.data.items() if not asks[name].voice}
        moment, reason = event.moment, words("amendment_reasons")[1]
        if len(data) == len(event.data) or len(self.household.children) < 2:
            data, reason = dict(event.data), words("amendment_reasons")[-1]
            before = self.done[-1].at if self.done[-1].day == event.day else moment.replace(hour=8, minute=0)
            moment = before + (moment - before) * 0.75
        case.events.append(Happened(
            chance.uuid(), event.kind, event.day, moment, recorded, data, event.organisation, event.by, None, event.id, False,
            reason,
        ))  # fmt: skip

    def _who(self, kind: str, plan: Planned | None, answers: dict[str, Any]) -> tuple[str, str]:
        """(organisation, user name) of who records an event; the case's worker is filled in later."""
        scene = self.scene
        wanted = (
            (plan.rule.who if plan else "")
            or self.guide.who.get(kind, "")
            or self.guide.who.get("default", "")
        )
        if wanted == "about":
            about = self.cases[0].about
            return about, scene.staff.someone(about, scene.chance)
        if wanted == "agency":
            answers.setdefault("agency", self.agency_for(kind))
            return answers["agency"], scene.staff.someone(answers["agency"], scene.chance)
        if wanted == "family_lead":
            if not self.lead_practitioner:
                self.lead_practitioner = scene.early_help_lead(self.household, self.children[0])
            return self.lead_practitioner, scene.staff.someone(
                self.lead_practitioner, scene.chance, self.household.number
            )
        return scene.who_records(self, kind, wanted)


def _matches(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted
