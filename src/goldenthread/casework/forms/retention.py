"""Forms about old records. The actions say what must be answered, so that all that is wrong is said at once."""

from __future__ import annotations

from typing import Any

from django import forms

from goldenthread.foundation.forms import VersionedForm


class ProposeForm(VersionedForm):
    """Which records are proposed for destruction."""

    asked = ("cases",)
    cases = forms.MultipleChoiceField(label="Records")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cases"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = "One of these records is no longer due. Choose again"


class HoldForm(VersionedForm):
    """Why a record must be kept, who asked, and how much of it."""

    asked = ("reason", "authority")
    covers = forms.ChoiceField(
        label="What must be kept?",
        widget=forms.RadioSelect,
        choices=[
            ("person", "Every record of the same person, those to come too"),
            ("case", "Only this record"),
        ],
        initial="person",
        error_messages={"required": "Select what must be kept"},
    )
    authority = forms.CharField(
        label="Who asked for it?",
        help_text="Such as a court and its number, an inquiry, a safeguarding practice review.",
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Do not name the person.",
    )


class LiftForm(VersionedForm):
    """Why a record need no longer be kept."""

    asked = ("reason",)
    reason = forms.CharField(label="Why need it no longer be kept?", widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(VersionedForm):
    """Why proposed records are kept after all."""

    asked = ("reason",)
    reason = forms.CharField(label="Why are the records kept?", widget=forms.Textarea(attrs={"rows": 3}))
