"""Accounts: who may sign in, with which roles, and what to do when someone leaves or loses their phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, differences, done, page_of, refused, try_action
from goldenthread.foundation.policy import policy

from .. import queries
from ..actions import OWN_ROLE, CreateUser, IssueSignInLink, ResetTwoFactor, SetMemberships, UpdateUser
from ..forms import MembershipForm, UserForm
from ..models import Membership, Organisation, Role, User
from ..policies import UserPolicy
from ..rules import Place
from .common import show

FIELDS = ("first_name", "last_name", "email", "username", "job_title")
STATUSES = [("open", "Open"), ("closed", "Closed"), ("none", "Open, without a role")]


@policy(Capability.MANAGE_USERS)
def account_list(request: HttpRequest) -> HttpResponse:
    """Everyone who can or could sign in."""
    asked = {name: request.GET.get(name, "").strip() for name in ("name", "organisation", "role")}
    status = request.GET.get("status", "open")
    rows = queries.accounts(actor_of(request), asked["name"], asked["organisation"], asked["role"], status)
    titles = [
        ("", "All organisations"),
        *Organisation.objects.filter(active=True).values_list("slug", "title"),
    ]
    roles = [("", "All roles"), *Role.objects.values_list("slug", "title")]
    filters = [
        {"name": "name", "label": "Name or email", "value": asked["name"]},
        {"name": "organisation", "label": "Organisation", "value": asked["organisation"], "options": titles},
        {"name": "role", "label": "Role", "value": asked["role"], "options": roles},
        {"name": "status", "label": "Status", "value": status, "options": STATUSES},
    ]
    return show(request, "users", "users", page=page_of(request, rows), filters=filters)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def new(request: HttpRequest) -> HttpResponse:
    """Make an account. A role and a sign-in link come next, from its page."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        made = try_action(form, "this account", lambda: CreateUser(actor_of(request)).run(**values))
        if made is not None:
            words = f"{made} has an account. Give them a role, then a sign-in link."
            return done(request, words, "agencies:user", made.pk)
    return show(request, "user_new", "users", form=form, status=422 if form.errors else 200)


@policy(Capability.MANAGE_USERS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: details, roles with their dates, and what can be done."""
    user = _user(request, pk)
    context: dict[str, Any] = {
        "account": user,
        "memberships": queries.memberships_of(user),
        "today": timezone.localdate(),
        "two_factor": queries.has_two_factor(user),
        "own": user.pk == actor_of(request).user_id,
    }
    return show(request, "user", "users", **context)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Change whose account it is."""
    user = _user(request, pk)
    form = UserForm(
        request.POST or None, initial={name: getattr(user, name) for name in (*FIELDS, "version")}
    )
    theirs = []
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        version = form.cleaned_data["version"]
        act = UpdateUser(actor_of(request))
        if try_action(form, "this account", lambda: act.run(user, version, **values)) is not None:
            return done(request, "The changes have been saved.", "agencies:user", pk)
        if version != user.version:
            theirs = differences(form, {name: str(getattr(user, name)) for name in FIELDS})
    context = {"account": user, "form": form, "differences": theirs}
    return show(request, "user_details", "users", status=422 if form.errors else 200, **context)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def membership(request: HttpRequest, pk: int, membership: int | None = None) -> HttpResponse:
    """Give someone a role, or change the dates or place of one."""
    user = _user(request, pk)
    if user.pk == actor_of(request).user_id:
        raise NotAllowed(OWN_ROLE)
    rows = queries.memberships_of(user)
    changing = next((row for row in rows if row.pk == membership), None)
    if membership and changing is None:
        raise Http404
    form = MembershipForm(request.POST or None, initial=_initial(user, changing))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = Place(
            given["role"], given["organisation"], given["starts"], given["ends"], given["team"], membership
        )
        places = [_place(row) for row in rows if row.pk != membership] + [wanted]
        act = SetMemberships(actor_of(request))
        if try_action(form, "this account", lambda: act.run(user, places, given["version"])) is not None:
            words = f"{user} is {given['role'].title} at {given['organisation'].title}."
            return done(
                request, words if not given["ends"] else "The role has been saved.", "agencies:user", pk
            )
    context = {"account": user, "membership": changing, "form": form}
    return show(request, "membership", "users", status=422 if form.errors else 200, **context)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    user = _user(request, pk)
    if request.method == "POST":
        try:
            UpdateUser(actor_of(request)).run(user, is_active=not user.is_active)
        except Invalid as wrong:
            return refused(request, wrong, "agencies:user", pk)
        return done(
            request,
            f"The account of {user} is {'closed' if user.is_active else 'open'}.",
            "agencies:user",
            pk,
        )
    return show(request, "user_close", "users", account=user)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def reset_two_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Let someone set up two-factor sign-in again, for example on a new phone."""
    user = _user(request, pk)
    if request.method == "POST":
        ResetTwoFactor(actor_of(request)).run(user)
        return done(
            request, f"{user} will set up two-factor sign-in when they next sign in.", "agencies:user", pk
        )
    return show(request, "user_two_factor", "users", account=user)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_USERS)
def sign_in_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link with which someone chooses a password. It is shown once."""
    user = _user(request, pk)
    link = ""
    if request.method == "POST":
        try:
            link = request.build_absolute_uri(IssueSignInLink(actor_of(request)).run(user))
        except Invalid as wrong:
            return refused(request, wrong, "agencies:user", pk)
    return show(request, "user_sign_in_link", "users", account=user, link=link)


def _user(request: HttpRequest, pk: int) -> User:
    return UserPolicy.get(actor_of(request), pk=pk)


def _initial(user: User, changing: Membership | None) -> dict[str, object]:
    first = {"starts": timezone.localdate(), "version": user.version}
    if changing is None:
        return first
    return {name: getattr(changing, name) for name in ("organisation", "team", "role", "starts", "ends")} | {
        "version": user.version
    }


def _place(row: Membership) -> Place:
    return Place(row.role, row.organisation, row.starts, row.ends, row.team, row.pk)
