"""Email by GOV.UK Notify in place of a mail server: a backend of Django's mail, so that every email goes the same way.

Source: the API of GOV.UK Notify, https://docs.notifications.service.gov.uk/rest-api.html (send an email; a token signed with
the key for each call). The template there has ((subject)) for its subject and ((body)) for its text. Depends on Django and the
standard library.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Sequence
from hashlib import sha256
from smtplib import SMTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf"^.*?({_UUID})-({_UUID})$")
"""A key is its name, the service's id and the secret, with hyphens between."""


class NotSent(SMTPException):
    """GOV.UK Notify would not take an email. The message says the status alone: an answer may repeat the address."""


class _NoRedirects(HTTPRedirectHandler):
    """A token goes where it was meant to go, or nowhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class NotifyBackend(BaseEmailBackend):
    """Each message to each person is one call."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._sent(message) for message in email_messages)

    def _sent(self, message: EmailMessage) -> bool:
        """One message to everybody it is for; the first who does not get it ends it."""
        try:
            for address in message.recipients():
                _send(str(message.subject), str(message.body), address)
        except NotSent:
            if not self.fail_silently:
                raise
            return False
        return True


def _send(subject: str, body: str, address: str) -> None:
    given = {"subject": subject, "body": body}
    sent = {"email_address": address, "template_id": settings.GT_NOTIFY_TEMPLATE, "personalisation": given}
    url = f"{settings.GT_NOTIFY_URL.rstrip('/')}/v2/notifications/email"
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotSent("GT_NOTIFY_URL is not an address of the web.")
    headers = {"Authorization": f"Bearer {token(settings.GT_NOTIFY_API_KEY)}", "Content-Type": "application/json"}
    request = Request(url, json.dumps(sent).encode(), headers)
    try:
        with build_opener(_NoRedirects).open(request, timeout=settings.EMAIL_TIMEOUT or 20) as answer:
            answer.read()
    except HTTPError as error:
        raise NotSent(f"GOV.UK Notify answered {error.code}.") from None
    except (URLError, OSError) as error:
        raise NotSent(f"GOV.UK Notify could not be reached ({type(error).__name__}).") from None


def token(key: str, now: float | None = None) -> str:
    """A token for one call: who is asking and when, signed with the secret of the key (JWT, HS256)."""
    found = _KEY.match(key.strip())
    if found is None:
        raise NotSent("GT_NOTIFY_API_KEY is not a key of GOV.UK Notify: its name, the service's id and a secret.")
    service, secret = found.groups()
    parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": int(time.time() if now is None else now)})
    said = b".".join(_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return (said + b"." + _encoded(hmac.new(secret.encode(), said, sha256).digest())).decode()


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
