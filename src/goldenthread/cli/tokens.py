"""`goldenthread token`: give a user a token for the API."""

from __future__ import annotations

from typing import Annotated

import typer

from .plainly import refuse
from .site import prepare


def register(app: typer.Typer) -> None:
    @app.command("token")
    def token(
        username: Annotated[str, typer.Argument(help="Whose token: the name they sign in with.")],
        days: Annotated[int, typer.Option(help="How many days it lasts.")] = 30,
    ) -> None:
        """Print a token for the API. It ends by itself, and at once when the user's password changes."""
        prepare()
        from goldenthread.agencies.models import User
        from goldenthread.agencies.tokens import IssueToken
        from goldenthread.foundation.action import Invalid
        from goldenthread.foundation.actor import SystemActor

        user = User.objects.filter(username=username).first()
        if user is None:
            refuse(f"There is no user {username!r}.")
        try:
            typer.echo(IssueToken(SystemActor("command line")).run(user, days))
        except Invalid as error:
            refuse(str(error))
