"""The chronology of a child with 2,000 events from 12 agencies: the page, beside an empty view; the documents made of it.

Half of the cases are those of the reader's own agency; the rest are seen by an agreement, by which each line is judged. The
events are made in bulk, and say about as much as the demo's.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from datetime import timedelta
from typing import Any

from .table import median_and_95th, show

EVENTS, AGENCIES, CASES, REQUESTS = 2_000, 12, 24, 30
TEXT = (
    "The worker visited at home and saw the child alone in the bedroom. Mother said that school mornings are hard and that "
    "she would like help. The kitchen was clean and there was food in the house. Agreed to ask the school about lunches. "
)


def main(events: int = EVENTS) -> None:
    """Build the child in a throwaway database and measure."""
    from .site import agencies, prepare

    prepare("chronology")
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = ["*"]
    agencies()
    child, user = child_with(events)
    pages(child, user, events)
    documents(child, user, events)


def child_with(number: int) -> tuple[Any, Any]:
    """A child of many cases, by rows: the clocks of 2,000 events are not what is measured here."""
    from django.db import transaction
    from django.utils import timezone

    from goldenthread.agencies.models import Membership, Organisation, Role, User
    from goldenthread.casework.models import Case, Event, Involvement
    from goldenthread.foundation.library import current_library
    from goldenthread.people.models import Person, PersonName, Relationship

    chance = random.Random(1)
    library = current_library()
    now = timezone.now()
    care = Organisation.objects.filter(kind="childrens_social_care").earliest("pk")
    parties = {kind for party in library.agreements["mash"].parties.values() for kind in party.kinds}
    others = Organisation.objects.filter(kind__in=parties, active=True).exclude(kind=care.kind).order_by("pk")
    holders = [care, *others[: AGENCIES - 1]]
    user = User.objects.create(username="bench", first_name="Rosa", last_name="Whittle")
    Membership.objects.create(
        user=user, organisation=care, role=Role.objects.get(slug="team_manager"), starts=now.date() - timedelta(days=9)
    )
    child = Person.objects.create(name="Amira Hussain", given_name="Amira", family_name="Hussain", created_at=now,
                                  registered_by=care, born=now.date() - timedelta(days=3000))  # fmt: skip
    mother = Person.objects.create(name="Nadia Hussain", given_name="Nadia", family_name="Hussain", created_at=now)
    Relationship.objects.create(person=child, other=mother, kind="mother")
    served = [name for one in library.sharing.purposes.values() for name in one.pathways if name in library.pathways]
    with transaction.atomic():
        for one in (child, mother):
            PersonName.objects.create(person=one, full=one.name)
        rows, cases = [], []
        for index in range(CASES):
            holder = care if index % 2 == 0 else holders[1 + index // 2 % (len(holders) - 1)]
            cases.append(
                Case(reference=f"BEN-26-{index:07}", pathway=served[index % len(served)], subject=child, lead=holder,
                     state="open", is_open=True, opened_at=now - timedelta(days=3000 - index))
            )  # fmt: skip
        Case.objects.bulk_create(cases)
        Involvement.objects.bulk_create([Involvement(case=case, organisation=case.lead, since=now) for case in cases])
        for index in range(number):
            case = cases[index % CASES]
            pathway = library.pathways[case.pathway]
            kind = chance.choice(list(pathway.events))
            questions = [name for name, one in pathway.events[kind].asks.items() if one.type.value in ("text", "long_text")]
            happened = now - timedelta(days=chance.randint(1, 2990), minutes=chance.randint(0, 1400))
            rows.append(
                Event(id=uuid.uuid4(), case=case, sequence=index // CASES + 1, kind=kind, occurred_on=happened.date(),
                      occurred_at=happened, recorded_at=happened + timedelta(days=chance.choice((0, 0, 1, 9))),
                      recorded_by_name="Rosa Whittle", organisation=holders[index % len(holders)]
                      if case.lead_id == care.pk else case.lead,
                      data=dict.fromkeys(questions[:2], f"Amira and Nadia. {TEXT}"))
            )  # fmt: skip
        Event.objects.bulk_create(rows, batch_size=500)
    return child, user


def pages(child: Any, user: Any, events: int) -> None:
    """The page of the latest lines, turn about with an empty view behind the same middleware."""
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from goldenthread.agencies.actors import actor_for
    from goldenthread.sharing.chronology.rights import By
    from goldenthread.sharing.queries.chronology import chronology_of

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/children/{child.pk}/chronology/"
    taken: dict[str, list[float]] = {"page": [], "empty": [], "read": []}
    for number in range(REQUESTS + 3):
        for name, where in (("page", address), ("empty", "/bench/empty/")):
            began = time.perf_counter()
            answer = client.get(where)
            took = time.perf_counter() - began
            if answer.status_code != 200:
                sys.exit(f"{where} answered {answer.status_code}")
            if number >= 3:
                taken[name].append(took)
        began = time.perf_counter()
        found = chronology_of(actor_for(user), [child])
        if number >= 3:
            taken["read"].append(time.perf_counter() - began)
    reset_queries()
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    shared = sum(line.right.by is By.AGREEMENT for line in found.lines)
    seen = {line.agency_title for line in found.lines}
    rows = [
        (name, *(f"{1000 * seconds:.1f}" for seconds in median_and_95th(taken[key])))
        for name, key in (("The page", "page"), ("of it, reading every line and its right", "read"), ("An empty view", "empty"))
    ]
    show(
        f"Chronology of {events:,} events from {AGENCIES} agencies (SQLite)", ("", "median ms", "95th ms"), rows,
        f"{len(found.lines):,} lines seen, of {len(seen)} agencies, {shared:,} of them by an agreement's clause; "
        f"{len(asked)} statements a page.",
    )  # fmt: skip


def documents(child: Any, user: Any, events: int) -> None:
    """All lines as Word and as PDF/UA-1, with everybody taken out."""
    from goldenthread.agencies.actors import actor_for
    from goldenthread.sharing.actions.exports import ExportChronology
    from goldenthread.sharing.chronology.export import PDF, WORD, Order, material
    from goldenthread.sharing.chronology.lines import Narrowed
    from goldenthread.sharing.chronology.redaction import Wanted
    from goldenthread.sharing.queries.chronology import chronology_of, tell

    actor = actor_for(user)
    rows = []
    for form in (WORD, PDF):
        began = time.perf_counter()
        found = chronology_of(actor, [child])
        given = material(actor, found, Narrowed(), tell(found.lines))
        read = time.perf_counter() - began
        everyone = {one.key: one.someone.label for one in given.candidates if one.listed}
        order = Order("review", form, replaced=everyone, wanted=Wanted())
        began = time.perf_counter()
        file = ExportChronology(actor).run(child.pk, [], Narrowed(), order)
        took = time.perf_counter() - began
        rows.append((form, f"{read:.1f}", f"{took:.1f}", f"{len(file.content) / 1e6:.1f}"))
    show("Documents of all of it, redacted", ("form", "reading alone, s", "whole export, s", "MB"), rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
