"""Addresses of people."""

from django.urls import path

from .views import details, matching, search

app_name = "people"
urlpatterns = [
    path("people/", search.search_page, name="search"),
    path("people/register/", search.register, name="register"),
    path("people/matches/", matching.matches, name="matches"),
    path("people/<uuid:person>/same-as/", matching.same_as, name="same-as"),
    path("people/<uuid:person>/compare/<uuid:other>/", matching.compare, name="compare"),
    path("people/joined/<uuid:merge>/", matching.joined, name="joined"),
    path("people/<uuid:person>/details/", details.details, name="details"),
    path("people/<uuid:person>/change/", details.change, name="change"),
    path("people/<uuid:person>/add/<slug:what>/", details.add, name="add"),
    path("people/<uuid:person>/relatives/", details.relative, name="relative"),
    path("people/<uuid:person>/warnings/<int:warning>/end/", details.end_warning, name="end-warning"),
]
