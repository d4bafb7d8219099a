"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from .views import notices

app_name = "sharing"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/email/", notices.choice, name="notice-choice"),
    path("notices/<uuid:notice>/seen/", notices.see, name="see-notice"),
]
