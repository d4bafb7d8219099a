"""The page of journeys, over both databases: who may open it, what each reader sees, what the journal keeps."""

from __future__ import annotations

import re
import stat
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence import nightly
from goldenthread.intelligence.extract.files import TABLES, Manifest, Partition, write_manifest
from goldenthread.intelligence.indicators.tables import (
    AnswerRow,
    Dataset,
    DutyRow,
    EventRow,
    PersonRow,
    arrow_of,
)
from goldenthread.intelligence.journeys.working_out import FILE, work_out

from .test_scorecard_pages import folder, roles, sit  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)
#: Area -> outcome of its contacts -> how many.
SPREAD = {
    "burnley": {"advice": 40, "no_further_action": 30, "early_help": 12},
    "chorley": {"advice": 25, "no_further_action": 20, "early_help": 9, "referral": 2},
}


def lay(where: Path) -> None:
    """An extract of contacts that were decided within two days in 2024/25, by the ways they went."""
    manifest = Manifest(TODAY, "made up")
    for area, outcomes in SPREAD.items():
        data = Dataset(TODAY)
        ways = [outcome for outcome, many in outcomes.items() for _ in range(many)]
        for nth, outcome in enumerate(ways):
            person, case, day = f"p{area}{nth}", f"c{area}{nth}", date(2024, 4, 2) + timedelta(days=4 * nth)
            data.people.append(PersonRow(person, None, None, "WBRI" if nth % 3 else "APKN", area))
            for place, kind, later in ((1, "contact_received", 0), (2, "decided", 1 + nth % 2)):
                then = day + timedelta(days=later)
                data.events.append(EventRow(f"{case}/{place}", case, person, "contact", kind, then, place, day, area, None, 7))
            data.answers.append(AnswerRow(f"{case}/2", "contact", "decided", "outcome", outcome, None, None))
            data.duties.append(
                DutyRow(f"{case}/d", case, person, "contact", "decision_green", 1, day, day, day, f"{case}/2", "met",
                        nth % 9 == 0, area, None, 7)
            )  # fmt: skip
        one = Partition("standard", area, "2024", area, True, TODAY, {table: len(getattr(data, table)) for table in TABLES})
        manifest.partitions[one.key] = one
        for table in TABLES:
            path = one.path(where, table)
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(arrow_of(table, getattr(data, table)), path)
    write_manifest(where, manifest)


@pytest.fixture
def followed(folder: Path) -> Path:  # noqa: F811
    folder.mkdir(parents=True, exist_ok=True)
    lay(folder)
    made = work_out(folder, shipped())
    assert made.followed == sum(many for outcomes in SPREAD.values() for many in outcomes.values())
    return folder


def rows(page: str) -> dict[tuple[str, str], str]:
    """The table of flows: from, to -> what is printed."""
    body = page[page.index("How many went from each") :]
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", body[: body.index("</table>")], re.S)[1:]
    cells = [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)] for row in found]
    return {(cell[0].partition(" (")[0], cell[1]): cell[2] for cell in cells}


YEAR = "journey=from_contact&area=lancashire_12&period=2024/25"


def test_the_file_is_for_its_owner_only_and_kept_beside_the_extract(followed):
    assert stat.S_IMODE((followed / FILE).stat().st_mode) == 0o600


def test_an_analyst_sees_every_number_and_all_others_what_may_leave(sit, followed):  # noqa: F811
    every = rows(sit("performance_analyst").get(f"/journeys/?{YEAR}").content.decode())
    some = rows(sit("business_manager").get(f"/journeys/?{YEAR}").content.decode())
    assert every["Contact", "Advice"] == some["Contact", "Advice"] == "65" and every["Contact", "Referral"] == "2"
    assert some.get(("Contact", "Referral"), "c") == "c"
    assert sum(number == "c" for number in some.values()) >= 2  # with one alone it could be worked out
    assert not [number for number in some.values() if number in list("12345")]


def test_the_api_tells_what_may_leave_whoever_asks(sit, followed):  # noqa: F811
    client = sit("performance_analyst")
    assert "from_contact" in {one["id"] for one in client.get("/api/v1/journeys").json()}
    told = client.get("/api/v1/journeys/from_contact?area=lancashire_12&period=2024/25").json()
    flows = {(one["source"], one["target"]): one["number"] for one in told["flows"]}
    assert told["followed_to_the_end"] and flows["Contact", "Advice"] == 65 and flows["Contact", "Referral"] is None
    [decision] = [one for one in told["steps"] if one["days_for_half"] is not None]
    assert (decision["late"], decision["days_for_half"]) == (17, 1)
    assert {one["place"] for one in told["groups"]} >= {"Contact", "Early help"}
    assert client.get("/api/v1/journeys/from_contact").json()["period"] == "2024/25"
    for wrong in ("area=atlantis", "period=1999/00"):
        answer = client.get(f"/api/v1/journeys/from_contact?{wrong}")
        assert answer.status_code == 400 and wrong.partition("=")[0] in answer.json()["errors"]
    assert client.get("/api/v1/journeys/from_atlantis").status_code == 404
    assert sit("social_worker").get("/api/v1/journeys").status_code == 403


def test_the_api_says_when_no_journey_has_been_followed(sit, folder):  # noqa: F811
    assert sit("performance_analyst").get("/api/v1/journeys/from_contact").status_code == 409


def test_the_page_has_a_picture_steps_against_their_clock_and_groups_beside_each_other(sit, followed):  # noqa: F811
    page = sit("performance_analyst").get(f"/journeys/?{YEAR}&place=Early+help").content.decode()
    assert page.count('role="img"') >= 3 and "style=" not in page
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "Decide a green contact: 72 hours" in words and "Late: 17" in words and "Half within: 1 day" in words
    assert "Early help, by ethnic group." in words and "Early help, by district." in words
    assert "Contact: entries per 10,000 children" in words


def test_one_district_of_two_is_not_told_where_the_other_would_give_it_away(sit, followed):  # noqa: F811
    page = sit("business_manager").get("/journeys/?journey=from_contact&area=chorley&period=2024/25").content.decode()
    assert "Nothing can be told of this area and year" in page or "2" not in rows(page).values()


def test_what_means_nothing_is_as_if_it_had_not_been_asked(sit, followed):  # noqa: F811
    client = sit("business_manager")
    for query in ("journey=none&area=nowhere&period=soon&place=nothing", "period=2024/25+Q1", "period=2025/26"):
        page = client.get(f"/journeys/?{query}").content.decode()
        assert "From contact to outcome" in page and "2024/25" in page and "2024/25 Q1" not in page
    every = sit("performance_analyst").get("/journeys/?period=2024/25+Q1").content.decode()
    assert "2024/25 Q1</h2>" in every


def test_a_role_without_totals_is_refused_and_without_a_file_the_page_says_what_to_run(sit, folder):  # noqa: F811
    assert sit("social_worker").get("/journeys/").status_code == 403
    page = sit("team_manager").get("/journeys/").content.decode()
    assert "There is no picture of journeys yet" in page and "goldenthread extract" in page


def test_every_look_is_journalled_and_nobody_is_named(sit, followed):  # noqa: F811
    sit("performance_analyst").get(f"/journeys/?{YEAR}")
    [entry] = JournalEntry.objects.filter(verb="journeys.view")
    assert entry.subject_id == "lancashire_12"
    assert entry.detail == {"journey": "from_contact", "period": "2024/25", "exact": True}


def test_the_night_follows_them_again_only_where_something_has_changed(db, followed):
    assert nightly.journeys() == "nothing has changed since they were followed"
    (followed / FILE).unlink()
    assert "138 journeys followed" in nightly.journeys()


def test_a_newer_extract_is_told(sit, followed):  # noqa: F811
    manifest = followed / "manifest.json"
    manifest.write_text(manifest.read_text() + " ")
    assert "has changed since" in sit("performance_analyst").get("/journeys/").content.decode()
