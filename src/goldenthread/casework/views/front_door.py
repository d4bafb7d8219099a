"""The front door's board: what has come in, the most urgent first, and whether it is safe. Thin: `queries.board` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goldenthread.agencies.models import Area
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import Pathway

from ..front_door import URGENCY, board_card
from ..models import Event
from ..queries.board import Headline, board
from .common import actor_of

SHOWN, ALL = 8, 200
"""Cards shown in a column until "Show all", and then."""
WAITED: Mapping[str, tuple[str, timedelta]] = {
    "3h": ("More than 3 hours", timedelta(hours=3)), "1d": ("More than 24 hours", timedelta(hours=24)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """One row of links that narrow the board."""

    label: str
    links: list[dict[str, Any]]


@policy(Capability.SCREEN_CONTACTS)
def front_door(request: HttpRequest) -> HttpResponse:
    """The board, or one column of it in full (`column`), narrowed by urgency, district, source or time waited."""
    actor = actor_of(request)
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("urgency", "district", "source", "waited")}
    column = request.GET.get("column", "")
    shown = board(actor, now=now, narrow=_narrow(asked, now), most=ALL if column else SHOWN + 1)
    if shown.pathway is None:
        raise Http404
    columns = [
        {"column": one, "cards": [board_card(card, now) for card in one.cards[: ALL if column else SHOWN]],
         "more": one.count.number > (ALL if column else SHOWN), "all": _address(asked, column=one.state),
         "part": bool(column)}
        for one in shown.columns
        if column in ("", one.state)
    ]  # fmt: skip
    if not columns:
        raise Http404
    # What the cards tell is read here: one entry for the look, with the cases it showed.
    ids = [str(case.pk) for one in columns for card in one["cards"] for case in card.card.cases]  # type: ignore[attr-defined]
    journal.read(actor, "front_door.view", "board", shown.pathway.id, cases=ids)
    context = {
        "board": shown, "pathway": shown.pathway, "now": now, "columns": columns, "column": column,
        "numbers": _numbers(shown.headline, asked), "filters": _filters(shown.pathway, asked),
        "narrowed": any(asked.values()), "clear": "?", "back": _address(asked),
    }  # fmt: skip
    return render(request, "casework/front_door.html", context)


def _narrow(asked: Mapping[str, str], now: datetime) -> Q | None:
    condition = Q()
    if asked["urgency"].isdecimal():
        condition &= Q(priority=int(asked["urgency"]))
    if asked["district"]:
        condition &= Q(area__slug=asked["district"]) | Q(area=None, subject__area__slug=asked["district"])
    if asked["source"]:
        first = Event.objects.filter(case=OuterRef("pk"), sequence=1, data__source=asked["source"])
        condition &= Q(Exists(first))
    if asked["waited"] in WAITED:
        condition &= Q(opened_at__lt=now - WAITED[asked["waited"]][1])
    return condition or None


def _address(asked: Mapping[str, str], **change: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **change}.items() if value})


def _filters(pathway: Pathway, asked: Mapping[str, str]) -> list[Filter]:
    districts = Area.objects.filter(kind="district").order_by("title").values_list("slug", "title")
    opening = pathway.events[pathway.opening].asks
    source = opening.get("source")
    offered: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("urgency", "Urgency", [(str(level), words) for level, (words, _) in URGENCY.items() if level < 5]),
        ("waited", "Waiting", [(name, words) for name, (words, _) in WAITED.items()]),
        ("district", "District", list(districts)),
        ("source", "Source", list(source.of.items()) if source else []),
    ]
    found = []
    for name, label, options in offered:
        links = [{"text": "All", "href": _address(asked, **{name: ""}), "current": not asked[name]}]
        links += [
            {"text": words, "href": _address(asked, **{name: value}), "current": asked[name] == value}
            for value, words in options
        ]
        if options:
            found.append(Filter(label, links))
    return found


def _numbers(headline: Headline | None, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Are we safe? Five numbers; those of cases that wait lead to them."""
    if headline is None:
        return []
    usual, helped = headline.usual_time, headline.to_early_help
    late = _address(asked, waited="3h") if headline.waiting_over_3_hours else ""
    older = _address(asked, waited="1d") if headline.over_1_working_day else ""
    return [
        {"number": headline.since_yesterday, "words": "since yesterday began"},
        {"number": headline.waiting_over_3_hours, "words": "waiting more than 3 hours", "href": late},
        {"number": headline.over_1_working_day, "words": "waiting over 1 working day", "href": older,
         "alarm": bool(headline.over_1_working_day)},
        {"number": span_in_words(usual) if usual else "–",
         "words": "usual time to a decision" if usual else "too few decided lately to say how long it takes"},
        {"number": f"{helped:.0f}%" if helped is not None else "–", "words": "of those decided lately went to early help"},
    ]  # fmt: skip


def span_in_words(span: timedelta) -> str:
    """1 h 52 min; 3 days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{hours // 24} days"


