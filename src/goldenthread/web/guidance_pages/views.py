"""The guidance pages: what the partnership's rules say, since when, by what source, and what would follow if.

They show guidance files only, no record of anybody. May import clocks, guidance and foundation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe

from goldenthread.clocks.engine import programs_for
from goldenthread.clocks.proof import in_words
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.arrangement import AreaEntry, Arrangement
from goldenthread.guidance.collection_words import plain_collection
from goldenthread.guidance.diagram import draw
from goldenthread.guidance.library import Library
from goldenthread.guidance.meeting_words import plain_meeting
from goldenthread.guidance.pathway import Force, Pathway
from goldenthread.guidance.plain import FORCE, SUBJECTS, plain

from .typed import NotTyped, read_day, typed
from .what_if import Box, CaseForm, LengthForm

FORCE_COLOURS: Mapping[Force, str] = {"statutory": "blue", "guidance": "turquoise", "local": "yellow"}
VERIFIED_COLOURS = {"yes": "green", "partly": "grey", "no": "orange"}


@dataclass(frozen=True)
class Entry:
    """A pathway in the list."""

    pathway: Pathway
    about: str
    led_by: str
    force: list[tuple[str, str, int]]
    """(words, colour, how many duties)."""
    unverified: int


@policy(Capability.READ_GUIDANCE)
def list_pathways(request: HttpRequest) -> HttpResponse:
    """Every pathway, by the level of need it serves."""
    library = current_library()
    return render(
        request,
        "guidance/list.html",
        {
            "groups": list(_groups(library)),
            "arrangements": list(library.arrangements.values()),
            "meetings": sorted(library.meetings.values(), key=lambda one: one.title),
            "collections": sorted(library.collections.values(), key=lambda one: one.title),
            "calendars": list(library.calendars.values()),
            "school_terms": list(library.school_terms.values()),
        },
    )


def _groups(library: Library) -> Iterator[tuple[str, str, list[Entry]]]:
    """(heading, id, pathways): by whom the pathways are about, then by level of need."""
    own = library.arrangements.get(arrangement_for(None))
    levels = {level.level: level.title for level in own.threshold.levels} if own else {}
    subjects = dict.fromkeys(pathway.subject for pathway in library.pathways.values())
    for subject in subjects:
        for level in (None, 1, 2, 3, 4):
            found = [
                pathway
                for pathway in library.pathways.values()
                if pathway.subject == subject and pathway.level_of_need == level
            ]
            if found:
                heading = "Whatever the level of need" if level is None else f"Level {level}"
                if level in levels and levels[level].lower() != heading.lower():
                    heading = f"{heading}: {levels[level]}"
                if len(subjects) > 1:
                    heading = f"{SUBJECTS[subject]}. {heading}"
                yield heading, f"{subject}-{level or 'any'}", [_entry(pathway, library) for pathway in found]


def _entry(pathway: Pathway, library: Library) -> Entry:
    count = Counter(duty.force for duty in pathway.duties.values())
    return Entry(
        pathway,
        pathway.about.split(". ")[0].rstrip(".") + ".",
        library.roles.title_of(pathway.lead),
        [
            (_some(words.lower(), count[force]), FORCE_COLOURS[force], count[force])
            for force, words in FORCE.items()
            if count[force]
        ],
        sum(1 for duty in pathway.duties.values() if duty.verified is False),
    )


def _some(words: str, count: int) -> str:
    return f"{words}s" if words.endswith("rule") and count > 1 else words


@policy(Capability.READ_GUIDANCE)
def pathway(request: HttpRequest, pathway_id: str) -> HttpResponse:
    """One pathway: how it runs, what is due and by what source, as in force on a day and in an area."""
    library = current_library()
    on = Box("on", "Rules in force on", request.GET.get("on", ""), "For example, 27 3 2014")
    today = timezone.localdate()
    try:
        day = read_day(on.value, "The date") or today
    except NotTyped as wrong:
        day, on.error = today, str(wrong)
    area = request.GET.get("area", arrangement_for(None))
    if area not in library.arrangements:
        area = ""
    entry = _found(library.in_area(area or None), pathway_id)
    titles = {one.id: one.title for one in library.pathways.values()}
    picture = draw(entry, library.roles, titles)
    if not on.value:
        on.value = typed(today)
    return render(
        request,
        "guidance/pathway.html",
        {
            "told": plain(entry, library, day),
            "on": on,
            "is_today": day == today,
            "area": area,
            "arrangements": [
                ("", "No area"),
                *((one.id, one.title) for one in library.arrangements.values()),
            ],
            # Made of guidance files by our own code, every word of them escaped.
            "picture": mark_safe(picture.svg),
            "boards": library.boards_of(entry.id) if actor_of(request).may(Capability.VIEW_CASES) else [],
            "force_colours": FORCE_COLOURS,
            "verified_colours": VERIFIED_COLOURS,
        },
    )


@policy(Capability.READ_GUIDANCE)
def meeting(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """One kind of meeting: who must be there, when it may decide, what is due around it and what it records."""
    library = current_library()
    told = plain_meeting(_found(library.meetings, meeting_id), library, timezone.localdate())
    return render(request, "guidance/meeting.html", {"told": told, "force_colours": FORCE_COLOURS})


@policy(Capability.READ_GUIDANCE)
def collection(request: HttpRequest, collection_id: str) -> HttpResponse:
    """One collection: who fills it in, when it is due, what it asks, and what makes a value wrong."""
    library = current_library()
    told = plain_collection(_found(library.collections, collection_id), library, timezone.localdate())
    return render(request, "guidance/collection.html", {"told": told, "force_colours": FORCE_COLOURS})


@policy(Capability.READ_GUIDANCE)
def what_if(request: HttpRequest) -> HttpResponse:
    """A length of time from a day, with its proof; and the way to a whole case."""
    library = current_library()
    form = LengthForm(request.GET, library, arrangement_for(None))
    return render(
        request,
        "guidance/what_if.html",
        {
            "form": form,
            "problems": _problems(form.boxes()),
            "pathways": list(library.pathways.values()),
            "in_words": in_words,
        },
    )


@policy(Capability.READ_GUIDANCE)
def what_if_case(request: HttpRequest, pathway_id: str) -> HttpResponse:
    """Made-up events of a pathway, and every due date that follows from them. Sent by POST, so that no date of birth
    stands in an address."""
    library = current_library()
    given = request.POST if request.method == "POST" else None
    own = arrangement_for(None)
    area = given.get("area", own) if given is not None else own
    known = area if area in library.arrangements else ""
    programs = programs_for(library, known or None)
    if pathway_id not in programs:
        raise Http404
    form = CaseForm(given, programs[pathway_id], library, own, timezone.localdate())
    return render(
        request,
        "guidance/what_if_case.html",
        {
            "form": form,
            "problems": form.problems(),
            "pathway": programs[pathway_id].pathway,
            "titles": {one.id: one.title for one in library.pathways.values()},
            "roles": library.roles,
            "in_words": in_words,
        },
    )


@policy(Capability.READ_GUIDANCE)
def arrangement(request: HttpRequest, arrangement_id: str) -> HttpResponse:
    """The partnership itself: partners, areas, groups, priorities, levels of need, money, local rules."""
    library = current_library()
    entry = _found(library.arrangements, arrangement_id)
    changed = library.in_area(entry.id)
    rules = []
    for name, rule in entry.duties.items():
        pathway_id, duty_id = name.split(".", 1)
        told = plain(changed[pathway_id], library, timezone.localdate())
        duty = next(one for one in told.duties if one.id == duty_id)
        rules.append((pathway_id, told.title, duty, rule))
    return render(
        request,
        "guidance/arrangement.html",
        {
            "arrangement": entry,
            "areas": list(_tree(entry.areas)),
            "partners": [one for one in entry.organisations if one.safeguarding_partner],
            "agencies": _by_kind(entry, library),
            "group_titles": {group.id: group.title for group in entry.groups},
            "organisation_titles": {one.id: one.title for one in entry.organisations},
            "years": sorted({one.year for one in entry.contributions}),
            "contributions": _contributions(entry),
            "rules": rules,
        },
    )


def _tree(areas: Sequence[AreaEntry]) -> Iterator[tuple[int, AreaEntry, tuple[int, Any] | None]]:
    """(depth, area, (year, population)) with each area under the one it is within."""
    inside: dict[str | None, list[AreaEntry]] = {}
    for area in areas:
        inside.setdefault(area.within, []).append(area)

    def walk(within: str | None, depth: int) -> Iterator[tuple[int, AreaEntry, tuple[int, Any] | None]]:
        for area in inside.get(within, ()):
            yield depth, area, max(area.population.items(), default=None)
            yield from walk(area.id, depth + 1)

    yield from walk(None, 0)


def _by_kind(entry: Arrangement, library: Library) -> list[tuple[str, list[str]]]:
    """Agencies by what they are: (kind in words, titles)."""
    found: dict[str, list[str]] = {}
    for one in entry.organisations:
        if not one.safeguarding_partner:
            found.setdefault(library.roles.title_of(one.kind), []).append(one.title)
    return sorted(found.items())


def _contributions(entry: Arrangement) -> list[tuple[str, dict[str, float]]]:
    """What each organisation paid: (id, year -> pounds), the largest payer first."""
    found: dict[str, dict[str, float]] = {}
    for one in entry.contributions:
        years = found.setdefault(one.organisation, {})
        years[one.year] = years.get(one.year, 0) + one.amount
    return sorted(found.items(), key=lambda row: -sum(row[1].values()))


def _problems(boxes: Sequence[Box]) -> list[tuple[str, str]]:
    return [(box.id, box.error) for box in boxes if box.error]


def _found(entries: Mapping[str, Any], identity: str) -> Any:
    if identity not in entries:
        raise Http404
    return entries[identity]
