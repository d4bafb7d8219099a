"""Addresses of published figures."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "figures"

urlpatterns = [
    path("figures/", views.list_page, name="list"),
    path("figures/checks/", views.checks_page, name="checks"),
    path("figures/all/<slug:form>/", views.download_all, name="download-all"),
    path("figures/tables/<slug:key>/", views.table_page, name="table"),
    path("figures/tables/<slug:key>/<slug:form>/", views.download, name="download"),
    path("figures/<uuid:figure>/", views.one_page, name="one"),
]
