"""What each address asks for: the whole of what the matrix expects. An address that is not here is expected to be closed to
everyone, so a new page fails the matrix until it says here, beside all others, who may open it.

`needs`: a capability, "signed in", or "public". `record`: which record the address names; without one it names none.
`own_rule`: beyond the capability and the record, the page is for some only (the lead agency, the police, a colleague's
supervisor), which its own tests check; the matrix then lets it refuse people who may see the record, never the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass

from goldenthread.agencies.scopes import Scope
from goldenthread.foundation.capability import Capability


@dataclass(frozen=True, slots=True)
class Asks:
    """Who may open one address."""

    needs: Capability | str
    record: str = ""
    own_rule: bool = False
    task: Scope | None = None
    """For the API: what a token of an organisation must be let do."""


C = Capability
SIGNED_IN, PUBLIC = "signed in", "public"

PAGES: dict[str, Asks] = {
    "home": Asks(SIGNED_IN),
    "account": Asks(SIGNED_IN),
    **dict.fromkeys(("help", "accessibility", "privacy"), Asks(PUBLIC)),
    "components": Asks(PUBLIC, own_rule=True),  # only in a demo
    **dict.fromkeys(
        ("account_login", "account_inactive", "account_reset_password", "account_reset_password_done",
         "account_reset_password_from_key", "account_reset_password_from_key_done", "account_logout", "mfa_authenticate"),
        Asks(PUBLIC),
    ),
    **dict.fromkeys(
        ("account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
         "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        Asks(SIGNED_IN, own_rule=True),  # what one has not set up is not there
    ),
    **dict.fromkeys(("drafts:save", "drafts:discard"), Asks(SIGNED_IN)),
    **dict.fromkeys(("guidance:list", "guidance:what-if", "guidance:what-if-case", "guidance:arrangement", "guidance:meeting",
                     "guidance:collection",
                     "guidance:pathway"),
                    Asks(C.READ_GUIDANCE)),
    **dict.fromkeys(("figures:list", "figures:checks", "figures:table", "figures:one"), Asks(C.READ_GUIDANCE)),
    **dict.fromkeys(("figures:download", "figures:download-all"), Asks(C.READ_GUIDANCE)),
    "agencies:administration": Asks(SIGNED_IN, own_rule=True),
    **dict.fromkeys(
        ("agencies:organisations", "agencies:new-organisation", "agencies:organisation", "agencies:close-organisation",
         "agencies:new-team", "agencies:team"),
        Asks(C.MANAGE_ORGANISATIONS),
    ),
    **dict.fromkeys(
        ("agencies:users", "agencies:new-user", "agencies:user", "agencies:change-user", "agencies:new-membership",
         "agencies:membership", "agencies:close-user", "agencies:reset-two-factor", "agencies:sign-in-link",
         "agencies:roles", "agencies:new-role", "agencies:role", "agencies:tokens", "agencies:new-token",
         "agencies:withdraw-token"),
        Asks(C.MANAGE_USERS),
    ),
    "people:search": Asks(C.SEARCH_PEOPLE),
    "people:register": Asks(C.REGISTER_PEOPLE),
    "people:matches": Asks(C.MERGE_PEOPLE),
    "people:same-as": Asks(C.MERGE_PEOPLE, "person"),
    "people:compare": Asks(C.MERGE_PEOPLE, "person", own_rule=True),
    "people:joined": Asks(C.MERGE_PEOPLE, "merge"),
    "people:details": Asks(C.VIEW_CASES, "person"),
    "people:change": Asks(C.REGISTER_PEOPLE, "person"),
    "people:add": Asks(C.VIEW_CASES, "person", own_rule=True),
    "people:relative": Asks(C.REGISTER_PEOPLE, "person"),
    "people:end-warning": Asks(C.RECORD_EVENTS, "warning"),
    **dict.fromkeys(("casework:my-work", "casework:alerts", "casework:disputes"), Asks(C.VIEW_CASES)),
    "casework:case": Asks(C.VIEW_CASES, "case"),
    "casework:looked": Asks(C.SUPERVISE, "case"),
    "casework:record": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "casework:correct": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "casework:withdraw": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "casework:proof": Asks(C.VIEW_CASES, "case"),
    "casework:add-document": Asks(C.ADD_DOCUMENTS, "case"),
    "casework:allocate": Asks(C.ALLOCATE_CASES, "case", own_rule=True),
    "casework:caseloads": Asks(C.ALLOCATE_CASES),
    "casework:involve": Asks(C.RECORD_EVENTS, "case"),
    "casework:document": Asks(C.VIEW_CASES, "document"),
    "casework:new-case": Asks(C.RECORD_EVENTS, "person"),
    "casework:open-case": Asks(C.RECORD_EVENTS, "person", own_rule=True),
    **dict.fromkeys(("casework:organisations", "casework:organisation"), Asks(C.VIEW_CASES)),
    "casework:new-case-about": Asks(C.RECORD_EVENTS),
    "casework:open-case-about": Asks(C.RECORD_EVENTS, own_rule=True),  # by the kinds of agency its first event is for
    "casework:child": Asks(C.VIEW_CASES, "person"),
    "casework:front-door": Asks(C.SCREEN_CONTACTS),
    "casework:new-contact": Asks(C.RECORD_EVENTS),
    "casework:new-contact-page": Asks(C.RECORD_EVENTS, own_rule=True),  # a draft of one's own
    "casework:contact": Asks(C.VIEW_CASES, "case"),
    "casework:contact-ask": Asks(C.SCREEN_CONTACTS, "case", own_rule=True),
    "casework:contact-step": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    **dict.fromkeys(("register:list", "register:export"), Asks(C.VIEW_CASES)),
    "register:one": Asks(C.VIEW_CASES, "action"),
    "register:record": Asks(C.RECORD_EVENTS, "action", own_rule=True),
    **dict.fromkeys(("boards:list", "boards:board", "boards:export", "boards:packs"), Asks(C.VIEW_CASES)),
    "boards:report": Asks(C.RECORD_EVENTS, own_rule=True),  # and to search for people
    "boards:pack": Asks(C.VIEW_CASES, "case", own_rule=True),  # a case of one of the board's pathways
    **dict.fromkeys(
        ("retention:list", "retention:schedules", "retention:holds", "retention:proposals", "retention:certificates"),
        Asks(C.MANAGE_RETENTION),
    ),
    **dict.fromkeys(("retention:record", "retention:hold"), Asks(C.MANAGE_RETENTION, "kept case")),
    "retention:lift": Asks(C.MANAGE_RETENTION, "hold"),
    "retention:proposal": Asks(C.MANAGE_RETENTION, "proposal"),
    "retention:certificate": Asks(C.MANAGE_RETENTION, "certificate"),
    **dict.fromkeys(("sharing:notices", "sharing:notice-choice"), Asks(SIGNED_IN)),
    "sharing:see-notice": Asks(SIGNED_IN, "notice", own_rule=True),
    **dict.fromkeys(("agreements:list", "agreements:try", "agreements:agreement"), Asks(C.READ_GUIDANCE)),
    "agreements:overrides": Asks(C.VIEW_CASES),
    "agreements:override": Asks(C.VIEW_CASES, "override"),
    "agreements:emergency": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "requests:list": Asks(C.VIEW_CASES),
    "requests:answer": Asks(C.RECORD_EVENTS, "request", own_rule=True),
    "requests:make-link": Asks(C.RECORD_EVENTS, "request", own_rule=True),
    "requests:withdraw-link": Asks(C.RECORD_EVENTS, "request", own_rule=True),
    "requests:ask": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "requests:of-case": Asks(C.VIEW_CASES, "case", own_rule=True),
    "requests:ask-held": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "requests:answer-link": Asks(PUBLIC, own_rule=True),  # the secret is what lets a person in
    "requests:offer": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "requests:hand-overs": Asks(C.VIEW_CASES),
    "requests:hand-over": Asks(C.VIEW_CASES, "hand-over", own_rule=True),
    "requests:withdraw-hand-over": Asks(C.RECORD_EVENTS, "hand-over", own_rule=True),
    "encompass:list": Asks(C.VIEW_CASES, own_rule=True),
    "encompass:new": Asks(C.RECORD_EVENTS, own_rule=True),
    "encompass:new-page": Asks(C.RECORD_EVENTS, own_rule=True),
    "encompass:notice": Asks(C.VIEW_CASES, "case", own_rule=True),
    **dict.fromkeys(("encompass:open", "encompass:find", "encompass:tell", "encompass:acted"),
                    Asks(C.RECORD_EVENTS, "case", own_rule=True)),
    **dict.fromkeys(("meetings:list", "meetings:figures", "meetings:new"), Asks(C.ATTEND_MEETINGS)),
    "meetings:arrange": Asks(C.RECORD_EVENTS, "case", own_rule=True),
    "meetings:meeting": Asks(C.ATTEND_MEETINGS, "meeting"),
    **dict.fromkeys(("meetings:record", "meetings:download"), Asks(C.ATTEND_MEETINGS, "meeting", own_rule=True)),
    **dict.fromkeys(
        ("meetings:change", "meetings:invite", "meetings:add-case", "meetings:attendance", "meetings:close", "meetings:issue"),
        Asks(C.ATTEND_MEETINGS, "meeting", own_rule=True),  # for the agency that holds it
    ),
    **dict.fromkeys(("meetings:answer", "meetings:uninvite"), Asks(C.ATTEND_MEETINGS, "seat", own_rule=True)),
    **dict.fromkeys(("meetings:page", "meetings:remove-case", "meetings:record-page"),
                    Asks(C.ATTEND_MEETINGS, "meeting page", own_rule=True)),
    "meetings:report": Asks(C.ATTEND_MEETINGS, "meeting report", own_rule=True),
    **dict.fromkeys(("scorecard:list", "scorecard:excel", "scorecard:page", "scorecard:indicator", "scorecard:indicator-excel",
                     "scorecard:indicator-page"),
                    Asks(C.VIEW_TOTALS)),
    "questions:list": Asks(SIGNED_IN),
    "questions:one": Asks(SIGNED_IN, "figure question"),
    "questions:ask": Asks(C.VIEW_TOTALS, own_rule=True),  # for the agencies that ask
    "comments:comment": Asks(C.VIEW_TOTALS, own_rule=True),  # for the agency that the figure concerns, and the analyst
    "subscriptions:list": Asks(C.VIEW_TOTALS),
    "subscriptions:end": Asks(C.VIEW_TOTALS, own_rule=True),  # one's own
    "collections:list": Asks(C.FILL_COLLECTIONS),
    **dict.fromkeys(("collections:one", "collections:download", "collections:check", "collections:bring"),
                    Asks(C.FILL_COLLECTIONS, "submission")),
    "collections:overview": Asks(C.CHECK_COLLECTIONS),
    "collections:ask": Asks(C.CHECK_COLLECTIONS),
    "collections:decide": Asks(C.CHECK_COLLECTIONS, "submission"),
    **dict.fromkeys(("marks:mark", "marks:take-off"), Asks(C.MARK_CHANGES)),
    **dict.fromkeys(("journeys:list", "capacity:list"), Asks(C.VIEW_TOTALS)),
    "chronology:child": Asks(C.VIEW_CASES, "person"),
    "chronology:export": Asks(C.RECORD_EVENTS, "person"),
    "chronology:subject-access": Asks(C.SUPERVISE, "person", own_rule=True),
    **dict.fromkeys(("access:home", "access:mine"), Asks(C.VIEW_CASES)),
    "access:why": Asks(C.VIEW_CASES, own_rule=True),
    "access:child": Asks(C.VIEW_CASES, "person", own_rule=True),
    "access:questions": Asks(C.VIEW_CASES, own_rule=True),
    "access:question": Asks(C.VIEW_CASES, "question", own_rule=True),
    "access:emergency": Asks(C.VIEW_CASES, own_rule=True),
    "access:emergency-used": Asks(C.VIEW_CASES, own_rule=True),
    "access:emergency-one": Asks(C.VIEW_CASES, "emergency", own_rule=True),
    "access:emergency-end": Asks(C.VIEW_CASES, "emergency", own_rule=True),
}  # fmt: skip

OPERATIONS: dict[str, Asks] = {
    "list_pathways": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    "read_pathway": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    "work_out_due_date": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    "run_case": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    **dict.fromkeys(
        ("list_indicators", "read_indicator", "list_journeys", "read_journey", "list_services", "read_service"),
        Asks(C.VIEW_TOTALS, task=Scope.READ_TOTALS),
    ),
    "comment_on_figure": Asks(C.VIEW_TOTALS, own_rule=True),
    "list_figures": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    "check_figures": Asks(C.READ_GUIDANCE, task=Scope.READ_GUIDANCE),
    "find_people": Asks(C.SEARCH_PEOPLE, task=Scope.SEARCH_PEOPLE),
    "register_person": Asks(C.REGISTER_PEOPLE, task=Scope.SEND_CONTACTS),
    "read_person": Asks(C.VIEW_CASES, "person", task=Scope.READ_CASES),
    "send_contact": Asks(C.RECORD_EVENTS, task=Scope.SEND_CONTACTS),
    "open_case": Asks(C.RECORD_EVENTS, task=Scope.RECORD_EVENTS),
    "read_case": Asks(C.VIEW_CASES, "case", task=Scope.READ_CASES),
    "prove_duty": Asks(C.VIEW_CASES, "case", task=Scope.READ_CASES),
    "record_event": Asks(C.RECORD_EVENTS, "case", own_rule=True, task=Scope.RECORD_EVENTS),
    "amend_event": Asks(C.RECORD_EVENTS, "event", own_rule=True, task=Scope.RECORD_EVENTS),
    "withdraw_event": Asks(C.RECORD_EVENTS, "event", own_rule=True, task=Scope.RECORD_EVENTS),
    "list_work": Asks(C.VIEW_CASES, task=Scope.READ_CASES),
    "list_requests": Asks(C.RECORD_EVENTS, task=Scope.ANSWER_REQUESTS),
    "read_request": Asks(C.RECORD_EVENTS, "request", own_rule=True, task=Scope.ANSWER_REQUESTS),
    "list_meetings": Asks(C.ATTEND_MEETINGS, task=Scope.REPORT_TO_MEETINGS),
    "read_meeting": Asks(C.ATTEND_MEETINGS, "meeting", task=Scope.REPORT_TO_MEETINGS),
    "send_meeting_report": Asks(C.ATTEND_MEETINGS, "meeting report", own_rule=True, task=Scope.REPORT_TO_MEETINGS),
    "answer_invitation": Asks(C.ATTEND_MEETINGS, "seat", own_rule=True, task=Scope.REPORT_TO_MEETINGS),
    "answer_request": Asks(C.RECORD_EVENTS, "request", own_rule=True, task=Scope.ANSWER_REQUESTS),
    "list_collections": Asks(C.FILL_COLLECTIONS, task=Scope.SEND_COLLECTIONS),
    "read_collection": Asks(C.FILL_COLLECTIONS, "submission", task=Scope.SEND_COLLECTIONS),
    "send_collection_values": Asks(C.FILL_COLLECTIONS, "submission", own_rule=True, task=Scope.SEND_COLLECTIONS),
}
