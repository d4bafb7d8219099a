"""What is known of a person, and adding to it. Reading it is journalled; writes go only by `actions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.forms import VersionedForm
from goldenthread.foundation.pages import actor_of, differences, done, try_action
from goldenthread.foundation.policy import policy

from .. import possible, queries
from ..actions import (
    AddIdentifier,
    AddName,
    AddProfessional,
    AddResidence,
    AddWarning,
    EndWarning,
    RelatePeople,
    UpdatePerson,
)
from ..codes import ETHNICITIES, RELATIONSHIPS
from ..forms import (
    IdentifierForm,
    NameForm,
    PersonForm,
    ProfessionalForm,
    RelativeForm,
    ResidenceForm,
    WarningForm,
    person_initial,
)
from ..models import Person
from ..policies import PersonPolicy
from .search import hit_for_show, page_about

#: The order names are shown in: the one they use first.
KINDS = ("used", "birth", "alias", "previous")
FIELDS = (
    "given_name",
    "family_name",
    "born",
    "expected",
    "sex",
    "ethnicity",
    "languages",
    "interpreter",
    "area",
)


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that can be added to what is known of a person."""

    heading: str
    form: type[VersionedForm]
    action: Callable[..., Any]
    needs: Capability = Capability.REGISTER_PEOPLE


ADDITIONS = {
    "name": Addition("Add a name", NameForm, AddName),
    "identifier": Addition("Add a number", IdentifierForm, AddIdentifier),
    "address": Addition("Add an address", ResidenceForm, AddResidence),
    "professional": Addition("Add someone who works with them", ProfessionalForm, AddProfessional),
    "warning": Addition("Add a warning", WarningForm, AddWarning, Capability.RECORD_EVENTS),
}


@policy(Capability.VIEW_CASES)
def details(request: HttpRequest, person: UUID) -> HttpResponse:
    """Everything recorded of who someone is."""
    actor = actor_of(request)
    row = _person(request, person)
    journal.read(actor, "person.details", "person", str(row.pk))
    context = {
        "person": row,
        "about": page_about(row),
        "names": sorted(row.names.all(), key=lambda name: (KINDS.index(name.kind), name.full)),
        "identifiers": queries.identifiers_for_show(row),
        "residences": queries.residences_of(row),
        "household": queries.household_of(actor, row),
        "family": [
            (RELATIONSHIPS.get(tie.kind, (tie.kind, ""))[0], tie) for tie in queries.family_of(actor, row)
        ],
        "professionals": queries.professionals_of(row),
        "warnings": queries.warnings_of(row),
        "ethnicities": ETHNICITIES,
        "may_write": actor.may(Capability.REGISTER_PEOPLE),
        "may_merge": actor.may(Capability.MERGE_PEOPLE),
        "matches": possible.open_matches_of(actor, [row]),
        "joins": possible.joins_of(actor, row),
        "may_warn": actor.may(Capability.RECORD_EVENTS),
    }
    return render(request, "people/details.html", context)


@require_http_methods(["GET", "POST"])
@policy(Capability.REGISTER_PEOPLE)
def change(request: HttpRequest, person: UUID) -> HttpResponse:
    """Change who someone is."""
    row = _person(request, person)
    form = PersonForm(request.POST or None, initial=person_initial(row))
    theirs = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        values = {name: form.cleaned_data[name] for name in FIELDS}
        act = UpdatePerson(actor_of(request))
        if try_action(form, "this person", lambda: act.run(row, version, **values)) is not None:
            return done(request, "The changes have been saved.", "people:details", row.pk)
        if version != row.version:
            theirs = differences(form, _words(row))
    if request.method == "GET":
        journal.read(actor_of(request), "person.form", "person", str(row.pk), kind="change")
    context = {"person": row, "form": form, "differences": theirs}
    return render(request, "people/change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(Capability.VIEW_CASES)
def add(request: HttpRequest, person: UUID, what: str) -> HttpResponse:
    """Add a name, a number, an address, a professional or a warning."""
    addition = ADDITIONS.get(what)
    if addition is None:
        raise Http404
    actor = actor_of(request)
    actor.require(addition.needs)
    row = _person(request, person)
    form = addition.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        if try_action(form, "this person", lambda: addition.action(actor).run(row, **values)) is not None:
            return done(request, "It has been added.", "people:details", row.pk)
    if request.method == "GET":
        journal.read(actor, "person.form", "person", str(row.pk), kind=what)
    context = {"person": row, "form": form, "heading": addition.heading, "what": what}
    return render(request, "people/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(Capability.REGISTER_PEOPLE)
def relative(request: HttpRequest, person: UUID) -> HttpResponse:
    """Find someone and say how they are related to the person."""
    actor = actor_of(request)
    row = _person(request, person)
    typed = " ".join(request.GET.get("q", "").split())[:200]
    other = _chosen(request)
    form = RelativeForm(request.POST or None, initial={"other": other.pk if other else None})
    if request.method == "POST" and form.is_valid() and other is not None:
        given = form.cleaned_data
        said = {"parental_responsibility": given["parental_responsibility"], "note": given["note"]}
        act = RelatePeople(actor)
        if try_action(form, "this person", lambda: act.run(row, other, given["kind"], **said)) is not None:
            words = f"{other.name} is recorded as {RELATIONSHIPS[given['kind']][0].lower()} of {row.name}."
            return done(request, words, "people:details", row.pk)
    context: dict[str, Any] = {"person": row, "form": form, "other": other, "typed": typed}
    if typed and other is None:
        found = queries.search(actor, typed)
        context["hits"] = [hit_for_show(hit) for hit in found.hits if hit.person.pk != row.pk]
        journal.search(actor, "people", [hit.person.pk for hit in found.hits], terms=found.sought.terms)
    return render(request, "people/relative.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@policy(Capability.RECORD_EVENTS)
def end_warning(request: HttpRequest, person: UUID, warning: int) -> HttpResponse:
    """Say that a warning no longer holds."""
    row = _person(request, person)
    standing = next((each for each in queries.warnings_of(row) if each.pk == warning), None)
    if standing is None:
        raise Http404
    if request.method == "POST":
        try:
            EndWarning(actor_of(request)).run(standing)
        except Invalid as wrong:
            for message in wrong.messages:
                messages.error(request, message)
            return HttpResponseRedirect(reverse("people:details", args=[row.pk]))
        return done(request, "The warning has ended. It stays on record.", "people:details", row.pk)
    journal.read(actor_of(request), "person.form", "person", str(row.pk), kind="end_warning")
    return render(request, "people/end_warning.html", {"person": row, "warning": standing})


def _person(request: HttpRequest, pk: UUID) -> Person:
    return PersonPolicy.get(actor_of(request), pk=pk)


def _chosen(request: HttpRequest) -> Person | None:
    """The relative that was chosen or just registered, if the actor may know of them."""
    asked = request.POST.get("other") or request.GET.get("other") or request.GET.get("person") or ""
    try:
        wanted = UUID(asked)
    except ValueError:
        return None
    return PersonPolicy.visible_to(actor_of(request)).filter(pk=wanted).first()


def _words(person: Person) -> dict[str, str]:
    """What is saved now, as the form's answers read."""
    now = person_initial(person)
    born, expected = now["born"], person.expected
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born": str(PersonForm.base_fields["born"].prepare_value(born)) if born else "",
        "expected": f"{expected.day} {expected.month} {expected.year}" if expected else "",
        "sex": person.get_sex_display() if person.sex else "Not known",
        "ethnicity": ETHNICITIES.get(person.ethnicity, "Not known"),
        "languages": ", ".join(person.languages),
        "area": person.area.title if person.area else "Not known",
    }
