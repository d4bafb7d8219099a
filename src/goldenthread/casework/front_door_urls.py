"""Addresses of the child's page and the front door; `casework.urls` takes them up in its own name."""

from __future__ import annotations

from django.urls import path

from .views import child, contact, contact_ask, front_door, new_contact

urlpatterns = [
    path("children/<uuid:person>/", child.child, name="child"),
    path("front-door/", front_door.front_door, name="front-door"),
    path("front-door/new/", new_contact.start, name="new-contact"),
    path("front-door/new/<uuid:draft>/<slug:page>/", new_contact.page, name="new-contact-page"),
    path("front-door/<uuid:case>/", contact.contact, name="contact"),
    path("front-door/<uuid:case>/ask/", contact_ask.ask, name="contact-ask"),
    path("front-door/<uuid:case>/step/<slug:kind>/", contact.step, name="contact-step"),
]
