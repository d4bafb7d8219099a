"""Roles: what each lets people do, in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, done, try_action
from goldenthread.foundation.policy import policy

from .. import queries
from ..actions import SaveRole
from ..forms import RoleForm
from ..kinds import restricted_pathways
from ..models import Role
from ..policies import RolePolicy
from ..words import CAPABILITY_WORDS, SCOPE_WORDS
from .common import show


@policy(Capability.MANAGE_USERS)
def role_list(request: HttpRequest) -> HttpResponse:
    """Every role with what it lets people do."""
    rows = [{"role": role, "may": _may(role)} for role in queries.roles(actor_of(request))]
    return show(request, "roles", "roles", rows=rows, scopes=SCOPE_WORDS)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def role(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Add a role, or change what one lets people do."""
    actor = actor_of(request)
    row = RolePolicy.get(actor, slug=slug) if slug else None
    own = row is not None and row.slug in actor.roles
    now = (
        {"title": row.title, "scope": row.scope, "capabilities": row.capabilities, "handles": row.handles,
         "version": row.version}
        if row
        else None
    )
    form = RoleForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = try_action(
            form,
            "this role",
            lambda: SaveRole(actor).run(
                given["title"], given["scope"], given["capabilities"], handles=given["handles"], role=row,
                version=given["version"],
            ),
        )
        if saved is not None:
            return done(request, f"The role {saved.title} has been saved.", "agencies:roles")
    hints = {capability.value: hint for capability, (_, hint) in CAPABILITY_WORDS.items()}
    context = {
        "role": row,
        "form": form,
        "own": own,
        "hints": hints,
        "may": _may(row) if row else [],
        "scopes": SCOPE_WORDS,
    }
    return show(request, "role", "roles", status=422 if form.errors else 200, **context)


def _may(role: Role) -> list[str]:
    runs = [title.lower() for one, title in restricted_pathways().items() if one in role.handles]
    return [
        words for capability, (words, _) in CAPABILITY_WORDS.items() if capability.value in role.capabilities
    ] + [f"Run {title} cases, which are restricted" for title in runs]
