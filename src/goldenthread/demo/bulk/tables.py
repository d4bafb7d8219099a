"""The tables that the bulk path fills and their columns in order, and values as both databases take them.

A test holds these columns against the models, so that a new field cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from goldenthread.casework.actions.registering import ACTION_COLUMNS
from goldenthread.casework.duties import COMPUTED

Rows = dict[str, list[tuple[Any, ...]]]

#: Table -> columns. Tables whose numbers nothing refers to leave `id` to the database.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "agencies_user": (
        "id", "password", "last_login", "is_superuser", "username", "first_name", "last_name", "email", "is_staff",
        "is_active", "date_joined", "job_title", "version",
    ),
    "agencies_membership": ("user_id", "organisation_id", "team_id", "role_id", "starts", "ends"),
    "people_person": (
        "id", "name", "given_name", "family_name", "born", "born_precision", "expected", "died", "sex", "ethnicity",
        "languages", "interpreter", "area_id", "restricted", "registered_by_id", "merged_into_id", "version", "created_at",
    ),
    "people_personname": ("person_id", "kind", "full", "source_id"),
    "people_searchkey": ("person_id", "key"),
    "people_identifier": ("person_id", "scheme", "value", "source_id", "traced"),
    "people_address": ("id", "lines", "postcode", "area_id"),
    "people_residence": ("person_id", "address_id", "starts", "ends"),
    "people_relationship": ("person_id", "other_id", "kind", "parental_responsibility", "note", "starts", "ends"),
    "people_professional": ("person_id", "organisation_id", "name", "job", "starts", "ends"),
    "people_warning": ("person_id", "text", "review_on", "person_told", "organisation_id", "raised_on", "ended_on"),
    "casework_case": (
        "id", "reference", "pathway", "subject_id", "about_id", "area_id", "lead_id", "team_id", "worker_id", "opened_from_id",
        "group", "restricted", "state", "is_open", "opened_at", "closed_at", "priority", "next_due_at", "version", "arrangement",
    ),
    "casework_event": (
        "id", "case_id", "sequence", "kind", "occurred_on", "occurred_at", "recorded_at", "recorded_by_id",
        "recorded_by_name", "organisation_id", "data", "voice", "amends_id", "withdrawn", "reason", "group",
    ),
    "casework_involvement": ("case_id", "organisation_id", "user_id", "since"),
    "casework_duty": ("case_id", "duty", "ordinal", *COMPUTED, "organisation_id", "team_id", "worker_id"),
    "casework_agreedaction": ("id", "case_id", "pathway", *ACTION_COLUMNS),
    "foundation_journalhead": ("chain", "sequence", "digest"),
    "foundation_journalentry": (
        "chain", "sequence", "at", "actor_name", "user_id", "organisation_id", "verb", "subject_type", "subject_id", "detail",
        "previous", "digest",
    ),
}  # fmt: skip

WITH_NUMBERS = ("agencies_user", "people_address")
"""Tables whose numbers are given here because other rows refer to them."""

_json = msgspec.json.Encoder()


def moment(value: datetime | None) -> str | None:
    """A moment as both databases take it: UTC, without a zone (the connection's own is UTC)."""
    return None if value is None else value.astimezone(UTC).isoformat(" ")[:-6]


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def identity(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def stored(value: Any) -> Any:
    """Any one value as the database takes it."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is datetime:
        return moment(value)
    if kind is date:
        return value.isoformat()
    if kind is UUID:
        return value.hex
    return int(value) if kind is bool else value


def plain(value: Any) -> str:
    return _json.encode(value).decode()
