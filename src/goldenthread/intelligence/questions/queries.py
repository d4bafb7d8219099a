"""Questions as pages show them: what was asked and told that day, what was answered, what is due. Depends on `policies`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Duty, Event
from goldenthread.casework.record import happenings_by_case
from goldenthread.clocks.happening import effective
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library, pathways
from goldenthread.guidance.pathway import FieldType, Pathway

from .models import FigureQuestion
from .policies import FigureQuestionPolicy

SHOWN = 10
"""Past questions of one figure that its page shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something that happened after a question was asked: what, when, by which agency, and its answers in words."""

    title: str
    at: datetime
    by: str
    answers: tuple[tuple[str, str], ...]
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what has become of it."""

    row: FigureQuestion
    figure: str
    area: str
    asked: str
    """Its words."""
    state: str
    closed: bool
    due: datetime | None
    said: tuple[Said, ...]

    @property
    def late(self) -> bool:
        return self.due is not None and self.due < timezone.now()

    @property
    def answer(self) -> Said | None:
        """The latest answer."""
        return next((one for one in reversed(self.said) if one.is_answer), None)


def questions(actor: Actor) -> QuerySet[FigureQuestion]:
    """All that one may see: open ones first, what is due soonest before the rest."""
    rows = FigureQuestionPolicy.visible_to(actor).select_related("case__about", "case__lead", "case__area")
    return rows.order_by("-case__is_open", F("case__next_due_at").asc(nulls_last=True), "-asked_at")


def ours_to_answer(actor: Actor) -> QuerySet[FigureQuestion]:
    return questions(actor).filter(case__about__in=actor.organisation_ids)


def asked_by_us(actor: Actor) -> QuerySet[FigureQuestion]:
    return questions(actor).filter(case__lead__in=actor.organisation_ids)


def of_figure(actor: Actor, indicator: str, area: str) -> list[Question]:
    """The open question of a figure in an area, and the latest that were closed."""
    rows = questions(actor).filter(indicator=indicator, area=area).order_by("-case__is_open", "-asked_at")
    return told(list(rows[:SHOWN]))


def asked_about(actor: Actor, area: str) -> set[str]:
    """The indicators about which a question is open in an area."""
    rows = questions(actor).filter(area=area, case__is_open=True)
    return set(rows.order_by().values_list("indicator", flat=True))


def told(rows: Sequence[FigureQuestion]) -> list[Question]:
    """Questions with what their cases' events say, as they stand: one statement for all of them, one for each kind of fact."""
    keys = [row.pk for row in rows]
    happened = happenings_by_case(keys)
    by = dict(Event.objects.filter(case__in=keys).values_list("pk", "organisation__title"))
    due: dict[Any, datetime] = {}
    waiting = Duty.objects.filter(case__in=keys, outcome=Duty.Outcome.OPEN, due_at__isnull=False).order_by("-due_at")
    for case, at in waiting.values_list("case", "due_at"):
        if at is not None:
            due[case] = at  # the earliest comes last
    slugs = dict(Organisation.objects.filter(pk__in=[row.case.about_id for row in rows]).values_list("slug", "title"))
    return [_one(row, effective(happened[row.pk]), by, due.get(row.pk), slugs) for row in rows]


def _one(
    row: FigureQuestion, happened: Sequence[Any], by: dict[Any, Any], due: datetime | None, slugs: dict[str, str]
) -> Question:
    library = current_library()
    rules, pathway = library.exceptions, pathways(row.case.arrangement).get(row.case.pathway)
    if pathway is None:
        return Question(row, row.indicator, row.area, "", row.case.state, not row.case.is_open, due, ())
    first: dict[str, Any] = next((one.data for one in happened if one.kind == rules.event), {})
    state = pathway.states.get(row.case.state)
    said = tuple(
        Said(
            pathway.title_of(one.kind), one.at, by.get(one.id) or "", _answers(pathway, one, slugs),
            one.kind == rules.answered.event,
        )
        for one in happened
        if one.kind != rules.event and pathway.events[one.kind].significant
    )
    indicator = library.indicators.get(row.indicator)
    area = next((one.title for each in library.arrangements.values() for one in each.areas if one.id == row.area), row.area)
    return Question(
        row, indicator.title if indicator is not None else str(first.get(rules.says["title"], row.indicator)), area,
        str(first.get(rules.says["question"], "")), state.title if state else row.case.state, not row.case.is_open, due, said,
    )  # fmt: skip


def _answers(pathway: Pathway, happened: Any, slugs: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What an event tells, in the words of the guidance. Whom it names is left out where it is the agency asked."""
    found = []
    for name, question in pathway.events[happened.kind].asks.items():
        value = happened.data.get(name)
        if value in (None, "", []) or (question.type is FieldType.ORGANISATION and str(value) in slugs):
            continue
        found.append((question.label or name.replace("_", " ").capitalize(), question.of.get(str(value), str(value))))
    return tuple(found)
