"""Asking agencies for a collection, and opening the form of each period as it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.calendar import CalendarTooShort
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.collection import Collection

from ...indicators.periods import Period
from ..models import Asking, Step, Submission
from ..periods import collection_of, due_on, periods_begun


class _Opening(Action[int]):
    def opened(self, collection: Collection, organisation: Organisation, periods: Iterable[Period], at: datetime) -> int:
        """Make the forms of an agency for periods that it has none of yet."""
        there = set(
            Submission.objects.filter(collection=collection.id, organisation=organisation).values_list("period", flat=True)
        )
        area = organisation.area.slug if organisation.area is not None else None
        made = []
        for period in periods:
            if period.key in there:
                continue
            try:
                due = due_on(collection, period.end, area)
            except CalendarTooShort:
                continue  # opened once the calendar reaches so far
            made.append(
                Submission(
                    collection=collection.id, organisation=organisation, period=period.key, first_day=period.start,
                    last_day=period.end, due_on=due, version=1,
                )
            )  # fmt: skip
        Submission.objects.bulk_create(made)
        Step.objects.bulk_create(
            Step(
                submission=one, version=1, kind=Step.Kind.OPENED, at=at, by_id=self.actor.user_id, by_name=self.actor.name[:200]
            )
            for one in made
        )
        for one in made:
            self.note("submission", one.pk, kind="opened", collection=collection.id, period=one.period,
                      organisation=organisation.pk)  # fmt: skip
        return len(made)

    def agencies(self, collection: Collection) -> list[Organisation]:
        rows = Organisation.objects.filter(kind__in=collection.agencies, active=True)
        return list(rows.select_related("area").order_by("pk"))


class StartAsking(_Opening):
    """Ask every agency of a collection's kinds for it, from a period on. Returns how many forms were opened."""

    name = "collections.start_asking"
    needs = Capability.CHECK_COLLECTIONS

    def perform(self, collection: str, since: date, now: datetime | None = None) -> int:
        at = now or timezone.now()
        found = collection_of(collection)
        if found is None:
            raise Invalid({"collection": f"There is no collection {collection!r}."})
        periods = periods_begun(found, since, timezone.localdate(at))
        if not periods:
            raise Invalid({"since": "Choose a period that has begun, and for which the guidance says when it is due"})
        first = periods[0].start
        asking, fresh = Asking.objects.get_or_create(
            collection=collection, defaults={"since": first, "at": at, "by_id": self.actor.user_id}
        )
        if not fresh:
            asking.since, asking.until, asking.at = min(asking.since, first), None, at
            asking.by_id = self.actor.user_id
            asking.save()
        self.note("collection", collection, since=first.isoformat())
        return sum(self.opened(found, one, periods, at) for one in self.agencies(found))


class StopAsking(Action[Asking]):
    """Ask for a collection no more: periods that have begun are still to be sent."""

    name = "collections.stop_asking"
    needs = Capability.CHECK_COLLECTIONS

    def perform(self, collection: str) -> Asking:
        asking = Asking.objects.select_for_update().filter(collection=collection, until=None).first()
        if asking is None:
            raise Invalid({"collection": "This collection is not asked for."})
        asking.until = timezone.localdate()
        asking.save(update_fields=["until"])
        self.note("collection", collection, until=asking.until.isoformat())
        return asking


class OpenPeriods(_Opening):
    """Open the forms of periods that have begun. An agency that is new is asked from the present period on."""

    name = "collections.open_periods"
    needs = None  # it follows from what somebody who may has asked for

    def perform(self, now: datetime | None = None) -> int:
        at = now or timezone.now()
        today = timezone.localdate(at)
        made = 0
        for asking in Asking.objects.filter(until=None):
            found = collection_of(asking.collection)
            if found is None:
                continue
            for organisation in self.agencies(found):
                rows = Submission.objects.filter(collection=found.id, organisation=organisation)
                last = rows.order_by("-first_day").values_list("first_day", flat=True).first()
                since = last + timedelta(days=1) if last is not None else _present(found, today)
                made += self.opened(found, organisation, periods_begun(found, max(since, asking.since), today), at)
        if not made:
            self.quiet("no period has begun that was not open")
        return made


def _present(collection: Collection, today: date) -> date:
    """The first day of the period that is going on."""
    begun = periods_begun(collection, date(today.year - 2, 1, 1), today)
    return begun[-1].start if begun else today


def nightly() -> str:
    """For `goldenthread nightly`: open what has begun, then remind of what waits."""
    from .reminding import RemindOfCollections

    opened = OpenPeriods(SystemActor("collections")).run()
    told = RemindOfCollections(SystemActor("collections")).run()
    return f"{opened:,} forms opened for agencies, {told:,} agencies reminded"
