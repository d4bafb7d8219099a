"""What a role lets people do, in plain words, in the order an administrator thinks of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from goldenthread.foundation.capability import Capability

CAPABILITY_WORDS: Mapping[Capability, tuple[str, str]] = {
    Capability.SEARCH_PEOPLE: (
        "Search for people",
        "By name, date of birth or identifier. They find only people they may see.",
    ),
    Capability.VIEW_CASES: (
        "See people and their cases",
        "As far as the role sees. Without this a role sees nobody.",
    ),
    Capability.VIEW_RESTRICTED: (
        "See restricted people",
        "Such as children of staff, or adopted. For very few people.",
    ),
    Capability.REGISTER_PEOPLE: (
        "Register people and change their details",
        "Names, numbers, addresses and family.",
    ),
    Capability.MERGE_PEOPLE: (
        "Join two records of one person",
        "Compare possible matches, join records and part them again.",
    ),
    Capability.RECORD_EVENTS: ("Record what happens", "Write in cases, and raise warnings."),
    Capability.ADD_DOCUMENTS: ("Add documents to cases", ""),
    Capability.ATTEND_MEETINGS: (
        "Take part in meetings",
        "Those their agency is invited to or holds. A case’s page there needs more: to see the case, or an agreement.",
    ),
    Capability.SCREEN_CONTACTS: (
        "Screen contacts at the front door",
        "Take up new contacts and ask other agencies.",
    ),
    Capability.DECIDE_CONTACTS: ("Decide on contacts", "Set the level of need and what happens next."),
    Capability.ALLOCATE_CASES: ("Allocate cases to workers", ""),
    Capability.SUPERVISE: ("Supervise others' work", "See the work of their teams."),
    Capability.VIEW_TOTALS: (
        "See the scorecard",
        "Totals of the whole partnership by area and period. No names, and small numbers are kept back.",
    ),
    Capability.VIEW_SMALL_NUMBERS: (
        "See small numbers on the scorecard",
        "Every number, by month too. For the few who check and explain the figures.",
    ),
    Capability.FILL_COLLECTIONS: (
        "Fill in collections",
        "The figures their agency is asked to send. Counts, without names.",
    ),
    Capability.AGREE_COLLECTIONS: (
        "Lead on their agency’s figures",
        "Send collections that they filled in themselves, without a second person.",
    ),
    Capability.CHECK_COLLECTIONS: (
        "Check collections",
        "Ask agencies for them, see what every agency sends, approve or return it.",
    ),
    Capability.MARK_CHANGES: (
        "Mark changes on charts",
        "That from a day something was done differently, so that a chart says whether it changed anything.",
    ),
    Capability.READ_GUIDANCE: (
        "Read guidance",
        "Pathways, clocks and their references. No personal records.",
    ),
    Capability.MANAGE_ORGANISATIONS: ("Keep organisations and teams", "No personal records."),
    Capability.MANAGE_USERS: (
        "Keep accounts and roles",
        "Who may sign in and what they may do. No personal records.",
    ),
    Capability.IMPORT_RECORDS: ("Import records from files", ""),
    Capability.MANAGE_RETENTION: (
        "Keep, hold and destroy old records",
        "Shows references, dates and rules; no names, and nothing that a record says.",
    ),
    Capability.REPLAY_CLOCKS: ("Recalculate due dates", "After a change of guidance or of a calendar."),
}
"""Capability -> what it lets people do, and a hint."""

SCOPE_WORDS: Mapping[str, str] = {
    "own": "Only cases they work on",
    "organisation": "Cases their organisation is part of",
    "partnership": "All cases in the partnership that are not restricted",
}
