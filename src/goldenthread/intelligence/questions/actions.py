"""Asking an agency about a figure: by a person from the figure's page, and at night by the rules. The only writers.

Whoever sees the scorecard and works for an agency that may ask (the pathway says which) asks, also where their role records
nothing in children's cases: it opens this one case and gives no sight of any other. All that follows is an event of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.actions.appending import involve
from goldenthread.casework.models import Case
from goldenthread.casework.owners import organisation_serving
from goldenthread.clocks.order import Problem
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.pathway import Pathway
from goldenthread.sharing.actions.notices import Notify

from .finding import Found, Told
from .models import FigureQuestion
from .whom import agency_for, may_ask

LONGEST = 2000
NOTICE = "figure.question"
SAID = "A figure of your agency raises a question"
PLAINLY = "Something about figures waits"


@dataclass(frozen=True, slots=True)
class Asker(Actor):
    """Somebody while they ask about a figure, and only then."""


class AskAboutFigure(Action[FigureQuestion]):
    """Ask an agency about a figure, as it was told. Refused while one about the same figure and area is open."""

    name = "questions.ask"
    needs = Capability.VIEW_TOTALS

    def perform(
        self, told: Told, agency: Organisation, question: str, *, asking: Organisation | None = None, at: datetime | None = None
    ) -> FigureQuestion:
        """`asking` and `at` are for the system: whose question it is, and when it was asked if not now."""
        library, question = current_library(), question.strip()
        rules = library.exceptions
        if rules.pathway not in library.pathways:
            raise Invalid("The guidance of this partnership has no pathway for questions about figures.")
        if not self.actor.is_system and not may_ask(self.actor, library):
            raise NotAllowed("Asking about a figure is not for your agency.")
        if not question or len(question) > LONGEST:
            raise Invalid({"question": "Write what is asked" if not question else f"Write no more than {LONGEST} characters"})
        Organisation.objects.select_for_update().get(pk=agency.pk)  # one question at a time, so that none is asked twice
        if (before := open_about(told.indicator, told.area)) is not None:
            raise Invalid(f"A question about this figure is open already: {before.case.reference}.")
        moment = at or timezone.now()
        given = {**{name: getattr(told, name) for name in ("indicator", "title", "area", "period", "value", "because")},
                 "agency": agency.slug, "question": question}  # fmt: skip
        case = OpenCase(_asker(self.actor)).run(
            rules.pathway, agency, moment, {rules.says[name]: words for name, words in given.items() if words},
            kind=rules.event, organisation=asking, area=Area.objects.filter(slug=told.area).first(),
            lead=asking, recorded_at=at,
        )  # fmt: skip
        involve(case, [agency.pk], moment)
        row = FigureQuestion.objects.create(
            case=case, indicator=told.indicator, area=told.area, period=told.period, value=told.value, because=told.because,
            rule=told.rule, definition=told.definition, asked_at=moment,
        )  # fmt: skip
        self.note("case", case.pk, indicator=told.indicator, area=told.area, period=told.period, rule=told.rule)
        if at is None:
            self._tell(case, agency)
        return row

    def _tell(self, case: Case, agency: Organisation) -> None:
        given: dict[str, Any] = {
            "organisation": agency, "case": case, "address": reverse("casework:case", args=[case.pk]),
            "capability": Capability.SUPERVISE.value,
        }  # fmt: skip
        try:
            Notify(self.actor).run(NOTICE, SAID, **given)
        except Invalid:  # a word of it is also in the agency's name
            Notify(self.actor).run(NOTICE, PLAINLY, **given)


def _asker(actor: Actor) -> Actor:
    if actor.is_system:
        return actor
    held = {one.name: getattr(actor, one.name) for one in fields(Actor)}
    return Asker(**{**held, "capabilities": actor.capabilities | {Capability.RECORD_EVENTS}})


def open_about(indicator: str, area: str) -> FigureQuestion | None:
    """The question that is open about a figure in an area, whoever is asked."""
    rows = FigureQuestion.objects.filter(indicator=indicator, area=area, case__is_open=True)
    return rows.select_related("case").order_by("-asked_at").first()


def against_asking_elsewhere(actor: Actor, case: Case, kind: str, answers: Mapping[str, Any]) -> Iterator[Problem]:
    """A question is asked from the page of its figure, so that it says what was told and nothing else."""
    rules = current_library().exceptions
    if case.pathway == rules.pathway and kind == rules.event and not actor.is_system and not isinstance(actor, Asker):
        yield Problem("", "Ask about a figure from its page on the scorecard: “Ask an agency about this”.")


def is_asked_from_its_figure(pathway: Pathway, kind: str) -> bool:
    """So it is offered on no page of an organisation."""
    rules = current_library().exceptions
    return pathway.id == rules.pathway and kind == rules.event


@dataclass(slots=True)
class Raised:
    """What a run did, or in a dry run would do."""

    asked: list[tuple[Found, Organisation]] = field(default_factory=list)
    again: int = 0
    """About which one is open, or was asked for the same period."""
    waiting: int = 0
    """More for one agency than one night asks."""
    nobody: list[Found] = field(default_factory=list)
    """For which no single agency was found, or none that asks."""

    def words(self) -> str:
        line = f"{len(self.asked):,} questions asked, {self.again:,} asked before"
        if self.waiting:
            line += f", {self.waiting:,} wait for another night"
        return line + (f", {len(self.nobody):,} that nobody answers for" if self.nobody else "")


def raise_questions(found: Iterable[Found], *, dry_run: bool = False) -> Raised:
    """Ask what has not been asked. Of one figure in one area one question is open, and one is asked for one period."""
    done, rules = Raised(), current_library().exceptions
    pathway = current_library().pathways.get(rules.pathway)
    if pathway is None:
        return done
    before = set(FigureQuestion.objects.values_list("indicator", "area", "period"))
    opened = set(FigureQuestion.objects.filter(case__is_open=True).values_list("indicator", "area"))
    many: dict[int, int] = {}
    for one in found:
        told = one.told
        if (told.indicator, told.area) in opened or (told.indicator, told.area, told.period) in before:
            done.again += 1
            continue
        agency = agency_for(one.kind, one.supplier, told.area)
        asking = organisation_serving(pathway.lead, Area.objects.filter(slug=told.area).first())
        if agency is None or asking is None:
            done.nobody.append(one)
            continue
        if many.get(agency.pk, 0) >= rules.most:
            done.waiting += 1
            continue
        if not dry_run:
            AskAboutFigure(SystemActor("The scorecard")).run(told, agency, one.question, asking=asking)
        opened.add((told.indicator, told.area))
        many[agency.pk] = many.get(agency.pk, 0) + 1
        done.asked.append((one, agency))
    return done
