from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """At start it tells casework, floors below, what to say of collections on the page of a person's work."""

    name = "goldenthread.intelligence.collections"
    label = "collections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.beside import register_owed

        from .queries import owed_by

        register_owed(owed_by)
