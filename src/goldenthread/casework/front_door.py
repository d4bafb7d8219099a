"""What a card of the front door says, in as few words as a screener needs: who it is about without a name, how long is
left, what must not be missed. Pure words over `queries.board`.

This is a screen of its own, so it knows the answers an agency can give; the rest comes from guidance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.library import current_library
from goldenthread.guidance.sentences import lower_first
from goldenthread.people.models import Person

from .queries.board import Asked, Card, Known

URGENCY: Mapping[int, tuple[str, str]] = {
    1: ("Most urgent", "high"), 2: ("Urgent", "medium"), 3: ("Standard", ""), 4: ("Lower", ""), 5: ("Lower", ""),
}  # fmt: skip
"""Priority of a case -> the word for it and the colour of its bar."""
NOTHING_HELD, STILL_LOOKING = "nothing_held", "more_time_needed"
NUMBERS = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", 6: "Sixth", 7: "Seventh", 8: "Eighth"}


@dataclass(frozen=True, slots=True)
class Pill:
    """One agency asked, as the board shows it."""

    agency: str
    state: str
    """here, nothing, late or waiting."""


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One card in words."""

    card: Card
    title: str
    urgency: str
    bar: str
    left: str
    pressing: bool
    about: str
    marks: list[str]
    pills: list[Pill]
    summary: str


def board_card(card: Card, now: datetime) -> BoardCard:
    """The words of one card."""
    urgency, bar = URGENCY.get(card.priority, ("Standard", ""))
    left = card.left(now)
    pills = pills_of(card.asked)
    about = ". ".join(part for part in (card.source, ", ".join(card.flags[:3]), _graded(card)) if part)
    return BoardCard(
        card, title_of(card.people), urgency, bar,
        time_left(card.due_at, now),
        bool(left is not None and left.total_seconds() < 3600),
        f"{about}." if about else "", marks_of(card), pills, summary_of(card, pills),
    )  # fmt: skip


def _graded(card: Card) -> str:
    return f"Graded {lower_first(card.grade)}" if card.grade else ""


def time_left(due: datetime | None, now: datetime) -> str:
    """41 min left; 2 h 10 min left; 18 min late; no clock."""
    if due is None:
        return "no clock"
    minutes = int((due - now).total_seconds() // 60)
    word = "late" if minutes < 0 else "left"
    minutes = abs(minutes)
    if minutes < 60:
        return f"{minutes} min {word}"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min {word}" if rest and hours < 10 else f"{hours} h {word}"
    return f"{hours // 24} day{'s' if hours // 24 != 1 else ''} {word}"


def title_of(people: Sequence[Known]) -> str:
    """Who it is about, without a name: "Boy, 12", "Sisters, 5 and 8", "Unborn, due February"."""
    if len(people) == 1:
        one = people[0]
        return f"{kind_of(one.person)}, {age_of(one)}" if age_of(one) else kind_of(one.person)
    kinds = {one.person.sex for one in people}
    word = {frozenset({"female"}): "Sisters", frozenset({"male"}): "Brothers"}.get(frozenset(kinds), "Children")
    if len(people) == 2 and kinds == {"female", "male"}:
        word = "Brother and sister"
    youngest_first = sorted(people, key=lambda one: one.person.born or date.max, reverse=True)
    ages = [age_of(one) for one in youngest_first if age_of(one)]
    return f"{word}, {listed(ages)}" if ages else word


def kind_of(person: Person) -> str:
    """Boy, Girl, Child; Baby under one; Unborn."""
    if person.unborn:
        return "Unborn"
    return {"male": "Boy", "female": "Girl"}.get(person.sex, "Child")


def age_of(one: Known) -> str:
    if one.person.unborn:
        return f"due {one.person.expected:%B}" if one.person.expected else ""
    if one.age is None:
        return ""
    return str(one.age) if one.age else "under 1"


def listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def marks_of(card: Card) -> list[str]:
    """What a screener must not miss: repeats, and what is open for the child or for brothers and sisters."""
    marks = []
    if card.repeats_month:
        marks.append(f"{NUMBERS.get(card.repeats_month + 1, f'{card.repeats_month + 1}th')} contact in 30 days")
    elif card.repeats_year > 1:
        marks.append(f"{card.repeats_year + 1} contacts in a year")
    own = list(dict.fromkeys(lower_first(plan.pathway.title) for plan in card.plans if not plan.sibling))
    theirs = list(dict.fromkeys(lower_first(plan.pathway.title) for plan in card.plans if plan.sibling))
    if own:
        marks.append(f"Open: {listed(own[:3])}")
    if theirs:
        marks.append(f"Open for a brother or sister: {listed(theirs[:3])}")
    if card.case.restricted or any(one.person.restricted for one in card.people):
        marks.append("Restricted")
    return marks


def state_of(one: Asked) -> str:
    """What became of asking an agency: here, nothing (held), late or waiting."""
    holds = str(one.answers.get("holds", ""))
    if one.answered and holds == NOTHING_HELD:
        return "nothing"
    if one.answered and holds != STILL_LOOKING:
        return "here"
    return "late" if one.late else "waiting"


def pills_of(asked: Sequence[Asked]) -> list[Pill]:
    """Each agency asked, by its lane where that is enough to tell it apart."""
    names = short_names([one.organisation for one in asked])
    return [Pill(names[one.organisation.pk], state_of(one)) for one in asked]


def short_names(organisations: Sequence[Organisation]) -> dict[int, str]:
    """Organisations by their lane (Police, School); where two share one, by their own titles."""
    roles = current_library().roles.roles
    lanes = {one.pk: roles[one.kind].lane if one.kind in roles else one.title for one in organisations}
    shared = {lane for lane in lanes.values() if list(lanes.values()).count(lane) > 1}
    kinds = {one.pk: roles[one.kind].title if one.kind in roles else one.title for one in organisations}
    return {
        one.pk: lanes[one.pk] if lanes[one.pk] not in shared
        else kinds[one.pk] if list(kinds.values()).count(kinds[one.pk]) == 1 else one.title
        for one in organisations
    }  # fmt: skip


def summary_of(card: Card, pills: Sequence[Pill]) -> str:
    """How far the answers have come, and whether agencies see it differently."""
    if not pills:
        return ""
    came = sum(pill.state in ("here", "nothing") for pill in pills)
    views = views_of(card.asked)
    words = f"{came} of {len(pills)} answered"
    if len(views) > 1:
        said = "; ".join(f"level {level} {listed(who)}" for level, who in views.items())
        words += f". Seen differently: {said}"
    return words


def views_of(asked: Sequence[Asked]) -> dict[str, list[str]]:
    """The levels of need that agencies see -> the agencies, the highest first."""
    names = short_names([one.organisation for one in asked])
    views: dict[str, list[str]] = {}
    for one in asked:
        level = str(one.answers.get("view_of_level", ""))
        if level.isdecimal():
            views.setdefault(level, []).append(names[one.organisation.pk])
    return dict(sorted(views.items(), reverse=True))
