"""Possible matches: the queue, two records side by side, what a person decides, and taking a join back.

Two people one of whom the reader may not know of are nowhere here: not in the list, not in its count, not by address.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, done, page_of, try_action
from goldenthread.foundation.policy import policy

from .. import possible, queries
from ..actions import KeepApart, MergePeople, UnMergePeople
from ..forms import DecideForm, PartForm
from ..matching.grading import reasons_for, title_of
from ..matching.model import declared
from ..matching.policies import MergePolicy
from ..models import Person, PossibleMatch
from ..policies import PersonPolicy
from .search import hit_for_show, page_about


@policy(Capability.MERGE_PEOPLE)
def matches(request: HttpRequest) -> HttpResponse:
    """Records that may be of one person, the surest first, by grade."""
    actor = actor_of(request)
    grades = [(each.id, each.title) for each in declared().grades]
    grade = request.GET.get("grade", "")
    chosen = grade if grade in dict(grades) else ""
    page = page_of(request, possible.open_matches(actor, chosen))
    found = [_for_show(match) for match in page.object_list]
    journal.read(actor, "people.matches", "search", "people", grade=chosen, pairs=len(found))
    context = {"found": found, "page": page, "grades": grades, "grade": chosen}
    return render(request, "people/matches.html", context)


def _for_show(match: PossibleMatch) -> dict[str, Any]:
    reasons = reasons_for(match.levels, match.cautions)
    return {
        "match": match,
        "people": [match.one, match.other],
        "grade": title_of(match.grade),
        "surest": match.grade == declared().grades[0].id,
        "for": [reason.says for reason in reasons if reason.speaks_for],
        "against": [reason.says for reason in reasons if reason.speaks_for is False],
    }


@require_http_methods(["GET", "POST"])
@policy(Capability.MERGE_PEOPLE)
def compare(request: HttpRequest, person: UUID, other: UUID) -> HttpResponse:
    """Two records side by side, and the decision whether they are of one person."""
    actor = actor_of(request)
    one, two = PersonPolicy.get(actor, pk=person), PersonPolicy.get(actor, pk=other)
    if one.pk == two.pk:
        raise Http404
    form = DecideForm(request.POST or None, initial={"version": one.version, "other_version": two.version})
    form.fields["keep"].choices = [  # type: ignore[attr-defined]
        (str(row.pk), f"{row.name} ({possible.born_in_words(row)})") for row in (one, two)
    ]
    if not form.is_bound:
        form.initial["keep"] = str(_fuller(one, two).pk)
    if request.method == "POST" and form.is_valid():
        answer = _decided(request, form, one, two)
        if answer is not None:
            return answer
    journal.read(actor, "people.compare", "person", str(one.pk), other=str(two.pk))
    match = possible.match_of(actor, one, two)
    grade, reasons = possible.judged(match, one, two)
    context = {
        "one": one,
        "other": two,
        "form": form,
        "match": match,
        "grade": grade,
        "reasons": reasons,
        "lines": possible.side_by_side(actor, one, two),
        "related": possible.related_to_each_other(one, two),
        "about": page_about,
    }
    return render(request, "people/compare.html", context, status=422 if form.errors else 200)


def _fuller(one: Person, two: Person) -> Person:
    """The record that is likelier to stay: that of a child who is born, with a checked number, the older one."""
    held = set(
        Person.objects.filter(pk__in=[one.pk, two.pk], identifiers__scheme="nhs").values_list("pk", flat=True)
    )
    return min((one, two), key=lambda row: (row.unborn, row.pk not in held, row.created_at))


def _decided(request: HttpRequest, form: DecideForm, one: Person, two: Person) -> HttpResponse | None:
    """What was decided is done; None where the form is to be shown again."""
    actor, given = actor_of(request), form.cleaned_data
    if given["verdict"] == "different":
        if try_action(form, "these records", lambda: KeepApart(actor).run(one, two, given["reason"])) is None:
            return None
        return done(
            request, "They are kept as two people, and will not be suggested again.", "people:matches"
        )
    if given["verdict"] != "same":
        form.add_error(
            "verdict", "Choose whether these are one person. If you cannot tell yet, leave the page"
        )
    if not given["keep"]:
        form.add_error("keep", "Choose which record stays")
    if form.errors:
        return None
    kept, gone = (one, two) if given["keep"] == str(one.pk) else (two, one)
    versions = {one.pk: given["version"], two.pk: given["other_version"]}
    opened = (versions[kept.pk] or 0, versions[gone.pk] or 0)

    form.now = (one.version, two.version)
    act = MergePeople(actor)
    if try_action(form, "one of these records", lambda: act.run(kept, gone, given["reason"], opened)) is None:
        return None
    words = (
        "The records are joined. This is the one that stayed. It can be undone under Other records of them."
    )
    return done(request, words, "people:details", kept.pk)


@policy(Capability.MERGE_PEOPLE)
def same_as(request: HttpRequest, person: UUID) -> HttpResponse:
    """Find another record of the same person, that the matching has not found."""
    actor = actor_of(request)
    row = PersonPolicy.get(actor, pk=person)
    typed = " ".join(request.GET.get("q", "").split())[:200]
    found = queries.search(actor, typed or row.name)
    hits = [hit_for_show(hit) for hit in found.hits if hit.person.pk != row.pk]
    terms = found.sought.terms if typed else ["name"]
    journal.read(actor, "people.search", "search", "people", terms=terms, hits=len(hits))
    choose = reverse("people:compare", args=[row.pk, UUID(int=0)]).replace(str(UUID(int=0)), "%s")
    return render(
        request, "people/same_as.html", {"person": row, "typed": typed, "hits": hits, "choose": choose}
    )


@require_http_methods(["GET", "POST"])
@policy(Capability.MERGE_PEOPLE)
def joined(request: HttpRequest, merge: UUID) -> HttpResponse:
    """What was joined, by whom and why; and parting it again."""
    actor = actor_of(request)
    row = MergePolicy.get(actor, pk=merge)
    form = PartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = UnMergePeople(actor)
        if try_action(form, "these records", lambda: act.run(row, form.cleaned_data["reason"])) is not None:
            return done(request, "The two records are parted, as they were.", "people:details", row.kept_id)
    journal.read(actor, "people.joined", "person", str(row.kept_id), merge=str(row.pk))
    context = {"merge": row, "person": row.kept, "form": form, "moved": _moved_in_words(row.moved)}
    return render(request, "people/joined.html", context, status=422 if form.errors else 200)


#: What a join moved, in words; how many cases there are is for those who may see them.
_WORDS = {
    "people.personname": ("name", "names"), "people.identifier": ("number", "numbers"),
    "people.residence": ("address", "addresses"), "people.relationship": ("tie of family", "ties of family"),
    "people.professional": ("professional", "professionals"), "people.warning": ("warning", "warnings"),
    "people.person": ("record joined before", "records joined before"),
}  # fmt: skip


def _moved_in_words(moved: list[dict[str, Any]]) -> list[str]:
    counts: dict[str, int] = {}
    for each in moved:
        if each["model"] in _WORDS:
            counts[each["model"]] = counts.get(each["model"], 0) + len(each["ids"])
    return [f"{many} {_WORDS[model][many != 1]}" for model, many in counts.items()]
