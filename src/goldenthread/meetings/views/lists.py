"""Lists: meetings by whose and when, invitations that wait, reports owed, and the figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.casework.words import day_words, due_words
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, page_of
from goldenthread.foundation.policy import policy

from ..kinds import kinds, title_of
from ..models import Meeting
from ..queries.figures import figures
from ..queries.listing import WHEN, WHOSE, invitations, meetings, reports_owed, to_close
from ..queries.tallies import Tally, tallies

NOTHING = {
    "today": "There is no meeting today.",
    "week": "There is no meeting in the next 7 days.",
    "coming": "No meeting is arranged.",
    "past": "No meeting has been held yet.",
}


@policy(Capability.ATTEND_MEETINGS)
def list_page(request: HttpRequest) -> HttpResponse:
    """Meetings; with `show`, what waits for oneself."""
    actor = actor_of(request)
    if request.GET.get("show") in ("asked", "reports", "close"):
        return _waiting(request, request.GET["show"])
    whose = request.GET.get("whose") if request.GET.get("whose") in WHOSE else "agency"
    when = request.GET.get("when") if request.GET.get("when") in WHEN else "week"
    kind = _kind(request)
    page = page_of(request, meetings(actor, str(whose), str(when), kind))
    journal.read(actor, "meetings.view", "meetings", str(whose), when=when, kind=kind)
    chosen = {"whose": whose, "when": when, "kind": kind}
    context = {
        "page": page, "lines": _lines(actor, page), "when_words": WHEN[str(when)],
        "nothing": NOTHING[str(when)],
        "whose": [_link(words, chosen, whose=name) for name, words in WHOSE.items()],
        "when": [_link(words, chosen, when=name) for name, words in WHEN.items()],
        "kinds": _offered(), "chosen": chosen, **_tallies(request),
    }  # fmt: skip
    return render(request, "meetings/list.html", context)


def _kind(request: HttpRequest) -> str:
    """The kind of meeting asked for; "" for every kind."""
    given = request.GET.get("kind", "")
    return given if given in kinds() else ""


def _offered() -> list[tuple[str, str]]:
    return [("", "Every kind"), *sorted(((one.id, one.title) for one in kinds().values()), key=lambda row: row[1])]


def _tallies(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    may_arrange = any(actor.organisation_kind in one.held_by for one in kinds().values() if one.covers != "family")
    return {
        "asked": len(invitations(actor).values_list("pk", "meeting__planned_at")[:100]),
        "owed": len(reports_owed(actor).values_list("pk")[:100]),
        "unclosed": len(to_close(actor).values_list("pk")[:100]), "may_arrange": may_arrange,
    }  # fmt: skip


def _waiting(request: HttpRequest, show: str) -> HttpResponse:
    actor = actor_of(request)
    rows: Any = {"asked": invitations, "reports": reports_owed, "close": to_close}[show](actor)
    page = page_of(request, rows)
    journal.read(actor, "meetings.view", "meetings", show)
    now, today = timezone.now(), timezone.localdate()
    context = {"show": show, "page": page, "title_of": title_of, **_tallies(request)}
    if show == "asked":
        context["lines"] = [{"seat": one, "meeting": one.meeting} for one in page.object_list]
    elif show == "reports":
        for one in page.object_list:
            journal.read(actor, "meetings.report_listed", "case", str(one.page.case_id), report=str(one.pk))
        context["lines"] = [
            {"report": one, "meeting": one.page.meeting, "when": due_words(one.page.meeting.reports_due_on, now),
             "late": one.page.meeting.reports_due_on is not None and one.page.meeting.reports_due_on < today}
            for one in page.object_list
        ]  # fmt: skip
    else:
        context["lines"] = _lines(actor, page)
    return render(request, "meetings/waiting.html", context)


def _lines(actor: Actor, page: Page[Meeting]) -> list[dict[str, Any]]:
    rows = list(page.object_list)
    stands = tallies(actor, rows)
    return [line(one, stands[one.pk]) for one in rows]


def line(meeting: Meeting, stands: Tally) -> dict[str, Any]:
    """One meeting in a list: what, about whom as far as one may know, when, and how it stands."""
    names = [page.case.subject.name for page in meeting.seen_pages if page.case is not None]  # type: ignore[attr-defined]
    return {
        "meeting": meeting, "title": title_of(meeting), "names": names[:4], "more": max(len(names) - 4, 0),
        "day": day_words(timezone.localdate(meeting.planned_at)), "answered": stands.answered,
        "seats": stands.asked, "came": stands.came,
        "late": meeting.state == Meeting.State.ARRANGED and meeting.planned_at < timezone.now(),
    }  # fmt: skip


def _link(words: str, chosen: dict[str, Any], **change: str) -> dict[str, Any]:
    query = {name: value for name, value in {**chosen, **change}.items() if value}
    current = all(chosen[name] == value for name, value in change.items())
    return {"words": words, "href": f"{reverse('meetings:list')}?{urlencode(query)}", "current": current}


@policy(Capability.ATTEND_MEETINGS)
def figures_page(request: HttpRequest) -> HttpResponse:
    """Attendance and reports by agency and by seat over a period."""
    actor = actor_of(request)
    today = timezone.localdate()
    first = _day(request, "from") or today - timedelta(days=365)
    last = _day(request, "to") or today
    kind = _kind(request)
    wrong = "The first day must be before the last" if first > last else ""
    found = figures(actor, min(first, last), max(first, last), kind)
    journal.read(actor, "meetings.figures", "meetings", "figures", kind=kind, first=first.isoformat(), last=last.isoformat())
    target = kinds()[kind].attendance_target if kind else None
    context = {
        "found": found, "first": first, "last": last, "kind": kind, "target": target, "wrong": wrong,
        "kinds": _offered(), "bars": [_bar(one, index) for index, one in enumerate(found.agencies[:20])],
        "target_at": _across(target) if target else None,
    }  # fmt: skip
    return render(request, "meetings/figures.html", context)


ROW, LEFT, WIDTH = 30, 250, 430
"""The drawing: height of a line, where the bars begin, how long a whole one is."""


def _bar(one: Any, index: int) -> dict[str, Any]:
    """One agency's line of the chart: three lengths that make up all its invitations."""
    parts, x = [], float(LEFT)
    for name, words in (("came", "came"), ("report_only", "sent a report"), ("neither", "neither")):
        count = getattr(one, name)
        width = WIDTH * count / one.invited if one.invited else 0.0
        parts.append({"name": name, "words": words, "x": round(x, 1), "width": round(width, 1), "count": count})
        x += width
    return {
        "one": one,
        "y": index * ROW,
        "parts": parts,
        "title": one.title if len(one.title) <= 34 else one.title[:33] + "…",
    }


def _across(target: float) -> float:
    return LEFT + WIDTH * target / 100


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
