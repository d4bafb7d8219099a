"""Making a document of a chronology, and answering a person who asks for their own record.

One form: what it is for, Word or PDF, whom to replace with what. It can be tried first, which shows what would be
replaced and what looks like a name that was missed. The action does the rest and journals it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..actions.exports import AnswerSubjectAccess, ExportChronology, own_chronology
from ..chronology.export import FORMS, PDF, PURPOSES, File, Material, Order, chronology_document, material
from ..chronology.lines import Narrowed, named
from ..chronology.own_record import own_record
from ..chronology.people import FAMILY, Candidate
from ..chronology.redaction import Wanted, alike, also_words
from ..queries.chronology import chronology_of, people_chosen, tell
from .chronology import chosen_ids, narrowing, query_of

SAMPLES, LOOK_ALIKE = 8, 30
WANTED = {
    "numbers": "NHS, pupil, police and other numbers",
    "addresses": "Addresses and postcodes",
    "telephones": "Telephone numbers, email and web addresses",
    "birthdays": "Dates of birth",
    "initials": "Initials, such as A.H.",
    "small_letters": "Names that are also words, where they are written small too, such as “will” and “may”",
}
CHOSEN = ("numbers", "addresses", "telephones", "birthdays")
_OF_WORD, _OF_PDF = ("word", "Word, to work on"), ("pdf", "PDF, to read and send (accessible: PDF/UA-1)")


@policy(Capability.RECORD_EVENTS)
def export(request: HttpRequest, person: UUID) -> HttpResponse:
    """A document for a review, of the lines that the list was narrowed to."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)
    narrowed, _ = narrowing(request.GET)
    people = people_chosen(actor, who, chosen_ids(request.GET))

    def make(order: Order) -> File:
        return ExportChronology(actor).run(who.pk, [one.pk for one in people[1:]], narrowed, order)

    found = chronology_of(actor, people)
    given = material(actor, found, narrowed, tell(found.narrowed(narrowed)))
    back = f"{reverse('chronology:child', args=[who.pk])}?{query_of(people, narrowed)}"
    words = {"title": f"Make a document of the chronology of {named(people)}", "back": back, "own": False}
    return _form(request, who, given, make, words, narrowed)


@policy(Capability.SUPERVISE)
def subject_access(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is held of a person and who received it, for that person."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)

    def make(order: Order) -> File:
        return AnswerSubjectAccess(actor).run(who.pk, order)

    found = own_chronology(chronology_of(actor, [who]))
    given = material(actor, found, Narrowed(), tell(found.lines))
    words = {"title": f"Answer {who.name}’s subject access request", "back": reverse("chronology:child", args=[who.pk]),
             "own": True}  # fmt: skip
    return _form(request, who, given, make, words, Narrowed())


def _form(
    request: HttpRequest, who: Person, given: Material, make: Any, words: dict[str, Any], narrowed: Narrowed
) -> HttpResponse:
    sent = request.method == "POST"
    listed = [one for one in given.candidates if one.listed and not (words["own"] and one.key == str(who.pk))]
    order, typed = _order(request.POST, listed, own=words["own"]) if sent else _first(listed, own=words["own"])
    errors: Mapping[str, list[str]] = {}
    tried: dict[str, Any] = {}
    if sent:
        try:
            if request.POST.get("step") == "make":
                return _download(make(order))
            tried = _try(given, order, own=words["own"])
        except Invalid as wrong:
            errors = wrong.errors
    journal.read(actor_of(request), "chronology.export_form", "person", str(who.pk), tried=bool(tried))
    context = {
        **words, "person": who, "lines": len(given.lines), "people": [_as_row(one, typed) for one in listed],
        "family": FAMILY, "wanted": [(name, label, name in typed["wanted"]) for name, label in WANTED.items()],
        "purposes": PURPOSES, "forms": (_OF_WORD, _OF_PDF), "typed": typed, "errors": errors, "tried": tried,
        "narrowed": narrowed, "also_words": also_words([one.someone for one in listed]),
    }  # fmt: skip
    return render(request, "sharing/chronology_export.html", context, status=422 if errors else 200)


def _first(listed: list[Candidate], *, own: bool) -> tuple[Order, dict[str, Any]]:
    """The form as it opens: for a review everybody is replaced; for the person's own record, other people but not staff."""
    hidden = {key_of(one) for one in listed if not own or one.group == FAMILY}
    typed = {
        "hide": hidden, "labels": {}, "wanted": set(CHOSEN), "form": PDF if own else "word", "words": "", "others": "",
        "purpose": "subject_access" if own else "",
    }  # fmt: skip
    return Order(""), typed


def _order(given: QueryDict, listed: list[Candidate], *, own: bool) -> tuple[Order, dict[str, Any]]:
    hide = set(given.getlist("hide"))
    labels = {key_of(one): " ".join(given.get(f"label-{key_of(one)}", "").split())[:60] for one in listed}
    wanted = {name for name in WANTED if name in given.getlist("wanted")}
    form = given.get("form", "")
    typed: dict[str, Any] = {
        "hide": hide, "labels": labels, "wanted": wanted, "form": form if form in FORMS else "",
        "words": given.get("words", "")[:300], "others": given.get("others", "")[:4000],
        "purpose": "subject_access" if own else given.get("purpose", ""),
    }  # fmt: skip
    replaced = {one.key: labels[key_of(one)] for one in listed if key_of(one) in hide}
    order = Order(
        typed["purpose"], form, typed["words"], replaced, Wanted(**{name: name in wanted for name in WANTED}),
        _others(typed["others"]),
    )  # fmt: skip
    return order, typed


def _others(text: str) -> dict[str, str]:
    """Lines such as “Dave = Mother’s partner”; without a sign, the word is removed."""
    found = {}
    for line in text.splitlines():
        words, _, said = line.partition("=")
        if words.strip():
            found[" ".join(words.split())] = " ".join(said.split()) or "[removed]"
    return found


def key_of(one: Candidate) -> str:
    """What stands for somebody in the form, where a name would be kept by browsers."""
    return sha256(one.key.encode()).hexdigest()[:12]


def _as_row(one: Candidate, typed: dict[str, Any]) -> dict[str, Any]:
    key = key_of(one)
    return {"key": key, "name": one.name, "group": one.group, "hidden": key in typed["hide"],
            "label": typed["labels"].get(key, one.someone.label), "aliases": one.someone.names[1:]}  # fmt: skip


def _try(given: Material, order: Order, *, own: bool) -> dict[str, Any]:
    """What would be replaced, some of it to look at, and what may have been missed."""
    if order.purpose not in PURPOSES:
        order = Order("other", order.form, order.words, order.replaced, order.wanted, order.others)
    document, redactor = (own_record if own else chronology_document)(given, order, "")
    rows = [row for _, rows in document.years for row in rows]
    texts = [words for row in rows for _, words in row.answers] + [words for row in rows for words in row.said]
    people = [one.someone for one in given.candidates if one.key in order.replaced]
    put_in = re.compile("|".join(rf"(?<!\w){re.escape(said)}(?!\w)" for said in redactor.counts) or r"(?!)")
    samples = sorted({text for text in texts if put_in.search(text) and " " in text}, key=lambda text: (-len(text), text))
    return {
        "counts": redactor.counts.most_common(), "samples": samples[:SAMPLES],
        "alike": alike("\n".join(texts), people).most_common(LOOK_ALIKE), "lines": len(rows),
    }  # fmt: skip


def _download(file: File) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
