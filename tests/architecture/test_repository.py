"""The repository holds nothing of the machine it was written on, and no package registry's address."""

from __future__ import annotations

import re

from .source import ROOT, tracked

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.\-/])/(?:wo" r"rk|ro" r"ot|tm" r"p)/"),
    "a registry's address": re.compile(
        r"py"
        r"pi\.org|pythonho"
        r"sted\.org|registry\.np"
        r"mjs|np"
        r"mjs\.(?:org|com)|reg"
        r"istry\.ya"
        r"rnpkg"
    ),
    "an index chosen for one machine": re.compile(r"--(?:extra-)?ind" r"ex-url[ =]|--find-" r"links"),
}
VENDORED = (
    "tests/browser/vendored/",
    "src/goldenthread/web/static/govuk/",
    "src/goldenthread/web/static/moj/",
)


def test_no_file_names_this_machine_or_a_registry():
    wrong = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(VENDORED):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in FORBIDDEN.items():
            for match in pattern.finditer(text):
                wrong.append(f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group()}")
    assert not wrong, "\n".join(wrong)


def test_the_lock_has_a_hash_for_every_version():
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-install.txt"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        versions = re.findall(r"^[\w.\[\]-]+==\S+", text, flags=re.MULTILINE)
        blocks = re.split(r"^(?=[\w.\[\]-]+==)", text, flags=re.MULTILINE)[1:]
        assert versions and all("--hash=sha256:" in block for block in blocks), lock


def test_no_file_is_too_large_to_read():
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in tracked()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (lines := path.read_text(encoding="utf-8").count("\n")) > 450
    ]
    assert not long, "a module over about 400 lines is two rooms:\n" + "\n".join(long)
