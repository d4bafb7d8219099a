"""Rulings on real organisations and cases: the agreements in use asked of what the tables hold.

Depends on `decision`, `casework`, `agencies` and the guidance in use. Reads events for the family's agreement to a service;
the caller has already let the actor see the case.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.library import current_library, pathways

from .decision import Asking, Decision, Ruling, Verdict, decide

OWN = "An organisation’s own information needs no agreement."


def purposes() -> dict[str, str]:
    """Every purpose that information is shared for, with its title."""
    return {name: one.title for name, one in current_library().sharing.purposes.items()}


def purpose_of(case: Case) -> str:
    """The purpose that a case of this pathway serves, from guidance/sharing.yaml; "" where none is declared."""
    return current_library().sharing.purpose_of(case.pathway)


def clause_of(ruling: Ruling) -> str:
    """Where a ruling comes from, such as "Channel, clause 3.1"; "" where no agreement covers it."""
    agreement = current_library().agreements.get(ruling.agreement)
    if agreement is None:
        return ""
    return f"{agreement.title}, clause {ruling.clause}" if ruling.clause else agreement.title


def ruling_for(
    holder: Organisation, receiver: Organisation, purpose: str, case: Case | None, day: date | None = None,
    *, category: str = "",
) -> Decision:  # fmt: skip
    """May `holder` tell `receiver` about the person of this case (or of none yet), for this purpose, on this day?"""
    if holder.pk == receiver.pk:
        own = Ruling(Verdict.PERMIT, "", "", OWN)
        return Decision(own, own)
    asking = asking_for(holder, receiver, purpose, case, day or timezone.localdate(), category=category)
    return decide(current_library().agreements.values(), asking)


def asking_for(
    holder: Organisation, receiver: Organisation, purpose: str, case: Case | None, day: date, *, category: str = ""
) -> Asking:
    """The question as `decision` takes it, with what the case tells: its pathway, sensitivity, and the family's agreement."""
    arrangement = case.arrangement if case else str(getattr(settings, "GT_ARRANGEMENT", "") or "")
    pathway = pathways(arrangement).get(case.pathway) if case else None
    restricted = case is not None and (
        case.restricted or case.subject.restricted or (pathway is not None and pathway.sensitivity == "restricted")
    )
    return Asking(
        holder=holder.slug, holder_kind=holder.kind, receiver=receiver.slug, receiver_kind=receiver.kind,
        purpose=purpose, pathway=case.pathway if case else None, day=day,
        sensitivity="restricted" if restricted else "standard",
        subject=pathway.subject if pathway else "child",
        consent=consent_in(case) if case else None,
        arrangement=arrangement, category=category,
    )  # fmt: skip


def consent_in(case: Case) -> bool | None:
    """Whether the family agreed to the service, as the case's events last said; None where none says."""
    source = current_library().sharing.consent.get(case.pathway)
    if source is None:
        return None
    rows = list(Event.objects.filter(case=case).order_by("occurred_on", "sequence"))
    replaced = {row.amends_id for row in rows if row.amends_id}
    answer: bool | None = None
    for row in rows:
        if row.pk in replaced or row.withdrawn:
            continue
        if row.kind == source.event:
            said = str(row.data.get(source.field, ""))
            answer = True if said in source.agreed else False if said in source.refused else None
        elif _holds(row.data, source.withdrawn.get(row.kind)):
            answer = False
    return answer


def _holds(data: dict[str, Any], answers: Any) -> bool:
    return answers is not None and all(str(data.get(name, "")) in given for name, given in answers.items())
