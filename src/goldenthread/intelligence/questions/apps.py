"""Questions about figures as a Django app: at start it tells casework, a floor below, that they are asked from the scorecard."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "goldenthread.intelligence.questions"
    label = "questions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.actions.appending import register_guard
        from goldenthread.casework.openings import register_opened_elsewhere

        from .actions import against_asking_elsewhere, is_asked_from_its_figure

        register_guard(against_asking_elsewhere)
        register_opened_elsewhere(is_asked_from_its_figure)
