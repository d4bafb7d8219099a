"""Answers to the questions that events ask: codes by their shares, words from words.yaml, the child's own words by age. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from goldenthread.clocks.interval import age_on

from .figures import table
from .households import provider_called
from .plain import Person

if TYPE_CHECKING:
    from .scene import Scene
    from .walk import Walk

PARTNERS = ("lcc_csc", "lancashire_constabulary", "lcft", "lcc_education", "lcc_early_help", "elht")
"""Agencies that an audit or a recommendation goes to."""
_PER_CHILD = ("voice", "participation", "ages", "unborn", "normal")


def words(path: str) -> Any:
    """A list of words.yaml or service_words.yaml by its path, such as `decision_reasons.referral`."""
    first = path.partition(".")[0]
    found = table("words" if first in table("words") else "service_words")
    for name in path.split("."):
        found = found[name]
    return found


Said = dict[Any, set[str]]
"""What each child has said so far."""


def said_by(scene: Scene, child: Person, day: date, topic: str = "") -> str:
    """What a child of that age says, in their own words, never twice the same; for the very young, what was seen.

    Empty when they have said it all.
    """
    chance, pool = scene.chance, table("words")["child_said"]
    if child.role == "organisation":
        return ""
    if child.born is None or child.born > day:
        return str(words("unborn_and_pre_verbal")[-1])
    age = age_on(child.born, day)
    if age < 2:
        return str(chance.one(words("unborn_and_pre_verbal")[:-1]))
    if age >= 18:
        return str(chance.one(words("adult_said")[topic if topic in words("adult_said") else "any"]))
    band = pool["under_7" if age < 7 else "7_to_11" if age < 12 else "12_to_17"]
    topic = topic or chance.pick("topic", scene.guide.figures.journeys["voice"]["topics"])
    heard = scene.heard.setdefault(child.id, set())
    for one in (topic, *band):
        left = [words for words in band[one] if words not in heard]
        if left:
            found = str(chance.one(left))
            heard.add(found)
            return found
    return ""


class Answering:
    """Answers the questions of one walk's events."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.chance = walk.scene.chance
        self.voice: Mapping[str, Any] = walk.scene.guide.figures.journeys["voice"]

    def answers(
        self, kind: str, day: date, child: Person, *, given: Mapping[str, Any], shared: Mapping[str, Any] | None,
        organisation: str, recorder: str,
    ) -> dict[str, Any]:  # fmt: skip
        """All answers for one child; `shared` are those of the first child, from which what is common is taken."""
        self._day, self._child, self._organisation, self._recorder = day, child, organisation, recorder
        self._kind = kind
        found: dict[str, Any] = {}
        for name, spec in self.walk.guide.answers[kind].items():
            if name in given:
                value = given[name]
            elif shared is not None and not any(mark in spec for mark in _PER_CHILD):
                value = shared.get(name)
            else:
                value = self._answer(name, spec, found)
            if value not in (None, "", []):
                found[name] = value
        asks = self.walk.guide.pathway.events[kind].asks
        for name, value in given.items():
            if name in asks and name not in found and value not in (None, "", []):
                found[name] = value
        return found

    def _answer(self, name: str, spec: Mapping[str, Any], so_far: Mapping[str, Any]) -> Any:
        chance = self.chance
        if "by" in spec:
            spec = spec.get(str(so_far.get(spec["by"])), spec.get("else", {}))
            if not spec:
                return None
        if "ages" in spec and not self._aged(spec["ages"]):
            return None
        if "given" in spec:
            value = self.walk.given.get(spec["given"])
            if value is not None or "choose" not in spec:
                return value
        asked = spec.get("chance", self.voice["answered"] if "voice" in spec else 1.0)
        if asked < 1.0 and chance.random.random() >= asked:
            return None
        if "length" in spec:
            return spec["ends"] if self.walk.at_end(self._day) else self._answer(name, spec["length"], so_far)
        if "eighteen" in spec and self.walk.eighteen:
            return spec["eighteen"]
        return self._value(f"{self.walk.guide.id}/{self._kind}/{name}", spec, so_far)

    def _value(self, account: str, spec: Mapping[str, Any], so_far: Mapping[str, Any]) -> Any:
        chance, walk = self.chance, self.walk
        if "choose" in spec:
            if "alone" in spec and not walk.household.children:
                return spec["alone"]
            shares = spec["choose"]
            allowed = walk.allowed(shares)
            found = chance.pick(account, shares, len(walk.children), allowed)
            return [found] if spec.get("many") else found
        if "some" in spec:
            some = [one for one, share in spec["some"].items() if chance.random.random() < share]
            return some or ([spec["least"]] if "least" in spec else [])
        if "share" in spec:
            return chance.hit(account, spec["share"])
        if "text" in spec:
            alone = "alone" in spec and not walk.household.children
            return chance.one(words(spec["alone" if alone else "text"].format(**so_far)))
        if "say" in spec:
            return spec["say"]
        if "voice" in spec:
            topic = spec["voice"] if isinstance(spec["voice"], str) else ""
            return said_by(walk.scene, self._child, self._day, topic)
        if "number" in spec:
            return chance.whole(*(int(one) for one in spec["number"]))
        if "normal" in spec:
            low, high = spec["within"]
            return int(max(low, min(high, round(chance.random.gauss(*spec["normal"])))))
        return self._named(spec, so_far)

    def _named(self, spec: Mapping[str, Any], so_far: Mapping[str, Any]) -> Any:
        """Answers that name someone, some agency or some day of this very case."""
        walk, scene = self.walk, self.walk.scene
        if "agency" in spec:
            return walk.agency_for(self._kind)
        if "own" in spec:
            return self._organisation
        if "reply" in spec:
            return self._reply(spec["reply"], so_far)
        if "adult" in spec:
            return f"{scene.adult(walk.household, self.chance).name}"
        if "manager" in spec:
            return scene.staff.manager_name(scene.titles[walk.area])
        if "recorder" in spec:
            return scene.staff.name_of(self._recorder) or None
        if "worker" in spec:
            return WORKER
        if "next_worker" in spec:
            return NEXT_WORKER
        if "team" in spec:
            return TEAM
        if "planned" in spec:
            when = walk.planned(spec["planned"])
            return (when or self._day + timedelta(days=10)).isoformat()
        if "ago" in spec:
            return (self._day - timedelta(days=self.chance.whole(*spec["ago"]))).isoformat()
        if "reference" in spec:
            return str(spec["reference"]).format(year=self._day.year, number=self.chance.whole(100_000, 999_999))
        if "part" in spec:
            return self._part_of_it()
        if "about" in spec:
            return self._of_organisation(spec["about"], walk.cases[0].about)
        if "partner" in spec:
            taken = walk._asked.setdefault("partner", set())
            left = [one for one in PARTNERS if one not in taken] or list(PARTNERS)
            taken.add(found := self.chance.one(left))
            return found
        if "quarter" in spec:
            return f"{self._day.year} quarter {(self._day.month - 1) // 3 + 1}"
        if "financial_year" in spec or "year_just_ended" in spec:
            within = self._day - timedelta(days=60 if "year_just_ended" in spec else 0)
            first = within.year - (within.month < 4)
            return f"{first}-{(first + 1) % 100:02}"
        if "earlier" in spec:
            said = (one.data.get(spec["earlier"]) for one in reversed(walk.done))
            before = next((one for one in said if one), None)
            if before:
                return before
        if "place" in spec:
            return scene.place(spec["place"], walk.household, self._child) or None
        if "count" in spec:
            return 1 + sum(1 for one in walk.done if one.kind == spec["count"])
        if "again" in spec:
            kind, days = spec["again"]
            return any(one.kind == kind and (self._day - one.day).days <= days for one in walk.done)
        if "staff" in spec:
            return scene.staff.name_of(scene.staff.serving(spec["staff"], self.chance))
        if "case_worker" in spec:
            return scene.staff.name_of(walk.worker) or WORKER
        if "of_child" in spec:
            return self._of_child(spec["of_child"], str(so_far.get("child", "")))
        if "children" in spec:
            return sum(1 for one in walk.household.children if one.born is not None and one.born <= self._day)
        if "ahead" in spec:
            return (self._day + timedelta(days=self.chance.whole(*spec["ahead"]))).isoformat()
        if "today" in spec:
            return self._day.isoformat()
        if "unborn" in spec:
            return bool(self._child.born is None or self._child.born > self._day) or None
        if "participation" in spec:
            return self._participation()
        return None

    def _part_of_it(self) -> str:
        """An agency that is part of the case already: whoever leads it, or has recorded something before this day."""
        case = self.walk.cases[0]
        found = {case.lead, *(one.organisation for one in case.events if one.recorded.date() < self._day)}
        return str(self.chance.one(sorted(found)))

    def _of_organisation(self, what: str, organisation: str) -> Any:
        """Something of the organisation that the case is about."""
        if what == "organisation":
            return organisation
        kind = provider_called(organisation)["kind"]
        if what == "kind":
            return kind
        if what == "regulator":
            return "ofsted" if kind == "childrens_home" else "cqc"
        return {"childrens_home": 4, "home_care": 0}.get(kind, 18 + sum(map(ord, organisation)) % 40) or None

    def _of_child(self, what: str, name: str) -> Any:
        """Something of a child of the household who is named in the same event."""
        child = next((one for one in self.walk.household.children if one.name == name), None)
        if child is None or child.born is None:
            return None
        if what == "age":
            return age_on(child.born, self._day)
        if what == "school":
            return child.school or None
        return said_by(self.walk.scene, child, self._day, "home")

    def _reply(self, holds: Any, so_far: Mapping[str, Any]) -> str | None:
        answer = str(so_far.get("holds", "")) if holds is True else str(holds)
        organisation = self._organisation
        kind = self.walk.scene.staff.kind_of(organisation)
        replies = table("words")["agency_replies"]
        own = table("words")["agency_reply_kinds"].get(kind, [kind]) if self.walk.household.children else []
        pools: Sequence[Sequence[str]] = [
            replies[one][answer] for one in own if one in replies and answer in replies[one]
        ]
        if pools:
            return str(self.chance.one(self.chance.one(pools)))
        return str(self.chance.one(replies["any"][answer])) if answer in replies["any"] else None

    def _participation(self) -> str:
        child = self._child
        if child.born is not None and age_on(child.born, self._day) < 4:
            return "PN0"
        took_part = self.walk.scene.guide.figures["rates.looked_after_review_participation"]
        if not self.chance.hit("participation", took_part):
            return "PN7"
        return self.chance.pick(
            "participated", {"PN1": 0.46, "PN2": 0.05, "PN3": 0.04, "PN4": 0.03, "PN5": 0.08, "PN6": 0.34}
        )

    def _aged(self, ages: Sequence[int]) -> bool:
        born = self._child.born
        return born is not None and born <= self._day and ages[0] <= age_on(born, self._day) < ages[1]


WORKER, NEXT_WORKER, TEAM = "\x01worker", "\x01next", "\x01team"
"""Stand for the case's worker and team until they are known (see `caseloads`)."""
