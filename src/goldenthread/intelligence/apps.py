"""Intelligence as a Django app: pages of totals. It has no tables of its own; values are kept beside the extract."""

from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    name = "goldenthread.intelligence"
    label = "intelligence"
    default_auto_field = "django.db.models.BigAutoField"
