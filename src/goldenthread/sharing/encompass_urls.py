"""Addresses of Operation Encompass: incidents told to schools."""

from __future__ import annotations

from django.urls import path

from .views import encompass, encompass_new

app_name = "encompass"
urlpatterns = [
    path("encompass/", encompass.notices, name="list"),
    path("encompass/new/", encompass_new.start, name="new"),
    path("encompass/new/<uuid:draft>/<slug:page>/", encompass_new.page, name="new-page"),
    path("encompass/<uuid:case>/", encompass.notice, name="notice"),
    path("encompass/<uuid:case>/open/", encompass.open_notice, name="open"),
    path("encompass/<uuid:case>/find/", encompass.find, name="find"),
    path("encompass/<uuid:case>/tell/", encompass.tell, name="tell"),
    path("encompass/<uuid:case>/acted/", encompass.acted, name="acted"),
]
