"""Comments on figures as a Django app."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "goldenthread.intelligence.comments"
    label = "comments"
    default_auto_field = "django.db.models.BigAutoField"
