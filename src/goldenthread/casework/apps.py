"""Casework as a Django app: at start it tells the floor below which people are known by their cases."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "goldenthread.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.people.actions.merging import register_afterwards
        from goldenthread.people.policies import register_case_visibility

        from .actions.joined import reckon_again
        from .policies import people_by_name, people_in_cases

        register_case_visibility(people_in_cases, people_by_name)
        register_afterwards(reckon_again)
