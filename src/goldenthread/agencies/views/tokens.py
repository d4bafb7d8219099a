"""Tokens with which organisations' own systems call the API: who has one, giving one (shown once), withdrawing one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, done, page_of, try_action
from goldenthread.foundation.policy import policy

from ..actions import IssueOrganisationToken, WithdrawOrganisationToken
from ..forms import TokenForm
from ..policies import TokenPolicy
from ..scopes import TASKS, Scope
from .common import show


@policy(Capability.MANAGE_USERS)
def token_list(request: HttpRequest) -> HttpResponse:
    """Every token: whose, what for, what it may do, until when, when it was last used. Never its secret."""
    rows = TokenPolicy.visible_to(actor_of(request)).select_related("organisation")
    page = page_of(request, rows.order_by("-issued_at"))
    for token in page.object_list:
        token.may = [TASKS[Scope(one)][0] for one in token.scopes if one in set(Scope)]
    return show(request, "tokens", "tokens", page=page)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def new(request: HttpRequest) -> HttpResponse:
    """Give an organisation a token. The page that answers is the only one that ever shows it."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = try_action(
            form,
            "this token",
            lambda: IssueOrganisationToken(actor_of(request)).run(
                given["organisation"], given["title"], given["scopes"], int(given["days"])
            ),
        )
        if made is not None:
            token, secret = made
            return show(request, "token_made", "tokens", token=token, secret=secret)
    hints = {scope.value: hint for scope, (_, hint) in TASKS.items()}
    return show(request, "token_new", "tokens", form=form, hints=hints, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def withdraw(request: HttpRequest, token: UUID) -> HttpResponse:
    """End a token at once."""
    row = TokenPolicy.get(actor_of(request), pk=token)
    if request.method == "POST":
        WithdrawOrganisationToken(actor_of(request)).run(row)
        return done(request, f"The token “{row.title}” no longer works.", "agencies:tokens")
    return show(request, "token_withdraw", "tokens", token=row)
