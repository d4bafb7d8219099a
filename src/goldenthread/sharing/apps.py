"""Sharing as a Django app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "goldenthread.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
