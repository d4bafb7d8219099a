"""Boards: which there are for the reader, one board, its file for a spreadsheet, a new report, the pack of a meeting.

Thin: `page` and its neighbours read. Every look is journalled with the cases it told of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Area
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy
from goldenthread.guidance.board import Board, Section
from goldenthread.people.queries import search

from ..queries.counting import Count, capped_counts
from ..views.common import actor_of, kinds_of, number
from . import charts, page
from .export import name_of, to_csv
from .reporting import ways_for
from .which import Narrowed, seen

WORKERS = {"mine": "Mine", "team": "My team’s", "nobody": "Nobody’s yet"}
FOUND = 10


def board_of(slug: str) -> Board:
    """A board by the name in its address. Raises Http404."""
    board = current_library().boards.get(slug.replace("-", "_"))
    if board is None:
        raise Http404
    return board


@policy(Capability.VIEW_CASES)
def boards(request: HttpRequest) -> HttpResponse:
    """The boards on which there is a case that the reader may see, with how many are open."""
    actor = actor_of(request)
    known = current_library().boards
    counts = capped_counts({name: seen(actor, board).filter(is_open=True) for name, board in known.items()})
    past = capped_counts({name: seen(actor, board) for name, board in known.items() if not counts[name]}, cap=1)
    offered = [
        {"board": board, "slug": board.slug, "count": counts[name]}
        for name, board in sorted(known.items(), key=lambda pair: pair[1].title)
        if counts[name] or past.get(name)
    ]
    journal.read(actor, "board.list", "board", "")
    return render(request, "casework/boards.html", {"boards": offered})


@policy(Capability.VIEW_CASES)
def board(request: HttpRequest, board: str) -> HttpResponse:
    """One section of a board, narrowed as the reader chose; or the cases of one of its numbers; or one lane."""
    asked = _Asked(request, board_of(board))
    now, told = asked.now, asked.board
    lane = request.GET.get("lane", "")
    if lane and (not asked.section.lanes or lane not in asked.section.states):
        raise Http404
    number_of_page = min(max(1, number(request.GET.get("page", "")) or 1), page.PAGES)
    shown = page.show(asked.actor, told, asked.section, asked.narrowed, now, page=number_of_page, lane=lane)
    sections, totals = page.numbers(asked.actor, told, asked.narrowed, now)
    journal.read(asked.actor, "board.view", "board", told.id, section=asked.name, cases=shown.cases)
    columns = told.columns_of(asked.section)
    actor, slug = asked.actor, told.slug
    drawn = [] if lane else [charts.draw(actor, told, chart, asked.narrowed, now) for chart in told.charts]
    everything = asked.address(district="", worker="", agency="")
    printed = f"{reverse('boards:packs', args=[slug])}{asked.address(page=number_of_page)}"
    context = {
        "board": told, "slug": slug, "section": asked.section, "shown": shown, "now": now, "lane": lane,
        "lane_title": page.states_of(told).get(lane, ""), "columns": columns, "recorded": _recorded(told, asked.section),
        "explained": [one for one in columns.values() if one.about],
        "sections": asked.section_links(sections), "totals": asked.total_links(totals), "only": asked.only,
        "filters": asked.filters(), "narrowed": any(asdict(asked.narrowed).values()), "clear": everything,
        "charts": drawn, "page": number_of_page, "lanes": asked.section.lanes and not lane,
        "all_of": {state: asked.address(lane=state) for state in asked.section.states}, "back": asked.address(),
        "previous": asked.address(lane=lane, page=number_of_page - 1) if number_of_page > 1 else "",
        "next": asked.address(lane=lane, page=number_of_page + 1) if shown.more and number_of_page < page.PAGES else "",
        "export": f"{reverse('boards:export', args=[slug])}{asked.address()}",
        "packs": printed if told.pack and shown.rows else "", "may_report": _may_report(actor, told),
    }  # fmt: skip
    return render(request, "casework/board.html", context)


@policy(Capability.VIEW_CASES)
def export(request: HttpRequest, board: str) -> HttpResponse:
    """The whole of a section for a spreadsheet, as the reader narrowed it."""
    asked = _Asked(request, board_of(board))
    content, cases = to_csv(asked.actor, asked.board, asked.section, asked.narrowed, asked.now)
    journal.read(asked.actor, "board.export", "board", asked.board.id, section=asked.name, cases=cases)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name_of(asked.board, asked.name, asked.now)}"'
    return response


@policy(Capability.VIEW_CASES)
def pack(request: HttpRequest, board: str, case: UUID) -> HttpResponse:
    """One page about one case, for a meeting."""
    actor, told = actor_of(request), board_of(board)
    if told.pack is None:
        raise Http404
    found = seen(actor, told).filter(pk=case).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    journal.read(actor, "board.pack", "case", str(found), board=told.id)
    return _packs(request, actor, told, [found], reverse("boards:board", args=[told.slug]))


@policy(Capability.VIEW_CASES)
def packs(request: HttpRequest, board: str) -> HttpResponse:
    """The pages of all the cases on one page of a board, one after the other, to print."""
    asked = _Asked(request, board_of(board))
    if asked.board.pack is None:
        raise Http404
    at = min(max(1, number(request.GET.get("page", "")) or 1), page.PAGES)
    rows = page.show(asked.actor, asked.board, asked.section, asked.narrowed, asked.now, page=at).rows
    ids = list(dict.fromkeys(row.case.pk for row in rows))
    told = [str(one) for one in ids]
    journal.read(asked.actor, "board.packs", "board", asked.board.id, section=asked.name, cases=told)
    back = reverse("boards:board", args=[asked.board.slug])
    return _packs(request, asked.actor, asked.board, ids, f"{back}{asked.address()}")


def _packs(request: HttpRequest, actor: Actor, told: Board, ids: list[UUID], back: str) -> HttpResponse:
    assert told.pack is not None
    names = [name for part in told.pack.parts for name in part.columns]
    columns = {name: told.columns[name] for name in names}
    rows = page.rows_of(actor, told, Section(title=told.pack.title), ids, timezone.now(), columns)
    sheets = []
    for row in rows:
        cells = {cell.column: cell for cell in row.cells}
        sheets.append({"row": row, "parts": [(part, [cells[name] for name in part.columns]) for part in told.pack.parts]})
    context = {"board": told, "slug": told.slug, "pack": told.pack, "sheets": sheets, "back": back, "now": timezone.now()}
    return render(request, "casework/board_pack.html", context)


@policy(Capability.RECORD_EVENTS)
def report(request: HttpRequest, board: str) -> HttpResponse:
    """A new report about a person: who is it about, and is it one that is already known?"""
    actor, told = actor_of(request), board_of(board)
    if not _may_report(actor, told):
        raise Http404
    typed = " ".join(request.GET.get("q", "").split())[:200]
    context: dict[str, Any] = {"board": told, "slug": told.slug, "typed": typed}
    context["may_register"] = actor.may(Capability.REGISTER_PEOPLE)
    if typed:
        found = search(actor, typed)
        people = [hit.person for hit in found.hits[:FOUND]]
        context["found"] = ways_for(actor, told, people, kinds_of(actor))
        journal.search(actor, "people", [person.pk for person in people], terms=found.sought.terms)
    return render(request, "casework/board_report.html", context)


def _recorded(told: Board, section: Section) -> bool:
    """Whether rows have links to record something, or to the page for a meeting."""
    return section.episodes is None and bool(told.actions_of(section) or told.pack)


def _may_report(actor: Actor, told: Board) -> bool:
    return told.report is not None and actor.may(Capability.RECORD_EVENTS) and actor.may(Capability.SEARCH_PEOPLE)


def _slug(text: str) -> str:
    """What may be the slug of an area or an agency; anything else narrows nothing."""
    return text if len(text) <= 100 and text.replace("-", "").replace("_", "").isalnum() else ""


class _Asked:
    """What a reader asked of a board: the section or number, and what they narrowed it to."""

    def __init__(self, request: HttpRequest, told: Board) -> None:
        self.actor, self.board, self.now = actor_of(request), told, timezone.now()
        given = request.GET
        self.only = given.get("only", "") if given.get("only", "") in told.totals else ""
        name = given.get("section", "")
        self.name = name if name in told.sections else next(iter(told.sections))
        self.section = told.sections[self.name]
        if self.only:
            self.section = page.section_of(told.totals[self.only], self.section)
        chosen = {one: _slug(given.get(one, "")) if one in told.filters else "" for one in ("district", "worker", "agency")}
        worker = chosen["worker"] if chosen["worker"] in WORKERS else ""
        self.narrowed = Narrowed(chosen["district"], worker, chosen["agency"])

    def address(self, **change: Any) -> str:
        query = {"section": self.name, "only": self.only, **asdict(self.narrowed), **change}
        kept = {name: value for name, value in query.items() if value and (name, value) != ("page", 1)}
        return f"?{urlencode(kept)}"

    def section_links(self, counts: Mapping[str, Count]) -> list[dict[str, Any]]:
        return [
            {"words": section.title, "href": self.address(section=name, only=""), "count": counts[name],
             "current": name == self.name and not self.only}
            for name, section in self.board.sections.items()
        ]  # fmt: skip

    def total_links(self, counts: Mapping[str, Count]) -> list[dict[str, Any]]:
        return [
            {"words": total.title, "number": counts[name], "href": self.address(only=name) if counts[name] else "",
             "alarm": total.alarm and bool(counts[name]), "current": name == self.only}
            for name, total in self.board.totals.items()
        ]  # fmt: skip

    def filters(self) -> list[dict[str, Any]]:
        """What the board can be narrowed by, each with its choices; one without a choice to make is left out."""
        offered: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        if "district" in self.board.filters:
            districts = Area.objects.filter(kind="district").order_by("title").values_list("slug", "title")
            offered["district"] = ("District", list(districts))
        if "worker" in self.board.filters:
            mine = {name: words for name, words in WORKERS.items() if name != "team" or self.actor.team_ids}
            offered["worker"] = ("Worker", list(mine.items()))
        if "agency" in self.board.filters:
            known = current_library().pathways
            leads = {known[name].lead for name in self.board.pathways if name in known}
            rows = OrganisationPolicy.visible_to(self.actor).filter(kind__in=leads, active=True).order_by("title")
            offered["agency"] = ("Lead agency", list(rows.values_list("slug", "title")[:100]))
        return [
            {"name": name, "label": label, "value": getattr(self.narrowed, name), "options": options}
            for name, (label, options) in offered.items()
            if len(options) > 1
        ]
