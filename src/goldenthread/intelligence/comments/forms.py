"""The form of a comment on a figure."""

from __future__ import annotations

from django import forms

from goldenthread.foundation.forms import VersionedForm

from .models import LONGEST


class CommentForm(VersionedForm):
    """The words, and what they take the place of."""

    text = forms.CharField(
        label="What does your agency say of this figure?", widget=forms.Textarea, required=False, max_length=LONGEST,
        error_messages={"max_length": f"Write no more than {LONGEST} characters"},
        help_text=f"Everyone who sees the scorecard reads it, and it leaves with the Excel file. Name no child, adult or worker, "
        f"and no number that the scorecard keeps back. At most {LONGEST} characters.",
    )  # fmt: skip
    supersedes = forms.UUIDField(widget=forms.HiddenInput, required=False)
