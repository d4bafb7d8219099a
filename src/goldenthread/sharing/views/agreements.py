"""Sharing agreements in plain words: the list, one of them, and what they say of one telling.

They show guidance files only, no record of anybody. Writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.forms import DayField
from goldenthread.foundation.library import arrangement_for, current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.agreement_words import days_in, title_of, told
from goldenthread.guidance.library import Library

from ..decision import Asking, Decision, Ruling, decide
from ..queries.overrides import to_review

STATE_COLOURS = {"coming": "grey", "in_force": "green", "ending": "orange", "ended": "red"}
STATE_TAGS = {"coming": "Not begun", "in_force": "In force", "ending": "Ends soon", "ended": "Ended"}
RULE_COLOURS = {"permit": "green", "review": "yellow", "deny": "red", "duty": "grey"}
VERDICT_WORDS = {"permit": "May be shared", "review": "Somebody with authority decides", "deny": "May not be shared"}
VERDICT_COLOURS = {"permit": "green", "review": "yellow", "deny": "red"}
NAMED = "organisation:"
"""Before the id of an organisation that an agreement names, in a list of kinds of agency."""


@dataclass(frozen=True, slots=True)
class Said:
    """One ruling as a page shows it."""

    about: str
    words: str
    colour: str
    why: str
    agreement: str
    title: str
    clause: str
    basis: tuple[str, ...]


def told_ruling(about: str, ruling: Ruling) -> Said:
    found = current_library().agreements.get(ruling.agreement)
    return Said(
        about, VERDICT_WORDS[ruling.verdict], VERDICT_COLOURS[ruling.verdict], ruling.why, ruling.agreement,
        found.title if found else "", ruling.clause, tuple(ruling.basis.split("; ")) if ruling.basis else (),
    )  # fmt: skip


def told_decision(decision: Decision) -> list[Said]:
    """Both rulings of a decision, existence first."""
    return [
        told_ruling("That there is a record", decision.existence),
        told_ruling("What the record says", decision.content),
    ]


@policy(Capability.READ_GUIDANCE)
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, those that end soon or have ended first."""
    library, today, actor = current_library(), timezone.localdate(), actor_of(request)
    found = [told(one, library, today) for one in library.agreements.values()]
    order = {"ended": 0, "ending": 1, "coming": 2, "in_force": 3}
    found.sort(key=lambda one: (order[one.state], one.title))
    context = {
        "agreements": found,
        "pressing": [one for one in found if one.state in ("ended", "ending") or one.review_late],
        "warned": days_in(library.sharing.warns_before),
        "emergencies": to_review(actor).count() if actor.may(Capability.VIEW_CASES) else None,
        "colours": STATE_COLOURS, "tags": STATE_TAGS,
    }  # fmt: skip
    return render(request, "sharing/agreements.html", context)


class DayForm(forms.Form):
    """The day on which an agreement is read."""

    on = DayField(label="As it stands on", required=False)


@policy(Capability.READ_GUIDANCE)
def agreement(request: HttpRequest, agreement: str) -> HttpResponse:
    """One agreement, as it stands on a day."""
    library, today = current_library(), timezone.localdate()
    found = library.agreements.get(agreement)
    if found is None:
        raise Http404
    form = DayForm(request.GET if "on" in request.GET else None)
    day: date = (form.is_valid() and form.cleaned_data["on"]) or today
    context = {
        "told": told(found, library, day), "form": form, "day": day, "is_today": day == today,
        "colours": STATE_COLOURS, "tags": STATE_TAGS, "rule_colours": RULE_COLOURS,
    }  # fmt: skip
    return render(request, "sharing/agreement.html", context, status=422 if form.errors else 200)


def _parties(library: Library) -> list[tuple[str, str]]:
    """Kinds of agency that hold records, then the organisations that agreements name."""
    kinds = [(kind, role.title) for kind, role in library.roles.roles.items()]
    named = {slug for one in library.agreements.values() for party in one.parties.values() for slug in party.organisations}
    return kinds + [(f"{NAMED}{slug}", title_of(slug, library)) for slug in sorted(named)]


class TryForm(forms.Form):
    """Who would tell whom, about what, for which purpose, on what day."""

    holder = forms.ChoiceField(label="Whose information is it?", error_messages={"required": "Choose whose information it is"})
    receiver = forms.ChoiceField(label="Who would be told?", error_messages={"required": "Choose who would be told"})
    purpose = forms.ChoiceField(label="What for?", error_messages={"required": "Choose what it is for"})
    pathway = forms.ChoiceField(label="In which kind of case?", required=False)
    category = forms.ChoiceField(label="What kind of information?", required=False)
    restricted = forms.BooleanField(label="The record is restricted", required=False)
    agreed = forms.ChoiceField(
        label="Has the family agreed to the service?", required=False,
        choices=[("", "Nobody has said"), ("yes", "Yes"), ("no", "No")],
        help_text="Only some services need it. It is never the lawful basis.",
    )  # fmt: skip
    on = DayField(label="On which day?", required=False, help_text="Leave it empty for today.")

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = [("", "Choose"), *_parties(library)]
        purposes = [(name, one.title) for name, one in library.sharing.purposes.items()]
        pathways = sorted(((name, one.title) for name, one in library.pathways.items()), key=lambda one: one[1])
        categories = [(name, one.title) for name, one in library.sharing.categories.items()]
        for name, choices in (
            ("holder", parties), ("receiver", parties), ("purpose", [("", "Choose"), *purposes]),
            ("pathway", [("", "Any, or none yet"), *pathways]),
            ("category", [("", "Nothing that a clause singles out"), *categories]),
        ):  # fmt: skip
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def asking(self, library: Library) -> Asking:
        """The question, from a form that is valid."""
        given = self.cleaned_data
        holder, holder_kind = _party(given["holder"], library)
        receiver, receiver_kind = _party(given["receiver"], library)
        pathway = library.pathways.get(given["pathway"])
        return Asking(
            holder=holder or "one agency", holder_kind=holder_kind, receiver=receiver or "another", receiver_kind=receiver_kind,
            purpose=given["purpose"], pathway=given["pathway"] or None, day=given["on"] or timezone.localdate(),
            sensitivity="restricted" if given["restricted"] else "standard",
            subject=pathway.subject if pathway else "child",
            consent={"yes": True, "no": False}.get(given["agreed"]), arrangement=arrangement_for(None),
            category=given["category"],
        )  # fmt: skip


def _party(value: str, library: Library) -> tuple[str, str]:
    """The organisation, if one is named, and its kind."""
    if not value.startswith(NAMED):
        return "", value
    slug = value.removeprefix(NAMED)
    for arrangement in library.arrangements.values():
        for one in arrangement.organisations:
            if one.id == slug:
                return slug, one.kind
    return slug, ""


@policy(Capability.READ_GUIDANCE)
def try_it(request: HttpRequest) -> HttpResponse:
    """What the agreements say of one telling. Nothing is kept, and nobody's record is asked."""
    library = current_library()
    form = TryForm(request.GET if "holder" in request.GET else None, library=library)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        asking = form.asking(library)
        context |= {
            "said": told_decision(decide(library.agreements.values(), asking)), "asking": asking,
            "holder": dict(form.fields["holder"].choices)[form.cleaned_data["holder"]],  # type: ignore[attr-defined]
            "receiver": dict(form.fields["receiver"].choices)[form.cleaned_data["receiver"]],  # type: ignore[attr-defined]
            "purpose": library.sharing.purposes[asking.purpose].title,
        }  # fmt: skip
    return render(request, "sharing/agreement_try.html", context, status=422 if form.is_bound and form.errors else 200)
