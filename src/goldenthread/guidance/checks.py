"""Checks of one guidance file against the others: names that lead nowhere, answers that cannot be given.

Pure. Yields (place in the file, problem); `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from .arrangement import Arrangement
from .pathway import DutyRule, EventKind, FieldType, LeadsTo, Pathway, Question
from .terms import Test
from .tile_checks import check_tiles

if TYPE_CHECKING:
    from .library import Library

Where = tuple[Any, ...]


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _known(at: Where, what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[tuple[Where, str]]:
    """Each of these names that is not known, with the nearest that is."""
    there = list(known)
    for name in names:
        if name not in there:
            yield at, f"unknown {what} {name!r}{_near(name, there)}"


def check_pathway(library: Library, pathway: Pathway) -> Iterator[tuple[Where, str]]:
    """Names that lead nowhere: states, events, fields, roles, pathways."""
    roles = [*library.roles.roles, *library.roles.anyone]
    if pathway.lead not in roles:
        yield ("lead",), f"unknown agency role {pathway.lead!r}{_near(pathway.lead, roles)}"
    for fragment in pathway.uses:
        if fragment not in library.fragments and f"fragments/{fragment}" not in library.unreadable:
            yield ("uses",), f"unknown fragment {fragment!r}{_near(fragment, library.fragments)}"
    if not any(event.opens for event in pathway.events.values()):
        yield ("events",), "no event opens the case; give one `opens: true`"
    if not any(not state.closed for state in pathway.states.values()):
        yield ("states",), "no state is open; a case needs somewhere to be"
    if any(event.closes for event in pathway.events.values()) and not any(
        state.closed for state in pathway.states.values()
    ):
        yield ("states",), "an event closes the case, but no state is `closed: true`"
    for column in pathway.board:
        if column not in pathway.states:
            yield ("board",), f"unknown state {column!r}{_near(column, pathway.states)}"
    if pathway.front_door:
        if not pathway.board:
            yield ("front_door",), "the front door's board needs its columns; name states in `board`"
        other = next((one.id for one in library.pathways.values() if one.front_door and one.id < pathway.id), None)
        if other:
            yield ("front_door",), f"{other!r} is the front door already; what comes in arrives by one pathway"
    names: dict[str, str] = {}
    for kind, event in pathway.events.items():
        at = ("events", kind)
        for name in (kind, *event.also):
            if name in names:
                yield at, f"the name {name!r} is used by two events, {names[name]!r} and {kind!r}"
            names[name] = kind
        for role in event.by:
            if role not in roles:
                yield (*at, "by"), f"unknown agency role {role!r}{_near(role, roles)}"
        targets = [event.to, *(state for state, _ in event.to_when), *event.in_states]
        for state in targets:
            if state is not None and state not in pathway.states:
                yield at, f"unknown state {state!r}{_near(state, pathway.states)}"
        for step, leads in enumerate(event.leads_to):
            if f"pathways/{leads.open}" in library.unreadable:
                continue
            if leads.open not in library.pathways:
                yield (
                    (*at, "leads_to", step),
                    (f"unknown pathway {leads.open!r}{_near(leads.open, library.pathways)}"),
                )
                continue
            target = library.pathways[leads.open]
            opening = target.events.get(leads.event or target.opening)
            if opening is None or not opening.opens:
                yield (*at, "leads_to", step), f"{leads.event!r} does not open {leads.open!r}"
                continue
            fault = _about(pathway, target, event, leads)
            if fault:
                yield (*at, "leads_to", step), fault
            for theirs, ours in leads.carry.items():
                if theirs not in opening.asks:
                    yield (
                        (*at, "leads_to", step),
                        f"{leads.open} does not ask {theirs!r}{_near(theirs, opening.asks)}",
                    )
                if ours not in ("occurred", "opened", "actions_from", *event.asks):
                    yield (
                        (*at, "leads_to", step),
                        f"this event does not ask {ours!r}{_near(ours, event.asks)}",
                    )
            yield from _check_when(pathway, kind, leads.when, (*at, "leads_to", step))
        for _, when in event.to_when:
            yield from _check_when(pathway, kind, when, (*at, "to_when"))
        if event.extends:
            if event.extends.duty not in pathway.duties:
                yield (
                    (*at, "extends"),
                    f"unknown duty {event.extends.duty!r}{_near(event.extends.duty, pathway.duties)}",
                )
            to = event.extends.to
            if to not in event.asks:
                yield (*at, "extends"), f"this event does not ask {to!r}{_near(to, event.asks)}"
            elif event.asks[to].type not in (FieldType.DATE, FieldType.MOMENT):
                yield (*at, "extends"), f"{to!r} is not a date, so it cannot be the new due date"
        if event.excuses:
            if event.excuses.duty not in pathway.duties:
                yield (
                    (*at, "excuses"),
                    f"unknown duty {event.excuses.duty!r}{_near(event.excuses.duty, pathway.duties)}",
                )
            if event.excuses.reason and event.excuses.reason not in event.asks:
                reason = event.excuses.reason
                yield (*at, "excuses"), f"this event does not ask {reason!r}{_near(reason, event.asks)}"
    for identity, duty in pathway.duties.items():
        yield from _check_duty(library, pathway, identity, duty)


def _about(pathway: Pathway, target: Pathway, event: EventKind, leads: LeadsTo) -> str:
    """What is wrong with whom the opened case is for; "" if nothing is."""
    if leads.about is not None:
        if target.subject != "organisation":
            return f"{leads.open} is not about an organisation, so `about` has no place here"
        question = event.asks.get(leads.about)
        if question is None:
            return f"this event does not ask {leads.about!r}{_near(leads.about, event.asks)}"
        if question.type is not FieldType.ORGANISATION:
            return f"{leads.about!r} does not name an organisation: give it `type: organisation`"
    elif target.subject == "organisation" != pathway.subject:
        return f"{leads.open} is about an organisation: say in `about` which question of this event names it"
    elif pathway.subject == "organisation" != target.subject:
        return f"{leads.open} is for a {target.subject}, and a case about an organisation knows of none"
    return ""


def _check_duty(
    library: Library, pathway: Pathway, identity: str, duty: DutyRule
) -> Iterator[tuple[Where, str]]:
    at: Where = ("duties", identity)
    if duty.owner not in library.roles.roles:
        yield (*at, "owner"), f"unknown agency role {duty.owner!r}{_near(duty.owner, library.roles.roles)}"
    parts = {"after": duty.after or {}, "met_by": duty.met_by, "unless": duty.unless, "stops": duty.stops}
    if duty.pauses:
        parts |= {"pauses": {**duty.pauses.start, **duty.pauses.end}}
    for key, matches in parts.items():
        for name, when in matches.items():
            if key == "after" and name.startswith("birthday "):
                if not name.removeprefix("birthday ").isdigit():
                    yield (*at, key), f"{name!r}: write `birthday` and a whole number of years"
                continue
            kind, _, asked = name.partition(".")
            if kind not in pathway.events:
                yield (*at, key), f"unknown event {kind!r}{_near(kind, pathway.events)}"
                continue
            if asked and (key != "after" or asked not in pathway.events[kind].asks):
                yield (*at, key), f"{kind} does not ask {asked!r}{_near(asked, pathway.events[kind].asks)}"
            yield from _check_when(pathway, kind, when, (*at, key))
            if key == "after":
                yield from _check_when(pathway, kind, duty.when, (*at, "when"))
            if key in ("after", "met_by"):
                for same in duty.matching:
                    if same not in pathway.events[kind].asks:
                        yield (
                            (*at, "matching"),
                            f"{kind} does not ask {same!r}{_near(same, pathway.events[kind].asks)}",
                        )
    yield from _check_when(pathway, "", duty.only_while, (*at, "only_while"))
    if duty.before and duty.before != "next school day":
        yield from _check_dated_field(pathway, duty.before, (*at, "before"))
    if duty.midway:
        starts, end = duty.midway
        for start in [starts] if isinstance(starts, str) else starts:
            if start not in pathway.events:
                yield (*at, "midway"), f"unknown event {start!r}{_near(start, pathway.events)}"
        if "." in end:
            yield from _check_dated_field(pathway, end, (*at, "midway"))
        elif end not in pathway.duties:
            yield (*at, "midway"), f"unknown duty {end!r}{_near(end, pathway.duties)}"
    if duty.if_repeated and duty.if_repeated.event not in pathway.events:
        lately = duty.if_repeated.event
        yield (*at, "if_repeated"), f"unknown event {lately!r}{_near(lately, pathway.events)}"
    steps = (
        duty.every
        if isinstance(duty.every, list)
        else [s for many in (duty.every or {}).values() for s in many or []]
    )
    for step in steps:
        if step.until and step.until not in pathway.events:
            yield (*at, "every"), f"unknown event {step.until!r}{_near(step.until, pathway.events)}"
        for kind in duty.after or {}:
            if step.when and not kind.startswith("birthday "):
                yield from _check_when(pathway, kind.partition(".")[0], step.when, (*at, "every"))


def _check_dated_field(pathway: Pathway, name: str, at: Where) -> Iterator[tuple[Where, str]]:
    kind, _, asked = name.partition(".")
    if kind not in pathway.events:
        yield at, f"unknown event {kind!r}{_near(kind, pathway.events)}"
    elif asked not in pathway.events[kind].asks:
        yield at, f"{kind} does not ask {asked!r}{_near(asked, pathway.events[kind].asks)}"
    elif pathway.events[kind].asks[asked].type not in ("date", "moment"):
        yield at, f"{name} is not a date"


def _check_when(
    pathway: Pathway, kind: str, when: Mapping[str, Any], at: Where
) -> Iterator[tuple[Where, str]]:
    for name, expected in when.items():
        head, dot, rest = name.partition(".")
        if head == "subject":
            if rest not in ("age", "sex"):
                yield at, f"{name!r}: of the subject, only subject.age and subject.sex are known"
            continue
        owner, asked = (head, rest) if dot else (kind, name)
        if owner not in pathway.events:
            yield at, f"unknown event {owner!r}{_near(owner, pathway.events)}"
            continue
        question = pathway.events[owner].asks.get(asked)
        if question is None:
            yield at, f"{owner} does not ask {asked!r}{_near(asked, pathway.events[owner].asks)}"
        else:
            yield from ((at, problem) for problem in _wrong_answers(f"{owner}.{asked}", question, expected))


def _wrong_answers(name: str, question: Question, expected: Any) -> Iterator[str]:
    """Values that the question can never be answered with, so that the condition would never hold."""
    if isinstance(expected, Test):
        numeric = (FieldType.NUMBER,)
        if (expected.at_least is not None or expected.under is not None) and question.type not in numeric:
            yield f"{name} is not a number, so it has no `at_least` or `under`"
        expected = [] if expected.is_not is None else expected.is_not
    for value in expected if isinstance(expected, list) else [expected]:
        if question.of and isinstance(value, bool):
            yield f"{name} is answered {_words(question.of)}; YAML read yes or no here: write it in quotes"
        elif question.of and str(value) not in question.of:
            yield f"{value!r} is not an answer to {name}{_near(str(value), question.of)}"
        elif question.type is FieldType.YES_NO and not isinstance(value, bool):
            yield f"{name} is answered yes or no, not {value!r}"
        elif question.type is FieldType.NUMBER and (
            isinstance(value, bool) or not isinstance(value, (int, float))
        ):
            yield f"{name} is a number, not {value!r}"


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def check_arrangement(library: Library, arrangement: Arrangement) -> Iterator[tuple[Where, str]]:
    if (
        arrangement.calendar not in library.calendars
        and f"calendars/{arrangement.calendar}" not in library.unreadable
    ):
        yield (
            ("calendar",),
            f"unknown calendar {arrangement.calendar!r}{_near(arrangement.calendar, library.calendars)}",
        )
    terms = arrangement.school_terms
    if terms not in library.school_terms and f"school_terms/{terms}" not in library.unreadable:
        yield ("school_terms",), f"unknown school terms {arrangement.school_terms!r}"
    areas = {area.id for area in arrangement.areas}
    organisations = {organisation.id for organisation in arrangement.organisations}
    groups = {group.id for group in arrangement.groups}
    if arrangement.home_area not in areas:
        yield ("home_area",), f"unknown area {arrangement.home_area!r}{_near(arrangement.home_area, areas)}"
    for index, area in enumerate(arrangement.areas):
        if area.within and area.within not in areas:
            yield ("areas", index), f"unknown area {area.within!r}{_near(area.within, areas)}"
    yield from check_tiles(arrangement)
    for index, organisation in enumerate(arrangement.organisations):
        if organisation.kind not in library.roles.roles:
            yield (
                ("organisations", index),
                (f"unknown agency role {organisation.kind!r}{_near(organisation.kind, library.roles.roles)}"),
            )
        if organisation.area and organisation.area not in areas:
            yield (
                ("organisations", index),
                f"unknown area {organisation.area!r}{_near(organisation.area, areas)}",
            )
    for index, group in enumerate(arrangement.groups):
        for member in group.members:
            if member not in organisations:
                yield (
                    ("groups", index, "members"),
                    f"unknown organisation {member!r}{_near(member, organisations)}",
                )
        if group.reports_to and group.reports_to not in groups:
            yield (
                ("groups", index, "reports_to"),
                f"unknown group {group.reports_to!r}{_near(group.reports_to, groups)}",
            )
    for index, contribution in enumerate(arrangement.contributions):
        if contribution.organisation not in organisations:
            yield ("contributions", index), f"unknown organisation {contribution.organisation!r}"
    for name in arrangement.duties:
        pathway_id, _, duty_id = name.partition(".")
        if f"pathways/{pathway_id}" in library.unreadable:
            continue
        pathway = library.pathways.get(pathway_id)
        if pathway is None or duty_id not in pathway.duties:
            known = [f"{one.id}.{duty}" for one in library.pathways.values() for duty in one.duties]
            yield ("duties", name), f"unknown duty {name!r}{_near(name, known)}"
            continue
        try:
            changed = arrangement.duties[name].over(pathway.duties[duty_id])
            DutyRule.model_validate({key: getattr(changed, key) for key in changed.model_fields_set})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                yield ("duties", name), str(detail["msg"]).removeprefix("Value error, ")
