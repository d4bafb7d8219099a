"""Pages for when something goes wrong: what happened, what to do, and nothing lost. Never a traceback, never a record.

Source: GOV.UK Design System patterns for problem pages. A form whose page went stale or whose writer was signed out is
offered back to send again, but only to the site it came from, so that no other site can have a person press the button.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.template import loader

log = logging.getLogger("goldenthread.web")

#: Never offered back: what only its owner should type.
SECRET_FIELDS = ("password", "oldpassword", "password1", "password2", "code", "csrfmiddlewaretoken")

TITLES = {
    400: "We could not understand that",
    403: "You do not have permission to see or do this",
    404: "Page not found",
    405: "That page cannot be used that way",
    409: "Someone else changed this while you were working",
    413: "That file is too large",
    429: "Too many attempts",
    500: "Sorry, there is a problem with the service",
}
ADVICE = {
    400: "The address or the form had something in it that this page cannot use. Go back and try again.",
    403: "If your work needs it, ask the person who manages accounts in your organisation.",
    404: "The record may not exist, or you may not have access to it. If you typed the address, check it is correct.",
    405: "Go back and use the buttons on the page.",
    409: "Nothing of yours or theirs has been lost. Look at what changed, then decide what to save.",
    413: "Choose a smaller file, or split it into parts.",
    429: "Wait a few minutes, then try again.",
    500: "What you had saved is safe. Try again in a few minutes.",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, not a person's browser."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def problem(request: HttpRequest, status: int, *, message: str = "", **context: Any) -> HttpResponse:
    """The page (or JSON) for `status`. `message` says what happened in this case."""
    title = TITLES.get(status, TITLES[400])
    if request.path.startswith("/api/"):  # as the API's own problems, RFC 9457
        body = {"type": "about:blank", "title": title, "status": status, "detail": message or title, "errors": {}}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    if wants_json(request):
        return JsonResponse({"error": status, "message": message or title}, status=status)
    words = {"status": status, "title": title, "message": message, "advice": ADVICE.get(status, ADVICE[400])}
    template = loader.get_template("errors/problem.html")
    return HttpResponse(template.render({**words, **context}, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 when the words of a form alone were too much."""
    if isinstance(exception, RequestDataTooBig):
        return problem(request, 413, message="The form holds more text than can be sent at once.")
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return problem(request, 413, message="The form has more answers or files than can be sent at once.")
    return problem(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return problem(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words for what does not exist and for what may not be seen."""
    return problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a reference that finds the log line. Must work when nothing else does, so it asks no database."""
    reference = secrets.token_hex(4)
    log.error("problem page shown, reference %s", reference)
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": TITLES[500], "status": 500, "detail": f"Reference {reference}", "errors": {}}
        return JsonResponse(body, status=500, content_type="application/problem+json")
    if wants_json(request):
        return JsonResponse({"error": 500, "message": TITLES[500], "reference": reference}, status=500)
    page = loader.get_template("errors/server_error.html")
    return HttpResponse(page.render({"reference": reference, "title": TITLES[500]}), status=500)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429, when a limit on attempts is reached."""
    return problem(request, 429)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429, when a name has been tried too often from one place."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    return problem(
        request,
        429,
        message=f"There were {settings.AXES_FAILURE_LIMIT} wrong attempts to sign in. Wait {minutes} minutes.",
        advice="If you have forgotten your password, ask the person who manages accounts in your organisation.",
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose security token is missing or old: usually the person signed in again in another tab."""
    if wants_json(request):
        return JsonResponse({"error": "stale_form", "message": "Reload the page and try again."}, status=403)
    if request.path.startswith("/accounts/"):
        return problem(
            request,
            403,
            title="This page had been open too long",
            message="Nothing was changed.",
            advice="Open the page again and try once more. Your browser must accept cookies.",
            again=request.path,
        )
    return _offer_again(
        request,
        title="This form had been open too long",
        message="It has not been saved yet. What you typed is still here.",
        needs_sign_in=False,
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form sent after the session ended."""
    return _offer_again(
        request,
        title="You have been signed out",
        message="Your session ended while you were working. It has not been saved yet. What you typed is still here.",
        needs_sign_in=True,
    )


def too_large(request: HttpRequest, *, kept: bool = True) -> HttpResponse:
    """413, with the rest of the form offered back without the file."""
    limit = settings.GT_UPLOAD_LIMIT // (1024 * 1024)
    names = ", ".join(getattr(request, "too_large_files", []))
    message = f"{names or 'The file'} is larger than {limit} MB, which is the most that can be sent."
    if not kept or wants_json(request):
        return problem(request, 413, message=message)
    return _offer_again(
        request,
        title=TITLES[413],
        message=f"{message} Nothing has been saved yet. What you typed is still here.",
        needs_sign_in=False,
        status=413,
        send_words="Send without that file",
    )


def _offer_again(
    request: HttpRequest,
    *,
    title: str,
    message: str,
    needs_sign_in: bool,
    status: int = 403,
    send_words: str = "Send it again",
) -> HttpResponse:
    fields: list[tuple[str, str]] = []
    files: list[str] = []
    if _came_from_here(request):
        try:
            fields = [
                (name, value)
                for name, values in request.POST.lists()
                if name not in SECRET_FIELDS
                for value in values
            ]
            files = [upload.name or "" for name in request.FILES for upload in request.FILES.getlist(name)]
        except (UnreadablePostError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            fields = []
    return problem(
        request,
        status,
        title=title,
        message=message
        if fields
        else "It has not been saved yet. Go back in your browser to find what you typed.",
        template_fields=fields,
        chosen_files=files,
        needs_sign_in=needs_sign_in,
        send_words=send_words,
        send_to=request.get_full_path(),
        advice="",
    )


def _came_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent this form: browsers say so in Origin, older ones in Referer."""
    sent_by = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sent_by).netloc == request.get_host()
