"""The board: who may see it, what its cards say and leave out, the most urgent first, and the five numbers."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.front_door import board_card, pills_of, short_names, time_left, title_of
from goldenthread.casework.queries import board
from goldenthread.casework.queries.board import Asked, Known
from goldenthread.casework.views.front_door import span_in_words
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.actions import RelatePeople
from goldenthread.people.models import Person

from .front_door_people import ago, child, contact, manager, opened, recorded, screener, teacher
from .partnership import Partnership, partnership

BOARD = "casework:front-door"


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


def told(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def known(sex: str = "", years: float | None = None, **more: Any) -> Known:
    today = date(2026, 11, 22)
    born = today - timedelta(days=int(years * 365.25) + 2) if years is not None else None
    return Known(Person(name="X", sex=sex, born=born, **more), today)


@pytest.mark.parametrize(
    ("people", "title"),
    [
        ([known("male", 12)], "Boy, 12"),
        ([known("female", 0.3)], "Girl, under 1"),
        ([known()], "Child"),
        ([known("", None, expected=date(2027, 2, 14))], "Unborn, due February"),
        ([known("female", 8), known("female", 5)], "Sisters, 5 and 8"),
        ([known("male", 8), known("male", 5), known("male", 2)], "Brothers, 2, 5 and 8"),
        ([known("male", 3), known("female", 0.5)], "Brother and sister, under 1 and 3"),
        ([known("male", 3), known("", 5)], "Children, 3 and 5"),
    ],
)
def test_a_card_says_who_without_a_name(people: list[Known], title: str) -> None:
    assert title_of(people) == title


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (41.5, "41 min left"), (130.5, "2 h 10 min left"), (180.5, "3 h left"), (-18, "18 min late"), (-61, "1 h 1 min late"),
        (60 * 30, "1 day left"), (60 * 24 * 3 + 1, "3 days left"), (60 * 14.6, "14 h left"),
    ],
)  # fmt: skip
def test_time_left_is_said_to_the_minute(minutes: float, words: str) -> None:
    now = datetime(2026, 11, 22, 10, 42, tzinfo=timezone.get_current_timezone())
    assert time_left(now + timedelta(minutes=minutes), now) == words
    assert time_left(None, now) == "no clock"


def test_a_span_is_said_in_words() -> None:
    assert [span_in_words(timedelta(minutes=each)) for each in (7, 112, 120, 60 * 80)] == ["7 min", "1 h 52 min", "2 h", "3 days"]


def test_what_became_of_asking_is_told_by_word_and_shape(place: Partnership) -> None:
    now = timezone.now()
    asked = [
        Asked(place.police, now, True, False, "", {"holds": "relevant_information"}),
        Asked(place.school, now, True, False, "", {"holds": "nothing_held"}),
        Asked(place.health, now, False, True, "", {}),
        Asked(place.care, now, True, False, "", {"holds": "more_time_needed"}),
    ]
    assert [(pill.agency, pill.state) for pill in pills_of(asked)] == [
        ("Police", "here"), ("School", "nothing"), ("Health", "late"), ("Social care", "waiting"),
    ]  # fmt: skip


def test_agencies_that_share_a_lane_keep_their_own_names(place: Partnership) -> None:
    names = short_names([place.care, place.reviewing, place.police])
    assert names[place.police.pk] == "Police"
    assert len(set(names.values())) == 3


def test_only_those_who_screen_see_the_board(place: Partnership) -> None:
    assert teacher(place).get(reverse(BOARD)).status_code == 403
    assert screener(place).get(reverse(BOARD)).status_code == 200


def test_the_board_leaves_names_out_and_marks_what_must_not_be_missed(place: Partnership) -> None:
    boy = child(place, "Kai Hartley", date.today() - timedelta(days=365 * 12 + 10), sex="male")
    contact(place, boy, ago(days=20), grade="medium")
    opened(place, "child_protection_plan", boy, ago(days=30), category="neglect")
    case = contact(place, boy, ago(minutes=20), grade="high", flags=["missing"])
    client = screener(place)
    page = client.get(reverse(BOARD))
    text = told(page)
    assert "Kai" not in text and "Hartley" not in text
    assert "Boy, 12" in text and reverse("casework:contact", args=[case.pk]) in text
    assert "Second contact in 30 days." in text and "Open: child protection plan." in text
    assert "Graded high" in text and "gt-contact--medium" in text
    entry = JournalEntry.objects.get(verb="front_door.view")
    assert str(case.pk) in entry.detail["cases"]


def test_the_most_urgent_stands_first_whenever_it_came(place: Partnership) -> None:
    calm = contact(place, child(place, "Ann One", sex="female"), ago(hours=3))
    urgent = contact(place, child(place, "Bob Two", sex="male"), ago(minutes=5), child_safe_now="no")
    columns = board(place.screener).columns
    assert [card.case.pk for card in columns[0].cards] == [urgent.pk, calm.pk]
    text = told(screener(place).get(reverse(BOARD)))
    assert text.index(str(urgent.pk)) < text.index(str(calm.pk))
    assert "Most urgent" in text


def test_brothers_and_sisters_who_came_together_share_a_card(place: Partnership) -> None:
    group = uuid.uuid4()
    one, other = child(place, "Ruby Duxbury", sex="female"), child(place, "Grace Duxbury", sex="female")
    RelatePeople(place.system).run(one, other, "sibling")
    for each in (one, other):
        contact(place, each, ago(minutes=30), group=group)
    card = board(place.screener).columns[0].cards[0]
    words = board_card(card, timezone.now())
    assert words.title.startswith("Sisters, 9 and 9") and len(card.cases) == 2


def test_the_board_is_narrowed_by_links(place: Partnership) -> None:
    girl = contact(place, child(place, "Ann One", sex="female"), ago(hours=5), source="school")
    boy = contact(place, child(place, "Bob Two", sex="male"), ago(minutes=5), source="police", child_safe_now="no")
    client = screener(place)

    def shown(query: str) -> set[str]:
        text = told(client.get(reverse(BOARD) + query))
        return {str(case.pk) for case in (girl, boy) if str(case.pk) in text}

    assert shown("") == {str(girl.pk), str(boy.pk)}
    assert shown("?urgency=1") == {str(boy.pk)}
    assert shown("?source=school") == {str(girl.pk)}
    assert shown("?waited=3h") == {str(girl.pk)}
    assert shown("?district=burnley") == {str(girl.pk), str(boy.pk)}
    assert shown("?district=lancashire_12") == set()
    assert shown("?column=new") == {str(girl.pk), str(boy.pk)}
    assert client.get(reverse(BOARD) + "?column=nowhere").status_code == 404


def test_a_long_column_is_cut_and_shown_whole_on_asking(place: Partnership) -> None:
    cases = [contact(place, child(place, f"Child Number{letter}"), ago(minutes=5)) for letter in "abcdefghijk"]
    client = screener(place)
    text = told(client.get(reverse(BOARD)))
    assert sum(str(case.pk) in text for case in cases) == 8
    assert "Show all 11" in text
    whole = told(client.get(reverse(BOARD) + "?column=new"))
    assert all(str(case.pk) in whole for case in cases)


def test_the_five_numbers_are_counted(place: Partnership) -> None:
    contact(place, child(place, "Ann One"), ago(minutes=10))
    contact(place, child(place, "Bob Two"), ago(days=9))
    done = contact(place, child(place, "Cas Three"), ago(hours=30))
    recorded(place, done, "decided", ago(hours=28), outcome="early_help", level_of_need="2", reasons="Help early.")
    text = told(screener(place).get(reverse(BOARD)))
    assert re.search(r"<strong><a [^>]*>1<span[^>]*> waiting more than 3 hours", text)
    assert re.search(r"<strong><a [^>]*>1<span[^>]*> waiting over 1 working day", text)
    assert "2 h</strong>" in text and "100%</strong>" in text


def test_an_empty_board_says_so(place: Partnership) -> None:
    text = told(screener(place).get(reverse(BOARD)))
    assert text.count("Nothing here") == 4
    assert "too few decided lately" in text


def test_agencies_answers_and_disagreement_show_on_the_board(place: Partnership) -> None:
    case = contact(place, child(place, "Omar Patel", sex="male"), ago(hours=6))
    recorded(place, case, "screened", ago(hours=5), priority="amber")
    for agency, level in ((place.police, "2"), (place.school, "3")):
        recorded(place, case, "agency_asked", ago(hours=5, minutes=-1), agency=agency.slug)
        recorded(
            place, case, "agency_answered", ago(hours=4), organisation=agency, agency=agency.slug,
            holds="relevant_information", view_of_level=level,
        )  # fmt: skip
    recorded(place, case, "ready_to_decide", ago(hours=3))
    text = told(manager(place).get(reverse(BOARD)))
    assert "2 of 2 answered. Seen differently: level 3 School; level 2 Police." in text
