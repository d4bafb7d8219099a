"""The demo's made-up accounts, as `goldenthread demo` wrote them: shown on the sign-in page and nowhere else.

The file is a JSON list of {"username", "password", "name", "role", "organisation", "does", "service"}; those with anything
in "service" run one service and are shown in a table after the others. Anything else about an account is ignored, and a
missing or broken file shows no accounts.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings

SHOWN = ("username", "password", "name", "role", "organisation", "does", "service")


def demo_accounts() -> list[dict[str, str]]:
    """The accounts to offer; none unless this is a demo."""
    if not settings.GT_DEMO:
        return []
    try:
        accounts = json.loads(Path(settings.GT_DEMO_ACCOUNTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(accounts, list):
        return []
    return [
        {key: str(account.get(key) or "") for key in SHOWN}
        for account in accounts
        if isinstance(account, dict) and account.get("username")
    ]
