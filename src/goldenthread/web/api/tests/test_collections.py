"""A system of an agency lists what it is asked to send and enters values; a person of the agency sends them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from goldenthread.agencies.scopes import Scope
from goldenthread.intelligence.collections.actions import Send
from goldenthread.intelligence.collections.models import Entry
from goldenthread.intelligence.collections.queries import values_at
from goldenthread.intelligence.collections.tests.place import FIRES, Place, place

from .test_organisations import System

pytestmark = pytest.mark.django_db
VALUES = {key: {"value": float(text)} for key, text in FIRES.items()}


@pytest.fixture
def here(db: Any) -> Place:
    cache.clear()
    return place()


def test_a_system_lists_reads_and_enters_and_a_person_sends(here: Place) -> None:
    fire = System(here.fire, Scope.SEND_COLLECTIONS)
    rows = fire.get("/collections").json()
    assert [(one["collection"], one["period"], one["due"], one["in_time"]) for one in rows] == [
        ("fire_safety", "2025/26 Q1", "2025-07-28", None), ("fire_safety", "2025/26 Q2", "2025-10-28", None),
        ("fire_safety", "2025/26 Q3", "2026-01-29", None),
    ]  # fmt: skip
    form = rows[0]
    whole = fire.get(f"/collections/{form['id']}").json()
    parts = [one["part"] for one in whole["values"] if one["key"].startswith("dwelling_fires.")]
    assert parts == ["Burnley", "Preston", "Outside the area or not known"]
    assert "say why it is blank" in whole["values"][0]["wrong"][0]
    given = {"version": whole["version"], "values": VALUES}
    first = fire.post(f"/collections/{form['id']}/values", given, key="a")
    again = fire.post(f"/collections/{form['id']}/values", given, key="a")
    assert (first.status_code, again.content) == (200, first.content) and again.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == len(VALUES) and not any(one["wrong"] for one in first.json()["values"])
    assert Entry.objects.first().by_name == f"Fire service: {fire.token.title}"
    sent = Send(here.as_(here.officer)).run(here.form())
    assert sent.state == "sent"
    late = fire.post(f"/collections/{form['id']}/values", {**given, "version": sent.version}, key="b")
    assert late.status_code == 409 and "Nothing was written" in late.json()["detail"]
    assert len(fire.get("/collections").json()) == 2
    assert len(fire.get("/collections", waiting="false").json()) == 3


def test_what_is_wrong_is_told_by_key_and_nothing_is_written(here: Place) -> None:
    fire = System(here.fire, Scope.SEND_COLLECTIONS)
    address = f"/collections/{here.form().pk}/values"
    wrong = fire.post(address, {"version": 1, "values": {"death": {"value": 1}, "visits": {"value": 3}}})
    assert wrong.status_code == 400 and "did you mean 'deaths'" in wrong.json()["errors"]["values.death"][0]
    assert not Entry.objects.exists()
    blank = fire.post(address, {"version": 1, "values": {"deaths": {"value": None, "comment": "Not decided"}}})
    assert blank.status_code == 200
    assert values_at(here.form())["deaths"].value is None
    stale = fire.post(address, {"version": 1, "values": {"deaths": {"value": 0}}})
    assert stale.status_code == 409 and "it is now 2" in stale.json()["detail"]


def test_a_system_of_another_agency_or_for_another_task_finds_nothing(here: Place) -> None:
    form = here.form()
    council = System(here.councils[0], Scope.SEND_COLLECTIONS)
    assert council.get("/collections").json() == []
    assert council.get(f"/collections/{form.pk}").status_code == 404
    assert council.post(f"/collections/{form.pk}/values", {"version": 1, "values": VALUES}).status_code == 404
    other = System(here.fire, Scope.READ_TOTALS)
    assert other.get("/collections").status_code == 403
