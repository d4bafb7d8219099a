"""Addresses of the chronology, its export for a review, and a person's own record."""

from __future__ import annotations

from django.urls import path

from .views import chronology

app_name = "chronology"
urlpatterns = [
    path("children/<uuid:person>/chronology/", chronology.chronology, name="child"),
]
