"""A late answer climbs: first the agency's supervisor, then the front door's manager, each told once; the contact says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from goldenthread.casework.models import Duty
from goldenthread.foundation.actor import SystemActor
from goldenthread.sharing.actions.asking import AskAgencies
from goldenthread.sharing.actions.climbing import ClimbRequests, climb
from goldenthread.sharing.actions.hand_over import OfferHandOver
from goldenthread.sharing.actions.links import MakeAnswerLink
from goldenthread.sharing.models import HandOver, Notice, Request

from .exchange_place import DECIDES, SCREENS, SUPERVISES, WORKS, Exchange, exchange, page, signed_in, told


@pytest.fixture
def here(db: Any) -> Exchange:
    return exchange()


def made_late(request: Request, hours: float) -> None:
    """As if the answer had been due so many hours ago."""
    due = timezone.now() - timedelta(hours=hours)
    Duty.objects.filter(triggered_by=request.event_id).update(due_at=due)


def asked(here: Exchange) -> Request:
    made: list[Request] = AskAgencies(here.screener).run([here.case], [here.gp])
    return made[0]


def run() -> int:
    return int(ClimbRequests(SystemActor("climbing")).run())


def test_nobody_is_told_before_the_answer_is_late(here: Exchange) -> None:
    asked(here)
    assert run() == 0 and not Notice.objects.filter(kind="request.late").exists()


def test_first_the_supervisor_of_the_agency_then_the_manager_at_the_front_door(here: Exchange) -> None:
    boss, gp = here.person(here.gp, SUPERVISES), here.person(here.gp, WORKS)
    manager = here.person(here.place.care, DECIDES, "partnership")
    request = asked(here)
    made_late(request, hours=0.5)
    assert run() == 1 and run() == 0, "each rung is told once"
    first = Notice.objects.get(kind="request.late")
    assert first.organisation == here.gp and first.capability == "supervise"
    late = "An answer that your agency owes is late"
    assert late in told(signed_in(boss).get(page("sharing:notices")))
    assert late not in told(signed_in(gp).get(page("sharing:notices")))
    made_late(request, hours=1.5)
    assert run() == 1
    second = Notice.objects.exclude(pk=first.pk).get(kind="request.late")
    assert second.organisation == here.place.care and second.capability == "decide_contacts"
    assert "has not answered" in told(signed_in(manager).get(page("sharing:notices")))
    request.refresh_from_db()
    assert request.climbed == 2 and run() == 0


def test_the_contact_and_the_list_say_who_was_told(here: Exchange) -> None:
    here.person(here.gp, SUPERVISES)
    here.person(here.place.care, DECIDES, "partnership")
    made_late(asked(here), hours=2)
    client = here.client(here.place.care, SCREENS, "partnership")
    shown = told(client.get(page("casework:contact", here.case.pk)))
    words = "Told that it is late: Hill Surgery: its supervisor; County care: the manager who decides at the front door."
    assert words in shown, "opening the page lets it climb: nobody has to wait for the night"
    assert "Hill Surgery: its supervisor" in told(client.get(page("requests:list") + "?side=asked"))
    assert "Hill Surgery: its supervisor" in told(client.get(page("requests:of-case", here.case.pk)))


def test_where_nobody_supervises_everyone_there_is_told_and_the_page_says_that(here: Exchange) -> None:
    here.person(here.gp, WORKS)
    made_late(asked(here), hours=0.5)
    client = here.client(here.place.care, SCREENS, "partnership")
    assert "Hill Surgery: everyone with an account" in told(client.get(page("casework:contact", here.case.pk)))


def test_an_agency_without_accounts_is_reminded_where_its_link_went_but_the_link_is_not_sent_again(here: Exchange) -> None:
    request = asked(here)
    secret = MakeAnswerLink(here.screener).run(request, "https://t.example", "desk@surgery.example").address
    made_late(request, hours=0.5)
    run()
    reminder = mail.outbox[-1]
    assert reminder.to == ["desk@surgery.example"] and secret not in reminder.body and "Kai" not in reminder.body
    client = here.client(here.place.care, SCREENS, "partnership")
    assert "Hill Surgery: reminded by email" in told(client.get(page("casework:contact", here.case.pk)))


def test_an_offer_that_nobody_answers_climbs_too(here: Exchange) -> None:
    boss = here.person(here.place.health, SUPERVISES)
    offer = OfferHandOver(here.screener).run(here.case, here.place.health, "refer", "Please weigh him every week.")
    assert climb() == 0
    HandOver.objects.filter(pk=offer.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert climb() == 1 and climb() == 0
    assert "has not been accepted or refused" in told(signed_in(boss).get(page("sharing:notices")))
    HandOver.objects.filter(pk=offer.pk).update(due_at=timezone.now() - timedelta(days=9))
    assert climb() == 1, "and then the supervisor who sent it"
