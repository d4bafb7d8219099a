"""Puts an export together: what is asked for, the redactor it needs, the document, the file. Writes no table.

Depends on the other modules of this package and `queries.chronology`; `actions.exports` journals what is done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from goldenthread.casework.timeline import Entry
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.people.models import Person

from .document import Document, held_facts, picture_of, rows_by_year, today
from .lines import Chronology, Line, Narrowed
from .pdf import write_pdf
from .people import Candidate, candidates
from .redaction import Redactor, Someone, Wanted
from .word import write_word

WORD, PDF = "word", "pdf"
FORMS = {
    WORD: ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    PDF: ("pdf", "application/pdf"),
}
PURPOSES = {
    "review": "A practice review, rapid review or other review",
    "court": "Court",
    "meeting": "A conference or other meeting",
    "supervision": "Supervision or audit",
    "handing_over": "Handing the work over to another agency",
    "subject_access": "The person’s own request for their record",
    "other": "Something else",
}
NOTHING = Wanted(numbers=False, addresses=False, telephones=False, birthdays=False)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for."""

    purpose: str
    """One of PURPOSES: what the journal keeps of why."""
    form: str = WORD
    words: str = ""
    """More of why, in the asker's own words. They stand in the document, never in the journal."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Whom to replace, by the key of their candidate, with what."""
    wanted: Wanted = NOTHING
    others: Mapping[str, str] = field(default_factory=dict)
    """Further words and what stands for them."""

    @property
    def why(self) -> str:
        return ": ".join(part for part in (PURPOSES[self.purpose], self.words.strip()) if part)

    @property
    def redacts(self) -> bool:
        return bool(self.replaced or self.others) or self.wanted != NOTHING


@dataclass(frozen=True, slots=True)
class File:
    """What was made. Its name says nothing of whom it is about."""

    content: bytes
    name: str
    media_type: str

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(slots=True)
class Material:
    """What a document is made of, read once for the reader who asks."""

    people: list[Person]
    lines: list[Line]
    told: Mapping[UUID, Entry]
    found: Chronology
    candidates: list[Candidate]


def material(actor: Actor, found: Chronology, narrowed: Narrowed, told: Mapping[UUID, Entry]) -> Material:
    lines = found.narrowed(narrowed)
    who = candidates(actor, found.people, ((line.pathway, told[line.event]) for line in lines))
    return Material(found.people, lines, told, found, who)


def redactor_for(given: Material, order: Order) -> tuple[Redactor, dict[str, str]]:
    """The redactor, and the words that stand for the references of cases. People who are not listed are replaced whenever
    anybody is; those who are listed and not chosen are named as they are."""
    if not order.redacts:
        return Redactor([], NOTHING), {}
    people = []
    for one in given.candidates:
        label = order.replaced.get(one.key, one.someone.label)
        kept = one.listed and one.key not in order.replaced
        people.append(_with(one.someone, label, kept))
    cases = list(dict.fromkeys(line.case.reference for line in given.lines))
    references = {reference: f"Case {number}" for number, reference in enumerate(cases, start=1)}
    redactor = Redactor(people, order.wanted, {**order.others, **references})
    for words in [*order.replaced.values(), *order.others.values()]:
        if redactor.left_in(words):
            raise Invalid({"": f"“{words}” holds a name that is to be replaced. Choose other words"})
    return redactor, references


def _with(someone: Someone, label: str, kept: bool) -> Someone:
    return Someone(
        label, someone.names, someone.family, someone.numbers, someone.addresses, someone.born, kept
    )


def chronology_document(given: Material, order: Order, agency: str) -> tuple[Document, Redactor]:
    """A chronology for a review."""
    redactor, references = redactor_for(given, order)
    several = len(given.people) > 1
    drawn, dense = picture_of(given.lines, redactor)
    names = ", ".join(dict.fromkeys(redactor.text(one.name) for one in given.people))
    about = [("About", names), ("Made on", today()), ("Made by", redactor.text(agency)), ("Made for", redactor.text(order.why))]
    notes = [
        "It holds what the agency that made it may see. What it may not see is not here, and nothing here says whether "
        "there is any.",
        "“Known” is the day on which a line was first recorded in the shared record.",
    ]
    if order.redacts:
        notes.append("People are replaced by the same words throughout; words in square brackets stand for what was removed.")
    document = Document(
        "Chronology", about, notes, held_facts(given.found.held, redactor),
        rows_by_year(given.lines, given.told, redactor, references, several=several), drawn, dense, with_who=several,
    )  # fmt: skip
    document.key = key_of(redactor, given, order)
    return document, redactor


def key_of(redactor: Redactor, given: Material, order: Order) -> list[tuple[str, str]]:
    """The words that stand for people, in the order they are listed, with how often."""
    labels = dict.fromkeys(order.replaced.get(one.key, "") for one in given.candidates if one.listed)
    counts = [(label, redactor.counts[label]) for label in labels if label and redactor.counts[label]]
    return [(label, "In one place" if times == 1 else f"In {times:,} places") for label, times in counts]


def made(document: Document, form: str, name: str) -> File:
    """The document as a file."""
    ending, media_type = FORMS[form]
    content = write_word(document) if form == WORD else write_pdf(document)
    return File(content, f"{name}-{timezone.localdate().isoformat()}.{ending}", media_type)


def texts_of(document: Document, *, facts: bool = True) -> Iterator[str]:
    """Every text of a document that came from a record; its tables of facts among them unless left out."""
    for _, rows in document.years:
        for row in rows:
            yield from (row.who, row.agency, row.source, row.note, row.right, *row.said)
            yield from (words for _, words in row.answers)
    for one in document.facts if facts else ():
        for pair in one.rows:
            yield from pair
    yield from (value for _, value in document.about)
