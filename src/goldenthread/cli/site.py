"""Makes Django ready for a command that needs the database, and says in words why it cannot be."""

from __future__ import annotations

import os

from .plainly import refuse

DEFAULT_SETTINGS = "goldenthread.web.settings.demo"


def prepare() -> None:
    """Load Django with DJANGO_SETTINGS_MODULE, or the demo's settings where it names none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        refuse(f"The settings in {os.environ['DJANGO_SETTINGS_MODULE']} cannot be used: {error}")
    except ModuleNotFoundError as error:
        refuse(f"The settings in {os.environ['DJANGO_SETTINGS_MODULE']} cannot be loaded: {error}.")
