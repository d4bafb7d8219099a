"""Holding records, proposing to destroy those whose time is over, and destroying them on another person's word.

One person proposes, another agrees; neither can be the system. Everything is checked again at the moment of destruction:
that each record is still due and held by nobody. The certificate is written in the same transaction, in its own table and
in the journal. Source: UK GDPR, article 5(1)(e); docs/do/retention.md.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.utils import timezone

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability

from ..models import Case, DestructionCertificate, DestructionProposal, LegalHold
from ..policies import LegalHoldPolicy, ProposalPolicy, RetentionPolicy
from ..queries.retention import held_among, kept_until
from ..retention import Kept
from .destroying import destroy

SHORTEST, LONGEST, AUTHORITY = 10, 5000, 200
MOST = 200
"""Records in one proposal: few enough that somebody can look at each."""


class PlaceHold(Action[LegalHold]):
    """Keep a record, or everything about its person, whatever the schedules say."""

    name = "retention.hold"
    needs = Capability.MANAGE_RETENTION

    def perform(self, case: Case, reason: str, authority: str, *, whole_person: bool) -> LegalHold:
        here = (
            RetentionPolicy.visible_to(self.actor).filter(pk=case.pk).select_for_update(of=("self",)).first()
        )
        if here is None:
            raise NotAllowed("There is no such record, or you may not see it.")
        errors = {}
        if len(reason.strip()) < SHORTEST:
            errors["reason"] = "Say why the record must be kept, in a sentence"
        elif len(reason) > LONGEST:
            errors["reason"] = f"The reason must be {LONGEST:,} characters or fewer"
        if not authority.strip():
            errors["authority"] = "Enter who asked for it, such as the court or the inquiry"
        elif len(authority) > AUTHORITY:
            errors["authority"] = f"Who asked for it must be {AUTHORITY} characters or fewer"
        if errors:
            raise Invalid(errors)
        whole_person = whole_person and here.subject_id is not None  # an organisation's other records are not its own
        hold = LegalHold.objects.create(
            case=None if whole_person else here, person_id=here.subject_id if whole_person else None,
            reason=reason.strip(), authority=authority.strip(), placed_at=timezone.now(), placed_by_id=self.actor.user_id,
        )  # fmt: skip
        self.note("case", here.pk, hold=str(hold.pk), whole_person=whole_person)
        return hold


class LiftHold(Action[LegalHold]):
    """Say that a record need no longer be kept for a court, an inquiry or a review. The schedules decide again."""

    name = "retention.lift_hold"
    needs = Capability.MANAGE_RETENTION

    def perform(self, hold: LegalHold, reason: str) -> LegalHold:
        held = (
            LegalHoldPolicy.visible_to(self.actor).filter(pk=hold.pk).select_for_update(of=("self",)).first()
        )
        if held is None:
            raise NotAllowed("There is no such hold, or you may not see it.")
        if held.lifted_at is not None:
            raise Invalid("This hold was lifted already.")
        if len(reason.strip()) < SHORTEST:
            raise Invalid({"reason": "Say why it need no longer be kept, in a sentence"})
        held.lifted_at, held.lifted_by_id, held.lifted_reason = (
            timezone.now(),
            self.actor.user_id,
            reason.strip(),
        )
        held.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
        self.note(
            "case" if held.case_id else "person",
            held.case_id or held.person_id,
            hold=str(held.pk),
            lifted=True,
        )
        return held


class ProposeDestruction(Action[DestructionProposal]):
    """Propose to destroy records whose time is over. Another person decides."""

    name = "retention.propose"
    needs = Capability.MANAGE_RETENTION

    def perform(self, cases: Sequence[Case]) -> DestructionProposal:
        if self.actor.user_id is None:
            raise NotAllowed("Only a person can propose to destroy records.")
        if not cases:
            raise Invalid({"cases": "Choose at least one record"})
        if len(cases) > MOST:
            raise Invalid({"cases": f"Choose {MOST} records or fewer: somebody must look at each"})
        here, until = checked(self, [case.pk for case in cases])
        waiting = {
            one["id"]
            for proposal in DestructionProposal.objects.filter(agreed=None)
            for one in proposal.cases
        }
        if already := [case.reference for case in here if str(case.pk) in waiting]:
            raise Invalid({"cases": f"{already[0]} is in another proposal that waits for a decision"})
        made = DestructionProposal.objects.create(
            cases=[_listed(case, until[case.pk]) for case in here],
            restricted=any(case.restricted or case.subject.restricted for case in here),
            proposed_at=timezone.now(), proposed_by_id=self.actor.user_id,
        )  # fmt: skip
        self.note("destruction", made.pk, cases=[str(case.pk) for case in here])
        for case in here:
            self.note("case", case.pk, proposed=str(made.pk))
        return made


class RefuseDestruction(Action[DestructionProposal]):
    """Keep the records of a proposal, and say why. Its own author may withdraw it this way too."""

    name = "retention.refuse"
    needs = Capability.MANAGE_RETENTION

    def perform(self, proposal: DestructionProposal, reason: str) -> DestructionProposal:
        held = waiting_proposal(self, proposal)
        if len(reason.strip()) < SHORTEST:
            raise Invalid({"reason": "Say why the records are kept, in a sentence"})
        held.decided_at, held.decided_by_id, held.agreed = timezone.now(), self.actor.user_id, False
        held.reason = reason.strip()
        held.save(update_fields=["decided_at", "decided_by", "agreed", "reason"])
        self.note("destruction", held.pk, agreed=False)
        return held


class AgreeDestruction(Action[DestructionCertificate]):
    """Destroy the records of a proposal that another person made, under a certificate."""

    name = "retention.destroy"
    needs = Capability.MANAGE_RETENTION

    def perform(self, proposal: DestructionProposal) -> DestructionCertificate:
        held = waiting_proposal(self, proposal)
        if self.actor.user_id is None:
            raise NotAllowed("Only a person can agree to destroy records.")
        if held.proposed_by_id == self.actor.user_id:
            raise NotAllowed("You proposed this yourself, so somebody else must decide.")
        cases, until = checked(self, [uuid.UUID(one["id"]) for one in held.cases])
        now = timezone.now()
        certificate = DestructionCertificate(
            destroyed_at=now, proposed_by_id=held.proposed_by_id, agreed_by_id=self.actor.user_id, restricted=held.restricted,
        )  # fmt: skip
        destroyed = destroy(cases, certificate)
        certificate.body = _plain(
            {
                "cases": [_listed(case, until[case.pk]) for case in cases],
                "rules": _rules(until.values()),
                **destroyed,
            }
        )
        certificate.digest = digest_of(certificate)
        certificate.save(force_insert=True)
        held.decided_at, held.decided_by_id, held.agreed, held.certificate = (
            now,
            self.actor.user_id,
            True,
            certificate,
        )
        held.save(update_fields=["decided_at", "decided_by", "agreed", "certificate"])
        self.note(
            "certificate",
            certificate.pk,
            digest=certificate.digest,
            proposal=str(held.pk),
            **certificate.body,
        )
        for case in cases:
            self.note("case", case.pk, destroyed=str(certificate.pk))
        return certificate


def waiting_proposal(action: Action[Any], proposal: DestructionProposal) -> DestructionProposal:
    """A proposal that nobody has decided, locked. Raises NotAllowed or Invalid."""
    rows = ProposalPolicy.visible_to(action.actor).select_for_update(of=("self",))
    held = rows.filter(pk=proposal.pk).first()
    if held is None:
        raise NotAllowed("There is no such proposal, or you may not see it.")
    if held.agreed is not None:
        raise Invalid("Somebody has decided this proposal already.")
    return held


def checked(action: Action[Any], keys: Sequence[uuid.UUID]) -> tuple[list[Case], dict[uuid.UUID, Kept]]:
    """The cases, locked, and until when each is kept. Raises Invalid, naming each that may not be destroyed and why."""
    rows = RetentionPolicy.visible_to(action.actor).select_for_update(of=("self",)).select_related("subject")
    cases = list(rows.filter(pk__in=keys).order_by("pk"))
    if len(cases) != len(set(keys)):
        raise Invalid({"cases": "One of these records is no longer there. Propose the others again"})
    today = local_day(timezone.now())
    until, held = kept_until(cases, today, action.actor), held_among(cases)
    wrong = [f"{case.reference} is held, so it must be kept" for case in cases if case.pk in held]
    for case in cases:
        if not until[case.pk].is_due(today):
            wrong.append(f"{case.reference} is not due: {until[case.pk].because or 'its time is not over'}")
    if wrong:
        raise Invalid({"cases": wrong})
    return cases, until


def _listed(case: Case, until: Kept) -> dict[str, Any]:
    """A case as a proposal and a certificate name it: nothing about the person."""
    assert until.governing is not None and until.until is not None and case.closed_at is not None
    return {
        "id": str(case.pk), "reference": case.reference, "pathway": case.pathway,
        "closed": local_day(case.closed_at).isoformat(), "until": until.until.isoformat(),
        "schedule": until.governing.schedule,
    }  # fmt: skip


def _rules(all_kept: Iterable[Kept]) -> dict[str, str]:
    """The schedules that decided: id -> title and reference."""
    lines = [one.governing for one in all_kept if one.governing is not None]
    return {line.schedule: f"{line.title}. {line.reference}".strip() for line in lines}


def digest_of(certificate: DestructionCertificate) -> str:
    """SHA-256 over what a certificate says."""
    text = json.dumps(certificate.body, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(body, default=str))
    return plain
