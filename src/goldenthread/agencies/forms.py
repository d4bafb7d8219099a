"""The questions of the administration pages. What must hold is decided by `actions`; these read what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.forms import DayField, VersionedForm

from .kinds import organisation_kinds, restricted_pathways
from .models import Area, Organisation, Role, Team
from .scopes import TASKS
from .words import CAPABILITY_WORDS, SCOPE_WORDS


class OrganisationForm(VersionedForm):
    """An agency's details."""

    asked = ("title", "kind")

    title = forms.CharField(label="Name", required=False)
    kind = forms.ChoiceField(
        label="Kind of organisation", help_text="This decides which duties it can have.", required=False
    )
    area = forms.ModelChoiceField(
        Area.objects.all(), label="Area it serves", required=False, empty_label="Whole partnership"
    )
    safeguarding_partner = forms.BooleanField(label="It is a statutory safeguarding partner", required=False)
    email = forms.CharField(
        label="Email", required=False, help_text="A shared mailbox, for notices to the organisation."
    )
    phone = forms.CharField(label="Telephone", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Choose one"), *organisation_kinds().items()]  # type: ignore[attr-defined]


class TeamForm(VersionedForm):
    asked = ("title",)

    title = forms.CharField(label="Name of the team", required=False)
    area = forms.ModelChoiceField(
        Area.objects.all(), label="Area it serves", required=False, empty_label="All of them"
    )


class UserForm(VersionedForm):
    """Whose account it is."""

    asked = ("first_name", "last_name", "email", "username")

    first_name = forms.CharField(label="First name", required=False)
    last_name = forms.CharField(label="Last name", required=False)
    email = forms.CharField(label="Work email", required=False)
    username = forms.CharField(
        label="User name",
        required=False,
        help_text="They can sign in with this or with their email. Often their email address.",
    )
    job_title = forms.CharField(label="Job title", required=False)


class MembershipForm(VersionedForm):
    """A role somewhere, between dates."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label="Choose one",
        error_messages={"required": "Choose the organisation", "invalid_choice": "Choose the organisation"},
    )  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", required=False, empty_label="No team")
    role = forms.ModelChoiceField(
        Role.objects.all(), label="Role", empty_label="Choose one", help_text="What they may do and how far they see.",
        error_messages={"required": "Choose the role", "invalid_choice": "Choose the role"},
    )  # fmt: skip
    starts = DayField(label="First day", help_text="For example, 27 3 2026")
    ends = DayField(label="Last day", required=False, help_text="Leave empty if it is not known")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(active=True)  # type: ignore[attr-defined]
        teams = Team.objects.select_related("organisation").order_by("organisation__title", "title")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["team"].label_from_instance = lambda team: f"{team.organisation.title}: {team.title}"  # type: ignore[attr-defined]


class RoleForm(VersionedForm):
    """What a role lets people do, in plain words."""

    asked = ("title", "scope", "capabilities", "handles")

    title = forms.CharField(label="Name of the role", required=False)
    scope = forms.ChoiceField(
        label="How far does the role see?",
        choices=list(SCOPE_WORDS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    capabilities = forms.MultipleChoiceField(
        label="What may people with this role do?",
        choices=[(capability.value, words) for capability, (words, _) in CAPABILITY_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    handles = forms.MultipleChoiceField(
        label="Which restricted cases do people with this role run?",
        choices=lambda: list(restricted_pathways().items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class TokenForm(VersionedForm):
    """What a token of an organisation is for, what it may do and how long it lasts."""

    asked = ("title", "scopes")

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label="Choose one",
        error_messages={"required": "Choose the organisation", "invalid_choice": "Choose the organisation"},
    )  # fmt: skip
    title = forms.CharField(
        label="What is it for?", required=False, help_text="The name of the system that will use it."
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=[(scope.value, words) for scope, (words, _) in TASKS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.ChoiceField(
        label="How long does it last?",
        choices=[("30", "30 days"), ("90", "90 days"), ("365", "1 year")],
        initial="90",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long it lasts"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(active=True)  # type: ignore[attr-defined]


def may_keep(actor: Actor) -> list[tuple[str, str]]:
    """The administration pages someone may open: words and the name of the address."""
    pages = []
    if actor.may(Capability.MANAGE_ORGANISATIONS):
        pages.append(("Organisations", "agencies:organisations"))
    if actor.may(Capability.MANAGE_USERS):
        pages += [("Accounts", "agencies:users"), ("Roles", "agencies:roles"), ("Tokens", "agencies:tokens")]
    return pages
