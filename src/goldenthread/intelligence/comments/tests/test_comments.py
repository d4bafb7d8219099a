"""Comments on figures: by the agency that a figure concerns and by the analyst; read by all, edited by nobody."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Organisation
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.comments.actions import CommentOnFigure
from goldenthread.intelligence.comments.models import LONGEST, FigureComment
from goldenthread.intelligence.comments.policies import FigureCommentPolicy
from goldenthread.intelligence.tests.told import COUNTY, QUARTERS, scorecard, share

LAST, BEFORE = QUARTERS[-1], QUARTERS[-2]
CASELOAD, SCREENED = "reviewing_officer_caseload", "contacts_screened_in_time"
HERE = f"area={COUNTY}&period={LAST.replace('/', '%2F').replace(' ', '+')}"


@pytest.fixture(autouse=True)
def made(folder: Path) -> Path:
    return scorecard(folder, shipped(), {
        (CASELOAD, COUNTY): {BEFORE: 88.0, LAST: 92.0},
        (SCREENED, COUNTY): {BEFORE: share(90, 100), LAST: share(3, 17, may_leave=False)},
    })  # fmt: skip


@pytest.fixture
def reviewer(place: Partnership) -> Client:
    return visitor(place, "Helen Boat", "reviewing_officer", place.reviewing)


@pytest.fixture
def analyst(place: Partnership, unit: Organisation) -> Client:
    return visitor(place, "Ann Lyst", "performance_analyst", unit)


def write(client: Client, text: str, indicator: str = CASELOAD, supersedes: str = "") -> object:
    return client.post(f"/scorecard/{indicator}/comment/?{HERE}", {"text": text, "supersedes": supersedes})


def test_a_comment_stands_beside_the_figure_with_agency_role_and_date(reviewer: Client, place: Partnership) -> None:
    page = reviewer.get(f"/scorecard/{CASELOAD}/?{HERE}")
    assert "Comment on this figure" in words(page) and "Nothing has been said" in words(page)
    sent = write(reviewer, "Two posts are vacant.")
    assert sent.status_code == 302, words(sent)  # type: ignore[attr-defined]
    row = FigureComment.objects.get()
    assert (row.organisation, row.role, row.period) == (place.reviewing, "Independent reviewing officer", LAST)
    assert JournalEntry.objects.filter(verb="comments.comment_on_figure").exists()
    teacher = visitor(place, "Rhea View", "team_manager", place.care)
    one, every = words(teacher.get(f"/scorecard/{CASELOAD}/?{HERE}")), words(teacher.get(f"/scorecard/?{HERE}"))
    for page_words in (one, every):
        assert "Two posts are vacant." in page_words and "County reviewing, independent reviewing officer," in page_words
    assert "Comment on this figure" not in one and "Helen" not in one
    away = teacher.get(f"/scorecard/page/?{HERE}").content.decode()
    assert "independent reviewing officer" in away and "Two posts are vacant." in away
    for address in ("/scorecard/excel/", f"/scorecard/{CASELOAD}/excel/"):
        book = zipfile.ZipFile(io.BytesIO(teacher.get(f"{address}?{HERE}").content))
        assert any("Two posts are vacant." in book.read(name).decode("utf-8", "replace") for name in book.namelist())
    assert "Two posts" not in words(teacher.get(f"/scorecard/{CASELOAD}/?area={COUNTY}&period={BEFORE}"))


def test_it_is_never_edited_only_superseded_and_taken_back(reviewer: Client, place: Partnership, analyst: Client) -> None:
    write(reviewer, "Sam Ford has 92.")
    first = FigureComment.objects.get()
    form = reviewer.get(f"/scorecard/{CASELOAD}/comment/?{HERE}").content.decode()
    assert "Sam Ford has 92." in form and str(first.pk) in form
    write(reviewer, "One officer has 92.", supersedes=str(first.pk))
    first.refresh_from_db()
    assert first.text == "Sam Ford has 92." and FigureComment.objects.count() == 2
    assert "Sam Ford" not in words(analyst.get(f"/scorecard/{CASELOAD}/?{HERE}"))
    assert "Sam Ford" in words(reviewer.get(f"/scorecard/{CASELOAD}/comment/?{HERE}"))
    assert not FigureCommentPolicy.visible_to(actor_for(analyst.user)).filter(pk=first.pk).exists()  # type: ignore[attr-defined]
    second = FigureComment.objects.get(supersedes=first)
    late = write(reviewer, "Too late.", supersedes=str(first.pk))
    assert late.status_code == 422 and "has written since" in words(late)  # type: ignore[attr-defined]
    write(reviewer, "", supersedes=str(second.pk))
    page = words(reviewer.get(f"/scorecard/{CASELOAD}/?{HERE}"))
    assert "One officer" not in page and "Nothing has been said" in page
    assert write(reviewer, "", supersedes=str(FigureComment.objects.get(text="").pk)).status_code == 422  # type: ignore[attr-defined]


def test_only_those_whom_the_figure_concerns_and_the_analyst_write(place: Partnership, analyst: Client, reviewer: Client) -> None:
    assert write(reviewer, "Ours is fine.", SCREENED).status_code == 403  # type: ignore[attr-defined]
    assert "Comment on this figure" not in words(reviewer.get(f"/scorecard/{SCREENED}/?{HERE}"))
    with pytest.raises(NotAllowed):
        CommentOnFigure(actor_for(reviewer.user)).run(SCREENED, COUNTY, LAST, "x")  # type: ignore[attr-defined]
    assert write(analyst, "Counted anew since October.", SCREENED).status_code == 302  # type: ignore[attr-defined]
    assert FigureComment.objects.get().organisation.kind == "business_unit"
    assert visitor(place, "Joe Kay", "police_officer", place.police).get(f"/scorecard/{SCREENED}/comment/").status_code == 403


def test_what_is_too_long_empty_or_tells_a_small_number_is_refused(analyst: Client) -> None:
    for text, says in (("", "Write what you want to say"), ("x" * (LONGEST + 1), "no more than"), ("3 of 17", "keeps that")):
        answer = write(analyst, text, SCREENED)
        assert answer.status_code == 422 and says in words(answer), text  # type: ignore[attr-defined]
    assert "Name no child" in words(analyst.get(f"/scorecard/{SCREENED}/comment/?{HERE}"))
    assert not FigureComment.objects.exists()


def test_figures_and_periods_that_are_not_there_take_no_comment(place: Partnership) -> None:
    system = SystemActor("tests")
    for given in (("no_such", COUNTY, LAST), ("allegation_contacts", COUNTY, LAST), (CASELOAD, COUNTY, "soon")):
        with pytest.raises(Invalid):
            CommentOnFigure(system).run(*given, "x", organisation=place.reviewing)


def test_what_somebody_wrote_is_shown_as_they_wrote_it(reviewer: Client) -> None:
    write(reviewer, "<b>=1+1</b> & more")
    page = reviewer.get(f"/scorecard/?{HERE}").content.decode()
    assert "&lt;b&gt;=1+1&lt;/b&gt; &amp; more" in page


def send(client: Client, text: str, **more: object) -> Any:
    given = {"area": COUNTY, "period": LAST, "text": text, **more}
    return client.post(f"/api/v1/indicators/{CASELOAD}/comments", given, content_type="application/json")


def test_a_comment_is_read_written_and_taken_back_by_api(reviewer: Client, analyst: Client, place: Partnership) -> None:
    made = send(reviewer, "Two posts are vacant.")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["text"], told["role"]) == ("Two posts are vacant.", "Independent reviewing officer")
    values = {one["period"]: one for one in analyst.get(f"/api/v1/indicators/{CASELOAD}?area={COUNTY}").json()["values"]}
    assert values[LAST]["comments"] == [told] and values[BEFORE]["comments"] == []
    late = send(reviewer, "Three are.")
    assert late.status_code == 400 and "Somebody of your agency has written" in str(late.json()["errors"])
    assert send(reviewer, "", supersedes=told["id"]).status_code == 201
    values = analyst.get(f"/api/v1/indicators/{CASELOAD}?area={COUNTY}").json()["values"]
    assert not any(one["comments"] for one in values)
    assert send(visitor(place, "Sam Social", "social_worker", place.care), "Mine.").status_code == 403


@pytest.mark.parametrize(("more", "where"), [({"area": "atlantis"}, "area"), ({"period": "2026-05"}, "period")])
def test_a_comment_by_api_is_of_a_figure_that_is_told(reviewer: Client, more: dict[str, str], where: str) -> None:
    answer = send(reviewer, "Words.", **more)
    assert answer.status_code == 400 and where in answer.json()["errors"]
    assert not FigureComment.objects.exists()


def test_no_comment_by_api_holds_a_number_that_is_kept_back(analyst: Client) -> None:
    given = {"area": COUNTY, "period": LAST, "text": "Only 3 were late."}
    answer = analyst.post(f"/api/v1/indicators/{SCREENED}/comments", given, content_type="application/json")
    assert answer.status_code == 400 and "Take out 3" in str(answer.json()["errors"]["text"])


def test_the_page_that_stands_alone_says_what_agencies_say(reviewer: Client) -> None:
    write(reviewer, "Two posts are vacant.")
    page = reviewer.get(f"/scorecard/{CASELOAD}/page/?{HERE}").content.decode()
    assert "What agencies say of it" in page and "Two posts are vacant." in page
