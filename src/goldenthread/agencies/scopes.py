"""What a token of an organisation may be let do: a few whole tasks, each with the least it needs. Pure.

A scope opens operations of the API; the capabilities it gives the actor are what the actions behind them ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from goldenthread.foundation.capability import Capability


class Scope(StrEnum):
    """One task a system of an agency may do."""

    SEND_CONTACTS = "send_contacts"
    RECORD_EVENTS = "record_events"
    ANSWER_REQUESTS = "answer_requests"
    REPORT_TO_MEETINGS = "report_to_meetings"
    READ_CASES = "read_cases"
    SEARCH_PEOPLE = "search_people"
    READ_GUIDANCE = "read_guidance"
    READ_TOTALS = "read_totals"
    SEND_COLLECTIONS = "send_collections"


SCOPE_GIVES: Mapping[Scope, frozenset[Capability]] = {
    Scope.SEND_CONTACTS: frozenset(
        {Capability.VIEW_CASES, Capability.RECORD_EVENTS, Capability.REGISTER_PEOPLE}
    ),
    Scope.RECORD_EVENTS: frozenset({Capability.VIEW_CASES, Capability.RECORD_EVENTS}),
    Scope.ANSWER_REQUESTS: frozenset({Capability.VIEW_CASES, Capability.RECORD_EVENTS}),
    Scope.REPORT_TO_MEETINGS: frozenset(
        {Capability.VIEW_CASES, Capability.RECORD_EVENTS, Capability.ATTEND_MEETINGS}
    ),
    Scope.READ_CASES: frozenset({Capability.VIEW_CASES}),
    Scope.SEARCH_PEOPLE: frozenset({Capability.VIEW_CASES, Capability.SEARCH_PEOPLE}),
    Scope.READ_GUIDANCE: frozenset({Capability.READ_GUIDANCE}),
    Scope.READ_TOTALS: frozenset({Capability.VIEW_TOTALS}),
    Scope.SEND_COLLECTIONS: frozenset({Capability.FILL_COLLECTIONS}),
}

TASKS: Mapping[Scope, tuple[str, str]] = {
    Scope.SEND_CONTACTS: ("Send contacts", "Tell the front door of a worry about a child. It reads nothing back."),
    Scope.RECORD_EVENTS: ("Record what happens", "In cases the organisation is part of. It reads nothing else."),
    Scope.ANSWER_REQUESTS: ("Answer requests", "See what the organisation is asked, and answer it."),
    Scope.REPORT_TO_MEETINGS: (
        "Report to meetings",
        "See the meetings the organisation holds or is asked to, send its reports, and say whether it comes.",
    ),
    Scope.READ_CASES: ("Read cases", "Those the organisation is part of, with people and work in them."),
    Scope.SEARCH_PEOPLE: ("Search for people", "It finds only people the organisation may see."),
    Scope.READ_GUIDANCE: ("Read guidance", "Pathways and due dates. No personal records."),
    Scope.READ_TOTALS: ("Read the scorecard", "Totals by quarter and year, small numbers kept back. No personal records."),
    Scope.SEND_COLLECTIONS: (
        "Enter collections",
        "See what the organisation is asked to send, and enter its values. A person agrees and sends them. No personal records.",
    ),
}
"""Scope -> what it lets a system do, and a hint."""


def capabilities_of(scopes: Iterable[str]) -> frozenset[Capability]:
    """What scopes give together; one that this version no longer knows gives nothing."""
    known = {scope.value for scope in Scope}
    return frozenset().union(*(SCOPE_GIVES[Scope(one)] for one in scopes if one in known))
