"""Addresses of subscriptions to the scorecard."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "subscriptions"
urlpatterns = [
    path("scorecard/subscriptions/", views.list_page, name="list"),
    path("scorecard/subscriptions/<uuid:subscription>/end/", views.end, name="end"),
]
