"""Settings of the tests. The database is a throwaway one on SQLite, or the PostgreSQL that GT_DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from goldenthread.web.database import database_from_url

# Each run has its own folder, so that two runs on one machine do not meet.
_scratch = Path(tempfile.gettempdir()) / f"goldenthread-tests-{os.getpid()}"
os.environ["GT_VAR"] = str(_scratch / "var")

from goldenthread.web.settings.base import *  # noqa: E402, F403

SECRET_KEY = "for-tests-only-for-tests-only-for-tests-only-for-tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # allauth: False switches them off
GT_REQUIRE_TWO_FACTOR = False
GT_DEMO = False

# A file, not memory: tests of two people writing at once need two real connections. Nothing here must survive a
# power cut, so SQLite need not wait for the disk.
DATABASES = {
    "default": database_from_url(
        os.environ.get("GT_DATABASE_URL") or f"sqlite:///{_scratch / 'unused.sqlite3'}", synchronous="OFF"
    )
}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
