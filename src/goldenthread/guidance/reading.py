"""Read a guidance file into its type, or say what is wrong with file, line and the nearest key.

Pure. Source of the promise: docs/look-up/guidance-language.md, "every key is known".
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
M = TypeVar("M", bound=BaseModel)
Path_ = tuple[Any, ...]
_DATE_KEY = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")  # how pydantic names a key that is a date
_DATE_TAG, _MERGE_TAG, _TEXT_TAG = (f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "merge", "str"))


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
    text = _text(path) if text is None else text
    walk = _Walk(path.name)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise GuidanceError([Fault(path.name, 1, "", "the file is empty")])
        walk.over(node, ())
        # An impossible date stops the making of values, so the walk's faults are told first.
        value = None if walk.faults else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise GuidanceError([Fault(path.name, line, "", f"not readable as YAML: {error.problem}")]) from error
    except RecursionError as error:
        problem = "the file refers to itself (an `&` and `*` pair)"
        raise GuidanceError([Fault(path.name, 1, "", problem)]) from error
    except (ValueError, yaml.YAMLError) as error:  # a number or character that YAML itself cannot hold
        problem = f"a value cannot be read: {str(error).splitlines()[0]}"
        raise GuidanceError([Fault(path.name, 1, "", problem)]) from error
    if walk.faults:
        raise GuidanceError(walk.faults)
    return Source(path.name, value, walk.lines)


class _Walk:
    """Goes over the parsed nodes of a file for the line of every key, and for what YAML itself lets pass."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {}
        self.faults: list[Fault] = []
        self._values = yaml.constructor.SafeConstructor()

    def over(self, node: yaml.Node, where: Path_) -> None:
        self.lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self._keys(node, where)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.over(value, (*where, index))
        elif node.tag == _DATE_TAG:
            self._value(node, where)

    def _keys(self, node: yaml.MappingNode, where: Path_) -> None:
        seen: set[Any] = set()
        for key, value in node.value:
            if key.tag == _MERGE_TAG:  # `<<: *shared` lays a fragment of this file under the keys here
                for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    self.over(part, where)
                continue
            name = key.value if key.tag == _TEXT_TAG else self._value(key, where)
            if isinstance(name, bool):
                read = str(name).lower()
                self._fault(key, where, f"YAML reads {key.value} as {read}; quote the key: '{key.value}'")
            elif not isinstance(name, (str, int)):
                name = str(name)
            if name in seen:
                self._fault(key, where, f"{name!r} is given twice")
            seen.add(name)
            self.lines[(*where, name)] = key.start_mark.line + 1
            self.over(value, (*where, name))

    def _value(self, node: yaml.Node, where: Path_) -> Any:
        try:
            return self._values.construct_object(node, deep=True)
        except ValueError as error:  # a day that the calendar does not have, such as 2013-02-31
            self._fault(node, where, f"{node.value} is not a date: {error}")
            return str(node.value)

    def _fault(self, node: yaml.Node, where: Path_, problem: str) -> None:
        place = ".".join(str(part) for part in where)
        self.faults.append(Fault(self.file, node.start_mark.line + 1, place, problem))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise GuidanceError([Fault(path.name, line, "", "not saved as UTF-8 text")]) from error
    except OSError as error:
        raise GuidanceError(
            [Fault(path.name, 1, "", f"the file cannot be opened: {error.strerror}")]
        ) from error


def read(model: type[M], path: Path, text: str | None = None) -> tuple[M, Source]:
    """Read a file as `model`. Raises GuidanceError with file, line and nearest known key of each fault."""
    source = parse(path, text)
    try:
        return model.model_validate(source.value), source
    except ValidationError as error:
        raise GuidanceError(_faults(model, source, error)) from error


# pydantic's kinds of error that only say "another shape was wanted here"; a fault further in says more.
_SHAPE = frozenset({"list_type", "dict_type", "mapping_type", "model_type", "tuple_type", "is_instance_of"})

_SAID_BETTER = {
    "string_pattern_mismatch": "a name is small letters, digits and underscores, such as first_visit",
    "string_too_short": "is empty or too short; write it out",
    "model_type": "keys and values were expected here",
    "dict_type": "keys and values were expected here",
    "mapping_type": "keys and values were expected here",
    "list_type": "a list was expected here",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "date_type": "write a date such as 2013-04-15",
    "date_from_datetime_parsing": "write a date such as 2013-04-15",
    "date_from_datetime_inexact": "write a date such as 2013-04-15, without a time",
    "time_parsing": 'write a time of day in quotes, such as "17:00"',
    "time_type": 'write a time of day in quotes, such as "17:00"',
    "string_type": "words were expected here; put a number, a date, yes or no in quotes",
}


def _faults(model: type[BaseModel], source: Source, error: ValidationError) -> list[Fault]:
    """One fault a place: the choices a type offers each complain, and only the closest complaint helps."""
    said: dict[Path_, list[str]] = {}
    shapes: set[Path_] = set()
    for detail in error.errors(include_url=False):
        where = tuple(_clean(detail["loc"], source, detail["type"]))
        if detail["type"] in _SHAPE:
            shapes.add(where)
        problems = said.setdefault(where, [])
        problem = _problem(model, source, where, detail)
        if problem not in problems:
            problems.append(problem)
    found = []
    for where, problems in said.items():
        if where in shapes and any(
            len(other) > len(where) and other[: len(where)] == where for other in said
        ):
            continue
        found.append(source.fault(where, " or ".join(problems)))
    return found


def _problem(model: type[BaseModel], source: Source, where: Path_, detail: Mapping[str, Any]) -> str:
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _known_keys(model, where[:-1])
        near = get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known keys are {', '.join(sorted(known))}"
        return f"unknown key {where[-1]!r}{hint}"
    if kind == "missing":
        return f"{where[-1]!r} is missing"
    if kind == "string_pattern_mismatch":
        return f"{detail['input']!r}: {_SAID_BETTER[kind]}"
    if kind in _SAID_BETTER:
        return _SAID_BETTER[kind]
    return str(detail["msg"]).removeprefix("Value error, ").replace("Input should be", "this should be")


def _clean(loc: Sequence[Any], source: Source, kind: str) -> list[Any]:
    """Drop the parts pydantic adds for unions and keys, which the file does not have."""
    where: list[Any] = []
    for index, part in enumerate(loc):
        day = _DATE_KEY.fullmatch(part) if isinstance(part, str) else None
        if day:
            part = "{}-{:0>2}-{:0>2}".format(*day.groups())
        # A key that the file lacks is not in its lines; it is named all the same.
        missing = kind == "missing" and index == len(loc) - 1
        if (*where, part) in source.lines or missing:
            where.append(part)
    return where


def _known_keys(model: type[BaseModel], where: Path_) -> list[str]:
    """The keys known at `where` inside `model`."""
    kinds: list[Any] = [model]
    for part in where:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)]
    names: dict[str, None] = {}
    for kind in kinds:
        for choice in _choices(kind):
            if isinstance(choice, type) and issubclass(choice, BaseModel):
                names.update({field.alias or name: None for name, field in choice.model_fields.items()})
    return list(names)


def _inside(annotation: Any, part: Any) -> Iterator[Any]:
    """The types that `part`, a key or a place in a list, may have inside `annotation`."""
    for choice in _choices(annotation):
        origin, arguments = typing.get_origin(choice), typing.get_args(choice)
        if isinstance(choice, type) and origin is None and issubclass(choice, BaseModel):
            yield from (f.annotation for name, f in choice.model_fields.items() if part in (name, f.alias))
        elif origin is tuple and isinstance(part, int):
            yield from arguments[part : part + 1]
        elif origin is list and isinstance(part, int):
            yield arguments[0]
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield arguments[1]


def _choices(annotation: Any) -> Iterator[Any]:
    """An annotation with `Annotated` taken off and each side of a union by itself."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from _choices(arguments[0])
    elif origin in (typing.Union, types.UnionType):
        for one in arguments:
            yield from _choices(one)
    else:
        yield annotation
