"""What a web server runs: `gunicorn goldenthread.web.wsgi`. Strict settings unless told otherwise."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.web.settings.production")

application = get_wsgi_application()
