"""The matrix: every page and operation, for every role, within and outside the agency, for every state of a record.

Each cell is what tests/matrix/table.py declares; an address that is not declared is expected to be closed to all. A record
that somebody may not know of is answered byte for byte as one that does not exist, after the same number of queries.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import override_settings

import goldenthread
from goldenthread.agencies.scopes import capabilities_of
from goldenthread.agencies.seeding import shipped_roles
from goldenthread.foundation.capability import Capability

from .addresses import Address, api_patterns, operations, pages
from .table import OPERATIONS, PAGES, PUBLIC, SIGNED_IN, Asks
from .world import IN_CONDITIONS, STATES, Visitor, World, build, filled

pytestmark = pytest.mark.django_db

CLOSED = Asks("nobody")
EVERY = [*pages(), *operations()]
POSTGRESQL = connection.vendor == "postgresql"
MET = ("meeting", "seat", "meeting page", "meeting report")
KEPT = ("kept case", "hold", "proposal", "certificate")
IN = {200, 201, 302, 303, 400, 405, 409, 422}
"""Let in: shown, sent on, or told what is wrong with an empty form."""
#: What differs between two answers that say the same.
_VARY = ("Content-Length", "Set-Cookie", "Content-Security-Policy", "Expires")
_MARKS = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|value="[A-Za-z0-9]{64}"')


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all of this module, in a transaction that is undone."""
    folder = tmp_path_factory.mktemp("documents")
    limits = {
        "GT_API_CALLS_PER_TOKEN": 10**9,
        "GT_API_CALLS_PER_ADDRESS": 10**9,
        "GT_API_REFUSED_PER_ADDRESS": 10**9,
    }
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder, **limits), transaction.atomic():
        cache.clear()
        logging.disable(logging.ERROR)  # thousands of refusals are meant
        yield build()
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Counted:
    """How many statements were sent to the database. (Django's own log of them stops at nine thousand.)"""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


class Answer:
    """What came back: status, words with marks taken out, where it leads, how many queries it took."""

    def __init__(self, visitor: Visitor, address: Address, method: str, path: str) -> None:
        headers = dict(visitor.headers)
        kind: dict[str, Any] = {}
        if method == "POST":
            kind = {"data": "{}", "content_type": "application/json"} if address.operation else {"data": {}}
            headers["idempotency-key"] = path[-80:]
        before = visitor.client.cookies.get("gt_session")
        queries = Counted()
        with undone(), connection.execute_wrapper(queries):
            found = getattr(visitor.client, method.lower())(path, headers=headers, **kind)
            body = b"".join(found.streaming_content) if getattr(found, "streaming", False) else found.content
        after = visitor.client.cookies.get("gt_session")
        if after is not before or (after is not None and after.value != visitor.session):
            visitor.renew()  # it signed itself out, which the database has undone
        self.status: int = found.status_code
        self.leads = found.headers.get("Location", "")
        self.queries = queries.number
        self.body = _MARKS.sub("", body.decode("utf-8", "replace")).replace(path, "PATH")
        self.headers = {name: value for name, value in found.headers.items() if name not in _VARY}

    def same_as(self, other: Answer) -> bool:
        return (self.status, self.body, self.headers) == (other.status, other.body, other.headers)


def asks_of(address: Address) -> Asks:
    return (OPERATIONS if address.operation else PAGES).get(address.name, CLOSED)


def may_open(visitor: Visitor, asks: Asks) -> bool:
    """Whether the capability, or the task of a token, is there."""
    if asks.needs == PUBLIC:
        return True
    if visitor.tasks is not None:
        return (
            asks.task is not None
            and asks.task in visitor.tasks
            and asks.needs in capabilities_of(visitor.tasks)
        )
    if not visitor.signed_in:
        return False
    return asks.needs == SIGNED_IN or (isinstance(asks.needs, Capability) and visitor.may(asks.needs))


def may_know(visitor: Visitor, record: str, state: str) -> bool:
    """Whether somebody may know of a record of the agency that leads. The whole policy, told a second time."""
    if record in ("question", "emergency"):  # of a colleague of a third agency: for those who supervise everybody
        return visitor.scope == "partnership" and Capability.SUPERVISE in visitor.capabilities
    if record in KEPT:  # whoever keeps old records knows each by its reference, restricted ones only with the capability
        restricted = state.startswith("restricted") and Capability.VIEW_RESTRICTED not in visitor.capabilities
        return Capability.MANAGE_RETENTION in visitor.capabilities and not restricted
    if record == "submission":  # counts of an agency: for those of it who fill them in, and for whoever checks them all
        held = capabilities_of(visitor.tasks) if visitor.tasks is not None else visitor.capabilities
        return Capability.CHECK_COLLECTIONS in held or (Capability.FILL_COLLECTIONS in held and visitor.agency == "own")
    if record == "notice" and visitor.agency != "own":
        return False
    capabilities = capabilities_of(visitor.tasks) if visitor.tasks is not None else visitor.capabilities
    if record in MET and (visitor.agency != "own" or Capability.ATTEND_MEETINGS not in capabilities):
        return False  # to see every case is not to be asked to its meetings
    if Capability.VIEW_CASES not in capabilities:
        return False
    if state == "restricted case" and record in ("person", "warning", "merge"):
        # The case is restricted and the child is not: those who see every child see this one, without the case.
        return visitor.scope == "partnership"
    reaches = visitor.scope == "partnership" or (visitor.scope == "organisation" and visitor.agency == "own")
    secret = state.startswith("restricted")
    return reaches and (not secret or Capability.VIEW_RESTRICTED in capabilities)


def test_the_conditions_ask_about_no_other_capability() -> None:
    folder = Path(goldenthread.__file__).parent
    asked = {
        name for path in folder.rglob("policies.py") for name in re.findall(r"Capability\.([A-Z_]+)", path.read_text("utf-8"))
    }
    assert asked == {one.name for one in IN_CONDITIONS}


def test_no_record_is_of_a_pathway_that_somebody_runs(world: World) -> None:
    run = {pathway for role in shipped_roles() for pathway in role.handles}
    assert run and not run & {records.case.pathway for records in world.records.values()}


def test_no_address_is_declared_that_is_not_there() -> None:
    assert set(PAGES) <= {one.name for one in EVERY if not one.operation}
    assert set(OPERATIONS) == {one.name for one in EVERY if one.operation}


def test_the_description_of_the_api_leaves_no_operation_out() -> None:
    told = {one.path for one in EVERY if one.operation}
    assert {path for path in api_patterns() if not path.endswith(("openapi.json", "/v1/"))} == told


def tried_here() -> list[Address]:
    """Every address. On PostgreSQL those that name a record, and only the reading of it: who is let in, and what a button
    does, is decided before the database is asked, so what may differ there is how it reads a policy's condition."""
    return [one for one in EVERY if not POSTGRESQL or asks_of(one).record]


@pytest.mark.parametrize("address", tried_here(), ids=lambda one: f"{one.name}-{'-'.join(one.methods)}")
def test_every_role_in_every_agency_in_every_state(world: World, address: Address) -> None:
    asks = asks_of(address)
    wrong: list[str] = []
    shown: set[object] = set()
    let_in = 0
    for visitor in world.visitors:
        if visitor.tasks is not None and not address.operation:
            continue  # a token opens no page: tests/attacks
        whole = visitor in world.proving
        for method in address.methods if whole and not POSTGRESQL else address.methods[:1]:
            absent = Answer(visitor, address, method, filled(world, address, None)) if whole else None
            for state in states_for(visitor, asks, method, shown):
                answer = Answer(visitor, address, method, filled(world, address, world.records[state]))
                fault = fault_in(visitor, asks, state, address, method, answer, absent)
                if fault:
                    wrong.append(f"{method} as {visitor}, {state}: {fault}")
                let_in += answer.status in IN and answer.status not in (400, 405)
    assert not wrong, f"{address.name} {address.path}\n" + "\n".join(wrong[:40])
    assert asks is not CLOSED, f"say in tests/matrix/table.py who may open {address.name}"
    others = POSTGRESQL or asks.own_rule or asks.record in ("question", "emergency") or address.operation
    assert let_in or others, f"nobody at all could open {address.name}: the matrix proves nothing of it"


def states_for(visitor: Visitor, asks: Asks, method: str, shown: set[object]) -> list[str]:
    """Every state, once for those who share a sight, and the open one for each: what the policies look at is the same for
    all of them, and pages take long to draw. States they may see are shown once to each kind of reach."""
    if not may_open(visitor, asks):
        return ["open"]
    if not asks.record:  # shown once to each role: a page about no record is drawn from what it may do, in whatever agency
        role = (method, visitor.capabilities, visitor.scope, visitor.tasks)
        known = role in shown
        shown.add(role)
        return [] if known else ["open"]
    reach = (method, visitor.scope, visitor.agency, visitor.tasks)
    sight = (method, visitor.sight)
    first, unseen = reach not in shown, sight not in shown
    shown.update((reach, sight))
    every = STATES if method == "GET" else ("open", "restricted case", "restricted person")
    return [one for one in every if one == "open" or (first and method == "GET")
            or (unseen and not may_know(visitor, asks.record, one))]  # fmt: skip


def fault_in(
    visitor: Visitor, asks: Asks, state: str, address: Address, method: str, answer: Answer, absent: Answer | None
) -> str:
    """What is wrong with one cell; nothing if it is as it should be."""
    if answer.status >= 500:
        return f"it broke: {answer.status}"
    if not visitor.signed_in and asks.needs != PUBLIC:
        if address.operation:
            return "" if answer.status == 401 else f"nobody is signed in, and it answered {answer.status}"
        sent_away = answer.status == 302 and answer.leads.startswith("/accounts/")
        refused = answer.status == 403 and method == "POST" and "You have been signed out" in answer.body
        return (
            ""
            if sent_away or refused
            else f"nobody is signed in, and it answered {answer.status} {answer.leads}"
        )
    if not may_open(visitor, asks):
        # A body that cannot be read is refused before anything is looked at.
        if answer.status not in (403, 400 if address.operation else 405):
            return f"it is not for this role, and answered {answer.status}"
        return (
            "" if absent is None or answer.same_as(absent)
            else "the refusal tells a record that is there from one that is not"
        )
    if asks.record and not may_know(visitor, asks.record, state):
        if absent is None:
            return "" if asks.own_rule or answer.status in (400, 404, 405) else f"not for them, and answered {answer.status}"
        # A page that shows something else, whatever the address names, tells nothing.
        same = asks.own_rule and answer.status == absent.status
        if answer.status not in (400, 404, 405) and not same:
            return f"the record is not for them, and it answered {answer.status}"
        if not answer.same_as(absent):
            return f"hidden and absent differ: {answer.status} and {absent.status}: {_difference(answer.body, absent.body)}"
        if answer.queries != absent.queries:
            return f"hidden takes {answer.queries} queries and absent {absent.queries}"
        return ""
    if answer.status in IN or (asks.own_rule and answer.status in (403, 404, 429)):
        return ""
    return f"it is for them, and answered {answer.status}"


def _difference(one: str, other: str) -> str:
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"{one[place - 40 : place + 60]!r} / {other[place - 40 : place + 60]!r}"
