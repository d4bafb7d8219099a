"""Subscriptions to the scorecard as a Django app."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "goldenthread.intelligence.subscriptions"
    label = "subscriptions"
    default_auto_field = "django.db.models.BigAutoField"
