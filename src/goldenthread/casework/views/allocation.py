"""Who works on a case and which organisations are part of it. Writes only by `casework.actions`."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.agencies.models import Membership, Organisation, Team, User
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy

from ..actions import AllocateCase, InvolveOrganisation
from ..forms.small import AllocateForm, InvolveForm
from ..models import Case, Involvement
from ..record import program_of
from .common import actor_of, case_of, number


@policy(Capability.ALLOCATE_CASES)
def allocate(request: HttpRequest, case: UUID) -> HttpResponse:
    """Give a case to a worker and a team of the organisation that leads it."""
    actor = actor_of(request)
    here = case_of(actor, case)
    workers, teams = _workers(here), list(Team.objects.filter(organisation=here.lead))
    form = AllocateForm(
        request.POST if request.method == "POST" else None,
        initial={"worker": request.GET.get("worker", "") or str(here.worker_id or ""), "team": str(here.team_id or "")},
        workers=[(str(user.pk), _with_load(user)) for user in workers],
        teams=[(str(team.pk), team.title) for team in teams],
    )
    if request.method == "POST" and form.is_valid():
        worker = next((user for user in workers if user.pk == number(form.cleaned_data["worker"])), None)
        team = next((team for team in teams if team.pk == number(form.cleaned_data["team"])), None)
        try:
            AllocateCase(actor).run(here, worker, team)
        except Invalid as error:
            _mark(form, error)
        else:
            whom = " and ".join(str(one) for one in (worker, team) if one)
            messages.success(request, f"The case is now with {whom}.")
            return HttpResponseRedirect(reverse("casework:case", args=[here.pk]))
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(here.pk), kind="allocate")
    context = {"case": here, "pathway": program_of(here).pathway, "form": form}
    return render(request, "casework/case_allocate.html", context, status=422 if form.errors else 200)


def _workers(case: Case) -> list[User]:
    """People of the organisation that leads a case, with how many open cases each has."""
    members = Membership.in_force().filter(organisation=case.lead).order_by().values("user")
    rows = User.objects.filter(pk__in=members, is_active=True).annotate(load=Count("cases", filter=Q(cases__is_open=True)))
    return list(rows.order_by("last_name", "first_name", "pk"))


def _with_load(user: User) -> str:
    job = f", {user.job_title}" if user.job_title else ""
    return f"{user}{job} ({user.load:,})"  # type: ignore[attr-defined]


@policy(Capability.RECORD_EVENTS)
def involve(request: HttpRequest, case: UUID) -> HttpResponse:
    """Make another organisation part of a case, so that it sees it."""
    actor = actor_of(request)
    here = case_of(actor, case)
    already = set(Involvement.objects.filter(case=here, user=None).values_list("organisation_id", flat=True))
    offered = list(OrganisationPolicy.visible_to(actor).filter(active=True).exclude(pk__in=already))
    form = InvolveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = _named(offered, form.cleaned_data["organisation"])
        if chosen is None:
            form.add_error("organisation", "No such organisation, or it is already part of the case. Choose one from the list")
        else:
            try:
                InvolveOrganisation(actor).run(here, chosen)
            except Invalid as error:
                _mark(form, error)
            else:
                messages.success(request, f"{chosen} is now part of this case and can see it.")
                return HttpResponseRedirect(reverse("casework:case", args=[here.pk]))
    if request.method != "POST":
        journal.read(actor, "case.form", "case", str(here.pk), kind="involve")
    part = Involvement.objects.filter(case=here).select_related("organisation", "user").order_by("since", "pk")
    context = {"case": here, "pathway": program_of(here).pathway, "form": form, "offered": offered, "part": part}
    return render(request, "casework/case_involve.html", context, status=422 if form.errors else 200)


def _named(offered: list[Organisation], typed: str) -> Organisation | None:
    found = [one for one in offered if one.title.lower() == typed.strip().lower() or one.slug == typed.strip()]
    return found[0] if len(found) == 1 else None


def _mark(form: AllocateForm | InvolveForm, error: Invalid) -> None:
    for name, wrong in error.errors.items():
        for message in wrong:
            form.add_error(name if name in form.fields else None, message)
