"""Subscriptions: chosen and ended by oneself, told once of each new period, without a figure, and to nobody who has left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, User
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.nightly import tell_subscribed
from goldenthread.intelligence.subscriptions.actions import Subscribe
from goldenthread.intelligence.subscriptions.models import Subscription
from goldenthread.intelligence.tests.told import COUNTY, QUARTERS, scorecard, share
from goldenthread.sharing.models import Notice, NoticeChoice

LAST, BEFORE = QUARTERS[-1], QUARTERS[-2]
SCREENED = "contacts_screened_in_time"
SPRING, SUMMER = date(2026, 3, 20), date(2026, 5, 20)


def figures(folder: Path, as_of: date, may_leave: bool = True) -> None:
    scorecard(folder, shipped(), {
        (SCREENED, COUNTY): {BEFORE: share(90, 100), LAST: share(61, 97, may_leave=may_leave)},
        ("contacts", COUNTY): {"2025/26": 400.0},
    }, as_of)  # fmt: skip


@pytest.fixture(autouse=True)
def made(folder: Path) -> Path:
    figures(folder, SPRING)
    return folder


@pytest.fixture
def nurse(place: Partnership) -> Client:
    client = visitor(place, "Grace Okafor", "designated_nurse", place.health)
    User.objects.filter(pk=client.user.pk).update(email="grace@example.org")  # type: ignore[attr-defined]
    return client


def choose(client: Client, **more: str) -> Any:
    return client.post("/scorecard/subscriptions/", {"what": SCREENED, "area": COUNTY, "frequency": "quarter", **more})


def test_one_subscribes_and_is_told_once_when_there_is_a_new_period(
    nurse: Client, made: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.GT_SERVICE_ADDRESS = "https://thread.example/"
    assert choose(nurse).status_code == 302
    assert Subscription.objects.get().told == BEFORE
    assert JournalEntry.objects.filter(verb="subscriptions.subscribe").exists()
    page = words(nurse.get("/scorecard/subscriptions/"))
    assert "Contacts screened in time" in page and f"Told up to: {BEFORE}" in page and "and an email" in page
    assert tell_subscribed() == "0 people told of new figures, for 0 subscriptions"
    figures(made, SUMMER)
    with django_capture_on_commit_callbacks(execute=True):
        assert tell_subscribed() == "1 people told of new figures, for 1 subscriptions"
    notice = Notice.objects.get()
    assert notice.words == f"Figures of {LAST} are on the scorecard"
    assert notice.address.startswith(f"/scorecard/{SCREENED}/?area=")
    assert nurse.get(notice.address).status_code == 200 and notice.words in words(nurse.get("/notices/"))
    [sent] = mail.outbox
    assert sent.to == ["grace@example.org"] and "https://thread.example/notices/" in sent.body
    assert not any(figure in sent.body + sent.subject for figure in ("61", "62.9", "97", "Grace", "Contacts"))
    assert tell_subscribed().startswith("0 people")


def test_several_are_told_together(nurse: Client, made: Path) -> None:
    choose(nurse)
    choose(nurse, what="front_door")
    choose(nurse, what="", frequency="year")
    figures(made, SUMMER)
    assert tell_subscribed() == "1 people told of new figures, for 3 subscriptions"
    assert Notice.objects.get().words == "New figures are on the scorecard, for 3 of your subscriptions"


def test_a_period_of_which_nothing_is_told_is_no_news(nurse: Client, made: Path) -> None:
    choose(nurse)
    choose(nurse, what="child_protection")
    figures(made, SUMMER, may_leave=False)
    assert tell_subscribed().startswith("0 people")
    figures(made, SUMMER)
    assert tell_subscribed() == "1 people told of new figures, for 1 subscriptions"


@pytest.mark.parametrize("left", ["closed", "ended", "other role"])
def test_whoever_has_left_is_told_nothing(nurse: Client, made: Path, place: Partnership, left: str) -> None:
    choose(nurse)
    user = User.objects.get(username="grace.okafor")
    if left == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif left == "ended":
        Membership.objects.filter(user=user).update(ends=timezone.localdate() - timedelta(days=1))
    else:
        visitor(place, "Joe Kay", "police_officer", place.police)
        Membership.objects.filter(user=user).update(role=Membership.objects.get(user__username="joe.kay").role)
    figures(made, SUMMER)
    assert tell_subscribed() == (
        "0 people told of new figures, for 0 subscriptions; 1 people who no longer see the scorecard were not"
    )
    assert not Notice.objects.exists() and not mail.outbox


def test_who_chose_no_email_has_the_notice_alone(nurse: Client, made: Path, django_capture_on_commit_callbacks: Any) -> None:
    choose(nurse)
    NoticeChoice.objects.create(user=nurse.user, email="never")  # type: ignore[attr-defined]
    assert "You have chosen no email" in words(nurse.get("/scorecard/subscriptions/"))
    figures(made, SUMMER)
    with django_capture_on_commit_callbacks(execute=True):
        tell_subscribed()
    assert Notice.objects.count() == 1 and not mail.outbox


def test_one_ends_ones_own_and_no_other(nurse: Client, place: Partnership) -> None:
    choose(nurse)
    one = Subscription.objects.get()
    other = visitor(place, "Rhea View", "reviewing_officer", place.reviewing)
    assert other.post(f"/scorecard/subscriptions/{one.pk}/end/").status_code == 404
    assert "Contacts screened" not in words(other.get("/scorecard/subscriptions/")).split("Be told of new figures")[0]
    assert nurse.get(f"/scorecard/subscriptions/{one.pk}/end/").status_code == 302 and Subscription.objects.exists()
    assert nurse.post(f"/scorecard/subscriptions/{one.pk}/end/").status_code == 302 and not Subscription.objects.exists()


def test_what_is_not_there_or_there_already_is_refused_beside_its_question(nurse: Client) -> None:
    choose(nurse)
    for given, says in (
        ({}, "You have this subscription already"), ({"what": "allegation_contacts"}, "Choose a subject or a figure"),
        ({"area": "nowhere", "what": "contacts"}, "Choose an area"), ({"frequency": "month"}, "Choose how often"),
    ):  # fmt: skip
        answer = choose(nurse, **given)
        assert answer.status_code == 422 and says in words(answer)


def test_there_is_a_most_and_a_role_without_the_scorecard_has_none(place: Partnership, nurse: Client) -> None:
    actor = actor_for(nurse.user)  # type: ignore[attr-defined]
    names = [name for name, one in shipped().indicators.items() if not one.restricted]
    for name in names[: shipped().subscriptions.most]:
        Subscribe(actor).run(name, COUNTY, "quarter")
    with pytest.raises(Invalid, match="that is the most"):
        Subscribe(actor).run(names[-1], COUNTY, "quarter")
    with pytest.raises(NotAllowed):
        Subscribe(place.officer).run("", COUNTY, "quarter")


def test_pages_of_the_scorecard_lead_here_with_the_choice_made(nurse: Client) -> None:
    page = nurse.get(f"/scorecard/{SCREENED}/?area={COUNTY}").content.decode()
    assert f"what={SCREENED}" in page
    form = nurse.get(f"/scorecard/subscriptions/?what={SCREENED}&area={COUNTY}").content.decode()
    assert f'<option value="{SCREENED}" selected>' in form
