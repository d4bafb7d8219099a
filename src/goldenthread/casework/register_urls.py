"""Addresses of the action register."""

from __future__ import annotations

from django.urls import path

from .views import register

app_name = "register"
urlpatterns = [
    path("actions/", register.register, name="list"),
    path("actions/export/", register.export, name="export"),
    path("actions/<uuid:action>/", register.action, name="one"),
    path("actions/<uuid:action>/record/<slug:kind>/", register.record, name="record"),
]
