"""The guidance this installation works by: the shipped library, or the folder GT_GUIDANCE_FOLDER names.

GT_ARRANGEMENT names the arrangement that applies where an area does not tell. Depends on `guidance` and `clocks` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from goldenthread.clocks.calendar import arrangement_of
from goldenthread.clocks.engine import Program, programs_for
from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.pathway import Pathway


def current_library() -> Library:
    """The library in use. Raises GuidanceError, listing every fault, if its folder cannot be used."""
    folder = getattr(settings, "GT_GUIDANCE_FOLDER", None)
    return _loaded(str(folder)) if folder else shipped()


@lru_cache(maxsize=4)
def _loaded(folder: str) -> Library:
    return Library.load(folder)


def reload_library() -> None:
    """Read the folder again the next time it is asked for: its files have changed."""
    _loaded.cache_clear()


def arrangement_for(area_slug: str | None) -> str:
    """The arrangement an area belongs to; without one, the installation's own."""
    return arrangement_of(current_library(), area_slug) or str(getattr(settings, "GT_ARRANGEMENT", "") or "")


def programs(arrangement: str) -> Mapping[str, Program]:
    """Every pathway compiled with the calendar and local rules of an arrangement."""
    return programs_for(current_library(), arrangement or None)


def pathways(arrangement: str = "") -> Mapping[str, Pathway]:
    """Every pathway as the arrangement uses it."""
    return current_library().in_area(arrangement or None)
