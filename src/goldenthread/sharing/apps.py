"""Sharing as a Django app: at start it tells casework, a floor below, what to say of agencies that were asked, which events
have a page of their own, that no school is told and no agency made part of a case against an agreement, and that what was
told of a duty is dealt with once it is done."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "goldenthread.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from goldenthread.casework.actions.allocate import register_involving
        from goldenthread.casework.actions.appending import register_guard, register_settled
        from goldenthread.casework.asked import register_asked_notes, register_own_page

        from .actions.encompass import against_telling
        from .actions.reminding import settle_duties
        from .encompass import page_for
        from .involving import against_giving, against_involving
        from .queries.requests import notes_for

        register_asked_notes(notes_for)
        register_own_page(page_for)
        register_guard(against_telling)
        register_guard(against_giving)
        register_involving(against_involving)
        register_settled(settle_duties)
