"""Pages of the frame itself: the way in, help, accessibility, privacy, your account, a preview of components."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.agencies.models import User
from goldenthread.foundation.policy import signed_in
from goldenthread.sharing.actions.reminder_mail import choice_of
from goldenthread.sharing.views.notices import HOW
from goldenthread.web.components import examples
from goldenthread.web.navigation import entries_for
from goldenthread.web.policies import open_to_all


@signed_in("only leads on to a page that checks")
def home(request: HttpRequest) -> HttpResponse:
    """The way in: the first page of the bar that one may open, for most people their work."""
    first = next(iter(entries_for(request)), None)
    return HttpResponseRedirect(str(first["href"]) if first else reverse("account"))


@signed_in("one's own account")
def account(request: HttpRequest) -> HttpResponse:
    """Your account: password, two-factor sign-in, sign out."""
    from allauth.mfa.utils import is_mfa_enabled  # its models load after ours

    words = HOW[choice_of(cast(User, request.user))][0]
    return render(request, "web/account.html", {"two_factor": is_mfa_enabled(request.user), "email_choice": words})


@open_to_all("says nothing about anyone; needed before signing in")
def help_page(request: HttpRequest) -> HttpResponse:
    """Help with signing in and where to ask."""
    return render(request, "web/help.html")


@open_to_all("the law asks that anyone can read it")
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement. Source: Public Sector Bodies Accessibility Regulations 2018."""
    return render(request, "web/accessibility.html")


@open_to_all("anyone may read it")
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people who use the service, and cookies."""
    return render(request, "web/privacy.html")


@open_to_all("made-up content, only in a demo")
def components(request: HttpRequest) -> HttpResponse:
    """Every macro of ours with made-up content, for those who build pages. Only where nothing is real."""
    if not (settings.DEBUG or settings.GT_DEMO):
        raise Http404
    return render(request, "web/components.html", examples())
