"""The form of a comment on a figure. Thin: `writing` writes, and `actions` says who may."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from goldenthread.foundation import journal
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, try_action
from goldenthread.foundation.policy import policy

from ..scorecard.detail import detail
from ..scorecard.reading import period_for
from ..scorecard.releasing import LEAVES
from ..views.asked import asked, or_none
from .actions import commenting, standing
from .forms import CommentForm
from .queries import earlier
from .writing import write_comment


@policy(Capability.VIEW_TOTALS)
@or_none
def comment(request: HttpRequest, indicator: str) -> HttpResponse:
    """GET: the form, with what one's agency says of the figure now. POST: say something else."""
    actor = actor_of(request)
    with asked(request, leaves=True) as question:
        found = question.indicators.get(indicator)
        if found is None:
            raise Http404
        agency = commenting(actor, question.library, indicator)
        if agency is None:
            raise NotAllowed("This figure is not one that your agency answers for, so a comment on it is for others to write.")
        period = period_for(found, question.period, exact=False)
        if period.frequency not in LEAVES:
            raise Http404
        before = standing(indicator, question.area, period.key, agency)
        initial = {"text": before.text, "supersedes": before.pk} if before is not None else {}
        form = CommentForm(request.POST or None, initial=initial)
        back = question.address("scorecard:indicator", indicator)
        if request.method == "POST" and form.is_valid():
            words = form.cleaned_data["text"]
            if try_action(form, "this comment", lambda: write_comment(
                actor, question, indicator, found, period, words, form.cleaned_data["supersedes"]
            )):  # fmt: skip
                messages.success(request, "Your comment stands beside the figure." if words else "Your comment was taken back.")
                return HttpResponseRedirect(f"{back}#comments")
        journal.read(actor, "comment.form", "scorecard", question.area, indicator=indicator, period=period.key)
        line = detail(question.kept, indicator, found, question.area, {}, period, False, "year").line
        context = {
            "form": form, "indicator": found, "asked": question, "agency": agency, "line": line, "back": back, "before": before,
            "earlier": [one for one in earlier(actor, indicator, question.area, period.key, agency.pk) if one.text],
        }  # fmt: skip
        return render(request, "comments/comment.html", context, status=422 if form.errors else 200)
