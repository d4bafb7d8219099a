"""The proof that a redacted document is complete: the files are opened, and no name, number or place is left in any part of
them, seen or unseen. Then: what an export journals, whom it is refused, and what a person's own record holds."""

from __future__ import annotations

import io
from typing import Any

import docx
import page
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import AmendEvent, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import MANAGER, Partnership, at
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import (
    Address,
    Identifier,
    Person,
    PersonName,
    Professional,
    Relationship,
    Residence,
)
from goldenthread.sharing.actions.exports import AnswerSubjectAccess, ExportChronology
from goldenthread.sharing.chronology.export import PDF, WORD, File, Material, Order, material
from goldenthread.sharing.chronology.lines import Narrowed
from goldenthread.sharing.chronology.redaction import Wanted
from goldenthread.sharing.queries.chronology import chronology_of, tell

from .forms import people, texts
from .opening import everything_in, left_of, numbers_left
from .place import SAID, care_case, note

ALL = Wanted(initials=True)


def person(place: Partnership, given_name: str, family: str, **more: Any) -> Person:
    one = place.child(f"{given_name} {family}", **more)
    Person.objects.filter(pk=one.pk).update(given_name=given_name, family_name=family)
    PersonName.objects.create(person=one, full=one.name)
    return one


def related(child: Person, other: Person, kind: str) -> None:
    Relationship.objects.create(person=child, other=other, kind=kind)


def order_for(given_material: Material, form: str, **more: Any) -> Order:
    everyone = {one.key: one.someone.label for one in given_material.candidates if one.listed}
    return Order("review", form, replaced=everyone, wanted=ALL, **more)


def gathered(place: Partnership, child: Person) -> Material:
    found = chronology_of(place.worker, [child])
    return material(place.worker, found, Narrowed(), tell(found.lines))


def exported(place: Partnership, child: Person, form: str, **more: Any) -> File:
    order = order_for(gathered(place, child), form, **more)
    return ExportChronology(place.worker).run(child.pk, [], Narrowed(), order)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), family=people())
def test_no_name_is_left_in_any_part_of_a_file(
    place: Partnership, data: st.DataObject, family: tuple[list[str], list[str]]
) -> None:
    given_names, families = family
    child = person(place, given_names[0], families[0])
    for index, kind in enumerate(("mother", "sibling", "father")[: len(given_names) - 1], start=1):
        related(child, person(place, given_names[index], families[index]), kind)
    words = data.draw(texts(given_names, families))
    said = data.draw(texts(given_names, families))
    note(place, child, "care", words, at("2026-02-10 10:00"), child_said=said)
    secrets = [*given_names, *(part for name in families for part in name.split("-"))]
    for form in (WORD, PDF):
        file = exported(place, child, form, words=f"The review of {given_names[0]} {families[0]}")
        found = everything_in(file.name, file.content).replace("Ł", "L").replace("ł", "l")
        assert "Child" in found
        assert not left_of(found, *(secret.replace("Ł", "L") for secret in secrets))


@pytest.fixture
def family(place: Partnership) -> Person:
    """A child whose names, numbers and places stand in every field that a document could take them from."""
    child = person(place, "Zorvike", "Throckvale")
    mother = person(place, "Quenlith", "Throckvale-Brezhovski")
    hidden = person(place, "Xanbreth", "Drakovich", restricted=True)
    related(child, mother, "mother")
    related(child, hidden, "father")
    PersonName.objects.create(person=child, full="Jaxolene Throckvale", kind="alias")
    Identifier.objects.create(person=child, scheme="nhs", value="9434765919")
    Identifier.objects.create(person=mother, scheme="police", value="PNC77/4412X")
    home = Address.objects.create(lines="41 Wrenquist Street, Burnley", postcode="BB11 3DF")
    for one in (child, mother):
        Residence.objects.create(person=one, address=home)
    Professional.objects.create(person=child, organisation=place.school, name="Vekomir Luczkowska", job="Head teacher")
    Organisation.objects.filter(pk=place.care.pk).update(title="Care of Throckvale")
    note(
        place, child, "care",
        "Quenlith rang from 07700 900123 about Zorvike (943 476 5919, born 14.5.17); PNC 77/4412X. Xanbreth D. waits at "
        "41 Wrenquist St, BB11 3DF. zorvike.t@example.org. ZT and Q.T. were there.",
        at("2026-02-10 10:00"), told_by="Vekomir Luczkowska", child_said="I am Jaxolene, mum is Quenlith",
    )  # fmt: skip
    case = note(place, child, "care", "Seen by nobody", at("2026-02-10 11:00"))
    AmendEvent(place.worker).run(
        case.events.get(), at("2026-02-11 10:00"), {"words": "Zorvike Throckvale was seen by Luczkowska"},
        "Quenlith Throckvale-Brezhovski put it right", version=1,
    )  # fmt: skip
    RecordEvent(place.worker).run(case, "noted_again", at("2026-02-11 12:00"), {"words": "Rosa Whittle called on Drakovich"})
    note(place, child, "police", f"{SAID['police']} of Zorvike Throckvale", at("2026-02-12 10:00"))
    return child


SECRETS = ("Zorvike", "Throckvale", "Quenlith", "Brezhovski", "Xanbreth", "Drakovich", "Jaxolene", "Wrenquist", "Vekomir",
           "Luczkowska", "Rosa", "Whittle", "BB113DF")  # fmt: skip
NUMBERS = ("9434765919", "PNC774412X", "07700900123")


@pytest.mark.parametrize("form", [WORD, PDF])
def test_nothing_is_left_from_any_field_of_the_record(place: Partnership, family: Person, form: str) -> None:
    references = [case.reference for case in Case.objects.filter(subject=family)]
    file = exported(place, family, form)
    found = everything_in(file.name, file.content)
    assert not left_of(found, *SECRETS) and not numbers_left(found, *NUMBERS)
    assert not [reference for reference in references if reference in found]
    assert all(words in found for words in ("Child", "Head teacher", "Case 1", "Corrected", "Pact of the valley"))
    assert not left_of(found, str(family.pk)), "ids lead back to the record"


def test_the_same_document_without_redaction_holds_them_so_the_proof_can_fail(place: Partnership, family: Person) -> None:
    for form in (WORD, PDF):
        file = ExportChronology(place.worker).run(family.pk, [], Narrowed(), Order("court", form))
        found = everything_in(file.name, file.content)
        assert set(left_of(found, *SECRETS)) == set(SECRETS)
        assert set(numbers_left(found, *NUMBERS)) == set(NUMBERS) and not left_of(file.name, *SECRETS)


def test_a_relative_the_reader_may_not_know_of_is_never_listed_but_replaced(place: Partnership, family: Person) -> None:
    listed = [one for one in gathered(place, family).candidates if one.listed]
    assert "Xanbreth Drakovich" not in [one.name for one in listed]
    one = {listed[1].key: "Mother"}
    file = ExportChronology(place.worker).run(family.pk, [], Narrowed(), Order("review", WORD, replaced=one))
    found = everything_in(file.name, file.content)
    assert not left_of(found, "Xanbreth", "Quenlith") and left_of(found, "Zorvike", "Vekomir")


def test_a_pdf_keeps_to_pdf_ua_and_a_word_file_has_headings_header_rows_and_words_for_its_picture(
    place: Partnership, family: Person
) -> None:
    file = exported(place, family, PDF)
    report = page.validate_pdf_bytes(file.content, profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]
    facts = pypdf.PdfReader(io.BytesIO(file.content)).metadata
    assert facts is not None and facts.title == "Chronology" and facts.author is None
    word = docx.Document(io.BytesIO(exported(place, family, WORD).content))
    assert [one.text for one in word.paragraphs if one.style.name == "Heading 1"] == ["Chronology"]
    assert (word.core_properties.author, word.core_properties.last_modified_by, word.core_properties.comments) == ("", "", "")
    assert all(table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader") for table in word.tables)
    pictures = word.element.body.xpath(".//wp:docPr/@descr")
    assert len(pictures) == 1 and "agencies" in pictures[0]


@pytest.mark.parametrize("form", [WORD, PDF])
def test_what_people_type_is_text_and_nothing_else(place: Partnership, form: str) -> None:
    """Typst's and XML's own signs, control characters and letters no font has: all are set as they are, or marked."""
    child = place.child()
    typed = '#panic("x") $x$ \\ `a` <b>&amp; *c* _d_ @e {{f}} =1+1 \x07\x0b 你好 😀 ]]> <!-- --> علي'
    note(place, child, "care", typed, at("2026-02-10 10:00"))
    file = ExportChronology(place.worker).run(child.pk, [], Narrowed(), Order("court", form))
    found = everything_in(file.name, file.content)
    assert all(part in found for part in ('#panic("x")', "$x$", "`a`", "<b>&amp;", "*c*", "_d_", "=1+1"))
    if form == PDF:
        assert page.is_pdf_compliant_bytes(file.content, profile="ua1")


def test_an_export_is_journalled_with_who_what_for_and_which_lines_and_never_what_they_say(
    place: Partnership, family: Person
) -> None:
    file = exported(place, family, WORD, words="The review of Zorvike")
    entry = JournalEntry.objects.get(verb="chronology.export")
    lines = chronology_of(place.worker, [family]).lines
    assert entry.subject_id == str(family.pk) and entry.actor_name == "Rosa Whittle"
    assert entry.detail["purpose"] == "review" and entry.detail["sha256"] == file.digest and entry.detail["redacted"]
    assert entry.detail["lines"] == [str(line.event) for line in lines]
    assert "agreement:pact:1.1" in entry.detail["rights"].values()
    assert not left_of(str(entry.detail), *SECRETS)


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (Order(""), "purpose"), (Order("other", WORD, "short"), "words"), (Order("review", "xls"), "form"),
        (Order("review", WORD, replaced={"x": " "}), "replaced"),
        (Order("review", WORD, others={"Rovers": "Zorvike"}, wanted=ALL), ""),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_met_says_why_and_journals_nothing(
    place: Partnership, family: Person, order: Order, field: str
) -> None:
    if field == "":
        keys = {one.key: one.someone.label for one in gathered(place, family).candidates if one.listed}
        order = Order("review", WORD, replaced=keys, others=order.others)
    with pytest.raises(Invalid) as refused:
        ExportChronology(place.worker).run(family.pk, [], Narrowed(), order)
    assert field in refused.value.errors
    assert not JournalEntry.objects.filter(verb="chronology.export").exists()


def test_a_line_that_may_not_be_seen_is_in_no_document(place: Partnership, family: Person) -> None:
    note(place, family, "school", "Never to be told to anybody", at("2026-02-13 10:00"))
    for form in (WORD, PDF):
        file = ExportChronology(place.worker).run(family.pk, [], Narrowed(), Order("court", form))
        assert not left_of(everything_in(file.name, file.content), "Never to be told to anybody", "Hill school")


def test_a_persons_own_record_names_them_and_says_who_received_it_with_others_taken_out(
    place: Partnership, family: Person
) -> None:
    care_case(place, family)
    given_material = gathered(place, family)
    others = {one.key: one.someone.label for one in given_material.candidates if one.listed and one.key != str(family.pk)}
    with pytest.raises(NotAllowed):
        AnswerSubjectAccess(place.worker).run(family.pk, Order("subject_access", PDF, replaced=others))
    manager = place.actor("Tom Marsden", place.care, MANAGER, team=place.team)
    file = AnswerSubjectAccess(manager).run(family.pk, Order("subject_access", WORD, replaced=others))
    found = everything_in(file.name, file.content)
    assert {"Zorvike", "Jaxolene"} <= set(left_of(found, *SECRETS)) and numbers_left(found, "9434765919")
    assert not left_of(found, "Quenlith", "Xanbreth", "Drakovich", "Vekomir", "Whittle")
    assert "Who received it" in found and "Part of a case about you since" in found
    assert not left_of(found, SAID["police"]), "the police answer for what only an agreement tells"
    assert JournalEntry.objects.filter(verb="subject_access.answer", subject_id=str(family.pk)).count() == 1
