"""From a child's record to the story that the golden thread draws: which events are decisions, which clocks were late,
which agency was in touch when. Reads guidance for what counts; draws nothing and reads no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from goldenthread.clocks.calendar import local_day
from goldenthread.clocks.duty import ComputedDuty
from goldenthread.foundation.library import arrangement_for, current_library
from goldenthread.guidance.sentences import lower_first

from .child_record import ChildRecord, KnownCase
from .record import due_on
from .thread.layout import day_in_words
from .thread.silences import silences
from .thread.story import Bar, Clock, Lane, Mark, PathwayLane, Story, Tick, level_steps
from .words import day_words

PERIODS: Mapping[str, tuple[str, int]] = {
    "known": ("Since first known", 0), "life": ("Whole life", 0), "2y": ("2 years", 730), "6m": ("6 months", 183),
}  # fmt: skip
"""What the picture may show: its words, and how many days back; 0 where the child's own years decide."""
_AHEAD = 9
"""The picture reaches a ninth of its length ahead of today, so that what is due shows."""
MOST_PATHWAYS = 6


def event_address(known: KnownCase, event: object) -> str:
    """Where an event is told in full."""
    return f"{case_address(known.case.pk)}#event-{event}"


@lru_cache(maxsize=2048)
def case_address(case: UUID) -> str:
    """Where a case is. Kept, since a picture asks for it once for every mark."""
    return reverse("casework:case", args=[case])


def story_of(record: ChildRecord, name: str, period: str = "known") -> Story:
    """The story of a child for a period."""
    first, last = _between(record, period)
    return Story(
        name=name, first=first, last=last, today=record.today, known=record.known_on,
        levels=level_steps(_spans(record)), level_titles=level_titles(record),
        decisions=_decisions(record), clocks=_clocks(record), said=_said(record),
        lanes=_lanes(record), pathways=_pathways(record),
    )  # fmt: skip


def _between(record: ChildRecord, period: str) -> tuple[date, date]:
    today = record.today
    days = [one.day for known in record.cases for one in known.progress.effective]
    first = min([*days, today - timedelta(30)])
    if period == "life" and record.person.born:
        first = min(first, record.person.born)
    elif PERIODS.get(period, ("", 0))[1]:
        first = today - timedelta(PERIODS[period][1])
    else:
        first -= timedelta(max((today - first).days // 40, 3))
    return first, today + timedelta(max((today - first).days // _AHEAD, 14))


def level_titles(record: ChildRecord) -> dict[int, str]:
    """What the partnership's own threshold document calls each level."""
    area = record.person.area
    arrangement = current_library().arrangements.get(arrangement_for(area.slug if area else None))
    return {one.level: one.title for one in arrangement.threshold.levels} if arrangement else {}


def _spans(record: ChildRecord) -> list[tuple[date, date | None, int]]:
    return [
        (known.progress.opened, known.progress.closed, known.pathway.level_of_need)
        for known in record.cases
        if known.pathway.level_of_need and known.progress.opened
    ]


def _decisions(record: ChildRecord) -> list[Mark]:
    return [
        Mark(
            told.entry.day, told.entry.title, event_address(told.known, told.entry.event.pk),
            f"{told.entry.title}, {day_in_words(told.entry.day)}, {told.known.title}",
        )
        for told in record.told
        if told.entry.significant and not told.entry.withdrawn
    ]  # fmt: skip


def _said(record: ChildRecord) -> list[Mark]:
    return [
        Mark(one.day, one.words[:120], f"#said-{one.event}", f"{day_in_words(one.day)}: “{one.words[:160]}”")
        for one in record.said
    ]


def _clocks(record: ChildRecord) -> list[Clock]:
    found = []
    for known in record.cases:
        for duty in known.progress.duties:
            day = due_on(duty)
            if day is None or not (duty.late or duty.status in ("open", "due_soon")):
                continue
            href = proof_address(known, duty)
            if duty.late:
                title = f"{lateness(duty, record.moment)}: {lower_first(duty.title)}"
                still = duty.status == "overdue"
                spoken = f"{duty.title}: {lateness(duty, record.moment)}, was due {day_words(day, record.today)}"
                found.append(Clock(day, title, href, spoken, late=True, now=still))
            else:
                spoken = f"{duty.title}: due {day_words(day, record.today)}"
                found.append(Clock(day, lower_first(duty.title), href, spoken))
    return found


def proof_address(known: KnownCase, duty: ComputedDuty) -> str:
    return _proof(known.case.pk, duty.duty, duty.ordinal)


@lru_cache(maxsize=4096)
def _proof(case: UUID, duty: str, ordinal: int) -> str:
    return reverse("casework:proof", args=[case, duty, ordinal])


def lateness(duty: ComputedDuty, now: datetime) -> str:
    """How late a late duty is or was: "6 days late", "2 hours late", "not done"."""
    due = duty.due_at
    if due is None:
        return "late"
    if duty.met is None and duty.status != "overdue":
        return "not done"
    end = now if duty.met is None else duty.met.at
    if isinstance(duty.due, datetime):
        hours = (end - due).total_seconds() / 3600
        if duty.met is not None and duty.met.moment is None:
            hours = max(hours, 24.0)
        if hours < 1:
            return "under an hour late"
        if hours < 48:
            return f"{int(hours)} hour{'s' if int(hours) != 1 else ''} late"
        return f"{int(hours // 24)} days late"
    days = (local_day(end) - local_day(due)).days
    return f"{days} day{'s' if days != 1 else ''} late"


def _lanes(record: ChildRecord) -> list[Lane]:
    roles = current_library().roles.roles
    order = list(dict.fromkeys(role.lane for role in roles.values()))
    ticks: dict[str, list[Tick]] = {}
    since: dict[str, date] = {}
    for known in record.cases:
        organisations = {event.pk: event.organisation for event in known.events}
        for one in known.part:
            role = roles.get(one.organisation.kind)
            if role:
                day = local_day(one.since)
                since[role.lane] = min(since.get(role.lane, day), day)
        for happening in known.progress.effective:
            agency = organisations.get(happening.id)
            role = roles.get(agency.kind) if agency else None
            if role is None or agency is None:
                continue
            title = known.pathway.title_of(happening.kind)
            seen = known.pathway.events[happening.kind].contact
            words = f"{agency.title}: {title}, {day_in_words(happening.day)}" + ("" if seen else ", in writing")
            ticks.setdefault(role.lane, []).append(
                Tick(happening.day, title, event_address(known, happening.id), words, seen=seen)
            )
    spans = [(known.progress.opened, known.progress.closed) for known in record.cases if known.progress.opened]
    lanes = []
    for lane in sorted({*ticks, *since}, key=order.index):
        there = ticks.get(lane, [])
        quiet = silences([tick.day for tick in there], spans, since.get(lane), record.today)
        lanes.append(Lane(lane, there, quiet))
    return lanes


def _pathways(record: ChildRecord) -> list[PathwayLane]:
    """A lane for each pathway that makes the level of need, those of most days first where there are too many."""
    bars: dict[str, list[Bar]] = {}
    days: dict[str, int] = {}
    for known in record.cases:
        progress = known.progress
        if not known.pathway.level_of_need or progress.opened is None:
            continue
        end = progress.closed or record.today
        words = f"{known.title}, {day_in_words(progress.opened)} to " + (
            day_in_words(progress.closed) if progress.closed else "now"
        )
        bar = Bar(progress.opened, progress.closed, case_address(known.case.pk), words)
        bars.setdefault(known.title, []).append(bar)
        days[known.title] = days.get(known.title, 0) + (end - progress.opened).days
    chosen = sorted(bars, key=lambda title: -days[title])[:MOST_PATHWAYS]
    return [PathwayLane(title, bars[title]) for title in sorted(chosen, key=lambda title: bars[title][0].start)]
