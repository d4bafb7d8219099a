"""Addresses about looks at records: who looked and why, questions, emergency access."""

from __future__ import annotations

from django.urls import path

from .views import access, emergency

app_name = "access"
urlpatterns = [
    path("access/", access.home, name="home"),
    path("access/why/", access.why, name="why"),
    path("access/mine/", access.mine, name="mine"),
    path("access/child/<uuid:person>/", access.child, name="child"),
    path("access/questions/", access.questions, name="questions"),
    path("access/questions/<uuid:question>/", access.question, name="question"),
    path("access/emergency/", emergency.ask, name="emergency"),
    path("access/emergency/used/", emergency.used, name="emergency-used"),
    path("access/emergency/<uuid:access>/", emergency.one, name="emergency-one"),
    path("access/emergency/<uuid:access>/end/", emergency.end, name="emergency-end"),
]
