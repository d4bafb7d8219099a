"""Taking a chronology, or a person's own record, out of the service: always with a reason, always journalled.

The journal keeps who, why, which lines, by what right, whom it replaced and the digest of the file; never what it says.
Nothing is kept of the file itself. Depends on `queries.chronology` and `sharing.chronology`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.people.policies import PersonPolicy

from ..chronology.export import (
    FORMS,
    PURPOSES,
    File,
    Material,
    Order,
    chronology_document,
    made,
    material,
    texts_of,
)
from ..chronology.lines import Chronology, Narrowed
from ..chronology.own_record import own_record
from ..chronology.redaction import Redactor
from ..queries.chronology import chronology_of, people_chosen, tell

MOST = 5000
"""Lines of one document."""


class _Export(Action[File]):
    """What both exports share."""

    def _checked(self, order: Order) -> None:
        wrong: dict[str, str] = {}
        if order.purpose not in PURPOSES:
            wrong["purpose"] = "Choose what the document is for"
        elif order.purpose == "other" and len(order.words.strip()) < 10:
            wrong["words"] = "Say what the document is for, in a few words"
        if order.form not in FORMS:
            wrong["form"] = "Choose Word or PDF"
        blank = [words for words in [*order.replaced.values(), *order.others.values()] if not words.strip()]
        if blank:
            wrong["replaced"] = "Say what stands for each person you replace"
        if wrong:
            raise Invalid(wrong)

    def _material(self, found: Chronology, narrowed: Narrowed) -> Material:
        lines = found.narrowed(narrowed)
        if not lines:
            raise Invalid("There are no lines to put into a document.")
        if len(lines) > MOST:
            raise Invalid(f"A document holds at most {MOST:,} lines. Choose a shorter time or one agency")
        return material(self.actor, found, narrowed, tell(lines))

    def _agency(self) -> str:
        if self.actor.organisation_id is None:
            return ""
        agency = Organisation.objects.filter(pk=self.actor.organisation_id).first()
        return agency.title if agency else ""

    def _proved(self, redactor: Redactor, texts: Sequence[str]) -> None:
        """Fails closed: a document in which anything is left is not handed out."""
        if any(redactor.left_in(text) for text in texts):
            raise Invalid("Something could not be replaced, so no document was made. Tell whoever runs the service")

    def _journal(self, given: Material, order: Order, file: File, **more: Any) -> None:
        rights = given.found.cited()
        for person in given.people:
            lines = [line for line in given.lines if line.person.pk == person.pk]
            self.note(
                "person", person.pk, purpose=order.purpose, form=order.form, sha256=file.digest,
                lines=[str(line.event) for line in lines],
                rights={key: rights[key] for key in sorted({str(line.case.pk) for line in lines})},
                replaced=len(order.replaced), others=len(order.others), redacted=order.redacts, **more,
            )  # fmt: skip


class ExportChronology(_Export):
    """A chronology of a child, or of several brothers and sisters, as Word or PDF."""

    name = "chronology.export"
    needs = Capability.RECORD_EVENTS

    def perform(self, person: UUID, others: Sequence[UUID], narrowed: Narrowed, order: Order) -> File:
        self._checked(order)
        who = PersonPolicy.get(self.actor, pk=person)
        given = self._material(chronology_of(self.actor, people_chosen(self.actor, who, others)), narrowed)
        document, redactor = chronology_document(given, order, self._agency())
        self._proved(redactor, list(texts_of(document)))
        file = made(document, order.form, "chronology")
        self._journal(given, order, file)
        return file


class AnswerSubjectAccess(_Export):
    """What is held of a person and who received it, for that person, with everybody else taken out."""

    name = "subject_access.answer"
    needs = Capability.SUPERVISE

    def perform(self, person: UUID, order: Order) -> File:
        self._checked(order)
        who = PersonPolicy.get(self.actor, pk=person)
        found = own_chronology(chronology_of(self.actor, [who]))
        given = self._material(found, Narrowed())
        if str(who.pk) in order.replaced:
            raise Invalid({"replaced": "This is the person’s own record: they are not replaced in it"})
        document, redactor = own_record(given, order, self._agency())
        self._proved(redactor, list(texts_of(document, facts=False)))
        file = made(document, order.form, "subject-access")
        self._journal(given, order, file)
        return file


def own_chronology(found: Chronology) -> Chronology:
    """Only the cases that policies show: what another agency may tell, that agency answers for."""
    return Chronology(found.people, [line for line in found.lines if line.opens_case])
