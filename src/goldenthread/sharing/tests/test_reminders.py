"""Reminders of duties: before, on and after the day, to whom they climb, never twice and never to who may not see the case."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from goldenthread.agencies.models import Membership, Team, User
from goldenthread.casework.models import Case, Duty
from goldenthread.casework.tests.front_door_people import ago, child, contact, recorded
from goldenthread.clocks.calendar import LONDON, end_of
from goldenthread.sharing.actions import reminder_mail
from goldenthread.sharing.actions.reminding import remind, would_tell
from goldenthread.sharing.models import Notice, NoticeChoice, Reminder, ReminderMail
from goldenthread.sharing.reminding import deciding

from .exchange_place import SUPERVISES, Exchange, exchange, page, signed_in, told

TUESDAY = datetime(2026, 9, 15, 9, 0, tzinfo=LONDON)


@pytest.fixture
def here(db: Any) -> Exchange:
    """The partnership with one open duty, owed by a worker in a team with a manager, in an agency with a lead."""
    found = exchange()
    Duty.objects.all().delete()
    return found


def worker(here: Exchange, team: Team | None = None, *, name: str = "worker", supervises: bool = False) -> User:
    user = here.person(here.place.care, SUPERVISES if supervises else ("view_cases", "record_events"), name=name)
    if team is not None:
        Membership.objects.filter(user=user).update(team=team)
    return user


def owed(here: Exchange, user: User | None, due: datetime, *, case: Case | None = None, **more: Any) -> Duty:
    given: dict[str, Any] = {
        "duty": "decide_amber", "ordinal": Duty.objects.count() + 1, "pathway": here.case.pathway, "outcome": "open",
        "triggered_on": due.date(), "due_on": due.date(), "due_at": end_of(due.date()), "soon_at": due - timedelta(days=3),
        "owner_kind": here.place.care.kind, "organisation": here.place.care, "worker": user, **more,
    }  # fmt: skip
    return Duty.objects.create(case=case or here.case, **given)


def heard(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user, kind__startswith="duty.").order_by("at", "pk").values_list("words", flat=True))


def test_a_duty_tells_its_owner_before_on_and_after_the_day_and_then_climbs(here: Exchange) -> None:
    team = Team.objects.create(organisation=here.place.care, title="Duty team")
    owner, manager = worker(here, team), worker(here, team, name="manager", supervises=True)
    lead = worker(here, name="lead", supervises=True)
    duty = owed(here, owner, TUESDAY, team=team)
    heard_on: dict[str, dict[str, int]] = {}
    for day in (-5, -2, 0, 1, 2, 3, 4, 14, 15, 30, 43, 44):
        remind(TUESDAY + timedelta(days=day))
        heard_on[f"{day}"] = {one.username: Reminder.objects.filter(user=one).count() for one in (owner, manager, lead)}
    counts = {day: tuple(one.values()) for day, one in heard_on.items()}
    # Due on Tuesday 15 September 2026: late by one working day at the end of Wednesday, by three at the end of Friday,
    # by ten at the end of Tuesday 29th; the lead again twenty working days after that, at the end of Tuesday 27 October.
    assert counts == {
        "-5": (0, 0, 0), "-2": (1, 0, 0), "0": (2, 0, 0), "1": (2, 0, 0), "2": (3, 0, 0), "3": (3, 0, 0), "4": (3, 1, 0),
        "14": (3, 1, 0), "15": (3, 1, 1), "30": (3, 1, 1), "43": (3, 1, 2), "44": (3, 1, 2),
    }  # fmt: skip
    assert [one.partition(": ")[2].partition(",")[0] for one in heard(owner)] == ["due soon", "due now", "late"]
    assert "nobody has answered it" in heard(manager)[0]
    assert duty.case.reference not in "".join(heard(owner))


def test_a_night_run_twice_tells_once(here: Exchange) -> None:
    owner = worker(here)
    owed(here, owner, TUESDAY)
    for _ in range(3):
        remind(TUESDAY)
    assert len(heard(owner)) == 1 and len(mail.outbox) == 1
    assert Reminder.objects.count() == 1 and ReminderMail.objects.get().sent_at is not None


def test_an_email_says_how_many_and_where_and_nothing_else(here: Exchange, settings: Any) -> None:
    settings.GT_SERVICE_ADDRESS = "https://thread.example/"
    owner = worker(here)
    owed(here, owner, TUESDAY)
    owed(here, owner, TUESDAY + timedelta(days=2))
    owed(here, owner, TUESDAY - timedelta(days=2))
    remind(TUESDAY)
    sent = mail.outbox[0]
    assert sent.to == [owner.email] and sent.subject == "3 duties need you in Golden Thread"
    assert "1 is due soon.\n1 is due now.\n1 is late." in str(sent.body)
    assert "https://thread.example/notices/" in str(sent.body)
    words = f"{sent.subject} {sent.body}".lower()
    for secret in (*here.case.subject.name.lower().split(), here.case.reference.lower(), "contact", "decide"):
        assert secret not in words


def test_many_at_once_are_told_together(here: Exchange) -> None:
    owner = worker(here)
    for _ in range(7):
        owed(here, owner, TUESDAY)
    remind(TUESDAY)
    assert heard(owner) == ["Of your duties: 7 due now"]
    owed(here, owner, TUESDAY)
    remind(TUESDAY)
    assert len(heard(owner)) == 2 and heard(owner)[1].endswith(": due now")


def test_a_duty_seen_late_for_the_first_time_is_told_of_once_to_each(here: Exchange) -> None:
    team = Team.objects.create(organisation=here.place.care, title="Duty team")
    owner, manager = worker(here, team), worker(here, team, name="manager", supervises=True)
    owed(here, owner, TUESDAY - timedelta(days=90), team=team)
    remind(TUESDAY)
    assert len(heard(owner)) == 1 and "late" in heard(owner)[0]
    assert len(heard(manager)) == 1, "as the team's manager and as the agency's lead, but once"


def test_a_duty_that_nobody_has_is_told_to_those_who_give_work_out(here: Exchange) -> None:
    manager, other = worker(here, name="manager", supervises=True), worker(here)
    owed(here, None, TUESDAY)
    remind(TUESDAY)
    assert heard(manager) and not heard(other)


def test_who_left_the_agency_or_may_no_longer_see_the_case_hears_nothing(here: Exchange) -> None:
    owner, manager = worker(here), worker(here, name="manager", supervises=True)
    duty = owed(here, owner, TUESDAY)
    Membership.objects.filter(user=owner).update(ends=timezone.localdate() - timedelta(days=1))
    remind(TUESDAY)
    assert not heard(owner) and heard(manager), "whoever stands in hears of it"
    assert [one.to for one in mail.outbox] == [[manager.email]]
    Case.objects.filter(pk=duty.case_id).update(restricted=True)
    told_of = would_tell(TUESDAY + timedelta(days=2))
    assert told_of.nobody == 1 and not told_of.people and "1 that nobody there may see" in told_of.words()
    remind(TUESDAY + timedelta(days=2))
    assert len(mail.outbox) == 1 and Reminder.objects.count() == 1


def test_a_case_closed_to_somebody_between_notice_and_email_is_in_no_count(here: Exchange, monkeypatch: Any) -> None:
    owner = worker(here)
    owed(here, owner, TUESDAY)
    hidden = contact(here.place, child(here.place, "Ada Brook"), ago(hours=2))
    Duty.objects.filter(case=hidden).delete()
    owed(here, owner, TUESDAY, case=hidden)
    failing(monkeypatch)
    remind(TUESDAY)
    assert not mail.outbox
    monkeypatch.undo()
    Case.objects.filter(pk=hidden.pk).update(restricted=True)
    remind(TUESDAY + timedelta(minutes=5))
    assert mail.outbox[0].subject == "1 duty needs you in Golden Thread"


def failing(monkeypatch: Any) -> None:
    def send(self: Any, messages: Any) -> int:
        raise SMTPServerDisconnected("the server went away, said kai@example.org")

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def test_a_mail_server_that_is_away_is_told_to_the_administrator_and_tried_again(
    here: Exchange, monkeypatch: Any, caplog: Any
) -> None:
    administrator = here.person(here.place.care, ("manage_users",), name="admin")
    owners = [worker(here, name=f"worker{number}") for number in range(reminder_mail.GIVE_UP_AFTER + 2)]
    for owner in owners:
        owed(here, owner, TUESDAY)
    failing(monkeypatch)
    first = remind(TUESDAY)
    assert first.posted.failed == reminder_mail.GIVE_UP_AFTER and first.posted.waiting == len(owners)
    notice = Notice.objects.get(user=administrator)
    assert notice.words.startswith(f"Email cannot be sent: {len(owners)} wait") and "@" not in caplog.text
    remind(TUESDAY + timedelta(minutes=15))
    assert Notice.objects.filter(user=administrator).count() == 1, "said once"
    monkeypatch.undo()
    again = remind(TUESDAY + timedelta(minutes=30))
    assert again.posted.sent == len(owners) and sorted(one.to[0] for one in mail.outbox) == sorted(one.email for one in owners)
    assert Notice.objects.get(user=administrator).seen_at is not None
    remind(TUESDAY + timedelta(minutes=45))
    assert len(mail.outbox) == len(owners)


def test_an_email_nobody_could_send_for_days_is_given_up(here: Exchange, monkeypatch: Any) -> None:
    owed(here, worker(here), TUESDAY)
    failing(monkeypatch)
    remind(TUESDAY)
    monkeypatch.undo()
    Duty.objects.all().delete()
    remind(TUESDAY + timedelta(days=10))
    assert not mail.outbox


def test_people_choose_how_email_tells_them_and_policy_may_forbid_it(here: Exchange) -> None:
    at_once, daily, never = (worker(here, name=one) for one in ("at_once", "daily", "never"))
    for user, choice in ((at_once, "immediately"), (never, "never")):
        client = signed_in(user)
        assert client.post(page("sharing:notice-choice"), {"email": choice}).status_code == 302
        assert client.post(page("sharing:notice-choice"), {"email": "by_pigeon"}).status_code == 422
        assert client.get(page("sharing:notice-choice")).content.count(b" checked") == 1
    for hour in range(2):
        for user in (at_once, daily, never):
            owed(here, user, TUESDAY)
        remind(TUESDAY + timedelta(hours=hour))
    to = [one.to[0] for one in mail.outbox]
    assert (to.count(at_once.email), to.count(daily.email), to.count(never.email)) == (2, 1, 0)
    assert all(len(heard(user)) == 2 for user in (at_once, daily, never)), "on the page in any case"
    remind(TUESDAY + timedelta(days=1))
    assert [one.to[0] for one in mail.outbox].count(daily.email) == 2, "the rest with the next day's"
    NoticeChoice.objects.create(user=daily, email="hourly")
    assert reminder_mail.choice_of(daily) == "daily", "a word that policy does not know"
    assert "Once a day" in told(signed_in(daily).get(page("account")))


def test_a_clock_in_hours_tells_within_the_hour(here: Exchange) -> None:
    owner, manager = worker(here), worker(here, name="manager", supervises=True)
    due = TUESDAY + timedelta(hours=3)
    owed(here, owner, due, due_at=due, soon_at=due - timedelta(minutes=30))
    for minutes, expected in ((-40, (0, 0)), (-20, (1, 0)), (1, (2, 0)), (59, (2, 0)), (61, (2, 1))):
        remind(due + timedelta(minutes=minutes))
        assert (len(heard(owner)), len(heard(manager))) == expected, minutes


def test_a_date_that_moves_begins_anew(here: Exchange) -> None:
    owner = worker(here)
    duty = owed(here, owner, TUESDAY)
    remind(TUESDAY)
    later = TUESDAY + timedelta(days=7)
    Duty.objects.filter(pk=duty.pk).update(due_on=later.date(), due_at=end_of(later.date()), soon_at=later)
    remind(TUESDAY + timedelta(hours=1))
    assert len(heard(owner)) == 1
    remind(later)
    assert len(heard(owner)) == 2


def test_what_was_told_is_dealt_with_once_the_duty_is_done(here: Exchange) -> None:
    case = contact(here.place, child(here.place, "Ada Brook"), ago(hours=2))
    duty = Duty.objects.filter(case=case, outcome="open").order_by("due_at").first()
    assert duty is not None and duty.due_at is not None
    manager = worker(here, name="manager", supervises=True)
    remind(duty.due_at + timedelta(minutes=1))
    notice = Notice.objects.filter(user=manager, case=case, seen_at=None).first()
    assert notice is not None
    recorded(here.place, case, "screened", ago(minutes=50), priority="amber")
    open_now = set(Duty.objects.filter(case=case, outcome="open").values_list("duty", flat=True))
    assert duty.duty not in open_now
    left = Reminder.objects.filter(notice__seen_at=None, case=case).values_list("duty", flat=True)
    assert duty.duty not in set(left)


def test_a_million_would_be_taken_a_batch_at_a_time(here: Exchange, monkeypatch: Any) -> None:
    owner = worker(here)
    for _ in range(9):
        owed(here, owner, TUESDAY)
    sizes = [len(batch.clocks) for batch in deciding.batches(TUESDAY, size=4)]
    assert sizes == [4, 4, 1]


def test_a_notice_leads_to_the_case_and_a_stranger_sees_none(here: Exchange) -> None:
    owner = worker(here)
    duty = owed(here, owner, TUESDAY)
    remind(TUESDAY)
    assert "due now" in told(signed_in(owner).get(page("sharing:notices")))
    notice = Notice.objects.get(user=owner)
    assert notice.address.startswith(page("casework:case", UUID(str(duty.case_id))))
    assert "due now" not in told(signed_in(here.person(here.gp)).get(page("sharing:notices")))
