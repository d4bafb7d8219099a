"""Who may know of which people. Depends on `agencies` and `foundation`; casework, a floor up, says who is seen by cases.

A person is visible if the actor's scope lets them: the whole partnership, or through the actor's own organisation (it
registered them, works with them, or is part of a case about them). A restricted person is visible only to someone
named in a case about them, or whose role may view restricted people; to everyone else they do not exist. Emergency
access shows one person, restricted or not, to the one who has it, while it lasts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.http import Http404
from django.utils import timezone

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy, settled
from goldenthread.foundation.prepared import NUMBER, Prepared

from .models import EmergencyAccess, Person, Professional

#: Gives a queryset of one column, the ids of people: `Case.objects.filter(...).values("subject")`.
PersonIds = Callable[[Actor], models.QuerySet[Any, Any]]
_by_case: list[PersonIds] = []
_by_name: list[PersonIds] = []


def register_case_visibility(by_case: PersonIds, by_name: PersonIds | None = None) -> None:
    """Called once at start by casework. `by_case`: people in cases that the actor's scope shows (own or organisation).
    `by_name`: people, restricted ones too, in whose case the actor is named as a person."""
    if by_case not in _by_case:
        _by_case.append(by_case)
    if by_name is not None and by_name not in _by_name:
        _by_name.append(by_name)


#: Joins of joins that are followed: a record joined to one that was joined to another, and so on.
JOINS = 4
NOBODY = UUID(int=0)


class MergedInto(Http404):
    """The record asked for has been joined to another, which the actor may know of: `kept`."""

    def __init__(self, asked: Person, kept: Person) -> None:
        self.asked, self.kept = asked, kept
        super().__init__("This record has been joined to another.")


class PersonPolicy(Policy[Person]):
    """See the module. Records merged into another are reached through the one they were merged into."""

    model = Person

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[Person]:
        return _visible(actor, (*_by_case, *_by_name))

    @classmethod
    def get(cls, actor: Actor, **lookup: Any) -> Person:
        """One visible person. Raises MergedInto for one joined to another whom the actor may know of (the pages then go
        there), and Http404 alike for a hidden person and an absent one."""
        row = cls.visible_to(actor).filter(**lookup).first()
        if row is not None:
            return row
        gone, kept = cls._kept(actor, **lookup)
        if gone is not None and kept is not None:
            raise MergedInto(gone, kept)
        raise Http404

    @classmethod
    def living(cls, actor: Actor, **lookup: Any) -> Person:
        """The same, but of a joined record the one that stayed. Raises Http404."""
        try:
            return cls.get(actor, **lookup)
        except MergedInto as merged:
            return merged.kept

    @classmethod
    def _kept(cls, actor: Actor, **lookup: Any) -> tuple[Person | None, Person | None]:
        """A joined record, and the one at the end of its chain of joins if the actor may know of it.

        As many queries for a joined record, a hidden one and none at all, so that how long it takes tells nothing.
        """
        gone = Person.objects.filter(**lookup).first()
        end = gone.merged_into_id if gone is not None else None
        for _ in range(JOINS):
            row = Person.objects.filter(pk=end or NOBODY).values_list("merged_into", flat=True).first()
            end = row or end
        return gone, cls.visible_to(actor).filter(pk=end or NOBODY).first()

    @classmethod
    def condition(cls, actor: Actor, path: str = "") -> Q:
        """The same as a condition on a table that leads to a person by `path`, such as "person__": the database can
        then start from that table's index instead of listing everyone who is visible."""
        return _condition(actor, path, (*_by_case, *_by_name))

    @classmethod
    def _written(cls, actor: Actor, path: str) -> Q:
        live = Q(**{f"{path}merged_into__isnull": True})
        if actor.is_system:
            return live
        if not actor.may(Capability.VIEW_CASES):
            return Q(pk__in=[])
        plain = Q(**{f"{path}restricted": False})
        if actor.scope == "partnership":
            if actor.may(Capability.VIEW_RESTRICTED):
                return live
            within = plain
        else:
            within = cls._within(actor, path)
            if not actor.may(Capability.VIEW_RESTRICTED):
                within &= plain
        for named in _by_name:
            within |= Q(_holds(named(actor), path))
        return live & (within | emergency(actor, f"{path}pk"))

    @staticmethod
    def _within(actor: Actor, path: str) -> Q:
        reached = Q(pk__in=[])
        if actor.scope == "organisation" and actor.organisation_ids:
            today = timezone.localdate()
            working = Professional.objects.filter(
                Q(ends__isnull=True) | Q(ends__gte=today),
                person=OuterRef(f"{path}pk"),
                organisation__in=actor.organisation_ids,
            )
            reached |= Q(**{f"{path}registered_by__in": actor.organisation_ids}) | Q(Exists(working))
        for ids in _by_case:
            reached |= Q(_holds(ids(actor), path))
        return reached


# Which floors above say who is seen is part of what these depend on.


@settled
def _condition(actor: Actor, path: str, said_by: tuple[PersonIds, ...]) -> Q:
    return PersonPolicy._written(actor, path)


@settled
def _visible(actor: Actor, said_by: tuple[PersonIds, ...]) -> models.QuerySet[Person]:
    return Person.objects.filter(PersonPolicy.condition(actor))


def current_access(actor: Actor) -> models.QuerySet[EmergencyAccess]:
    """The actor's own emergency access that lasts at this moment, by the database's clock: it ends by itself even in a
    statement that was written while it lasted."""
    return _lasting(actor.user_id) if actor.user_id is not None else EmergencyAccess.objects.none()


def _lasting(user: int) -> models.QuerySet[EmergencyAccess]:
    return EmergencyAccess.objects.filter(ended_at=None, begun_at__lte=Now(), ends_at__gt=Now(), user=user)


_LASTING = Prepared(lambda: _lasting(NUMBER).values_list("pk"))


def has_access(user: int) -> bool:
    """Whether somebody has emergency access to anyone at this moment. Every page with a bar asks."""
    return bool(_LASTING.rows(user))


def emergency(actor: Actor, person: str) -> Q:
    """The condition that `person`, the way to a person's id, is one whom the actor has emergency access to.

    The list is asked of an index once a statement and is nearly always empty: someone without such access pays for one
    look into the index, however many rows the statement reads.
    """
    if actor.user_id is None:
        return Q(pk__in=())
    return Q(**{f"{person}__in": current_access(actor).values("person")})


def _holds(ids: models.QuerySet[Any, Any], path: str) -> Exists:
    """That a queryset of ids holds the person in question, asked of one person at a time: a list of everyone's ids
    would be made anew for each search, and grows with the county."""
    (column,) = ids.query.values_select
    return Exists(ids.filter(**{column: OuterRef(f"{path}pk")}))
