"""Sharing as a Django app: at start it tells casework, a floor below, what to say of agencies that were asked."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "goldenthread.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.asked import register_asked_notes

        from .queries.requests import notes_for

        register_asked_notes(notes_for)
