"""Addresses of requests, one-time links and hand-overs."""

from __future__ import annotations

from django.urls import path

from .views import answer_link, answering, ask, hand_over, requests

app_name = "requests"
urlpatterns = [
    path("requests/", requests.requests, name="list"),
    path("requests/<uuid:asked>/answer/", answering.answer, name="answer"),
    path("requests/<uuid:asked>/link/", requests.make_link, name="make-link"),
    path("requests/<uuid:asked>/withdraw-link/", requests.withdraw_link, name="withdraw-link"),
    path("cases/<uuid:case>/ask/", ask.ask, name="ask"),
    path("cases/<uuid:case>/requests/", requests.of_case, name="of-case"),
    path("cases/<uuid:case>/requests/held/", requests.ask_held, name="ask-held"),
    path("answer/<str:secret>/", answer_link.answer_link, name="answer-link"),
    path("cases/<uuid:case>/hand-over/", hand_over.offer, name="offer"),
    path("hand-overs/", hand_over.hand_overs, name="hand-overs"),
    path("hand-overs/<uuid:offered>/", hand_over.hand_over, name="hand-over"),
    path("hand-overs/<uuid:offered>/withdraw/", hand_over.withdraw, name="withdraw-hand-over"),
]
