"""Pages people live in, at a county's size and ten times that, beside an empty view behind the same middleware.

Requests go through the whole stack (session, sign-in, policy, journal written and committed, templates) without a
network; each page takes turns with the empty view, so that both meet the same noise.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any

from .table import median_and_95th, show

REQUESTS = 60


def main(size: str = "default", requests: int = REQUESTS, times: int = 10) -> None:
    """Build the demo of a size in a throwaway database, measure, multiply it, measure again."""
    from .site import demo

    demo(size)
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = ["*"]
    from goldenthread.casework.models import Case, Duty

    def counted() -> str:
        return f"{Case.objects.count():,} cases with {Duty.objects.filter(outcome=Duty.Outcome.OPEN).count():,} open duties"

    first, before = measure(requests), counted()
    from .multiply import multiply

    multiply(times)
    second, after = measure(requests), counted()
    rows = []
    for name in first:
        (median, high, empty), (median10, high10, empty10) = first[name], second[name]
        rows.append((
            name, f"{1000 * median:.1f}", f"{1000 * high:.1f}", f"{median / empty:.1f}",
            f"{1000 * median10:.1f}", f"{1000 * high10:.1f}", f"{median10 / empty10:.1f}",
            f"{(median10 / empty10) / (median / empty):.2f}",
        ))  # fmt: skip
    show(
        f"Pages, {before} and {after} (SQLite)",
        (
            "page",
            "median ms",
            "95th ms",
            "times empty view",
            "median ms ×10",
            "95th ms ×10",
            "times empty ×10",
            "growth",
        ),
        rows,
        "Growth is the ratio to the empty view at ten times the data over the ratio at the smaller size.",
    )


def measure(requests: int) -> dict[str, tuple[float, float, float]]:
    """Seconds of each page: median, 95th percentile, and the median of the empty view asked turn about."""
    from goldenthread.agencies.models import Membership
    from goldenthread.casework.models import Case
    from goldenthread.foundation.library import current_library
    from goldenthread.people.models import Person

    chance = random.Random(1)

    def signed_in(role: str) -> Any:
        return visiting(Membership.objects.filter(role__slug=role, user__is_active=True).earliest("pk").user)

    screener, worker = signed_in("front_door_screener"), signed_in("social_worker")
    busy = list(
        Case.objects.filter(pathway="child_protection_plan", is_open=True).values_list(
            "subject_id", flat=True
        ).order_by("pk")[:200]
    )
    names = list(Person.objects.order_by("pk").values_list("name", flat=True)[:2000])
    pages: dict[str, tuple[Any, Any]] = {
        "Front door board": (screener, lambda: "/front-door/"),
        "My work, mine": (worker, lambda: "/my-work/"),
        "My work, agency": (worker, lambda: "/my-work/?whose=agency"),
        "Child page": (screener, lambda: f"/children/{chance.choice(busy)}/"),
        "Search": (screener, lambda: "/people/?q=" + chance.choice(names).replace(" ", "+")),
    }
    manager = signed_in("front_door_manager")
    for one in current_library().boards.values():
        pages[f"Board: {one.title}"] = (manager, lambda slug=one.slug: f"/boards/{slug}/")
    return {name: asked(client, address, requests) for name, (client, address) in pages.items()}


def visiting(user: Any) -> Any:
    """A browser in which somebody is signed in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def asked(client: Any, address: Callable[[], str], requests: int) -> tuple[float, float, float]:
    """Seconds of one page: median, 95th percentile, and the median of the empty view asked turn about."""
    ours, empties = [], []
    for number in range(requests + 3):
        where = address()
        began = time.perf_counter()
        answer = client.get(where)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            sys.exit(f"{where} answered {answer.status_code}")
        began = time.perf_counter()
        client.get("/bench/empty/")
        if number >= 3:  # the first few warm templates and caches
            empties.append(time.perf_counter() - began)
            ours.append(took)
    return (*median_and_95th(ours), median_and_95th(empties)[0])


if __name__ == "__main__":
    main(*sys.argv[1:2])
