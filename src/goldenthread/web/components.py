"""Made-up content for the page that previews every component. No real person, and nothing from the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone


def examples() -> dict[str, Any]:
    """What the preview page shows in each component."""
    today = timezone.localdate()
    return {
        "today": today,
        "now": timezone.now(),
        "soon": timezone.now() + timedelta(minutes=41),
        "late_day": today - timedelta(days=2),
        "later_day": today + timedelta(days=48),
        "page": Paginator(range(204), 20).page(4),
        "no_page": Paginator([], 20).page(1),
    }
