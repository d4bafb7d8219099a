"""Two who answer, open or accept at the same moment, on real connections: one is written, the other is told."""

from __future__ import annotations

from typing import Any

import pytest

from goldenthread.casework.models import Event
from goldenthread.casework.tests.test_at_once import together
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import SystemActor
from goldenthread.sharing.actions.answering import AnsweredBefore, AnswerRequest
from goldenthread.sharing.actions.asking import AskAgencies
from goldenthread.sharing.actions.climbing import ClimbRequests
from goldenthread.sharing.actions.hand_over import AnswerHandOver, OfferHandOver
from goldenthread.sharing.actions.links import AnswerByLink, LinkUnusable, MakeAnswerLink, OpenAnswerLink
from goldenthread.sharing.models import HandOver, Notice

from .exchange_place import WORKS, Exchange, exchange
from .test_climbing import made_late

pytestmark = pytest.mark.django_db(transaction=True)

HELD = {"holds": "nothing_held"}


@pytest.fixture
def here() -> Exchange:
    return exchange()


def test_two_answers_by_one_link_at_once_leave_one(here: Exchange) -> None:
    (request,) = AskAgencies(here.screener).run([here.case], [here.gp])
    secret = MakeAnswerLink(here.screener).run(request, "https://t.example").address.rstrip("/").rpartition("/")[2]

    def answer(name: str) -> Any:
        return lambda: AnswerByLink(SystemActor("one-time link")).run(secret, name, "Manager", HELD, {})

    found = together(answer("Ann"), answer("Ben"), answer("Cat"))
    assert len([one for one in found if isinstance(one, LinkUnusable)]) == 2, found
    assert Event.objects.filter(kind="agency_answered").count() == 1


def test_an_answer_by_account_and_one_by_link_at_once_leave_one(here: Exchange) -> None:
    (request,) = AskAgencies(here.screener).run([here.case], [here.gp])
    secret = MakeAnswerLink(here.screener).run(request, "https://t.example").address.rstrip("/").rpartition("/")[2]
    actor = here.actor(here.gp)
    found = together(
        lambda: AnswerByLink(SystemActor("one-time link")).run(secret, "Ann", "Manager", HELD, {}),
        lambda: AnswerRequest(actor).run([request], HELD),
    )
    assert len([one for one in found if isinstance(one, LinkUnusable | AnsweredBefore)]) == 1, found
    assert Event.objects.filter(kind="agency_answered").count() == 1


def test_opening_making_and_answering_at_once_lock_nobody_up(here: Exchange) -> None:
    (request,) = AskAgencies(here.screener).run([here.case], [here.gp])
    secret = MakeAnswerLink(here.screener).run(request, "https://t.example").address.rstrip("/").rpartition("/")[2]
    screener, actor = here.screener, here.actor(here.gp)
    system = SystemActor("one-time link")
    found = together(
        lambda: OpenAnswerLink(system).run(secret, "Ann", "Manager"),
        lambda: MakeAnswerLink(screener).run(request, "https://t.example"),
        lambda: AnswerRequest(actor).run([request], HELD),
        lambda: OpenAnswerLink(system).run(secret, "Ben", "Manager"),
    )
    others = [one for one in found if isinstance(one, Exception) and not isinstance(one, LinkUnusable | AnsweredBefore)]
    assert not others, others
    assert Event.objects.filter(kind="agency_answered").count() == 1


def test_an_offer_accepted_and_refused_at_once_has_one_answer(here: Exchange) -> None:
    offer = OfferHandOver(here.screener).run(here.case, here.gp, "refer", "Please weigh him every week.")
    actor = here.actor(here.gp, WORKS)
    found = together(
        lambda: AnswerHandOver(actor).run(offer, True, "", offer.version),
        lambda: AnswerHandOver(actor).run(offer, False, "He is not on our list any more.", offer.version),
    )
    assert len([one for one in found if isinstance(one, Invalid | Stale)]) == 1, found
    offer.refresh_from_db()
    assert offer.version == 2 and offer.state in (HandOver.State.ACCEPTED, HandOver.State.REFUSED)


def test_two_runs_of_climbing_at_once_tell_each_rung_once(here: Exchange) -> None:
    (request,) = AskAgencies(here.screener).run([here.case], [here.gp])
    made_late(request, hours=2)
    system = SystemActor("climbing")
    found = together(lambda: ClimbRequests(system).run(), lambda: ClimbRequests(system).run())
    assert sorted(found) == [0, 2], found
    assert Notice.objects.filter(kind="request.late").count() == 2
