"""Checks of agreements and of sharing.yaml against the rest of the guidance: names that lead nowhere.

Pure. Yields (place in the file, problem), as `checks` does; `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .agreement import Agreement, Sharing
from .checks import Where, _known, _near
from .school_notices import check_school_notices

if TYPE_CHECKING:
    from .library import Library

Found = Iterator[tuple[Where, str]]


def check_agreement(library: Library, agreement: Agreement) -> Found:
    """Kinds of agency, organisations, parties, purposes, kinds of information, pathways and partnerships that exist."""
    roles = library.roles.roles
    words = library.sharing
    yield from _known(("kept_by",), "agency role", [agreement.kept_by], roles)
    yield from _known(("purposes",), "purpose", agreement.purposes, words.purposes)
    for name in agreement.arrangements:
        if f"arrangements/{name}" not in library.unreadable:
            yield from _known(("arrangements",), "arrangement", [name], library.arrangements)
    slugs = {one.id for arrangement in library.arrangements.values() for one in arrangement.organisations}
    for name, party in agreement.parties.items():
        yield from _known(("parties", name, "kinds"), "agency role", party.kinds, roles)
        if slugs:
            yield from _known(("parties", name, "organisations"), "organisation", party.organisations, slugs)
    for name, basis in agreement.lawful_basis.items():
        at: Where = ("lawful_basis", name)
        yield from _known((*at, "holders"), "party", basis.holders, agreement.parties)
        yield from _of_agreement((*at, "purposes"), basis.purposes, agreement)
    for number, clause in agreement.clauses.items():
        at = ("clauses", number)
        yield from _known((*at, "from"), "party", clause.holder, agreement.parties)
        yield from _known((*at, "to"), "party", clause.receiver, agreement.parties)
        yield from _of_agreement((*at, "purposes"), clause.purposes, agreement)
        yield from _known((*at, "categories"), "kind of information", clause.categories, words.categories)
        for name in clause.pathways:
            if f"pathways/{name}" not in library.unreadable:
                yield from _known((*at, "pathways"), "pathway", [name], library.pathways)


def check_sharing(library: Library, sharing: Sharing) -> Found:
    """Pathways, events and answers that sharing.yaml names; each pathway under one purpose."""
    seen: dict[str, str] = {}
    for name, purpose in sharing.purposes.items():
        at: Where = ("purposes", name, "pathways")
        for one in purpose.pathways:
            if f"pathways/{one}" not in library.unreadable:
                yield from _known(at, "pathway", [one], library.pathways)
            if one in seen:
                yield at, f"{one} is under two purposes, {seen[one]!r} and {name!r}"
            seen[one] = name
    yield from _check_emergency(library, sharing)
    if sharing.school_notices is not None:
        yield from check_school_notices(library, sharing.school_notices)
    for pathway_id, source in sharing.consent.items():
        at = ("consent", pathway_id)
        pathway = library.pathways.get(pathway_id)
        if pathway is None:
            if f"pathways/{pathway_id}" not in library.unreadable:
                yield from _known(at, "pathway", [pathway_id], library.pathways)
            continue
        yield from _answers(library, pathway_id, (*at, "agreed"), source.event, source.field, source.agreed)
        yield from _answers(library, pathway_id, (*at, "refused"), source.event, source.field, source.refused)
        for event, fields in source.withdrawn.items():
            for asked, given in fields.items():
                yield from _answers(library, pathway_id, (*at, "withdrawn"), event, asked, given)


def _check_emergency(library: Library, sharing: Sharing) -> Found:
    emergency = sharing.emergency
    at: Where = ("emergency",)
    pathway = library.pathways.get(emergency.pathway)
    if pathway is None:
        if f"pathways/{emergency.pathway}" not in library.unreadable:
            yield from _known((*at, "pathway"), "pathway", [emergency.pathway], library.pathways)
        return
    yield from _known((*at, "event"), "event", [emergency.event], pathway.events)
    yield from _known((*at, "reviewed"), "event", [emergency.reviewed], pathway.events)
    opening = pathway.events.get(emergency.event)
    if opening is None:
        return
    if not opening.opens:
        yield (*at, "event"), f"{emergency.event} does not open {emergency.pathway}"
    yield from _known((*at, "carry"), "fact of an override", emergency.carry, CARRIED)
    for name, asked in emergency.carry.items():
        yield from _known((*at, "carry", name), "question", [asked], opening.asks)


CARRIED = ("holder", "receiver", "purpose", "reason", "said", "clause", "case", "ends")
"""What an override can tell the event that opens its review."""


def _answers(library: Library, pathway: str, at: Where, event: str, asked: str, given: list[str]) -> Found:
    events = library.pathways[pathway].events
    if event not in events:
        yield from _known(at, "event", [event], events)
    elif asked not in events[event].asks:
        yield at, f"{event} does not ask {asked!r}{_near(asked, events[event].asks)}"
    else:
        yield from _known(at, f"answer to {event}.{asked}", given, events[event].asks[asked].of)


def _of_agreement(at: Where, purposes: list[str], agreement: Agreement) -> Found:
    yield from _known(at, "purpose of this agreement", purposes, agreement.purposes)
