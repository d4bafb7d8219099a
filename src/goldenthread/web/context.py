"""What every page may use: the service's name, the bar at the top, who is signed in, whether this is a demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from goldenthread.sharing.queries.access import lasting
from goldenthread.web.accounts import display_name
from goldenthread.web.navigation import entries_for


def service(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy, so that a page which shows no bar asks no database."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "GT_DEMO": settings.GT_DEMO,
        "navigation": SimpleLazyObject(lambda: entries_for(request)) if signed_in else [],
        # Asked of an index by the pages that have a bar: emergency access must be seen wherever one is.
        "emergency_access": SimpleLazyObject(lambda: lasting(request.actor)) if signed_in else [],  # type: ignore[attr-defined]
        "signed_in_name": display_name(user) if signed_in else "",
        "signed_in_role": str(getattr(user, "job_title", "") or "") if signed_in else "",
    }
