"""Addresses of collections."""

from __future__ import annotations

from django.urls import path

from .views import agency, check, overview, sheet

app_name = "collections"

urlpatterns = [
    path("collections/", agency.list_page, name="list"),
    path("collections/overview/", overview.overview_page, name="overview"),
    path("collections/overview/<slug:collection>/ask/", overview.ask, name="ask"),
    path("collections/<uuid:submission>/", agency.one, name="one"),
    path("collections/<uuid:submission>/check/", check.check_page, name="check"),
    path("collections/<uuid:submission>/decide/", check.decide, name="decide"),
    path("collections/<uuid:submission>/excel/", sheet.download, name="download"),
    path("collections/<uuid:submission>/excel/bring/", sheet.bring, name="bring"),
]
