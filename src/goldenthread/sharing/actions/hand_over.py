"""Hand-overs: a referral or a case offered to another agency, which accepts it or refuses it with reasons, and the sender
always hears back.

A referral makes the receiver part of the case once it accepts; a transfer makes it the lead. Until then it sees what the
sender wrote for it and whom it is about, and no more of the case. Source: Working Together to Safeguard Children 2023,
chapter 3: whoever refers is told what becomes of it, within one working day. Depends on `casework`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.casework.actions.appending import CaseAction
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.owners import ANYONE
from goldenthread.casework.record import program_of
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability

from ..exchange import climbs, moment_after
from ..involving import against_involving
from ..models import HandOver
from ..policies import HandOverPolicy, held_in
from .notices import Notify, settle

Kind, State = HandOver.Kind, HandOver.State
SHORTEST, LONGEST = 15, 5000
"""Characters of a reason, and of an answer."""
OFFERED_WORDS = {
    Kind.REFERRAL: "A referral is offered to your agency. Please accept it, or refuse it with your reasons",
    Kind.TRANSFER: "A case is offered to your agency to lead. Please accept it, or refuse it with your reasons",
}
ACCEPTED_WORDS = "What your agency offered to another has been accepted"
REFUSED_WORDS = "What your agency offered to another has been refused. Please read why, and decide what happens now"
WITHDRAWN_WORDS = "What was offered to your agency has been withdrawn"


class OfferHandOver(CaseAction[HandOver]):
    """Offer a case to another agency. `reason` is what it reads to decide; nothing else of the case is shown to it."""

    name = "sharing.offer_hand_over"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case, receiver: Organisation, kind: str, reason: str) -> HandOver:
        case = self.locked(case)
        sender = _sender(self.actor, case)
        errors = _wrong(case, sender, receiver, kind, reason) or _against(self.actor, case, receiver, kind)
        if errors:
            raise Invalid(errors)
        now = timezone.now()
        within = climbs().hand_overs.answer_within.on(timezone.localdate(now))
        if within is None:
            raise Invalid("The guidance gives no time for answering an offer made today. Add it to sharing.yaml.")
        made = HandOver.objects.create(
            kind=kind, case=case, sender=sender, receiver=receiver, reason=reason.strip(), offered_at=now,
            offered_by_id=self.actor.user_id, due_at=moment_after(within, now, case.arrangement),
        )  # fmt: skip
        self.note("hand_over", made.pk, case=str(case.pk), kind=kind, receiver=receiver.pk)
        self.note("case", case.pk, hand_over=str(made.pk), receiver=receiver.pk)
        tell_receiver(self.actor, made, "hand_over.offered", OFFERED_WORDS[Kind(kind)])
        return made


def _sender(actor: Actor, case: Case) -> Organisation:
    """The organisation that offers: the lead, or for a referral one's own that is part of the case."""
    if actor.is_system or case.lead_id in actor.organisation_ids:
        return case.lead
    part = Involvement.objects.filter(case=case, organisation__in=actor.organisation_ids).select_related("organisation")
    found = part.first()
    if found is None:
        raise NotAllowed("Your agency is not part of this case, so it cannot offer it to another.")
    return found.organisation


def _wrong(case: Case, sender: Organisation, receiver: Organisation, kind: str, reason: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    reason = reason.strip()
    if kind not in Kind.values:
        errors["kind"] = "Choose whether you refer it or transfer it"
    if len(reason) < SHORTEST:
        errors["reason"] = "Say what you ask of them and why: it is all they read before they decide"
    elif len(reason) > LONGEST:
        errors["reason"] = f"The reason must be {LONGEST:,} characters or fewer"
    if not case.is_open:
        errors[""] = "The case is closed, so it cannot be handed over."
    if receiver.pk == sender.pk or (kind == Kind.TRANSFER and receiver.pk == case.lead_id):
        errors["receiver"] = "Choose another agency than your own"
    elif not receiver.active:
        errors["receiver"] = f"{receiver.title} is closed. Choose another agency"
    elif HandOver.objects.filter(case=case, receiver=receiver, state=State.OFFERED).exists():
        errors["receiver"] = f"This is offered to {receiver.title} already, and waits for its answer"
    elif kind == Kind.TRANSFER:
        lead = program_of(case).pathway.lead
        if sender.pk != case.lead_id:
            errors["kind"] = f"Only {case.lead.title}, which leads the case, can transfer it. You can refer it"
        elif lead not in ANYONE and receiver.kind != lead:
            errors["receiver"] = f"{receiver.title} is not of a kind that leads such a case. You can refer it instead"
    elif Involvement.objects.filter(case=case, organisation=receiver, user=None).exists():
        errors["receiver"] = f"{receiver.title} is part of this case already"
    return errors


def _against(actor: Actor, case: Case, receiver: Organisation, kind: str) -> dict[str, str]:
    """What the agreements say: whoever accepts becomes part of the case and sees all of it. An agency of the lead's own kind
    to which a case is transferred takes over its duties, and no agreement is asked."""
    if actor.is_system or (kind == Kind.TRANSFER and receiver.kind == case.lead.kind):
        return {}
    try:
        against_involving(actor, case, receiver)
    except Invalid as refused:
        return {"receiver": " ".join(refused.messages)}
    return {}


def tell_receiver(
    actor: Actor, offer: HandOver, kind: str, words: str, *, needs: str = "", waits: bool = True, once: bool = False
) -> int:
    """Tell the receiver's people of an offer; in how many notices. `waits`: that something is to be done there.

    The receiver is not part of the case yet, so the notice neither names the case nor is kept by it from those who may not
    know of it: of a restricted one only those hear who may view such cases, and, where its pathway alone restricts it, each
    who runs that pathway there. Nobody hears if there is nobody like that.
    """
    case = offer.case
    closed = case.restricted or case.subject.restricted
    address = reverse("requests:hand-over", args=[offer.pk]) if waits else ""
    more: dict[str, Any] = {"address": address, "once": once, "mail": waits}
    needs = Capability.VIEW_RESTRICTED.value if closed else needs
    made = [Notify(actor).run(kind, words, organisation=offer.receiver, capability=needs, **more)]
    if closed:
        made += [Notify(actor).run(kind, words, user=user, **more) for user in _runners(offer)]
    return len([one for one in made if one is not None])


def _runners(offer: HandOver) -> list[User]:
    """Those at the receiver to whom a role that runs such cases shows the offer."""
    rows = Membership.in_force().filter(organisation=offer.receiver, user__is_active=True).select_related("role", "user")
    able = {
        one.user
        for one in rows
        if offer.case.pathway in one.role.handles and Capability.VIEW_RESTRICTED.value not in one.role.capabilities
    }
    return [
        user
        for user in sorted(able, key=lambda one: one.pk)
        if HandOverPolicy.visible_to(actor_for(user)).filter(pk=offer.pk).exists()
    ]


class AnswerHandOver(CaseAction[HandOver]):
    """Accept or refuse what was offered. Accepting makes the receiver part of the case, or its lead; a refusal has
    reasons. Pass the `version` of the offer that was read."""

    name = "sharing.answer_hand_over"
    needs = Capability.RECORD_EVENTS

    def perform(self, offer: HandOver, accept: bool, answer: str, version: int | None = None) -> HandOver:
        held = _held(self.actor, offer)
        if held.receiver_id not in _answers_for(self.actor):
            raise NotAllowed(f"Only {held.receiver.title} can accept or refuse this.")
        if held.state != State.OFFERED:
            raise Invalid(f"This was answered before: {held.get_state_display().lower()}.")
        if version is not None and held.version != version:
            raise Stale(version, held.version)
        answer = answer.strip()
        if not accept and len(answer) < SHORTEST:
            raise Invalid({"answer": "Say why you refuse it, and who else might help: the sender must decide what to do now"})
        if len(answer) > LONGEST:
            raise Invalid({"answer": f"The answer must be {LONGEST:,} characters or fewer"})
        held.state = State.ACCEPTED if accept else State.REFUSED
        held.answer, held.answered_at, held.answered_by_id = answer, timezone.now(), self.actor.user_id
        held.version += 1
        held.save()
        if accept:
            self._take(held)
        settle(self.actor, [reverse("requests:hand-over", args=[held.pk])])
        self.note("hand_over", held.pk, state=held.state)
        self.note("case", held.case_id, hand_over=str(held.pk), state=held.state)
        whom = {"user": held.offered_by} if held.offered_by is not None else {"organisation": held.sender}
        Notify(self.actor).run(
            "hand_over.answered", ACCEPTED_WORDS if accept else REFUSED_WORDS, case=held.case,
            address=reverse("requests:hand-over", args=[held.pk]), **whom,
        )  # fmt: skip
        return held

    def _take(self, held: HandOver) -> None:
        """The receiver joins the case; on a transfer it leads it, and what the old lead owed and had not done is its."""
        now, case = timezone.now(), held.case
        Involvement.objects.get_or_create(
            case=case, organisation=held.receiver, user=None, defaults={"since": now}
        )
        if held.kind != Kind.TRANSFER:
            return
        before = case.lead_id
        moved = Case.objects.filter(pk=case.pk, lead=held.sender_id).update(lead=held.receiver, team=None, worker=None)
        if not moved:
            raise Invalid("Another agency has come to lead this case since it was offered. Ask the sender to offer it again.")
        undone = Duty.objects.filter(case=case, organisation=before, outcome__in=("open", "waiting"))
        undone.update(organisation=held.receiver, team=None, worker=None)
        case.lead = held.receiver
        self.note("case", case.pk, lead=held.receiver_id, before=before)


def _held(actor: Actor, offer: HandOver) -> HandOver:
    """The offer as it is now, held until done."""
    if not HandOverPolicy.visible_to(actor).filter(pk=offer.pk).exists():
        raise NotAllowed("There is no such offer, or you may not see it.")
    rows = HandOver.objects.select_for_update(of=("self",)).select_related(
        "case__lead", "case__subject", "sender", "receiver", "offered_by"
    )
    return rows.get(pk=offer.pk)


def _answers_for(actor: Actor) -> set[int]:
    """Organisations for which somebody may accept or refuse: where their role lets them record."""
    return {one for one, able in held_in(actor).items() if Capability.RECORD_EVENTS.value in able}


class WithdrawHandOver(CaseAction[HandOver]):
    """Take back an offer that has not been answered."""

    name = "sharing.withdraw_hand_over"
    needs = Capability.RECORD_EVENTS

    def perform(self, offer: HandOver, version: int | None = None) -> HandOver:
        held = _held(self.actor, offer)
        if held.sender_id not in self.actor.organisation_ids:
            raise NotAllowed(f"Only {held.sender.title} can withdraw this.")
        if held.state != State.OFFERED:
            raise Invalid(f"This was answered before: {held.get_state_display().lower()}.")
        if version is not None and held.version != version:
            raise Stale(version, held.version)
        held.state, held.answered_at, held.version = State.WITHDRAWN, timezone.now(), held.version + 1
        held.save()
        settle(self.actor, [reverse("requests:hand-over", args=[held.pk])])
        self.note("hand_over", held.pk, state=held.state)
        tell_receiver(self.actor, held, "hand_over.withdrawn", WITHDRAWN_WORDS, waits=False)
        return held


class HearAnswer(CaseAction[datetime]):
    """That somebody at the sender has read the answer."""

    name = "sharing.hear_answer"
    needs = Capability.VIEW_CASES

    def perform(self, offer: HandOver) -> datetime:
        held = _held(self.actor, offer)
        if held.sender_id not in self.actor.organisation_ids or held.answered_at is None:
            raise NotAllowed("Only the agency that offered it hears the answer.")
        if held.heard_at is not None:
            self.quiet("it was heard before")
            return held.heard_at
        held.heard_at = timezone.now()
        HandOver.objects.filter(pk=held.pk, heard_at=None).update(heard_at=held.heard_at)
        self.note("hand_over", held.pk, heard=True)
        return held.heard_at
