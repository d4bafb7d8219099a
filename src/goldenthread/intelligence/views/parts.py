"""The pages of totals beside each other: what stands under the scorecard's heading on each of them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

PARTS = (
    ("scorecard", "Scorecard", "scorecard:list"),
    ("journeys", "Journeys", "journeys:list"),
    ("capacity", "Capacity", "capacity:list"),
)


def parts(here: str) -> list[dict[str, Any]]:
    """Links to the pages of totals, the one that the reader is on marked."""
    return [{"text": words, "href": reverse(address), "current": name == here} for name, words, address in PARTS]
