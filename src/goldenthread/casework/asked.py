"""What the floor above tells of agencies that were asked: how far a late answer has climbed, where it is answered.

Asking is `sharing`'s, which casework does not know: at start sharing registers here how to tell it, as casework does with
`people`. Without it a contact's page says what its own events say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from goldenthread.foundation.actor import Actor

from .models import Case


@dataclass(frozen=True, slots=True)
class AskedNote:
    """What is to be said of one agency that was asked and has not answered."""

    words: tuple[str, ...]
    answer: str
    """The address where this reader answers for it, or writes down what it said; "" if they may not."""


Notes = Callable[[Actor, Case], Mapping[str, AskedNote]]
_notes: list[Notes] = []


def register_asked_notes(notes: Notes) -> None:
    """Called once at start. `notes`: agency's slug -> what is to be said."""
    if notes not in _notes:
        _notes.append(notes)


def asked_notes(actor: Actor, case: Case) -> dict[str, AskedNote]:
    """What is to be said of the agencies asked in a case that `actor` may see."""
    found: dict[str, AskedNote] = {}
    for notes in _notes:
        found |= notes(actor, case)
    return found


OwnPage = Callable[[Case, str], str]
_own_pages: list[OwnPage] = []


def register_own_page(page: OwnPage) -> None:
    """Called once at start. `page`: a case and an event -> the address of a page of its own for it, or ""."""
    if page not in _own_pages:
        _own_pages.append(page)


def own_page(case: Case, kind: str) -> str:
    """The page on which an event is recorded instead of on the plain form; "" for most."""
    return next((address for page in _own_pages if (address := page(case, kind))), "")


def ask_address(case: Case) -> str:
    """The page on which agencies are asked about a case; "" where this installation has none."""
    try:
        return reverse("requests:ask", args=[case.pk])
    except NoReverseMatch:
        return ""
