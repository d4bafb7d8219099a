"""Append an event with its duties and journal, beside a bare Django insert of the same rows, turn about in one run.

The peer inserts copies of just the rows that the action wrote (the event, its new or changed duties, the journal entry),
in one transaction each, with no permission, validation, clock, version or hash chain.
"""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

from .site import agencies, prepare
from .table import show

ROUNDS, EACH = 10, 40


def main(rounds: int = ROUNDS, each: int = EACH) -> None:
    prepare("append")
    agencies()
    from django.db import connection, transaction
    from django.utils import timezone

    from goldenthread.agencies.models import Area, Organisation
    from goldenthread.casework.actions import OpenCase, RecordEvent
    from goldenthread.casework.models import Case, Duty
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.foundation.models import JournalEntry
    from goldenthread.people.models import Person

    actor = SystemActor("bench")
    area = Area.objects.get(slug="burnley")
    care = Organisation.objects.get(slug="lcc_csc")
    now = timezone.now()
    day = timezone.localdate() - timedelta(days=60)

    def plan(number: int) -> Case:
        person = Person(name=f"Child {number}", born=day - timedelta(days=3000), area=area, created_at=now)
        person.save(force_insert=True)
        data = {"category": "neglect"}
        return OpenCase(actor).run("child_protection_plan", person, day, data, organisation=care)

    cases = [plan(number) for number in range(each)]
    seen = {"child_seen": True, "seen_alone": True}
    ours = bare = 0.0
    done = rows_written = 0
    for number in range(rounds):
        when = day + timedelta(days=5 * (number + 1))
        began = time.perf_counter()
        events = [RecordEvent(actor).run(case, "visited", when, seen, organisation=care) for case in cases]
        ours += time.perf_counter() - began
        done += len(events)
        copies = []
        for event in events:
            duties = list(Duty.objects.filter(case_id=event.case_id).order_by("-pk")[:2])
            [entry] = JournalEntry.objects.filter(subject_id=str(event.case_id)).order_by("-sequence")[:1]
            for duty in duties:
                duty.pk, duty.ordinal = None, duty.ordinal + 1000 * (number + 1) + 100
            event.pk, event.sequence = uuid.uuid4(), 100_000 + number * 1000 + event.sequence
            entry.pk, entry.chain = None, f"bare/{entry.subject_id}"
            copies.append((event, duties, entry))
            rows_written += 2 + len(duties)
        began = time.perf_counter()
        for event, duties, entry in copies:
            with transaction.atomic():
                event.save(force_insert=True)
                Duty.objects.bulk_create(duties)
                entry.save(force_insert=True)
        bare += time.perf_counter() - began
        Duty.objects.filter(ordinal__gte=1000).delete()
        with (
            connection.cursor() as cursor
        ):  # the copies were never the record: make room for the next round's own
            _forget(cursor)
    show(
        f"Append an event with duties and journal ({connection.vendor})",
        ("", "events a second", "milliseconds each"),
        [
            ("RecordEvent action", f"{done / ours:,.0f}", f"{1000 * ours / done:.2f}"),
            ("bare insert of the same rows", f"{done / bare:,.0f}", f"{1000 * bare / done:.2f}"),
        ],
        f"The action runs at {bare / ours:.2f} of the rate of the bare insert ({rows_written / done:.1f} rows each).",
    )


def _forget(cursor: object) -> None:
    """Take the bare copies out again, past the triggers that protect events: this is a throwaway database."""
    from django.db import connection

    run = cursor.execute  # type: ignore[attr-defined]
    if connection.vendor == "postgresql":
        run("SET session_replication_role = replica")
    else:
        run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()  # type: ignore[attr-defined]
        for name, _ in triggers:
            run(f'DROP TRIGGER "{name}"')
    run("DELETE FROM casework_event WHERE sequence >= 100000")
    if connection.vendor == "postgresql":
        run("SET session_replication_role = DEFAULT")
    else:
        for _, sql in triggers:
            run(sql)


if __name__ == "__main__":
    main()
