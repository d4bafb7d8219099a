"""Addresses of the child's page and the front door; `casework.urls` takes them up in its own name."""

from __future__ import annotations

from django.urls import path

from .views import child

urlpatterns = [
    path("children/<uuid:person>/", child.child, name="child"),
]
