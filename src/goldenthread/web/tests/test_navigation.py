"""The bar at the top: one line at 1280 pixels for everybody, and a link to the boards for those who work from one."""

from __future__ import annotations

from typing import Any

import pytest

from goldenthread.casework.boards.which import works_on_any
from goldenthread.casework.tests.partnership import partnership
from goldenthread.casework.tests.visitors import visitor
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.web.navigation import ENTRIES, GAP, MORE, ROOM, _fold

NOT_ALL = ("Front door", "Caseloads", "Collections", "Old records", "Administration")
EVERYTHING = [entry.words for entry in ENTRIES if entry.words not in NOT_ALL]


def folded(*words: str) -> list[str]:
    links: list[dict[str, Any]] = [{"words": one.words, "after": one.after} for one in ENTRIES if one.words in words]
    assert len(links) == len(words)
    _fold(links)
    shown = [*(link["words"] for link in links if not link["more"]), *([MORE] if any(link["more"] for link in links) else ())]
    assert sum(len(one) + GAP for one in shown) <= ROOM
    return [link["words"] for link in links if link["more"]]


def test_what_there_is_no_room_for_stands_under_more_and_the_rarest_first() -> None:
    assert folded("My work", "People", "Notices", "Guidance", "Administration") == []
    assert folded(*EVERYTHING) == ["Encompass", "Actions", "Scorecard", "Organisations", "Guidance", "Figures"]
    without = [one for one in EVERYTHING if one != "Boards"]
    assert folded(*without) == ["Actions", "Scorecard", "Organisations", "Guidance", "Figures"]
    manager = {entry.words for entry in ENTRIES} - {"New contact", "Encompass", "Collections", "Old records", "Administration"}
    assert folded(*manager) == ["Caseloads", "Scorecard", "Organisations", "Guidance", "Figures"]


def someone(kind: str, scope: str = "organisation", handles: str = "", *more: Capability) -> Actor:
    return Actor(
        name="A", user_id=1, organisation_id=1, organisation_ids=frozenset({1}), organisation_kind=kind, scope=scope,
        handles=frozenset({(handles, 1)} if handles else ()), capabilities=frozenset({Capability.VIEW_CASES, *more}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "works"),
    [
        (someone("police"), True), (someone("youth_justice"), True), (someone("domestic_abuse_service"), True),
        (someone("primary_care"), False), (someone("ambulance"), False), (someone("school"), False),
        (someone("primary_care", "partnership"), True),
        # The only board it leads is of a restricted pathway: it shows nothing to those who neither run it nor may see it.
        (someone("integrated_care_board"), False), (someone("integrated_care_board", "organisation", "child_death"), True),
        (someone("integrated_care_board", "organisation", "", Capability.VIEW_RESTRICTED), True),
    ],
)  # fmt: skip
def test_who_works_from_a_board(actor: Actor, works: bool) -> None:
    assert works_on_any(actor) is works


@pytest.mark.django_db
def test_the_bar_leads_those_who_work_from_a_board_to_it() -> None:
    place = partnership()
    officer = visitor(place, "Olu Ade", "police_officer", place.police).get("/my-work/").content.decode()
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school).get("/my-work/").content.decode()
    assert 'href="/boards/"' in officer and 'href="/boards/"' not in teacher
    assert "<summary>More</summary>" in officer and officer.index("<summary>More") < officer.index('href="/guidance/"')
