"""Every page of the service, as those who use it see it: accessible, whole at every width, and itself.

The addresses are read from the service: a page that nobody walks here fails the last test.
"""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from .axe import violations, wider_than_screen
from .hands import click, go_on, press
from .reckoning import months_after, today

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}
WALKED: dict[str, list[tuple[str, str]]] = {
    # who sees it: [(the address's name, the address with names from the cast)]
    "": [
        ("account_login", "/accounts/sign-in/"),
        ("account_reset_password", "/accounts/password/forgotten/"),
        ("account_reset_password_done", "/accounts/password/forgotten/sent/"),
        ("account_reset_password_from_key", "/accounts/password/forgotten/x-y/"),
        ("account_reset_password_from_key_done", "/accounts/password/forgotten/changed/"),
        ("account_inactive", "/accounts/closed/"),
        ("help", "/help/"),
        ("accessibility", "/accessibility/"),
        ("privacy", "/privacy/"),
        ("components", "/components/"),
        ("404", "/nowhere/"),
    ],
    "screener": [
        ("casework:front-door", "/front-door/"),
        ("casework:front-door", "/front-door/?column=new"),
        ("casework:contact", "/front-door/{contact[case]}/"),
        ("casework:contact-ask", "/front-door/{contact[case]}/ask/"),
        ("casework:contact-step", "/front-door/{contact[case]}/step/screened/"),
        ("casework:contact-step", "/front-door/{contact[case]}/step/agency_answered/"),
        ("casework:case", "/cases/{contact[case]}/"),
        ("casework:child", "/children/{contact[child]}/"),
        ("people:register", "/people/register/"),
        ("people:search", "/people/?q=olerenshaw"),
        ("people:search", "/people/?q=Xqwzyk+1+1+1931"),
        ("people:matches", "/people/matches/"),
        ("people:compare", "/people/{sharing[one]}/compare/{sharing[other]}/"),
        ("people:same-as", "/people/{sharing[one]}/same-as/"),
        ("people:joined", "/people/joined/{sharing[merge]}/"),
    ],
    "social.worker": [
        ("casework:my-work", "/my-work/"),
        ("casework:my-work", "/my-work/?whose=agency&when=later"),
        ("casework:case", "/cases/{long[case]}/"),
        ("casework:child", "/children/{long[child]}/"),
        ("casework:child", "/children/{long[child]}/?known_on={known_on}"),
        ("chronology:child", "/children/{long[child]}/chronology/"),
        ("chronology:export", "/children/{long[child]}/chronology/export/"),
        ("casework:proof", "/cases/{long[case]}/duties/{duty[0]}/{duty[1]}/"),
        ("casework:record", "/cases/{long[case]}/record/visited/"),
        ("casework:correct", "/cases/{two_at_once[case]}/events/{event}/correct/"),
        ("casework:withdraw", "/cases/{two_at_once[case]}/events/{event}/withdraw/"),
        ("casework:add-document", "/cases/{two_at_once[case]}/documents/add/"),
        ("casework:involve", "/cases/{two_at_once[case]}/involve/"),
        ("casework:new-case", "/people/{two_at_once[child]}/new-case/"),
        ("casework:open-case", "/people/{two_at_once[child]}/new-case/section_47/strategy_discussion/"),
        ("casework:organisations", "/organisations/"),
        ("casework:organisations", "/organisations/?q=school"),
        ("casework:organisation", "/organisations/lcc_csc/"),
        ("casework:new-case-about", "/organisations/lcc_csc/new-case/"),
        ("casework:open-case-about", "/organisations/lcc_csc/new-case/private_fostering_report/year_ended/"),
        ("people:details", "/people/{two_at_once[child]}/details/"),
        ("people:change", "/people/{two_at_once[child]}/change/"),
        ("people:add", "/people/{two_at_once[child]}/add/name/"),
        ("people:add", "/people/{two_at_once[child]}/add/identifier/"),
        ("people:add", "/people/{two_at_once[child]}/add/address/"),
        ("people:add", "/people/{two_at_once[child]}/add/professional/"),
        ("people:add", "/people/{two_at_once[child]}/add/warning/"),
        ("people:relative", "/people/{two_at_once[child]}/relatives/"),
        ("people:relative", "/people/{two_at_once[child]}/relatives/?q=ollerenshaw"),
        ("people:end-warning", "/people/{two_at_once[child]}/warnings/{warning}/end/"),
        ("access:mine", "/access/mine/"),
        ("access:emergency", "/access/emergency/"),
        ("drafts:save", "/drafts/"),
        ("account", "/accounts/"),
        ("sharing:notices", "/notices/"),
        ("sharing:notice-choice", "/notices/email/"),
        ("requests:offer", "/cases/{two_at_once[case]}/hand-over/"),
        ("requests:hand-overs", "/hand-overs/"),
        ("requests:hand-over", "/hand-overs/{sharing[hand_over]}/"),
        ("agreements:emergency", "/agreements/emergency/case/{two_at_once[case]}/"),
        ("account_change_password", "/accounts/password/"),
        ("account_logout", "/accounts/sign-out/"),
        ("account_reauthenticate", "/accounts/confirm/"),
        ("mfa_index", "/accounts/two-factor/"),
        ("403", "/administration/accounts/"),
    ],
    "team.manager": [
        ("casework:my-work", "/my-work/?unallocated=1"),
        ("casework:alerts", "/alerts/?whose=agency"),
        ("casework:disputes", "/disputes/"),
        ("casework:disputes", "/disputes/?settled=1"),
        ("register:list", "/actions/"),
        ("register:list", "/actions/?state=closed"),
        ("register:one", "/actions/{action[one]}/"),
        ("register:record", "/actions/{action[one]}/record/{action[kind]}/"),
        ("casework:caseloads", "/caseloads/"),
        ("casework:allocate", "/cases/{two_at_once[case]}/allocate/"),
        ("casework:looked", "/cases/{two_at_once[case]}/looked/"),
        ("casework:record", "/cases/{two_at_once[case]}/record/assessment_authorised/"),
        ("casework:contact-step", "/front-door/{contact[case]}/step/decided/"),
        ("chronology:subject-access", "/people/{long[child]}/subject-access/"),
        ("figures:list", "/figures/"),
        ("figures:checks", "/figures/checks/"),
        ("figures:table", "/figures/tables/{figure[panels]}/"),
        ("figures:table", "/figures/tables/{figure[bars]}/"),
        ("figures:table", "/figures/tables/{figure[plain]}/"),
        ("figures:one", "/figures/{figure[one]}/"),
        ("access:home", "/access/"),
        ("access:why", "/access/why/"),
        ("access:why", "/access/why/?record={long[child]}&day=1+1+2020"),
        ("access:child", "/access/child/{long[child]}/"),
        ("access:questions", "/access/questions/"),
        ("access:emergency-used", "/access/emergency/used/"),
        ("agreements:overrides", "/agreements/emergency/"),
        ("agreements:override", "/agreements/emergency/{sharing[override]}/"),
    ],
    "police.data": [
        ("collections:list", "/collections/"),
        ("collections:list", "/collections/?show=sent"),
        ("collections:one", "/collections/{collection[begun]}/"),
        ("collections:one", "/collections/{collection[begun]}/?wrong=1"),
        ("collections:one", "/collections/{collection[sent]}/"),
        ("collections:check", "/collections/{collection[begun]}/check/"),
    ],
    "door.manager": [
        ("boards:list", "/boards/"),
        ("boards:board", "/boards/marac/"),
        ("boards:board", "/boards/marac/?section=under_way"),
        ("boards:board", "/boards/missing/?worker=nobody"),
        ("boards:board", "/boards/missing/?section=episodes"),
        ("boards:board", "/boards/missing/?only=interviews_late"),
        ("boards:board", "/boards/allegations/"),
        ("boards:board", "/boards/allegations/?section=by_stage"),
        ("boards:board", "/boards/allegations/?section=by_stage&lane=tracked"),
        ("boards:board", "/boards/health-assessments/"),
        ("boards:board", "/boards/private-fostering/"),
        ("boards:board", "/boards/early-help-pending/"),
        ("boards:board", "/boards/custody/"),
        ("boards:board", "/boards/child-deaths/?section=gathering"),
        ("boards:board", "/boards/reviews-due/"),
        ("boards:board", "/boards/dols/"),
        ("boards:board", "/boards/provider-quality/"),
        ("boards:packs", "/boards/marac/packs/"),
        ("boards:pack", "/boards/child-deaths/{boards[child_death]}/"),
        ("boards:report", "/boards/missing/report/?q=Ellis+Ward"),
    ],
    "business.manager": [
        ("retention:list", "/retention/"),
        ("retention:record", "/retention/records/{old[record]}/"),
        ("retention:hold", "/retention/records/{old[record]}/hold/"),
        ("retention:holds", "/retention/holds/"),
        ("retention:lift", "/retention/holds/{old[hold]}/lift/"),
        ("retention:proposals", "/retention/proposals/"),
        ("retention:proposal", "/retention/proposals/{old[proposal]}/"),
        ("retention:certificates", "/retention/certificates/"),
        ("retention:certificate", "/retention/certificates/{old[certificate]}/"),
        ("retention:schedules", "/retention/schedules/"),
    ],
    "analyst": [
        ("collections:overview", "/collections/overview/"),
        ("collections:overview", "/collections/overview/?collection=district-housing"),
        ("collections:overview", "/collections/overview/?collection=trust-training"),
        ("collections:one", "/collections/{collection[waits]}/"),
        ("scorecard:list", "/scorecard/"),
        ("scorecard:list", "/scorecard/?subject=child_protection"),
        ("scorecard:indicator", "/scorecard/plan_rate/"),
        ("scorecard:indicator", "/scorecard/contacts_screened_in_time/?often=quarter&area=lancashire_12"),
        ("comments:comment", "/scorecard/contacts_screened_in_time/comment/?area=lancashire_12"),
        ("questions:list", "/scorecard/questions/"),
        ("questions:one", "/scorecard/questions/{question}/"),
        ("questions:ask", "/scorecard/plan_rate/ask/?area=lancashire_12"),
        ("subscriptions:list", "/scorecard/subscriptions/?what=plan_rate"),
        ("scorecard:indicator", "/scorecard/plan_visits_in_time/?area=lancashire_12"),
        ("marks:mark", "/scorecard/contacts/changes/new/?area=lancashire_12"),
        ("marks:take-off", "/scorecard/changes/{mark}/take-off/"),
        ("journeys:list", "/journeys/"),
        ("capacity:list", "/capacity/"),
        ("capacity:list", "/capacity/?service=review_records"),
    ],
    "reviewing.officer": [
        ("scorecard:list", "/scorecard/?subject=front_door"),
        ("scorecard:indicator", "/scorecard/contacts/"),
        ("journeys:list", "/journeys/?journey=from_referral"),
        ("capacity:list", "/capacity/?people=5"),
    ],
    "administrator": [
        ("agencies:organisations", "/administration/organisations/"),
        ("agencies:new-organisation", "/administration/organisations/new/"),
        ("agencies:organisation", "/administration/organisations/lcc_csc/"),
        ("agencies:close-organisation", "/administration/organisations/lcc_csc/close/"),
        ("agencies:new-team", "/administration/organisations/lcc_csc/teams/new/"),
        ("agencies:team", "/administration/organisations/lcc_csc/teams/{any_team}/"),
        ("agencies:users", "/administration/accounts/"),
        ("agencies:new-user", "/administration/accounts/new/"),
        ("agencies:user", "/administration/accounts/{worker}/"),
        ("agencies:change-user", "/administration/accounts/{worker}/details/"),
        ("agencies:new-membership", "/administration/accounts/{worker}/roles/new/"),
        ("agencies:membership", "/administration/accounts/{worker}/roles/{membership}/"),
        ("agencies:close-user", "/administration/accounts/{worker}/close/"),
        ("agencies:reset-two-factor", "/administration/accounts/{worker}/two-factor/"),
        ("agencies:sign-in-link", "/administration/accounts/{worker}/sign-in-link/"),
        ("agencies:roles", "/administration/roles/"),
        ("agencies:new-role", "/administration/roles/new/"),
        ("agencies:role", "/administration/roles/social_worker/"),
        ("guidance:list", "/guidance/"),
        ("guidance:pathway", "/guidance/pathway/section_47/"),
        ("guidance:meeting", "/guidance/meeting/review_conference/"),
        ("guidance:collection", "/guidance/collection/police_children/"),
        ("guidance:what-if", "/guidance/what-if/?length=15+working+days&from=21+12+2026"),
        ("guidance:what-if-case", "/guidance/what-if/section_47/"),
        ("guidance:arrangement", "/guidance/arrangement/lancashire/"),
        ("agreements:list", "/agreements/"),
        ("agreements:agreement", "/agreements/mash/"),
        ("agreements:try", "/agreements/try/?holder=police&receiver=school&purpose=tell_the_school"),
        ("agencies:tokens", "/administration/tokens/"),
        ("agencies:new-token", "/administration/tokens/new/"),
        ("agencies:withdraw-token", "/administration/tokens/{sharing[token]}/withdraw/"),
    ],
}
ELSEWHERE = {
    "home": "leads on to the first page of one's role",
    "agencies:administration": "leads on to its first section",
    "casework:new-contact": "leads on to its first page",
    "casework:new-contact-page": "walked while a contact is written, below",
    "casework:document": "sends a file",
    "boards:export": "sends a file",
    "drafts:discard": "takes a button's press alone",
    **{f"encompass:{name}": "test_journey_encompass" for name in ("list", "new", "new-page", "notice", "find", "tell", "acted")},
    "encompass:open": "takes a button's press alone",
    **{
        f"meetings:{name}": "test_journey_meetings"
        for name in (
            *("list", "figures", "new", "arrange", "meeting", "change", "invite", "add-case", "attendance", "close"),
            *("issue", "record", "answer", "page", "report"),
        )
    },
    **{f"meetings:{name}": "takes a button's press alone" for name in ("uninvite", "remove-case", "record-page")},
    "meetings:download": "sends a file",
    "collections:download": "sends a file",
    **{f"collections:{name}": "takes a button's press alone" for name in ("ask", "decide")},
    "collections:bring": "a workbook that is refused, below",
    **{f"requests:{name}": "test_journey_sharing" for name in ("list", "of-case", "ask", "answer", "answer-link", "make-link")},
    "requests:ask-held": "takes a button's press alone",
    "requests:withdraw-link": "takes a button's press alone",
    "requests:withdraw-hand-over": "takes a button's press alone",
    "subscriptions:end": "takes a button's press alone",
    "sharing:see-notice": "takes a button's press alone",
    **{f"access:{name}": "test_journey_emergency" for name in ("question", "emergency-one", "emergency-end")},
    "mfa_activate_totp": "test_journey_sign_in, test_frame",
    "mfa_authenticate": "test_journey_sign_in",
    "mfa_reauthenticate": "the same page as account_reauthenticate, with a code",
    "mfa_deactivate_totp": "refused where two-factor sign-in is required",
    "mfa_view_recovery_codes": "test_journey_sign_in",
    "mfa_generate_recovery_codes": "a button on mfa_view_recovery_codes",
    "register:export": "sends a file",
    **{f"scorecard:{name}": "sends a file" for name in ("excel", "page", "indicator-excel", "indicator-page")},
    **{f"figures:{name}": "sends a file" for name in ("download", "download-all")},
    "mfa_download_recovery_codes": "sends a file",
}


def wrong_with(page: Any) -> list[str]:
    """What is wrong with the page that is open, at both widths."""
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found += [f"at {size['width']}: {each}" for each in violations(page, contrast=size is WIDE)]
        if over := wider_than_screen(page):
            found.append(f"at {size['width']}: scrolls {over} pixels sideways")
    page.set_viewport_size(WIDE)
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    if page.locator("html").get_attribute("lang") != "en":
        found.append("no language")
    if page.locator("main#main-content").count() != 1:
        found.append("no main part for the skip link")
    ids = Counter(page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)"))
    if twice := [name for name, many in ids.items() if many > 1]:
        found.append(f"used twice as an id: {twice}")
    return [f"{page.url}: {each}" for each in found]


@pytest.mark.parametrize("who", WALKED)
def test_every_page_is_accessible_and_fits(sit: Any, service: Any, who: str) -> None:
    page = sit(who)
    names = {**service.cast, "known_on": months_after(today(), -2).isoformat()}
    found: list[str] = []
    titles: dict[str, str] = {}
    for expected, pattern in WALKED[who]:
        address = pattern.format(**names)
        status = page.goto(address).status
        if status != {"404": 404, "403": 403, "account_reset_password_from_key": status}.get(expected, 200):
            found.append(f"{address}: answered {status}")
        found += wrong_with(page)
        title = page.title()
        if not title.endswith(" – Golden Thread"):
            found.append(f"{address}: the title is {title!r}")
        if title in titles:
            found.append(f"{address}: has the same title as {titles[title]}: {title!r}")
        titles[title] = address
    assert found == []


def test_the_skip_link_leads_past_the_bar(sit: Any) -> None:
    page = sit("social.worker")
    page.goto("/my-work/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator(".govuk-skip-link").first.bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_each_page_of_a_new_contact_is_accessible(sit: Any) -> None:
    page = sit("police.officer")
    found = []
    page.goto("/front-door/new/")
    found += wrong_with(page)
    press(page, "Continue")
    found += wrong_with(page)  # refused: nobody is named
    page.get_by_label("Who is telling us?").select_option("Police")
    go_on(page)
    found += wrong_with(page)
    click(page.get_by_text("The child is not there"))
    click(page.get_by_role("button", name="Add this child"))
    found += wrong_with(page)  # refused: nothing was given
    for given in ("Lowenna", "Merryn"):
        if not page.get_by_label("First names").is_visible():
            click(page.get_by_text("The child is not there"))
        page.get_by_label("First names").fill(given)
        page.get_by_label("Family name").fill("Pascoe")
        page.get_by_label("District where the child is").select_option("Burnley")
        click(page.get_by_role("button", name="Add this child"))
    page.get_by_label("Find another child").fill("olerenshaw")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found += wrong_with(page)
    go_on(page)
    found += wrong_with(page)
    page.get_by_label("What are you worried about?").fill("Left alone at night.")
    go_on(page)
    found += wrong_with(page)
    press(page, "Throw it away")
    assert found == []


def test_a_form_with_errors_and_a_refusal_are_accessible(sit: Any, service: Any) -> None:
    page = sit("team.manager")
    found = []
    page.goto(f"/cases/{service.cast['wrong']['case']}/record/assessment_authorised/")
    press(page, "Record")
    found += wrong_with(page)
    page.goto(f"/cases/{service.cast['wrong']['case']}/allocate/")
    page.locator("#id_worker").select_option("")
    press(page, "Save")
    found += wrong_with(page)
    page.goto(f"/people/{service.cast['wrong']['child']}/change/")
    page.locator("input[name=born]").or_(page.locator("input[name=born-day]")).first.fill("soon")
    click(page.locator("main button[type=submit]").first)
    found += wrong_with(page)
    page.goto(f"/cases/{uuid.uuid4()}/")
    found += wrong_with(page)
    page = sit("police.data")
    form = f"/collections/{service.cast['collection']['begun']}/"
    page.goto(form)
    page.locator("input[name=value-incidents]").fill("many")
    press(page, "Save for later")
    found += wrong_with(page)
    page.goto(form)
    page.locator("#file").set_input_files({"name": "a.xlsx", "mimeType": "application/zip", "buffer": b"no workbook"})
    press(page, "Take the values")
    found += wrong_with(page)
    assert found == []


def test_no_page_is_left_out() -> None:
    def names(resolver: Any, space: str = "") -> set[str]:
        found = set()
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                if str(each.pattern).startswith("api/"):
                    continue  # answers programs
                inner = f"{space}{each.namespace}:" if each.namespace else space
                found |= names(each, inner)
            elif isinstance(each, URLPattern):
                found.add(f"{space}{each.name}")
        return found

    walked = {name for pages in WALKED.values() for name, _ in pages} | set(ELSEWHERE)
    assert names(get_resolver()) - walked == set()
