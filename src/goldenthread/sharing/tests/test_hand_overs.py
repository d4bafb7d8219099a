"""Referrals and transfers: offered with a reason, accepted or refused with reasons, and the sender hears back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.tests.front_door_people import opened
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.people.models import Person, Precision
from goldenthread.sharing.actions.hand_over import AnswerHandOver, OfferHandOver, WithdrawHandOver
from goldenthread.sharing.actions.overrides import UseOverride
from goldenthread.sharing.models import HandOver, Notice
from goldenthread.sharing.policies import HandOverPolicy
from goldenthread.sharing.rulings import purpose_of, ruling_for

from .exchange_place import SCREENS, SUPERVISES, Exchange, exchange, fresh, page, signed_in, told

REASON = "Please weigh him every week and tell us at once if he misses a visit."
REFUSAL = "He moved to another practice in September; they have his records now."


@pytest.fixture
def here(db: Any) -> Exchange:
    return exchange()


@pytest.fixture
def plan(here: Exchange) -> Case:
    return opened(here.place, "child_in_need", here.case.subject, timezone.now())


def offered(here: Exchange, plan: Case, kind: str = "refer", receiver: Any = None, reason: str = REASON) -> HandOver:
    made: HandOver = OfferHandOver(here.actor(here.place.care)).run(plan, receiver or here.gp, kind, reason)
    return made


def test_the_receiver_reads_what_is_asked_and_no_more_of_the_case_until_it_accepts(here: Exchange, plan: Case) -> None:
    sender, receiver = here.client(here.place.care), here.client(here.gp)
    form = page("requests:offer", plan.pk)
    done = sender.post(form, {"kind": "refer", "receiver": "Hill Surgery", "reason": REASON})
    assert done.status_code == 302
    offer = HandOver.objects.get()
    shown = told(receiver.get(page("requests:hand-over", offer.pk)))
    assert "Kai Hartley" in shown and REASON in shown and "Do you accept it?" in shown
    assert receiver.get(page("casework:case", plan.pk)).status_code == 404
    assert REASON in told(receiver.get(page("requests:hand-overs")))
    notice = Notice.objects.get(kind="hand_over.offered")
    assert "Kai" not in notice.words and notice.organisation == here.gp
    accepted = receiver.post(page("requests:hand-over", offer.pk), {"accept": "yes", "answer": "Mondays.", "version": "1"})
    assert accepted.status_code == 302
    assert receiver.get(page("casework:case", plan.pk)).status_code == 200
    plan.refresh_from_db()
    assert plan.lead == here.place.care, "a referral leaves the lead where it was"


def test_a_grown_up_is_not_called_a_child(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    one, emergency = page("requests:hand-over", offer.pk), page("agreements:emergency", plan.pk)
    choice = {"way": "tells", "other": "Open Door", "purpose": purpose_of(plan)}
    sender, receiver = here.client(here.place.care), here.client(here.gp)
    assert "Child Kai Hartley" in told(receiver.get(one))
    assert "to keep the child safe" in told(sender.get(emergency, choice))
    Person.objects.filter(pk=plan.subject_id).update(born=date(1980, 5, 1), born_precision=Precision.DAY)
    assert "Adult Kai Hartley" in told(receiver.get(one)) and "Child Kai" not in told(receiver.get(one))
    assert "to keep the adult safe" in told(sender.get(emergency, choice))


def test_a_refusal_has_reasons_and_the_sender_hears_them(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    receiver, sender = here.client(here.gp), here.client(here.place.care)
    one = page("requests:hand-over", offer.pk)
    bare = receiver.post(one, {"accept": "no", "answer": "no", "version": "1"})
    assert bare.status_code == 422 and "Say why you refuse it" in told(bare)
    nothing = receiver.post(one, {"answer": REFUSAL, "version": "1"})
    assert nothing.status_code == 422 and REFUSAL in nothing.content.decode(), "what was typed is kept"
    assert receiver.post(one, {"accept": "no", "answer": REFUSAL, "version": "1"}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == HandOver.State.REFUSED and offer.heard_at is None
    assert not Involvement.objects.filter(case=plan, organisation=here.gp).exists()
    told_back = Notice.objects.get(kind="hand_over.answered")
    assert told_back.user == here.person(here.place.care) and "Kai" not in told_back.words
    assert "not read yet" in told(receiver.get(page("requests:hand-overs") + "?side=settled"))
    assert REFUSAL in told(sender.get(one)) and "Offer it to another agency" in told(sender.get(one))
    offer.refresh_from_db()
    assert offer.heard_at is not None


def test_a_transfer_makes_the_receiver_lead_and_owe_what_is_undone(here: Exchange, plan: Case) -> None:
    other = Organisation.objects.create(slug="other_care", title="Other council", kind="childrens_social_care")
    owed = Duty.objects.filter(case=plan, organisation=here.place.care, outcome__in=("open", "waiting")).count()
    assert owed
    offer = offered(here, plan, "transfer", other)
    AnswerHandOver(here.actor(other)).run(offer, True, "Allocated to the Pendle team.")
    plan.refresh_from_db()
    assert plan.lead == other and plan.worker is None and plan.team is None
    assert Duty.objects.filter(case=plan, organisation=other, outcome__in=("open", "waiting")).count() == owed
    assert CasePolicy.visible_to(here.actor(here.place.care)).filter(pk=plan.pk).exists(), "the sender stays part of it"


@pytest.mark.parametrize(
    ("kind", "receiver", "reason", "words"),
    [
        ("transfer", "hill_surgery", REASON, "not of a kind that leads such a case"),
        ("refer", "county_care", REASON, "another agency than your own"),
        ("refer", "hill_surgery", "short", "Say what you ask of them and why"),
        ("sell", "hill_surgery", REASON, "Choose whether you refer it or transfer it"),
    ],
)
def test_what_cannot_be_offered_is_said(here: Exchange, plan: Case, kind: str, receiver: str, reason: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        offered(here, plan, kind, Organisation.objects.get(slug=receiver), reason)
    assert not HandOver.objects.exists()


def test_an_agency_that_the_agreements_do_not_let_see_the_case_is_not_referred_to(here: Exchange, plan: Case) -> None:
    with pytest.raises(Invalid, match=r"No agreement.*In an emergency, share with it from the case’s page"):
        offered(here, plan, receiver=here.charity)
    client = here.client(here.place.care)
    sent = client.post(page("requests:offer", plan.pk), {"kind": "refer", "receiver": "Open Door", "reason": REASON})
    assert sent.status_code == 422 and "No agreement" in told(sent) and REASON in told(sent)
    assert not HandOver.objects.exists()
    sender, purpose = here.actor(here.place.care), purpose_of(plan)
    said = ruling_for(here.place.care, here.charity, purpose, plan)
    UseOverride(sender).run(plan, here.place.care, here.charity, purpose, "They hold the baby now, tonight.", said)
    assert offered(here, plan, receiver=here.charity).receiver == here.charity


def test_it_is_offered_once_to_each_and_not_to_one_who_is_part_of_it(here: Exchange, plan: Case) -> None:
    offered(here, plan)
    with pytest.raises(Invalid, match="offered to Hill Surgery already"):
        offered(here, plan)
    Involvement.objects.create(case=plan, organisation=here.place.police, since=timezone.now())
    with pytest.raises(Invalid, match="part of this case already"):
        offered(here, plan, receiver=here.place.police)


def test_strangers_can_neither_offer_nor_read_nor_answer(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    stranger = here.client(here.place.early_help)
    assert stranger.get(page("requests:offer", plan.pk)).status_code == 404
    assert stranger.get(page("requests:hand-over", offer.pk)).status_code == 404
    assert stranger.post(page("requests:withdraw-hand-over", offer.pk)).status_code == 404
    with pytest.raises(NotAllowed):
        AnswerHandOver(here.actor(here.place.early_help)).run(offer, True, "")
    with pytest.raises(NotAllowed):
        AnswerHandOver(here.actor(here.place.care)).run(offer, True, "")
    assert not HandOverPolicy.visible_to(here.actor(here.place.early_help)).exists()


def test_a_restricted_case_is_offered_only_to_those_who_may_view_such_cases(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    plain = here.person(here.gp, SUPERVISES)
    able = here.person(here.gp, (*SUPERVISES, "view_restricted"))
    Case.objects.filter(pk=plan.pk).update(restricted=True)
    assert not HandOverPolicy.visible_to(fresh(plain)).exists()
    assert HandOverPolicy.visible_to(fresh(able)).get() == offer
    assert signed_in(plain).get(page("requests:hand-over", offer.pk)).status_code == 404


def test_an_offer_read_before_it_changed_is_not_answered_blindly(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    HandOver.objects.filter(pk=offer.pk).update(version=2)
    with pytest.raises(Stale):
        AnswerHandOver(here.actor(here.gp)).run(offer, True, "", version=1)


def test_an_offer_may_be_withdrawn_until_it_is_answered(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    sender = here.client(here.place.care)
    assert sender.post(page("requests:withdraw-hand-over", offer.pk)).status_code == 302
    offer.refresh_from_db()
    assert offer.state == HandOver.State.WITHDRAWN
    with pytest.raises(Invalid, match="answered before"):
        AnswerHandOver(here.actor(here.gp)).run(offer, True, "")
    with pytest.raises(Invalid, match="answered before"):
        WithdrawHandOver(here.actor(here.place.care)).run(offer)


def test_the_time_to_answer_is_that_of_the_guidance(here: Exchange, plan: Case) -> None:
    offer = offered(here, plan)
    days = (timezone.localdate(offer.due_at) - timezone.localdate()).days
    assert 1 <= days <= 6, "one working day; over Christmas, six days later at the longest"


def test_a_screener_offers_a_contact_too(here: Exchange) -> None:
    client = here.client(here.place.care, SCREENS, "partnership")
    sent = client.post(page("requests:offer", here.case.pk), {"kind": "refer", "receiver": "Nobody", "reason": REASON})
    assert sent.status_code == 422 and "No other agency has that name" in told(sent)
