"""The guidance pages: who may read them, what they say, and that nothing typed is lost when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from goldenthread.agencies.models import Area, Membership, Organisation, Role
from goldenthread.foundation import library as installed
from goldenthread.guidance.library import shipped
from goldenthread.guidance.tests.samples import folder
from goldenthread.guidance.tests.test_checks import CALENDAR, TERMS

HERE = """\
id: here
title: Here Safeguarding Partnership
about: A made-up place.
reference: Made-up plan
in_force: {from: 2019-09-29}
calendar: england_and_wales
school_terms: here
home_area: here
areas:
  - {id: here, title: Here, kind: county, ons_code: E10000099, population: {2019: {all: 500012, under_18: 91300}}}
  - {id: there, title: Over There, kind: district, within: here}
organisations:
  - {id: council, title: Here Council, kind: childrens_social_care, area: here, safeguarding_partner: true}
  - {id: school, title: Here School, kind: school}
groups:
  - {id: board, title: The Board, meets: monthly, members: [council]}
  - {id: panel, title: The Panel, reports_to: board}
priorities: [{id: neglect, title: Neglect, outcomes: [Fewer children neglected], reference: Made-up plan}]
threshold: {title: Levels of need, reference: Made-up levels, levels: [{level: 3, title: Intensive, text: Much help.}]}
contributions: [{organisation: council, year: 2019-20, amount: 12345, reference: Made-up accounts}]
key_dates: [{date: 2019-09-29, title: It began, reference: Made-up plan}]
duties:
  visiting.first_visit: {within: {2019-09-29: 5 working days}, reference: Made-up local agreement}
"""


@pytest.fixture
def guidance(settings: Any, tmp_path: Path) -> Path:
    """The sample pathways with one arrangement and the real bank holidays."""
    folder(tmp_path)
    calendar = (shipped().folder / "calendars" / "england_and_wales.yaml").read_text(encoding="utf-8")
    for part, name, text in (
        ("arrangements", "here", HERE),
        ("calendars", "plain", CALENDAR),
        ("calendars", "england_and_wales", calendar),
        ("calendars/school_terms", "here", TERMS),
    ):
        (tmp_path / part).mkdir(parents=True, exist_ok=True)
        (tmp_path / part / f"{name}.yaml").write_text(text, encoding="utf-8")
    settings.GT_GUIDANCE_FOLDER = str(tmp_path)
    settings.GT_ARRANGEMENT = ""
    yield tmp_path  # type: ignore[misc]
    installed.reload_library()


def someone(client: Client, *capabilities: str) -> Client:
    area = Area.objects.create(slug="here", title="Here", kind="county")
    agency = Organisation.objects.create(
        slug="council", title="Here Council", kind="childrens_social_care", area=area
    )
    role = Role.objects.create(slug="reader", title="Reader", capabilities=list(capabilities))
    user = get_user_model().objects.create_user(
        "r.whittle", password="three-random-words", email="r@example.org"
    )
    Membership.objects.create(user=user, organisation=agency, role=role)
    client.force_login(user)
    return client


@pytest.fixture
def reader(client: Client, db: Any, guidance: Path) -> Client:
    return someone(client, "read_guidance")


def words(response: Any) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text))


ADDRESSES = [
    "/guidance/",
    "/guidance/pathway/visiting/",
    "/guidance/what-if/",
    "/guidance/what-if/visiting/",
    "/guidance/arrangement/here/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_reader_sees_the_page_and_it_keeps_the_security_policy(reader: Client, address: str) -> None:
    response = reader.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert "style=" not in page and "<style" not in page and " onclick" not in page
    assert len(re.findall(r"<h1\b", page)) == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an id is used twice"
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids, f"a link leads to #{target}, which is not on the page"


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_reads_without_signing_in_or_without_the_capability(
    client: Client, db: Any, guidance: Path, address: str
) -> None:
    assert client.get(address).status_code == 302
    assert someone(client, "search_people").get(address).status_code == 403


@pytest.mark.parametrize("address", ["pathway/nothing/", "arrangement/nowhere/", "what-if/nothing/"])
def test_what_is_not_there_is_not_found(reader: Client, address: str) -> None:
    assert reader.get(f"/guidance/{address}").status_code == 404


def test_the_list_counts_duties_by_force_and_says_how_many_are_not_verified(
    reader: Client, settings: Any
) -> None:
    said = words(reader.get("/guidance/"))
    assert "Visiting A made-up pathway that uses every word of the language once." in said
    assert "9 duties: 4 law 4 statutory guidance 1 local rule 1 not verified" in said
    assert "Level 3" in said and "Level 3: Intensive" not in said
    settings.GT_ARRANGEMENT = "here"
    assert "Level 3: Intensive" in words(reader.get("/guidance/"))


def test_a_pathway_shows_the_rules_of_the_day_asked_for(reader: Client) -> None:
    now = words(reader.get("/guidance/pathway/visiting/"))
    assert "under today’s rules" in now and "Within 7 working days after notified." in now
    then = words(reader.get("/guidance/pathway/visiting/?on=2014-01-01"))
    assert "under the rules of 1 January 2014" in then and "Within 10 working days after notified." in then
    assert "First edition on this day" in then


def test_a_pathway_shows_reference_force_and_that_a_rule_is_not_verified(reader: Client) -> None:
    said = words(reader.get("/guidance/pathway/visiting/"))
    assert "Local rule Not verified: local rule At least 2 working days before" in said
    assert "Made-up Regulations 2005, reg 4" in said
    assert "Not in force on this day" in said, "the rule that ended in 2019"
    assert "Switched off here" in said


def test_a_pathway_has_its_picture_and_the_same_in_words(reader: Client) -> None:
    page = reader.get("/guidance/pathway/visiting/").content.decode()
    assert 'role="img"' in page and 'class="gt-diagram"' in page
    for kind in shipped().pathways and ("notified", "visit", "review_held", "told_again"):
        assert f'id="event-{kind}"' in page


def test_the_local_rules_of_an_area_are_laid_over(reader: Client) -> None:
    said = words(reader.get("/guidance/pathway/visiting/?area=here"))
    assert "Within 5 working days after notified." in said and "Made-up local agreement" in said
    assert reader.get("/guidance/pathway/visiting/?area=atlantis").status_code == 200


def test_a_date_that_is_not_one_is_explained_beside_its_box_and_kept(reader: Client) -> None:
    response = reader.get("/guidance/pathway/visiting/?on=31+2+2014")
    assert "The date must be a real date: February 2014 has no day 31" in words(response)
    assert 'value="31 2 2014"' in response.content.decode()


def test_a_length_of_time_is_worked_out_with_its_proof(reader: Client) -> None:
    said = words(reader.get("/guidance/what-if/?length=15+working+days&from=21+12+2026"))
    assert "Thursday 14 January 2027" in said
    assert "Friday 25 December 2026: Christmas Day, not counted" in said


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("length=a+while&from=21+12+2026", "Enter a whole number and a unit"),
        ("length=&from=21+12+2026", "Enter how long"),
        ("length=3+days&from=", "Enter the day it is counted from"),
        ("length=3+days&from=tomorrow", "The day must include a day, a month and a year"),
        ("length=3+days&from=1+13+2026", "The day must be a real date: there is no month 13"),
        ("length=3+days&from=1+1+2026&back=1&first=1", "Counting back never counts the day itself"),
        ("length=3+school+days&from=1+1+2026", "No school terms are held"),
        ("length=3+days&from=1+1+2026&area=atlantis", "Choose an area from the list"),
        ("length=2+school+terms&from=1+1+2026&area=here&back=1", "cannot be counted back from there"),
        ("length=99999999999+days&from=1+1+2026", "cannot be counted from there"),
    ],
)
def test_what_is_wrong_with_a_length_or_a_day_is_said_and_kept(
    reader: Client, query: str, message: str
) -> None:
    response = reader.get(f"/guidance/what-if/?{query}")
    said = words(response)
    assert response.status_code == 200
    assert said.count(message) == 2, "once in the summary, once beside the box"
    assert "There is a problem" in said


FORM = {
    "born": "14 5 2018",
    "area": "",
    "as_of": "",
    "kind-0": "notified",
    "when-0": "6 1 2020",
    "answer-0-planned_start": "13 1 2020",
    "kind-1": "visit",
    "when-1": "20 January 2020 at 2:30pm",
    "answer-1-child_seen": "yes",
}
CASE = "/guidance/what-if/visiting/"


def test_a_made_up_case_shows_its_state_and_every_due_date_with_its_proof(reader: Client) -> None:
    said = words(reader.post(CASE, {**FORM, "as_of": "2 3 2020", "do": "show"}))
    assert "On 2 March 2020 the case is being visited." in said
    assert re.search(r"Visit the child . ?Met late due Wednesday 15 January 2020", said), said[:3000]
    assert "Met 14:30 on Monday 20 January 2020." in said
    assert "7 working days after Monday 6 January 2020" in said
    assert "Keep visiting" in said and "due Monday 24 February 2020" in said


def test_the_area_of_a_made_up_case_brings_its_local_rules(reader: Client) -> None:
    said = words(reader.post(CASE, {**FORM, "area": "here", "as_of": "2 3 2020", "do": "show"}))
    assert "due Monday 13 January 2020" in said and "Made-up local agreement" in said


def test_dates_ahead_of_us_may_be_tried(reader: Client) -> None:
    said = words(reader.post(CASE, {"kind-0": "notified", "when-0": "6 1 2087", "do": "show"}))
    assert "due Wednesday 15 January 2087" in said and "Not certain" in said


def test_adding_an_event_keeps_what_was_typed(reader: Client) -> None:
    page = reader.post(CASE, {**FORM, "when-1": "31 2 2020", "do": "add"}).content.decode()
    assert 'name="kind-2"' in page and 'value="31 2 2020"' in page and 'value="13 1 2020"' in page
    assert "There is a problem" not in page, "nothing is judged before it is asked to be"


def test_removing_an_event_keeps_the_others(reader: Client) -> None:
    page = reader.post(CASE, {**FORM, "do": "remove-0"}).content.decode()
    assert 'name="kind-1"' not in page
    assert 'value="20 January 2020 at 2:30pm"' in page
    assert re.search(r'<option value="yes" selected>', page)
    only = {"kind-0": "notified", "when-0": "1 1 2020", "do": "remove-0"}
    assert 'name="kind-0"' in reader.post(CASE, only).content.decode()


def test_choosing_an_event_shows_only_the_questions_that_decide_something(reader: Client) -> None:
    page = reader.post(CASE, {"kind-0": "review_held", "when-0": "", "do": "update"}).content.decode()
    assert 'name="answer-0-outcome"' in page and 'name="answer-0-score"' not in page


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"when-1": "31 2 2020"}, "Event 2: The date must be a real date: February 2020 has no day 31"),
        ({"when-1": ""}, "Event 2: Enter when it happened"),
        ({"when-1": "20 1 2020 25:00"}, "Event 2: The date must have a real time, like 14:30"),
        ({"kind-1": ""}, "Event 2: Choose what happened"),
        ({"kind-1": "flying"}, "Event 2: Choose what happened from the list"),
        ({"when-1": "1 1 2020"}, "Event 2: “Visit to the child” cannot come before the case is opened."),
        ({"answer-0-planned_start": "soon"}, "Event 1: The date must include a day, a month and a year"),
        ({"answer-1-child_seen": "perhaps"}, "Event 2: Answer yes or no, not"),
        ({"born": "1 1 2021"}, "is before birth"),
        ({"born": "yesterday"}, "The date of birth must include a day, a month and a year"),
        ({"as_of": "never"}, "The day must include a day, a month and a year"),
        ({"kind-1": "notified"}, "Event 2: The case is already open"),
    ],
)
def test_each_wrong_entry_is_explained_and_nothing_is_lost(
    reader: Client, changed: dict[str, str], message: str
) -> None:
    response = reader.post(CASE, {**FORM, **changed, "do": "show"})
    assert response.status_code == 200
    assert message in words(response)
    page = response.content.decode()
    for value in {**FORM, **changed}.values():
        if value and value not in ("notified", "visit", "yes", "flying", "perhaps"):
            assert f'value="{value}"' in page, f"{value} was lost"


def test_an_empty_case_says_what_to_enter(reader: Client) -> None:
    said = words(reader.post(CASE, {"kind-0": "", "when-0": "", "do": "show"}))
    assert "Event 1: Choose what happened, and enter when" in said


def test_every_shipped_pathway_has_its_pages(client: Client, db: Any) -> None:
    reader = someone(client, "read_guidance")
    for name in shipped().pathways:
        for address in (
            reverse("guidance:pathway", args=[name]),
            reverse("guidance:what-if-case", args=[name]),
        ):
            assert reader.get(address).status_code == 200
    for name in shipped().arrangements:
        assert reader.get(reverse("guidance:arrangement", args=[name])).status_code == 200


def test_the_arrangement_tells_partners_areas_groups_priorities_levels_money_and_local_rules(
    reader: Client,
) -> None:
    said = words(reader.get("/guidance/arrangement/here/"))
    for part in (
        "Safeguarding partners Here Council",
        "School or college Here School",
        "Level 3: Intensive Much help.",
        "Fewer children neglected",
        "The Board Meets monthly Seats Here Council",
        "Reports to The Board",
        "Over There District",
        "E10000099 500,012 (2019) 91,300",
        "Visiting: Visit the child Within 5 working days after notified.",
        "£12,345",
        "29 September 2019: It began",
    ):
        assert part in said, part
