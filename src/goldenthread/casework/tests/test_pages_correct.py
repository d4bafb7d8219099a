"""Correcting the record: always a reason, old and new side by side first, only by those whose record it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import InvolveOrganisation, OpenCase, RecordEvent
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.models import Draft

from .partnership import Partnership
from .visitors import values, visitor, words


@pytest.fixture
def visit(place: Partnership) -> Event:
    day = timezone.localdate() - timedelta(days=9)
    data = {"reasons": "Neglect", "held_at": "County Hall"}
    case = OpenCase(place.system).run("plan", place.child(given_name="Amira"), day, data, lead=place.care)
    event: Event = RecordEvent(place.worker).run(
        case, "visited", day + timedelta(days=2), {"child_seen": True, "child_said": "It is loud here."}
    )
    return event


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def correct(event: Event) -> str:
    return f"/cases/{event.case_id}/events/{event.pk}/correct/"


def withdraw(event: Event) -> str:
    return f"/cases/{event.case_id}/events/{event.pk}/withdraw/"


def changed(client: Client, event: Event, **changes: Any) -> dict[str, Any]:
    return {**values(client.get(correct(event))), **changes}


def test_a_correction_is_looked_at_and_then_saved_as_a_later_event(visit: Event, rosa: Client) -> None:
    filled = values(rosa.get(correct(visit)))
    assert (filled["child_seen"], filled["child_said"]) == (["yes"], ["It is loud here."])
    check = rosa.post(correct(visit), {**filled, "child_seen": "no", "_reason": "He was at school."})
    said = words(check)
    assert check.status_code == 200 and "Check your correction" in said and "Child seen Yes No" in said
    assert "He was at school." in said and not Event.objects.filter(amends=visit).exists()
    answer = rosa.post(correct(visit), {**values(check), "_step": "save"})
    amended = Event.objects.get(amends=visit)
    assert answer.status_code == 302 and answer.headers["Location"].endswith(f"#event-{visit.pk}")
    assert amended.data == {"child_seen": False, "child_said": "It is loud here."}
    assert amended.reason == "He was at school."
    visit.refresh_from_db()
    assert visit.data["child_seen"] is True
    assert not Draft.objects.exists()
    assert values(rosa.get(correct(visit)))["child_seen"] == ["no"]


def test_a_correction_needs_a_reason_and_a_change_and_keeps_what_was_typed(visit: Event, rosa: Client) -> None:
    without = rosa.post(correct(visit), changed(rosa, visit, child_said="It was loud there."))
    assert without.status_code == 422 and "Enter the reason for the correction" in words(without)
    assert values(without)["child_said"] == ["It was loud there."]
    assert values(rosa.get(correct(visit)))["child_said"] == ["It was loud there."]
    rosa.post(correct(visit), {"_step": "discard"})
    same = rosa.post(correct(visit), changed(rosa, visit, _reason="No reason"))
    assert same.status_code == 422 and "Nothing has been changed" in words(same)
    long = rosa.post(correct(visit), changed(rosa, visit, child_seen="no", _reason="x" * 2001))
    assert long.status_code == 422 and "2,000 characters or fewer" in words(long)
    assert not Event.objects.filter(amends=visit).exists()


def test_one_may_go_back_from_looking_to_editing(visit: Event, rosa: Client) -> None:
    check = rosa.post(correct(visit), changed(rosa, visit, child_seen="no", _reason="He was at school."))
    page = rosa.post(correct(visit), {**values(check), "_step": "edit"})
    assert (values(page)["child_seen"], values(page)["_reason"]) == (["no"], ["He was at school."])


def test_a_correction_to_a_day_before_the_case_began_is_refused(visit: Event, rosa: Client) -> None:
    day = timezone.localdate() - timedelta(days=30)
    boxes = {"occurred-day": day.day, "occurred-month": day.month, "occurred-year": day.year}
    check = rosa.post(correct(visit), changed(rosa, visit, _reason="Wrong day", **boxes))
    answer = rosa.post(correct(visit), {**values(check), "_step": "save"})
    assert answer.status_code == 422 and not Event.objects.filter(amends=visit).exists()
    assert 'href="#q-occurred-day"' in answer.content.decode()


def test_someone_else_writing_is_shown_before_a_correction_is_saved(place: Partnership, visit: Event, rosa: Client) -> None:
    check = rosa.post(correct(visit), changed(rosa, visit, child_seen="no", _reason="He was at school."))
    RecordEvent(place.worker).run(Case.objects.get(pk=visit.case_id), "reviewed", timezone.localdate(), {})
    stale = rosa.post(correct(visit), {**values(check), "_step": "save"})
    said = words(stale)
    assert stale.status_code == 409 and "Reviewed" in said and "He was at school." in said
    again = rosa.post(correct(visit), values(stale))
    assert "Check your correction" in words(again)
    assert rosa.post(correct(visit), {**values(again), "_step": "save"}).status_code == 302
    assert Event.objects.get(amends=visit).sequence == 4


def test_an_event_recorded_by_mistake_is_withdrawn_with_a_reason(visit: Event, rosa: Client) -> None:
    page = values(rosa.get(withdraw(visit)))
    without = rosa.post(withdraw(visit), page)
    assert without.status_code == 422 and 'href="#reason"' in without.content.decode()
    assert rosa.post(withdraw(visit), {**page, "_reason": "Another family."}).status_code == 302
    assert Event.objects.get(amends=visit).withdrawn
    assert rosa.get(correct(visit)).status_code == 403


def test_a_withdrawal_too_shows_what_was_recorded_meanwhile(place: Partnership, visit: Event, rosa: Client) -> None:
    page = values(rosa.get(withdraw(visit)))
    RecordEvent(place.worker).run(Case.objects.get(pk=visit.case_id), "reviewed", timezone.localdate(), {})
    stale = rosa.post(withdraw(visit), {**page, "_reason": "Another family."})
    assert stale.status_code == 409 and "Someone else recorded something" in words(stale)
    assert values(stale)["_reason"] == ["Another family."]
    assert rosa.post(withdraw(visit), values(stale)).status_code == 302


def test_the_event_that_opened_the_case_cannot_be_withdrawn_while_others_stand(visit: Event, rosa: Client) -> None:
    first = visit.case.events.get(sequence=1)
    answer = rosa.post(withdraw(first), {**values(rosa.get(withdraw(first))), "_reason": "Wrong child."})
    assert answer.status_code == 422 and "Withdraw them first" in words(answer)


def test_only_the_agency_that_recorded_it_or_leads_may_correct(place: Partnership, visit: Event) -> None:
    InvolveOrganisation(place.system).run(visit.case, place.police)
    officer = visitor(place, "Joe Kay", "police_officer", place.police)
    assert officer.get(correct(visit)).status_code == 403
    assert officer.post(withdraw(visit), {"_reason": "No.", "_version": "2"}).status_code == 403
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    assert teacher.get(correct(visit)).status_code == 404
    assert not Event.objects.filter(amends=visit).exists()


def test_an_event_of_another_case_is_not_found_here(place: Partnership, visit: Event, rosa: Client) -> None:
    data = {"reasons": "Neglect", "held_at": "County Hall"}
    other = OpenCase(place.system).run("plan", place.child("Else Where"), timezone.localdate(), data, lead=place.care)
    assert rosa.get(f"/cases/{other.pk}/events/{visit.pk}/correct/").status_code == 404
