"""Notices and their emails: for whom they are, and never of a case that one may not know of."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from goldenthread.agencies.models import User
from goldenthread.casework.models import Case, Involvement
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import SystemActor
from goldenthread.sharing.actions.notices import MailNotices, Notify, SeeNotice
from goldenthread.sharing.models import Notice
from goldenthread.sharing.policies import NoticePolicy
from goldenthread.sharing.queries.notices import how_many_wait

from .exchange_place import SUPERVISES, WORKS, Exchange, exchange, fresh, page, signed_in, told

SYSTEM = SystemActor("tests")
WORDS = "Something waits"


@pytest.fixture
def here(db: Any) -> Exchange:
    return exchange()


def give(**more: Any) -> Notice:
    made = Notify(SYSTEM).run("tests.notice", WORDS, **more)
    assert made is not None
    return made


def sees(user: User) -> bool:
    return NoticePolicy.visible_to(fresh(user)).exists()


def test_a_supervisor_of_another_agency_sees_no_notice_of_a_case_they_may_not_know_of(here: Exchange) -> None:
    other = here.person(here.gp, SUPERVISES)
    give(organisation=here.place.care, capability="supervise", case=here.case)
    assert not sees(other)
    give(organisation=here.gp, capability="supervise", case=here.case)
    assert not sees(other), "for their own agency, but of a case that it is no part of"
    Involvement.objects.create(case=here.case, organisation=here.gp, since=here.case.opened_at)
    assert NoticePolicy.visible_to(fresh(other)).count() == 1, "their own agency's only"


def test_one_who_supervises_elsewhere_is_no_supervisor_here(here: Exchange) -> None:
    both = here.person(here.gp, SUPERVISES, name="both")
    here.also(both, here.place.police, WORKS)
    here.person(here.place.police, SUPERVISES)
    give(organisation=here.place.police, capability="supervise")
    assert not sees(both)
    here.also(both, here.place.police, SUPERVISES)
    assert sees(both)


def test_a_restricted_case_is_in_no_count_list_or_email_of_those_outside(here: Exchange) -> None:
    user = here.person(here.place.police, SUPERVISES)
    give(organisation=here.place.police, capability="supervise", case=here.case)
    assert how_many_wait(fresh(user)) == "1"
    Case.objects.filter(pk=here.case.pk).update(restricted=True)
    assert how_many_wait(fresh(user)) == "" and "Nothing waits for you" in told(signed_in(user).get(page("sharing:notices")))
    MailNotices(SYSTEM).run()
    assert not mail.outbox


def test_the_bar_counts_what_waits_and_marking_it_as_seen_takes_it_away(here: Exchange) -> None:
    user = here.person(here.gp)
    notice = give(user=user, address="/requests/")
    client = signed_in(user)
    assert "Notices 1 waiting" in told(client.get(page("sharing:notices")))
    stranger = signed_in(here.person(here.place.police))
    assert stranger.post(page("sharing:see-notice", notice.pk)).status_code == 404
    assert client.post(page("sharing:see-notice", notice.pk)).status_code == 302
    assert "Notices 1" not in told(client.get(page("sharing:notices")))
    assert WORDS in told(client.get(page("sharing:notices") + "?seen=1"))


def test_a_colleague_who_saw_it_first_is_named(here: Exchange) -> None:
    first, second = here.person(here.gp, name="Ann"), here.person(here.gp, name="Ben")
    notice = give(organisation=here.gp)
    SeeNotice(fresh(first)).run(notice)
    SeeNotice(fresh(second)).run(notice)
    assert Notice.objects.get().seen_by == first
    assert "Seen by Test Ann" in told(signed_in(second).get(page("sharing:notices") + "?seen=1"))


def test_a_notice_that_names_the_person_is_refused(here: Exchange) -> None:
    with pytest.raises(Invalid, match="must not name"):
        Notify(SYSTEM).run("tests.notice", "Please ring about Kai today", organisation=here.gp, case=here.case)


def test_a_notice_is_for_an_agency_or_a_person(here: Exchange) -> None:
    with pytest.raises(Invalid):
        Notify(SYSTEM).run("tests.notice", WORDS)
    with pytest.raises(Invalid):
        Notify(SYSTEM).run("tests.notice", WORDS, organisation=here.gp, user=here.person(here.gp))


def test_the_same_is_told_once_where_once_is_enough(here: Exchange) -> None:
    give(organisation=here.gp, address="/agreements/mash/", once=True)
    assert Notify(SYSTEM).run("tests.notice", WORDS, organisation=here.gp, address="/agreements/mash/", once=True) is None


def test_an_email_is_sent_once_and_one_that_fails_is_tried_again(here: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    user = here.person(here.gp)
    give(user=user)

    def refuse(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.message.EmailMessage.send", refuse)
        assert MailNotices(SYSTEM).run() == 0
    assert MailNotices(SYSTEM).run() == 1 and MailNotices(SYSTEM).run() == 0
    assert [one.to for one in mail.outbox] == [[user.email]] and WORDS in mail.outbox[0].body
