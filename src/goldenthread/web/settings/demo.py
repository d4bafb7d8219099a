"""Settings to try Golden Thread on one machine with made-up people: plain http on localhost, no two-factor sign-in."""

from __future__ import annotations

from goldenthread.web.settings.base import *  # noqa: F403
from goldenthread.web.settings.base import LOGGING, VAR_DIR
from goldenthread.web.settings.key import kept_key

SECRET_KEY = kept_key(VAR_DIR / "secret-key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
GT_DEMO = True
GT_REQUIRE_TWO_FACTOR = False
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Everyone here is made up, so the log may say what went wrong in full.
LOGGING = {
    **LOGGING,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
}
