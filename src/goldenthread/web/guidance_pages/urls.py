"""Addresses of the guidance pages, under /guidance/."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "guidance"

urlpatterns = [
    path("", views.list_pathways, name="list"),
    path("what-if/", views.what_if, name="what-if"),
    path("what-if/<slug:pathway_id>/", views.what_if_case, name="what-if-case"),
    path("arrangement/<slug:arrangement_id>/", views.arrangement, name="arrangement"),
    path("collection/<slug:collection_id>/", views.collection, name="collection"),
    path("meeting/<slug:meeting_id>/", views.meeting, name="meeting"),
    path("pathway/<slug:pathway_id>/", views.pathway, name="pathway"),
]
