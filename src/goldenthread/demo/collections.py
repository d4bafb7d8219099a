"""What the demo's agencies sent in over the last eight quarters: most in time, some late, one missing, one returned, one that can
be begun. Made-up numbers of about the size that the annual reports print. Written by the actions of `intelligence.collections`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.test.utils import override_settings

from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.collection import NOT_KNOWN, Collection, Groups
from goldenthread.intelligence.collections.actions import Approve, Lock, Return, SaveValues, Send, StartAsking
from goldenthread.intelligence.collections.models import Submission
from goldenthread.intelligence.collections.periods import collection_of, districts_of
from goldenthread.intelligence.collections.queries import before
from goldenthread.intelligence.collections.values import Given, problems
from goldenthread.intelligence.indicators.periods import Period, previous

from .chance import Chance

QUARTERS = 8
ASKED = ("police_children", "fire_safety", "district_housing")
#: Cell -> about how many a quarter: for the county as the reports print it, or for one district council.
USUAL: dict[str, dict[str, float]] = {
    "police_children": {"notifications": 3100, "incidents": 8200, "children_harmed": 900, "children_held": 9,
                        "children_held_no_bed": 5},
    "fire_safety": {"dwelling_fires": 220, "no_alarm": 34, "deaths": 1.2, "visits": 4900, "concerns": 130},
    "district_housing": {"families": 34, "temporary": 22, "bed_and_breakfast": 3, "young_people": 6, "young_people_joint": 4,
                         "concerns": 18},
}  # fmt: skip
NEVER, BACK = "rossendale_council", "burnley_council"
"""The council whose last form is missing, and the one whose last form was returned."""
BLANK, WHY_BLANK = "fylde_council", "Licensing does not count them yet."
WHY = "About as many as the year before in these months; the quarter before was low."
WHY_BACK = "More families are in bed and breakfast for over six weeks than the housing team told the panel of. Please look again."


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_collections(actor: SystemActor, seed: int, now: datetime) -> int:
    """Ask for three collections, two years back, and fill them in as agencies would. Returns how many forms there are."""
    today = now.astimezone(LONDON).date()
    since = _quarters_back(today)
    made = 0
    for name in ASKED:
        if name in current_library().collections:
            made += StartAsking(actor).run(name, since, now=now)
    chance = Chance(f"{seed}/collections")
    rows = Submission.objects.select_related("organisation").order_by("collection", "organisation__slug", "first_day")
    for one in rows:
        found = collection_of(one.collection)
        if found is not None:
            _fill(chance, one, found, districts_of(one.organisation), now, today)
    return made


def _quarters_back(today: date) -> date:
    """The first day of the eighth whole quarter before this one."""
    month = (today.month - 1) // 3 * 3 + 1
    here = Period.quarter(today.year - (month < 4), (month - 4) % 12 // 3 + 1)
    for _ in range(QUARTERS):
        here = previous(here)
    return here.start


def _fill(
    chance: Chance, one: Submission, collection: Collection, districts: Groups, now: datetime, today: date
) -> None:
    agency = SystemActor(one.organisation.title[:200])
    values = _values(chance, one, collection, districts)
    last = one.last_day < today and (today - one.last_day).days <= 92
    if one.last_day >= today:  # the quarter that goes on: begun by those who count as they go
        if one.organisation.slug != NEVER and one.collection != "district_housing":
            few = dict(list(values.items())[: max(1, len(values) // 3)])
            SaveValues(agency).run(one, few, at=now)
        return
    if last and one.organisation.slug == NEVER:
        return
    late = chance.hit("late", 0.12)
    came = _working(one.due_on + timedelta(days=chance.random.randint(3, 20) if late else -chance.random.randint(0, 9)))
    if came <= one.last_day:
        came = _working(one.last_day + timedelta(days=1))
    if came >= today:  # due these days: entered, and not sent yet
        SaveValues(agency).run(one, values, at=now)
        return
    SaveValues(agency).run(one, values, at=_at(came, 10))
    sent = Send(agency).run(one, at=_at(came, 15))
    analyst = SystemActor("Partnership analyst")
    looked = _working(came + timedelta(days=6))
    if looked >= today:
        return
    if last and one.organisation.slug == BACK:
        Return(analyst).run(sent, WHY_BACK, at=_at(looked, 11))
        return
    if last and chance.hit("waits", 0.3):
        return
    approved = Approve(analyst).run(sent, at=_at(looked, 11))
    if (today - one.last_day).days > 200:
        Lock(analyst).run(approved, at=_at(_working(looked + timedelta(days=30)), 16))


def _values(
    chance: Chance, one: Submission, collection: Collection, districts: Groups
) -> dict[str, tuple[str, str]]:
    """Numbers of which every rule holds, with words where one differs much from those before it."""
    usual = USUAL[collection.id]
    small = 1.0 if collection.id != "district_housing" else 0.6 + (sum(map(ord, one.organisation.slug)) % 9) / 10
    season = 1.06 if one.first_day.month in (7, 10) else 0.96
    numbers: dict[str, int] = {}
    for name, number in usual.items():
        about = number * small * season * chance.random.uniform(0.9, 1.1)
        numbers[name] = max(0, round(about + chance.random.uniform(-0.5, 0.5)))
    for rule in collection.rules:
        if rule.cell is not None and rule.not_more_than is not None:
            numbers[rule.cell] = min(numbers[rule.cell], numbers[rule.not_more_than])
    found: dict[str, tuple[str, str]] = {}
    for name, cell in collection.typed.items():
        found[name] = (str(numbers[name]), "")
        for breakdown in cell.by:
            groups = [group for group, _ in collection.groups_of(breakdown, districts)]
            for group, number in _parted(chance, numbers[name], groups).items():
                found[f"{name}.{breakdown}.{group}"] = (str(number), "")
    if one.organisation.slug == BLANK and "concerns" in found:
        found["concerns"] = ("", WHY_BLANK)
    given = {box: Given(Decimal(text) if text else None, comment) for box, (text, comment) in found.items()}
    for problem in problems(collection, districts, given, before(one)):
        if problem.explain:  # the words beside a whole speak for its parts
            whole = problem.box.partition(".")[0]
            found[whole] = (found[whole][0], WHY)
    return found


def _parted(chance: Chance, whole: int, groups: list[str]) -> dict[str, int]:
    """A whole number in parts, few of whom nobody knows."""
    usual = [0.1 if group == NOT_KNOWN else 0.6 + sum(map(ord, group)) % 10 / 10 for group in groups]
    weights = [one * chance.random.uniform(0.92, 1.08) for one in usual]
    total = sum(weights)
    parts = {group: int(whole * weight / total) for group, weight in zip(groups, weights, strict=True)}
    for index in range(whole - sum(parts.values()) if groups else 0):  # what rounding left over
        parts[groups[index % len(groups)]] += 1
    return parts


def _working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), LONDON)
