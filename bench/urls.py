"""The service's addresses and one more: an empty page behind the same middleware, as the peer of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from goldenthread.web.urls import *  # noqa: F403
from goldenthread.web.urls import urlpatterns as pages


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty, name="bench-empty"), *pages]
