"""Which agency answers for a figure, and whether somebody's own does. Depends on `agencies` and `casework.owners`."""

from __future__ import annotations

from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.owners import organisation_serving
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.library import Library


def agency_for(kind: str, supplier: str, area: str) -> Organisation | None:
    """The active agency that is asked: the one that sends the figure in, or else the one of the kind that serves the area."""
    if supplier:
        named = Organisation.objects.filter(title__iexact=supplier, active=True).first()
        if named is not None:
            return named
    return organisation_serving(kind, Area.objects.filter(slug=area).first())


def answers_for(library: Library, name: str) -> tuple[str, str]:
    """The kind of agency that answers for an indicator, and the name of the one that sends it in, if one does."""
    sheet = next(one.id for one in library.sheets.values() if name in one.indicators)
    indicator = library.indicators[name]
    supplier = indicator.collected.source if indicator.collected is not None else ""
    return library.exceptions.answering_for(sheet, name), supplier


def concerned(actor: Actor, library: Library, name: str) -> Organisation | None:
    """The agency of this person that a figure concerns: it answers for it, or sends it in. The one acted for comes first."""
    if not actor.organisation_ids:
        return None
    kind, supplier = answers_for(library, name)
    ours = list(Organisation.objects.filter(pk__in=actor.organisation_ids, active=True).order_by("title"))
    ours.sort(key=lambda one: one.pk != actor.organisation_id)
    fits = (one for one in ours if one.kind == kind or (supplier and one.title.casefold() == supplier.casefold()))
    return next(fits, None)


def may_ask(actor: Actor, library: Library) -> bool:
    """Whether somebody's agency may ask about figures: the pathway says which kinds of agency do."""
    rules = library.exceptions
    pathway = library.pathways.get(rules.pathway)
    event = pathway.events.get(rules.event) if pathway is not None else None
    if event is None:
        return False
    return Organisation.objects.filter(pk__in=actor.organisation_ids, kind__in=event.by, active=True).exists()
