"""The only writers of organisations, people who sign in, roles, and tokens of organisations."""

from .directory import (
    OWN_ROLE,
    CreateOrganisation,
    CreateUser,
    IssueSignInLink,
    LoadArrangement,
    Loaded,
    ResetTwoFactor,
    SaveRole,
    SaveTeam,
    SeedRoles,
    SetMemberships,
    UpdateOrganisation,
    UpdateUser,
)
from .tokens import IssueOrganisationToken, NoteTokenUse, WithdrawOrganisationToken

__all__ = [
    "OWN_ROLE",
    "CreateOrganisation",
    "CreateUser",
    "IssueOrganisationToken",
    "IssueSignInLink",
    "LoadArrangement",
    "Loaded",
    "NoteTokenUse",
    "ResetTwoFactor",
    "SaveRole",
    "SaveTeam",
    "SeedRoles",
    "SetMemberships",
    "UpdateOrganisation",
    "UpdateUser",
    "WithdrawOrganisationToken",
]
