"""What waits at the front door as the demo begins, laid out from the minute it is built: every column, some in good time,
some due within the hour, some late. Which and how old is in journeys.yaml. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from .guide import Rule
from .plain import Household, Person
from .scene import COMMUNITY_HEALTH, POLICE
from .story import Story
from .walk import Planned, Walk


class Waiting(msgspec.Struct, array_like=True, gc=False):
    """One contact as it stands."""

    column: str
    arrived: int
    """Minutes ago."""
    priority: str = "amber"
    """Or for one that is decided, its outcome."""
    asked: int = 0
    agencies: int = 0
    answered: int = 0


def how_many(story: Story, share: float) -> int:
    """Contacts waiting in the whole county as the demo has it: the backlog in days of arrivals, but enough to fill a board."""
    flow, door = story.flow, story.guide.figures.journeys["front_door"]
    backlog: float = flow["backlog_days"] * flow["contacts_a_year"] * share / 365
    return max(int(door["least"]), round(backlog))


def fill(story: Story, first: int, count: int, school: str = "") -> None:
    """Put contacts number `first` to `first + count` of the county's at the front door, about families of this part.

    `school`: the one whose safeguarding lead a visitor can play, so that it is asked about a pupil.
    """
    presets = msgspec.convert(story.guide.figures.journeys["front_door"]["waiting"], list[Waiting])
    done = told = 0
    families = _families(story)
    while done < count and families:
        one = presets[(first + told) % len(presets)]
        at = _pupil_of(families, school) if school and one.agencies > one.answered else len(families) - 1
        household = families.pop(at)
        if at != len(families):
            school = ""
        done += _arrive(story, household, one)
        told += 1


def _pupil_of(families: list[Household], school: str) -> int:
    """The place of the next family whose eldest goes to the school; of the next family where there is none."""
    found = (
        place for place in range(len(families) - 1, -1, -1) if families[place].children[0].school == school
    )
    return next(found, len(families) - 1)


def _families(story: Story) -> list[Household]:
    """Families in an order to draw from: mostly with nothing open, one in five with a plan or help under way."""
    chance, now = story.chance, story.scene.now
    free: list[Household] = []
    busy: list[Household] = []
    for household in story.households:
        if household.number in story.shown or any(child.born is None for child in household.children):
            continue
        kind = story.busy[household.number].kind(now)
        (free if kind in ("free", "lately") else busy).append(household)
    chance.random.shuffle(free)
    chance.random.shuffle(busy)
    found: list[Household] = []
    while free or busy:
        pool = busy if busy and (not free or chance.random.random() < 0.2) else free
        found.append(pool.pop())
    return found[::-1]


def _arrive(story: Story, household: Household, one: Waiting) -> int:
    chance, scene = story.chance, story.scene
    arrived = scene.now - timedelta(
        minutes=one.arrived * chance.between(0.97, 1.03), seconds=chance.whole(0, 40)
    )
    children = _whom(story, household, arrived)
    if not children:
        return 0
    open_work = story.busy[household.number].kind(arrived) == "care"
    outcome = one.priority if one.column == "decided" else "already_open" if open_work else "referral"
    if open_work and one.column == "decided":
        outcome = "already_open"
    given: dict[str, Any] = story.contacts.judged(outcome, len(children))
    given["known_before"] = story.busy[household.number].known_before(arrived)
    cases = story.contacts.arrive(household, children, arrived)
    story.cases += cases
    story.told.update(child.id for child in children)
    walk = Walk(scene, story.guide.pathways["contact"], household, children, cases, given, until=scene.now)
    walk.begin("contact_received", arrived)
    if one.column != "decided":
        given["priority"] = walk.given["priority"] = one.priority
    _forward(walk, one, arrived, scene.now)
    for case in cases:
        case.ended = not walk.is_open
    for opening in walk.openings:
        story.cases += opening.cases
        story.busy[household.number].spans.append((opening.pathway, opening.moment, None))
    story.busy[household.number].spans.append(("contact", arrived, walk.closed_at))
    return len(children)


def _whom(story: Story, household: Household, moment: datetime) -> list[Person]:
    children = [child for child in household.children if child.born and child.born <= moment.date()]
    return children[: 2 if story.chance.random.random() < 0.4 else 1]


def _forward(walk: Walk, one: Waiting, arrived: datetime, now: datetime) -> None:
    """Take a contact as far as it has come by now."""
    chance = walk.scene.chance

    def ago(minutes: float) -> datetime:
        return max(now - timedelta(minutes=max(2.0, minutes)), arrived + timedelta(minutes=3))

    if one.column == "new":
        return
    if one.column == "decided":
        _plainly(walk, "screened", ago(one.arrived * 0.9), next_step="decide_now")
        _plainly(walk, "decided", ago(one.arrived * chance.between(0.15, 0.4)))
        _plainly(walk, "referrer_told", ago(one.arrived * 0.1))
        return
    step = (
        "more_from_referrer"
        if one.column == "screening"
        else "ask_agencies"
        if one.agencies
        else "decide_now"
    )
    _plainly(
        walk, "screened", ago(max(one.asked + 8, one.arrived * chance.between(0.7, 0.92))), next_step=step
    )
    asked: list[str] = []
    # the school, police and community health are asked first and are the last to answer: they are parts a visitor can play
    first = [one for one in (walk.children[0].school, POLICE, COMMUNITY_HEALTH) if one]
    for place in range(one.agencies):
        agency = next((each for each in first if each not in asked), "") or walk.agency_for("agency_asked")
        while agency in asked:
            agency = walk.agency_for("agency_asked")
        asked.append(agency)
        _plainly(walk, "agency_asked", ago(one.asked - place * 1.5), agency=agency)
    for place, agency in enumerate(asked[::-1][: one.answered], 1):
        left = one.asked * (1 - place / (len(asked) + 1))
        plan = Planned("agency_answered", Rule("agency_answered", who="agency"), {"agency": agency})
        walk.happen("agency_answered", ago(min(left, one.asked - 25 * place)), plan, {"holds": _holds(walk)})
    if one.column == "ready" and walk.state != "ready_to_decide":
        _plainly(walk, "ready_to_decide", ago(min(45.0, one.asked / 3 if one.asked else 30.0)))


def _plainly(walk: Walk, kind: str, moment: datetime, **given: Any) -> None:
    walk.happen(kind, moment, None, given)


def _holds(walk: Walk) -> str:
    return walk.scene.chance.pick(
        "live/holds", {"relevant_information": 0.42, "known_no_concern": 0.34, "nothing_held": 0.24}
    )
