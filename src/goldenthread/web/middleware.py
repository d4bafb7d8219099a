"""What happens round every page: sessions end when idle, browsers keep no copies, two-factor sign-in, plain errors.

May import foundation (errors that actions raise). Source: house.md "closed by default"; NCSC guidance on sessions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.limits import TooMany
from goldenthread.web.errors import problem, signed_out, too_large, wants_json
from goldenthread.web.uploads import HARD_LIMIT

GetResponse = Callable[[HttpRequest], HttpResponseBase]

#: A session's end moves at most this often, so that reading pages does not write to the database each time.
TOUCH_EVERY = 300
#: Pages someone without two-factor sign-in may still reach: setting it up, proving who they are, leaving.
OPEN_WITHOUT_TWO_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "account_reauthenticate",
        "account_login",
        "account_logout",
        "help",
        "accessibility",
        "privacy",
    }
)


class SignedInPeopleOnly(LoginRequiredMiddleware):
    """Sends people who are not signed in to sign in; one whose session ended while writing keeps what they wrote."""

    def handle_no_permission(  # type: ignore[override]  # the stubs allow a redirect only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return JsonResponse({"error": "signed_out", "message": "You have been signed out."}, status=401)
        if request.method == "POST":
            return signed_out(request)
        response: HttpResponseBase = super().handle_no_permission(request, view_func)
        return response


class IdleSession:
    """Ends a session so many minutes after its last use. A page that refreshes itself (X-Background) is not use."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.session
        if "_auth_user_id" in session and "X-Background" not in request.headers:
            now = int(time.time())
            if now - session.get("used", 0) > TOUCH_EVERY:
                session["used"] = now
        return self.get_response(request)


class PrivatePages:
    """Tells browsers and proxies to keep no copy of a signed-in person's pages, and which powers pages never need."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        if "_auth_user_id" in request.session and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response


class RequireTwoFactor:
    """Where settings require it, a signed-in person without an authenticator app sets one up before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if not settings.GT_REQUIRE_TWO_FACTOR or not request.user.is_authenticated:
            return None
        if request.session.get("two_factor"):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_WITHOUT_TWO_FACTOR:
            return None
        from allauth.mfa.models import Authenticator  # its models load after ours

        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            request.session["two_factor"] = True
            return None
        if wants_json(request):
            return JsonResponse(
                {"error": "two_factor", "message": "Set up two-factor sign-in first."}, status=403
            )
        return HttpResponseRedirect(
            f"{reverse('mfa_activate_totp')}?{urlencode({'next': request.get_full_path()})}"
        )


class PlainErrors:
    """Turns what actions, policies and uploads refuse into a page in plain words with the right status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > HARD_LIMIT:
            return too_large(request, kept=False)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method == "POST" and request.content_type == "multipart/form-data":
            request.FILES  # noqa: B018  read the form now, so that uploads.LimitUpload has seen every file
        # The rest of the form is intact and is offered back.
        return too_large(request) if getattr(request, "too_large_files", None) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return problem(request, 403, message=exception.message)
        if isinstance(exception, Stale):
            return problem(request, 409)
        if isinstance(exception, TooMany):
            response = problem(request, 429, message=str(exception))
            response.headers["Retry-After"] = str(exception.wait)
            return response
        if isinstance(exception, Invalid):  # a view that can, shows these beside their questions instead
            return problem(request, 400, message=str(exception))
        return None
