"""Duties, rules and answers in plain words, for the pages of casework. Reads guidance and rows; writes nothing.

Source of the sentences about rules: `guidance.sentences`, which reads the pathway's own file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.answers import as_date
from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.engine import ComputedDuty
from goldenthread.foundation.library import current_library
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway, Question
from goldenthread.guidance.sentences import Speaker, lower_first, sentence, steps_on, text_of, value_on
from goldenthread.guidance.words import Interval

from .forms.event import label_of
from .models import Duty

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_words(day: date, today: date | None = None) -> str:
    """Friday 27 November; with the year when it is not this year's."""
    year = "" if day.year == (today or timezone.localdate()).year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {day:%B}{year}"


def time_words(moment: datetime) -> str:
    """5pm, 10:42am, midday, midnight."""
    local = timezone.localtime(moment)
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def due_of(row: Duty) -> date | datetime | None:
    """The due day of a stored duty, or its due moment where the clock runs in hours."""
    if row.due_on is not None and row.due_at is not None and row.due_at == end_of(row.due_on):
        return row.due_on
    return row.due_at or row.due_on


def due_words(due: date | datetime | None, now: datetime) -> str:
    """When something open is due: "2 days late", "40 minutes late", "today by 5pm", "tomorrow", "Friday 27 November"."""
    if due is None:
        return "no date yet"
    today = local_day(now)
    timed = due if isinstance(due, datetime) else None
    day = local_day(timed) if timed else due
    assert isinstance(day, date)
    if timed is not None and timed < now:
        late = now - timed
        if late < timedelta(hours=1):
            return f"{_many(max(1, int(late.total_seconds() // 60)), 'minute')} late"
        if late < timedelta(hours=24):
            return f"{_many(int(late.total_seconds() // 3600), 'hour')} late"
        return f"{_many(late.days, 'day')} late"
    if timed is None and day < today:
        return f"{_many((today - day).days, 'day')} late"
    by = f" by {time_words(timed)}" if timed else ""
    if day == today:
        return f"today{by}"
    if day == today + timedelta(days=1):
        return f"tomorrow{by}"
    return f"{day_words(day, today)}{by}"


def due_state(row: Duty, now: datetime) -> str:
    """The state of an open duty at this hour, as `clocks` calls it."""
    if row.outcome != Duty.Outcome.OPEN:
        return row.outcome
    if row.due_at is not None and row.due_at < now:
        return "overdue"
    return "due_soon" if row.soon_at is not None and row.soon_at <= now else "open"


def _many(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"


def speaker_for(pathway: Pathway) -> Speaker:
    """What puts the rules of a pathway into words."""
    library = current_library()
    return Speaker(pathway, library.roles, {one.id: one.title for one in library.pathways.values()})


def rule_in_full(pathway: Pathway, duty: str, triggered: date | None) -> str:
    """When something is due, as the guidance in force at its trigger says, with every trigger and condition."""
    rule = pathway.duties.get(duty)
    return text_of(sentence(speaker_for(pathway).timing(rule, triggered))) if rule is not None else ""


def rule_in_short(pathway: Pathway, duty: str, triggered: date, kind: str | None = None) -> str:
    """Why something is due, in one line: "10 working days after child visited, 7 November.".

    `kind` is the event that started it. Without one, and where the rule counts from elsewhere, it is told in full.
    """
    rule = pathway.duties.get(duty)
    started = pathway.title_of(kind) if kind is not None and kind in pathway.events else ""
    if rule is None or not started:
        return rule_in_full(pathway, duty, triggered)
    since = f"{lower_first(started)}, {_day_from(triggered)}"
    if rule.within is not None and not any(name.partition(".")[2] for name in rule.after or {}):
        length = value_on(rule.within, triggered)
        if length is not None and length.amount:
            return f"{length} {'beginning with' if rule.counts_trigger_day else 'after'} {since}."
    if rule.every is not None:
        steps = rule.every if isinstance(rule.every, list) else steps_on(rule.every, triggered)
        if steps is not None and len(steps) == 1:
            return f"{steps[0].length} after {since}."
    if rule.midway is not None and "." not in rule.midway[1]:
        return f"Half way from {since}, to the day that “{pathway.duties[rule.midway[1]].title}” is due."
    return rule_in_full(pathway, duty, triggered)


def why_due(pathway: Pathway, duty: ComputedDuty) -> str:
    """Why this one is due, in one line, from what the engine reckoned: "6 weeks after child visited, 17 November.".

    Of a clock whose steps differ it names the step this was. What bent the date (a pause, an extension) is in the proof.
    """
    anchor, interval = duty.anchor, duty.value
    if not isinstance(interval, Interval):
        return rule_in_short(pathway, duty.duty, duty.triggered, anchor.kind if anchor is not None else None)
    day = date.fromordinal(duty.base)
    if duty.clock.backwards:
        return f"{interval} before {day_words(day)}."
    since = _day_from(day)
    if anchor is not None:
        since = f"{lower_first(pathway.title_of(anchor.kind))}, {since}"
    elif duty.clock.triggers is None:
        since = f"a birthday, {since}"
    return f"{interval} {'beginning with' if duty.clock.rule.counts_trigger_day else 'after'} {since}."


def _day_from(day: date) -> str:
    """The day that something counts from, with its year where that is another."""
    return f"{day.day} {day:%B %Y}" if day.year != timezone.localdate().year else f"{day.day} {day:%B}"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer in words."""

    name: str
    label: str
    words: str
    voice: bool
    long: bool


def answers_in_words(
    kind: EventKind | None, data: Mapping[str, Any], agencies: Mapping[str, str]
) -> list[Told]:
    """What an event says, in the order its questions are asked; answers to questions since dropped come last."""
    asks = kind.asks if kind else {}
    found = [
        Told(name, label_of(name, question), answer_words(question, data[name], agencies), question.voice,
             question.type is FieldType.LONG_TEXT)
        for name, question in asks.items()
        if data.get(name) not in (None, "", [])
    ]  # fmt: skip
    found += [
        Told(name, name.replace("_", " ").capitalize(), _plain(value), False, False)
        for name, value in data.items()
        if name not in asks and value not in (None, "", [])
    ]
    return found


def answer_words(question: Question, value: Any, agencies: Mapping[str, str]) -> str:
    """One answer: the label of a choice, a day written out, an agency by its title."""
    if question.type is FieldType.YES_NO:
        return "Yes" if value else "No"
    if question.type in (FieldType.CHOICE, FieldType.CHOICES):
        return ", ".join(
            question.of.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])
        )
    if question.type in (FieldType.DATE, FieldType.MOMENT):
        when = as_date(value)
        if isinstance(when, datetime):
            return f"{_date(local_day(when))}, {time_words(when)}"
        return _date(when) if when else str(value)
    if question.type is FieldType.ORGANISATION:
        return agencies.get(str(value), str(value))
    return _plain(value)


def _date(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)


def agencies_named(pathway: Pathway, answers: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """The titles of the agencies that answers name, by slug. One query, and none where nothing names one."""
    slugs = {
        str(data[name])
        for kind, data in answers
        if kind in pathway.events
        for name, question in pathway.events[kind].asks.items()
        if question.type is FieldType.ORGANISATION and data.get(name)
    }
    if not slugs:
        return {}
    return dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "title"))
