"""Checks of indicators against the pathways: events, answers, duties and spells that are not there.

Pure. Yields (place in the file, problem); `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from .indicator import Conditions, Each, Indicator, Measured, Related, Rows, Sheet, Spells
from .pathway import FieldType, Pathway, Question
from .terms import Test

if TYPE_CHECKING:
    from .library import Library

Where = tuple[Any, ...]
Problems = Iterator[tuple[Where, str]]


def check_spells(library: Library, spells: Spells) -> Problems:
    """Names in spells.yaml that lead nowhere."""
    for name, spell in spells.spells.items():
        at: Where = ("spells", name)
        pathway = library.pathways.get(spell.pathway)
        if pathway is None:
            if f"pathways/{spell.pathway}" not in library.unreadable:
                yield (*at, "pathway"), f"unknown pathway {spell.pathway!r}{_near(spell.pathway, library.pathways)}"
            continue
        for key in ("starts", "ends"):
            for kind, when in getattr(spell, key).items():
                if kind not in pathway.events:
                    yield (*at, key), f"{pathway.id} has no event {kind!r}{_near(kind, pathway.events)}"
                    continue
                yield from _answers({kind: pathway.events[kind].asks}, when, (*at, key, kind))
        starts = [kind for kind in spell.starts if kind in pathway.events]
        if spell.same and not any(spell.same in pathway.events[kind].asks for kind in starts):
            yield (*at, "same"), f"no event that starts it asks {spell.same!r}"
    for group, kinds in spells.groups.items():
        if not any(set(kinds) <= set(one.events) for one in library.pathways.values()):
            yield ("groups", group), f"no pathway has all of the events {', '.join(kinds)}"


def check_sheet(library: Library, sheet: Sheet) -> Problems:
    """Names in a sheet that lead nowhere, and ids that another sheet has."""
    for name, indicator in sheet.indicators.items():
        at: Where = ("indicators", name)
        other = next(
            (one.id for one in library.sheets.values() if one.id < sheet.id and name in one.indicators), None
        )
        if other is not None:
            yield at, f"the indicator {name!r} is in the sheet {other!r} already"
        yield from _indicator(library, indicator, at)


def _indicator(library: Library, indicator: Indicator, at: Where) -> Problems:
    named = {pathway for rows in (indicator.counts, indicator.of) if rows is not None for pathway in pathways_of(library, rows)}
    if any(f"pathways/{pathway}" in library.unreadable for pathway in named):
        return  # what is wrong with the pathway is told; what follows from it would hide that
    for key in ("counts", "of"):
        rows: Rows | None = getattr(indicator, key)
        if rows is not None and rows.of_meetings:
            quorum = any(one is not None and one.quorate is not None for one in (rows, indicator.those))
            yield from _meetings(library, rows, (*at, key), quorum=quorum)
        elif rows is not None:
            yield from _Reader(library, rows, (*at, key)).rows()
    main = indicator.main
    if main is None:
        return
    if main.of_meetings and not indicator.restricted:
        yield from _open_to_all(library, main, at)
    reader = _Reader(library, main, at)
    if indicator.those is not None:
        yield from reader.conditions(indicator.those, (*at, "those"))
    for key in ("average", "median"):
        measured: Measured | None = getattr(indicator, key)
        if measured is not None and measured.answer:
            yield from reader.asked(measured.answer, (*at, key, "answer"), number=True)
    if indicator.each is not None:
        yield from reader.each(indicator.each, (*at, "each"))
    if not indicator.restricted:
        for name in reader.pathways:
            if name in library.pathways and library.pathways[name].sensitivity == "restricted":
                yield at, f"{name} is restricted: write `restricted: true`"


class _Reader:
    """What a set of rows may speak of: its pathways, events and answers."""

    def __init__(self, library: Library, rows: Rows, at: Where) -> None:
        self.library, self.row, self.at = library, rows, at
        self.pathways = list(pathways_of(library, rows))
        self.kinds = dict(_kinds(library, rows))

    def rows(self) -> Problems:
        yield from self._selected(self.row, self.at)
        yield from self.conditions(self.row, self.at)
        yield from _answers(self.kinds, self.row.known, (*self.at, "known"))
        yield from self._latest(self.row.known_latest, (*self.at, "known_latest"))

    def conditions(self, conditions: Conditions, at: Where) -> Problems:
        if conditions is not self.row:
            yield from _answers(self.kinds, conditions.answers, (*at, "answers"))
            yield from self._met_by(conditions.met_by, (*at, "met_by"))
        for index, when in enumerate(conditions.all_answers):
            yield from _answers(self.kinds, when, (*at, "all_answers", index))
        yield from self._latest(conditions.latest, (*at, "latest"))
        for key in ("in_time", "none_late"):
            name = getattr(conditions, key)
            if name is not None:
                yield from _duty(self.library, name, (*at, key))
        if conditions.still is not None:
            yield from _spell(self.library, conditions.still, (*at, "still"))
        if conditions.previous is not None:
            yield from self.asked(conditions.previous.answer, (*at, "previous", "answer"), number=True)
        for key in ("having", "having_any", "not_having"):
            for index, related in enumerate(getattr(conditions, key)):
                yield from self._related(related, (*at, key, index))

    def _related(self, related: Related, at: Where) -> Problems:
        yield from self._selected(related, at)

    def _selected(self, one: Rows | Related, at: Where) -> Problems:
        for name, when in one.events.items():
            yield from _event(self.library, name, when, (*at, "events"))
        if one.spells:
            yield from _spell(self.library, one.spells, (*at, "spells"))
        for name in one.duties:
            yield from _duty(self.library, name, (*at, "duties"))
        kinds = dict(_kinds(self.library, one))
        yield from _answers(kinds, one.answers, (*at, "answers"))
        yield from _met_by(self.library, one, (*at, "met_by"))

    def _met_by(self, when: Mapping[str, Any], at: Where) -> Problems:
        if when:
            yield from _answers(_meeting(self.library, self.row.duties), when, at)

    def _latest(self, latest: Mapping[str, Any], at: Where) -> Problems:
        for name, when in latest.items():
            kinds = events_of(self.library, self.pathways, name)
            if not kinds:
                known = [*self.library.spells.groups, *(kind for one in self._own() for kind in one.events)]
                yield (*at, name), f"no event or group {name!r} in {', '.join(self.pathways)}{_near(name, known)}"
                continue
            yield from _answers(kinds, when, (*at, name))

    def _own(self) -> Iterator[Pathway]:
        return (self.library.pathways[name] for name in self.pathways if name in self.library.pathways)

    def asked(self, name: str, at: Where, *, number: bool) -> Problems:
        asked = [asks[name] for asks in self.kinds.values() if name in asks]
        if not asked:
            yield at, f"none of the events asks {name!r}{_near(name, [key for asks in self.kinds.values() for key in asks])}"
        elif number and any(one.type is not FieldType.NUMBER for one in asked):
            yield at, f"{name!r} is not a number"

    def each(self, each: Each, at: Where) -> Problems:
        if each.latest is None:
            yield from self.asked(each.answer, (*at, "answer"), number=False)
            return
        kinds = events_of(self.library, self.pathways, each.latest)
        if each.answer not in {key for asks in kinds.values() for key in asks}:
            yield (*at, "latest"), f"{each.latest!r} does not ask {each.answer!r}"


def _meetings(library: Library, rows: Rows, at: Where, *, quorum: bool) -> Problems:
    """Kinds of meeting that are not there, and kinds that have none of what is counted of them."""
    for name in rows.of_meetings:
        kind = library.meetings.get(name)
        if kind is None:
            if f"meetings/{name}" not in library.unreadable:
                yield (*at, rows.kind), f"unknown kind of meeting {name!r}{_near(name, library.meetings)}"
            continue
        lacks = {
            "reports": rows.reports and kind.reports is None,
            "day by which reports are shared": rows.when == "shared_due" and not (kind.reports and kind.reports.shared),
            "day by which its record is out": rows.when == "record_due" and kind.record is None,
            "quorum": quorum and kind.quorum is None,
        }
        for what in (what for what, missing in lacks.items() if missing):
            yield (*at, rows.kind), f"{name} has no {what}"


def _open_to_all(library: Library, rows: Rows, at: Where) -> Problems:
    for name in rows.of_meetings:
        for pathway in library.meetings[name].records if name in library.meetings else ():
            if pathway in library.pathways and library.pathways[pathway].sensitivity == "restricted":
                yield at, f"{name} is about cases of {pathway}, which is restricted: write `restricted: true`"


def pathways_of(library: Library, rows: Rows | Related) -> Iterator[str]:
    """The pathways whose records are read for these rows."""
    if rows.spells:
        spell = library.spells.spells.get(rows.spells)
        yield spell.pathway if spell else rows.spells
    seen: set[str] = set()
    for name in (*rows.events, *rows.duties):
        pathway = name.partition(".")[0]
        if pathway not in seen:
            seen.add(pathway)
            yield pathway


def events_of(library: Library, pathways: Iterable[str], name: str) -> dict[str, Mapping[str, Question]]:
    """The events meant by the name of an event, or of a group, in some pathways: "pathway.kind" -> what it asks."""
    kinds = library.spells.groups.get(name, [name])
    return {
        f"{pathway}.{kind}": library.pathways[pathway].events[kind].asks
        for pathway in pathways
        if pathway in library.pathways
        for kind in kinds
        if kind in library.pathways[pathway].events
    }


def _kinds(library: Library, rows: Rows | Related) -> Iterator[tuple[str, Mapping[str, Question]]]:
    """The events whose answers the rows can be asked for, with their questions."""
    for name in rows.events:
        pathway, _, kind = name.partition(".")
        found = library.pathways.get(pathway)
        if found is not None and kind in found.events:
            yield name, found.events[kind].asks
    if rows.spells:
        spell = library.spells.spells.get(rows.spells)
        found = library.pathways.get(spell.pathway if spell else rows.spells)
        if found is not None:
            starts = spell.starts if spell and spell.starts else [k for k, e in found.events.items() if e.opens]
            for kind in starts:
                if kind in found.events:
                    yield f"{found.id}.{kind}", found.events[kind].asks


def _meeting(library: Library, duties: Iterable[str]) -> dict[str, Mapping[str, Question]]:
    """The events that meet some duties, with their questions."""
    found: dict[str, Mapping[str, Question]] = {}
    for name in duties:
        pathway, _, duty = name.partition(".")
        one = library.pathways.get(pathway)
        rule = one.duties.get(duty) if one else None
        if one is not None and rule is not None:
            found |= {f"{pathway}.{kind}": one.events[kind].asks for kind in rule.met_by if kind in one.events}
    return found


def _met_by(library: Library, rows: Rows | Related, at: Where) -> Problems:
    if rows.met_by:
        yield from _answers(_meeting(library, rows.duties), rows.met_by, at)


def _event(library: Library, name: str, when: Mapping[str, Any], at: Where) -> Problems:
    pathway, dot, kind = name.partition(".")
    if not dot:
        yield at, f"{name!r}: write the pathway and the event, such as section_47.icpc_held"
        return
    found = library.pathways.get(pathway)
    if found is None:
        if f"pathways/{pathway}" not in library.unreadable:
            yield at, f"unknown pathway {pathway!r}{_near(pathway, library.pathways)}"
        return
    if kind not in found.events:
        yield at, f"{pathway} has no event {kind!r}{_near(kind, found.events)}"
        return
    yield from _answers({name: found.events[kind].asks}, when, at)


def _duty(library: Library, name: str, at: Where) -> Problems:
    pathway, _, duty = name.partition(".")
    found = library.pathways.get(pathway)
    if found is None:
        if f"pathways/{pathway}" not in library.unreadable:
            yield at, f"unknown pathway {pathway!r}{_near(pathway, library.pathways)}"
    elif duty not in found.duties:
        yield at, f"{pathway} has no duty {duty!r}{_near(duty, found.duties)}"


def _spell(library: Library, name: str, at: Where) -> Problems:
    known = [*library.spells.spells, *library.pathways]
    if name not in known and f"pathways/{name}" not in library.unreadable:
        yield at, f"unknown spell or pathway {name!r}{_near(name, known)}"


def _answers(kinds: Mapping[str, Mapping[str, Question]], when: Mapping[str, Any], at: Where) -> Problems:
    for name, expected in when.items():
        asked = [asks[name] for asks in kinds.values() if name in asks]
        if not asked:
            if kinds:
                known = [key for asks in kinds.values() for key in asks]
                yield at, f"{' and '.join(kinds)}: no such question as {name!r}{_near(name, known)}"
            continue
        wanted = expected.is_not if isinstance(expected, Test) else expected
        wanted = wanted if isinstance(wanted, list) else [] if wanted is None else [wanted]
        options = {code for one in asked for code in one.of}
        for value in wanted:
            if options and str(value) not in options:
                yield at, f"{value!r} is not an answer to {name!r}{_near(str(value), options)}"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
