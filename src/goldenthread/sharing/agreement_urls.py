"""Addresses of sharing agreements and of sharing in an emergency. They begin with agreements/."""

from __future__ import annotations

from django.urls import path

from .views import agreements, overrides

app_name = "agreements"
urlpatterns = [
    path("", agreements.agreements, name="list"),
    path("try/", agreements.try_it, name="try"),
    path("emergency/", overrides.overrides, name="overrides"),
    path("emergency/<uuid:override>/", overrides.override, name="override"),
    path("emergency/case/<uuid:case>/", overrides.emergency, name="emergency"),
    path("<slug:agreement>/", agreements.agreement, name="agreement"),
]
