"""A child's way from a police contact to a child protection plan, on the guidance that ships, each date counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.child_record import child_record
from goldenthread.casework.models import Case
from goldenthread.casework.queries import board, case_page

from .partnership import at, partnership

pytestmark = pytest.mark.django_db


def due(case: Case) -> dict[str, tuple[date | datetime | None, str, str]]:
    """Each duty: when it is due, what became of it, who owes it."""
    return {
        one.duty: (one.due_on if one.due_at.second == 59 else one.due_at, one.outcome, one.organisation.slug)
        for one in case.duties.select_related("organisation").order_by("ordinal")
        if one.due_at is not None
    }


def test_from_a_police_contact_to_a_plan() -> None:
    place = partnership()
    amira, zayn = place.child("Amira Hussain"), place.child("Zayn Hussain", date(2022, 1, 3))
    said: dict[str, Any] = {
        "source": "police",
        "grade": "high",
        "flags": ["domestic_abuse"],
        "child_said": "Dad hit the wall.",
    }
    # Monday 2 March 2026, 9 o'clock: a vulnerable child notification.
    contact = OpenCase(place.officer).run(
        "contact", _known_to_police(place, amira), at("2026-03-02 09:00"), said
    )
    assert (contact.lead, contact.arrangement) == (place.care, "lancashire")
    assert contact.duties.get(duty="screening").organisation == place.care

    front_door = place.screener
    RecordEvent(front_door).run(
        contact, "screened", at("2026-03-02 09:20"), {"priority": "red", "level_of_need": "4"}, version=1
    )
    contact.refresh_from_db()
    assert (contact.state, contact.priority) == ("screening", 1)
    assert due(contact)["decision_red"][0] == at("2026-03-02 13:00")
    for minute, agency in ((21, place.health), (22, place.school)):
        RecordEvent(front_door).run(
            contact, "agency_asked", at(f"2026-03-02 09:{minute}"), {"agency": agency}
        )
    RecordEvent(place.nurse).run(
        contact, "agency_answered", at("2026-03-02 10:30"), {"agency": place.health, "holds": "nothing_held"}
    )
    shown = board(front_door, now=at("2026-03-02 12:30"))
    card = next(card for column in shown.columns for card in column.cards)
    assert {(one.organisation.slug, one.answered, one.late) for one in card.asked} == {
        ("county_health", True, False), ("hill_school", False, True),
    }  # fmt: skip

    decision = {
        "outcome": "strategy_discussion",
        "level_of_need": "4",
        "reasons": "Third call in a month; he was hurt.",
    }
    decided = RecordEvent(front_door).run(contact, "decided", at("2026-03-02 12:40"), decision)
    contact.refresh_from_db()
    assert (contact.is_open, contact.duties.get(duty="decision_red").late) == (False, False)
    enquiry = decided.opened.get()
    assert (enquiry.pathway, enquiry.state, enquiry.involvements.filter(organisation=place.police).exists()) == (
        "section_47", "strategy", True,
    )  # fmt: skip

    # 15 working days from Tuesday 3 March: Tuesday 24 March.
    RecordEvent(place.worker).run(
        enquiry, "strategy_discussion", at("2026-03-03 10:00"), {"outcome": "section_47"}
    )
    assert due(enquiry)["icpc"] == (date(2026, 3, 24), "open", "county_reviewing")
    RecordEvent(place.worker).run(
        enquiry, "child_seen", date(2026, 3, 4), {"seen_alone": True, "child_said": "I hide with Zayn."}
    )
    RecordEvent(place.manager).run(
        enquiry, "section_47_ended", date(2026, 3, 16), {"outcome": "conference_needed"}
    )
    held = RecordEvent(place.worker).run(
        enquiry, "icpc_held", date(2026, 3, 23), {"outcome": "plan", "category": "emotional_abuse"}
    )
    assert due(enquiry)["icpc"][1] == "met" and not enquiry.duties.get(duty="icpc").late
    plan = held.opened.get()
    assert (plan.pathway, plan.events.get().data["category"]) == ("child_protection_plan", "emotional_abuse")

    # Ten working days from Monday 23 March, over Good Friday and Easter Monday: Wednesday 8 April.
    found = due(plan)
    assert found["first_core_group"][0] == found["visits"][0] == date(2026, 4, 8)
    assert found["review"] == (date(2026, 6, 23), "open", "county_reviewing")
    page = case_page(place.worker, plan.pk)
    lines = (
        next(one.computed for one in page.duties if one.computed.duty == "first_core_group").proof().lines()
    )
    assert any("Good Friday" in line for line in lines) and any("Easter Monday" in line for line in lines)

    record = child_record(place.worker, amira)
    assert [known.pathway.id for known in record.cases] == ["contact", "section_47", "child_protection_plan"]
    assert [saying.words for saying in record.said] == ["I hide with Zayn.", "Dad hit the wall."]
    assert child_record(front_door, zayn).cases == []
    # On 10 March nobody had recorded anything yet: all of this was recorded today.
    assert child_record(place.worker, amira, date(2026, 3, 10)).cases == []


def _known_to_police(place: Any, child: Any) -> Any:
    child.registered_by = place.police
    child.save()
    return child
