"""Pages of the frame itself: the way in, help, accessibility, privacy, your account, and a preview of every component."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from goldenthread.web.components import examples


def home(request: HttpRequest) -> HttpResponse:
    """The way in: a signed-in person's work."""
    try:
        return HttpResponseRedirect(reverse("casework:my-work"))
    except NoReverseMatch:
        return HttpResponseRedirect(reverse("account"))


def account(request: HttpRequest) -> HttpResponse:
    """Your account: password, two-factor sign-in, sign out."""
    return render(request, "web/account.html")


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Help with signing in and where to ask."""
    return render(request, "web/help.html")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement. Source: Public Sector Bodies Accessibility Regulations 2018."""
    return render(request, "web/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people who use the service, and cookies."""
    return render(request, "web/privacy.html")


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """Every macro of ours with made-up content, for those who build pages. Only where nothing is real."""
    if not (settings.DEBUG or settings.GT_DEMO):
        raise Http404
    return render(request, "web/components.html", examples())
