"""The address at which a comment on a figure is written."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "comments"
urlpatterns = [path("scorecard/<slug:indicator>/comment/", views.comment, name="comment")]
