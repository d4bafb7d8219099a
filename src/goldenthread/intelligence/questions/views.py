"""Questions about figures: those to answer and those asked, one of them, and asking. Thin: actions write, policies decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.kinds import kinds_of
from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.casework.next_events import possible_events
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import happenings_of, program_of, subject_of
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, done, page_of, try_action
from goldenthread.foundation.policy import policy, signed_in
from goldenthread.guidance.indicator import Indicator

from ..scorecard.detail import charted_by, detail
from ..scorecard.keeping import NotWorkedOut, kept
from ..scorecard.reading import period_for
from ..views.asked import Asked, asked, or_none
from .actions import AskAboutFigure, open_about
from .finding import Told, told_of, value_words
from .forms import AskForm
from .kept_back import kept_back_in
from .models import FigureQuestion
from .policies import FigureQuestionPolicy
from .queries import asked_by_us, ours_to_answer, told
from .whom import agency_for, answers_for, may_ask

WHOSE = {"ours": "For us to answer", "asked": "Asked by us"}


@signed_in("questions to and by one's agencies; FigureQuestionPolicy decides which")
def list_page(request: HttpRequest) -> HttpResponse:
    """Questions for one's agency to answer, or those it asked; open ones first."""
    actor = actor_of(request)
    every: dict[str, QuerySet[FigureQuestion]] = {"ours": ours_to_answer(actor), "asked": asked_by_us(actor)}
    first = "asked" if may_ask(actor, current_library()) else "ours"
    whose = request.GET.get("whose", first)
    whose = whose if whose in WHOSE else first
    page = page_of(request, every[whose])
    journal.read(actor, "questions.view", "questions", whose, page=page.number)
    tabs = [
        {"text": words, "href": f"{reverse('questions:list')}?whose={one}", "current": one == whose}
        for one, words in WHOSE.items()
    ]
    context = {
        "page": page, "rows": told(list(page.object_list)), "whose": whose, "tabs": tabs,
        "open": every[whose].filter(case__is_open=True).count(), "sees_scorecard": actor.may(Capability.VIEW_TOTALS),
    }  # fmt: skip
    return render(request, "questions/list.html", context)


@signed_in("FigureQuestionPolicy decides whose it is")
def one_page(request: HttpRequest, case: UUID) -> HttpResponse:
    """One question: the figure as it was told then and as it is told now, and what was answered."""
    actor = actor_of(request)
    row = FigureQuestionPolicy.visible_to(actor).select_related("case__about", "case__lead", "case__area").filter(pk=case).first()
    if row is None:
        raise Http404
    journal.read(actor, "question.view", "case", str(row.pk), indicator=row.indicator)
    one = told([row])[0]
    now = _now(actor, row) if actor.may(Capability.VIEW_TOTALS) else None
    context = {"one": one, "row": row, "now": now, "next": _next(actor, row), "seen": _sees(actor, row)}
    return render(request, "questions/one.html", context)


def _sees(actor: Actor, row: FigureQuestion) -> bool:
    return CasePolicy.visible_to(actor).filter(pk=row.pk).exists()


def _next(actor: Actor, row: FigureQuestion) -> list[dict[str, str]]:
    """What this person may record in it now, each with its form. An answer is offered to those who are asked."""
    if not _sees(actor, row):
        return []
    answered = current_library().exceptions.answered.event
    program, happenings, subject = program_of(row.case), happenings_of(row.case), subject_of(row.case.subject)
    now = timezone.now()
    progress = program.run(happenings, subject, now)
    found = possible_events(actor, program, progress, happenings, subject, now, kinds_of(actor))
    return [
        {"words": one.title, "href": reverse("casework:record", args=[row.pk, one.kind])}
        for one in found
        if one.meets and (one.kind != answered or row.case.about_id in actor.organisation_ids)
    ]


def _now(actor: Actor, row: FigureQuestion) -> dict[str, str] | None:
    """The figure as it is told to everyone today, and its page."""
    indicator = current_library().indicators.get(row.indicator)
    if indicator is None or indicator.restricted:
        return None
    href = f"{reverse('scorecard:indicator', args=[row.indicator])}?area={row.area}"
    try:
        with kept(Path(settings.GT_EXTRACT)) as values:
            found = told_of(values, row.indicator, indicator, row.area)
    except NotWorkedOut:
        return None
    if found is None:
        return {"href": href}
    return {"href": href, "value": value_words(found.line.now, indicator), "period": found.line.period.key}


@policy(Capability.VIEW_TOTALS)
@or_none
def ask(request: HttpRequest, indicator: str) -> HttpResponse:
    """GET: the form of a question about a figure. POST: ask it."""
    actor, library = actor_of(request), current_library()
    if not may_ask(actor, library):
        raise NotAllowed("Asking about a figure is not for your agency.")
    with asked(request, leaves=True) as question:
        found = question.indicators.get(indicator)
        if found is None:
            raise Http404
        here = Asking(question, indicator, found)
        if (before := open_about(indicator, question.area)) is not None:
            return HttpResponseRedirect(reverse("questions:one", args=[before.pk]))
        form = AskForm(here.agencies(actor), request.POST or None, initial=here.suggested())
        if request.method == "POST" and form.is_valid():
            made = _asked(request, here, form)
            if made is not None:
                words = f"The question was asked. {made.case.about.title if made.case.about else 'The agency'} has been told."
                return done(request, words, "questions:one", made.pk)
        journal.read(actor, "question.form", "scorecard", question.area, indicator=indicator)
        context = {"form": form, "here": here, "asked": question, "indicator": found, "back": here.back}
        return render(request, "questions/ask.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, here: Asking, form: AskForm) -> FigureQuestion | None:
    actor = actor_of(request)
    agency = OrganisationPolicy.get(actor, slug=form.cleaned_data["agency"])
    words = form.cleaned_data["question"]
    if actor.may(Capability.VIEW_SMALL_NUMBERS):
        number = kept_back_in(words, here.question.kept, here.name, here.indicator, here.question.area, here.period)
        if number:
            form.add_error("question", f"Take out {number}: the scorecard keeps that number back")
            return None
    return try_action(form, "this figure", lambda: AskAboutFigure(actor).run(here.told, agency, words))


class Asking:
    """A figure that somebody asks about, as everyone may see it."""

    def __init__(self, question: Asked, name: str, indicator: Indicator) -> None:
        self.question, self.name, self.indicator = question, name, indicator
        self.period = period_for(indicator, question.period, exact=False)
        often = charted_by(indicator, exact=False)
        found = detail(
            question.kept, name, indicator, question.area, {}, self.period, False, often[0] if often else "year"
        )
        self.line = found.line
        reaching = "; ".join(found.chart.variation.because)
        because = f"{found.chart.variation.words} ({reaching})." if reaching and found.line.now.value is not None else ""
        self.told = Told(
            name, indicator.title, question.area, question.area_title, self.period.key, value_words(self.line.now, indicator),
            because, "", question.kept.digests.get(name, ""),
        )  # fmt: skip

    @property
    def back(self) -> str:
        return self.question.address("scorecard:indicator", self.name)

    def agencies(self, actor: Actor) -> list[tuple[str, str]]:
        """The agencies that answer for figures, as guidance says it."""
        given = self.question.library.exceptions.answers_for
        kinds = {*given.sheets.values(), *given.indicators.values(), given.otherwise}
        sent_in = {one.collected.source for one in self.question.indicators.values() if one.collected is not None}
        rows = OrganisationPolicy.visible_to(actor).filter(active=True).filter(Q(kind__in=kinds) | Q(title__in=sent_in))
        return list(rows.order_by("title").values_list("slug", "title"))

    def suggested(self) -> dict[str, Any]:
        kind, supplier = answers_for(self.question.library, self.name)
        agency: Organisation | None = agency_for(kind, supplier, self.question.area)
        return {"agency": agency.slug if agency is not None else ""}

