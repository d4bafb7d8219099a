"""The questions asked about looks at records, and for emergency access. What must hold is decided by the actions."""

from __future__ import annotations

from django import forms

from goldenthread.foundation.forms import DayField, VersionedForm
from goldenthread.people.forms import KnownDateField

LONGEST_ANSWER = 4_000


class WhyForm(forms.Form):
    """Whose record, on which day, and perhaps who looked."""

    record = forms.CharField(
        label="Person or case", max_length=200, help_text="A case reference, an NHS number or other number, or a name.",
        error_messages={"required": "Enter a case reference, a number or a name"},
    )  # fmt: skip
    day = DayField(label="Day", help_text="For example, 27 3 2026.")
    who = forms.CharField(
        label="Who looked", max_length=100, required=False, help_text="A name, or part of one. Leave empty for everybody."
    )


class EmergencyForm(VersionedForm):
    """Who the child is, and why their record must be seen now."""

    asked = ("reason",)

    number = forms.CharField(
        label="A number of theirs", max_length=60, required=False,
        help_text="NHS number, unique pupil number, police or other reference, exactly as it is written.",
    )  # fmt: skip
    name = forms.CharField(
        label="Full name", max_length=200, required=False, help_text="First names and family name, as recorded."
    )
    born = KnownDateField(label="Date of birth", help_text="For example, 14 5 2017.")
    reason = forms.CharField(
        label="Why must you see this record now?", widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text="Say what has happened, who is at risk and what you need to know. A supervisor reads this.",
    )  # fmt: skip


class ReviewForm(VersionedForm):
    """What a supervisor finds of emergency access."""

    asked = ("justified", "finding")

    justified = forms.ChoiceField(
        label="Was it justified?", required=False, widget=forms.RadioSelect,
        choices=[("yes", "Yes: they needed to see the record then"), ("no", "No: it is taken further")],
    )  # fmt: skip
    finding = forms.CharField(label="What did you find?", widget=forms.Textarea(attrs={"rows": 4}), required=False)


class AnswerForm(VersionedForm):
    """What a look was for."""

    asked = ("answer",)

    answer = forms.CharField(label="Your answer", widget=forms.Textarea(attrs={"rows": 4}), required=False)


class SettleForm(VersionedForm):
    """What a supervisor makes of an answer, or of none."""

    asked = ("outcome", "finding")

    outcome = forms.ChoiceField(
        label="What do you make of it?", required=False, widget=forms.RadioSelect,
        choices=[("explained", "The look is explained"), ("escalated", "Take it further")],
    )  # fmt: skip
    finding = forms.CharField(
        label="What did you find, and what happens next?", widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text="If you take it further, say to whom: the data protection officer, the head of service, or the police.",
    )  # fmt: skip
