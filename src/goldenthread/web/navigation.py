"""The bar at the top of every page. A new screen adds one line here; an entry shows only where its page exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse

from goldenthread.casework.boards.which import works_on_any
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.sharing.queries.encompass import has_side
from goldenthread.sharing.queries.notices import how_many_wait


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the bar: its words and the name of its page."""

    words: str
    url_name: str
    needs: tuple[Capability, ...] = ()
    """Shown to someone with any of these; if none are named, to those whom the page's own policy lets in."""
    unless: Capability | None = None
    """Not shown to someone with this, who reaches the page another way."""
    tally: Callable[[Actor], str] | None = None
    """How many wait there; "" for none."""
    shown_to: Callable[[Actor], bool] | None = None
    """Whether someone whom its policy lets in has a part in it, by their agency."""
    after: int = 0
    """0 always stands in the bar; of the others those come first under More whose number is highest."""
    also: tuple[str, ...] = ()
    """Other sections that one is in under this link."""


GAP = 2.1
ROOM = 82.0
"""Letters for which one line has room on a screen of 1280 pixels, beside the names of the service and the person, with the
number that waits; and the gap before each link, in letters. Measured in Arial at 17 pixels, with 16 between links."""
MORE = "More"

ENTRIES = (
    Entry("My work", "casework:my-work"),
    Entry("Caseloads", "casework:caseloads", after=1),
    Entry("Front door", "casework:front-door"),
    Entry("Boards", "boards:list", shown_to=works_on_any),
    # Whoever has no board to begin from: an officer, a teacher or a nurse with a worry about a child nobody knows yet.
    Entry("New contact", "casework:new-contact", unless=Capability.SCREEN_CONTACTS),
    Entry("Requests", "requests:list"),
    Entry("Meetings", "meetings:list"),
    Entry("Encompass", "encompass:list", shown_to=has_side, after=1),
    Entry("Actions", "register:list", after=1),
    Entry("Scorecard", "scorecard:list", after=1, also=("journeys", "capacity")),
    Entry("Collections", "collections:list", after=1),
    Entry("People", "people:search"),
    Entry("Organisations", "casework:organisations", after=2),
    Entry("Notices", "sharing:notices", tally=how_many_wait),
    Entry("Guidance", "guidance:list", after=2),
    Entry("Figures", "figures:list", after=2),
    Entry("Old records", "retention:list", needs=(Capability.MANAGE_RETENTION,), after=2),
    Entry(
        "Administration",
        "agencies:administration",
        needs=(Capability.MANAGE_ORGANISATIONS, Capability.MANAGE_USERS),
        after=2,
    ),
)


def entries_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The links a signed-in person sees; the one whose section they are in is marked current, and those for which the bar
    has no room stand under More."""
    links: list[dict[str, Any]] = []
    best = ""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for entry in ENTRIES:
        address, needed = _page(entry.url_name, get_urlconf() or settings.ROOT_URLCONF)
        if not address or not _may_open(actor, entry, needed):
            continue
        tally = entry.tally(actor) if entry.tally is not None else ""
        links.append({"words": entry.words, "href": address, "tally": tally, "after": entry.after})
        section = address.split("/")[1]
        if section and request.path.split("/")[1] == section:
            best = max(best, address, key=lambda it: len(it) if request.path.startswith(it) else 0)
        elif request.path.split("/")[1] in entry.also:
            best = address
    for link in links:
        link["current"] = bool(best) and link["href"] == best
    _fold(links)
    return links


def _fold(links: list[dict[str, Any]]) -> None:
    """Mark the links that stand under More: nothing while all fit on one line; else those seldom used that do not."""
    takes = [len(link["words"]) + GAP for link in links]
    room = ROOM if sum(takes) <= ROOM else ROOM - len(MORE) - GAP
    for link, letters in sorted(zip(links, takes, strict=True), key=lambda pair: pair[0]["after"]):
        link["more"] = link["after"] > 0 and letters > room
        room -= 0 if link["more"] else letters


@cache
def _page(url_name: str, urlconf: str) -> tuple[str, Capability | None]:
    """The address of a page and what its policy needs, looked up once: every page draws the bar. "" where it is not there."""
    try:
        address = reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return "", None
    needed = getattr(resolve(address, urlconf=urlconf).func, "policy", None)
    return address, needed if isinstance(needed, Capability) else None


def _may_open(actor: Actor, entry: Entry, needed: Capability | None) -> bool:
    if entry.unless is not None and actor.may(entry.unless):
        return False
    if entry.shown_to is not None and not entry.shown_to(actor):
        return False
    if entry.needs:
        return any(actor.may(each) for each in entry.needs)
    return needed is None or actor.may(needed)
