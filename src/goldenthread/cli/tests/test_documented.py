"""What the documents say is so: each block of YAML loads, each key is explained, each command prints what is shown."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.clocks.assure import assure
from goldenthread.clocks.case import run_case
from goldenthread.guidance import arrangement, calendars, pathway, terms
from goldenthread.guidance.library import Library, shipped

DOCS = Path(__file__).parents[4] / "docs" / "look-up"
LANGUAGE = (DOCS / "guidance-language.md").read_text(encoding="utf-8")
COMMANDS = (DOCS / "command-line.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def marked(text: str, mark: str) -> list[str]:
    return [block for block in blocks(text, "yaml") if block.startswith(f"# {mark}\n")]


BASE: dict[str, Any] = {
    "id": "example",
    "title": "Example",
    "subject": "child",
    "lead": "childrens_social_care",
    "basis": "public_task",
    "about": "The pathway that parts are read into.",
    "reference": "Made up",
    "states": {"begun": {"title": "Begun"}, "closed": {"title": "Closed", "closed": True}},
    "events": {"opened": {"opens": True, "to": "begun"}, "done": {"closes": True, "to": "closed"}},
    "duties": {},
}
OTHER = BASE | {
    "id": "other",
    "events": {
        "begun": {
            "opens": True,
            "to": "begun",
            "asks": {"start": {"type": "date"}, "first_day": {"type": "date"}, "why": {}},
        }
    },
}
PROVIDERS = BASE | {"id": "providers", "subject": "organisation"}


def written(at: Path, part: str, name: str, value: Any) -> None:
    (at / part).mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else yaml.safe_dump(value, sort_keys=False)
    (at / part / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    """A folder with everything the document gives a whole file of."""
    for mark, part in (
        ("pathway", "pathways"),
        ("arrangement", "arrangements"),
        ("calendar", "calendars"),
        ("school terms", "calendars/school_terms"),
        ("worked cases", "worked_cases"),
    ):
        found = marked(LANGUAGE, mark)
        assert found, f"the document has no block of {mark}"
        for number, block in enumerate(found):
            value = yaml.load(block, yaml.CSafeLoader)
            written(tmp_path, part, value["id"] if isinstance(value, dict) else f"cases_{number}", block)
    return tmp_path


def test_every_block_of_the_document_says_what_it_is() -> None:
    known = ("pathway", "part of a pathway", "arrangement", "calendar", "school terms", "worked cases")
    for block in blocks(LANGUAGE, "yaml"):
        assert block.splitlines()[0].removeprefix("# ") in known, block[:80]


def test_every_whole_file_of_the_document_loads(documented: Path) -> None:
    found = Library.load(documented)
    assert "private_fostering" in found.pathways
    local = found.in_area("borsetshire")["private_fostering"].duties
    assert local["first_visit"].force == "local" and not local["visits"].in_use


@pytest.mark.parametrize("number", range(len(marked(LANGUAGE, "part of a pathway"))))
def test_every_part_of_a_pathway_in_the_document_loads(tmp_path: Path, number: int) -> None:
    part = yaml.load(marked(LANGUAGE, "part of a pathway")[number], yaml.CSafeLoader)
    assert part.keys() <= {"states", "events", "duties", "registers", "dispute"}
    whole = BASE | part | {key: {**BASE[key], **part.get(key, {})} for key in ("states", "events", "duties")}
    written(tmp_path, "pathways", "example", whole)
    written(tmp_path, "pathways", "other", OTHER)
    written(tmp_path, "pathways", "providers", PROVIDERS)
    assert set(Library.load(tmp_path).pathways["example"].duties) == set(whole["duties"])


def test_the_worked_cases_of_the_document_are_as_expected(documented: Path) -> None:
    calendar = (shipped().folder / "calendars" / "england_and_wales.yaml").read_text(encoding="utf-8")
    written(documented, "calendars", "england_and_wales", calendar)
    outcomes = assure(Library.load(documented))
    assert len(outcomes) == 2
    assert [outcome.differences for outcome in outcomes] == [(), ()]


def models(*modules: Any) -> Iterator[type[BaseModel]]:
    for module in modules:
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, BaseModel)
                and value.__module__ == module.__name__
            ):
                yield value


@pytest.mark.parametrize("model", list(models(pathway, terms)), ids=lambda model: model.__name__)
def test_every_key_of_a_pathway_is_in_the_document(model: type[BaseModel]) -> None:
    explained = re.sub(r"```console.*?```", "", LANGUAGE, flags=re.DOTALL)
    for name, entry in model.model_fields.items():
        key = entry.alias or name
        assert re.search(rf"`{key}`|[{{,`\s]{key}:", explained), f"{model.__name__}.{key} is not explained"


@pytest.mark.parametrize("model", list(models(arrangement, calendars)), ids=lambda model: model.__name__)
def test_every_required_key_of_the_other_files_is_in_the_document(model: type[BaseModel]) -> None:
    for name, entry in model.model_fields.items():
        if entry.is_required():
            assert re.search(rf"[{{,`\s]{entry.alias or name}:", LANGUAGE), f"{model.__name__}.{name}"


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command of the documents with the lines shown under it."""
    for block in [*blocks(COMMANDS, "console"), *blocks(LANGUAGE, "console")]:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *shown = part.rstrip("\n").split("\n")
            yield first, shown


@pytest.mark.parametrize(("line", "shown"), list(commands()))
def test_a_documented_command_prints_what_is_shown(
    line: str, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").symlink_to(DOCS.parent)
    monkeypatch.chdir(tmp_path)  # what a command writes stays out of the repository
    program, *arguments = shlex.split(line)
    assert program == "goldenthread"
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    pattern = "".join(".*" if one == "..." else re.escape(one).replace(r"\.\.\.", ".*") + r"\n" for one in shown) or ".*"
    assert re.fullmatch(pattern, result.stdout, flags=re.DOTALL), result.stdout


def test_the_documented_case_runs() -> None:
    (block,) = marked(COMMANDS, "case")
    result = run_case(yaml.load(block, yaml.CSafeLoader), shipped())
    assert result["state"] and json.dumps(result, default=str)
    assert {"duty", "ordinal", "triggered", "due", "met", "status", "reference", "proof"} <= result["duties"][
        0
    ].keys()


def test_every_command_is_in_the_document() -> None:
    listed = CliRunner().invoke(app, ["--help"]).stdout.split("Commands:")[1]
    names = re.findall(r"^  ([a-z-]+) ", listed, flags=re.MULTILINE)
    assert names
    for name in names:
        assert f"goldenthread {name}" in COMMANDS, f"{name} is not documented"
