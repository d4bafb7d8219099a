"""Addresses of capacity. They begin with capacity/."""

from __future__ import annotations

from django.urls import path

from .views import capacity

app_name = "capacity"
urlpatterns = [path("", capacity.capacity, name="list")]
