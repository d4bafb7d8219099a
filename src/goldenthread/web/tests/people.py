"""Accounts for the tests of the frame: someone with no role at all, as the frame needs none."""

from __future__ import annotations

from django.contrib.auth import get_user_model

PASSWORD = "three-random-words"


def someone(username: str = "r.whittle", **facts):
    facts = {"first_name": "Rowan", "last_name": "Whittle", "job_title": "Social worker", **facts}
    return get_user_model().objects.create_user(
        username, password=PASSWORD, email=f"{username}@example.org", **facts
    )
