"""Every address of the service. An app's own addresses are in its `urls.py` and are taken up where it has one."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from goldenthread.web import views
from goldenthread.web.api.site import addresses

#: Modules of addresses, in the order they are tried, and where they start.
SECTIONS = (
    ("goldenthread.web.guidance_pages.urls", "guidance/"),
    ("goldenthread.foundation.urls", ""),
    ("goldenthread.agencies.urls", ""),
    ("goldenthread.people.urls", ""),
    ("goldenthread.casework.urls", ""),
    ("goldenthread.casework.register_urls", ""),
    ("goldenthread.casework.retention_urls", ""),
    ("goldenthread.casework.boards.urls", ""),
    ("goldenthread.sharing.urls", ""),
    ("goldenthread.sharing.agreement_urls", "agreements/"),
    ("goldenthread.sharing.request_urls", ""),
    ("goldenthread.sharing.encompass_urls", ""),
    ("goldenthread.sharing.chronology_urls", ""),
    ("goldenthread.sharing.access_urls", ""),
    ("goldenthread.meetings.urls", ""),
    ("goldenthread.intelligence.questions.urls", ""),
    ("goldenthread.intelligence.comments.urls", ""),
    ("goldenthread.intelligence.subscriptions.urls", ""),
    ("goldenthread.intelligence.urls", "scorecard/"),
    ("goldenthread.intelligence.marks.urls", "scorecard/"),
    ("goldenthread.intelligence.journey_urls", "journeys/"),
    ("goldenthread.intelligence.capacity_urls", "capacity/"),
    ("goldenthread.intelligence.figures.urls", ""),
    ("goldenthread.intelligence.collections.urls", ""),
)


def _exists(module: str) -> bool:
    package, _, _ = module.rpartition(".")
    return find_spec(package) is not None and find_spec(module) is not None


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("accounts/", include("goldenthread.web.sign_in")),
    path("accounts/", views.account, name="account"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("components/", views.components, name="components"),
    path("api/v1/", addresses),
    *(path(start, include(module)) for module, start in SECTIONS if _exists(module)),
]

handler400 = "goldenthread.web.errors.bad_request"
handler403 = "goldenthread.web.errors.permission_denied"
handler404 = "goldenthread.web.errors.not_found"
handler429 = "goldenthread.web.errors.too_many"
handler500 = "goldenthread.web.errors.server_error"
