"""A question is a case about the agency, with a clock: asked once, answered, sent back or accepted; and who may see it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import IssueOrganisationToken
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Organisation, Role
from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.casework.tests.visitors import today_boxes, visitor, words
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.nightly import ask_agencies, find_and_ask
from goldenthread.intelligence.questions.actions import AskAboutFigure, raise_questions
from goldenthread.intelligence.questions.finding import Told
from goldenthread.intelligence.questions.models import FigureQuestion
from goldenthread.intelligence.questions.policies import FigureQuestionPolicy
from goldenthread.intelligence.questions.queries import of_figure
from goldenthread.intelligence.tests.told import COUNTY, QUARTERS, scorecard, share
from goldenthread.sharing.models import Notice

LAST, BEFORE = QUARTERS[-1], QUARTERS[-2]
CASELOAD, SCREENED = "reviewing_officer_caseload", "contacts_screened_in_time"
HERE = f"area={COUNTY}&period={LAST.replace('/', '%2F').replace(' ', '+')}"
SYSTEM = SystemActor("tests")
TOLD = Told(SCREENED, "Contacts screened in time", COUNTY, "Lancashire", LAST, "60.0%", "A concern.", "", "abc")


@pytest.fixture
def made(folder: Path) -> Path:
    """Caseloads that miss their target twice running, and a share of which little may be told."""
    return scorecard(folder, shipped(), {
        (CASELOAD, COUNTY): {BEFORE: 88.0, LAST: 92.0},
        (SCREENED, COUNTY): {BEFORE: share(90, 100), LAST: share(3, 17, may_leave=False)},
    })  # fmt: skip


@pytest.fixture
def analyst(place: Partnership, unit: Organisation) -> Client:
    return visitor(place, "Ann Lyst", "performance_analyst", unit)


@pytest.fixture
def officer(place: Partnership, unit: Organisation) -> Client:
    return visitor(place, "Bea Unit", "business_officer", unit)


@pytest.fixture
def reviewer(place: Partnership) -> Client:
    return visitor(place, "Helen Boat", "reviewing_officer", place.reviewing)


def asked(place: Partnership, unit: Organisation, told: Told = TOLD) -> FigureQuestion:
    return AskAboutFigure(SYSTEM).run(told, place.care, "Why has it fallen?", asking=unit)


def test_the_night_asks_what_it_finds_once_and_says_whom(place: Partnership, unit: Organisation, made: Path) -> None:
    assert find_and_ask(dry_run=True).words() == "1 questions asked, 0 asked before" and not Case.objects.exists()
    assert ask_agencies() == "1 questions asked, 0 asked before"
    row = FigureQuestion.objects.select_related("case").get()
    assert (row.indicator, row.period, row.value, row.rule) == (CASELOAD, LAST, "92.0 children per officer", "off_target")
    assert (row.case.about, row.case.lead, row.case.area) == (place.reviewing, unit, place.county)
    duty = Duty.objects.get(case=row.case, duty="answer")
    assert duty.organisation == place.reviewing and duty.due_at is not None
    notice = Notice.objects.get()
    assert notice.organisation == place.reviewing and "92" not in notice.words
    assert ask_agencies() == "0 questions asked, 1 asked before"
    Case.objects.update(is_open=False)
    assert ask_agencies() == "0 questions asked, 1 asked before"  # about the same period


def test_without_a_scorecard_or_anybody_to_ask_the_night_says_so(place: Partnership, unit: Organisation, folder: Path) -> None:
    assert ask_agencies() == "there is no scorecard to look through"
    scorecard(folder, shipped(), {(CASELOAD, COUNTY): {BEFORE: 88.0, LAST: 92.0}})
    Organisation.objects.filter(kind="reviewing_service").update(active=False)
    assert ask_agencies() == "0 questions asked, 0 asked before, 1 that nobody answers for"


def test_one_agency_is_asked_only_so_much_in_a_night(place: Partnership, unit: Organisation) -> None:
    from goldenthread.intelligence.questions.finding import Found

    many = [
        Found(Told(f"one_{nth}", "T", COUNTY, "Lancashire", LAST, "1%"), "Why?", "childrens_social_care") for nth in range(7)
    ]
    done = raise_questions(many)
    assert (len(done.asked), done.waiting) == (shipped().exceptions.most, 7 - shipped().exceptions.most)
    assert len(raise_questions(many).asked) == 2


def test_while_one_is_open_no_other_is_asked_of_the_same_figure(place: Partnership, unit: Organisation) -> None:
    first = asked(place, unit)
    with pytest.raises(Invalid, match=first.case.reference):
        asked(place, unit)
    RecordEvent(SYSTEM).run(first.case, "case_closed", timezone.localdate(), {"reason": "figure_was_wrong"})
    assert asked(place, unit).pk != first.pk


def test_it_is_answered_sent_back_answered_again_and_accepted(place: Partnership, unit: Organisation) -> None:
    case, today = asked(place, unit).case, timezone.localdate()
    RecordEvent(place.worker).run(case, "answered", today, {"answer": "Two left."})
    with pytest.raises(NotAllowed):  # whoever answers does not accept their own answer
        RecordEvent(place.worker).run(case, "answer_accepted", today, {"outcome": "explained"})
    judge = place.actor("Bea Unit", unit)
    RecordEvent(judge).run(case, "answer_sent_back", today, {"why": "And now?", "agency": place.care.slug})
    RecordEvent(place.worker).run(case, "answered", today, {"answer": "Two begin in May."})
    RecordEvent(judge).run(case, "answer_accepted", today, {"outcome": "being_put_right"})
    case.refresh_from_db()
    assert not case.is_open and case.state == "closed"
    [one] = of_figure(judge, SCREENED, COUNTY)
    assert [said.title for said in one.said] == ["Answered", "Answer sent back", "Answered", "Answer accepted"]
    assert one.closed and one.answer is not None and one.answer.answers[0][1] == "Two begin in May."
    assert one.answer.by == "County care" and one.row.value == "60.0%"


def test_those_of_both_agencies_see_it_and_nobody_else(place: Partnership, unit: Organisation, analyst: Client) -> None:
    row = asked(place, unit)
    see = FigureQuestionPolicy.visible_to
    user = actor_for(analyst.user)  # type: ignore[attr-defined]
    assert list(see(user)) == [row] and not CasePolicy.visible_to(user).exists()
    assert list(see(place.worker)) == [row]
    for other in (place.officer, place.teacher, place.nurse):
        assert not see(other).exists()
    manager = visitor(place, "Rhea View", "reviewing_officer", place.reviewing)
    assert manager.get(f"/scorecard/questions/{row.pk}/").status_code == 404


def test_an_analyst_asks_from_the_page_of_the_figure(place: Partnership, analyst: Client, made: Path) -> None:
    page = analyst.get(f"/scorecard/{SCREENED}/?{HERE}")
    assert "Ask an agency about this" in words(page) and "No question has been asked" in words(page)
    form = analyst.get(f"/scorecard/{SCREENED}/ask/?{HERE}")
    assert '<option value="county_care" selected>' in form.content.decode() and "17.6" not in words(form)
    wrong = analyst.post(f"/scorecard/{SCREENED}/ask/?{HERE}", {"agency": "county_care", "question": ""})
    assert wrong.status_code == 422 and "Write what is asked" in words(wrong)
    telling = analyst.post(f"/scorecard/{SCREENED}/ask/?{HERE}", {"agency": "county_care", "question": "Only 3 of 17?"})
    assert telling.status_code == 422 and "keeps that number back" in words(telling) and not Case.objects.exists()
    sent = analyst.post(f"/scorecard/{SCREENED}/ask/?{HERE}", {"agency": "county_care", "question": "Why has it fallen?"})
    row = FigureQuestion.objects.get()
    assert sent.headers["Location"] == f"/scorecard/questions/{row.pk}/"
    assert (row.value, row.rule) == ("c", "") and row.case.about == place.care
    first = Event.objects.get(case=row.case)
    assert first.recorded_by_id == analyst.user.pk and first.data["value"] == "c"  # type: ignore[attr-defined]
    assert JournalEntry.objects.filter(verb="questions.ask").exists()
    again = words(analyst.get(f"/scorecard/{SCREENED}/?{HERE}"))
    assert "County care is asked" in again and "Ask an agency about this" not in again
    assert analyst.get(f"/scorecard/{SCREENED}/ask/?{HERE}").headers["Location"] == f"/scorecard/questions/{row.pk}/"
    assert analyst.get(f"/cases/{row.pk}/").status_code == 403  # it gives no sight of cases


def test_others_are_not_offered_to_ask(place: Partnership, reviewer: Client, made: Path) -> None:
    assert "Ask an agency about this" not in words(reviewer.get(f"/scorecard/{SCREENED}/?{HERE}"))
    assert reviewer.get(f"/scorecard/{SCREENED}/ask/?{HERE}").status_code == 403
    with pytest.raises(NotAllowed):
        AskAboutFigure(actor_for(reviewer.user)).run(TOLD, place.care, "Why?")  # type: ignore[attr-defined]


def test_it_is_asked_on_no_other_form(place: Partnership, unit: Organisation, officer: Client) -> None:
    given = {"agency": "county_care", "question": "3 of 17?", "figure": "F", "indicator": SCREENED, "area": COUNTY,
             "period": LAST, "value": "17.6%"}  # fmt: skip
    with pytest.raises(Invalid, match="from its page on the scorecard"):
        OpenCase(actor_for(officer.user)).run(  # type: ignore[attr-defined]
            shipped().exceptions.pathway, place.care, timezone.now(), given
        )


def test_the_agency_answers_on_its_pages(place: Partnership, reviewer: Client, officer: Client, made: Path) -> None:
    ask_agencies()
    row = FigureQuestion.objects.get()
    listed = words(reviewer.get("/scorecard/questions/"))
    assert "1 open" in listed and "92.0 children per officer" in listed and "Waiting for an answer" in listed
    page = reviewer.get(f"/scorecard/questions/{row.pk}/")
    assert f"/cases/{row.pk}/record/answered/" in page.content.decode() and "missed its target" in words(page)
    done = reviewer.post(f"/cases/{row.pk}/record/answered/", {**today_boxes(), "answer": "Posts are vacant.", "_version": "1"})
    assert done.status_code == 302, words(done)
    asked_by = words(officer.get("/scorecard/questions/?whose=asked"))
    assert "Answered" in asked_by
    one = officer.get(f"/scorecard/questions/{row.pk}/")
    assert f"/cases/{row.pk}/record/answered/" not in one.content.decode()
    assert "Posts are vacant." in words(one) and f"/cases/{row.pk}/record/answer_accepted/" in one.content.decode()
    figure = words(officer.get(f"/scorecard/{CASELOAD}/?{HERE}"))
    assert "Posts are vacant." in figure and "told as 92.0 children per officer" in figure
    assert words(officer.get(f"/scorecard/?area={COUNTY}")).count("Questions to agencies") >= 1


def test_an_agencys_system_reads_and_answers_it(place: Partnership, unit: Organisation) -> None:
    case = asked(place, unit).case
    _, secret = IssueOrganisationToken(SYSTEM).run(place.care, "System", [Scope.READ_CASES.value, Scope.RECORD_EVENTS.value])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    read = client.get(f"/api/v1/cases/{case.pk}")
    assert read.status_code == 200 and "Why has it fallen?" in read.content.decode()
    work = client.get("/api/v1/work?whose=agency&due=later")
    assert work.status_code == 200 and str(case.pk) in work.content.decode()
    sent = client.post(
        f"/api/v1/cases/{case.pk}/events",
        {"kind": "answered", "occurred": timezone.localdate().isoformat(), "data": {"answer": "Two left."}},
        content_type="application/json", headers={"idempotency-key": "answer-1"},
    )
    assert sent.status_code in (200, 201), sent.content
    case.refresh_from_db()
    assert case.state == "answered"


def test_what_nobody_answers_climbs(place: Partnership, unit: Organisation, officer: Client, reviewer: Client) -> None:
    from goldenthread.sharing.actions.reminding import remind
    from goldenthread.sharing.models import Reminder

    then = timezone.now() - timedelta(days=60)
    row = AskAboutFigure(SYSTEM).run(TOLD, place.reviewing, "Why?", asking=unit, at=then)
    remind()
    told = set(Reminder.objects.filter(case=row.case, duty="answer").values_list("user__username", "climbed"))
    assert ("helen.boat", False) in told or ("helen.boat", True) in told
    assert ("bea.unit", True) in told  # those who asked are told last
    assert Role.objects.exists()
