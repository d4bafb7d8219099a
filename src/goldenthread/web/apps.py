"""The web floor as a Django app: its templates, static files, checks and the table that limits on guessing share."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "goldenthread.web"
    label = "web"

    def ready(self) -> None:
        from goldenthread.web import checks  # noqa: F401  registers them

        # Django tells only apps that have models; this one has none, so it listens for one that has.
        post_migrate.connect(_make_cache_table, sender=apps.get_app_config("foundation"))


def _make_cache_table(sender: AppConfig, using: str, **_: Any) -> None:
    if any(cache["BACKEND"].endswith("DatabaseCache") for cache in settings.CACHES.values()):
        call_command("createcachetable", database=using, verbosity=0)
