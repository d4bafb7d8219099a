"""Settings of a real service: https only, two-factor sign-in for everyone, nothing guessed.

Needs SECRET_KEY, GT_DATABASE_URL and GT_HOSTS (names the service answers to, separated by commas). Run
`manage.py check --deploy` before people use it; a wrong setting stops the start.
"""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from goldenthread.web.settings.base import *  # noqa: F403


def _required(name: str, why: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


SECRET_KEY = _required(
    "SECRET_KEY", "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
)
_required(
    "GT_DATABASE_URL", "Name the database, for example postgresql://goldenthread@db.example/goldenthread"
)
ALLOWED_HOSTS = [
    host.strip()
    for host in _required("GT_HOSTS", "Name the hosts, for example thread.example.gov.uk").split(",")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

DEBUG = False
GT_DEMO = False
GT_REQUIRE_TWO_FACTOR = True

SECURE_SSL_REDIRECT = os.environ.get("GT_HTTPS", "on") != "off"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if GT_TRUSTED_PROXIES else None  # noqa: F405
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-gt_session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-gt_csrf"

# Shared by every server process, so that limits on guessing hold across them. The table is made by `migrate`.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}

WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_HOST = os.environ.get("GT_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("GT_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("GT_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GT_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GT_EMAIL_TLS", "on") != "off"
DEFAULT_FROM_EMAIL = os.environ.get("GT_EMAIL_FROM", f"no-reply@{ALLOWED_HOSTS[0]}")
GT_SERVICE_ADDRESS = os.environ.get("GT_SERVICE_ADDRESS", f"https://{ALLOWED_HOSTS[0]}")
if GT_NOTIFY_API_KEY:  # noqa: F405
    EMAIL_BACKEND = "goldenthread.web.notify.NotifyBackend"
    _required("GT_NOTIFY_TEMPLATE", "Name the template of GOV.UK Notify, with ((subject)) and ((body)) in it.")
