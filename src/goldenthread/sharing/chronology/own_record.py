"""A person's own record, for a subject access request: what is held, and who received it, with other people taken out.

Source: UK GDPR Article 15 (what is held, the purposes, the recipients); Data Protection Act 2018, Schedule 2 paragraph 16
(information about others). It holds the cases that policies show the one who answers, never what an agreement lets another
agency tell: that agency answers for it. Depends on `export`, `people` and the journal.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Min

from goldenthread.agencies.models import Organisation
from goldenthread.casework.child_page import relation
from goldenthread.casework.models import Case, Involvement
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.identifiers import SCHEMES
from goldenthread.people.models import Person, Relationship
from goldenthread.people.queries import residences_of

from ..models import HandOver, Override, Request
from .document import Document, Facts, day, picture_of, rows_by_year, today
from .export import Material, Order, key_of, redactor_for
from .redaction import Redactor


def own_record(given: Material, order: Order, agency: str) -> tuple[Document, Redactor]:
    """The document that answers a person who asks what is held of them."""
    person = given.people[0]
    redactor, references = redactor_for(given, order)
    drawn, dense = picture_of(given.lines, redactor)
    cases = list({line.case.pk: line.case for line in given.lines}.values())
    document = Document(
        "What is held about you",
        [("About", redactor.text(person.name)), ("Made on", today()), ("Made by", redactor.text(agency))],
        [
            "This is what is held about you in the shared record and who received it. Other people’s names and details "
            "are replaced, because they are theirs.",
            "You may ask for something that is wrong to be put right, and you may complain to the Information Commissioner.",
        ],
        [_held(person, redactor), _family(person, redactor), _received(person, cases, redactor), _looked(person, redactor)],
        rows_by_year(given.lines, given.told, redactor, references, several=False, rights=False), drawn, dense,
    )  # fmt: skip
    document.key = key_of(redactor, given, order)
    return document, redactor


def _held(person: Person, redactor: Redactor) -> Facts:
    """Their own details. These are theirs, and stay as they are."""
    rows = [("Name", person.name)]
    rows += [("Also known as", name.full) for name in person.names.order_by("pk") if name.full != person.name]
    if person.born:
        rows.append(("Date of birth", day(person.born)))
    if person.languages:
        rows.append(("Languages", ", ".join(person.languages)))
    rows += [(SCHEMES.get(one.scheme, one.scheme), one.value) for one in person.identifiers.order_by("scheme", "value")]
    for home in residences_of(person):
        since = f", from {day(home.starts)}" if home.starts else ""
        until = f", until {day(home.ends)}" if home.ends else ""
        rows.append(("Address", f"{home.address.lines} {home.address.postcode}".strip() + since + until))
    return Facts("Your details", rows)


def _family(person: Person, redactor: Redactor) -> Facts:
    rows = Relationship.objects.filter(person=person, other__restricted=False).select_related("other").order_by("kind", "pk")
    return Facts("People recorded as your family", [(relation(row), redactor.text(row.other.name)) for row in rows])


def _received(person: Person, cases: Sequence[Case], redactor: Redactor) -> Facts:
    """Agencies that were told something, by what."""
    found: list[tuple[str, str]] = []
    for part in Involvement.objects.filter(case__in=cases, user=None).select_related("organisation").order_by("since", "pk"):
        found.append((part.organisation.title, f"Part of a case about you since {day(part.since)}"))
    for request in Request.objects.filter(case__in=cases).select_related("agency").order_by("asked_at"):
        found.append((request.agency.title, f"Asked what it knows on {day(request.asked_at)}"))
    for hand_over in HandOver.objects.filter(case__in=cases).select_related("receiver").order_by("offered_at"):
        found.append((hand_over.receiver.title, f"{hand_over.get_kind_display()} offered on {day(hand_over.offered_at)}"))
    for override in Override.objects.filter(case__in=cases).select_related("receiver").order_by("at"):
        found.append((override.receiver.title, f"Told in an emergency on {day(override.at)}"))
    rows = [(redactor.text(agency), what) for agency, what in dict.fromkeys(found)]
    return Facts("Who received it", rows, "" if rows else "Nobody outside the agency that made this.")


def _looked(person: Person, redactor: Redactor) -> Facts:
    """Agencies whose people opened the record, from the journal: the first and the last time, without staff names."""
    looks = JournalEntry.objects.filter(subject_type="person", subject_id=str(person.pk), organisation_id__isnull=False)
    spans = looks.values("organisation_id").annotate(first=Min("at"), last=Max("at")).order_by("first")
    titles = Organisation.objects.in_bulk([span["organisation_id"] for span in spans])
    rows = []
    for span in spans:
        agency = titles.get(span["organisation_id"])
        first, last = day(span["first"]), day(span["last"])
        words = f"On {first}" if first == last else f"From {first} to {last}"
        rows.append((redactor.text(agency.title) if agency else "An agency that has closed", words))
    return Facts("Agencies whose staff opened your record", rows, "" if rows else "None is recorded.")
