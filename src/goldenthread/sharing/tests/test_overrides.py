"""Sharing in an emergency: a reason, what the agreements had said, a review with its clock, by somebody else; and the pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import today_boxes, visitor, words
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.sharing.actions.ending import WarnOfEnding
from goldenthread.sharing.actions.overrides import ReviewOverride, UseOverride
from goldenthread.sharing.decision import Verdict
from goldenthread.sharing.models import Notice, Override
from goldenthread.sharing.queries.overrides import standing, to_review
from goldenthread.sharing.rulings import consent_in, purpose_of, ruling_for

REASON = "He has taken the baby from the ward and the charity knows where he stays."
REVIEWED = {"outcome": "justified", "reasons": "The baby was in danger.", "family_told": "unsafe"}


@pytest.fixture
def place(db: Any) -> Partnership:
    """The small partnership on the guidance that is shipped."""
    return partnership()


@pytest.fixture
def charity(place: Partnership) -> Organisation:
    return Organisation.objects.create(slug="a_charity", title="Riverside Charity", kind="voluntary", area=place.county)


@pytest.fixture
def contact(place: Partnership) -> Case:
    child = place.child(given_name="Amira")
    made = OpenCase(place.system).run(
        "contact", child, timezone.now() - timedelta(hours=2), {"source": "school", "concern": "Bruises."}, lead=place.care
    )
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def used(place: Partnership, contact: Case, charity: Organisation) -> Override:
    decision = ruling_for(charity, place.care, purpose_of(contact), contact)
    return UseOverride(place.screener).run(contact, charity, place.care, purpose_of(contact), REASON, decision)


def test_the_agreements_are_asked_of_real_organisations(place: Partnership, contact: Case, charity: Organisation) -> None:
    assert purpose_of(contact) == "front_door_screening"
    police = ruling_for(place.police, place.care, purpose_of(contact), contact)
    assert (police.content.verdict, police.content.agreement, police.content.clause) == (Verdict.PERMIT, "mash", "3.1")
    refused = ruling_for(charity, place.care, purpose_of(contact), contact)
    assert (refused.existence.verdict, refused.existence.clause) == (Verdict.DENY, "4.1")
    assert ruling_for(place.care, place.care, "", contact).content.verdict is Verdict.PERMIT  # one's own information


def test_a_restricted_child_makes_every_ruling_about_her_one_of_a_restricted_record(
    place: Partnership, contact: Case
) -> None:
    contact.subject.restricted = True
    assert ruling_for(place.police, place.care, purpose_of(contact), contact).content.clause == "4.2"


def test_the_familys_agreement_to_early_help_is_read_from_the_events_as_corrected(place: Partnership) -> None:
    child = place.child()
    opened = OpenCase(place.system).run(
        "early_help", child, timezone.now() - timedelta(days=3), {"reasons": "Sleep."}, lead=place.early_help
    )
    case = Case.objects.get(pk=opened.pk)
    assert consent_in(case) is None
    asked = ruling_for(place.school, place.early_help, "early_help", case)
    assert (asked.existence.verdict, asked.content.verdict) == (Verdict.PERMIT, Verdict.REVIEW)
    RecordEvent(place.system).run(case, "consent_given", timezone.now(), {"sharing": "all_agencies"})
    assert consent_in(case) is True
    assert ruling_for(place.school, place.early_help, "early_help", case).content.verdict is Verdict.PERMIT
    # Agreement to the service opens nothing else, and its being withdrawn shuts nothing that rests on the law.
    assert ruling_for(place.police, place.care, "protect_from_harm", case).content.verdict is Verdict.PERMIT
    RecordEvent(place.system).run(
        Case.objects.get(pk=case.pk), "case_closed", timezone.now(), {"reason": "consent_withdrawn"}
    )
    assert consent_in(case) is False
    assert ruling_for(place.school, place.early_help, "early_help", case).content.verdict is Verdict.DENY
    assert ruling_for(place.police, place.care, "protect_from_harm", case).content.verdict is Verdict.PERMIT


def test_an_override_keeps_the_reason_and_what_the_agreements_had_said(used: Override) -> None:
    kept = Override.objects.get(pk=used.pk)
    assert kept.reason == REASON
    assert kept.ruling["content"]["verdict"] == "deny"
    assert (kept.ruling["content"]["agreement"], kept.ruling["content"]["clause"]) == ("mash", "4.1")
    assert kept.ends_at == kept.at + timedelta(hours=24)


def test_it_opens_a_review_led_by_social_care_with_a_clock_of_one_working_day(place: Partnership, used: Override) -> None:
    review = Case.objects.get(pk=used.review_id)
    assert (review.subject_id, review.lead_id, review.is_open) == (used.case.subject_id, place.care.pk, True)
    first = review.events.get(sequence=1)
    assert first.data["reason"] == REASON
    assert "clause 4.1" in first.data["clause"]
    duty = Duty.objects.get(case=review, duty="review")
    day = local_day(used.at)
    assert duty.due_on is not None and day < duty.due_on <= day + timedelta(days=6)
    assert duty.due_on.weekday() < 5


def test_supervisors_are_told_without_a_name(place: Partnership, used: Override) -> None:
    notice = Notice.objects.get(kind="override.review")
    assert notice.case_id == used.review_id
    assert "Hussain" not in notice.words
    assert all("Hussain" not in one.body for one in mail.outbox)


def test_it_is_journalled_by_ids_and_never_by_its_words(used: Override) -> None:
    entries = list(JournalEntry.objects.filter(verb="sharing.use_override"))
    assert {entry.subject_type for entry in entries} >= {"override", "case"}
    assert all("baby" not in str(entry.detail) for entry in JournalEntry.objects.all())


@pytest.mark.parametrize("reason", ["", "   ", "urgent", "x" * 5001])
def test_a_reason_that_nobody_could_judge_is_refused(
    place: Partnership, contact: Case, charity: Organisation, reason: str
) -> None:
    decision = ruling_for(charity, place.care, purpose_of(contact), contact)
    with pytest.raises(Invalid) as error:
        UseOverride(place.screener).run(contact, charity, place.care, purpose_of(contact), reason, decision)
    assert "reason" in error.value.errors
    assert not Override.objects.exists()


def test_none_is_needed_where_an_agreement_permits(place: Partnership, contact: Case) -> None:
    decision = ruling_for(place.police, place.care, purpose_of(contact), contact)
    with pytest.raises(Invalid, match="already lets this be shared"):
        UseOverride(place.screener).run(contact, place.police, place.care, purpose_of(contact), REASON, decision)


def test_nobody_shares_for_agencies_that_are_not_theirs(place: Partnership, contact: Case, charity: Organisation) -> None:
    decision = ruling_for(charity, place.school, purpose_of(contact), contact)
    with pytest.raises(Invalid) as error:
        UseOverride(place.screener).run(contact, charity, place.school, purpose_of(contact), REASON, decision)
    assert "holder" in error.value.errors


def test_nobody_uses_it_in_a_case_that_they_may_not_see(place: Partnership, contact: Case, charity: Organisation) -> None:
    decision = ruling_for(charity, place.police, purpose_of(contact), contact)
    with pytest.raises(NotAllowed):
        UseOverride(place.officer).run(contact, charity, place.police, purpose_of(contact), REASON, decision)
    assert not Override.objects.exists()


def test_it_stands_for_a_day_and_then_ends_by_itself(place: Partnership, used: Override) -> None:
    child, ours = [used.case.subject_id], [place.care.pk]
    assert list(standing(child, ours)) == [used]
    assert not standing(child, [place.police.pk]).exists()
    assert not standing(child, ours, used.ends_at).exists()
    assert not standing(child, ours, used.at - timedelta(seconds=1)).exists()


def test_nobody_reviews_what_they_shared_themselves(place: Partnership, contact: Case, charity: Organisation) -> None:
    manager = place.manager
    Involvement.objects.get_or_create(case=contact, organisation=place.care, defaults={"since": timezone.now()})
    decision = ruling_for(charity, place.care, purpose_of(contact), contact)
    own = UseOverride(manager).run(contact, charity, place.care, purpose_of(contact), REASON, decision)
    with pytest.raises(NotAllowed, match="somebody else"):
        ReviewOverride(manager).run(own, REVIEWED)
    with pytest.raises(NotAllowed, match="somebody else"):  # nor by the case's own pages
        RecordEvent(manager).run(Case.objects.get(pk=own.review_id), "override_reviewed", timezone.now(), REVIEWED)
    assert Case.objects.get(pk=own.review_id).is_open


def test_a_supervisor_who_did_not_share_it_reviews_it(place: Partnership, used: Override) -> None:
    assert list(to_review(place.manager)) == [used]
    ReviewOverride(place.manager).run(used, REVIEWED)
    assert not Case.objects.get(pk=used.review_id).is_open
    assert not to_review(place.manager).exists()


def test_a_review_that_finds_it_was_wrong_starts_the_clock_of_the_breach(place: Partnership, used: Override) -> None:
    ReviewOverride(place.manager).run(used, {**REVIEWED, "outcome": "not_justified"})
    duty = Duty.objects.get(case=used.review_id, duty="breach")
    assert duty.outcome == Duty.Outcome.OPEN
    assert duty.due_at is not None and abs(duty.due_at - timezone.now() - timedelta(hours=72)) < timedelta(minutes=5)


def test_somebody_without_the_role_does_not_review_it(place: Partnership, used: Override) -> None:
    with pytest.raises(NotAllowed):
        ReviewOverride(place.worker).run(used, REVIEWED)


def test_a_restricted_case_has_a_restricted_review(place: Partnership, contact: Case, charity: Organisation) -> None:
    Case.objects.filter(pk=contact.pk).update(restricted=True)
    held = Case.objects.get(pk=contact.pk)
    decision = ruling_for(charity, place.care, purpose_of(held), held)
    made = UseOverride(place.system).run(held, charity, place.care, purpose_of(held), REASON, decision)
    assert Case.objects.get(pk=made.review_id).restricted
    assert not to_review(place.manager).exists()  # who may not view restricted records does not learn of it


@pytest.fixture
def screener(place: Partnership) -> Client:
    return visitor(place, "Sana Begum", "front_door_screener", place.care)


@pytest.fixture
def manager(place: Partnership) -> Client:
    return visitor(place, "Tom Marsden", "team_manager", place.care, place.team)


def test_from_a_refusal_to_a_review_in_the_browser(
    place: Partnership, contact: Case, charity: Organisation, screener: Client, manager: Client
) -> None:
    start = f"/agreements/emergency/case/{contact.pk}/"
    assert "Who tells whom?" in words(screener.get(start))
    wrong = screener.get(start, {"way": "told", "other": "Nobody at all", "purpose": "front_door_screening"})
    assert wrong.status_code == 422 and "No agency is called that" in words(wrong)
    asked = f"{start}?way=told&other=Riverside+Charity&purpose=front_door_screening"
    page = words(screener.get(asked))
    assert "May not be shared" in page and "clause 4.1" in page
    assert screener.post(asked, {"reason": "now"}).status_code == 422
    assert not Override.objects.exists()
    sent = screener.post(asked, {"reason": REASON}, follow=True)
    made = Override.objects.get()
    assert "You may share it now, until" in words(sent)
    assert "You shared this, so somebody else reviews it." in words(screener.get(f"/agreements/emergency/{made.pk}/"))
    seen = manager.get(f"/agreements/emergency/{made.pk}/")
    assert REASON in words(seen) and "Review it" in words(seen)
    review = f"/cases/{made.review_id}/record/override_reviewed/"
    assert review in seen.content.decode()
    version = Case.objects.get(pk=made.review_id).version
    answer = manager.post(review, {**REVIEWED, **today_boxes(), "_version": str(version)})
    assert answer.status_code == 302, words(answer)
    assert "Nothing waits for review." in words(manager.get("/agreements/emergency/"))
    assert "Reviewed" in words(manager.get(f"/agreements/emergency/{made.pk}/"))


def test_where_an_agreement_permits_the_page_says_that_no_emergency_is_needed(
    place: Partnership, contact: Case, screener: Client
) -> None:
    asked = {"way": "told", "other": place.police.title, "purpose": "front_door_screening"}
    page = screener.get(f"/agreements/emergency/case/{contact.pk}/", asked)
    assert "No emergency is needed" in words(page) and "textarea" not in page.content.decode()


def test_the_pages_do_not_exist_for_those_who_may_not_know_of_the_case(
    place: Partnership, contact: Case, used: Override
) -> None:
    outsider = visitor(place, "Joe Kay", "police_officer", place.police)
    for address in (f"/agreements/emergency/case/{contact.pk}/", f"/agreements/emergency/{used.pk}/"):
        assert outsider.get(address).status_code == 404
    listed = words(outsider.get("/agreements/emergency/"))
    assert "Hussain" not in listed and "Nothing waits for review." in listed
    assert "Nothing waits for review." in words(outsider.get("/agreements/"))  # nor by a count


def test_agreements_are_read_on_any_day_and_asked_without_a_record(screener: Client) -> None:
    page = words(screener.get("/agreements/"))
    assert "Multi-agency safeguarding hub (MASH)" in page and "LADO" in page
    ended = words(screener.get("/agreements/channel/", {"on": "1 2 2027"}))
    assert "Ended on 8 January 2027. Nothing is shared under it any more." in ended
    assert screener.get("/agreements/unheard_of/").status_code == 404
    assert screener.get("/agreements/mash/", {"on": "31 2 2027"}).status_code == 422
    asked = {"holder": "voluntary", "receiver": "childrens_social_care", "purpose": "front_door_screening"}
    found = screener.get("/agreements/try/", asked)
    assert "May not be shared" in words(found) and "/agreements/mash/#clause-4.1" in found.content.decode()
    later = words(screener.get("/agreements/try/", {**asked, "holder": "police", "on": "1 5 2031"}))
    assert "ended on 30 April 2031" in later
    assert screener.get("/agreements/try/", {"holder": ""}).status_code == 422


def test_those_who_keep_an_agreement_are_warned_once_before_it_ends(place: Partnership) -> None:
    assert WarnOfEnding(place.system).run(day=date(2026, 11, 8)) == 0
    assert WarnOfEnding(place.system).run(day=date(2026, 11, 9)) == 1
    assert WarnOfEnding(place.system).run(day=date(2026, 11, 10)) == 0
    notice = Notice.objects.get(kind="agreement.ending")
    assert notice.organisation_id == place.care.pk
    assert "“Channel” ends on 8 January 2027" in notice.words
    assert WarnOfEnding(place.system).run(day=date(2027, 1, 9)) == 1
    assert Notice.objects.filter(kind="agreement.ended").count() == 1
