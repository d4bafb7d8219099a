"""Worked cases: a case in a file beside what the guidance says must come of it. `goldenthread guidance assure`.

Each `worked_cases/*.yaml` of a folder of guidance is a list of cases, or has one under `cases`: a `title`, `why` (the
rule it examines), the `case` as `run-case` takes it, and what to `expect`. Only what is expected is compared, so a
case may speak of one duty and leave the rest. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from goldenthread.guidance.library import Library
from goldenthread.guidance.reading import Fault, GuidanceError, Source, parse

from .case import CaseFileError, run_case
from .proof import in_words

_KEYS = frozenset({"title", "why", "case", "expect"})
_EXPECTED = frozenset({"state", "open", "opened", "duties", "no_duties", "problems", "warnings"})
_DUTY = frozenset(
    {"duty", "ordinal", "triggered", "due", "met", "status", "late", "reason", "owner", "force", "reference"}
)


@dataclass(frozen=True)
class Outcome:
    """What came of one worked case. It is as expected when there are no `differences`."""

    title: str
    pathway: str
    place: str
    """File and line."""
    why: str
    lines: tuple[str, ...]
    """The case told in words: what happened, and what was due."""
    differences: tuple[str, ...]


def assure(library: Library, pathway: str | None = None) -> list[Outcome]:
    """Run the worked cases of a folder of guidance: all, or those of one pathway.

    Raises GuidanceError for a file that is not written as worked cases are.
    """
    found: list[Outcome] = []
    faults: list[Fault] = []
    for path in sorted((library.folder / "worked_cases").glob("*.yaml")):
        try:
            source = parse(path)
            found.extend(outcome(one, library) for one in _worked(source, library.folder / "worked_cases"))
        except GuidanceError as error:
            faults.extend(error.faults)
    if faults:
        raise GuidanceError(faults)
    return [one for one in found if pathway is None or one.pathway == pathway]


@dataclass(frozen=True)
class _Worked:
    title: str
    why: str
    case: Mapping[str, Any]
    expect: Mapping[str, Any]
    place: str


def _worked(source: Source, folder: Path) -> Iterator[_Worked]:
    """The worked cases of a file, each checked for its shape."""
    value, base = source.value, ()
    entries: Any = value
    where: tuple[Any, ...] = base
    if isinstance(value, Mapping) and "cases" in value:
        entries, where = value["cases"], ("cases",)
    elif isinstance(value, Mapping):
        entries, where = [value], ()
    if not isinstance(entries, list):
        raise GuidanceError(
            [source.fault((), "worked cases are a list, each with title, why, case and expect")]
        )
    faults: list[Fault] = []
    found: list[_Worked] = []
    for index, entry in enumerate(entries):
        at = () if entries is not value and where == () else (*where, index)
        problems = list(_shape(entry))
        faults.extend(source.fault((*at, *inside), problem) for inside, problem in problems)
        if not problems:
            place = f"worked_cases/{source.file}:{source.line(at)}"
            found.append(_Worked(entry["title"], entry.get("why", ""), entry["case"], entry["expect"], place))
    if faults:
        raise GuidanceError(faults)
    yield from found


def _shape(entry: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    if not isinstance(entry, Mapping):
        yield (), "a worked case has title, why, case and expect"
        return
    for key in entry.keys() - _KEYS:
        yield (key,), f"unknown key {key!r}; a worked case has title, why, case and expect"
    for key in ("title", "case", "expect"):
        if not entry.get(key):
            yield (), f"{key!r} is missing"
    expect = entry.get("expect")
    if not isinstance(expect, Mapping) or not isinstance(entry.get("case"), Mapping):
        if expect and entry.get("case"):
            yield (), "`case` and `expect` are keys and values"
        return
    for key in expect.keys() - _EXPECTED:
        yield ("expect", key), f"unknown key {key!r}; known are {', '.join(sorted(_EXPECTED))}"
    for index, duty in enumerate(expect.get("duties") or []):
        if not isinstance(duty, Mapping) or "duty" not in duty:
            yield ("expect", "duties", index), "a duty to expect has at least `duty`"
        else:
            for key in duty.keys() - _DUTY:
                yield (
                    ("expect", "duties", index, key),
                    f"unknown key {key!r}; known are {', '.join(sorted(_DUTY))}",
                )


def outcome(worked: _Worked, library: Library) -> Outcome:
    """Run one worked case and compare."""
    pathway = str(worked.case.get("pathway", ""))
    try:
        result = run_case(worked.case, library)
    except CaseFileError as error:
        expected = worked.expect.get("problems")
        differences = list(_problems(expected, error.problems))
        return Outcome(
            worked.title, pathway, worked.place, worked.why, tuple(error.problems), tuple(differences)
        )
    differences = list(_differences(worked.expect, result))
    lines = tuple(_told(worked, result))
    return Outcome(worked.title, pathway, worked.place, worked.why, lines, tuple(differences))


def _problems(expected: Any, found: Sequence[str]) -> Iterator[str]:
    if not expected:
        yield f"the case to run, but it was refused: {'; '.join(found)}"
        return
    for words in _many(expected):
        if not any(str(words) in problem for problem in found):
            yield f"it to be refused because of “{words}”"


def _differences(expect: Mapping[str, Any], result: Mapping[str, Any]) -> Iterator[str]:
    """Each thing expected that did not come, as the rest of "Expected ..."."""
    if expect.get("problems"):
        yield "the case to be refused, but it ran"
    if "state" in expect and expect["state"] != result["state"]:
        yield f"the state {expect['state']}, found {result['state']}"
    if "open" in expect and expect["open"] != result["case"]["open"]:
        yield f"the case to be {'open' if expect['open'] else 'closed'}, and it was not"
    if "opened" in expect:
        wanted = [one if isinstance(one, str) else one.get("pathway") for one in expect["opened"] or []]
        opened = [one["pathway"] for one in result["opened"]]
        if sorted(map(str, wanted)) != sorted(opened):
            yield f"it to open {', '.join(map(str, wanted)) or 'nothing'}, found {', '.join(opened) or 'nothing'}"
    for words in _many(expect.get("warnings")):
        if not any(str(words) in warning for warning in result.get("warnings", ())):
            yield f"a warning of “{words}”, found {'; '.join(result.get('warnings', ())) or 'none'}"
    by_number = {(duty["duty"], duty["ordinal"]): duty for duty in result["duties"]}
    for duty in expect.get("duties") or []:
        number = (duty["duty"], duty.get("ordinal", 1))
        found = by_number.get(number)
        if found is None:
            there = ", ".join(f"{name} {ordinal}" for name, ordinal in by_number) or "none"
            yield f"a duty {number[0]} {number[1]}; the duties are {there}"
            continue
        for key in duty.keys() - {"duty", "ordinal"}:
            if not _same(duty[key], found[key]):
                yield f"{number[0]} {number[1]} to have {key} {_said(duty[key])}, found {_said(found[key])}"
    for name in expect.get("no_duties") or []:
        if any(duty == name for duty, _ in by_number):
            yield f"no duty {name}, but there is one"


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _same(expected: Any, found: Any) -> bool:
    """Equal as written: a day also matches a moment on that day if only the day was expected."""
    if isinstance(expected, datetime) and isinstance(found, str):
        there = datetime.fromisoformat(found)
        return expected.replace(tzinfo=expected.tzinfo or there.tzinfo) == there
    if isinstance(expected, date) and isinstance(found, str):
        return expected.isoformat() == found[:10]
    if isinstance(expected, str) and isinstance(found, str) and len(found) > 10 and found[10:11] == "T":
        return found.startswith(expected)
    return bool(expected == found)


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _told(worked: _Worked, result: Mapping[str, Any]) -> Iterator[str]:
    if worked.why:
        yield f"Why: {' '.join(worked.why.split())}"
    for event in worked.case.get("events") or []:
        yield f"{_day(event.get('occurred'))}: {str(event.get('kind', '')).replace('_', ' ')}"
    wanted = {(duty["duty"], duty.get("ordinal", 1)) for duty in worked.expect.get("duties") or []}
    for duty in result["duties"]:
        if (duty["duty"], duty["ordinal"]) in wanted:
            due = _day(duty["due"]) if duty["due"] else "no day yet"
            yield f"{duty['title']}: due {due}, {duty['status'].replace('_', ' ')} ({duty['reference']})"


def _day(value: Any) -> str:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return f"{value:%H:%M} on {in_words(value.date())}"
    return in_words(value) if isinstance(value, date) else str(value)
