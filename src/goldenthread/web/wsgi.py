"""What a web server runs: `gunicorn goldenthread.web.wsgi`. Strict settings unless told otherwise."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.web.settings.production")

application = get_wsgi_application()

from goldenthread.web.checks import production_is_safe  # noqa: E402  settings are read by now

# Servers do not run Django's checks by themselves: without this an unsafe setting would only be seen by `manage.py`.
if _wrong := production_is_safe(None):
    raise ImproperlyConfigured("; ".join(f"{one.msg}. {one.hint}" for one in _wrong))
