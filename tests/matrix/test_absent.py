"""A restricted child is absent everywhere for those outside: every page, list, count, search, form, export, notice, e-mail
and call is byte for byte what it was before the child came into the service, after the same number of queries.

The child is as near as can be to one they do see: a brother, at the same address, reported in the same contact, with the
same date of birth, a document, a request, a hand-over, a notice, a warning and a possible double.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TestCase
from django.test.utils import override_settings
from django.utils import timezone

from goldenthread.casework.actions import AddDocument, OpenCase
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import AddIdentifier, AddWarning, RelatePeople
from goldenthread.people.models import Person
from goldenthread.sharing.actions.climbing import climb
from goldenthread.sharing.actions.notices import Notify
from goldenthread.sharing.models import HandOver, Notice, Override, Request
from goldenthread.sharing.tests.chronology.opening import everything_in

from .addresses import pages
from .table import PAGES
from .test_matrix import _MARKS, Counted, may_know, may_open, undone
from .world import (
    IN_CONDITIONS,
    RULING,
    SYSTEM,
    Paper,
    Visitor,
    World,
    build,
    child,
    fewest,
    filled,
    front_door,
    minimal,
)

pytestmark = pytest.mark.django_db
NAME, FAMILY, NUMBER = "Zephyrine", "Quillfeather", "401 023 2137"
MARKS = (NAME.lower(), FAMILY.lower(), NUMBER.replace(" ", ""), NUMBER, "secretletter", "growling dog")
SEARCHES = ("Zephyrine", "Quillfeather", "Zephyrine Quillfeather", "Zefirin Quilfether", "1 March 2016", NUMBER,
            "Zephyrine 2016", "q", "Child0")  # fmt: skip


@dataclass
class Seen:
    """Everything one visitor can open, as it is told to them."""

    bodies: dict[str, tuple[int, str, int]]


def addresses(world: World, visitor: Visitor) -> Iterator[str]:
    """Every page with the open child's records in its places, what is searched for, and the API."""
    found = world.records["open"]
    for address in pages():
        asks = PAGES[address.name]
        if address.name.startswith(("account", "mfa", "requests:answer-link")) or "draft" in address.places:
            continue
        if may_open(visitor, asks):
            yield filled(world, address, found)
    for words in SEARCHES:
        yield f"/people/?q={words}"
        yield f"/api/v1/people?q={words}"
    for query in (
        "?whose=mine",
        "?whose=team",
        "?whose=agency",
        "?whose=agency&due=late",
        "?whose=agency&due=later",
    ):
        yield f"/my-work/{query}"
        yield f"/api/v1/work{query}"
    yield from (f"/api/v1/cases/{found.case.pk}", f"/api/v1/people/{found.person.pk}", "/api/v1/requests")
    yield f"/api/v1/requests/{found.request}"
    yield from (f"/api/v1/meetings/{found.meeting}", "/api/v1/meetings?when=past", "/api/v1/meetings?when=coming")
    yield f"/children/{found.person.pk}/chronology/?with=all"
    yield f"/access/why/?record={found.case.reference}"


def look(world: World, visitor: Visitor) -> Seen:
    told: dict[str, tuple[int, str, int]] = {}
    for path in addresses(world, visitor):
        queries = Counted()
        with undone(), connection.execute_wrapper(queries):
            answer = visitor.client.get(path, headers=visitor.headers)
            body = (
                b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
            )
        text = _MARKS.sub("", _unpacked(body))
        told[path] = (answer.status_code, text, queries.number)
    return Seen(told)


def _unpacked(body: bytes) -> str:
    """What a file says, whether it is a page, an archive (Word) or plain."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(
                f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist()
            )
    return body.decode("utf-8", "replace")


def add_restricted_brother(world: World) -> tuple[Person, Case]:
    """All that could be known of a child, restricted from the first moment."""
    place, near = world.place, world.records["open"]
    person = child(place, f"{NAME} {FAMILY}", restricted=True, also_known_as=["Child0 Open"])
    AddIdentifier(SYSTEM).run(person, "nhs", NUMBER)
    RelatePeople(SYSTEM).run(near.case.subject, person, "sibling")
    rule = front_door()
    group = near.case.group
    case = OpenCase(SYSTEM).run(
        rule.id, person, timezone.now() - timedelta(hours=5), minimal(rule.events[rule.opening]), organisation=place.care,
        group=group,
    )  # fmt: skip
    event, now = Event.objects.get(case=case), timezone.now()
    AddDocument(SYSTEM).run(case, "SecretLetter", Paper("SecretLetter.txt", b"SecretLetter"), event)
    AddWarning(SYSTEM).run(
        person,
        text="Growling dog",
        review_on=timezone.localdate() + timedelta(days=9),
        organisation=place.care,
    )
    made = {"case": case, "purpose": "protect_from_harm"}
    override = Override.objects.create(
        **made,
        holder=place.police,
        receiver=place.care,
        reason="SecretLetter",
        ruling=RULING,
        at=now,
        ends_at=now + timedelta(days=1),
    )
    for agency in (place.police, place.care, place.school):
        Request.objects.create(
            **made, event=_another(event), asker=place.care, agency=agency, asked_at=now, override=override
        )
    HandOver.objects.create(
        kind="refer",
        case=case,
        sender=place.police,
        receiver=place.care,
        reason="SecretLetter",
        offered_at=now,
        due_at=now,
    )
    for organisation in (place.care, place.school):
        Notify(SYSTEM).run("test", "Something waits", organisation=organisation, case=case)
        Notice.objects.create(
            organisation=organisation, kind="test", words="Something waits", case=case, at=now
        )
    return person, case


def _another(event: Event) -> Event:
    """An event for each request: a request belongs to one."""
    last = Event.objects.filter(case=event.case_id).order_by("-sequence").first()
    assert last is not None
    return Event.objects.create(
        case_id=event.case_id, sequence=last.sequence + 1, kind=event.kind, occurred_on=event.occurred_on,
        recorded_at=event.recorded_at, data={},
    )  # fmt: skip


def unlike(visitors: Iterable[Visitor]) -> list[Visitor]:
    """A few who between them open every page, and in each agency and scope both hold and lack what policies ask about. On
    PostgreSQL, one in each agency and scope: it differs in how it reads a condition."""
    every = {str(one): one for one in visitors}
    asked = IN_CONDITIONS if connection.vendor != "postgresql" else frozenset()
    few = fewest(
        {
            name: {("opens", page) for page, asks in PAGES.items() if may_open(one, asks)}
            | {("sees", one.agency, one.scope, one.tasks is None)}
            | {(held, held in one.capabilities, one.agency, one.scope) for held in asked}
            for name, one in every.items()
        }
    )
    return [every[name] for name in few]


@pytest.fixture(scope="module")
def before_and_after(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, dict[str, Seen], dict[str, Seen], Person, Case, list[Any]]]:
    limits = {"GT_API_CALLS_PER_TOKEN": 10**9, "GT_API_CALLS_PER_ADDRESS": 10**9}
    folder = tmp_path_factory.mktemp("documents")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, **limits), transaction.atomic():
        cache.clear()
        world = build()
        # One moment for both looks, so that nothing differs by the time that passed between them.
        with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=1)):
            outside = unlike(
                one
                for one in world.visitors
                if one.signed_in and not may_know(one, "case", "restricted person")
            )
            climb()  # what is late is told first, as it is every night: else the first page of requests does it
            before = {str(one): look(world, one) for one in outside}
            mail.outbox = []
            with TestCase.captureOnCommitCallbacks(execute=True):
                person, case = add_restricted_brother(world)
                climb()
            mails = list(mail.outbox)
            after = {str(one): look(world, one) for one in outside}
        yield world, before, after, person, case, mails
        transaction.set_rollback(True)


def every_page_and_call_is_what_it_was_before(before_and_after: Any) -> None:
    _, before, after, _, _, _ = before_and_after
    wrong = []
    for visitor, seen in after.items():
        for path, (status, body, queries) in seen.bodies.items():
            was_status, was, was_queries = before[visitor].bodies[path]
            if (status, body) != (was_status, was):
                place = next(
                    (n for n, (a, b) in enumerate(zip(body, was, strict=False)) if a != b),
                    min(len(body), len(was)),
                )
                wrong.append(
                    f"{visitor} {path}: {was[place - 60 : place + 60]!r} became {body[place - 60 : place + 60]!r}"
                )
            elif queries != was_queries:
                wrong.append(f"{visitor} {path}: {was_queries} queries became {queries}")
    assert len(after) > 8 and not wrong, f"{len(wrong)} answers tell of the child:\n" + "\n".join(wrong[:30])


def nothing_of_the_child_is_said_anywhere(before_and_after: Any) -> None:
    _, _, after, person, case, _ = before_and_after
    marks = (*MARKS, str(person.pk), str(case.pk), case.reference.lower())
    said = [
        f"{visitor} {path}: {mark}"
        for visitor, seen in after.items()
        for path, (_, body, _) in seen.bodies.items()
        for mark in marks
        # What was typed into a search is told back; nothing else is.
        if mark in re.sub(r'value="[^"]*"|“[^”]*”|&#34;[^&]*&#34;', "", body.lower())
        and mark not in path.lower()
    ]
    assert not said, "\n".join(said[:30])


def those_who_may_know_of_the_child_do(before_and_after: Any) -> None:
    """So that the tests above are not true of nothing."""
    world, _, _, person, case, _ = before_and_after
    inside = [one for one in world.visitors if may_know(one, "case", "restricted person")]
    assert inside and all(Capability.VIEW_RESTRICTED in one.capabilities for one in inside)
    for visitor in inside:
        with undone():
            assert visitor.client.get(f"/children/{person.pk}/").status_code == 200
            assert visitor.client.get(f"/cases/{case.pk}/").status_code == 200
            assert FAMILY in visitor.client.get(f"/people/?q={NAME} {FAMILY}").content.decode()


def mail_says_nothing_of_anyone_and_goes_to_nobody_outside(before_and_after: Any) -> None:
    world, _, _, person, case, mails = before_and_after
    assert mails, "nobody was mailed at all: this proves nothing"
    said = " ".join(f"{one.subject} {one.body} {one.to}" for one in mails).lower()
    names = [each.lower() for each in Person.objects.values_list("family_name", flat=True) if each]
    assert not [
        mark
        for mark in (*MARKS, str(person.pk), str(case.pk), case.reference.lower(), *names)
        if mark in said
    ]
    outside = {
        f"{one.name}.{one.agency}@example.org"
        for one in world.visitors
        if not may_know(one, "case", "restricted person")
    }
    reached = {address for one in mails for address in (*one.to, *one.cc, *one.bcc)}
    assert not reached & outside


def exports_of_a_brothers_story_leave_the_child_out(before_and_after: Any) -> None:
    world, _, _, person, _, _ = before_and_after
    near = world.records["open"].person
    tried = 0
    for visitor in world.visitors:
        outside = visitor.signed_in and not may_know(visitor, "case", "restricted person")
        if (
            not outside
            or not may_know(visitor, "case", "open")
            or Capability.RECORD_EVENTS not in visitor.capabilities
        ):
            continue
        for form in ("word", "pdf"):
            with undone():
                sent = {"step": "make", "purpose": "meeting", "form": form}
                answer = visitor.client.post(f"/children/{near.pk}/chronology/export/?with={person.pk}", sent)
                body = (
                    b"".join(answer.streaming_content)
                    if getattr(answer, "streaming", False)
                    else answer.content
                )
            assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"], (
                answer.content[:500]
            )
            assert not {FAMILY.lower(), NAME.lower()} & set(
                answer.headers["Content-Disposition"].lower().split()
            )
            said = everything_in("file.docx" if form == "word" else "file.pdf", body).lower()
            assert FAMILY.lower() not in said and "secretletter" not in said and str(person.pk) not in said
            tried += 1
    assert tried


def a_child_of_the_same_day_of_birth_is_found_without_the_other(before_and_after: Any) -> None:
    world, before, after, _, _, _ = before_and_after
    assert world.records["open"].case.subject.born == date(2016, 3, 1)
    for visitor, seen in after.items():
        assert seen.bodies["/people/?q=1 March 2016"] == before[visitor].bodies["/people/?q=1 March 2016"]


def test_a_restricted_child_is_absent_everywhere(before_and_after: Any) -> None:
    """One test, as what all of these look at is made once and takes long: tests of their own would run on two workers."""
    for check in (
        every_page_and_call_is_what_it_was_before,
        nothing_of_the_child_is_said_anywhere,
        those_who_may_know_of_the_child_do,
        mail_says_nothing_of_anyone_and_goes_to_nobody_outside,
        exports_of_a_brothers_story_leave_the_child_out,
        a_child_of_the_same_day_of_birth_is_found_without_the_other,
    ):
        check(before_and_after)
