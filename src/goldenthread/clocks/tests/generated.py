"""Cases made by chance, and a digest of all that the engine says of them. Pure, and the same for the same seed.

The cases are ugly on purpose: events in any order, days before birth, answers of every kind, corrections of corrections,
some times known and some not.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from goldenthread.clocks.calendar import LONDON
from goldenthread.clocks.case import as_plain
from goldenthread.clocks.engine import Happening, Program, Subject
from goldenthread.guidance.pathway import FieldType, Pathway, Question

GeneratedCase = tuple[list[Happening], Subject, datetime, datetime | None]
FIRST_DAY = date(2022, 1, 1)


def generated(pathway: Pathway, count: int, seed: int) -> Iterator[GeneratedCase]:
    """Cases of a pathway: what happened, to whom, as of when, and known on when."""
    chance = random.Random(f"{pathway.id} {seed}")
    kinds = [name for kind, event in pathway.events.items() for name in (kind, kind, *event.also)]
    opening = [kind for kind, event in pathway.events.items() if event.opens]
    for _ in range(count):
        start = FIRST_DAY + timedelta(days=chance.randrange(1200))
        span = chance.choice([3, 40, 40, 400, 900])
        happened = [_happening(pathway, chance.choice(opening), 1, start, chance)]
        for number in range(2, 2 + chance.choice([1, 2, 4, 8, 16, 40])):
            day = start + timedelta(days=chance.randrange(span) - (chance.random() < 0.05) * 30)
            happened.append(_happening(pathway, chance.choice(kinds), number, day, chance))
        if chance.random() < 0.8:
            happened.sort(key=lambda one: one.day)
        for _ in range(chance.choice([0, 0, 0, 1, 3])):
            happened.append(_correction(pathway, happened, chance))
        subject = Subject(
            chance.choice([None, start - timedelta(days=chance.randrange(-200, 6500))]),
            chance.choice([None, "female", "male"]),
        )
        as_of = datetime(start.year, start.month, start.day, chance.randrange(24), tzinfo=LONDON) + timedelta(
            days=chance.randrange(span + 100)
        )
        known_on = as_of - timedelta(days=chance.randrange(60)) if chance.random() < 0.2 else None
        yield happened, subject, as_of, known_on


def _happening(pathway: Pathway, kind: str, number: int, day: date, chance: random.Random) -> Happening:
    when: date | datetime = day
    if chance.random() < 0.5:
        minutes = chance.choice([0, 30, 540, 1019, 1020, 1021, 1400])
        when = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=LONDON)
    own = pathway.event_named(kind)
    assert own is not None
    asks = pathway.events[own].asks
    data = {name: _answer(one, day, chance) for name, one in asks.items() if chance.random() < 0.7}
    one = Happening.on(number, kind, when, data)
    late = timedelta(days=chance.choice([0, 0, 0, 1, 20]))
    return Happening(one.id, one.kind, one.day, one.moment, one.recorded + late, one.data)


def _answer(question: Question, day: date, chance: random.Random) -> Any:
    if question.type is FieldType.CHOICE:
        return chance.choice(list(question.of))
    if question.type is FieldType.CHOICES:
        return chance.sample(list(question.of), chance.randrange(1 + min(3, len(question.of))))
    if question.type is FieldType.YES_NO:
        return chance.random() < 0.5
    if question.type is FieldType.NUMBER:
        return chance.randrange(20)
    if question.type in (FieldType.DATE, FieldType.MOMENT):
        given = day + timedelta(days=chance.randrange(-40, 120))
        hour = f"T{chance.randrange(24):02}:15:00+00:00"
        return given.isoformat() + (hour if question.type is FieldType.MOMENT else "")
    return chance.choice(["", "one", "two", "three"])


def _correction(pathway: Pathway, happened: list[Happening], chance: random.Random) -> Happening:
    wrong = chance.choice(happened)
    right = _happening(pathway, wrong.kind, len(happened) + 1, wrong.day, chance)
    return Happening(
        right.id,
        wrong.kind,
        right.day + timedelta(days=chance.randrange(-5, 5)),
        None,
        wrong.recorded + timedelta(days=chance.randrange(9)),
        right.data,
        wrong.id,
        chance.random() < 0.4,
    )


def digest(program: Program, made: Iterable[GeneratedCase]) -> str:
    """A hash of everything the engine says of the cases: state, leads, each duty; its proof in every tenth case."""
    heap = sha256()
    for number, (happened, subject, as_of, known_on) in enumerate(made):
        progress = program.run(happened, subject, as_of, known_on)
        if number % 10 == 0:
            heap.update(repr(as_plain(progress, program, as_of)).encode())
        told = (progress.state, progress.is_open, progress.opened, progress.closed, progress.closed_moment)
        leads = [(one.pathway, one.event, one.by, one.index, one.data) for one in progress.leads]
        heap.update(repr((told, leads, [one.id for one in progress.effective])).encode())
        for duty in progress.duties:
            met = duty.met.id if duty.met is not None else None
            told_of = (
                duty.duty,
                duty.ordinal,
                duty.base,
                duty.due_day,
                duty.due_stamp,
                duty.triggered_by,
                met,
            )
            heap.update(repr((told_of, duty.status, duty.late, duty.reason, duty.moment, duty.soon)).encode())
            heap.update(repr((str(duty.value), duty.bent is None)).encode())
    return heap.hexdigest()
