"""Read a guidance file into its type, or say what is wrong with file, line and the nearest key.

Pure. Source of the promise: docs/look-up/guidance-language.md, "every key is known".
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
M = TypeVar("M", bound=BaseModel)
Path_ = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a guidance file. `line` counts from 1."""

    file: str
    line: int
    where: str
    problem: str

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.file}:{self.line}: {self.problem}{place}"


class GuidanceError(Exception):
    """Guidance files that cannot be used; `faults` lists every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Source:
    """The parsed text of one file with the line of every key, for errors."""

    file: str
    value: Any
    lines: Mapping[Path_, int]

    def line(self, where: Path_) -> int:
        """The line of the deepest part of `where` that the file has."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.lines:
                return self.lines[where[:length]]
        return 1

    def fault(self, where: Path_, problem: str) -> Fault:
        return Fault(self.file, self.line(where), ".".join(str(part) for part in where), problem)


def parse(path: Path, text: str | None = None) -> Source:
    """Parse YAML, refusing a key given twice. Raises GuidanceError."""
    text = path.read_text(encoding="utf-8") if text is None else text
    lines: dict[Path_, int] = {}
    faults: list[Fault] = []

    def walk(node: yaml.Node, where: Path_) -> None:
        lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[Any] = set()
            for key, value in node.value:
                name = _key(key)
                if name in seen:
                    line = key.start_mark.line + 1
                    faults.append(Fault(str(path.name), line, ".".join(map(str, where)), f"{name!r} is given twice"))
                seen.add(name)
                lines[(*where, name)] = key.start_mark.line + 1
                walk(value, (*where, name))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                walk(value, (*where, index))

    try:
        node = yaml.compose(text, Loader=_Loader)
        if node is None:
            raise GuidanceError([Fault(path.name, 1, "", "the file is empty")])
        walk(node, ())
        value = yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader, in C)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise GuidanceError([Fault(path.name, line, "", f"not readable as YAML: {error.problem}")]) from error
    except ValueError as error:  # an impossible date such as 2013-02-31
        raise GuidanceError([Fault(path.name, 1, "", f"a value cannot be read: {error}")]) from error
    if faults:
        raise GuidanceError(faults)
    return Source(path.name, value, lines)


def _key(node: yaml.Node) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    resolved = constructor.construct_object(node, deep=True)  # type: ignore[no-untyped-call]
    return str(resolved) if not isinstance(resolved, (str, int)) else resolved


def read(model: type[M], path: Path, text: str | None = None) -> tuple[M, Source]:
    """Read a file as `model`. Raises GuidanceError naming file, line and the nearest known key of each fault."""
    source = parse(path, text)
    try:
        return model.model_validate(source.value), source
    except ValidationError as error:
        raise GuidanceError(_faults(model, source, error)) from error


def _faults(model: type[BaseModel], source: Source, error: ValidationError) -> list[Fault]:
    found = []
    for detail in error.errors(include_url=False):
        where = tuple(_clean(detail["loc"], source))
        if detail["type"] == "extra_forbidden":
            known = _known_keys(model, where[:-1])
            near = get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known keys are {', '.join(sorted(known))}"
            problem = f"unknown key {where[-1]!r}{hint}"
        elif detail["type"] == "missing":
            problem = f"{where[-1]!r} is missing"
        else:
            problem = detail["msg"].removeprefix("Value error, ")
        found.append(source.fault(where, problem))
    return found


def _clean(loc: tuple[Any, ...], source: Source) -> list[Any]:
    """Drop the parts pydantic adds for unions and keys, which the file does not have."""
    where: list[Any] = []
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if (*where, part) in source.lines or (last and not str(part).startswith("function-")):
            where.append(part)
    return where


def _known_keys(model: type[BaseModel], where: Path_) -> list[str]:
    """The keys known at `where` inside `model`."""
    kinds: list[Any] = [model]
    for part in where:
        following: list[Any] = []
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                for name, field in kind.model_fields.items():
                    if part in (name, field.alias):
                        following.extend(_models_in(field.annotation))
            else:
                following.append(kind)
        kinds = following or kinds
    names: list[str] = []
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names.extend(field.alias or name for name, field in kind.model_fields.items())
    return names


def _models_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    found: list[Any] = []
    for argument in typing.get_args(annotation):
        found.extend(_models_in(argument))
    return found
