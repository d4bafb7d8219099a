"""When something goes wrong: plain words, the right status, nothing typed is lost, and nothing told to strangers."""

from __future__ import annotations

import logging
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.web import urls as service
from goldenthread.web.logs import NoValues

from .people import someone

HERE = {"Origin": "http://testserver"}


def keep(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"saved {request.POST.get('what_she_said')} with {len(request.FILES)} files")


def raises(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("assessment/", keep, name="assessment"),
    path("not-allowed/", raises(NotAllowed("Your role does not include this page."))),
    path("denied/", raises(PermissionDenied())),
    path("stale/", raises(Stale(1, 2))),
    path("invalid/", raises(Invalid({"when": "The date must not be in the future"}))),
    path("broken/", raises(RuntimeError("secret about Amira"))),
    path("", include(service)),
]
handler400, handler403, handler404 = service.handler400, service.handler403, service.handler404
handler500 = service.handler500

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def worker():
    client = Client(raise_request_exception=False)
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nowhere/", 404, "Page not found"),
        ("/not-allowed/", 403, "Your role does not include this page."),
        ("/denied/", 403, "You do not have permission"),
        ("/stale/", 409, "Someone else changed this while you were working"),
        ("/invalid/", 400, "must not be in the future"),
        ("/broken/", 500, "Sorry, there is a problem with the service"),
    ],
)
def test_a_problem_says_what_happened_and_what_to_do(worker, address, status, says):
    response = worker.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert says in page
    for never in ("Traceback", "Amira", "RuntimeError", "django."):
        assert never not in page


def test_a_broken_page_gives_a_reference_that_the_log_has_too(worker, caplog):
    page = worker.get("/broken/").content.decode()
    reference = page.split("<strong>")[1].split("</strong>")[0]
    assert any(reference in record.getMessage() for record in caplog.records)


def test_the_log_says_where_and_never_which_values():
    try:
        raise RuntimeError("secret about Amira")
    except RuntimeError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    written = NoValues("{message}", style="{").format(record)
    assert "RuntimeError" in written
    assert "test_errors.py" in written
    assert "Amira" not in written


def test_a_form_sent_after_the_session_ended_is_kept_and_can_be_sent_again():
    typed = {"what_she_said": "I would like a lock on my door", "password1": "hunter2"}
    client = Client(headers=HERE)
    page = client.post("/assessment/", typed).content.decode()
    assert "You have been signed out" in page
    assert "Sign in (opens in a new tab)" in page
    assert 'name="what_she_said" value="I would like a lock on my door"' in page
    assert "hunter2" not in page
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"saved I would like a lock on my door" in client.post("/assessment/", typed).content


def test_a_form_with_an_old_token_is_kept_and_the_offer_carries_a_new_one():
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/assessment/", {"what_she_said": "a lock", "csrfmiddlewaretoken": "old"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "This form had been open too long" in page
    assert 'name="what_she_said" value="a lock"' in page
    token = (
        page.split('action="/assessment/"')[1].split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    )
    again = client.post("/assessment/", {"what_she_said": "a lock", "csrfmiddlewaretoken": token})
    assert again.content == b"saved a lock with 0 files"


def test_another_site_cannot_have_its_form_offered():
    client = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post("/assessment/", {"what_she_said": "planted"}).content.decode()
    assert "planted" not in page
    assert "Go back in your browser" in page


def test_what_was_typed_is_shown_as_text_never_as_markup():
    page = Client(headers=HERE).post("/assessment/", {"note": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_a_script_is_told_by_status_and_json():
    response = Client().post("/assessment/", {"a": 1}, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json()["error"] == "signed_out"


def test_a_file_that_is_too_large_is_refused_and_the_words_are_kept(worker, settings):
    settings.GT_UPLOAD_LIMIT = 1024 * 1024
    large = SimpleUploadedFile("scan.pdf", b"x" * (1024 * 1024 + 1))
    response = worker.post("/assessment/", {"what_she_said": "a lock", "scan": large}, headers=HERE)
    page = response.content.decode()
    assert response.status_code == 413
    assert "scan.pdf is larger than 1 MB" in page
    assert 'name="what_she_said" value="a lock"' in page
    assert "Send without that file" in page


def test_a_file_within_the_limit_arrives(worker, settings):
    settings.GT_UPLOAD_LIMIT = 1024 * 1024
    fine = SimpleUploadedFile("scan.pdf", b"x" * (1024 * 1024))
    assert b"with 1 files" in worker.post("/assessment/", {"scan": fine}).content


def test_an_absurd_upload_is_refused_unread(worker):
    response = worker.post("/assessment/", b"x", content_type="text/plain", CONTENT_LENGTH=str(10**10))
    assert response.status_code == 413


def test_more_words_than_can_be_sent_at_once_is_said_plainly(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=HERE)
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["gt_csrf"] = "x" * 32
    response = client.post("/assessment/", {"what_she_said": "x" * 2000})
    assert response.status_code == 413
