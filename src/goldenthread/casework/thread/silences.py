"""Where an agency fell silent: more than four months without a contact while a case was open. Pure.

Four months is the project's own choice (screens.md 3: gaps visible); no statute sets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .story import Silence, months_between

SILENT_MONTHS = 4


def joined(spans: Sequence[tuple[date, date | None]], until: date) -> list[tuple[date, date]]:
    """Spans laid together where they touch or overlap; an open one runs to `until`."""
    found: list[tuple[date, date]] = []
    for start, end in sorted((start, end or until) for start, end in spans):
        if start > until:
            continue
        end = min(end, until)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def silences(
    contacts: Sequence[date], open_spans: Sequence[tuple[date, date | None]], since: date | None, until: date
) -> list[Silence]:
    """Gaps of more than four months between contacts, counted only while a case was open and from `since` on.

    `since` is when the agency became part of it; without it, its first contact.
    """
    days = sorted({day for day in contacts if day <= until})
    start = min([*days[:1], *([since] if since else [])], default=None)
    if start is None:
        return []
    ends = [*days, until]
    found: list[Silence] = []
    for first, last in joined(open_spans, until):
        before = max(first, start)
        for day in ends:
            stop = min(day, last)
            if day < before:
                continue
            if months_between(before, stop) > SILENT_MONTHS or (
                months_between(before, stop) == SILENT_MONTHS and before.day != stop.day
            ):
                found.append(
                    Silence(before, stop, ongoing=stop == until and day == until and until not in days)
                )
            before = max(before, day)
            if before >= last:
                break
    return found
