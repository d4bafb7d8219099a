"""The page of a case: what each role sees, as it was known on a day, who has looked, who works on it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from goldenthread.casework.actions import (
    AllocateCase,
    AmendEvent,
    InvolveOrganisation,
    OpenCase,
    RecordEvent,
    WithdrawEvent,
)
from goldenthread.casework.models import Case, Involvement
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import Person

from .partnership import Partnership
from .visitors import visitor, words


def day(days_ago: int) -> date:
    return datetime.now(LONDON).date() - timedelta(days=days_ago)


def moment(days_ago: int, hour: int = 10) -> datetime:
    return datetime.combine(day(days_ago), time(hour), LONDON)


def recorded(days_ago: int) -> Any:
    """Within this, it is midday so many days ago."""
    return mock.patch("django.utils.timezone.now", lambda: moment(days_ago, 12))


@pytest.fixture
def case(place: Partnership) -> Case:
    """Opened 30 days ago, visited 20 days ago, the visit corrected 10 days ago, one note withdrawn."""
    child = place.child(given_name="Amira")
    worker = place.worker
    with recorded(30):
        data = {"reasons": "Neglect", "held_at": "County Hall"}
        made = OpenCase(place.system).run("plan", child, moment(30), data, lead=place.care)
        AllocateCase(place.system).run(made, place.users["Rosa Whittle"], place.team)
    with recorded(20):
        visit = RecordEvent(worker).run(made, "visited", moment(20), {"child_seen": False, "child_said": "Go away."})
    with recorded(10):
        AmendEvent(worker).run(visit, moment(20), {"child_seen": True, "child_said": "Go away."}, "I ticked the wrong box.")
        review = RecordEvent(worker).run(Case.objects.get(pk=made.pk), "reviewed", moment(10), {})
    with recorded(9):
        WithdrawEvent(worker).run(review, "The review was another child's.")
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def rosa(place: Partnership, case: Case) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def at(case: Case, **query: str) -> str:
    return f"/cases/{case.pk}/?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_the_page_tells_who_it_is_about_what_is_due_and_what_can_happen_next(case: Case, rosa: Client) -> None:
    page = rosa.get(at(case))
    said, html = words(page), page.content.decode()
    assert page.status_code == 200
    for expected in ("Amira Hussain", case.reference, "Under way", "Rosa Whittle, Burnley 2", "Led by County care",
                     "Visit the child:", "Hold the conference:", "10 working days after visited"):  # fmt: skip
        assert expected in said
    assert said.index("What is due") < said.index("What happened next?") < said.index("What happened Reviewed")
    assert f'href="/cases/{case.pk}/record/visited/"' in html
    assert "health_seen" not in html  # for health to say


def test_a_child_who_has_died_is_as_old_as_they_were_then(case: Case, rosa: Client) -> None:
    Person.objects.filter(pk=case.subject_id).update(born=date(2017, 5, 14), died=date(2024, 5, 13))
    assert "died 13 May 2024 aged 6 years, born 14 May 2017" in words(rosa.get(at(case)))


def test_what_is_late_comes_first(case: Case, rosa: Client) -> None:
    said = words(rosa.get(at(case)))
    assert "Hold the conference: " in said and "Health sees the child: " in said
    assert said.index("days late Was due") < said.index("Health sees the child: ")


def test_a_correction_shows_old_and_new_with_its_reason_and_a_withdrawal_is_struck(case: Case, rosa: Client) -> None:
    page = rosa.get(at(case))
    said = words(page)
    assert "I ticked the wrong box." in said and "Child seen No Yes" in said
    assert "<del>No</del>" in page.content.decode()
    assert "Reviewed withdrawn: it did not happen" in said and "The review was another child's." in said


def test_the_childs_words_are_quoted_and_gathered(case: Case, rosa: Client) -> None:
    page = rosa.get(at(case))
    assert "In Amira’s words Go away." in words(page)
    assert page.content.decode().count('<blockquote class="gt-said"><p>Go away.</p>') == 2


def test_as_known_on_a_day_shows_only_what_was_recorded_by_then_and_nothing_can_be_recorded(case: Case, rosa: Client) -> None:
    known = day(15)
    page = rosa.get(at(case, known_on=known.isoformat()))
    said, html = words(page), page.content.decode()
    assert page.status_code == 200
    assert "This is the case as it was known at the end of" in said
    assert "Visited" in said and "Child seen No" in said and "Corrected" not in said and "Reviewed" not in said
    assert "/record/" not in html and "What happened next?" not in said and "Correct" not in said
    assert f"?known_on={known.isoformat()}" in html
    boxes = {"known_on-day": str(known.day), "known_on-month": str(known.month), "known_on-year": str(known.year)}
    assert "as it was known at the end of" in words(rosa.get(at(case, **boxes)))


def test_before_a_case_was_known_nothing_is_shown_as_known(case: Case, rosa: Client) -> None:
    page = rosa.get(at(case, known_on=day(40).isoformat()))
    assert page.status_code == 422 and "Nothing was known of this case on" in words(page)
    assert 'href="#known-on-day"' in page.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"known_on": "2999-01-01"}, "The date must be today or in the past"),
        ({"known_on": "nonsense"}, "The date must be a real date"),
        ({"known_on-day": "3", "known_on-month": "", "known_on-year": "2026"}, "The date must include a month"),
    ],
)
def test_a_day_that_cannot_be_shown_says_why(case: Case, rosa: Client, query: dict[str, str], message: str) -> None:
    page = rosa.get(at(case, **query))
    assert page.status_code == 422 and message in words(page)


def test_agencies_see_a_case_only_once_they_are_part_of_it(place: Partnership, case: Case) -> None:
    officer = visitor(place, "Joe Kay", "police_officer", place.police)
    assert officer.get(at(case)).status_code == 404
    InvolveOrganisation(place.system).run(case, place.police)
    page = officer.get(at(case))
    assert page.status_code == 200
    # what children's social care alone records is not offered to the police
    assert "What happened next?" not in words(page) and "Correct" not in words(page).split()
    nurse = visitor(place, "Ada Okoro", "designated_nurse", place.health)
    assert "Health seen" in words(nurse.get(at(case)))


def test_a_restricted_case_is_there_for_its_worker_and_nobody_else(place: Partnership, case: Case, rosa: Client) -> None:
    Case.objects.filter(pk=case.pk).update(restricted=True)
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    assert rosa.get(at(case)).status_code == 200 and "Restricted" in words(rosa.get(at(case)))
    assert tom.get(at(case)).status_code == 404


def test_every_look_is_journalled_and_supervisors_see_who_looked(place: Partnership, case: Case, rosa: Client) -> None:
    rosa.get(at(case))
    rosa.get(at(case, known_on=day(15).isoformat()))
    seen = JournalEntry.objects.filter(subject_type="case", subject_id=str(case.pk), user_id=rosa.user.pk)  # type: ignore[attr-defined]
    assert list(seen.filter(verb__startswith="case.view").order_by("sequence").values_list("verb", flat=True)) == [
        "case.view", "case.view_as_known",
    ]  # fmt: skip
    assert rosa.get(f"/cases/{case.pk}/looked/").status_code == 403
    assert "Who has looked" not in words(rosa.get(at(case)))
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    assert "Who has looked" in words(tom.get(at(case)))
    said = words(tom.get(f"/cases/{case.pk}/looked/"))
    assert "Rosa Whittle County care Read the case" in said and day(15).isoformat() in said
    assert "Who has looked" in said and "Tom Marsden" in said


def test_what_an_event_led_to_and_came_from_are_linked_where_one_may_see_them(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), day(2), {"source": "school"})
    RecordEvent(place.screener).run(concern, "decided", day(1), {"outcome": "plan", "reasons": "Neglect"})
    led_to = Case.objects.get(pathway="plan")
    rosa = visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)
    said = words(rosa.get(at(concern)))
    assert f"Led to Plan {led_to.reference}" in said and f"Opened Plan {led_to.reference}" in said
    assert "Nothing is due" in said or "nothing is due" in said
    assert f"Opened from Concern {concern.reference}" in words(rosa.get(at(led_to)))
    Case.objects.filter(pk=led_to.pk).update(restricted=True)
    assert led_to.reference not in words(rosa.get(at(concern)))


def test_another_persons_recording_is_not_announced_as_ones_own(place: Partnership, case: Case) -> None:
    event = case.events.filter(kind="visited").first()
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    assert "Recorded" not in words(tom.get(at(case, recorded=str(event.pk))))  # type: ignore[union-attr]
    assert tom.get(at(case, recorded="nonsense")).status_code == 200


# Who works on it ------------------------------------------------------------------------------------------------


def test_a_manager_gives_a_case_to_a_worker_who_then_finds_it_in_their_work(place: Partnership, case: Case) -> None:
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    wren = visitor(place, "Wren Fell", "social_worker", place.care, place.team)
    page = tom.get(f"/cases/{case.pk}/allocate/")
    assert "Wren Fell (0)" in words(page) and "Rosa Whittle (1)" in words(page)
    answer: Any = tom.post(f"/cases/{case.pk}/allocate/", {"worker": str(wren.user.pk), "team": ""}, follow=True)  # type: ignore[attr-defined]
    assert "The case is now with Wren Fell" in words(answer)
    case.refresh_from_db()
    assert case.worker == wren.user  # type: ignore[attr-defined]
    assert "Amira Hussain" in words(wren.get("/my-work/?whose=mine"))


def test_a_case_cannot_be_given_to_nobody_or_to_somebody_elsewhere(place: Partnership, case: Case) -> None:
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    officer = visitor(place, "Joe Kay", "police_officer", place.police)
    wrong = tom.post(f"/cases/{case.pk}/allocate/", {"worker": str(officer.user.pk), "team": ""})  # type: ignore[attr-defined]
    assert wrong.status_code == 422
    Case.objects.filter(pk=case.pk).update(team=None, worker=None)
    nobody = tom.post(f"/cases/{case.pk}/allocate/", {"worker": "", "team": ""})
    assert nobody.status_code == 422 and "Choose a worker or a team" in words(nobody)


def test_only_those_who_may_allocate_can(case: Case, rosa: Client) -> None:
    assert rosa.get(f"/cases/{case.pk}/allocate/").status_code == 403
    assert "Change who works on it" not in words(rosa.get(at(case)))


def test_an_organisation_becomes_part_of_a_case_by_its_name(place: Partnership, case: Case, rosa: Client) -> None:
    """No agreement speaks of this made-up pathway, so it takes a manager; what the worker typed is kept."""
    refused = rosa.post(f"/cases/{case.pk}/involve/", {"organisation": "Hill school"})
    assert refused.status_code == 422 and "Ask somebody who supervises" in words(refused)
    rosa = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    wrong = rosa.post(f"/cases/{case.pk}/involve/", {"organisation": "Hill scool"})
    assert wrong.status_code == 422 and 'value="Hill scool"' in wrong.content.decode()
    right: Any = rosa.post(f"/cases/{case.pk}/involve/", {"organisation": "hill school"}, follow=True)
    assert "Hill school is now part of this case" in words(right)
    assert Involvement.objects.filter(case=case, organisation=place.school).exists()
    assert visitor(place, "Ann Dale", "school_safeguarding_lead", place.school).get(at(case)).status_code == 200
