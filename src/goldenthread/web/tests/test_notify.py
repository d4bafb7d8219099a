"""Email by GOV.UK Notify, against a server of our own: what is sent, how it is signed, and what an answer means."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.mail import EmailMessage

from goldenthread.web.notify import NotifyBackend, NotSent, token

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"golden-thread-test-{SERVICE}-{SECRET}"


class Fake(BaseHTTPRequestHandler):
    """Keeps what it was sent and answers what it is told to."""

    calls: list[tuple[str, str, dict[str, Any]]] = []
    answer = 201

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Fake.calls.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(Fake.answer)
        if Fake.answer == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b'{"errors": [{"message": "kai@example.org is not known"}]}')

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def server(settings: Any) -> Iterator[type[Fake]]:
    served = HTTPServer(("127.0.0.1", 0), Fake)
    Thread(target=served.serve_forever, daemon=True).start()
    Fake.calls, Fake.answer = [], 201
    settings.GT_NOTIFY_URL = f"http://127.0.0.1:{served.server_port}"
    settings.GT_NOTIFY_API_KEY, settings.GT_NOTIFY_TEMPLATE = KEY, "f33517ff-2a88-4f6e-b855-c550268ce08a"
    yield Fake
    served.shutdown()
    served.server_close()


def message(*to: str) -> EmailMessage:
    return EmailMessage("2 duties need you", "2 are late.", to=list(to), connection=NotifyBackend())


def test_each_person_is_one_call_with_subject_and_body(server: type[Fake]) -> None:
    assert message("a@example.org", "b@example.org").send() == 1
    assert [(path, sent["email_address"]) for path, _, sent in server.calls] == [
        ("/v2/notifications/email", "a@example.org"), ("/v2/notifications/email", "b@example.org"),
    ]  # fmt: skip
    assert server.calls[0][2]["personalisation"] == {"subject": "2 duties need you", "body": "2 are late."}
    assert server.calls[0][2]["template_id"] == "f33517ff-2a88-4f6e-b855-c550268ce08a"


def test_a_call_is_signed_with_the_secret_of_the_key(server: type[Fake]) -> None:
    message("a@example.org").send()
    said, _, signature = server.calls[0][1].removeprefix("Bearer ").rpartition(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in said.split("."))
    assert head == {"typ": "JWT", "alg": "HS256"} and claims["iss"] == SERVICE
    expected = hmac.new(SECRET.encode(), said.encode(), sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert SECRET not in server.calls[0][1]


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500])
def test_a_refusal_is_told_without_the_address(server: type[Fake], status: int) -> None:
    server.answer = status
    with pytest.raises(NotSent) as refused:
        message("kai@example.org").send()
    assert str(refused.value) == f"GOV.UK Notify answered {status}." and len(server.calls) == 1
    assert EmailMessage("s", "b", to=["kai@example.org"], connection=NotifyBackend(fail_silently=True)).send() == 0


def test_a_service_that_cannot_be_reached_and_a_wrong_key_are_told(server: type[Fake], settings: Any) -> None:
    settings.GT_NOTIFY_URL = "http://127.0.0.1:9"
    with pytest.raises(NotSent, match="could not be reached"):
        message("a@example.org").send()
    settings.GT_NOTIFY_URL = "file:///etc/passwd"
    with pytest.raises(NotSent, match="not an address of the web"):
        message("a@example.org").send()
    with pytest.raises(NotSent, match="not a key"):
        token("made-up")
