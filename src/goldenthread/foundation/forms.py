"""What every form of ours shares: dates as people type them, and an action's refusal shown beside its question."""

from __future__ import annotations

from typing import Any

from django import forms

from .action import Invalid, Stale

#: Day, month, year, as GOV.UK asks for them, however they are parted; and the order computers write.
DATE_FORMATS = ["%d %m %Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]


class DayField(forms.DateField):
    """One box for a day. GOV.UK: memorable dates may be typed in one box where the format is shown."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Enter a real date, like 27 3 2026",
        "required": "Enter the date, like 27 3 2026",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=DATE_FORMATS, **options)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.day} {value.month} {value.year}" if hasattr(value, "day") else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(" ".join(value.split()) if isinstance(value, str) else value)


class VersionedForm(forms.Form):
    """A form that knows which version of a row it was opened on, and whose action says what must be answered.

    `asked` names the questions that are not optional. The form itself lets them be empty, so that all that is wrong is
    said at once, by the action.
    """

    asked: tuple[str, ...] = ()

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask(True)

    def full_clean(self) -> None:
        self._ask(False)
        super().full_clean()
        self._ask(True)

    def _ask(self, required: bool) -> None:
        for name in self.asked:
            self.fields[name].required = required

    def refused(self, wrong: Invalid) -> None:
        """Show what an action refused beside the question it is about, or above all where it is about the whole."""
        for name, messages in wrong.errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

    def outdated(self, stale: Stale, words: str) -> None:
        """Say that someone else changed it. What was typed stays; sending it again is then a choice."""
        # A QueryDict as it was sent, or a plain dictionary: each copies in its own way.
        data: Any = self.data
        renewed = data.copy()
        renewed["version"] = str(stale.current_version)
        self.data = renewed
        self.add_error(
            None, f"Someone else changed {words} while you were working. Nothing of yours has been saved yet."
        )
