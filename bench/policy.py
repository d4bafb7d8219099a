"""What deciding who may see costs, as a share of each page: target under 15%.

Two parts are added. In Python: the time inside the seam, which makes an actor of a user and writes the conditions of the
policies. In the database: each statement that carries a policy's condition, run again as it is and with the condition
taken out (the same page, asked with policies that let everything through); the difference is the policy's. Where taking
it out makes a statement slower, since it then finds more, the policy's cost there counts as nothing.
`python -m bench.policy [small|default|county]`; GT_BENCH_DEMO names a database of a demo to use instead of building one.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from .table import median_and_95th, show

REQUESTS = 40
AGAIN = 7
"""How often a statement is run to know its time."""
TARGET = 0.15


class Clock:
    """Adds up the time inside functions, the outermost alone."""

    def __init__(self) -> None:
        self.seconds, self._depth = 0.0, 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._depth:
                return function(*args, **kwargs)
            self._depth += 1
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - began
                self._depth -= 1

        return timed


def main(size: str = "default", requests: int = REQUESTS) -> None:
    from .site import demo

    demo(size)
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    rows, worst = [], 0.0
    for name, client, address in _pages():
        page, python, database = _measure(client, address, requests)
        share = (python + database) / page
        worst = max(worst, share)
        rows.append(
            (
                name,
                f"{1000 * page:.1f}",
                f"{1000 * python:.2f}",
                f"{1000 * database:.2f}",
                f"{100 * share:.1f}%",
            )
        )
    show(
        "The policy seam's share of a page (SQLite)",
        ("page", "median ms", "policy in Python ms", "policy in the database ms", "share"),
        rows,
        f"Target under {TARGET:.0%}; the largest share is {worst:.1%}.",
    )
    if worst >= TARGET:
        sys.exit("The policy seam costs more than its target.")


def _pages() -> Iterator[tuple[str, Any, Callable[[], str]]]:
    from django.test import Client

    from goldenthread.agencies.models import Membership
    from goldenthread.casework.models import Case, Involvement
    from goldenthread.people.models import Person

    chance = random.Random(1)

    def signed_in(role: str) -> tuple[Any, Any]:
        member = Membership.objects.filter(role__slug=role, user__is_active=True).earliest("pk")
        client = Client()
        client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client, member

    screener, _ = signed_in("front_door_screener")
    worker, member = signed_in("social_worker")
    part = Involvement.objects.filter(organisation=member.organisation, user=None)
    plain = Case.objects.filter(involvements__in=part, restricted=False, subject__restricted=False)
    cases = list(plain.values_list("pk", "subject")[:200])
    names = list(Person.objects.values_list("name", flat=True)[:2000])

    def one(address: str, place: int) -> Callable[[], str]:
        return lambda: address.format(chance.choice(cases)[place])

    yield "Front door board, a screener", screener, lambda: "/front-door/"
    yield "My work, a social worker", worker, lambda: "/my-work/"
    yield "My work of the agency", worker, lambda: "/my-work/?whose=agency"
    yield "A case", worker, one("/cases/{}/", 0)
    yield "A child", worker, one("/children/{}/", 1)
    yield "A child, a screener", screener, one("/children/{}/", 1)
    yield "Search, a social worker", worker, lambda: "/people/?q=" + chance.choice(names).replace(" ", "+")
    yield "A chronology", worker, one("/children/{}/chronology/", 1)


def _measure(client: Any, address: Callable[[], str], requests: int) -> tuple[float, float, float]:
    """Seconds: the page's median, and of it the policy's in Python and in the database."""
    pages, seams, database = [], [], []
    for number in range(requests + 3):
        where, clock = address(), Clock()
        with _timed(clock):
            began = time.perf_counter()
            answer = client.get(where)
            took = time.perf_counter() - began
        if answer.status_code != 200:
            sys.exit(f"{where} answered {answer.status_code}")
        if number >= 3:  # the first few warm templates and caches
            pages.append(took)
            seams.append(clock.seconds)
            if number % 8 == 3:
                database.append(_in_database(client, where))
    return median_and_95th(pages)[0], median_and_95th(seams)[0], median_and_95th(database)[0]


@contextmanager
def _timed(clock: Clock) -> Iterator[None]:
    """Measure everything that decides: making the actor, and every condition of every policy."""
    from goldenthread.agencies import middleware
    from goldenthread.casework import policies as casework
    from goldenthread.people.policies import PersonPolicy

    with ExitStack() as stack:
        stack.enter_context(patch.object(middleware, "actor_for", clock.around(middleware.actor_for)))
        for policy in _policies():
            original = policy.__dict__["visible_to"].__func__
            stack.enter_context(patch.object(policy, "visible_to", classmethod(clock.around(original))))
        condition = PersonPolicy.__dict__["condition"].__func__
        stack.enter_context(patch.object(PersonPolicy, "condition", classmethod(clock.around(condition))))
        seen = clock.around(casework.seen_by)
        for module in [
            one for one in sys.modules.values() if getattr(one, "seen_by", None) is casework.seen_by
        ]:
            stack.enter_context(patch.object(module, "seen_by", seen))
        yield


def _policies() -> list[Any]:
    from goldenthread.foundation.policy import Policy

    found, waiting = [], [Policy]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if "visible_to" in one.__dict__:
                found.append(one)
    return found


def _in_database(client: Any, where: str) -> float:
    """What the policies' conditions add to the statements of one page."""
    with_policy = _statements(client, where)
    with _everything_let_through():
        without = _statements(client, where)
    plain = {sql for sql, _ in without}
    kept = [one for one in with_policy if one[0] not in plain]
    bare = [one for one in without if one[0] not in {sql for sql, _ in with_policy}]
    if len(kept) != len(bare):  # fewer rows, so fewer statements follow: all that differs is the policy's
        return max(0.0, sum(map(_seconds, kept)) - sum(map(_seconds, bare)))
    return sum(max(0.0, _seconds(one) - _seconds(other)) for one, other in zip(kept, bare, strict=True))


@contextmanager
def _everything_let_through() -> Iterator[None]:
    from django.db import connection
    from django.db.models import Q

    from goldenthread.casework import policies as casework
    from goldenthread.foundation.policy import forget_settled
    from goldenthread.people.policies import PersonPolicy

    def everybody(cls: Any, actor: Any, path: str = "") -> Q:
        return Q(**{f"{path}merged_into__isnull": True})

    def every_case(actor: Any, case: str = "") -> Q:
        return casework.EVERYTHING

    seen = casework.seen_by
    with ExitStack() as stack:
        stack.enter_context(patch.object(PersonPolicy, "condition", classmethod(everybody)))
        for module in [
            one for one in sys.modules.values() if getattr(one, "seen_by", None) is seen
        ]:
            stack.enter_context(patch.object(module, "seen_by", every_case))
        forget_settled()
        connection.__dict__.pop("_goldenthread_prepared", None)  # statements written with the policy in them
        yield
    forget_settled()
    connection.__dict__.pop("_goldenthread_prepared", None)


def _statements(client: Any, where: str) -> list[tuple[str, Any]]:
    """What a page reads."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(where)
    return found


def _seconds(statement: tuple[str, Any]) -> float:
    from django.db import connection

    times = []
    for _ in range(AGAIN):
        with connection.cursor() as cursor:
            began = time.perf_counter()
            cursor.execute(*statement)
            cursor.fetchall()
            times.append(time.perf_counter() - began)
    return sorted(times)[AGAIN // 2]


if __name__ == "__main__":
    main(*sys.argv[1:2])
