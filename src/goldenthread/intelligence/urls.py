"""Addresses of the scorecard. They begin with scorecard/."""

from __future__ import annotations

from django.urls import path

from .views import download, one, scorecard

app_name = "scorecard"
urlpatterns = [
    path("", scorecard.scorecard, name="list"),
    path("excel/", download.excel, name="excel"),
    path("page/", download.page, name="page"),
    path("<slug:indicator>/", one.indicator, name="indicator"),
    path("<slug:indicator>/excel/", download.indicator_excel, name="indicator-excel"),
    path("<slug:indicator>/page/", download.indicator_page, name="indicator-page"),
]
