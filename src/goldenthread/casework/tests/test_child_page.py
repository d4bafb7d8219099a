"""The page of a child: what is shown, to whom, and what was known on a day without a word of what came later."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions import AmendEvent, WithdrawEvent
from goldenthread.casework.child_page import relation, tags
from goldenthread.casework.child_record import child_record
from goldenthread.casework.child_story import lateness, story_of
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.actions import AddProfessional, AddWarning, RelatePeople
from goldenthread.people.models import Relationship

from .front_door_people import ago, child, contact, manager, opened, recorded, signed_in, teacher
from .partnership import WORKER, Partnership, at, partnership


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


def page(client: Any, who: Any, query: str = "") -> Any:
    return client.get(reverse("casework:child", args=[who.pk]) + query)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def amira(place: Partnership) -> Any:
    """A plan since 16 June, one visit with her words, one late, and a contact before it."""
    who = child(place, sex="female")
    contact(place, who, at("2026-03-08 21:10"), child_said="I hid with Zayn.")
    plan = opened(place, "child_protection_plan", who, at("2026-06-16 12:00"), category="neglect")
    recorded(place, plan, "visited", date(2026, 6, 24), known=at("2026-06-25 09:00"), child_seen=True,
             child_said="I would like a lock on my door.")  # fmt: skip
    recorded(place, plan, "visited", date(2026, 8, 20), known=at("2026-08-20 18:00"), child_seen=True)
    who.plan = plan
    return who


def test_the_page_tells_what_is_due_the_thread_the_words_and_every_part(place: Partnership, amira: Any) -> None:
    answer = page(manager(place), amira)
    told = text_of(answer)
    assert answer.status_code == 200
    assert "Child protection plan: neglect" in told
    assert 'class="gt-thread gt-thread--wide"' in told and 'role="img"' in told and "See this as a table" in told
    assert "I would like a lock on my door." in told and "I hid with Zayn." in told
    assert "How was this worked out?" in told
    assert "County care" in told and "County police" in told
    assert JournalEntry.objects.filter(verb="child.view", subject_id=str(amira.pk)).count() == 1


def test_no_inline_styles_or_handlers(place: Partnership, amira: Any) -> None:
    told = page(manager(place), amira).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", told)


def test_a_child_one_may_not_see_is_as_one_who_does_not_exist(place: Partnership, amira: Any) -> None:
    stranger = signed_in(place, place.early_help, WORKER)
    hidden = page(stranger, amira)
    missing = stranger.get(reverse("casework:child", args=["00000000-0000-4000-8000-000000000000"]))
    assert hidden.status_code == missing.status_code == 404
    token = rb'name="csrfmiddlewaretoken" value="[^"]+"'
    assert re.sub(token, b"", hidden.content) == re.sub(token, b"", missing.content)
    assert not JournalEntry.objects.filter(verb="child.view").exists()


def test_a_restricted_child_is_hidden_from_those_who_may_not_view_them(place: Partnership) -> None:
    who = child(place, "Rita Restricted", restricted=True)
    assert page(teacher(place), who).status_code == 404


def test_an_agency_sees_only_the_cases_it_is_part_of(place: Partnership, amira: Any) -> None:
    told = text_of(page(teacher(place), amira))
    assert "Amira Hussain" in told
    assert "lock on my door" not in told and "neglect" not in told


def test_nothing_recorded_later_shows_as_known_on_a_day(place: Partnership, amira: Any) -> None:
    mum = child(place, "Nadia Hussain", date(1992, 8, 1))
    RelatePeople(place.system).run(amira, mum, "mother", starts=date(2026, 7, 15))
    raised = date(2026, 7, 20)
    AddWarning(place.system).run(amira, "Dog at the address", date(2027, 1, 3), organisation=place.care, raised_on=raised)
    AddProfessional(place.system).run(amira, place.health, "J. Okoro", "School nurse", starts=date(2026, 7, 21))
    late = recorded(place, amira.plan, "note_added", date(2026, 6, 20), known=at("2026-09-01 10:00"), text="Bruise seen in June")
    assert late
    august = str(amira.plan.events.get(occurred_on=date(2026, 8, 20)).pk)
    now = text_of(page(manager(place), amira))
    for told_now in ("Nadia Hussain", "Dog at the address", "J. Okoro", "Bruise seen in June", august):
        assert told_now in now
    then = text_of(page(manager(place), amira, "?known_on=2026-07-01"))
    assert "This is what was known on" in then
    assert "lock on my door" in then
    for later in ("Nadia Hussain", "Dog at the address", "J. Okoro", "Bruise seen in June", august):
        assert later not in then, later
    before = text_of(page(manager(place), amira, "?known_on=2026-06-24"))
    assert "lock on my door" not in before, "what happened on the 24th was told on the 25th"
    assert "Child protection plan: neglect" in before
    assert "Child protection plan" not in text_of(page(manager(place), amira, "?known_on=2026-05-01"))


def test_a_correction_is_not_known_before_it_was_made(place: Partnership, amira: Any) -> None:
    visit = amira.plan.events.get(kind="visited", occurred_on=date(2026, 6, 24))
    data = {**visit.data, "child_said": "I would like a key."}
    AmendEvent(place.system).run(visit, date(2026, 6, 23), data, "Wrong day and word")
    now = text_of(page(manager(place), amira))
    assert "I would like a key." in now and "Wrong day and word" in now and "lock on my door" not in now
    then = text_of(page(manager(place), amira, "?known_on=2026-09-30"))
    assert "lock on my door" in then and "I would like a key." not in then and "Wrong day and word" not in then


def test_words_of_an_event_that_did_not_happen_are_not_the_childs(place: Partnership, amira: Any) -> None:
    visit = amira.plan.events.get(kind="visited", occurred_on=date(2026, 6, 24))
    WithdrawEvent(place.system).run(visit, "Another child")
    record = child_record(place.system, amira)
    assert [one.words for one in record.said] == ["I hid with Zayn."]
    assert "withdrawn: it did not happen" in text_of(page(manager(place), amira))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?known_on=2099-01-01", "must be today or in the past"),
        ("?known_on=nonsense", "must be a real date"),
        ("?known_on-day=31&known_on-month=2&known_on-year=2026", "must be a real date"),
        ("?known_on-day=3", "must include"),
        ("?known_on=1999-01-01", "Nothing was known of Amira"),
    ],
)
def test_a_day_that_cannot_be_shown_is_said_in_words(place: Partnership, amira: Any, query: str, message: str) -> None:
    answer = page(manager(place), amira, query)
    assert answer.status_code == 422
    assert message in text_of(answer)


def test_earlier_and_later_days_lead_through_what_became_known(place: Partnership, amira: Any) -> None:
    told = text_of(page(manager(place), amira, "?known_on=2026-06-25"))
    assert "known_on=2026-06-16" in told and "known_on=2026-08-20" in told


def test_the_story_draws_levels_lateness_and_silence(place: Partnership, amira: Any) -> None:
    record = child_record(place.system, amira)
    story = story_of(record, "Amira")
    assert [(step.day, step.level) for step in story.levels] == [(date(2026, 6, 16), 4)]
    assert any(clock.late and clock.now for clock in story.clocks)
    police = next(lane for lane in story.lanes if lane.title == "Police")
    assert [tick.seen for tick in police.ticks] == [False]
    assert {gap.ongoing for gap in police.silences} == {True}
    assert story.level_titles[4] == "Specialist"


def test_lateness_is_said_in_days_and_hours(place: Partnership, amira: Any) -> None:
    record = child_record(place.system, amira)
    words = {lateness(duty, record.moment) for known in record.cases for duty in known.progress.duties if duty.late}
    assert words and all(re.search(r"\d+ (day|hour)s? late|not done|under an hour late", each) for each in words)


def test_a_short_period_leaves_out_what_came_before(place: Partnership, amira: Any) -> None:
    record = child_record(place.system, amira)
    assert story_of(record, "Amira", "life").first == amira.born
    assert story_of(record, "Amira", "6m").first >= timezone.localdate() - timedelta(184)


def test_brothers_and_sisters_are_named_as_they_are(place: Partnership, amira: Any) -> None:
    zayn = child(place, "Zayn Hussain", date(2022, 3, 3), sex="male")
    RelatePeople(place.system).run(amira, zayn, "sibling")
    contact(place, zayn, ago(hours=1))
    told = text_of(page(manager(place), amira))
    assert f'href="{reverse("casework:child", args=[zayn.pk])}"' in told and "brother, 4 years" in told
    row = Relationship.objects.get(person=amira, other=zayn)
    assert relation(row) == "Brother"


def test_a_warning_past_its_review_says_so(place: Partnership, amira: Any) -> None:
    AddWarning(place.system).run(amira, "Dog", date(2026, 3, 1), organisation=place.care, raised_on=date(2026, 1, 1))
    record = child_record(place.system, amira)
    tagged = tags(record, list(amira.warnings.all()))
    assert tagged[-1]["colour"] == "yellow" and "review was due" in tagged[-1]["text"]


def test_an_unborn_child_and_one_of_whom_nothing_is_known(place: Partnership) -> None:
    unborn = child(place, "Baby Collins", None, expected=timezone.localdate() + timedelta(days=80))
    told = text_of(page(teacher(place), unborn))
    assert "Not yet born, expected" in told and "Nothing is recorded here yet" in told
    nobody = child(place, "Sam Smith", None)
    assert "Date of birth not known" in text_of(page(teacher(place), nobody))


def test_a_child_who_has_died_is_as_old_as_they_were_then(place: Partnership, amira: Any) -> None:
    type(amira).objects.filter(pk=amira.pk).update(died=date(2025, 5, 13))
    assert "died Tuesday 13 May 2025 aged 7 years, born 14 May 2017" in text_of(page(manager(place), amira))


def test_a_long_life_asks_the_database_no_more(place: Partnership, amira: Any, django_assert_max_num_queries: Any) -> None:
    client = manager(place)
    day = date(2026, 8, 21)
    while day < date(2026, 11, 1):
        recorded(place, amira.plan, "visited", day, known=at(f"{day} 18:00"), child_seen=True, child_said="Fine.")
        day += timedelta(days=2)
    with django_assert_max_num_queries(36):
        answer = page(client, amira)
    assert answer.status_code == 200
    assert len(re.findall(r'<li id="event-', answer.content.decode())) <= 12
