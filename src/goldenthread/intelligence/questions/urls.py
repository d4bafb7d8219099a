"""Addresses of questions about figures: under the scorecard's, and tried before them."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "questions"
urlpatterns = [
    path("scorecard/questions/", views.list_page, name="list"),
    path("scorecard/questions/<uuid:case>/", views.one_page, name="one"),
    path("scorecard/<slug:indicator>/ask/", views.ask, name="ask"),
]
