"""Organisations and their teams. Writes only by `actions`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, differences, done, page_of, refused, try_action
from goldenthread.foundation.policy import policy, signed_in

from .. import queries
from ..actions import CreateOrganisation, SaveTeam, UpdateOrganisation
from ..forms import OrganisationForm, TeamForm, may_keep
from ..kinds import organisation_kinds
from ..models import Organisation, Team
from ..policies import OrganisationPolicy
from .common import show

FIELDS = ("title", "kind", "area", "safeguarding_partner", "email", "phone")


@signed_in("leads to the administration pages that one's role includes; shows nothing itself")
def start(request: HttpRequest) -> HttpResponse:
    """The first administration page one may open."""
    pages = may_keep(actor_of(request))
    if not pages:
        raise NotAllowed("Your role does not include administration.")
    return HttpResponseRedirect(reverse(pages[0][1]))


@policy(Capability.MANAGE_ORGANISATIONS)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Every organisation, with how many people have a role there."""
    words, kind = request.GET.get("name", "").strip(), request.GET.get("kind", "")
    status = request.GET.get("status", "active")
    rows = queries.organisations(actor_of(request), words, kind, status)
    filters = [
        {"name": "name", "label": "Name", "value": words},
        {
            "name": "kind",
            "label": "Kind",
            "value": kind,
            "options": [("", "All kinds"), *organisation_kinds().items()],
        },
        {
            "name": "status",
            "label": "Status",
            "value": status,
            "options": [("active", "Active"), ("closed", "Closed")],
        },
    ]
    page = page_of(request, rows)
    return show(
        request, "organisations", "organisations", page=page, filters=filters, kinds=organisation_kinds()
    )


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_ORGANISATIONS)
def new(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        made = try_action(
            form, "this organisation", lambda: CreateOrganisation(actor_of(request)).run(**values)
        )
        if made is not None:
            return done(request, f"{made.title} has been added.", "agencies:organisation", made.slug)
    return show(request, "organisation_new", "organisations", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_ORGANISATIONS)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation's details and teams."""
    organisation = OrganisationPolicy.get(actor_of(request), slug=slug)
    now = {name: getattr(organisation, name) for name in FIELDS} | {"version": organisation.version}
    form = OrganisationForm(request.POST or None, initial=now)
    theirs = []
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS}
        version = form.cleaned_data["version"]
        act = UpdateOrganisation(actor_of(request))
        saved = try_action(form, "this organisation", lambda: act.run(organisation, version, **values))
        if saved is not None:
            return done(request, "The changes have been saved.", "agencies:organisation", saved.slug)
        if version != organisation.version:
            theirs = differences(form, _words(organisation))
    teams = Team.objects.filter(organisation=organisation).select_related("area")
    context = {"organisation": organisation, "form": form, "teams": teams, "differences": theirs}
    return show(request, "organisation", "organisations", status=422 if form.errors else 200, **context)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_ORGANISATIONS)
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Close an organisation, or open it again."""
    organisation = OrganisationPolicy.get(actor_of(request), slug=slug)
    if request.method == "POST":
        try:
            UpdateOrganisation(actor_of(request)).run(organisation, active=not organisation.active)
        except Invalid as wrong:
            return refused(request, wrong, "agencies:organisation", slug)
        words = f"{organisation.title} has been {'closed' if organisation.active else 'opened again'}."
        return done(request, words, "agencies:organisation", slug)
    people = queries.organisations(actor_of(request), status="").get(pk=organisation.pk).people  # type: ignore[attr-defined]
    return show(request, "organisation_close", "organisations", organisation=organisation, people=people)


@require_http_methods(["GET", "POST"])
@policy(Capability.MANAGE_ORGANISATIONS)
def team(request: HttpRequest, slug: str, team: int | None = None) -> HttpResponse:
    """Add a team to an organisation, or change one."""
    organisation = OrganisationPolicy.get(actor_of(request), slug=slug)
    row = Team.objects.filter(organisation=organisation, pk=team).first() if team else None
    if team and row is None:
        raise Http404
    form = TeamForm(request.POST or None, initial={"title": row.title, "area": row.area} if row else None)
    if request.method == "POST" and form.is_valid():
        title, area = form.cleaned_data["title"], form.cleaned_data["area"]
        act = SaveTeam(actor_of(request))
        saved = try_action(form, "this team", lambda: act.run(organisation, title, area, row))
        if saved is not None:
            return done(request, f"{saved.title} has been saved.", "agencies:organisation", slug)
    context = {"organisation": organisation, "team": row, "form": form}
    return show(request, "team", "organisations", status=422 if form.errors else 200, **context)


def _words(organisation: Organisation) -> dict[str, str]:
    """What is saved now, as the form's answers read."""
    return {
        "title": organisation.title,
        "kind": organisation_kinds().get(organisation.kind, organisation.kind),
        "area": organisation.area.title if organisation.area else "Whole partnership",
        "email": organisation.email,
        "phone": organisation.phone,
    }
