"""Recording what happened: answers checked, everything typed kept, two people at once, brothers and sisters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.forms.event import EventForm
from goldenthread.casework.models import Case, Event
from goldenthread.casework.record import program_of
from goldenthread.foundation.models import Draft
from goldenthread.people.models import Relationship

from .partnership import Partnership
from .visitors import today_boxes, values, visitor, words

SAID = "I would like a lock on my door. <b>Please</b> & thank you."


@pytest.fixture
def case(place: Partnership) -> Case:
    return new_plan(place, place.child(given_name="Amira"))


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def new_plan(place: Partnership, child: Any, days_ago: int = 5) -> Case:
    day = timezone.localdate() - timedelta(days=days_ago)
    data = {"reasons": "Neglect", "held_at": "County Hall"}
    return OpenCase(place.system).run("plan", child, day, data, lead=place.care)


def form(case: Case, kind: str = "visited") -> str:
    return f"/cases/{case.pk}/record/{kind}/"


def sent(case: Case, **answers: Any) -> dict[str, Any]:
    return {"_version": str(case.version), **today_boxes(), **answers}


def add_behind(place: Partnership, case: Case, kind: str = "reviewed", **data: Any) -> Event:
    """Somebody else records something in the meantime."""
    event: Event = RecordEvent(place.worker).run(Case.objects.get(pk=case.pk), kind, timezone.localdate(), data)
    return event


def test_the_form_asks_what_the_pathway_asks_and_the_childs_words_stand_out(case: Case, rosa: Client) -> None:
    page = rosa.get(form(case))
    html = page.content.decode()
    assert page.status_code == 200
    assert "When did it happen?" in html and "Child seen" in html and "Child said" in html
    assert 'class="gt-said gt-said--asked"' in html
    assert f'data-draft="case/{case.pk}/visited"' in html
    today = timezone.localdate()
    assert values(page)["occurred-day"] == [str(today.day)]


def test_recording_a_visit_says_what_it_changed(case: Case, rosa: Client) -> None:
    answer = rosa.post(form(case), sent(case, child_seen="yes", child_said=SAID))
    event = Event.objects.get(kind="visited")
    assert answer.status_code == 302 and answer.headers["Location"] == f"/cases/{case.pk}/?recorded={event.pk}"
    assert (event.data, event.voice, event.organisation) == ({"child_seen": True, "child_said": SAID}, SAID, case.lead)
    page = rosa.get(answer.headers["Location"])
    said = words(page)
    assert "“Visit the child” is done, in time" in said
    assert "“Visit the child” is due" in said
    assert f"/cases/{case.pk}/duties/visits/2/" in page.content.decode()
    assert "<b>Please</b>" not in page.content.decode() and "<b>Please</b> & thank you" in said


def test_a_missing_answer_is_named_and_everything_typed_is_kept(case: Case, rosa: Client) -> None:
    answer = rosa.post(form(case), {**sent(case, child_said=SAID), "occurred-month": "", "occurred-time": "9am"})
    html = answer.content.decode()
    assert answer.status_code == 422 and not Event.objects.filter(kind="visited").exists()
    assert '<a href="#q-occurred-month">The date it happened must include a month</a>' in html
    assert '<a href="#q-child_seen">Select an answer: Child seen</a>' in html
    kept = values(answer)
    assert (kept["child_said"], kept["occurred-time"], kept["occurred-month"]) == ([SAID], ["9am"], [""])
    assert "Error: " in html.split("</title>")[0]
    assert Draft.objects.get(key=f"case/{case.pk}/visited").body["child_said"] == SAID


@pytest.mark.parametrize(
    ("days", "message"),
    [(1, "is in the future"), (-4000, "is before birth")],
)
def test_a_date_in_the_future_or_before_birth_is_refused_on_its_own_question(
    case: Case, rosa: Client, days: int, message: str
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    answer = rosa.post(form(case), {**sent(case, child_seen="no"), **today_boxes(day=day)})
    assert answer.status_code == 422 and message in words(answer)
    assert 'href="#q-occurred-day"' in answer.content.decode()


def test_an_answer_that_must_not_lie_ahead_and_one_that_may(place: Partnership, case: Case, rosa: Client) -> None:
    ahead = timezone.localdate() + timedelta(days=30)
    answer = rosa.post(form(case, "reviewed"), {**sent(case), **today_boxes("next_on", ahead)})
    assert answer.status_code == 302
    assert Event.objects.get(kind="reviewed").data == {"next_on": ahead.isoformat()}


def test_what_was_typed_and_kept_is_there_on_return_and_gone_once_recorded(case: Case, rosa: Client) -> None:
    key = f"case/{case.pk}/visited"
    kept = rosa.post("/drafts/", {**sent(case, child_said=SAID), "_draft": key, "_draft_version": str(case.version),
                                  "_draft_address": form(case), "_draft_title": "Visited: Amira Hussain"})  # fmt: skip
    assert kept.status_code == 302
    assert "You began and have not sent" in words(rosa.get(f"/cases/{case.pk}/"))
    page = rosa.get(form(case))
    assert values(page)["child_said"] == [SAID] and "This is what you had typed by" in words(page)
    rosa.post(form(case), sent(case, child_seen="yes", child_said=SAID))
    assert not Draft.objects.filter(key=key).exists()
    assert values(rosa.get(form(case)))["child_said"] == [""]


def test_what_was_kept_can_be_thrown_away(case: Case, rosa: Client) -> None:
    rosa.post(form(case), sent(case, child_said=SAID))
    assert rosa.post(form(case), {"_step": "discard"}).headers["Location"] == f"/cases/{case.pk}/"
    assert not Draft.objects.exists() and not Event.objects.filter(kind="visited").exists()


def test_a_draft_is_its_writers_own(place: Partnership, case: Case, rosa: Client) -> None:
    rosa.post(form(case), sent(case, child_said=SAID))
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    assert values(tom.get(form(case)))["child_said"] == [""]
    assert "You began" not in words(tom.get(f"/cases/{case.pk}/"))


# Two people at once ---------------------------------------------------------------------------------------------


def test_of_two_people_writing_at_once_the_second_sees_both_and_chooses(place: Partnership, case: Case, rosa: Client) -> None:
    before = sent(case, child_seen="yes", child_said=SAID)
    add_behind(place, case)
    answer = rosa.post(form(case), before)
    said = words(answer)
    assert answer.status_code == 409 and not Event.objects.filter(kind="visited").exists()
    assert "Reviewed" in said and "Rosa Whittle" in said and SAID in said
    assert Draft.objects.get().body["child_said"] == SAID
    offered = values(answer)
    assert offered["child_said"] == [SAID] and offered["_version"] == ["2"]
    again = rosa.post(form(case), offered)
    assert again.status_code == 302
    assert Event.objects.get(kind="visited").sequence == 3 and not Draft.objects.exists()


def test_after_the_warning_one_may_go_back_to_editing_with_nothing_lost(place: Partnership, case: Case, rosa: Client) -> None:
    before = sent(case, child_seen="yes", child_said=SAID)
    add_behind(place, case)
    offered = values(rosa.post(form(case), before))
    page = rosa.post(form(case), {**offered, "_step": "edit"})
    assert page.status_code == 200
    assert (values(page)["child_said"], values(page)["child_seen"], values(page)["_version"]) == ([SAID], ["yes"], ["2"])
    assert rosa.post(form(case), {**offered, "_step": "discard"}).status_code == 302
    assert not Event.objects.filter(kind="visited").exists() and not Draft.objects.exists()


def test_a_draft_begun_before_someone_elses_event_still_meets_the_warning(place: Partnership, case: Case, rosa: Client) -> None:
    rosa.post(form(case), sent(case, child_said=SAID))
    add_behind(place, case)
    page = rosa.get(form(case))
    assert values(page)["_version"] == ["1"]
    assert rosa.post(form(case), {**values(page), "child_seen": "yes"}).status_code == 409


# Signed out in the middle ---------------------------------------------------------------------------------------


def test_a_form_sent_after_the_session_ended_is_offered_again_with_what_was_typed(case: Case, rosa: Client) -> None:
    rosa.get(form(case))
    user = rosa.user  # type: ignore[attr-defined]
    rosa.logout()
    answer = rosa.post(form(case), sent(case, child_seen="yes", child_said=SAID))
    assert answer.status_code == 403 and "You have been signed out" in words(answer)
    offered = values(answer)
    assert offered["child_said"] == [SAID]
    rosa.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert rosa.post(form(case), offered).status_code == 302
    assert Event.objects.get(kind="visited").voice == SAID


# Brothers and sisters -------------------------------------------------------------------------------------------


@pytest.fixture
def brother(place: Partnership, case: Case) -> Case:
    zayn = place.child("Zayn Hussain", born=timezone.localdate() - timedelta(days=1500), given_name="Zayn")
    Relationship.objects.create(person=case.subject, other=zayn, kind="sibling")
    return new_plan(place, zayn)


def test_one_visit_is_recorded_for_brother_and_sister_each_with_their_own_words(case: Case, brother: Case, rosa: Client) -> None:
    page = rosa.get(form(case))
    assert "Also record this for" in words(page) and "What Zayn said, in their own words" in words(page)
    answers = sent(case, child_seen="yes", child_said="It was loud.", _also=str(brother.pk))
    answers |= {f"child_said--{brother.pk}": "I have a new bike.", f"_v-{brother.pk}": str(brother.version)}
    answer = rosa.post(form(case), answers)
    events = {event.case_id: event for event in Event.objects.filter(kind="visited")}
    assert (events[case.pk].voice, events[brother.pk].voice) == ("It was loud.", "I have a new bike.")
    assert events[case.pk].group == events[brother.pk].group is not None
    assert "also for Zayn Hussain" in words(rosa.get(answer.headers["Location"]))


def test_a_change_in_the_brothers_case_meets_the_warning_too_and_nothing_is_recorded_for_either(
    place: Partnership, case: Case, brother: Case, rosa: Client
) -> None:
    answers = sent(case, child_seen="yes", _also=str(brother.pk))
    answers |= {f"_v-{brother.pk}": str(brother.version)}
    add_behind(place, brother)
    answer = rosa.post(form(case), answers)
    assert answer.status_code == 409 and "Reviewed" in words(answer)
    assert not Event.objects.filter(kind="visited").exists()
    assert rosa.post(form(case), values(answer)).status_code == 302
    assert Event.objects.filter(kind="visited").count() == 2


def test_a_brother_one_may_not_see_is_not_offered(place: Partnership, case: Case, brother: Case, rosa: Client) -> None:
    Case.objects.filter(pk=brother.pk).update(restricted=True)
    assert "Zayn" not in words(rosa.get(form(case)))
    rosa.post(form(case), sent(case, child_seen="yes", _also=str(brother.pk)))
    assert not brother.events.filter(kind="visited").exists()


# Who may say what -----------------------------------------------------------------------------------------------


def test_an_event_that_is_not_for_ones_agency_is_refused_with_what_was_typed(place: Partnership, case: Case) -> None:
    nurse = visitor(place, "Ada Okoro", "designated_nurse", place.health)
    assert nurse.get(form(case)).status_code == 403
    answer = nurse.post(form(case), sent(case, child_seen="yes", child_said=SAID))
    assert answer.status_code == 403 and "is not for your agency to record" in words(answer)
    assert values(answer)["child_said"] == [SAID] and not Event.objects.filter(kind="visited").exists()


def test_a_screener_writes_down_what_another_agency_said(place: Partnership, case: Case) -> None:
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    page = sana.get(form(case, "health_seen"))
    assert "Which agency says so?" in words(page)
    answer = sana.post(form(case, "health_seen"), sent(case, _agency="county_health"))
    assert answer.status_code == 302
    assert Event.objects.get(kind="health_seen").organisation == place.health


@pytest.mark.parametrize("path", ["record/visited/", "record/nothing_like_it/", ""])
def test_a_case_that_is_hidden_is_as_one_that_does_not_exist(place: Partnership, case: Case, path: str) -> None:
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    hidden = teacher.get(f"/cases/{case.pk}/{path}")
    absent = teacher.get(f"/cases/00000000-0000-4000-8000-000000000000/{path}")
    assert hidden.status_code == absent.status_code == 404
    assert words(hidden) == words(absent)


def test_what_cannot_happen_now_is_said_before_it_is_filled_in(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), timezone.localdate(), {})
    RecordEvent(place.screener).run(concern, "decided", timezone.localdate(), {"outcome": "nothing"})
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    said = words(sana.get(form(concern, "asked")))
    assert "The case was closed on" in said and "You can record it for an earlier day" in said


def test_an_unknown_event_does_not_exist(case: Case, rosa: Client) -> None:
    assert rosa.get(form(case, "danced")).status_code == 404


def test_agencies_are_chosen_from_a_list_with_those_of_the_case_first(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), timezone.localdate(), {})
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    html = sana.get(form(concern, "answered")).content.decode()
    assert html.index('<optgroup label="Part of this case">') < html.index('<optgroup label="Other agencies">')
    sana.post(form(concern, "answered"), sent(concern, agency="county_police", holds="something"))
    assert Event.objects.get(kind="answered").data == {"agency": "county_police", "holds": "something"}


def test_asking_an_agency_is_not_recorded_but_done_where_the_agreements_are_asked(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), timezone.localdate(), {})
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    on = reverse("requests:ask", args=[concern.pk])
    assert sana.get(form(concern, "asked")).url == on
    assert sana.post(form(concern, "asked"), sent(concern, agency="county_police")).url == on
    assert not Event.objects.filter(kind="asked").exists()


def test_the_time_is_asked_for_where_a_clock_in_hours_runs_from_it(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), timezone.localdate(), {})
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    asked = EventForm(program_of(concern).pathway, "asked")
    assert "a clock in hours runs from it" in asked.when.hint
    assert "a clock in hours runs from it" not in words(sana.get(form(concern, "answered")))
