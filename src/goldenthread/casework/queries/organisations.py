"""Cases about organisations: the open ones, those of one organisation, and organisations by name. Reads what policies allow."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation.actor import Actor

from ..models import Case
from ..policies import CasePolicy

FOUND = 40


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation that a search found, with how many open cases about it one may see."""

    organisation: Organisation
    open: int


def cases_about(actor: Actor, organisation: Organisation | None = None) -> QuerySet[Case]:
    """Cases about one organisation, or about any: open ones first, what is due soonest before the rest."""
    rows = CasePolicy.visible_to(actor).filter(subject=None)
    rows = rows.filter(about=organisation) if organisation is not None else rows.filter(about__isnull=False)
    rows = rows.select_related("about", "lead", "worker", "team")
    return rows.order_by("-is_open", F("next_due_at").asc(nulls_last=True), "-opened_at", "pk")


def organisations_named(actor: Actor, words: str) -> tuple[list[Found], bool]:
    """Organisations that have each of these words in their names, and whether there are more than are shown."""
    rows = OrganisationPolicy.visible_to(actor).filter(active=True).select_related("area")
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    found = list(rows.order_by("title")[: FOUND + 1])
    counts = dict(
        cases_about(actor).order_by().filter(is_open=True, about__in=found).values_list("about").annotate(Count("pk"))
    )
    return [Found(one, counts.get(one.pk, 0)) for one in found[:FOUND]], len(found) > FOUND
