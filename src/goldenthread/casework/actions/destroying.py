"""Destroys cases: every row that belongs to them, wherever it is, and people whom nothing else holds.

Rows are found by asking the models, so that a new table's rows go too: a test makes whoever adds one decide. Each kind of
row is counted and hashed before it goes. Journal entries stay. Only `actions.retention` calls this, in the transaction of
the certificate; docs/decisions/0018-destroying-under-a-certificate.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Cast
from django.utils import timezone

from goldenthread.foundation.models import Draft
from goldenthread.people.models import Address, Person, Professional, Relationship, Residence

from ..documents import path_of
from ..models import (
    NOWHERE,
    Case,
    DestroyedCase,
    DestructionCertificate,
    DestructionLicence,
    Document,
    Event,
    LegalHold,
)

#: Links that are cut where the other record stays; rows that point in any other way go with what they point to.
CUT = frozenset({"casework.Case.opened_from", "sharing.Override.review"})
_BATCH = 500
_NAMED = 100
"""People looked for in one reading of the events."""


@dataclass(slots=True)
class Rows:
    """Rows to be destroyed: model -> primary keys."""

    found: dict[type[models.Model], set[Any]] = field(default_factory=dict)

    def take(self, model: type[models.Model], keys: Iterable[Any]) -> None:
        """Add rows, and all that belong to them."""
        new = set(keys) - self.found.get(model, set())
        if not new:
            return
        self.found.setdefault(model, set()).update(new)
        for relation in links_to(model):
            if label_of(relation) in CUT:
                continue
            other = relation.related_model
            for keys_ in _batches(new):
                self.take(other, _keys(other, {f"{relation.field.name}__in": keys_}))

    def cut(self) -> None:
        """Take off the links by which records that stay point to these."""
        for model, keys in self.found.items():
            for relation in links_to(model):
                if label_of(relation) in CUT:
                    other = relation.related_model
                    for keys_ in _batches(keys):
                        rows = other._base_manager.filter(**{f"{relation.field.name}__in": keys_})
                        rows.exclude(pk__in=self.found.get(other, ())).update(**{relation.field.name: None})

    def told(self) -> dict[str, dict[str, Any]]:
        """Of each kind of row: how many there are, and a SHA-256 over what they hold, in the order of their keys."""
        return {
            model._meta.label_lower: {"rows": len(keys), "sha256": _digest(model, keys)}
            for model, keys in sorted(self.found.items(), key=lambda one: one[0]._meta.label_lower)
        }

    def delete(self) -> None:
        """Foreign keys are checked when the transaction ends, so rows may go in any order."""
        for model, keys in self.found.items():
            for keys_ in _batches(keys):
                rows = model._base_manager.filter(pk__in=keys_)
                rows._raw_delete(rows.db)


def links_to(model: type[models.Model]) -> list[Any]:
    """Every foreign key that points to a model, those without a name of their own on this side too."""
    fields = model._meta.get_fields(include_hidden=True)
    return [
        one for one in fields if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]


def label_of(relation: Any) -> str:
    """A link by its name, such as "casework.Case.opened_from"."""
    return f"{relation.related_model._meta.label}.{relation.field.name}"


def destroy(cases: list[Case], certificate: DestructionCertificate) -> dict[str, Any]:
    """Destroy cases and fill in the certificate's counts and hashes, which it gives back. Needs the rows locked."""
    identities = [case.pk for case in cases]
    people = {case.subject_id for case in cases if case.subject_id is not None}
    DestructionLicence.objects.bulk_create(
        [DestructionLicence(case=identity, ends_id=NOWHERE) for identity in identities]
    )
    rows = Rows()
    rows.take(Case, identities)
    gone = people_held_by_nothing(people, set(identities))
    rows.take(Person, gone)
    files = _files_of(rows)
    homes = set(Residence.objects.filter(person__in=gone).values_list("address", flat=True))
    told = rows.told()
    rows.cut()
    drafts = _drafts_of(identities)
    DestroyedCase.objects.bulk_create(
        [
            DestroyedCase(
                case=case.pk, certificate=certificate, reference=case.reference, pathway=case.pathway
            )
            for case in cases
        ]
    )
    rows.delete()
    drafts.delete()
    empty = Address.objects.filter(pk__in=homes).exclude(residences__isnull=False)
    if lonely := set(empty.values_list("pk", flat=True)):
        told[Address._meta.label_lower] = {"rows": len(lonely), "sha256": _digest(Address, lonely)}
        Address.objects.filter(pk__in=lonely).delete()
    DestructionLicence.objects.filter(case__in=identities).delete()
    unlink = sorted(files - set(Document.objects.filter(sha256__in=files).values_list("sha256", flat=True)))
    transaction.on_commit(partial(_remove, unlink))
    return {"kinds": told, "people": len(gone), "files": unlink}


def people_held_by_nothing(people: set[Any], going: set[Any]) -> set[Any]:
    """Of the subjects of cases that go, and those known only as family of them: whom no other record needs.

    Someone is held by a case that stays, by a legal hold, by being named in an event that stays, by an agency that works
    with them now though no case is about them, or by family who stay.
    """
    free, edge = set(people), set(people)
    held = _held(people, going)
    while edge:  # family, and theirs, as far as nobody holds them
        ties = Relationship.objects.filter(models.Q(person__in=edge - held) | models.Q(other__in=edge - held))
        near = {one for tie in ties.values_list("person", "other") for one in tie}
        near |= set(Person.objects.filter(merged_into__in=edge).values_list("pk", flat=True))
        edge = near - free
        free |= edge
        held |= _held(edge, going) | _worked_with(edge)
    free -= held
    free -= _named(free, going)
    while True:
        ties = Relationship.objects.filter(models.Q(person__in=free) | models.Q(other__in=free))
        held = {
            inside
            for one, other in ties.values_list("person", "other")
            for inside, outside in ((one, other), (other, one))
            if inside in free and outside not in free
        }
        merged = Person.objects.filter(pk__in=free).exclude(merged_into=None).exclude(merged_into__in=free)
        held |= set(merged.values_list("pk", flat=True))
        if not held:
            return free
        free -= held


def _held(people: set[Any], going: set[Any]) -> set[Any]:
    """Those with a case that stays or a legal hold on everything about them."""
    cases = Case.objects.filter(subject__in=people).exclude(pk__in=going)
    holds = LegalHold.objects.filter(person__in=people, lifted_at=None)
    return set(cases.values_list("subject", flat=True)) | set(holds.values_list("person", flat=True))


def _worked_with(people: set[Any]) -> set[Any]:
    """Those whom a professional works with now, such as a pupil of a school."""
    now = Professional.objects.filter(person__in=people).exclude(ends__lt=timezone.localdate())
    return set(now.values_list("person", flat=True))


def _named(people: set[Any], going: set[Any]) -> set[Any]:
    """Those whom an event that stays gives as an answer. Every event is read, so once for many people."""
    found: set[Any] = set()
    text = Cast("data", models.TextField())
    for some in _batches(people, _NAMED):
        given = models.Q(pk__in=())
        for one in some:
            given |= models.Q(answers__contains=str(one))
        rows = Event.objects.exclude(case__in=going).annotate(answers=text).filter(given)
        for answers in rows.values_list("answers", flat=True):
            found |= {one for one in some if str(one) in answers}
    return found


def _files_of(rows: Rows) -> set[str]:
    keys = rows.found.get(Document, set())
    return set(Document.objects.filter(pk__in=keys).values_list("sha256", flat=True))


def _drafts_of(cases: Iterable[Any]) -> models.QuerySet[Draft]:
    """What was typed into forms of these cases and never sent."""
    mine = models.Q(pk__in=())
    for case in cases:
        mine |= models.Q(key__contains=str(case))
    return Draft.objects.filter(mine)


def _remove(hashes: Iterable[str]) -> None:
    """Take files away once their rows are surely gone."""
    for one in hashes:
        path_of(one).unlink(missing_ok=True)


def _keys(model: type[models.Model], where: dict[str, Any]) -> list[Any]:
    return list(model._base_manager.filter(**where).values_list("pk", flat=True))


def _digest(model: type[models.Model], keys: set[Any]) -> str:
    heap = sha256()
    for keys_ in _batches(keys):
        for row in model._base_manager.filter(pk__in=keys_).order_by("pk").values():
            heap.update(json.dumps(row, sort_keys=True, cls=DjangoJSONEncoder).encode())
    return heap.hexdigest()


def _batches(keys: Iterable[Any], size: int = _BATCH) -> Iterable[list[Any]]:
    ordered = sorted(keys, key=str)
    return (ordered[start : start + size] for start in range(0, len(ordered), size))
