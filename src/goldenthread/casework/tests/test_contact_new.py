"""A new contact: four pages, everything kept, children looked for before they are added, and nothing half written."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.models import Case
from goldenthread.casework.new_contact import NewChild, details_of
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.people.actions import RelatePeople
from goldenthread.people.models import Person, Relationship

from .front_door_people import child, screener, teacher
from .partnership import Partnership, partnership


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


def told(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class Writer:
    """Someone writing one contact in a browser."""

    def __init__(self, client: Client) -> None:
        self.client, self.draft = client, uuid4()

    def address(self, page: str) -> str:
        return reverse("casework:new-contact-page", args=[self.draft, page])

    def see(self, page: str) -> str:
        return told(self.client.get(self.address(page)))

    def send(self, page: str, **typed: Any) -> Any:
        return self.client.post(self.address(page), typed)

    def who(self, **typed: Any) -> Any:
        now = timezone.localtime()
        boxes = {"occurred-day": now.day, "occurred-month": now.month, "occurred-year": now.year, "occurred-time": f"{now:%H:%M}"}
        return self.send("who", **{**boxes, "source": "school", "referrer_name": "Ann Dale", **typed})

    def children(self, **typed: Any) -> Any:
        """Press a button of the children's page, which carries the children so far."""
        page = self.client.get(self.address("children")).content.decode()
        so_far = [value.replace("&#34;", '"') for value in re.findall(r'name="child" value="([^"]*)"', page)]
        return self.send("children", child=so_far, **typed)


@pytest.fixture
def writer(place: Partnership) -> Writer:
    return Writer(teacher(place))


NEW = {"given_name": "Zane", "family_name": "Hussain", "born": "3 3 2022", "area": "burnley"}


def test_several_children_each_get_a_contact_in_one_group(place: Partnership, writer: Writer) -> None:
    amira = child(place)
    assert writer.who().url == writer.address("children")
    assert "Amira Hussain" in told(writer.children(_step="search", q="amera husain"))
    writer.children(_add=str(amira.pk))
    writer.children(_step="new", **NEW)
    writer.children(_step="new", family_name="Hussain", expected=f"{date.today() + timedelta(days=60)}", area="burnley", sex="")
    assert Person.objects.count() == 1, "nobody is registered before it is sent"
    assert writer.children(_step="continue", related="1").url == writer.address("concern")
    page = writer.see("concern")
    keys = re.findall(r'name="child_said--(\w+)"', page)
    assert len(keys) == 3
    sent = writer.send("concern", concern="Arrived hungry.", flags=["neglect"], **{f"child_said--{keys[0]}": "I made toast."})
    assert sent.url == writer.address("check")
    check = writer.see("check")
    for words in ("Ann Dale", "Amira Hussain", "Zane Hussain", "Arrived hungry.", "I made toast.", "brothers and sisters"):
        assert words in check
    done = writer.send("check")
    assert done.status_code == 302 and done.url.endswith("?sent=1")
    cases = list(Case.objects.order_by("opened_at", "pk"))
    assert len(cases) == 3 and len({case.group for case in cases}) == 1 and cases[0].group is not None
    said = {case.subject.name: case.events.get().voice for case in cases}
    assert said == {"Amira Hussain": "I made toast.", "Zane Hussain": "", "Hussain": ""}
    assert Relationship.objects.filter(kind="sibling").count() == 6
    assert not Draft.objects.exists()
    assert "Contact sent" in told(writer.client.get(done.url))
    assert JournalEntry.objects.filter(verb="casework.send_contact").count() == 3


def test_a_child_is_looked_for_before_being_added(place: Partnership, writer: Writer) -> None:
    zayn = child(place, "Zayn Hussain", date(2022, 3, 3))
    page = told(writer.children(_step="new", **NEW))
    assert "Is Zane Hussain one of these?" in page and str(zayn.pk) in page and "date of birth" in page
    assert 'name="child"' not in page
    assert re.search(r'name="given_name"[^>]*value="Zane"', page), "what was typed is kept"
    page = told(writer.children(_step="sure", **NEW))
    assert len(re.findall(r'name="child"', page)) == 1


def test_brothers_and_sisters_are_offered_and_a_child_is_removed(place: Partnership, writer: Writer) -> None:
    amira, zayn = child(place), child(place, "Zayn Hussain", date(2022, 3, 3), sex="male")
    RelatePeople(place.system).run(amira, zayn, "sibling")
    page = told(writer.children(_add=str(amira.pk)))
    assert "Amira Hussain’s brother" in page
    page = told(writer.children(_add=str(zayn.pk)))
    key = re.findall(r'name="_remove" value="(\w+)"', page)[0]
    assert len(re.findall(r'name="child"', told(writer.children(_remove=key)))) == 1


def test_errors_keep_everything_on_every_page(place: Partnership, writer: Writer) -> None:
    wrong = writer.who(source="", referrer_name="Ann Dale", **{"occurred-day": "45"})
    assert wrong.status_code == 422
    assert "Select who is telling us" in told(wrong) and 'value="Ann Dale"' in told(wrong) and 'value="45"' in told(wrong)
    none = writer.children(_step="continue")
    assert none.status_code == 422 and "Add at least one child" in told(none)
    bad = writer.children(_step="new", given_name="Zane", born="31 2 2022")
    assert bad.status_code == 422 and "February 2022 has no day 31" in told(bad) and 'value="31 2 2022"' in told(bad)
    assert "Choose the district" in told(bad)
    writer.children(_step="new", **NEW)
    empty = writer.send("concern", going_well="Sings all day.")
    assert empty.status_code == 422 and "Enter what you are worried about" in told(empty) and "Sings all day." in told(empty)
    assert "Sings all day." in writer.see("concern")


def test_what_is_missing_is_said_before_sending_and_nothing_is_written(place: Partnership, writer: Writer) -> None:
    writer.who()
    writer.children(_step="new", **NEW)
    page = writer.send("check")
    assert page.status_code == 422 and "Enter what you are worried about" in told(page)
    assert not Case.objects.exists() and not Person.objects.exists()


def test_if_one_cannot_be_opened_none_is(place: Partnership, writer: Writer) -> None:
    writer.who(**{"occurred-day": "1", "occurred-month": "3", "occurred-year": "2024"})
    writer.children(_step="new", **{**NEW, "born": "2020"})
    writer.children(_step="sure", **{**NEW, "given_name": "Baby", "born": "1 6 2026"})
    writer.send("concern", concern="Arrived hungry.")
    page = writer.send("check")
    assert page.status_code == 422 and "before birth" in told(page)
    assert not Case.objects.exists() and not Person.objects.exists()
    assert Draft.objects.count() == 3, "all of it is kept"


def test_a_name_may_be_unknown(place: Partnership, writer: Writer) -> None:
    writer.who()
    writer.children(_step="new", not_known="1", area="burnley", sex="male")
    writer.send("concern", concern="Seen alone at the park.")
    assert writer.send("check").status_code == 302
    assert Case.objects.get().subject.name == "Name not known"


def test_a_child_one_may_not_see_cannot_be_added(place: Partnership, writer: Writer) -> None:
    hidden = child(place, "Rita Restricted", restricted=True)
    elsewhere = child(place, "Ella Elsewhere", organisation=place.police)
    for who in (hidden, elsewhere):
        assert writer.children(_add=str(who.pk)).status_code == 404
        assert str(who.pk) not in told(writer.children(_step="search", q=who.name))
    assert writer.children(_add="nonsense").status_code == 404


def test_a_contact_begun_from_a_child_is_about_that_child(place: Partnership, writer: Writer) -> None:
    amira = child(place)
    start = writer.client.get(reverse("casework:new-contact") + f"?child={amira.pk}")
    assert start.status_code == 302 and f"child={amira.pk}" in start.url
    writer.who(**{"with": str(amira.pk)})
    assert "Amira Hussain" in writer.see("children")


def test_one_persons_draft_is_not_anothers(place: Partnership, writer: Writer) -> None:
    writer.who(referrer_name="Very Private")
    other = Writer(teacher(place))
    other.draft = writer.draft
    assert "Very Private" not in other.see("who")


def test_a_screener_writes_for_another_agency(place: Partnership) -> None:
    writer = Writer(screener(place))
    writer.who(source="police", _agency=place.police.slug)
    writer.children(_step="new", **NEW)
    writer.send("concern", concern="Found alone.")
    assert writer.send("check").status_code == 302
    case = Case.objects.get()
    assert case.events.get().organisation == place.police and case.lead == place.care


def test_it_can_be_thrown_away(place: Partnership, writer: Writer) -> None:
    writer.who()
    writer.send("check", _step="discard")
    assert not Draft.objects.exists()


def test_a_page_that_is_none_is_not_found(writer: Writer) -> None:
    assert writer.client.get(reverse("casework:new-contact-page", args=[uuid4(), "nowhere"])).status_code == 404
    assert writer.client.get(writer.address("check")).url == writer.address("who")
    assert writer.client.get(writer.address("concern")).url == writer.address("children")


def test_a_draft_that_no_page_of_ours_wrote_is_left_out() -> None:
    assert NewChild.read("not json") is None and NewChild.read("[1]") is None
    kept = NewChild.read(NewChild("k", given_name="Zane", born="2022").kept())
    assert kept is not None and kept.name == "Zane" and kept.about == "born 2022"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"area": "burnley"}, "given_name"),
        ({"given_name": "A", "area": "burnley", "born": "2999"}, "born"),
        ({"given_name": "A", "area": "burnley", "born": "2020", "expected": "1 1 2027"}, "expected"),
        ({"given_name": "A", "area": "burnley", "expected": "1 1 2020"}, "expected"),
        ({"given_name": "A"}, "area"),
    ],
)
def test_what_is_wrong_with_a_childs_details_is_said_on_its_field(values: dict[str, str], field: str) -> None:
    assert set(details_of(values).errors) == {field}
