"""The pages of the scorecard, over both databases: who may open them, what each reader sees, what is taken away, the journal."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from goldenthread.agencies.actions import SeedRoles
from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.nightly import bring_up_to_date
from goldenthread.intelligence.scorecard.working_out import work_out
from goldenthread.intelligence.tests.test_scorecard_values import contacts, spread

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(db):
    SeedRoles(SystemActor("test")).run()
    return Organisation.objects.create(slug="unit", title="Business unit", kind="partnership_business")


@pytest.fixture
def sit(roles):
    def signed_in(role: str) -> Client:
        user = User.objects.create(username=role)
        Membership.objects.create(user=user, organisation=roles, role=Role.objects.get(slug=role), starts=date(2020, 1, 1))
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.GT_EXTRACT = tmp_path / "extract"
    return settings.GT_EXTRACT


@pytest.fixture
def worked_out(folder: Path) -> Path:
    contacts(folder, {
        "burnley": spread(date(2025, 4, 1), 40, 9), "chorley": spread(date(2025, 4, 1), 60, 6),
        "pendle": [date(2025, 5, 1), date(2025, 5, 2)], "wyre": spread(date(2025, 4, 2), 90, 4),
    })  # fmt: skip
    library = shipped()
    names = ("contacts", "plans_at_end", "sdq_concern")
    work_out(folder, library, indicators={name: library.indicators[name] for name in names})
    return folder


YEAR = "area=lancashire_12&period=2025/26"


def row_of(page: str, words: str) -> str:
    """The row of a table whose heading has these words, without its marks."""
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{words}(?:(?!</tr>).)*</tr>", page, re.S)
    assert found, f"no row about {words}"
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split())


def test_without_values_the_page_says_what_to_run(sit, folder):
    page = sit("performance_analyst").get("/scorecard/").content.decode()
    assert "There is no scorecard yet" in page and "goldenthread extract" in page


def test_a_role_without_totals_is_refused(sit, worked_out):
    client = sit("social_worker")
    for address in ("/scorecard/", "/scorecard/contacts/", "/scorecard/excel/", "/scorecard/page/"):
        assert client.get(address).status_code == 403


def test_an_analyst_sees_every_number_and_all_others_what_may_leave(sit, worked_out):
    every = sit("performance_analyst").get(f"/scorecard/contacts/?{YEAR}").content.decode()
    some = sit("business_manager").get(f"/scorecard/contacts/?{YEAR}").content.decode()
    assert row_of(every, ">Pendle<").startswith("Pendle Now: 2")
    assert row_of(some, ">Pendle<").startswith("Pendle Now: c kept back")
    assert row_of(some, ">Wyre<").split()[2] in ("90", "c") and "192" in some
    assert "optgroup label=\"Months\"" in every and "Months" not in some


def test_a_subject_lists_its_indicators_and_why_some_have_no_figure(sit, worked_out):
    page = sit("business_manager").get(f"/scorecard/?subject=front_door&{YEAR}").content.decode()
    assert row_of(page, "Contacts received").startswith("Contacts received Now: 192 Before: :")
    first = sit("team_manager").get(f"/scorecard/?{YEAR}").content.decode()
    assert "What needs a look" in first and "From the extract of 20 May 2026" in first


def test_what_means_nothing_is_as_if_it_had_not_been_asked(sit, worked_out):
    client = sit("business_manager")
    for query in ("area=nowhere&period=soon&subject=none", "period=2026-05", "period=2026/27+Q1"):
        page = client.get(f"/scorecard/?{query}").content.decode()
        assert "2025/26 Q4" in page
    assert client.get("/scorecard/no_such_indicator/").status_code == 404
    assert client.get("/scorecard/allegation_contacts/").status_code == 404  # counts what few may see


def test_an_indicators_page_tells_exactly_what_is_counted(sit, worked_out):
    page = sit("performance_analyst").get(f"/scorecard/contacts/?{YEAR}").content.decode()
    assert "contacts received in the period" in page and "contact.contact_received" in page
    assert 'role="img"' in page and "The chart as a table" in page and "style=" not in page
    other = sit("business_manager").get("/scorecard/plans_at_end/").content.decode()
    assert "There are no records of this kind" in other


def test_what_is_taken_away_keeps_small_numbers_back_whoever_takes_it(sit, worked_out):
    client = sit("performance_analyst")
    answer = client.get(f"/scorecard/contacts/excel/?{YEAR}")
    assert answer["Content-Disposition"] == 'attachment; filename="contacts-lancashire-12-2025-26.xlsx"'
    sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    pendle = re.search(r"<row(?:(?!</row>).)*Pendle(?:(?!</row>).)*</row>", sheet, re.S)[0]
    assert ">c<" in pendle and "<v>2</v>" not in pendle
    assert "<f>" not in sheet and sheet.count("<row ") == 1 + 3 * 13  # the county and its districts, three years of each
    whole = client.get(f"/scorecard/excel/?{YEAR}")
    assert "192" in zipfile.ZipFile(io.BytesIO(whole.content)).read("xl/worksheets/sheet1.xml").decode()
    month = client.get("/scorecard/excel/?area=burnley&period=2025-05")  # not by month, whoever asks
    assert "2025-26-q4" in month["Content-Disposition"]
    alone = client.get(f"/scorecard/page/?{YEAR}")
    words = alone.content.decode()
    assert alone["Content-Disposition"].endswith('.html"') and "Contacts received" in words
    assert "<script" not in words and "<link" not in words and "style=" not in words


def test_every_look_is_journalled_with_what_was_looked_at_and_nobody_is_named(sit, worked_out):
    client = sit("performance_analyst")
    client.get(f"/scorecard/?{YEAR}")
    client.get(f"/scorecard/contacts/?{YEAR}")
    client.get(f"/scorecard/excel/?{YEAR}")
    entries = JournalEntry.objects.filter(subject_type="scorecard").order_by("sequence")
    found = list(entries.values_list("verb", "subject_id", "detail"))
    assert [verb for verb, _, _ in found] == ["scorecard.view", "scorecard.indicator", "scorecard.export"]
    assert {area for _, area, _ in found} == {"lancashire_12"}
    assert found[1][2] == {"indicator": "contacts", "period": "2025/26", "exact": True}


def test_a_newer_extract_and_a_changed_definition_are_told(sit, worked_out, monkeypatch):
    manifest = worked_out / "manifest.json"
    manifest.write_text(manifest.read_text() + " ")
    client = sit("performance_analyst")
    assert "taken again since" in client.get("/scorecard/").content.decode()
    monkeypatch.setattr("goldenthread.intelligence.views.asked.digest_of", lambda _: "another")
    assert "definition has changed" in client.get("/scorecard/contacts/").content.decode()


def test_the_night_leaves_alone_what_nobody_asked_for(db, folder):
    assert "no extract is kept here" in bring_up_to_date()
    assert not folder.exists()


def test_the_api_tells_definitions_and_what_may_leave(sit, worked_out):
    client = sit("performance_analyst")
    named = {one["id"]: one for one in client.get("/api/v1/indicators").json()}
    assert named["contacts"]["numerator"] == "contacts received in the period" and "allegation_contacts" not in named
    told = client.get("/api/v1/indicators/contacts?area=pendle").json()
    values = {one["period"]: one for one in told["values"]}
    assert told["as_of"] == "2026-05-20" and set(values) >= {"2025/26", "2025/26 Q4"} and "2026/27 Q1" not in values
    assert (values["2025/26"]["mark"], values["2025/26"]["value"], values["2025/26"]["numerator"]) == ("c", None, None)
    county = {one["period"]: one for one in client.get("/api/v1/indicators/contacts?area=lancashire_12").json()["values"]}
    assert county["2025/26"]["value"] == 192
    assert client.get("/api/v1/indicators/contacts?area=nowhere").status_code == 400
    assert client.get("/api/v1/indicators/allegation_contacts").status_code == 404
    assert sit("social_worker").get("/api/v1/indicators").status_code == 403


def test_the_api_says_when_nothing_has_been_worked_out(sit, folder):
    answer = sit("performance_analyst").get("/api/v1/indicators/contacts")
    assert answer.status_code == 409 and "goldenthread extract" in answer.json()["detail"]
