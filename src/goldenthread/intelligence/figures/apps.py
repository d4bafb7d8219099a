"""Published figures as a Django app."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "goldenthread.intelligence.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
