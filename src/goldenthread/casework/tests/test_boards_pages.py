"""The pages of the boards: who sees what and what is absent for others, narrowing, pages, files, reports and packs."""

from __future__ import annotations

import csv
import io
import re
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.boards.which import Narrowed
from goldenthread.casework.models import Case, Involvement
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry

from . import board_cases
from .board_cases import Making
from .boards_told import everyone, making, numbers, shown, told
from .front_door_people import signed_in
from .partnership import MANAGER, WORKER, Partnership, partnership
from .visitors import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


@pytest.fixture
def make(place: Partnership) -> Making:
    return making(place)


# Who sees what -------------------------------------------------------------------------------------------------------


def test_an_allegation_is_absent_for_those_who_may_not_see_it(place: Partnership, make: Making) -> None:
    teacher = signed_in(place, place.care, WORKER, "partnership")
    address = reverse("boards:board", args=["allegations"])
    before = words(teacher.get(address))
    board_cases.allegations(make)
    assert words(teacher.get(address)) == before
    export = teacher.get(reverse("boards:export", args=["allegations"])).content.decode()
    assert len(export.strip().splitlines()) == 1
    assert "Allegations" not in words(teacher.get(reverse("boards:list")))
    assert "Martin Cole" in words(everyone(place).get(address))


def test_a_restricted_child_is_absent_from_rows_numbers_and_pictures(place: Partnership, make: Making) -> None:
    worker = signed_in(place, place.care, WORKER, "partnership")
    addresses = [f"/boards/missing/?section={one}" for one in current_library().boards["missing"].sections]
    addresses += ["/boards/", "/boards/missing/packs/", "/boards/missing/export.csv?section=episodes"]
    board_cases.missing(make)

    def seen() -> list[str]:
        """What the pages say, but for the minute at which they say it."""
        return [re.sub(r"As known on [^.]+\.", "", words(worker.get(address))) for address in addresses]

    before = seen()
    for years in (1, 2):
        hidden = make.person(f"Zephyrine {years}", date(2012, 1, 1))
        hidden.restricted = True
        hidden.save(update_fields=["restricted"])
        case = make.open("missing", hidden, 2, "reported_missing", "police", risk="high")
        make.tell(case, 1, "found", "police", how="police", where="The docks")
    assert seen() == before
    assert "Zephyrine" in words(everyone(place).get("/boards/missing/?section=back"))


def test_an_earlier_case_that_may_not_be_seen_makes_no_repeat(place: Partnership, make: Making) -> None:
    who = make.person("Leah Barnes", date(1993, 4, 2))
    earlier = make.open("domestic_abuse", who, 300, "referred", "police", criteria=["ticks"])
    make.open("domestic_abuse", who, 3, "referred", "police", criteria=["ticks"])
    Case.objects.filter(pk=earlier.pk).update(restricted=True)
    officer = replace(place.officer, scope="partnership")
    rows = shown("marac", "to_hear", officer).rows
    assert [told(row)["referrals"] for row in rows] == [["1"]]


def test_an_agency_sees_the_cases_it_is_part_of(place: Partnership, make: Making) -> None:
    cases = board_cases.private_fostering(make)
    Involvement.objects.create(case=cases["new"], organisation=place.school, since=timezone.now())
    assert [row.name for row in shown("private_fostering", "all", place.teacher).rows] == ["Aaron Kent"]
    assert numbers("private_fostering", place.teacher)[0]["all"] == 1


def test_who_may_not_record_is_offered_nothing(place: Partnership, make: Making) -> None:
    board_cases.health(make)
    worker = replace(place.worker, scope="partnership")
    rows = shown("health_assessments", "initial", worker).rows
    mia = next(row for row in rows if row.name == "Mia Lund")
    assert mia.actions[0][0] == "iha_consent_received"  # what meets the clock that is latest comes first
    assert "iha_appointment_offered" not in [kind for kind, _ in mia.actions]  # for health to say
    reader = replace(worker, capabilities=frozenset({Capability.VIEW_CASES}))
    assert not any(row.actions for row in shown("health_assessments", "initial", reader).rows)


def test_each_look_is_journalled_with_the_cases_it_told_of(place: Partnership, make: Making) -> None:
    cases = board_cases.missing(make)
    client = everyone(place)
    client.get(reverse("boards:board", args=["missing"]))
    entry = JournalEntry.objects.filter(verb="board.view").latest("pk")
    assert entry.subject_id == "missing" and entry.detail["cases"] == [str(cases["now"].pk)]
    client.get(reverse("boards:pack", args=["missing", cases["back"].pk]))
    assert JournalEntry.objects.filter(verb="board.pack", subject_id=str(cases["back"].pk)).exists()
    client.get(reverse("boards:export", args=["missing"]), {"section": "back"})
    assert len(JournalEntry.objects.filter(verb="board.export").latest("pk").detail["cases"]) == 1


# Narrowing, pages, files ---------------------------------------------------------------------------------------------


def test_a_board_is_narrowed(place: Partnership, make: Making) -> None:
    cases = board_cases.missing(make)
    worker = replace(place.worker, scope="partnership")
    Case.objects.filter(pk=cases["now"].pk).update(worker=worker.user_id)
    for chosen, names in (("mine", ["Ellis Ward"]), ("nobody", [])):
        rows = shown("missing", "missing_now", worker, narrowed=Narrowed(worker=chosen)).rows
        assert [row.name for row in rows] == names
    assert shown("missing", "missing_now", narrowed=Narrowed(district="pendle")).rows == []
    assert len(shown("missing", "missing_now", narrowed=Narrowed(district="burnley")).rows) == 1
    client = everyone(place)
    assert "Ellis Ward" not in words(client.get("/boards/missing/?worker=team&district=burnley"))
    odd = "/boards/missing/?worker=%00&agency=%00&page=99999999999&only=no&section=no&district="
    assert client.get(odd + "x" * 5000).status_code == 200


def test_pages_follow_one_another_without_gap_or_double(make: Making) -> None:
    for number in range(7):
        who = make.person(f"Child {number}", date(2013, 1, 1))
        make.open("private_fostering", who, 10 + number, "notified", notifier="carer")
    for section in ("all", "new"):
        pages = [shown("private_fostering", section, page=number, size=3) for number in (1, 2, 3)]
        names = [row.name for one in pages for row in one.rows]
        assert sorted(names) == [f"Child {number}" for number in range(7)]
        assert [one.more for one in pages] == [True, True, False]


def test_a_page_costs_the_same_statements_however_many_rows(place: Partnership, make: Making) -> None:
    client = everyone(place)

    def asked() -> int:
        with CaptureQueriesContext(connection, ) as queries:
            assert client.get("/boards/missing/?section=back").status_code == 200
        return len(queries)

    board_cases.missing(make)
    asked()
    few = asked()
    for _ in range(3):
        board_cases.missing(make)
    assert asked() == few


def test_a_file_has_what_the_page_says_and_nothing_that_runs(place: Partnership, make: Making) -> None:
    case = make.open("missing", make.person("=HYPERLINK(1) Ward", date(2011, 3, 3)), 1, "reported_missing", "police",
                     risk="high", last_seen_where='=cmd|"/c calc"!A1')  # fmt: skip
    answer = everyone(place).get("/boards/missing/export.csv")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Reference"] for row in rows] == [Case.objects.get(pk=case.pk).reference]
    assert rows[0]["Last seen"].startswith("'=cmd") and rows[0]["Name"].startswith("'=HYPERLINK")
    assert rows[0]["Missing for"] == "24 hours"


def test_a_file_without_names_has_none(place: Partnership, make: Making) -> None:
    board_cases.child_deaths(make)
    text = everyone(place).get("/boards/child-deaths/export.csv?section=gathering").content.decode("utf-8-sig")
    assert "Lowe" not in text and text.startswith("Reference,Since death")


def test_a_file_is_cut_and_says_so(place: Partnership, make: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    from goldenthread.casework.boards import export

    monkeypatch.setattr(export, "MOST", 2)
    monkeypatch.setattr(export, "CHUNK", 1)
    for number in range(4):
        make.open("private_fostering", make.person(f"Child {number}", date(2013, 1, 1)), 10, "notified", notifier="carer")
    lines = everyone(place).get("/boards/private-fostering/export.csv?section=all").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4 and lines[-1] == "Cut after 2 rows. Narrow the board for the others."


# A new report ---------------------------------------------------------------------------------------------------------


def test_a_second_report_of_an_open_absence_is_offered_to_join_it(place: Partnership, make: Making) -> None:
    cases = board_cases.missing(make)
    client = everyone(place)
    page_ = client.get("/boards/missing/report/", {"q": "Elis Ward"})
    assert "Missing since" in words(page_) and "Join this report to it" in words(page_)
    join = reverse("casework:record", args=[cases["now"].pk, "report_joined"])
    assert join in page_.content.decode()
    assert reverse("casework:record", args=[cases["now"].pk, "reported_missing"]) not in page_.content.decode()
    assert client.get(join).status_code == 200


def test_a_report_of_a_child_who_is_back_or_new_begins_an_absence(place: Partnership, make: Making) -> None:
    cases = board_cases.missing(make)
    new = make.person("Tess Holland", date(2012, 2, 2))
    client = everyone(place)
    back = client.get("/boards/missing/report/", {"q": "Ruby Shah"}).content.decode()
    assert reverse("casework:record", args=[cases["back"].pk, "reported_missing"]) in back
    fresh = client.get("/boards/missing/report/", {"q": "Tess Holland"}).content.decode()
    assert reverse("casework:open-case", args=[new.pk, "missing", "reported_missing"]) in fresh


def test_two_open_cases_of_one_child_are_marked(place: Partnership, make: Making) -> None:
    case = board_cases.missing(make)["now"]
    make.open("missing", case.subject, 1, "reported_missing", "school", risk="high")
    marks = [row.marks for row in shown("missing", "missing_now").rows]
    assert len(marks) == 2 and all(one and one[0].startswith("Also open: ") for one in marks)


def test_only_a_board_that_takes_reports_has_the_page_and_only_for_those_who_record(place: Partnership) -> None:
    assert everyone(place).get("/boards/marac/report/").status_code == 404
    reader = signed_in(place, place.care, {Capability.VIEW_CASES, Capability.RECORD_EVENTS}, "partnership")
    assert reader.get("/boards/missing/report/").status_code == 404
    assert "Report a child missing" not in words(reader.get("/boards/missing/"))


# Addresses ------------------------------------------------------------------------------------------------------------


def test_what_is_not_there_is_not_found(place: Partnership, make: Making) -> None:
    cases = board_cases.missing(make)
    client = everyone(place)
    for address in (
        "/boards/nothing/", "/boards/nothing/export.csv", "/boards/custody/packs/", "/boards/missing/?lane=missing",
        f"/boards/missing/{uuid.uuid4()}/", f"/boards/marac/{cases['now'].pk}/", f"/boards/custody/{cases['now'].pk}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_one_lane_in_full(place: Partnership, make: Making) -> None:
    board_cases.allegations(make)
    text = words(everyone(place).get("/boards/allegations/?section=by_stage&lane=concluded"))
    assert "Peter Shaw" in text and "Martin Cole" not in text


def test_the_pack_tells_a_case_on_one_page(place: Partnership, make: Making) -> None:
    cases = board_cases.child_deaths(make)
    text = words(everyone(place).get(reverse("boards:pack", args=["child-deaths", cases["reviewed"].pk])))
    assert "4 Malignancy" in text and "Share the care plan with the school." in text and "Aisha" not in text
    assert "Without names, as the panel sees it" in text


def test_links_lead_to_the_board_of_a_pathway(place: Partnership, make: Making) -> None:
    client = signed_in(place, place.care, MANAGER | {Capability.READ_GUIDANCE}, "partnership")
    assert "/boards/missing/" in client.get(reverse("guidance:pathway", args=["missing"])).content.decode()
    assert "/boards/missing/" in client.get("/my-work/?pathway=missing").content.decode()
    assert 'href="/boards/"' in client.get("/my-work/").content.decode()


def test_a_worker_of_a_team_narrows_to_the_team(place: Partnership, make: Making) -> None:
    case = board_cases.missing(make)["now"]
    Case.objects.filter(pk=case.pk).update(team=place.team)
    actor: Actor = replace(place.worker, scope="partnership")
    assert len(shown("missing", "missing_now", actor, narrowed=Narrowed(worker="team")).rows) == 1
    assert timezone.now() - make.now < timedelta(minutes=10)
