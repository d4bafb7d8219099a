"""The reads that every write makes give what the querysets they are written from would."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.utils import timezone

from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.actions.appending import CaseAction
from goldenthread.casework.duties import stored_duties, stored_duties_of
from goldenthread.casework.models import Case, Event
from goldenthread.casework.record import happening_of, happenings_of
from goldenthread.foundation.prepared import MARK, Prepared
from goldenthread.people.models import Person

from .partnership import Partnership, at

NAMES = ("pk", "born", "languages", "restricted", "created_at")


@pytest.mark.django_db
def test_ids_dates_and_lists_come_back_as_a_queryset_gives_them() -> None:
    person = Person.objects.create(
        name="Amira", created_at=timezone.now(), languages=["Punjabi"], restricted=True
    )
    people = Prepared(lambda: Person.objects.filter(pk=MARK).values_list(*NAMES))
    assert list(people.rows(person.pk)) == list(Person.objects.values_list(*NAMES))
    assert list(people.rows(uuid.uuid4())) == []


def test_a_case_its_events_and_its_duties_are_read_whole(place: Partnership) -> None:
    data = {"reasons": "Hurt", "held_at": "Burnley"}
    plan = OpenCase(place.system).run(
        "plan", place.child(), at("2026-03-02 10:00"), data, organisation=place.care
    )
    RecordEvent(place.worker).run(plan, "visited", date(2026, 3, 9), {"child_seen": True})
    assert happenings_of(plan) == [happening_of(event) for event in Event.objects.order_by("sequence")]
    assert sorted(stored_duties(plan)) == sorted(stored_duties_of([plan.pk]))
    found, expected = (
        CaseAction(place.worker).locked(plan),
        Case.objects.select_related("subject", "lead").get(),
    )
    names = [one.attname for one in Case._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(expected, name) for name in names]
    assert (found.subject.born, found.lead.kind) == (expected.subject.born, "childrens_social_care")
    assert found.subject.ethnicity == ""  # what was not read at first is read when asked for
