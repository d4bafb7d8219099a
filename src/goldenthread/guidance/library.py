"""The library of guidance: every file read, checked against the others, and kept for the life of the process.

Pure: reads files, knows no database. `Library.load()` raises GuidanceError listing every fault in every file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from .arrangement import Arrangement
from .calendars import SchoolTerms, WorkingCalendar
from .pathway import DutyRule, Pathway
from .reading import Fault, GuidanceError, Source, read
from .terms import Slug, Strict, Text

SHIPPED = Path(__file__).parent


class AgencyRole(Strict):
    """A kind of agency and its lane on the golden thread."""

    title: Text
    lane: Text


class AgencyRoles(Strict):
    roles: Mapping[Slug, AgencyRole]
    anyone: Mapping[Slug, Text]

    def title_of(self, role: str) -> str:
        if role in self.roles:
            return self.roles[role].title
        return self.anyone.get(role, role.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Library:
    """All guidance in force, by id."""

    roles: AgencyRoles
    pathways: Mapping[str, Pathway]
    calendars: Mapping[str, WorkingCalendar]
    school_terms: Mapping[str, SchoolTerms]
    arrangements: Mapping[str, Arrangement]
    folder: Path
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @classmethod
    def load(cls, folder: Path | str | None = None) -> Library:
        """Read and check every file under `folder` (by default the guidance shipped with the package)."""
        return _load(Path(folder) if folder else SHIPPED)

    def in_area(self, arrangement: str | None) -> Mapping[str, Pathway]:
        """Pathways with the local rules of an arrangement laid over them. Unknown or no arrangement: as shipped."""
        local = self.arrangements.get(arrangement or "")
        if local is None or not local.duties:
            return self.pathways
        changed = dict(self.pathways)
        for name, rule in local.duties.items():
            pathway_id, duty_id = name.split(".", 1)
            pathway = changed[pathway_id]
            given = rule.model_dump(exclude_none=True, exclude={"reference"})
            update: dict[str, Any] = {key: getattr(rule, key) for key in given}
            if {"within", "every"} & set(update):
                update = {"within": None, "every": None, "in_force": None, **update}
            if set(update) - {"in_use"}:
                update |= {"force": "local", "reference": rule.reference, "verified": "partly"}
            duty = pathway.duties[duty_id].model_copy(update=update)
            changed[pathway_id] = pathway.model_copy(update={"duties": {**pathway.duties, duty_id: duty}})
        return changed


@cache
def shipped() -> Library:
    """The library that ships with the package, read once a process."""
    return Library.load()


def _load(folder: Path) -> Library:
    faults: list[Fault] = []
    sources: dict[str, Source] = {}

    def one(model: Any, path: Path) -> Any:
        try:
            value, source = read(model, path)
        except GuidanceError as error:
            faults.extend(replace(fault, file=str(path.relative_to(folder))) for fault in error.faults)
            return None
        source = replace(source, file=str(path.relative_to(folder)))
        identity = getattr(value, "id", path.stem)
        if identity != path.stem:
            faults.append(source.fault(("id",), f"id {identity!r} must be the file's name, {path.stem!r}"))
        sources[f"{path.parent.name}/{path.stem}"] = source
        return value

    def every(model: Any, part: str) -> dict[str, Any]:
        found = {path.stem: one(model, path) for path in sorted((folder / part).glob("*.yaml"))}
        return {name: value for name, value in found.items() if value is not None}

    roles_file = folder / "agency_roles.yaml"
    roles = one(AgencyRoles, roles_file if roles_file.exists() else SHIPPED / "agency_roles.yaml")
    library = Library(
        roles=roles,
        pathways=every(Pathway, "pathways"),
        calendars=every(WorkingCalendar, "calendars"),
        school_terms=every(SchoolTerms, "calendars/school_terms"),
        arrangements=every(Arrangement, "arrangements"),
        folder=folder,
        sources=sources,
    )
    if roles is not None:
        for pathway in library.pathways.values():
            source = sources[f"pathways/{pathway.id}"]
            faults.extend(source.fault(where, problem) for where, problem in _check_pathway(library, pathway))
        for arrangement in library.arrangements.values():
            source = sources[f"arrangements/{arrangement.id}"]
            faults.extend(source.fault(where, problem) for where, problem in _check_arrangement(library, arrangement))
    if faults:
        raise GuidanceError(faults)
    return library


Where = tuple[Any, ...]


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _check_pathway(library: Library, pathway: Pathway) -> Iterator[tuple[Where, str]]:
    """Names that lead nowhere: states, events, fields, roles, pathways."""
    roles = [*library.roles.roles, *library.roles.anyone]
    if pathway.lead not in roles:
        yield ("lead",), f"unknown agency role {pathway.lead!r}{_near(pathway.lead, roles)}"
    if not any(event.opens for event in pathway.events.values()):
        yield ("events",), "no event opens the case; give one `opens: true`"
    names: dict[str, str] = {}
    for kind, event in pathway.events.items():
        at = ("events", kind)
        for name in (kind, *event.also):
            if name in names:
                yield at, f"the name {name!r} is used by two events, {names[name]!r} and {kind!r}"
            names[name] = kind
        for role in event.by:
            if role not in roles:
                yield (*at, "by"), f"unknown agency role {role!r}{_near(role, roles)}"
        targets = [event.to, *(state for state, _ in event.to_when), *event.in_states]
        for state in targets:
            if state is not None and state not in pathway.states:
                yield at, f"unknown state {state!r}{_near(state, pathway.states)}"
        for step, leads in enumerate(event.leads_to):
            if leads.open not in library.pathways:
                yield (*at, "leads_to", step), (
                    f"unknown pathway {leads.open!r}{_near(leads.open, library.pathways)}"
                )
                continue
            target = library.pathways[leads.open]
            opening = target.events.get(leads.event or target.opening)
            if opening is None or not opening.opens:
                yield (*at, "leads_to", step), f"{leads.event!r} does not open {leads.open!r}"
                continue
            for theirs, ours in leads.carry.items():
                if theirs not in opening.asks:
                    yield (*at, "leads_to", step), f"{leads.open} does not ask {theirs!r}{_near(theirs, opening.asks)}"
                if ours != "occurred" and ours not in event.asks:
                    yield (*at, "leads_to", step), f"this event does not ask {ours!r}{_near(ours, event.asks)}"
            yield from _check_when(pathway, kind, leads.when, (*at, "leads_to", step))
        for _, when in event.to_when:
            yield from _check_when(pathway, kind, when, (*at, "to_when"))
        if event.extends:
            if event.extends.duty not in pathway.duties:
                yield (*at, "extends"), f"unknown duty {event.extends.duty!r}{_near(event.extends.duty, pathway.duties)}"
            if event.extends.to not in event.asks:
                yield (*at, "extends"), f"this event does not ask {event.extends.to!r}{_near(event.extends.to, event.asks)}"
        if event.excuses and event.excuses.duty not in pathway.duties:
            yield (*at, "excuses"), f"unknown duty {event.excuses.duty!r}{_near(event.excuses.duty, pathway.duties)}"
    for identity, duty in pathway.duties.items():
        yield from _check_duty(library, pathway, identity, duty)


def _check_duty(library: Library, pathway: Pathway, identity: str, duty: DutyRule) -> Iterator[tuple[Where, str]]:
    at: Where = ("duties", identity)
    if duty.owner not in library.roles.roles:
        yield (*at, "owner"), f"unknown agency role {duty.owner!r}{_near(duty.owner, library.roles.roles)}"
    parts = {"after": duty.after or {}, "met_by": duty.met_by, "unless": duty.unless, "stops": duty.stops}
    if duty.pauses:
        parts |= {"pauses": {**duty.pauses.start, **duty.pauses.end}}
    for key, matches in parts.items():
        for name, when in matches.items():
            if key == "after" and name.startswith("birthday "):
                if not name.removeprefix("birthday ").isdigit():
                    yield (*at, key), f"{name!r}: write `birthday` and a whole number of years"
                continue
            kind, _, asked = name.partition(".")
            if kind not in pathway.events:
                yield (*at, key), f"unknown event {kind!r}{_near(kind, pathway.events)}"
                continue
            if asked and (key != "after" or asked not in pathway.events[kind].asks):
                yield (*at, key), f"{kind} does not ask {asked!r}{_near(asked, pathway.events[kind].asks)}"
            yield from _check_when(pathway, kind, when, (*at, key))
            if key == "after":
                for same in duty.matching:
                    if same not in pathway.events[kind].asks:
                        yield (*at, "matching"), f"{kind} does not ask {same!r}{_near(same, pathway.events[kind].asks)}"
    if duty.before and duty.before != "next school day":
        yield from _check_dated_field(pathway, duty.before, (*at, "before"))
    if duty.midway:
        start, end = duty.midway
        if start not in pathway.events:
            yield (*at, "midway"), f"unknown event {start!r}{_near(start, pathway.events)}"
        if "." in end:
            yield from _check_dated_field(pathway, end, (*at, "midway"))
        elif end not in pathway.duties:
            yield (*at, "midway"), f"unknown duty {end!r}{_near(end, pathway.duties)}"
    steps = duty.every if isinstance(duty.every, list) else [s for many in (duty.every or {}).values() for s in many or []]
    for step in steps:
        if step.until and step.until not in pathway.events:
            yield (*at, "every"), f"unknown event {step.until!r}{_near(step.until, pathway.events)}"
        for kind in duty.after or {}:
            if step.when and not kind.startswith("birthday "):
                yield from _check_when(pathway, kind.partition(".")[0], step.when, (*at, "every"))


def _check_dated_field(pathway: Pathway, name: str, at: Where) -> Iterator[tuple[Where, str]]:
    kind, _, asked = name.partition(".")
    if kind not in pathway.events:
        yield at, f"unknown event {kind!r}{_near(kind, pathway.events)}"
    elif asked not in pathway.events[kind].asks:
        yield at, f"{kind} does not ask {asked!r}{_near(asked, pathway.events[kind].asks)}"
    elif pathway.events[kind].asks[asked].type not in ("date", "moment"):
        yield at, f"{name} is not a date"


def _check_when(pathway: Pathway, kind: str, when: Mapping[str, Any], at: Where) -> Iterator[tuple[Where, str]]:
    for name, expected in when.items():
        head, dot, rest = name.partition(".")
        if head == "subject":
            if rest not in ("age", "sex"):
                yield at, f"{name!r}: of the subject, only subject.age and subject.sex are known"
            continue
        owner, asked = (head, rest) if dot else (kind, name)
        if owner not in pathway.events:
            yield at, f"unknown event {owner!r}{_near(owner, pathway.events)}"
            continue
        question = pathway.events[owner].asks.get(asked)
        if question is None:
            yield at, f"{owner} does not ask {asked!r}{_near(asked, pathway.events[owner].asks)}"
        elif question.of:
            values = expected if isinstance(expected, list) else [expected]
            for value in values:
                if isinstance(value, str) and value not in question.of:
                    yield at, f"{value!r} is not an answer to {owner}.{asked}{_near(value, question.of)}"


def _check_arrangement(library: Library, arrangement: Arrangement) -> Iterator[tuple[Where, str]]:
    if arrangement.calendar not in library.calendars:
        yield ("calendar",), f"unknown calendar {arrangement.calendar!r}{_near(arrangement.calendar, library.calendars)}"
    if arrangement.school_terms not in library.school_terms:
        yield ("school_terms",), f"unknown school terms {arrangement.school_terms!r}"
    areas = {area.id for area in arrangement.areas}
    organisations = {organisation.id for organisation in arrangement.organisations}
    groups = {group.id for group in arrangement.groups}
    if arrangement.home_area not in areas:
        yield ("home_area",), f"unknown area {arrangement.home_area!r}{_near(arrangement.home_area, areas)}"
    for index, area in enumerate(arrangement.areas):
        if area.within and area.within not in areas:
            yield ("areas", index), f"unknown area {area.within!r}{_near(area.within, areas)}"
    for index, organisation in enumerate(arrangement.organisations):
        if organisation.kind not in library.roles.roles:
            yield ("organisations", index), (
                f"unknown agency role {organisation.kind!r}{_near(organisation.kind, library.roles.roles)}"
            )
        if organisation.area and organisation.area not in areas:
            yield ("organisations", index), f"unknown area {organisation.area!r}{_near(organisation.area, areas)}"
    for index, group in enumerate(arrangement.groups):
        for member in group.members:
            if member not in organisations:
                yield ("groups", index, "members"), f"unknown organisation {member!r}{_near(member, organisations)}"
        if group.reports_to and group.reports_to not in groups:
            yield ("groups", index, "reports_to"), f"unknown group {group.reports_to!r}{_near(group.reports_to, groups)}"
    for index, contribution in enumerate(arrangement.contributions):
        if contribution.organisation not in organisations:
            yield ("contributions", index), f"unknown organisation {contribution.organisation!r}"
    for name in arrangement.duties:
        pathway_id, _, duty_id = name.partition(".")
        pathway = library.pathways.get(pathway_id)
        if pathway is None or duty_id not in pathway.duties:
            known = [f"{one.id}.{duty}" for one in library.pathways.values() for duty in one.duties]
            yield ("duties", name), f"unknown duty {name!r}{_near(name, known)}"
