"""What a role lets a person do. Roles (in `agencies`) hold sets of these; policies and actions ask for them.

May depend on nothing. Add a capability here before an action or a page can need it.
"""

from enum import StrEnum


class Capability(StrEnum):
    """One thing that a role may allow."""

    READ_GUIDANCE = "read_guidance"
    SEARCH_PEOPLE = "search_people"
    VIEW_CASES = "view_cases"
    REGISTER_PEOPLE = "register_people"
    MERGE_PEOPLE = "merge_people"
    RECORD_EVENTS = "record_events"
    SCREEN_CONTACTS = "screen_contacts"
    DECIDE_CONTACTS = "decide_contacts"
    ALLOCATE_CASES = "allocate_cases"
    SUPERVISE = "supervise"
    ADD_DOCUMENTS = "add_documents"
    MANAGE_ORGANISATIONS = "manage_organisations"
    MANAGE_USERS = "manage_users"
    IMPORT_RECORDS = "import_records"
    REPLAY_CLOCKS = "replay_clocks"
    VIEW_RESTRICTED = "view_restricted"
    MANAGE_RETENTION = "manage_retention"
    ATTEND_MEETINGS = "attend_meetings"
    VIEW_TOTALS = "view_totals"
    VIEW_SMALL_NUMBERS = "view_small_numbers"
    FILL_COLLECTIONS = "fill_collections"
    AGREE_COLLECTIONS = "agree_collections"
    CHECK_COLLECTIONS = "check_collections"
    MARK_CHANGES = "mark_changes"
