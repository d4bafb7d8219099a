"""The small forms of a case: who works on it, which organisation joins it, a document. Depends on Django's forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

Options = Sequence[tuple[str, str]]


class AllocateForm(forms.Form):
    """Who will work on a case."""

    worker = forms.ChoiceField(label="Worker", required=False)
    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, *args: Any, workers: Options, teams: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = [("", "No worker: give it to the team"), *workers]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", "The worker’s own team"), *teams]  # type: ignore[attr-defined]
        self.fields["worker"].help_text = "The number is how many open cases each has now."


class InvolveForm(forms.Form):
    """Which organisation becomes part of a case."""

    organisation = forms.CharField(
        label="Organisation", max_length=200, error_messages={"required": "Enter the name of an organisation"},
        help_text="Begin to type its name and choose it.",
    )  # fmt: skip


class DocumentForm(forms.Form):
    """A file to keep with a case."""

    title = forms.CharField(
        label="What is it?", max_length=200, help_text="For example, Health report for the conference.",
        error_messages={"required": "Enter what the document is", "max_length": "The title must be 200 characters or fewer"},
    )  # fmt: skip
    event = forms.ChoiceField(label="What does it belong to?", required=False)
    file = forms.FileField(
        label="Choose a file", allow_empty_file=True,
        error_messages={"required": "Choose a file", "empty": "That file is empty. Choose another", "missing": "Choose a file"},
    )  # fmt: skip

    def __init__(self, *args: Any, events: Options, hint: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [("", "The case as a whole"), *events]  # type: ignore[attr-defined]
        self.fields["file"].help_text = hint
