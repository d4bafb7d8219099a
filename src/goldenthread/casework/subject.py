"""Whom a case is for: a person, or, of a case about an organisation, a stand-in that bears the organisation's name.

So every list, title and letter that names whom a case is for names the organisation too, and a page made for people
finds nobody: the stand-in has no id, no birth, no family, and is in no table. Depends on `people` and `agencies`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

from goldenthread.agencies.models import Organisation
from goldenthread.people.models import Person, Precision

ORGANISATION = "organisation"
"""What guidance calls the subject of a pathway whose cases are about organisations."""
_MARK = "_stand_in"


def stand_in(organisation: Organisation) -> Person:
    """An organisation in the place of a person. A query for a person's rows refuses it, as it refuses any unsaved row."""
    person = Person(id=None, name=organisation.title, born_precision=Precision.UNKNOWN, area_id=organisation.area_id)
    person.__dict__[_MARK] = True
    return person


def is_stand_in(person: Person) -> bool:
    return _MARK in person.__dict__


def whom_of(case: Any) -> Person | Organisation:
    """The person a case is for, or the organisation it is about."""
    whom: Person | Organisation = case.subject if case.about_id is None else case.about
    return whom


class _Whom(ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """Reading `case.subject`."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None and instance.subject_id is None and instance.about_id is not None:
            kept = instance.__dict__.get("_stand_in")
            if kept is None or kept[0] != instance.about_id:
                kept = instance.__dict__["_stand_in"] = (instance.about_id, stand_in(instance.about))
            return kept[1]
        return super().__get__(instance, cls)


class SubjectKey(models.ForeignKey):  # type: ignore[type-arg]
    """A link to a person that reads as a stand-in where the case is about an organisation. A plain link in the tables."""

    forward_related_accessor_class = _Whom

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
