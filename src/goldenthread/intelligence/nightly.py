"""Brings the service's own extract and its scorecard up to date at night. Only where one has been made: whether an extract of
everyone's cases is kept on this machine is for those who run it to decide."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from goldenthread.foundation.library import current_library

from . import beside
from .capacity import working_out as trying
from .extract.files import is_extract
from .extract.pseudonyms import kept_key
from .extract.taking import take
from .journeys.working_out import FILE, definitions
from .journeys.working_out import work_out as follow_journeys
from .questions.actions import Raised, raise_questions
from .questions.finding import exceptions_of
from .scorecard.keeping import NotWorkedOut, kept, manifest_digest
from .scorecard.working_out import work_out
from .subscriptions.actions import tell_subscribers


def bring_up_to_date() -> str:
    """What was done, in words."""
    folder = Path(settings.GT_EXTRACT)
    if not is_extract(folder):
        return "no extract is kept here; `goldenthread extract` makes one"
    taken = take(folder, kept_key(Path(settings.VAR_DIR) / "extract.key"))
    if _is_of(folder):
        return "nothing has changed since it was worked out"
    made = work_out(folder, current_library())
    return f"{made.about.values:,} values worked out, {taken.taken:,} parts of the extract taken again"


def ask_agencies() -> str:
    """Raise the questions that the rules of exceptions.yaml raise of the scorecard as it is. What was done, in words."""
    try:
        return find_and_ask().words()
    except NotWorkedOut:
        return "there is no scorecard to look through"


def tell_subscribed() -> str:
    """Tell people of the figures that they subscribed to. What was done, in words."""
    try:
        with kept(Path(settings.GT_EXTRACT)) as values:
            return tell_subscribers(values).words()
    except NotWorkedOut:
        return "there is no scorecard to tell of"


def find_and_ask(*, dry_run: bool = False) -> Raised:
    """Raises NotWorkedOut."""
    with kept(Path(settings.GT_EXTRACT)) as values:
        return raise_questions(exceptions_of(values, current_library()), dry_run=dry_run)
def journeys() -> str:
    """Journeys from the extract as it is, in words. The scorecard's work has taken it anew just before."""
    folder, library = Path(settings.GT_EXTRACT), current_library()
    if not is_extract(folder):
        return "no extract is kept here"
    try:
        with beside.pages(folder, FILE) as kept:
            if (kept.made.manifest, kept.made.definitions) == (manifest_digest(folder), definitions(library)):
                return "nothing has changed since they were followed"
    except NotWorkedOut:
        pass
    made = follow_journeys(folder, library)
    return f"{made.followed:,} journeys followed, {made.years_told:,} years of them may be told"


def capacity() -> str:
    """The capacity of services from the extract as it is, in words."""
    folder, library = Path(settings.GT_EXTRACT), current_library()
    if not is_extract(folder):
        return "no extract is kept here"
    try:
        with beside.pages(folder, trying.FILE) as kept:
            if (kept.made.manifest, kept.made.definitions) == (manifest_digest(folder), trying.definitions(library)):
                return "nothing has changed since they were tried"
    except NotWorkedOut:
        pass
    made = trying.work_out(folder, library)
    return f"{made.services:,} services tried, {made.too_little:,} with too little to say"


def _is_of(folder: Path) -> bool:
    """Whether the values that are kept are of this very extract."""
    try:
        with kept(folder) as values:
            return values.about.manifest == manifest_digest(folder)
    except NotWorkedOut:
        return False
