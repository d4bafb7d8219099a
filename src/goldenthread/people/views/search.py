"""Finding people and registering someone new. The journal is told that a search was made and how many it found, never
what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from goldenthread.foundation import journal
from goldenthread.foundation.actions import DiscardDraft
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, try_action
from goldenthread.foundation.policy import policy
from goldenthread.foundation.queries import draft_for

from .. import possible, queries
from ..actions import RegisterPerson
from ..forms import RegisterForm
from ..models import Person

DRAFT = "people/register"
#: A match as good as this is shown before someone is registered.
LIKELY = 0.86


@policy(Capability.SEARCH_PEOPLE)
def search_page(request: HttpRequest) -> HttpResponse:
    """One box for a name, an alias, a date of birth or an identifier."""
    actor = actor_of(request)
    typed = " ".join(request.GET.get("q", "").split())[:200]
    context: dict[str, Any] = {"typed": typed, "may_register": actor.may(Capability.REGISTER_PEOPLE)}
    if actor.may(Capability.MERGE_PEOPLE):
        context |= {"may_merge": True, "waiting": possible.how_many_open(actor), "counted": possible.COUNTED}
    if typed:
        found = queries.search(actor, typed)
        terms = found.sought.terms
        context |= {"found": found, "terms": terms, "hits": [hit_for_show(hit) for hit in found.hits]}
        journal.search(actor, "people", [hit.person.pk for hit in found.hits], terms=terms)
    return render(request, "people/search.html", context)


@require_http_methods(["GET", "POST"])
@policy(Capability.REGISTER_PEOPLE)
def register(request: HttpRequest) -> HttpResponse:
    """Register someone. People who may be the same are shown first, and a person decides that they are not."""
    actor = actor_of(request)
    onward = _onward(request)
    draft = draft_for(actor, DRAFT) if request.method == "GET" else None
    form = RegisterForm(request.POST or None, initial=draft.body if draft else _begun(request))
    likely: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        if "not_among_them" not in request.POST:
            numbers = [value for _, value in form.numbers]
            found = queries.possible_duplicates(actor, form.names, form.cleaned_data["born"], numbers)
            likely = [hit_for_show(hit) for hit in found if hit.score >= LIKELY]
            journal.search(actor, "people", [hit["person"].pk for hit in likely], "people.duplicates")
        person = None if likely else try_action(form, "this person", lambda: _register(actor, form))
        if person is not None:
            DiscardDraft(actor).run(DRAFT)
            return _registered(request, person, onward)
    context = {
        "form": form,
        "likely": likely,
        "onward": onward,
        "draft": {"key": DRAFT, "address": reverse("people:register"), "title": "Register a person"},
        "kept": draft.saved_at if draft else None,
    }
    return render(request, "people/register.html", context, status=422 if form.errors else 200)


def _register(actor: Any, form: RegisterForm) -> Person:
    given = form.cleaned_data
    same = ("given_name", "family_name", "born", "expected", "sex", "ethnicity", "languages", "interpreter", "area",
            "also_known_as", "address", "postcode", "address_from")  # fmt: skip
    values = {name: given[name] for name in same}
    return RegisterPerson(actor).run(**values, identifiers=form.numbers)


def _registered(request: HttpRequest, person: Person, onward: str) -> HttpResponse:
    messages.success(request, f"{person.name} has been registered.")
    if onward:
        return HttpResponseRedirect(f"{onward}{'&' if '?' in onward else '?'}person={person.pk}")
    return HttpResponseRedirect(page_about(person))


def _onward(request: HttpRequest) -> str:
    """Where to go on after registering: a page of ours that asked for a person, which is then given `?person=<id>`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def _begun(request: HttpRequest) -> dict[str, str]:
    """What another page has learned already."""
    return {name: request.GET[name] for name in ("given_name", "family_name", "born") if name in request.GET}


def page_about(person: Person) -> str:
    """The child's page, or their details where this installation has no such page."""
    try:
        return reverse("casework:child", args=[person.pk])
    except NoReverseMatch:
        return reverse("people:details", args=[person.pk])


def hit_for_show(hit: queries.Hit) -> dict[str, Any]:
    """A person found, as a card shows them."""
    return {"person": hit.person, "why": ", ".join(hit.why), "href": page_about(hit.person)}
