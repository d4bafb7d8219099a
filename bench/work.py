"""My work, each board and the night's reminders, at two numbers of open duties ten apart.

    python -m bench.work             10,000 and 100,000 open duties (a minute or two)
    python -m bench.work 1000000     100,000 and 1,000,000 (some 2 GB on disk); reminders at 10,000 and 100,000

The duties are rows alone: five to a case, the cases of every pathway that has a board and of child protection plans, each
with its first event, due from a month ago to two months ahead. Pages take turns with the empty view behind the same
middleware. Reminders are run as a first night, the same again, and the night after; their peer is a bare read of the rows
of all open duties. Emails are made and not sent.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from .table import show

DUTIES, EACH, WORKLOAD, PARTS = 100_000, 5, 100, 50_000
"""Open duties at the larger size; to a case; to a worker; and rows written at once."""
REQUESTS, NIGHTS = 40, 100_000
"""Times that each page is asked for; and open duties at which the nights are run, at most: a million take an hour."""
Timed = dict[str, float]


def main(duties: int = DUTIES, requests: int = REQUESTS) -> None:
    from .site import agencies, prepare

    prepare("work")
    from django.conf import settings

    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "bench.urls", ["*"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    agencies()
    place = Place(random.Random(1))
    pages, nights = [], []
    of_nights = min(duties, NIGHTS)
    for size in sorted({of_nights // 10, of_nights, duties // 10, duties}):
        said = time.perf_counter()
        place.grow(size)
        if size in (duties // 10, duties):
            pages.append(place.pages(requests))
        if size in (of_nights // 10, of_nights):
            nights.append(place.nights())
        print(f"{size:,} open duties: {time.perf_counter() - said:.0f} s", file=sys.stderr, flush=True)
    first, second = f"{duties // 10:,}", f"{duties:,}"
    show(
        f"Pages at {first} and {second} open duties (SQLite)",
        ("page", "median ms", "95th ms", "times empty view", "median ms ×10", "95th ms ×10", "times empty ×10", "growth"),
        [_page(name, pages[0][name], pages[1][name]) for name in pages[0]],
        "Growth is the ratio to the empty view at ten times the duties over the ratio at the smaller number.",
    )
    first, second = f"{of_nights // 10:,}", f"{of_nights:,}"
    show(
        f"Reminders at {first} and {second} open duties (SQLite)",
        ("run", f"seconds, {first}", "times the bare read", f"seconds, {second}", "times the bare read", "growth"),
        [
            (name, f"{nights[0][name]:.2f}", f"{nights[0][name] / nights[0][BARE]:.1f}", f"{nights[1][name]:.2f}",
             f"{nights[1][name] / nights[1][BARE]:.1f}", f"{nights[1][name] / nights[0][name]:.1f}")
            for name in nights[0]
        ],
        "Growth is the seconds at ten times the duties over those at the smaller number: 10 is linear.",
    )  # fmt: skip


BARE = "A bare read of all open duties"


def _page(name: str, one: tuple[float, float, float], ten: tuple[float, float, float]) -> tuple[str, ...]:
    (median, high, empty), (median10, high10, empty10) = one, ten
    return (
        name, f"{1000 * median:.1f}", f"{1000 * high:.1f}", f"{median / empty:.1f}", f"{1000 * median10:.1f}",
        f"{1000 * high10:.1f}", f"{median10 / empty10:.1f}", f"{(median10 / empty10) / (median / empty):.2f}",
    )  # fmt: skip


class Place:
    """A social care agency with as many workers and open duties as are asked for."""

    def __init__(self, chance: random.Random) -> None:
        from django.utils import timezone

        from goldenthread.agencies.models import Area, Organisation, Role
        from goldenthread.foundation.library import current_library

        self.chance, self.now = chance, timezone.now()
        self.lead = Organisation.objects.get(slug="lcc_csc")
        self.area = Area.objects.get(slug="burnley")
        self.role = Role.objects.get(slug="social_worker")
        library = current_library()
        of_boards = {name for board in library.boards.values() for name in board.pathways}
        self.pathways = [library.pathways[name] for name in sorted(of_boards | {"child_protection_plan"})]
        self.workers: list[int] = []
        self.cases = self.duties = 0
        self.manager = self._user("manager", Role.objects.get(slug="front_door_manager"))

    def _user(self, name: str, role: Any) -> Any:
        from goldenthread.agencies.models import Membership, User

        user = User.objects.create(username=name, first_name=name, last_name="Bench", email=f"{name}@bench.example")
        starts = self.now.date() - timedelta(days=9)
        Membership.objects.create(user=user, organisation=self.lead, role=role, starts=starts)
        return user

    # Rows -------------------------------------------------------------------------------------------------------

    def grow(self, duties: int) -> None:
        """Until there are so many open duties."""
        from django.db import connection

        from goldenthread.demo.bulk.write import write

        while self.duties < duties:
            rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in (
                "people_person", "casework_case", "casework_event", "casework_involvement", "casework_duty")}  # fmt: skip
            wanted = min(duties - self.duties, PARTS)
            while len(rows["casework_duty"]) < wanted:
                self._case(rows, min(EACH, wanted - len(rows["casework_duty"])))
            self.duties += len(rows["casework_duty"])
            write(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _case(self, rows: dict[str, list[tuple[Any, ...]]], duties: int) -> None:
        from goldenthread.demo.bulk.tables import day, identity, moment

        if self.cases * EACH % WORKLOAD == 0:
            self.workers.append(self._user(f"worker{self.cases}", self.role).pk)
        pathway = self.pathways[self.cases % len(self.pathways)]
        self.cases += 1
        person, case, event = (UUID(int=self.chance.getrandbits(128), version=4) for _ in range(3))
        opened = self.now - timedelta(days=self.chance.randrange(40, 300))
        about = pathway.subject == "organisation"
        name = f"Child {self.cases}"
        if not about:
            rows["people_person"].append((
                identity(person), name, "Child", str(self.cases), day(opened.date() - timedelta(days=3000)), "day", None, None,
                "", "", "[]", 0, self.area.pk, 0, self.lead.pk, None, 1, moment(opened),
            ))  # fmt: skip
        dues = [self.now + timedelta(hours=self.chance.randrange(-30 * 24, 60 * 24)) for _ in range(duties)]
        rows["casework_case"].append((
            identity(case), f"BEN-26-{self.cases:07}", pathway.id, None if about else identity(person),
            self.lead.pk if about else None, self.area.pk, self.lead.pk, None, self.workers[-1], None, None, 0,
            pathway.board[0] if pathway.board else next(iter(pathway.states)), 1, moment(opened), None,
            self.chance.randint(1, 4), moment(min(dues)), 1, "lancashire",
        ))  # fmt: skip
        rows["casework_event"].append((
            identity(event), identity(case), 1, pathway.opening, day(opened.date()), moment(opened), moment(opened), None,
            "Bench", self.lead.pk, "{}", "", None, 0, "", None,
        ))  # fmt: skip
        rows["casework_involvement"].append((identity(case), self.lead.pk, None, moment(opened)))
        names = list(pathway.duties)
        for number, due in enumerate(dues):
            duty = names[number % len(names)]
            rows["casework_duty"].append((
                identity(case), duty, number + 1, pathway.id, day(opened.date()), identity(event), day(due.date()), moment(due),
                moment(due - timedelta(days=3)), None, "open", int(due < self.now), "", pathway.duties[duty].owner,
                self.lead.pk, None, self.workers[-1],
            ))  # fmt: skip

    # Pages ------------------------------------------------------------------------------------------------------

    def pages(self, requests: int) -> dict[str, tuple[float, float, float]]:
        """Seconds of each page: median, 95th percentile, and the median of the empty view asked turn about."""
        from goldenthread.agencies.models import User
        from goldenthread.foundation.library import current_library

        from .pages import asked, visiting

        worker, manager = visiting(User.objects.get(pk=self.workers[0])), visiting(self.manager)
        found = {
            "My work, mine": asked(worker, lambda: "/my-work/", requests),
            "My work, agency": asked(worker, lambda: "/my-work/?whose=agency", requests),
        }
        for board in current_library().boards.values():
            found[f"Board: {board.title}"] = asked(manager, lambda slug=board.slug: f"/boards/{slug}/", requests)  # type: ignore[misc]
        return found

    # Reminders --------------------------------------------------------------------------------------------------

    def nights(self) -> Timed:
        """Seconds of each run, from nobody having been told of anything."""
        from django.db import connection

        from goldenthread.casework.models import Duty
        from goldenthread.sharing.actions.reminding import remind, would_tell
        from goldenthread.sharing.models import DutyReminders, Notice, Reminder, ReminderMail
        from goldenthread.sharing.reminding.deciding import _COLUMNS

        with connection.cursor() as cursor:
            for model in (Reminder, ReminderMail, DutyReminders, Notice):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
        bare = Duty.objects.filter(outcome=Duty.Outcome.OPEN).order_by("pk").values_list(*_COLUMNS)
        tomorrow = self.now + timedelta(days=1)
        return {
            BARE: _seconds(lambda: sum(1 for _ in bare.iterator(chunk_size=1000))),
            "A dry run": _seconds(lambda: would_tell(self.now)),
            "The first night": _seconds(lambda: remind(self.now)),
            "The same again": _seconds(lambda: remind(self.now)),
            "The night after": _seconds(lambda: remind(tomorrow)),
        }


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
