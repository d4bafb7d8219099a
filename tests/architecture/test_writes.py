"""Nothing writes to the database but actions. house.md: "Every write is an action. There is no other way to write"."""

from __future__ import annotations

import pytest
from django.apps import apps

from .source import modules, short
from .writes import writes_in

#: File -> why its writes are not actions. Every entry must still be needed.
ALLOWED: dict[str, str] = {
    "intelligence/beside.py": "writes a file of pages beside the extract, never the service's database",
    "intelligence/scorecard/keeping.py": "writes a file of values beside the extract, never the service's database",
    "foundation/journal.py": "the journal is what actions write to, in their transaction",
}


def relations() -> frozenset[str]:
    names = set()
    for model in apps.get_models():
        if model.__module__.startswith("goldenthread."):
            names |= {field.name for field in model._meta.many_to_many}
            names |= {
                field.get_accessor_name() for field in model._meta.related_objects if field.many_to_many
            }
    return frozenset(names)


def is_action(name: str) -> bool:
    return name.endswith("/actions.py") or "/actions/" in name


def test_models_are_written_only_in_actions():
    wrong, used = [], set()
    for path in modules():
        name = short(path)
        if is_action(name):
            continue
        for write in writes_in(path.read_text(encoding="utf-8"), relations()):
            if name in ALLOWED:
                used.add(name)
            else:
                wrong.append(f"{name}:{write.line}: {write.text}")
    assert not wrong, "move these into an action:\n" + "\n".join(wrong)
    assert used == set(ALLOWED), f"no longer needed in the list: {set(ALLOWED) - used}"


@pytest.mark.parametrize(
    "line",
    [
        "case.save()",
        "Case.objects.create(pathway=x)",
        "case.events.create(kind=x)",
        "Duty.objects.bulk_create(rows)",
        "Duty.objects.filter(case=case).update(state=x)",
        "Person.objects.get_or_create(pk=1)",
        "Person.objects.select_for_update().filter(pk=1).order_by('x').update(a=1)",
        "person.delete()",
        "group.members.set([a])",
        "group.members.add(a)",
        "cursor.execute('UPDATE casework_event SET kind = 1')",
    ],
)
def test_a_write_is_seen(line):
    assert writes_in(line, frozenset({"members"}))


@pytest.mark.parametrize(
    "line",
    [
        "facts.update(a=1)",
        "seen.add(1)",
        "super().save(*args)",
        "cache.set('a', 1)",
        "request.session.delete('a')",
        "cursor.execute('SELECT 1')",
        "Case.objects.filter(pk=1).first()",
    ],
)
def test_what_is_no_write_is_left_alone(line):
    assert not writes_in(line, frozenset({"members"}))
