"""Addresses of marked changes. They begin with scorecard/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "marks"
urlpatterns = [
    path("<slug:indicator>/changes/new/", views.mark, name="mark"),
    path("changes/<uuid:mark>/take-off/", views.take_off, name="take-off"),
]
