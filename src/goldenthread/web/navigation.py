"""The bar at the top of every page. A new screen adds one line here; an entry shows only where its page exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

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


ENTRIES = (
    Entry("My work", "casework:my-work"),
    Entry("Caseloads", "casework:caseloads"),
    Entry("Front door", "casework:front-door"),
    Entry("Boards", "boards:list"),
    # Whoever has no board to begin from: an officer, a teacher or a nurse with a worry about a child nobody knows yet.
    Entry("New contact", "casework:new-contact", unless=Capability.SCREEN_CONTACTS),
    Entry("Requests", "requests:list"),
    Entry("Meetings", "meetings:list"),
    Entry("Encompass", "encompass:list", shown_to=has_side),
    Entry("Actions", "register:list"),
    Entry("People", "people:search"),
    Entry("Organisations", "casework:organisations"),
    Entry("Notices", "sharing:notices", tally=how_many_wait),
    Entry("Guidance", "guidance:list"),
    Entry("Figures", "figures:list"),
    Entry("Old records", "retention:list", needs=(Capability.MANAGE_RETENTION,)),
    Entry(
        "Administration",
        "agencies:administration",
        needs=(Capability.MANAGE_ORGANISATIONS, Capability.MANAGE_USERS),
    ),
)


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """The links a signed-in person sees; the one whose section they are in is marked current."""
    links: list[dict[str, object]] = []
    best = ""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for entry in ENTRIES:
        try:
            address = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        if not _may_open(actor, entry, address):
            continue
        tally = entry.tally(actor) if entry.tally is not None else ""
        links.append({"words": entry.words, "href": address, "tally": tally})
        section = address.split("/")[1]
        if section and request.path.split("/")[1] == section:
            best = max(best, address, key=lambda it: len(it) if request.path.startswith(it) else 0)
    for link in links:
        link["current"] = bool(best) and link["href"] == best
    return links


def _may_open(actor: Actor, entry: Entry, address: str) -> bool:
    if entry.unless is not None and actor.may(entry.unless):
        return False
    if entry.shown_to is not None and not entry.shown_to(actor):
        return False
    if entry.needs:
        return any(actor.may(each) for each in entry.needs)
    needed = getattr(resolve(address).func, "policy", None)
    return not isinstance(needed, Capability) or actor.may(needed)
