"""Destroying records: by two people, only when due and held by nobody, under a certificate; and never in any other way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from goldenthread.casework.actions import AddDocument, AmendEvent, OpenCase, RecordEvent
from goldenthread.casework.actions.destroying import CUT, label_of, links_to, people_held_by_nothing
from goldenthread.casework.actions.retention import (
    AgreeDestruction,
    LiftHold,
    PlaceHold,
    ProposeDestruction,
    RefuseDestruction,
    digest_of,
)
from goldenthread.casework.documents import path_of
from goldenthread.casework.models import (
    NOWHERE,
    Case,
    DestroyedCase,
    DestructionCertificate,
    DestructionLicence,
    DestructionProposal,
    Document,
    Duty,
    Event,
)
from goldenthread.casework.queries.retention import kept_until, review_list
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.people.models import (
    Address,
    Merge,
    Person,
    PersonName,
    PossibleMatch,
    Professional,
    Relationship,
    Residence,
    SearchKey,
)

from .partnership import Partnership, at, partnership

KEEPS = frozenset({Capability.MANAGE_RETENTION})
TODAY = date(2026, 11, 22)
REASON = "The inquiry asks for it."


@pytest.fixture
def place(db: Any, settings: Any, tmp_path: Path) -> Partnership:
    """The small partnership on the guidance that is shipped."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    return partnership()


def keeper(place: Partnership, name: str = "Martin Sharples", *more: Capability) -> Actor:
    return place.actor(name, place.care, KEEPS | set(more), "own")


def old_case(place: Partnership, name: str = "Old Record", concern: str = "Bruises.", **person: Any) -> Case:
    """A contact that went no further in 2012, of somebody born in 1990."""
    child = place.child(name, date(1990, 3, 4), **person)
    PersonName.objects.create(person=child, full=name)
    SearchKey.objects.create(person=child, key=name.lower())
    case = OpenCase(place.system).run(
        "contact", child, at("2012-06-01 09:30"), {"source": "school", "concern": concern}, lead=place.care
    )
    answers = {"outcome": "no_further_action", "level_of_need": "1", "reasons": "Nothing found."}
    RecordEvent(place.system).run(case, "decided", at("2012-06-02 10:00"), answers)
    return Case.objects.get(pk=case.pk)


def destroyed(place: Partnership, *cases: Case) -> DestructionCertificate:
    proposal = ProposeDestruction(keeper(place)).run(list(cases))
    return AgreeDestruction(keeper(place, "Ines Ferreira")).run(proposal)


def test_what_is_due_is_listed_and_what_is_not_is_not(place: Partnership) -> None:
    case = old_case(place)
    due, _soon, more = review_list(keeper(place), TODAY)
    assert [(one.case.pk, one.kept.until, one.events, one.held) for one in due] == [
        (case.pk, date(2018, 6, 2), 2, False)
    ]
    assert not more
    assert review_list(keeper(place), date(2018, 6, 1))[0] == []
    assert [one.case.pk for one in review_list(keeper(place), date(2018, 6, 1))[1]] == [case.pk]
    assert review_list(place.screener, TODAY)[0] == []


def test_two_people_destroy_a_record_and_the_certificate_tells_nothing_of_the_person(
    place: Partnership, django_capture_on_commit_callbacks: Any
) -> None:
    case = old_case(place)
    first = case.events.get(sequence=1)
    AmendEvent(place.system).run(
        first, first.occurred_at, {"source": "police", "concern": "Bruises."}, "Wrong source"
    )
    document = AddDocument(place.system).run(case, "Letter", SimpleUploadedFile("a.txt", b"Dear Old Record"))
    home = Address.objects.create(lines="1 Gone Street", postcode="BB1 1AA")
    Residence.objects.create(person=case.subject, address=home)
    mother = place.child("Old Mother", date(1960, 1, 1))
    Relationship.objects.create(person=case.subject, other=mother, kind="mother")
    Draft.objects.create(
        user_id=1, key=f"case/{case.pk}/note", body={"text": "Old Record"}, saved_at=case.opened_at
    )
    twice = place.child("Olde Record", date(1990, 3, 4))
    PossibleMatch.objects.create(one=case.subject, other=twice, found_at=case.opened_at)
    Merge.objects.create(
        kept=case.subject, gone=twice, snapshot={"name": "Olde"}, reason="Same", merged_at=case.opened_at
    )
    Person.objects.filter(pk=twice.pk).update(merged_into=case.subject)
    path = path_of(document.sha256)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        made = destroyed(place, case)
    assert not path.exists()
    for model in (
        Case,
        Event,
        Duty,
        Document,
        Person,
        PersonName,
        SearchKey,
        Relationship,
        Residence,
        Draft,
        Merge,
        PossibleMatch,
    ):
        assert not model.objects.exists(), model  # type: ignore[attr-defined]
    assert not Address.objects.filter(pk=home.pk).exists()
    made.refresh_from_db()
    kinds = made.body["kinds"]
    assert (kinds["casework.event"]["rows"], kinds["people.person"]["rows"], made.body["people"]) == (3, 3, 3)
    assert len(kinds["casework.event"]["sha256"]) == 64 and made.body["files"] == [document.sha256]
    assert made.digest == digest_of(made)
    assert [one["schedule"] for one in made.body["cases"]] == ["contact_or_early_help"]
    told = json.dumps(made.body) + json.dumps(list(JournalEntry.objects.values()), default=str)
    for secret in ("Old Record", "Old Mother", "Bruises", "Gone Street", "BB1 1AA", "1990-03-04", "Letter"):
        assert secret not in told
    entry = JournalEntry.objects.get(subject_type="certificate")
    assert (entry.detail["digest"], entry.detail["kinds"]) == (made.digest, kinds)
    assert JournalEntry.objects.filter(
        subject_type="case", subject_id=str(case.pk), verb="casework.open_case"
    ).exists()
    assert not DestructionLicence.objects.exists()


def test_one_person_cannot_do_it_alone_nor_the_system_nor_one_without_the_capability(
    place: Partnership,
) -> None:
    case = old_case(place)
    proposal = ProposeDestruction(keeper(place)).run([case])
    with pytest.raises(NotAllowed, match="somebody else"):
        AgreeDestruction(keeper(place)).run(proposal)
    with pytest.raises(NotAllowed):
        AgreeDestruction(place.system).run(proposal)
    with pytest.raises(NotAllowed):
        AgreeDestruction(place.manager).run(proposal)
    with pytest.raises(NotAllowed):
        ProposeDestruction(place.system).run([case])
    with pytest.raises(Invalid, match="another proposal"):
        ProposeDestruction(keeper(place, "Ines Ferreira")).run([case])
    RefuseDestruction(keeper(place, "Ines Ferreira")).run(proposal, "A claim is expected.")
    with pytest.raises(Invalid, match="decided"):
        AgreeDestruction(keeper(place, "Ines Ferreira")).run(proposal)
    assert Event.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("whole_person", [True, False])
def test_a_hold_keeps_a_record_until_it_is_lifted(place: Partnership, whole_person: bool) -> None:
    case = old_case(place)
    proposal = ProposeDestruction(keeper(place)).run([case])
    hold = PlaceHold(keeper(place)).run(case, REASON, "The public inquiry", whole_person=whole_person)
    assert review_list(keeper(place), TODAY)[0][0].held
    other = keeper(place, "Ines Ferreira")
    with pytest.raises(Invalid, match="is held"):
        AgreeDestruction(other).run(proposal)
    assert Event.objects.filter(case=case).exists()
    LiftHold(other).run(hold, "The inquiry has reported.")
    with pytest.raises(Invalid, match="lifted already"):
        LiftHold(other).run(hold, "The inquiry has reported.")
    AgreeDestruction(other).run(proposal)
    assert not Case.objects.exists()


def test_what_came_to_be_kept_after_it_was_proposed_is_not_destroyed(place: Partnership) -> None:
    case = old_case(place)
    proposal = ProposeDestruction(keeper(place)).run([case])
    OpenCase(place.system).run(
        "contact", case.subject, at("2026-11-20 09:30"), {"source": "school"}, lead=place.care
    )
    with pytest.raises(Invalid, match="is not due: Another record of the same person"):
        AgreeDestruction(keeper(place, "Ines Ferreira")).run(proposal)
    assert Case.objects.count() == 2


def test_people_whom_another_record_needs_stay(place: Partnership) -> None:
    named, pupil = place.child("Named Elsewhere"), place.child("Pupil")
    Professional.objects.create(person=pupil, organisation=place.school, name="Ann Dale", job="key adult")
    case, brother = old_case(place), old_case(place, "Young Brother", f"Seen with {named.pk}.")
    mother, aunt = place.child("Mother"), place.child("Aunt")
    for child in (case.subject, brother.subject):
        Relationship.objects.create(person=child, other=mother, kind="mother")
    Relationship.objects.create(person=aunt, other=mother, kind="sibling")
    Relationship.objects.create(person=case.subject, other=named, kind="other")
    cousin = old_case(place, "Cousin")
    friend = place.child("Friend")
    for other in (friend, pupil):
        Relationship.objects.create(person=cousin.subject, other=other, kind="other")
    gone = people_held_by_nothing({case.subject_id}, {case.pk})
    assert gone == set(), "the brother keeps the mother, and she the child as one of her family"
    assert people_held_by_nothing({cousin.subject_id}, {cousin.pk}) == set(), (
        "a school works with one of them"
    )
    Professional.objects.update(ends=date(2020, 1, 1))
    assert people_held_by_nothing({cousin.subject_id}, {cousin.pk}) == {
        cousin.subject_id,
        friend.pk,
        pupil.pk,
    }
    destroyed(place, case, cousin)
    assert set(Person.objects.values_list("name", flat=True)) == {
        "Old Record", "Young Brother", "Mother", "Aunt", "Named Elsewhere"
    }  # fmt: skip
    assert set(Case.objects.values_list("pk", flat=True)) == {brother.pk}
    destroyed(place, brother)
    assert not Person.objects.exists(), "with the last record of the family goes the family"


def test_a_file_that_another_record_has_too_stays(
    place: Partnership, django_capture_on_commit_callbacks: Any
) -> None:
    case, other = old_case(place), old_case(place, "Somebody Else")
    for one in (case, other):
        document = AddDocument(place.system).run(
            one, "Letter", SimpleUploadedFile("a.txt", b"The same letter")
        )
    with django_capture_on_commit_callbacks(execute=True):
        made = destroyed(place, case)
    assert path_of(document.sha256).exists() and made.body["files"] == []


def test_restricted_records_are_not_there_for_those_who_may_not_see_such(place: Partnership) -> None:
    case = old_case(place, restricted=True)
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert review_list(keeper(place), date(2080, 1, 1))[0] == []
    with pytest.raises(Invalid, match="no longer there"):
        ProposeDestruction(keeper(place)).run([case])
    with pytest.raises(NotAllowed):
        PlaceHold(keeper(place)).run(case, REASON, "A court", whole_person=False)
    seen = review_list(keeper(place, "Ida Moss", Capability.VIEW_RESTRICTED), date(2080, 1, 1))[0]
    assert [one.case.pk for one in seen] == [case.pk]


def sql(statement: str) -> Callable[[Case], object]:
    def run(case: Case) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement)

    return run


def licence(case: Case) -> None:
    DestructionLicence.objects.create(case=case.pk, ends_id=NOWHERE)


def listed(case: Case) -> None:
    made = DestructionProposal.objects.get()
    certificate = DestructionCertificate.objects.create(
        destroyed_at=case.opened_at, proposed_by=made.proposed_by, agreed_by=made.proposed_by
    )
    DestroyedCase.objects.create(
        case=case.pk, certificate=certificate, reference=case.reference, pathway=case.pathway
    )


def delete_events(case: Case) -> None:
    events = Event.objects.filter(case=case)
    events._raw_delete(events.db)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((delete_events,), "delete refused"),
        ((sql("DELETE FROM casework_event"),), "delete refused"),
        ((licence, delete_events), "delete refused"),
        ((listed,), "only while it is being destroyed"),
        ((sql("DELETE FROM casework_destroyedcase"),), "delete refused"),
        ((licence, listed, sql("UPDATE casework_destroyedcase SET reference = 'x'")), "update refused"),
        ((licence, listed, sql("DELETE FROM casework_destructioncertificate")), "delete refused"),
        ((licence, listed, sql("DELETE FROM casework_destructionlicence"), licence), "destroyed already"),
        ((licence, listed, sql("DELETE FROM casework_destructionlicence"), delete_events), "delete refused"),
        ((licence, listed, sql("DELETE FROM casework_event")), "delete refused"),
    ],
)
def test_no_other_order_of_steps_deletes_an_event(
    place: Partnership, steps: tuple[Callable[[Case], object], ...], said: str
) -> None:
    case, other = old_case(place), old_case(place, "Somebody Else")
    gone = old_case(place, "Really Gone")
    ProposeDestruction(keeper(place)).run([case])
    if said == "delete refused" and len(steps) == 1:
        again = ProposeDestruction(keeper(place)).run([gone])
        AgreeDestruction(keeper(place, "Ines Ferreira")).run(again)
    count = Event.objects.filter(case__in=[case, other]).count()
    with pytest.raises(DatabaseError, match=said), transaction.atomic():
        for step in steps:
            step(case)
    assert Event.objects.filter(case__in=[case, other]).count() == count == 4


@pytest.mark.django_db(transaction=True)
def test_a_licence_cannot_outlive_its_transaction(settings: Any) -> None:
    """The row it points to cannot be: the database refuses to commit, so nothing of the transaction stays."""
    case = old_case(partnership())
    with pytest.raises(DatabaseError), transaction.atomic():
        licence(case)
    with pytest.raises(DatabaseError), transaction.atomic():
        DestructionLicence.objects.create(case=case.pk, ends_id=case.pk)
    assert not DestructionLicence.objects.exists()
    assert Event.objects.filter(case=case).count() == 2


def test_whoever_adds_a_table_about_cases_or_people_decides_what_becomes_of_it(place: Partnership) -> None:
    """Every link to a case, an event or a person is followed when it is destroyed, or cut, and each is known here."""
    followed = {
        label_of(relation) for model in (Case, Event, Document, Person) for relation in links_to(model)
    } - CUT
    assert followed == FOLLOWED
    assert {"casework.Case.opened_from", "sharing.Override.review"} == CUT
    free = [
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.get_fields()
        if one.many_to_many and one.related_model in (Case, Event, Person)
    ]
    assert free == [], "rows that join many to many are not followed: say what becomes of them"


def test_everything_is_worked_out_in_few_statements(
    place: Partnership, django_assert_max_num_queries: Any
) -> None:
    cases = [old_case(place, f"Number {number}") for number in range(6)]
    with django_assert_max_num_queries(3):
        kept_until(
            list(Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("subject")), TODAY
        )
    actor = keeper(place)
    with django_assert_max_num_queries(7):
        assert len(review_list(actor, TODAY)[0]) == 6


def test_the_events_are_read_once_for_all_who_may_go(place: Partnership) -> None:
    def reads(many: int) -> int:
        cases = [old_case(place, f"Number {number} of {many}") for number in range(many)]
        people = {case.subject_id for case in cases}
        held = {cases[0].subject_id}
        note = {"source": "school", "concern": f"Seen with {cases[0].subject_id}."}
        OpenCase(place.system).run("contact", place.child("Else"), at("2020-01-01 09:00"), note, lead=place.care)
        with CaptureQueriesContext(connection) as queries:
            free = people_held_by_nothing(people, {case.pk for case in cases})
        assert free == people - held
        return len(queries)

    assert reads(2) == reads(7)


FOLLOWED = {
    "casework.AgreedAction.case",
    "casework.Case.subject",
    "casework.Document.case",
    "casework.Document.event",
    "casework.Duty.case",
    "casework.Event.amends",
    "casework.Event.case",
    "casework.Involvement.case",
    "casework.LegalHold.case",
    "casework.LegalHold.person",
    "meetings.AgreedAction.event",
    "meetings.Page.case",
    "meetings.Page.event",
    "meetings.Report.document",
    "meetings.Report.event",
    "people.EmergencyAccess.person",
    "people.Identifier.person",
    "people.Merge.gone",
    "people.Merge.kept",
    "people.Person.merged_into",
    "people.PersonName.person",
    "people.PossibleMatch.one",
    "people.PossibleMatch.other",
    "people.Professional.person",
    "people.Relationship.other",
    "people.Relationship.person",
    "people.Residence.person",
    "people.SearchKey.person",
    "people.Warning.person",
    "questions.FigureQuestion.case",
    "sharing.AccessQuestion.person",
    "sharing.DutyReminders.case",
    "sharing.HandOver.case",
    "sharing.Notice.case",
    "sharing.Override.case",
    "sharing.Reminder.case",
    "sharing.Request.case",
    "sharing.Request.event",
}
