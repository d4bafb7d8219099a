"""The page of a child: who they are, what is due, their golden thread, their own words, the people around them.

Thin: `child_record` reads what policies allow, `thread` draws, the journal keeps who looked and the day asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy
from goldenthread.people.dates import KnownDate
from goldenthread.people.identifiers import SCHEMES
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import identifiers_for_show, warnings_of

from ..around import draw_narrow, draw_wide, words_for
from ..child_page import CARDS, age_in_words, cards, case_rows, parts, people, tags
from ..child_record import ChildRecord, child_record, days_known
from ..child_story import PERIODS, event_address, story_of
from ..forms.when import PARTS, NotADay, read_day, typed_day
from ..openings import fit_for
from ..thread.layout import NARROW, WIDE, lay_out
from ..thread.svg import draw
from ..thread.words import description_of, silences_in_words, table_of, title_of
from ..words import day_words
from .common import actor_of, first_name

TOLD_PAGE = 12
SAID_SHOWN = 3


@policy(Capability.VIEW_CASES)
def child(request: HttpRequest, person: UUID) -> HttpResponse:
    """The child now, or with `known_on` as they were known at the end of a day."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)
    typed, known_on, wrong = known_day(request)
    record = child_record(actor, who, known_on)
    all_days = days_known(actor, who) if known_on else record.days
    if known_on and known_on < _first_known(who, all_days):
        wrong = f"Nothing was known of {first_name(who)} on {day_words(known_on)}. Choose a later date"
        known_on, record = None, child_record(actor, who)
    detail = {"known_on": known_on.isoformat()} if known_on else {}
    journal.read(actor, "child.view", "person", str(who.pk), **detail)
    period = request.GET.get("period", "")
    context: dict[str, Any] = {
        **_who(who, record), **_picture(record, period if period in PERIODS else "known", known_on),
        **_known(all_days, typed, known_on, wrong),
        "cards": cards(record), "first_cards": CARDS, "parts": parts(record), "cases": case_rows(record),
        "record": record, "said_first": record.said[:SAID_SHOWN], "said_rest": record.said[SAID_SHOWN:],
        "page": Paginator(record.told, TOLD_PAGE).get_page(request.GET.get("page")), "event_address": event_address,
        **_people(actor, record),
        "actions": _actions(actor, who, may_see_looks=_may_see_looks(actor, record)) if known_on is None else [],
    }  # fmt: skip
    context["more_late"] = sum(card.status == "overdue" for card in context["cards"][CARDS:])
    warnings = warnings_of(who, record.today)
    context |= {"tags": tags(record, warnings), "warnings": warnings}
    return render(request, "casework/child.html", context, status=422 if wrong else 200)


def known_day(request: HttpRequest) -> tuple[dict[str, str], date | None, str]:
    """The day asked for, as one value or in three boxes; what was typed; and what is wrong with it."""
    whole = request.GET.get("known_on", "")
    typed = {part: request.GET.get(f"known_on-{part}", "") for part in PARTS}
    today = timezone.localdate()
    try:
        day = date.fromisoformat(whole) if whole else read_day(typed, "The date")
    except NotADay as error:
        return typed, None, str(error)
    except ValueError:
        return typed, None, "The date must be a real date"
    if day is None:
        return typed, None, ""
    if day > today:
        return typed_day(day), None, "The date must be today or in the past"
    return typed_day(day), day if day < today else None, ""


def _first_known(person: Person, days: list[date]) -> date:
    return min([*days[:1], local_day(person.created_at)])


def _who(person: Person, record: ChildRecord) -> dict[str, Any]:
    """The identity bar: who this is, in a line."""
    facts = []
    if person.born:
        words = KnownDate(person.born, person.born_precision).words()
        age = age_in_words(person, record.today)
        facts.append(f"{age}{' years' if age.rpartition(' ')[2].isdecimal() else ''}, born {words}")
    elif person.expected:
        facts.append(f"Not yet born, expected {person.expected.day} {person.expected:%B} {person.expected.year}")
    else:
        facts.append("Date of birth not known")
    numbers = identifiers_for_show(person)
    facts += [f"NHS {_spaced(each['value'])}" for each in numbers if each["scheme"] == "nhs"][:1]
    facts += [person.area.title] if person.area else []
    if person.languages:
        facts.append(f"speaks {_listed(person.languages)}")
    if person.interpreter:
        facts.append("needs an interpreter")
    others = sorted({name.full for name in person.names.all() if name.full != person.name})
    facts += [f"also known as {_listed(others)}"] if others and record.known_on is None else []
    return {"person": person, "facts": facts, "first_name": first_name(person),
            "numbers": [each for each in numbers if each["scheme"] != "nhs"], "schemes": SCHEMES}  # fmt: skip


def _spaced(number: str) -> str:
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _picture(record: ChildRecord, period: str, known_on: date | None) -> dict[str, Any]:
    """The golden thread in its two frames, in words and as a table."""
    story = story_of(record, first_name(record.person), period)
    wide, narrow = lay_out(story, WIDE), lay_out(story, NARROW)
    title, told = title_of(story), description_of(story)
    query = f"&known_on={known_on.isoformat()}" if known_on else ""
    return {
        # Every word in the drawings is escaped by thread.svg.
        "thread_wide": mark_safe(draw(wide, "gt-wide", title, told, "gt-thread gt-thread--wide")),
        "thread_narrow": mark_safe(draw(narrow, "gt-narrow", title, told, "gt-thread gt-thread--narrow")),
        "key_wide": wide.key, "key_narrow": narrow.key, "story": story, "described": told,
        "silences": silences_in_words(story), "rows": table_of(story), "level_titles": story.level_titles,
        "periods": [
            {"href": f"?period={name}{query}#thread", "text": words, "current": name == period}
            for name, (words, _) in PERIODS.items()
        ],
        "period": period,
    }  # fmt: skip


def _known(days: list[date], typed: dict[str, str], known_on: date | None, wrong: str) -> dict[str, Any]:
    """What turns back what was known: the day, and the days before and after on which something became known."""
    today = timezone.localdate()
    here = known_on or today
    before = [day for day in days if day < here]
    after = [day for day in days if day > here and day < today] if known_on else []
    return {
        "known_on": known_on, "known_typed": typed, "known_error": wrong,
        "known_days": [day.isoformat() for day in days],
        "known_before": before[-1] if before else None, "known_after": after[0] if after else None,
        "known_words": day_words(known_on) if known_on else "",
    }  # fmt: skip


def _people(actor: Any, record: ChildRecord) -> dict[str, Any]:
    found = people(actor, record)
    title, told = f"The people around {first_name(record.person)}", words_for(found.around)
    return {
        "people": found, "anyone": bool(found.household or found.family or found.professionals),
        "around_wide": mark_safe(draw(draw_wide(found.around), "gt-around", title, told, "gt-drawing gt-around--wide")),
        "around_narrow": mark_safe(
            draw(draw_narrow(found.around), "gt-around-n", title, told, "gt-drawing gt-around--narrow")
        ),
    }


def _may_see_looks(actor: Any, record: ChildRecord) -> bool:
    """Those who supervise, and whoever works with the child."""
    return actor.may(Capability.SUPERVISE) or any(known.case.worker_id == actor.user_id for known in record.cases)


def _actions(actor: Any, person: Person, *, may_see_looks: bool) -> list[dict[str, str]]:
    """What one can do from here."""
    wanted: list[tuple[str, str, str, list[Any]]] = []
    if actor.may(Capability.RECORD_EVENTS):
        known, today = current_library().pathways.values(), timezone.localdate()
        if any(one.front_door and fit_for(one, person, today) != "never" for one in known):
            wanted += [("New contact", "casework:new-contact", f"?child={person.pk}", [])]
        wanted += [("Open a case", "casework:new-case", "", [person.pk])]
    wanted += [("Chronology of every agency", "chronology:child", "", [person.pk])]
    wanted += [("Names, numbers, family and addresses", "people:details", "", [person.pk])]
    if may_see_looks:
        wanted += [("Who has looked", "access:child", "", [person.pk])]
    if actor.may(Capability.SEARCH_PEOPLE):
        wanted += [("Search for someone else", "people:search", "", [])]
    found = []
    for text, name, query, args in wanted:
        try:
            found.append({"text": text, "href": reverse(name, args=args) + query})
        except NoReverseMatch:
            continue
    return found
