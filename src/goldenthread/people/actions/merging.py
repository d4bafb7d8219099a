"""Joining two records of one person, and parting them again exactly as they were.

Every row anywhere that points to the record that goes is made to point to the one that stays, found by asking the models,
so that a new table needs no change here. What events say stays as it was recorded. Only a person joins records: nothing
here is called by the matching. Depends on `models`, `rules`, `policies`, `foundation`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid, Stale
from goldenthread.foundation.capability import Capability

from ..matching.policies import ordered
from ..models import Merge, Person, PersonName, PossibleMatch, SearchKey
from ..rules import must_see
from ..search import keys_for_all
from .common import make_findable

#: Tables whose rows stay with the record they were made for, and why.
STAYS = {
    "people.searchkey": "made again from the names",
    "people.emergencyaccess": "nobody is let see more than they were given",
    "people.possiblematch": "a decision is about the two records it was made of",
    "people.merge": "what was done is told as it was",
}
#: Of rows that would say the same twice, the one of the record that goes stays with it.
_SAME: dict[str, tuple[str, ...]] = {
    "people.personname": ("full",),
    "people.identifier": ("scheme", "value"),
    "people.residence": ("address_id", "starts", "ends"),
    "people.professional": ("organisation_id", "name", "job", "starts", "ends"),
    "people.relationship": ("person_id", "other_id", "kind", "ends"),
}
#: What the record that stays takes over where it knows nothing itself.
_FILLED = ("given_name", "family_name", "died", "sex", "ethnicity", "area_id", "registered_by_id")
LONGEST = 2000

#: Called with those whose date of birth or sex is another after a join or a parting: clocks may count from it.
Afterwards = Callable[[list[Person]], None]
_afterwards: list[Afterwards] = []


def register_afterwards(call: Afterwards) -> None:
    """Called once at start by casework, which works out again what is due."""
    if call not in _afterwards:
        _afterwards.append(call)


class MergePeople(Action[Merge]):
    """Join `gone` into `kept`, for a reason. `versions`: those of kept and gone when the person compared them."""

    name = "people.merge"
    needs = Capability.MERGE_PEOPLE

    def perform(
        self, kept: Person, gone: Person, reason: str, versions: tuple[int, int] | None = None
    ) -> Merge:
        _reason(reason)
        if kept.pk == gone.pk:
            raise Invalid({"": "These are one record already"})
        must_see(self.actor, kept, gone)
        kept, gone = _locked(kept, gone)
        if kept.merged_into_id or gone.merged_into_id:
            raise Invalid(
                {"": "One of the two records has been joined to another since you opened this page"}
            )
        for row, version in zip((kept, gone), versions or (kept.version, gone.version), strict=True):
            if row.version != version:
                raise Stale(version, row.version)
        snapshot = {"kept": whole(kept), "gone": whole(gone)}
        moved = _move(gone, kept)
        changed = [*_names_become_aliases(kept, moved), *_fill(kept, gone)]
        keys = _keys_added(kept)
        gone.merged_into = kept
        for row in (kept, gone):
            row.version += 1
            row.save()
        merge = Merge.objects.create(
            kept=kept, gone=gone, snapshot=snapshot, moved=moved, changed=[*changed, *keys], reason=reason.strip(),
            merged_at=timezone.now(), merged_by_id=self.actor.user_id,
        )  # fmt: skip
        decide(self.actor.user_id, kept, gone, PossibleMatch.State.SAME, reason)
        counts = {each["model"]: len(each["ids"]) for each in moved}
        self.note("person", kept.pk, merge=merge.pk, joined=gone.pk, moved=counts)
        self.note("person", gone.pk, merge=merge.pk, joined_into=kept.pk)
        if any(each["field"] in ("born", "sex") for each in changed) or _clock(kept) != _clock(gone):
            _tell([kept])
        return merge


class UnMergePeople(Action[Merge]):
    """Part two joined records: every row goes back, and what the join changed is as it was unless it changed again."""

    name = "people.unmerge"
    needs = Capability.MERGE_PEOPLE

    def perform(self, merge: Merge, reason: str) -> Merge:
        _reason(reason)
        must_see(self.actor, merge.kept)
        kept, gone = _locked(merge.kept, merge.gone)
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        if merge.undone_at is not None:
            raise Invalid({"": "These records have been parted already"})
        later = Merge.objects.filter(kept=kept, undone_at=None, merged_at__gt=merge.merged_at)
        if kept.merged_into_id or later.exists():
            raise Invalid({"": "Another record was joined after this one. Part that one first"})
        for each in merge.moved:
            model = apps.get_model(each["model"])
            rows = model._base_manager.filter(pk__in=each["ids"], **{each["field"]: kept.pk})
            rows.update(**{each["field"]: gone.pk})
        kept.refresh_from_db()
        _put_back(merge, kept)
        gone.merged_into = None
        for row in (kept, gone):
            row.version += 1
            row.save()
        make_findable(kept, kept.names.values_list("full", flat=True))
        merge.undone_at, merge.undone_by_id = timezone.now(), self.actor.user_id
        merge.undone_reason = reason.strip()
        merge.save()
        decide(self.actor.user_id, kept, gone, PossibleMatch.State.DIFFERENT, reason)
        self.note("person", kept.pk, merge=merge.pk, parted=gone.pk)
        self.note("person", gone.pk, merge=merge.pk, parted_from=kept.pk)
        _tell([kept, gone])
        return merge


class KeepApart(Action[PossibleMatch]):
    """Say that two records are of two people, so that they are not suggested again."""

    name = "people.keep_apart"
    needs = Capability.MERGE_PEOPLE

    def perform(self, one: Person, other: Person, reason: str) -> PossibleMatch:
        _reason(reason)
        if one.pk == other.pk:
            raise Invalid({"": "These are one record"})
        must_see(self.actor, one, other)
        match = decide(self.actor.user_id, one, other, PossibleMatch.State.DIFFERENT, reason)
        self.note("person", one.pk, match=match.pk, different=other.pk)
        self.note("person", other.pk, match=match.pk, different=one.pk)
        return match


def decide(user_id: int | None, one: Person, other: Person, state: str, reason: str) -> PossibleMatch:
    """Keep what a person decided of two records. Called inside an action."""
    first, second = ordered(one.pk, other.pk)
    now = timezone.now()
    match, _ = PossibleMatch.objects.update_or_create(
        one_id=first,
        other_id=second,
        defaults={"state": state, "decided_at": now, "decided_by_id": user_id, "reason": reason.strip()},
        create_defaults={
            "state": state, "decided_at": now, "decided_by_id": user_id, "reason": reason.strip(), "found_at": now,
        },
    )  # fmt: skip
    return match


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Every table and field that points to a person, but those of `STAYS`."""
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if isinstance(model, str) or model._meta.label_lower in STAYS:
            continue
        yield model, relation.field.name


def whole(person: Person) -> dict[str, Any]:
    """A record with everything that points to it, as plain values."""
    found: dict[str, Any] = {"person": _plain(Person.objects.filter(pk=person.pk))}
    for model, field in references():
        rows = _plain(model._base_manager.filter(**{field: person.pk}).order_by("pk"))
        if rows:
            # Of tables of higher floors only which rows: what they say is theirs, and is not changed.
            own = model._meta.app_label == Person._meta.app_label
            key = f"{model._meta.label_lower}.{field}"
            found[key] = rows if own else [row[model._meta.pk.attname] for row in rows]
    return found


def _plain(rows: models.QuerySet[Any]) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = json.loads(json.dumps(list(rows.values()), cls=DjangoJSONEncoder))
    return plain


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say what you decided it by, such as who confirmed it"})
    if len(reason) > LONGEST:
        raise Invalid({"reason": f"The reason must be {LONGEST:,} characters or fewer"})


def _locked(kept: Person, gone: Person) -> tuple[Person, Person]:
    """Both rows, locked in one order so that two people joining the same records cannot wait for each other."""
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }
    return rows[kept.pk], rows[gone.pk]


def _move(gone: Person, kept: Person) -> list[dict[str, Any]]:
    """Point every row at `kept`; those that would then say what another row says stay."""
    moved = []
    for model, field in references():
        rows = list(model._base_manager.filter(**{field: gone.pk}).order_by("pk"))
        if not rows:
            continue
        ids = [row.pk for row in rows if not _there(model, field, row, kept)]
        model._base_manager.filter(pk__in=ids).update(**{field: kept.pk})
        if ids:
            moved.append({"model": model._meta.label_lower, "field": field, "ids": _texts(ids)})
    return moved


def _texts(ids: list[Any]) -> list[Any]:
    return [one if isinstance(one, int) else str(one) for one in ids]


def _there(model: type[models.Model], field: str, row: models.Model, kept: Person) -> bool:
    """Whether `kept` has a row that says this already, or cannot have it: no one is related to themselves."""
    column = model._meta.get_field(field).attname  # type: ignore[union-attr]
    label = model._meta.label_lower
    if label == "people.relationship" and kept.pk in (row.person_id, row.other_id):  # type: ignore[attr-defined]
        return True
    sets = [_SAME[label]] if label in _SAME else []
    sets += [
        tuple(model._meta.get_field(name).attname for name in rule.fields)  # type: ignore[union-attr]
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and field in rule.fields
    ]
    if model._meta.get_field(field).unique:  # type: ignore[union-attr]
        sets.append((column,))
    for names in sets:
        same = {name: getattr(row, name) for name in names if name != column}
        if label == "people.personname":
            same = {"full__iexact": row.full}  # type: ignore[attr-defined]
        if model._base_manager.filter(**same, **{column: kept.pk}).exists():
            return True
    return False


def _names_become_aliases(kept: Person, moved: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The one name used is that of `kept`; the name used of the other is from now on an alias."""
    ids = [pk for each in moved if each["model"] == "people.personname" for pk in each["ids"]]
    used = list(PersonName.objects.filter(pk__in=ids, kind="used").values_list("pk", flat=True))
    PersonName.objects.filter(pk__in=used).update(kind="alias")
    return [_change("people.personname", pk, "kind", "used", "alias") for pk in used]


def _change(model: str, pk: Any, field: str, before: Any, after: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(
        json.dumps(
            {"model": model, "id": pk, "field": field, "before": before, "after": after},
            cls=DjangoJSONEncoder,
        )
    )
    return plain


def _fill(kept: Person, gone: Person) -> list[dict[str, Any]]:
    """What `kept` does not know and `gone` does. Restriction and the need of an interpreter hold if either has it."""
    values: dict[str, Any] = {}
    for field in _FILLED:
        if not getattr(kept, field) and getattr(gone, field):
            values[field] = getattr(gone, field)
    if kept.born is None and gone.born is not None:
        values |= {"born": gone.born, "born_precision": gone.born_precision}
        if kept.expected is not None:  # the child who was expected is born
            values["expected"] = None
    elif kept.born is None and kept.expected is None and gone.expected is not None:
        values["expected"] = gone.expected
    languages = [*kept.languages, *(each for each in gone.languages if each not in kept.languages)]
    if languages != kept.languages:
        values["languages"] = languages
    for field in ("interpreter", "restricted"):
        if getattr(gone, field) and not getattr(kept, field):
            values[field] = True
    changes = [
        _change("people.person", kept.pk, name, getattr(kept, name), value) for name, value in values.items()
    ]
    for name, value in values.items():
        setattr(kept, name, value)
    return changes


def _keys_added(kept: Person) -> list[dict[str, Any]]:
    """Let a search find `kept` by the names that came; told as changes, so that they can be taken away again."""
    before = set(SearchKey.objects.filter(person=kept).values_list("key", flat=True))
    make_findable(kept, kept.names.values_list("full", flat=True))
    added = SearchKey.objects.filter(person=kept).exclude(key__in=before).values_list("key", flat=True)
    return [_change("people.searchkey", key, "key", None, key) for key in sorted(added)]


def _put_back(merge: Merge, kept: Person) -> None:
    still = keys_for_all(kept.names.values_list("full", flat=True))
    for each in merge.changed:
        if each["model"] == "people.searchkey":
            if each["after"] not in still:
                SearchKey.objects.filter(person=kept, key=each["after"]).delete()
            continue
        if each["model"] == "people.person":
            now = json.loads(json.dumps(getattr(kept, each["field"]), cls=DjangoJSONEncoder))
            if now == each["after"]:  # nobody has changed it since
                before = each["before"]
                setattr(kept, each["field"], _of_person(each["field"], before))
            continue
        rows = apps.get_model(each["model"])._base_manager.filter(pk=each["id"])
        rows.filter(**{each["field"]: each["after"]}).update(**{each["field"]: each["before"]})


def _of_person(field: str, plain: Any) -> Any:
    """A value of the snapshot as the row has it: a day is text there."""
    column = Person._meta.get_field(field.removesuffix("_id"))
    days = isinstance(column, models.DateField) and plain is not None
    return date.fromisoformat(plain) if days else plain


def _clock(person: Person) -> tuple[Any, ...]:
    return person.born, person.born_precision, person.sex


def _tell(people: list[Person]) -> None:
    for call in _afterwards:
        call(people)
