"""What the documentation says is tried: its commands are run, its samples checked, its links followed."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from .conftest import Place, needs_database
from .console import commands, difference
from .reading import ROOT, Block, anchors, blocks, name, pages, prose
from .samples import CHECKS, write_edit

PAGES = pages()
#: Pages whose YAML is read by src/goldenthread/cli/tests/test_documented.py.
READ_THERE = ("docs/look-up/guidance-language.md", "docs/look-up/command-line.md")
#: Languages of blocks that are tried, and of those that are only shown: a drawing, part of an answer, another program's.
TRIED = {"console", "diff", "yaml", "python", "json"}
SHOWN = {"text", "nginx", "ini", "csv"}


def _tried(page: Path) -> list[Block]:
    return [
        one for one in blocks(page) if one.file or (one.language == "console" and one.why_not_run is None)
    ]


def _with_commands() -> list[object]:
    """The pages that have commands; those that need records are marked, and so run on both databases."""
    found = []
    for page in PAGES:
        run = [one for one in _tried(page) if one.language == "console"]
        marks = [pytest.mark.django_db] if any(needs_database(one.text) for one in run) else []
        if run:
            found.append(pytest.param(page, id=name(page), marks=marks))
    return found


@pytest.mark.parametrize("page", _with_commands())
def test_every_command_of_a_page_does_what_the_page_shows(page: Path, place: Place):
    for block in _tried(page):
        if block.language == "console":
            _run(block, place)
        else:
            _save(block, place)


def _run(block: Block, here: Place) -> None:
    for command in commands(block.text):
        if here.export(command.text):
            continue
        code, printed = here.run(command.text)
        assert code == command.code, f"{block.place}: `{command.text}` ended with {code}:\n{printed}"
        wrong = difference(command.expected, printed)
        assert wrong is None, f"{block.place}: `{command.text}`: {wrong}"


def _save(block: Block, here: Place) -> None:
    assert block.file is not None
    file = here.folder / block.file
    if block.language == "diff":
        write_edit(file, block)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")


def test_what_is_not_run_says_why_and_is_counted():
    not_run = [
        one
        for page in PAGES
        for one in blocks(page)
        if one.language == "console" and one.why_not_run is not None
    ]
    silent = [one.place for one in not_run if not one.why_not_run]
    assert not silent, f"say why these are not run, as `console no-run: why`: {silent}"
    run = [
        one for page in PAGES for one in blocks(page) if one.language == "console" and one.why_not_run is None
    ]
    assert len(not_run) <= len(run), (
        "more commands of the documentation are left out than run:\n"
        + "\n".join(f"{one.place}: {one.why_not_run}" for one in not_run)
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_says_what_it_is(page: Path):
    unknown = [
        f"{one.place}: {one.language or 'nothing'}"
        for one in blocks(page)
        if one.language not in TRIED | SHOWN
    ]
    assert not unknown, f"name a language that is tried ({', '.join(sorted(TRIED))}) or `text`: {unknown}"


SAMPLES = [
    one
    for page in PAGES
    for one in blocks(page)
    if one.language in ("python", "json") or (one.language == "yaml" and name(page) not in READ_THERE)
]


@pytest.mark.parametrize("block", SAMPLES, ids=lambda block: block.place)
def test_every_sample_is_right(block: Block, tmp_path: Path):
    if block.language == "python":
        ast.parse(block.text, block.place)
        return
    if block.language == "json":
        json.loads(block.text)
        return
    kind = block.kind
    assert kind in CHECKS, f"{block.place}: say what it is: ```yaml {' | '.join(CHECKS)}"
    CHECKS[kind](block, tmp_path)


_LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?\)")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path):
    broken = []
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            broken.append(f"{target}: there is no such file")
        elif not there.is_relative_to(ROOT):
            broken.append(f"{target}: leads out of the repository")
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            broken.append(f"{target}: the page has no such heading")
    assert not broken, f"{name(page)}: " + "; ".join(broken)


def test_every_page_can_be_reached_from_the_readme():
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [
            (page.parent / target.partition("#")[0]).resolve()
            for target in _LINK.findall(prose(page))
            if not re.match(r"[a-z]+:|#", target)
        ]
    lost = [name(page) for page in PAGES if page not in reached]
    assert not lost, f"no page leads to {lost}"


#: Words that promise or blur. Source: the words to avoid of GOV.UK's style guide, and our own brief.
HYPE = re.compile(
    r"\b(leverag\w+|utilis\w+|facilitat\w+|seamless\w*|robust\w*|cutting[- ]edge|state[- ]of[- ]the[- ]art|empower\w*|"
    r"streamlin\w+|revolution\w*|best[- ]in[- ]class|world[- ]class|effortless\w*|blazing\w*|synerg\w+|going forward|simply)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_plain_words(page: Path):
    lines = prose(page).splitlines()
    found = [f"line {number}: {word}" for number, line in enumerate(lines, 1) for word in HYPE.findall(line)]
    assert not found, f"{name(page)}: {found}"
