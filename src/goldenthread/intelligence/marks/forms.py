"""Forms about marked changes. The actions say what must be answered, so that all that is wrong is said at once."""

from __future__ import annotations

from typing import Any

from django import forms

from goldenthread.foundation.forms import DayField, VersionedForm

from .actions import WORDS


class MarkForm(VersionedForm):
    """What changed, where and when."""

    what = forms.CharField(
        label="What changed?",
        help_text=f"In a few words, {WORDS} characters at most. Everyone who sees the scorecard reads it: name nobody.",
    )
    area = forms.ChoiceField(label="Where?", help_text="It is drawn there, and in every area within it.")
    completed = forms.ChoiceField(
        label="Was it an action of the register?", required=False,
        help_text="The day is then the one on which the action was done. Only those who may see the action can follow it.",
    )  # fmt: skip
    on = DayField(
        label="From which day?", required=False,
        help_text="For example, 27 3 2026. Leave it empty if you chose an action.",
    )  # fmt: skip

    def __init__(self, *args: Any, areas: list[tuple[str, str]], actions: list[tuple[str, str]], **kwargs: Any) -> None:
        self.asked = ("what", "area") if actions else ("what", "area", "on")
        super().__init__(*args, **kwargs)
        for name, choices in (("area", areas), ("completed", [("", "No action"), *actions])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not actions:
            del self.fields["completed"]
            self.fields["on"].help_text = "For example, 27 3 2026."


class TakeOffForm(VersionedForm):
    """Why a mark is taken off."""

    asked = ("reason",)
    reason = forms.CharField(
        label="Why is it taken off?", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays readable beside the chart, with your name and the day.",
    )  # fmt: skip
