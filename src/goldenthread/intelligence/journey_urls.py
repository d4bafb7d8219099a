"""Addresses of journeys. They begin with journeys/."""

from __future__ import annotations

from django.urls import path

from .views import journeys

app_name = "journeys"
urlpatterns = [path("", journeys.journeys, name="list")]
