"""Refuses to start a real service that is configured unsafely. Source: Django's deployment checklist; house rules.

Django runs these before `migrate`, `runserver` and `goldenthread serve`; `manage.py check --deploy` adds its own.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

DEMO_SETTINGS = ("goldenthread.web.settings.demo", "goldenthread.web.settings.test")


@register(Tags.security)
def production_is_safe(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every way in which settings that are not the demo's or the tests' are unsafe."""
    if settings.SETTINGS_MODULE in DEMO_SETTINGS:
        return []
    key = settings.SECRET_KEY
    wrong = [
        (settings.DEBUG, "E001", "DEBUG is on", "Pages would show code and data. Set DEBUG = False."),
        (
            len(key) < 50 or len(set(key)) < 5 or "insecure" in key or "for-tests-only" in key,
            "E002",
            "SECRET_KEY is short, guessable or a default",
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
        ),
        (
            not settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER,
            "E003",
            "Pages would be served over plain http",
            "Set GT_HTTPS=on, or where a proxy ends https set GT_TRUSTED_PROXIES to how many proxies there are.",
        ),
        (
            not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE),
            "E004",
            "Cookies would travel over plain http",
            "Set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE.",
        ),
        (
            not settings.GT_REQUIRE_TWO_FACTOR,
            "E005",
            "Two-factor sign-in is not required",
            "Set GT_REQUIRE_TWO_FACTOR = True.",
        ),
        (
            settings.GT_DEMO,
            "E006",
            "GT_DEMO is on",
            "The demo's accounts and passwords are public. Set it to False.",
        ),
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "E007",
            "The service would answer to any host name",
            "Set GT_HOSTS to the names people use.",
        ),
        (
            not settings.CONTENT_SECURITY_POLICY,
            "E008",
            "Pages would be sent without a content security policy",
            "Keep CONTENT_SECURITY_POLICY as in goldenthread.web.settings.base.",
        ),
    ]
    return [
        Error(message, hint=hint, id=f"goldenthread.{number}") for bad, number, message, hint in wrong if bad
    ]
