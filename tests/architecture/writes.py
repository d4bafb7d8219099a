"""Finds writes to the database in source text. Pure: text in, findings out.

It cannot follow types, so it goes by names: what only a model or its manager can do is a write wherever it stands;
what others can do too (`update`, `add`) is a write when the name before it is a queryset's or a many-to-many field's.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

ALWAYS = frozenset(
    {
        *("save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"),
        *(
            "asave",
            "acreate",
            "abulk_create",
            "abulk_update",
            "aget_or_create",
            "aupdate_or_create",
            "adelete",
        ),
    }
)
ON_ROWS = frozenset({"update", "aupdate"})
ON_RELATIONS = frozenset({"add", "set", "remove", "clear"})
OF_ROWS = frozenset(
    {
        *("objects", "filter", "exclude", "all", "select_for_update", "using", "order_by", "annotate"),
        *("get_queryset", "visible_to"),
    }
)
NOT_ROWS = frozenset({"cache", "session", "storage", "default_storage", "signing", "messages"})
RAW = re.compile(r"\s*(insert|update|delete|truncate|drop|alter|replace)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Write:
    """One write: its line and how it reads."""

    line: int
    text: str


def writes_in(source: str, relations: frozenset[str] = frozenset()) -> list[Write]:
    """The writes in `source`. `relations`: names of many-to-many fields and their reverses."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node, relations):
            found.append(Write(node.lineno, ast.unparse(node.func)[-70:]))
    return found


def _writes(call: ast.Call, relations: frozenset[str]) -> bool:
    assert isinstance(call.func, ast.Attribute)
    verb, before = call.func.attr, call.func.value
    names = _names(before)
    if names and names[-1] in NOT_ROWS:
        return False
    if verb in ALWAYS:
        return not (
            isinstance(before, ast.Call) and isinstance(before.func, ast.Name) and before.func.id == "super"
        )
    if verb in ON_ROWS:
        return bool(OF_ROWS & set(names))
    if verb in ON_RELATIONS:
        return isinstance(before, ast.Attribute) and before.attr in relations
    if verb in ("execute", "executemany") and call.args:
        first = call.args[0]
        return (
            isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(RAW.match(first.value))
        )
    return False


def _names(node: ast.expr) -> list[str]:
    """The names along a chain: `Case.objects.filter(x).all` -> Case, objects, filter, all."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [*_names(node.value), node.attr]
    if isinstance(node, ast.Call | ast.Subscript):
        return _names(node.func if isinstance(node, ast.Call) else node.value)
    return []
