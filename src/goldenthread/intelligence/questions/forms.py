"""The form of a question: which agency, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from goldenthread.foundation.forms import VersionedForm

from .actions import LONGEST


class AskForm(VersionedForm):
    """Whom to ask, and what."""

    asked = ("agency", "question")

    agency = forms.ChoiceField(
        label="Which agency do you ask?",
        error_messages={"invalid_choice": "Choose an agency of the list", "required": "Choose an agency"},
    )
    question = forms.CharField(
        label="What do you ask?", widget=forms.Textarea, required=False, max_length=LONGEST,
        error_messages={"max_length": f"Write no more than {LONGEST} characters"},
        help_text="Name no child, adult or worker, and no number that the scorecard keeps back.",
    )  # fmt: skip

    def __init__(self, agencies: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [("", "Choose an agency"), *agencies]  # type: ignore[attr-defined]
