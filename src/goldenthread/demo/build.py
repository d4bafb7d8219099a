"""Builds the demo: founds the partnership, tells the county's parts on every processor, writes them as they come.

`build` is also how benchmarks make a county, or ten, in a database of their own.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from goldenthread.casework.models import Case, Event
from goldenthread.casework.reference import reference_for
from goldenthread.foundation import journal
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.journal import Note
from goldenthread.foundation.library import current_library, programs
from goldenthread.people.models import Address

from .about_figures import add_about_figures
from .accounts import Account, accounts, of_services
from .agencies import add_staff, found_partnership, joined, open_accounts
from .agreed_work import add_agreed_work
from .bulk.case_rows import CaseRows
from .bulk.directory import Directory
from .bulk.people_rows import household_rows, worker_rows
from .bulk.tables import COLUMNS, Rows
from .bulk.write import in_bulk, write
from .collections import add_collections
from .doubles import register_doubles
from .encompass import with_incidents
from .figures import shipped_figures, table
from .looks import add_looks
from .marked import add_marks
from .meetings import add_meetings
from .old_records import add_old_records
from .parts import ARRANGEMENT, County, first_district, size_named
from .plain import Part
from .published import add_published_figures
from .sharing_work import add_sharing_work

ACTOR = SystemActor("The demo")
CHAIN = "demo/demo"
"""The journal's chain in which the demo says what it did."""
_WORKERS, _ADDRESSES = 200, 4000
"""Numbers kept for the social workers and the addresses of one part."""


class Built(msgspec.Struct):
    """What was built."""

    size: str
    seed: int
    day: str
    children: int
    cases: int
    events: int
    rows: int
    seconds: float


class Telling(msgspec.Struct):
    """What is said while building: a stage begins, or a part of it is done."""

    stage: str
    done: int
    of: int


Tell = Callable[[Telling], None]


def build(
    size: str | int = "default", *, seed: int = 7, now: datetime | None = None, tell: Tell = lambda _: None,
    processes: int | None = None,
) -> Built:  # fmt: skip
    """Fill the database with a made-up partnership. It must hold the tables and nothing else.

    `size` is small, default, county, or a number of children (400,000 is ten times the county). The same size, seed and
    moment always give the same content. Raises NotEmpty where there are cases already.
    """
    started = time.monotonic()
    if Case.objects.exists():
        raise NotEmpty("There are cases in this database already. The demo is built in an empty one.")
    moment = now or timezone.now()
    wanted = size_named(size)
    tell(Telling("The partnership: areas, agencies, teams and people", 0, 1))
    people = signing_in()
    county = County(
        wanted,
        seed,
        moment,
        current_library(),
        shipped_figures(),
        {one.worker.username: one.worker for one in people},
    )
    with transaction.atomic():
        journal.write(ACTOR, [Note("demo.begun", "demo", "demo")])
        directory = found(county, people)
    tell(Telling("The partnership: areas, agencies, teams and people", 1, 1))
    told = Built(wanted.name, seed, county.today.isoformat(), 0, 0, 0, 0, 0.0)
    stage = "Families, journeys and clocks"
    tell(Telling(stage, 0, wanted.parts))
    references: set[str] = set()
    with in_bulk(), rarely_collecting():
        for done, made in enumerate(_told(county, directory, wanted.parts, processes), 1):
            tell_apart(made.rows["casework_case"], references)
            told.rows += write(made.rows)
            told.children += made.children
            told.cases += len(made.rows["casework_case"])
            tell(Telling(stage, done, wanted.parts))
        tell(Telling("Indexes and checks", 0, 1))
    tell(Telling("Indexes and checks", 1, 1))
    add_sharing_work(people)
    add_meetings(seed, county.now)
    add_looks(seed, county.now)
    register_doubles(ACTOR, seed, county.now)
    add_old_records(ACTOR, county)
    add_agreed_work(ACTOR, people, county.now)
    add_marks(ACTOR, county.now)
    add_published_figures(ACTOR, county.now)
    add_about_figures(ACTOR, county.now)
    add_collections(ACTOR, seed, county.now)
    told.events = Event.objects.count()  # what is recorded from now on is somebody's own work
    told.seconds = time.monotonic() - started
    with transaction.atomic():
        journal.write(ACTOR, [Note("demo.built", "demo", "demo", msgspec.to_builtins(told))])
    return told


def found(county: County, people: list[Account]) -> Directory:
    """The agencies and everyone who works for them, and where to find them by number."""
    found_partnership(county, ACTOR)
    open_accounts(people, county.today, ACTOR)
    directory = Directory.read(
        (guide.pathway for guide in county.guide.pathways.values()),
        county.titles,
        joined(county.today),
        (Address.objects.aggregate(last=Max("id"))["last"] or 0) + 1,
    )
    add_staff(county.staff, directory, county.now)
    return directory


def tell_apart(cases: list[tuple[Any, ...]], taken: set[str]) -> None:
    """Give a case whose reference another has already one of its own: among two hundred thousand, one or two."""
    at = COLUMNS["casework_case"].index("reference")
    for place, row in enumerate(cases):
        reference, identity = row[at], UUID(row[0])
        while reference in taken:
            identity = UUID(int=(identity.int * 3 + 1) % 2**128)
            head, _, _ = reference.rpartition("-")
            reference = f"{head}-{reference_for(ARRANGEMENT, date.min, identity).rpartition('-')[2]}"
        taken.add(reference)
        if reference != row[at]:
            cases[place] = (*row[:at], reference, *row[at + 1 :])


class NotEmpty(Exception):
    """The database holds records already."""


def signing_in() -> list[Account]:
    """The people who can sign in: eight, at work in the first district, and those who run one service."""
    district, title = first_district(current_library())
    school = next(
        one
        for one in table("schools")["schools"]
        if one["district"] == district and one["kind"] == "secondary"
    )
    of_one_service = of_services(shipped_figures().journeys["staff"])
    return [*accounts(title, f"school_{school['id']}"), *of_one_service]


# Telling the parts ------------------------------------------------------------------------------------------------


class Made(msgspec.Struct):
    """The rows of one part."""

    rows: Rows
    children: int


def rows_of(part: Part, county: County, directory: Directory) -> Made:
    """All rows of a part. Touches no database."""
    rows: Rows = {table: [] for table in COLUMNS}
    worker_rows(rows, directory, part.workers, directory.next_user + part.number * _WORKERS, county.now)
    household_rows(rows, directory, part, directory.next_address + part.number * _ADDRESSES)
    cases = CaseRows(rows, directory, programs(ARRANGEMENT), ARRANGEMENT, part, county.now)
    for case in part.cases:
        cases.add(case)
    return Made(rows, sum(len(household.children) for household in part.households))


_shared: dict[str, object] = {}


def _one(number: int) -> Made:
    county, directory = _shared["county"], _shared["directory"]
    assert isinstance(county, County) and isinstance(directory, Directory)
    with rarely_collecting():
        return rows_of(with_incidents(county.part(number), county), county, directory)


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """No looking for garbage among a million rows in the making: once at the end is enough."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
        gc.collect(1)


def _told(county: County, directory: Directory, parts: int, processes: int | None) -> Iterator[Made]:
    """The parts in order, told by other processes where that helps: forked, so that they have all that is loaded here."""
    _shared.update(county=county, directory=directory)
    many = processes if processes is not None else min(os.cpu_count() or 1, parts, 8)
    if many < 2 or parts < 2 or sys.platform != "linux":
        yield from map(_one, range(parts))
        return
    programs(ARRANGEMENT)
    if connection.vendor != "sqlite":
        connections.close_all()  # a connection must not be shared with a process that was forked
    with ProcessPoolExecutor(many, mp_context=get_context("fork")) as pool:
        ahead: dict[int, Future[Made]] = {}
        following = 0
        for number in range(parts):
            while following < parts and len(ahead) < many + 1:
                ahead[following] = pool.submit(_one, following)
                following += 1
            yield ahead.pop(number).result()
