"""Questions about figures as a Django app: at start it tells casework, a floor below, that they are asked from the scorecard."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "goldenthread.intelligence.questions"
    label = "questions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.actions.appending import register_guard

        from .actions import against_asking_elsewhere

        register_guard(against_asking_elsewhere)
