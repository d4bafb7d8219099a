"""`goldenthread set-up`: makes an empty service ready for a partnership, and lets in its first administrator.

Loads the areas, organisations and groups of an arrangement and the roles that ship. It may be run again: it adds what
is new in the file and leaves what people have changed. Only while nobody can manage accounts does it make an account.
"""

from __future__ import annotations

from typing import Any

import typer

from . import site
from .plainly import refuse

_ARRANGEMENT = typer.Argument(metavar="ARRANGEMENT", help="The arrangement's id, such as lancashire.")
_NAME = typer.Option(
    None, "--administrator", metavar="NAME", help="The first administrator's first and last name."
)
_EMAIL = typer.Option(None, "--email", help="The first administrator's email address.")
_WORKS_AT = typer.Option(
    None, "--organisation", metavar="ID", help="Where they work; by default the partnership's business unit."
)


def register(app: typer.Typer) -> None:
    app.command("set-up", short_help="Make an empty service ready for a partnership.")(set_up)


def set_up(
    arrangement: str = _ARRANGEMENT, administrator: str | None = _NAME, email: str | None = _EMAIL,
    organisation: str | None = _WORKS_AT,
) -> None:  # fmt: skip
    """Load an arrangement's areas, organisations and groups, and the roles; let in the first administrator."""
    site.prepare()
    from django.db import DatabaseError, transaction

    from goldenthread.foundation.action import Invalid
    from goldenthread.foundation.library import current_library

    known = current_library().arrangements
    if arrangement not in known:
        refuse(f"There is no arrangement {arrangement!r}; known are {', '.join(sorted(known))}.")
    if bool(administrator) != bool(email):
        refuse("Give both --administrator and --email, or neither.")
    try:
        with transaction.atomic():
            _load(known[arrangement])
            link = _let_in(administrator or "", email or "", organisation) if administrator else ""
    except Invalid as error:
        refuse(*error.messages)
    except DatabaseError as error:
        refuse(
            f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?"
        )
    if link:
        typer.echo(f"{administrator} chooses a password here, within three days:")
        typer.echo(link)


def _actor() -> Any:
    from goldenthread.foundation.actor import SystemActor

    return SystemActor("set up from the command line")


def _load(arrangement: Any) -> None:
    from goldenthread.agencies.actions import LoadArrangement, SeedRoles

    loaded = LoadArrangement(_actor()).run(arrangement)
    roles = SeedRoles(_actor()).run()
    typer.echo(
        f"{arrangement.title}: {loaded.areas} areas, {loaded.organisations} organisations, {loaded.groups} groups and "
        f"{len(roles)} roles are new or changed."
    )


def _let_in(name: str, email: str, organisation: str | None) -> str:
    """Make the account of the first administrator and a link to choose a password. Raises Invalid."""
    from django.conf import settings
    from django.utils import timezone

    from goldenthread.agencies.actions import CreateUser, IssueSignInLink, SetMemberships
    from goldenthread.agencies.models import Organisation, Role
    from goldenthread.agencies.rules import Place, administrators
    from goldenthread.foundation.action import Invalid

    if administrators():
        raise Invalid("There is an administrator already. They let in others under Administration, Accounts.")
    first, _, last = " ".join(name.split()).rpartition(" ")
    if not first:
        raise Invalid("Give a first and a last name, in quotes: --administrator 'Amina Khan'.")
    wanted = {"slug": organisation} if organisation else {"kind": "business_unit"}
    works_at = Organisation.objects.filter(active=True, **wanted).order_by("pk").first()
    if works_at is None:
        raise Invalid(
            f"There is no organisation {organisation!r}." if organisation else "Say where: --organisation ID."
        )
    username = email.partition("@")[0].lower()
    user = CreateUser(_actor()).run(username, first, last, email)
    role = Role.objects.get(slug="system_administrator")
    SetMemberships(_actor()).run(user, [Place(role, works_at, timezone.localdate())])
    typer.echo(f"{name} is {role.title.lower()} at {works_at.title} and signs in as {username}.")
    host = next((one for one in settings.ALLOWED_HOSTS if one[0].isalpha()), "localhost")
    base = "http://localhost:8000" if host == "localhost" else f"https://{host}"
    return base + IssueSignInLink(_actor()).run(user)
