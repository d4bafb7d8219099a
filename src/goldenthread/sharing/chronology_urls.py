"""Addresses of the chronology, its export for a review, and a person's own record."""

from __future__ import annotations

from django.urls import path

from .views import chronology, exports

app_name = "chronology"
urlpatterns = [
    path("children/<uuid:person>/chronology/", chronology.chronology, name="child"),
    path("children/<uuid:person>/chronology/export/", exports.export, name="export"),
    path("people/<uuid:person>/subject-access/", exports.subject_access, name="subject-access"),
]
