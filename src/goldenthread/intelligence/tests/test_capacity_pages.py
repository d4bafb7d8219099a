"""The page of capacity, over both databases: who may open it, who sees a restricted service, what the journal keeps."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.intelligence import beside, nightly
from goldenthread.intelligence.capacity import working_out
from goldenthread.intelligence.capacity.working_out import FILE

from .test_scorecard_pages import folder, roles, sit  # noqa: F401 (fixtures)
from .test_scorecard_values import contacts

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(folder: Path, monkeypatch) -> Path:  # noqa: F811
    """A contact on each day that nobody has decided, so that the backlog is all there is."""
    contacts(folder, {"burnley": [date(2026, 3, 2) + timedelta(days=nth) for nth in range(60)]})
    library = current_library()
    said = library.services["front_door"]
    work = said.work.model_copy(update={"taken_up": {}, "at_once": None, "hours": [2.0, 4.0]})
    monkeypatch.setitem(library.services, "front_door", said.model_copy(update={"work": work}))
    monkeypatch.delitem(library.services, "review_records")
    for few in ("FEWEST_RUNS", "MOST_RUNS"):
        monkeypatch.setattr(working_out, few, 2)
    working_out.work_out(folder, library, demand=(100, 120))
    return folder


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_a_page_says_what_waits_and_what_so_many_people_would_do(sit, measured):  # noqa: F811
    client = sit("performance_analyst")
    page = client.get("/capacity/?people=5&arrivals=120").content.decode()
    told = words(page)
    assert "60 contacts wait or are in hand" in told and "5 people (1 more)" in told and "As measured" in told
    assert 'value="5" selected' in page and 'value="120" selected' in page
    assert page.count('role="img"') == 2 and "style=" not in page and "Erlang" in told
    assert "With one more person the backlog" in told


def test_others_see_counts_to_the_nearest_five(sit, measured):  # noqa: F811
    told = words(sit("business_manager").get("/capacity/?people=nobody&arrivals=none&service=nothing").content.decode())
    assert "60 contacts wait" in told and "Counts are to the nearest 5" in told


def test_the_api_tells_counts_to_the_nearest_five_whoever_asks(sit, measured):  # noqa: F811
    client = sit("performance_analyst")
    assert "designated_officer" not in {one["id"] for one in client.get("/api/v1/capacity").json()}
    told = client.get("/api/v1/capacity/front_door").json()
    assert told["waiting"] == 60 and told["problem"] is None
    assert {one["arrivals"] for one in told["outlooks"]} == {100, 120}
    more = {one["people"]: one for one in told["outlooks"] if one["arrivals"] == 100}
    assert max(more) > min(more) and more[max(more)]["busy"] < more[min(more)]["busy"]
    assert all(one["waiting_at_the_end"][end] % 5 == 0 for one in told["outlooks"] for end in ("low", "middle", "high"))
    assert client.get("/api/v1/capacity/designated_officer").status_code == 404
    theirs = sit("designated_officer").get("/api/v1/capacity/designated_officer").json()
    assert theirs["problem"] and theirs["outlooks"] == []


def test_the_api_says_when_no_service_was_measured(sit, folder):  # noqa: F811
    assert sit("performance_analyst").get("/api/v1/capacity/front_door").status_code == 409


def test_a_restricted_service_is_shown_only_to_those_who_run_it(sit, measured):  # noqa: F811
    hidden = sit("business_manager").get("/capacity/?service=designated_officer").content.decode()
    assert "Designated officer" not in hidden and "Front door" in hidden
    shown = sit("designated_officer").get("/capacity/?service=designated_officer").content.decode()
    assert "Only those who run it see this service" in shown and "too little to say anything honest" in shown


def test_a_role_without_totals_is_refused_and_without_a_file_the_page_says_what_to_run(sit, folder):  # noqa: F811
    assert sit("social_worker").get("/capacity/").status_code == 403
    assert "There is no picture of capacity yet" in sit("team_manager").get("/capacity/").content.decode()


def test_every_look_is_journalled(sit, measured):  # noqa: F811
    sit("team_manager").get("/capacity/")
    [entry] = JournalEntry.objects.filter(verb="capacity.view")
    assert (entry.subject_id, entry.detail) == ("front_door", {"exact": False})


def test_the_night_tries_them_again_only_where_something_has_changed(db, measured):
    assert nightly.capacity() == "nothing has changed since they were tried"
    with beside.pages(measured, FILE) as kept:
        assert kept.page("service", "designated_officer")["problem"]
