"""No Python names a pathway outside that pathway's own screen: "Any pathway file can be changed … without code"."""

from __future__ import annotations

import ast
from pathlib import Path

from .source import PACKAGE, modules, short

#: File or folder -> why it may name pathways.
ALLOWED: dict[str, str] = {
    "demo/": "makes up a partnership's history pathway by pathway",
    "casework/front_door_urls.py": "the name of the front door's own page, casework:contact",
    "sharing/encompass_urls.py": "the name of Operation Encompass's own pages, encompass:list and others",
}

#: Where a pathway's id is an ordinary word and means something else.
OTHER_SENSE = {
    ("casework/forms/small.py", "missing"), ("guidance/reading.py", "missing"),
    ("guidance/register.py", "inspection"), ("guidance/register.py", "risk"), ("guidance/register.py", "challenge"),
}  # fmt: skip


def pathway_ids() -> frozenset[str]:
    return frozenset(path.stem for path in (PACKAGE / "guidance" / "pathways").glob("*.yaml"))


def names_in(source: str, ids: frozenset[str]) -> list[tuple[int, str]]:
    """Where `source` writes a pathway's id as a value."""
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]


def allowed_by(name: str) -> str | None:
    return next(
        (entry for entry in ALLOWED if name == entry or (entry.endswith("/") and name.startswith(entry))),
        None,
    )


def wrong_names(files: list[Path]) -> list[str]:
    return [
        f"{short(path)}:{line}: {value!r}"
        for path in files
        if not allowed_by(short(path))
        for line, value in names_in(path.read_text(encoding="utf-8"), pathway_ids())
        if (short(path), value) not in OTHER_SENSE
    ]


def test_there_are_pathways_to_look_for():
    assert pathway_ids()


def test_no_python_names_a_pathway():
    wrong = wrong_names(modules())
    assert not wrong, "read these from guidance:\n" + "\n".join(wrong)


def test_a_named_pathway_is_seen():
    assert names_in("if case.pathway == 'looked_after': pass", frozenset({"looked_after"})) == [
        (1, "looked_after")
    ]
