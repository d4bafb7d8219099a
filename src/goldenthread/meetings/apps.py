"""Meetings as a Django app: at start it tells casework, a floor below, what to say of meetings beside a case and on my work."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "goldenthread.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.beside import register_beside, register_owed

        from .queries.beside import beside_case, owed_by

        register_beside(beside_case)
        register_owed(owed_by)
