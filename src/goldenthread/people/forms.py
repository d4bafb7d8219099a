"""The questions asked about people. What must hold is decided by `actions`; these read what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Stale
from goldenthread.foundation.forms import DayField, VersionedForm

from .codes import ETHNICITIES, RELATIONSHIPS
from .dates import KnownDate, read_date
from .identifiers import SCHEMES, problem_with
from .models import Person
from .rules import name_errors

UNKNOWN = ("", "Not known")
SEXES = [UNKNOWN, ("female", "Female"), ("male", "Male")]


class KnownDateField(forms.CharField):
    """A date as far as it is known: 14 5 2017, May 2017 or 2017. Gives a KnownDate or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, **options})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, KnownDate):
            return (
                f"{value.first.day} {value.first.month} {value.first.year}"
                if value.precision == "day"
                else value.words()
            )
        return value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_date(typed, timezone.localdate())
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class PersonForm(VersionedForm):
    """Who someone is."""

    asked = ("family_name",)

    given_name = forms.CharField(label="First names", required=False)
    family_name = forms.CharField(
        label="Family name",
        required=False,
        help_text="For an unborn child, the mother’s. If they have one name only, write it here.",
    )
    born = KnownDateField(
        label="Date of birth",
        help_text="As far as it is known. For example, 14 5 2017, or May 2017, or about 2017.",
    )
    expected = DayField(
        label="Expected date of birth",
        required=False,
        help_text="Only for an unborn child. For example, 27 3 2027.",
    )
    sex = forms.ChoiceField(label="Sex", choices=SEXES, required=False, widget=forms.RadioSelect)
    ethnicity = forms.ChoiceField(label="Ethnicity", choices=[UNKNOWN, *ETHNICITIES.items()], required=False)
    languages = forms.CharField(
        label="Languages", required=False, help_text="If there are several, put a comma between them."
    )
    interpreter = forms.BooleanField(label="They need an interpreter", required=False)
    area = forms.ModelChoiceField(
        Area.objects.all(), label="Area they live in", required=False, empty_label="Not known"
    )

    def clean_languages(self) -> list[str]:
        return [word.strip() for word in str(self.cleaned_data["languages"]).split(",") if word.strip()]


class RegisterForm(PersonForm):
    """Someone new, with what most helps to find them again."""

    also_known_as = forms.CharField(
        label="Other names",
        required=False,
        help_text="Names they are or were known by. Put a comma between them.",
    )
    nhs = forms.CharField(label="NHS number", required=False, help_text="For example, 943 476 5919.")
    upn = forms.CharField(
        label="Unique pupil number (UPN)", required=False, help_text="For example, A123456789012."
    )
    address = forms.CharField(label="Address", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    postcode = forms.CharField(label="Postcode", required=False)
    address_from = DayField(
        label="Lives there since", required=False, help_text="If it is known. For example, 1 2 2024."
    )

    def clean_also_known_as(self) -> list[str]:
        return [name.strip() for name in str(self.cleaned_data["also_known_as"]).split(",") if name.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, message in name_errors(
            given.get("given_name", ""), given.get("family_name", ""), ""
        ).items():
            self.add_error(name, message)
        return given

    def clean_nhs(self) -> str:
        return self._number("nhs")

    def clean_upn(self) -> str:
        return self._number("upn")

    def _number(self, scheme: str) -> str:
        """Checked here too, so that a wrong number is said together with a wrong date."""
        value = str(self.cleaned_data[scheme])
        if value and (problem := problem_with(scheme, value)):
            raise forms.ValidationError(problem)
        return value

    @property
    def numbers(self) -> list[tuple[str, str]]:
        return [
            (scheme, self.cleaned_data[scheme]) for scheme in ("nhs", "upn") if self.cleaned_data.get(scheme)
        ]

    @property
    def names(self) -> list[str]:
        given, family = self.cleaned_data["given_name"], self.cleaned_data["family_name"]
        return [name for name in (f"{given} {family}".strip(), *self.cleaned_data["also_known_as"]) if name]


class NameForm(VersionedForm):
    asked = ("full",)

    full = forms.CharField(label="Name", required=False)
    kind = forms.ChoiceField(
        label="What kind of name is it?", widget=forms.RadioSelect, initial="alias",
        choices=[("alias", "Also known as"), ("previous", "Previous name"), ("birth", "Name at birth")],
    )  # fmt: skip


class IdentifierForm(VersionedForm):
    asked = ("value",)

    scheme = forms.ChoiceField(
        label="What is it?",
        choices=[(scheme, title) for scheme, title in SCHEMES.items() if scheme != "source"],
    )
    value = forms.CharField(label="Number or reference", required=False)
    traced = forms.BooleanField(label="It has been checked against the scheme’s own register", required=False)


class ResidenceForm(VersionedForm):
    asked = ("lines",)

    lines = forms.CharField(label="Address", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    postcode = forms.CharField(label="Postcode", required=False)
    area = forms.ModelChoiceField(Area.objects.all(), label="Area", required=False, empty_label="Not known")
    starts = DayField(label="Lives there since", required=False, help_text="For example, 27 3 2026.")
    ends = DayField(label="Until", required=False, help_text="Leave empty if they live there now.")
    also_lives_at_others = forms.BooleanField(
        label="They go on living at their other address too", required=False
    )


class ProfessionalForm(VersionedForm):
    asked = ("name", "job")

    name = forms.CharField(label="Name", required=False)
    job = forms.CharField(label="What they do", required=False, help_text="For example, key adult at school.")
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(active=True), label="Organisation", empty_label="Choose one",
        help_text="People of this organisation will be able to see the person.",
        error_messages={"required": "Choose the organisation", "invalid_choice": "Choose the organisation"},
    )  # fmt: skip
    starts = DayField(label="Since", required=False, help_text="For example, 27 3 2026.")


class WarningForm(VersionedForm):
    asked = ("text",)

    text = forms.CharField(
        label="What must staff know?", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What to do, and why, in 300 characters. For example: visit in pairs, a dog in the house is not tied.",
    )  # fmt: skip
    review_on = DayField(label="Review on", help_text="Within a year. For example, 27 3 2027.")
    person_told = forms.BooleanField(
        label="The person, or the child’s parent, has been told of this warning", required=False
    )


class RelativeForm(VersionedForm):
    """How someone who was found is related to the person."""

    asked = ("kind",)

    other = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Choose the person", "invalid": "Choose the person"},
    )
    kind = forms.ChoiceField(
        label="Who are they?",
        required=False,
        choices=[("", "Choose one"), *((kind, words) for kind, (words, _) in RELATIONSHIPS.items())],
    )
    parental_responsibility = forms.BooleanField(label="They have parental responsibility", required=False)
    note = forms.CharField(label="Note", required=False, help_text="For example, contact is supervised.")


class DecideForm(VersionedForm):
    """Whether two records are of one person; which of them stays; and how that is known."""

    asked = ("verdict", "keep", "reason")

    verdict = forms.ChoiceField(
        label="Are these one person?",
        required=False,
        choices=[("same", "Yes, join the two records"), ("different", "No, these are two people")],
        widget=forms.RadioSelect,
    )
    keep = forms.ChoiceField(
        label="If they are one person, which record stays?", required=False, widget=forms.RadioSelect,
        help_text="Its name and details stay. The other’s names, numbers, addresses, family and cases are added to it.",
    )  # fmt: skip
    reason = forms.CharField(
        label="How do you know?", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: the school confirmed that she uses both names.",
    )  # fmt: skip
    other_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def outdated(self, stale: Stale, words: str) -> None:
        """Two records, two versions: both are those of now once the page is shown again."""
        super().outdated(stale, words)
        data: Any = self.data
        data["version"], data["other_version"] = (str(each) for each in self.now)

    now: tuple[int, int] = (0, 0)
    """The versions of the two records as they were read for this page."""


class PartForm(VersionedForm):
    """Why two records that were joined are of two people after all."""

    asked = ("reason",)

    reason = forms.CharField(
        label="Why are these two people?", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: they are twins, and the second NHS number has been found.",
    )  # fmt: skip


def person_initial(person: Person) -> dict[str, Any]:
    """What is recorded now, as the form asks for it."""
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born": KnownDate(person.born, person.born_precision) if person.born else None,
        "expected": person.expected,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "languages": ", ".join(person.languages),
        "interpreter": person.interpreter,
        "area": person.area_id,
        "version": person.version,
    }
