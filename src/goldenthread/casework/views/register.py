"""The action register: one list of what was agreed in reviews, audits, meetings, MARACs, inspections and cases; one action's
page, from where progress and evidence are recorded; and the list as an Excel workbook.

Reads `queries.register`; writes only the events of the case, by the same page as recording anything.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.clocks.engine import Happening
from goldenthread.clocks.order import check_event
from goldenthread.foundation import journal
from goldenthread.foundation.actions import DiscardDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy
from goldenthread.foundation.workbook import MEDIA_TYPE, workbook
from goldenthread.guidance.register import SOURCES

from ..forms.event import Typed
from ..models import AgreedAction, Case, Event
from ..next_events import may_say
from ..policies import AgreedActionPolicy, EventPolicy
from ..queries.register import (
    STATES,
    Chosen,
    Line,
    agencies_with_actions,
    history,
    line_of,
    lines,
    state_counts,
)
from ..record import happenings_of, program_of, subject_of
from .common import actor_of, case_of, kinds_of, number
from .record import RecordPage

PAGE = 25
MOST_EXPORTED = 5000
STATE_WORDS = {"late": "Late", "soon": "Due in 30 days", "open": "All open", "closed": "Closed"}
OWNERS = (("", "Anyone"), ("mine", "Me"), ("ours", "My agency"), ("nobody", "No agency named"))
NOTHING = {
    "late": "Nothing is late.", "soon": "Nothing is due in the next 30 days.", "open": "Nothing is open.",
    "closed": "Nothing was closed.",
}  # fmt: skip
COLUMNS = (
    ("What", 60), ("Kind", 18), ("Number", 8), ("From", 14), ("Pathway", 28), ("Case", 20), ("Agreed at", 28), ("Agreed on", 12),
    ("Agency", 32), ("Who", 22), ("Due", 12), ("Late", 7), ("Progress", 22), ("Progress on", 12), ("What was done", 50),
    ("Evidence", 40), ("Evidence dated", 14), ("Pieces of evidence", 10), ("Measure", 32), ("Closed on", 12),
    ("What became of it", 24), ("What changed", 50), ("Opened again", 10),
)  # fmt: skip


def _chosen(request: HttpRequest, actor: Actor) -> Chosen:
    """What was asked for; a word that means nothing here narrows to nothing less."""
    given = request.GET
    state = given.get("state", "")
    return Chosen(
        state=state if state in STATES else "open",
        agency=given.get("agency", "")[:64],
        source=given.get("source", "") if given.get("source", "") in SOURCES else "",
        owner=given.get("owner", "") if given.get("owner", "") in dict(OWNERS) else "",
        pathway=given.get("pathway", "") if given.get("pathway", "") in current_library().pathways else "",
    )


def _address(chosen: Chosen, name: str = "register:list", **change: Any) -> str:
    query = {**{one: getattr(chosen, one) for one in chosen.__slots__}, **change}
    query = {one: value for one, value in query.items() if value and (one, value) != ("state", "open")}
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


@policy(Capability.VIEW_CASES)
def register(request: HttpRequest) -> HttpResponse:
    """The actions one may know of, narrowed by state, agency, source and owner."""
    actor, today = actor_of(request), timezone.localdate()
    chosen = _chosen(request, actor)
    counts = state_counts(actor, chosen, today)
    page = max(1, number(request.GET.get("page", "")) or 1)
    rows = list(lines(actor, chosen, today)[(page - 1) * PAGE : page * PAGE + 1])
    journal.read(actor, "actions.view", "register", chosen.state, agency=chosen.agency, source=chosen.source)
    agencies = agencies_with_actions(actor)
    context = {
        "chosen": chosen, "lines": [line_of(row, today) for row in rows[:PAGE]], "page": page,
        "states": [
            {"words": STATE_WORDS[one], "href": _address(chosen, state=one), "count": counts[one], "current": one == chosen.state}
            for one in STATES
        ],
        "choices": [
            {"name": "agency", "label": "Agency", "value": chosen.agency, "options": [("", "Every agency"), *agencies]},
            {"name": "source", "label": "From", "value": chosen.source, "options": [("", "Anything"), *SOURCES.items()]},
            {"name": "owner", "label": "For", "value": chosen.owner, "options": OWNERS},
        ],
        "agency": dict(agencies).get(chosen.agency, ""), "state_words": STATE_WORDS[chosen.state],
        "nothing": NOTHING[chosen.state], "narrowed": bool(chosen.agency or chosen.source or chosen.owner or chosen.pathway),
        "export": _address(chosen, "register:export", state=chosen.state),
        "previous": _address(chosen, page=page - 1) if page > 1 else "",
        "next": _address(chosen, page=page + 1) if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "casework/register.html", context)


@policy(Capability.VIEW_CASES)
def export(request: HttpRequest) -> HttpResponse:
    """The same list as an Excel workbook."""
    actor, today = actor_of(request), timezone.localdate()
    chosen = _chosen(request, actor)
    found = [line_of(row, today) for row in lines(actor, chosen, today)[:MOST_EXPORTED]]
    cases = list(dict.fromkeys(str(line.action.case_id) for line in found))
    told = {"agency": chosen.agency, "source": chosen.source, "rows": len(found), "cases": cases}
    journal.read(actor, "actions.export", "register", chosen.state, **told)
    titles, widths = zip(*COLUMNS, strict=True)
    content = workbook("Actions", titles, map(_cells, found), widths)
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="actions-{chosen.state}-{today.isoformat()}.xlsx"'
    return response


def _cells(line: Line) -> tuple[Any, ...]:
    one = line.action
    return (
        one.what, line.kind, one.number, line.came_from,
        line.pathway.title if line.pathway else one.pathway, one.case.reference, one.where, one.agreed_on,
        one.agency.title if one.agency else "", line.who, one.due_on, "Late" if line.late or line.closed_late else "",
        line.how_it_goes, one.progress_on, one.said, one.evidence, one.evidence_on, one.evidences, one.measure, one.closed_on,
        line.became, one.changed, one.reopened or None,
    )  # fmt: skip


@policy(Capability.VIEW_CASES)
def action(request: HttpRequest, action: UUID) -> HttpResponse:
    """One action: what, who, by when, how it goes, what shows it, and what can be recorded of it now."""
    actor = actor_of(request)
    line = _line(actor, action)
    case = case_of(actor, line.action.case_id)
    journal.read(actor, "actions.view_one", "case", str(case.pk), action=str(line.action.pk))
    about, documents = history(actor, line)
    context = {
        "line": line, "case": case, "pathway": program_of(case).pathway, "history": about, "documents": documents,
        "may": _may_record(actor, case, line), "just": _just_recorded(request, actor, line),
        "may_add": actor.may(Capability.ADD_DOCUMENTS), "duty": _clock(line, case),
    }  # fmt: skip
    return render(request, "casework/agreed_action.html", context)


def _line(actor: Actor, action: UUID) -> Line:
    row = AgreedActionPolicy.visible_to(actor).select_related("case", "case__worker", "agency").filter(pk=action).first()
    if row is None:
        raise Http404
    return line_of(row)


def _clock(line: Line, case: Case) -> Any:
    """Its clock: the one that the event which agreed it started, or the latest for its own number."""
    if line.entry is None or line.entry.duty is None:
        return None
    return case.duties.filter(duty=line.entry.duty, triggered_by=line.action.event).order_by("-ordinal").first()


def _just_recorded(request: HttpRequest, actor: Actor, line: Line) -> Event | None:
    try:
        wanted = UUID(request.GET.get("recorded", ""))
    except ValueError:
        return None
    return EventPolicy.visible_to(actor).filter(pk=wanted, case=line.action.case_id).first()


def _may_record(actor: Actor, case: Case, line: Line) -> list[tuple[str, str, bool]]:
    """The events of this action that may be recorded now: kind, title, and whether it comes first."""
    if line.entry is None or not actor.may(Capability.RECORD_EVENTS):
        return []
    program, now = program_of(case), timezone.now()
    happenings, subject, ours = happenings_of(case), subject_of(case.subject), kinds_of(actor)
    entry, closed = line.entry, line.action.closed_on is not None
    kinds = [*entry.reopened, *entry.agreed] if closed else [*entry.progressed, *entry.closed, *entry.agreed]
    found = []
    for kind in dict.fromkeys(kinds):
        event = program.pathway.events[kind]
        if (event.opens and entry.number is None) or may_say(actor, event, ours) is None:
            continue
        if check_event(program, happenings, Happening.on(None, kind, now), subject, now, complete=False):
            continue
        found.append((kind, program.pathway.title_of(kind), kind in entry.progressed or kind in entry.reopened))
    return found


@policy(Capability.RECORD_EVENTS)
def record(request: HttpRequest, action: UUID, kind: str) -> HttpResponse:
    """Record progress, evidence or the end of an action: the form of that event, with the action's number in it."""
    actor = actor_of(request)
    line = _line(actor, action)
    case = case_of(actor, line.action.case_id)
    entry, pathway = line.entry, program_of(case).pathway
    if entry is None or kind not in (*entry.agreed, *entry.progressed, *entry.closed, *entry.reopened):
        raise Http404
    if may_say(actor, pathway.events[kind], kinds_of(actor)) is None:
        raise NotAllowed(f"“{pathway.title_of(kind)}” is not for your agency or your role to record.")
    page = _ActionPage(request, actor, case, kind, line)
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(case.pk), kind=kind)
        return page.opened()
    typed = Typed.sent(request.POST)
    step = typed.one("_step")
    if step == "discard":
        DiscardDraft(actor).run(page.key)
        return HttpResponseRedirect(reverse("register:one", args=[line.action.pk]))
    if step == "edit":
        return page.form_page(page.form(typed), typed, number(typed.one("_version")) or case.version)
    return page.recorded(typed)


class _ActionPage(RecordPage):
    """The form of one event of one action; afterwards one is on the action's own page."""

    def __init__(self, request: HttpRequest, actor: Actor, case: Case, kind: str, line: Line) -> None:
        super().__init__(request, actor, case, kind)
        self.line = line
        self.key = f"case/{case.pk}/{kind}/{line.action.entry}-{line.action.number}"
        self.address = reverse("register:record", args=[line.action.pk, kind])

    def given(self) -> Typed | None:
        """What is known already: its number and, where it is agreed anew, what was agreed."""
        entry, one = self.line.entry, self.line.action
        if entry is None:
            return None
        known: dict[str | None, str] = {entry.number: one.number}
        if self.kind in (*entry.agreed, *entry.reopened):
            known |= {
                entry.what: one.what, entry.agency: self._agency(one), entry.who: one.who, entry.where: one.where,
                entry.measure: one.measure, entry.source: one.source,
            }  # fmt: skip
        asked = {name: value for name, value in known.items() if name is not None and name in self.event.asks and value}
        return Typed.known(asked, timezone.localdate()) if asked else None

    def _agency(self, one: AgreedAction) -> str:
        return one.agency.slug if one.agency else ""

    def after(self, event: Event) -> str:
        return f"{reverse('register:one', args=[self.line.action.pk])}?recorded={event.pk}"
