"""Marked changes as a Django app."""

from django.apps import AppConfig


class MarksConfig(AppConfig):
    name = "goldenthread.intelligence.marks"
    label = "marks"
    default_auto_field = "django.db.models.BigAutoField"
