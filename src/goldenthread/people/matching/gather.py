"""The records of this installation as the matching takes them, and the run over all of them. Reads only.

It sees everyone, restricted people too: what it finds is shown only to those who may know of both (matching.policies).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from ..dates import KnownDate
from ..models import Identifier, Person, PersonName, Relationship, Residence
from .engine import MEMORY, pairs_of
from .features import Mother, Record, row_of
from .grading import Match, graded


def find_matches(
    *, threads: int | None = None, memory: str = MEMORY, today: date | None = None
) -> list[Match]:
    """Every pair of records here that may be of one person, the surest first."""
    day = today or timezone.localdate()
    records = records_here()
    pairs = pairs_of([row_of(record, day) for record in records], threads=threads, memory=memory)
    related = {record.id: record.related for record in records if record.related}
    unborn = frozenset(record.id for record in records if record.expected is not None)
    return graded(pairs, related, unborn)


def records_here(only: Iterable[UUID] | None = None) -> list[Record]:
    """Everyone who has not been joined to another record, or those named by `only`."""
    live: dict[str, Any] = {"merged_into": None}
    of: dict[str, Any] = {"person__merged_into": None}
    if only is not None:
        ids = list(only)
        live["pk__in"], of["person__in"] = ids, ids
    names: dict[UUID, list[tuple[bool, str]]] = defaultdict(list)
    for person, kind, full in PersonName.objects.filter(**of).values_list("person_id", "kind", "full"):
        names[person].append((kind != "used", full))
    numbers: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for person, scheme, value in Identifier.objects.filter(**of).values_list("person_id", "scheme", "value"):
        numbers[person].append((scheme, value))
    homes: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    rows = Residence.objects.filter(**of).values_list("person_id", "address__lines", "address__postcode")
    for person, lines, postcode in rows:
        homes[person].append((lines, postcode))
    related: dict[UUID, set[str]] = defaultdict(set)
    mothers: dict[UUID, list[Mother]] = defaultdict(list)
    ties = Relationship.objects.filter(**of).values_list(
        "person_id", "other_id", "kind", "other__name", "other__born"
    )
    for person, other, kind, name, born in ties:
        related[person].add(str(other))
        if kind == "mother":
            mothers[person].append(Mother(str(other), name, born))
    fields = ("pk", "given_name", "family_name", "born", "born_precision", "expected", "sex")
    return [
        Record(
            str(pk), given, family, tuple(full for _, full in sorted(names[pk])),
            KnownDate(born, precision) if born and precision != "unknown" else None,
            expected if born is None else None, sex, tuple(numbers[pk]), tuple(homes[pk]), tuple(mothers[pk]),
            frozenset(related[pk]),
        )
        for pk, given, family, born, precision, expected, sex in Person.objects.filter(**live).values_list(*fields)
    ]  # fmt: skip
