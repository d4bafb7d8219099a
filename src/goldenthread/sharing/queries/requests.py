"""Requests as pages show them: what one's agency must answer, what it has asked, how far a late answer has climbed.

Depends on `policies` and `exchange`. Reads only; views journal the look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.asked import AskedNote
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.casework.record import program_of
from goldenthread.casework.words import due_of, due_words
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library, pathways

from ..actions.climbing import ClimbRequests
from ..actions.links import links_of
from ..decision import Decision, Ruling
from ..exchange import climbs, exchange_of, held_by, still_open, with_clock
from ..models import AnswerLink, Request
from ..policies import RequestPolicy
from ..rulings import purposes

PER_PAGE = 50


@dataclass(slots=True)
class Line:
    """One agency asked in one go, about one child or several."""

    requests: list[Request]
    due_at: datetime | None
    outcome: str
    late: bool
    when: str
    climbed: list[str] = field(default_factory=list)
    link: AnswerLink | None = None
    has_accounts: bool = True
    question: str = ""

    @property
    def first(self) -> Request:
        return self.requests[0]

    @property
    def names(self) -> str:
        return ", ".join(one.case.subject.name for one in self.requests)

    @property
    def waits(self) -> bool:
        return self.outcome == Duty.Outcome.OPEN

    @property
    def pathway(self) -> str:
        found = pathways(self.first.case.arrangement).get(self.first.case.pathway)
        return found.title if found else self.first.case.pathway

    @property
    def link_waits(self) -> bool:
        link = self.link
        return (
            link is not None and link.answered_at is None and link.withdrawn_at is None and link.expires_at > timezone.now()
        )

    @property
    def ruling(self) -> dict[str, str] | None:
        return in_words(Decision.from_plain(self.first.ruling).content) if self.first.ruling.get("content") else None

    @property
    def word(self) -> Mapping[str, str]:
        """A supervisor's word, where one was needed."""
        return self.first.ruling.get("word") or {}


_RELATED = ("case__subject", "case__lead", "agency", "asker", "event__recorded_by", "override")


def to_answer(actor: Actor, start: int = 0) -> list[Line]:
    """What one's own agencies have been asked and not answered, the latest first."""
    rows = RequestPolicy.visible_to(actor).filter(agency__in=actor.organisation_ids)
    return _lines(_waiting(rows)[start : start + PER_PAGE + 1])


def asked_by_us(actor: Actor, mine: bool = False, start: int = 0) -> list[Line]:
    """What one's own agencies (or oneself) have asked and not been told, the latest first."""
    rows = RequestPolicy.visible_to(actor).filter(asker__in=actor.organisation_ids)
    if mine:
        rows = rows.filter(event__recorded_by=actor.user_id)
    return _lines(_waiting(rows)[start : start + PER_PAGE + 1])


def how_many_to_answer(actor: Actor) -> int:
    """For the tally of the page; counted up to a hundred."""
    rows = RequestPolicy.visible_to(actor).filter(agency__in=actor.organisation_ids)
    found = still_open(rows).order_by().values_list("pk", "event__group", "agency")[:100]
    return len({(group or pk, agency) for pk, group, agency in found})


def of_case(case: Case) -> list[Line]:
    """Every request made in a case, in the order they were made. The caller has let the actor see the case."""
    rows = with_clock(Request.objects.filter(case=case)).select_related(*_RELATED).order_by("asked_at", "pk")
    return _lines(rows)


def line_of(requests: Sequence[Request]) -> Line:
    """Requests made in one go of one agency, as one line."""
    rows = with_clock(Request.objects.filter(pk__in=[one.pk for one in requests])).select_related(*_RELATED)
    return _lines(rows.order_by("case__subject__born", "pk"))[0]


def _waiting(rows: Any) -> Any:
    return still_open(rows).select_related(*_RELATED).order_by("due_at", "pk")


def _lines(rows: Iterable[Any]) -> list[Line]:
    """Rows with their clocks, brothers and sisters asked about together as one line."""
    now = timezone.now()
    found: dict[tuple[UUID, int], Line] = {}
    every = list(rows)
    links = links_of(every)
    held = held_by({one.agency_id for one in every} | {one.asker_id for one in every})
    accounts = held.get(Capability.RECORD_EVENTS.value, set())
    clocks = {(one.case_id, one.triggered_by): one for one in Duty.objects.filter(
        case__in={row.case_id for row in every}, triggered_by__in=[row.event_id for row in every])}  # fmt: skip
    for one in every:
        key = (one.event.group or one.pk, one.agency_id)
        if key in found:
            found[key].requests.append(one)
            continue
        clock = clocks.get((one.case_id, one.event_id))
        due = due_of(clock) if clock is not None else None
        late = one.outcome == Duty.Outcome.OPEN and one.due_at is not None and one.due_at < now
        has_accounts = one.agency_id in accounts
        found[key] = Line(
            [one], one.due_at, one.outcome or "", late, due_words(due, now), climbed_words(one, held, links.get(one.pk)),
            links.get(one.pk), has_accounts, str(one.event.data.get("question") or ""),
        )  # fmt: skip
    return list(found.values())


def climbed_words(request: Request, held: Mapping[str, set[int]], link: AnswerLink | None) -> list[str]:
    """Who has been told that an answer is late, in words, the last rung last. `held`: capability -> organisations where
    somebody holds it; where nobody does, everyone there was told."""
    words: list[str] = []
    for step in climbs().requests.steps[: request.climbed]:
        whom = request.asker if step.tell == "asking" else request.agency
        if whom.pk in held.get(Capability.RECORD_EVENTS.value, ()):
            able = whom.pk in held.get(step.needs, ())
            words.append(f"{whom.title}: {step.title if able else 'everyone with an account'}")
        elif link is not None and link.sent_to:
            words.append(f"{request.agency.title}: reminded by email")
    return words


# The agreements, in words ---------------------------------------------------------------------------------------------


def in_words(ruling: Ruling) -> dict[str, str]:
    """A ruling as a page tells it."""
    agreement = current_library().agreements.get(ruling.agreement)
    return {
        "verdict": ruling.verdict.value, "agreement": agreement.title if agreement else "", "id": ruling.agreement,
        "clause": ruling.clause, "why": ruling.why, "basis": ruling.basis,
    }  # fmt: skip


def purpose_title(purpose: str) -> str:
    return purposes().get(purpose, purpose.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """What was last asked in a case, to ask another agency the same."""

    question: str = ""
    about_whom: str = ""
    cases: Sequence[UUID] = ()


def asked_last(case: Case) -> AskedBefore:
    """The latest question of a case, and the cases it was asked for."""
    exchange = exchange_of(program_of(case).pathway)
    last = Event.objects.filter(case=case, kind=exchange.asked).order_by("-sequence").first() if exchange else None
    if last is None:
        return AskedBefore()
    together = Event.objects.filter(group=last.group).values_list("case_id", flat=True) if last.group else [case.pk]
    return AskedBefore(
        str(last.data.get("question") or ""), str(last.data.get("about_whom") or ""), list(dict.fromkeys(together))
    )


def notes_for(actor: Actor, case: Case) -> dict[str, AskedNote]:
    """For the page of a contact, registered at start: agency's slug -> how far a late answer has climbed, whether a link
    is out, where this reader answers. A late answer climbs first, so that what is said is so."""
    ClimbRequests(SystemActor("climbing")).run(case=case.pk)
    found: dict[str, AskedNote] = {}
    for line in of_case(case):
        if not line.waits:
            continue
        words = [f"Told that it is late: {'; '.join(line.climbed)}."] if line.climbed else []
        if line.link_waits:
            words.append("A one-time link is out.")
        elif not line.has_accounts:
            words.append("Nobody there has an account: send a one-time link, or telephone.")
        first = line.first
        ours = first.asker_id in actor.organisation_ids and actor.may(Capability.SCREEN_CONTACTS)
        may_answer = actor.may(Capability.RECORD_EVENTS) and (first.agency_id in actor.organisation_ids or ours)
        address = reverse("requests:answer", args=[first.pk]) if may_answer else ""
        seen = ours or first.asker_id in actor.organisation_ids or first.agency_id in actor.organisation_ids
        found[first.agency.slug] = AskedNote(tuple(words) if seen else (), address)
    return found


def organisations_named(actor_rows: Any, slugs: Sequence[str]) -> list[Organisation]:
    """Organisations by their short names, in the order given."""
    rows = {one.slug: one for one in actor_rows.filter(slug__in=slugs)}
    return [rows[slug] for slug in dict.fromkeys(slugs) if slug in rows]
