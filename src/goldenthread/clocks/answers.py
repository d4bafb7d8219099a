"""Answers as stored, read as values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .calendar import LONDON


def as_date(value: Any) -> date | datetime | None:
    """A day or an aware moment from an answer as stored (ISO text) or as given; None for anything else."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=LONDON)
    return value if isinstance(value, date) else None
