"""Addresses of the boards."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "boards"
urlpatterns = [
    path("boards/", views.boards, name="list"),
    path("boards/<slug:board>/", views.board, name="board"),
    path("boards/<slug:board>/export.csv", views.export, name="export"),
    path("boards/<slug:board>/packs/", views.packs, name="packs"),
    path("boards/<slug:board>/report/", views.report, name="report"),
    path("boards/<slug:board>/<uuid:case>/", views.pack, name="pack"),
]
