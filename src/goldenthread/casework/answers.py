"""Answers to an event's questions, made ready to store: the checks of `clocks.order`, and agencies by their own name.

An answer that names an organisation is stored as its slug, whether it was given as a row, a number, a slug or a title,
so that a record can be read, exported and imported without the numbers of one database.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from django.db.models import Q

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.order import Problem, clean_answers
from goldenthread.guidance.pathway import EventKind, FieldType


def clean(
    kind: EventKind, given: Mapping[str, Any], *, complete: bool = True
) -> tuple[dict[str, Any], list[Problem]]:
    """Answers ready to store and what is wrong with the rest."""
    named = {
        name: value
        for name, value in given.items()
        if value not in (None, "") and name in kind.asks and kind.asks[name].type is FieldType.ORGANISATION
    }
    if not named:
        return clean_answers(kind, given, complete=complete)
    changed = dict(given)
    problems: list[Problem] = []
    for name, value in named.items():
        slug = _slug_of(value)
        if slug is None:
            problems.append(Problem(name, _unknown(value)))
            slug = str(value)
        changed[name] = slug
    answers, others = clean_answers(kind, changed, complete=complete)
    return answers, [*problems, *others]


def _slug_of(value: Any) -> str | None:
    if isinstance(value, Organisation):
        return value.slug
    text = str(value).strip()
    match = Q(slug=text) | Q(title__iexact=text)
    if text.isdecimal():
        match |= Q(pk=int(text))
    found = list(Organisation.objects.filter(match, active=True).values_list("slug", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _unknown(value: Any) -> str:
    titles = list(Organisation.objects.filter(active=True).values_list("title", flat=True))
    near = get_close_matches(str(value), titles, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]}?" if near else " Choose one from the list."
    return f"No agency is called {str(value)!r}.{hint}"
