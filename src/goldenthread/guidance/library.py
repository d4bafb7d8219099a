"""The library of guidance: every file read, checked against the others, and kept for the life of the process.

Pure: reads files, knows no database. `Library.load()` raises GuidanceError listing every fault in every file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from .access import Access
from .agreement import Agreement, Sharing
from .agreement_checks import check_agreement, check_sharing
from .arrangement import Arrangement
from .board import Board
from .board_checks import check_board
from .calendars import SchoolTerms, WorkingCalendar
from .capacity import Service, check_service
from .checks import check_arrangement, check_pathway
from .collection import Collection
from .collection_checks import check_collection
from .exceptions import Exceptions, check_exceptions
from .fragment import Fragment, taken_up
from .indicator import Indicator, Sheet, Spells
from .indicator_checks import check_sheet, check_spells
from .journey import Journey, check_journey
from .meeting import MeetingKind
from .meeting_checks import check_meeting
from .pathway import Pathway
from .reading import Fault, GuidanceError, Source, read
from .register_checks import check_register
from .reminding import Reminders, check_reminders
from .retention import Retention, check_retention
from .subscriptions import Subscriptions
from .terms import Slug, Strict, Text
from .workloads import Caseloads, check_caseloads

SHIPPED = Path(__file__).parent
ADDING = "guidance.yaml"
"""The file by which a folder says that it adds to the shipped guidance and does not stand in place of it."""


class Adding(Strict):
    adds_to: Literal["shipped"]


class AgencyRole(Strict):
    """A kind of agency and its lane on the golden thread."""

    title: Text
    lane: Text
    holds_records: bool = True
    """Whether an agency of this kind may hold records of a child, and so be asked what it knows."""


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
    sharing: Sharing
    access: Access
    retention: Retention
    reminders: Reminders
    caseloads: Caseloads
    exceptions: Exceptions
    subscriptions: Subscriptions
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    fragments: Mapping[str, Fragment] = field(default_factory=dict)
    meetings: Mapping[str, MeetingKind] = field(default_factory=dict)
    boards: Mapping[str, Board] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    spells: Spells = field(default_factory=lambda: Spells(spells={}))
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    journeys: Mapping[str, Journey] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    """Files that could not be read, such as `pathways/contact`; only ever filled while the others are checked."""
    _areas: dict[str, Mapping[str, Pathway]] = field(repr=False, compare=False, default_factory=dict)

    @classmethod
    def load(cls, folder: Path | str | None = None) -> Library:
        """Read and check every file under `folder` (by default the guidance shipped with the package)."""
        return _load(Path(folder) if folder else SHIPPED)

    @property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator of every sheet, by id."""
        return {name: one for sheet in self.sheets.values() for name, one in sheet.indicators.items()}

    def in_area(self, arrangement: str | None) -> Mapping[str, Pathway]:
        """Pathways with an arrangement's local rules laid over them. Unknown or no arrangement: as shipped."""
        local = self.arrangements.get(arrangement or "")
        if local is None or not local.duties:
            return self.pathways
        if local.id not in self._areas:
            self._areas[local.id] = self._with_local_rules(local)
        return self._areas[local.id]

    def restricted(self) -> dict[str, str]:
        """Pathway -> title, of those whose cases only the people who run them see."""
        return {one.id: one.title for one in self.pathways.values() if one.sensitivity == "restricted"}

    def boards_of(self, pathway: str) -> list[Board]:
        """The boards that show cases of a pathway, those of the fewest pathways first."""
        found = [board for board in self.boards.values() if pathway in board.pathways]
        return sorted(found, key=lambda board: (len(board.pathways), board.title))

    def _with_local_rules(self, local: Arrangement) -> Mapping[str, Pathway]:
        changed = dict(self.pathways)
        for name, rule in local.duties.items():
            pathway_id, duty_id = name.split(".", 1)
            pathway = changed[pathway_id]
            duty = rule.over(pathway.duties[duty_id])
            changed[pathway_id] = pathway.model_copy(update={"duties": {**pathway.duties, duty_id: duty}})
        return changed


@cache
def shipped() -> Library:
    """The library that ships with the package, read once a process."""
    return Library.load()


def _name(path: Path, folder: Path) -> str:
    """A file as its author knows it: from the folder of guidance down, or by its name where it is shipped."""
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name


def _load(folder: Path) -> Library:
    if not folder.is_dir():
        raise GuidanceError([Fault(str(folder), 1, "", "there is no such folder of guidance")])
    faults: list[Fault] = []
    sources: dict[str, Source] = {}
    unreadable: set[str] = set()

    def one(model: Any, path: Path) -> Any:
        try:
            value, source = read(model, path)
        except GuidanceError as error:
            faults.extend(replace(fault, file=_name(path, folder)) for fault in error.faults)
            unreadable.add(f"{path.parent.name}/{path.stem}")
            return None
        source = replace(source, file=_name(path, folder))
        identity = getattr(value, "id", path.stem)
        if identity != path.stem:
            faults.append(source.fault(("id",), f"id {identity!r} must be the file's name, {path.stem!r}"))
        sources[f"{path.parent.name}/{path.stem}"] = source
        return value

    adds = (folder / ADDING).exists()
    layers = [SHIPPED, folder] if adds and one(Adding, folder / ADDING) is not None else [folder]

    def every(model: Any, part: str) -> dict[str, Any]:
        """The files of one part by id; where the folder adds to the shipped guidance, its own stand in place of those."""
        paths = {path.stem: path for layer in layers for path in (layer / part).glob("*.yaml")}
        found = {name: one(model, path) for name, path in sorted(paths.items())}
        return {name: value for name, value in found.items() if value is not None}

    def its_own(name: str) -> bool:
        return (folder / f"{name}.yaml").exists()

    def single(model: Any, name: str) -> Any:
        """A file of which there is one. A folder of a few pathways need not have it: the shipped one stands in, unchecked."""
        return one(model, (folder if its_own(name) else SHIPPED) / f"{name}.yaml")

    def check(name: str, found: Iterable[tuple[Any, str]]) -> None:
        faults.extend(sources[name].fault(where, problem) for where, problem in found)

    roles = single(AgencyRoles, "agency_roles")
    sharing = single(Sharing, "sharing")
    access = single(Access, "access")
    retention = single(Retention, "retention")
    reminders = single(Reminders, "reminders")
    caseloads = single(Caseloads, "caseloads")
    exceptions = single(Exceptions, "exceptions")
    subscriptions = single(Subscriptions, "subscriptions")
    fragments: dict[str, Fragment] = every(Fragment, "fragments")
    own: dict[str, Pathway] = every(Pathway, "pathways")
    # A folder that stands alone without indicators has none: the shipped ones speak of pathways that it need not have.
    spells_file = next((path for layer in reversed(layers) if (path := layer / "spells.yaml").exists()), None)
    spells = one(Spells, spells_file) if spells_file is not None else Spells(spells={})
    library = Library(
        roles=roles,
        pathways={name: taken_up(pathway, fragments) for name, pathway in own.items()},
        fragments=fragments,
        calendars=every(WorkingCalendar, "calendars"),
        school_terms=every(SchoolTerms, "calendars/school_terms"),
        arrangements=every(Arrangement, "arrangements"),
        folder=folder,
        sharing=sharing,
        access=access,
        retention=retention,
        reminders=reminders,
        caseloads=caseloads,
        exceptions=exceptions,
        subscriptions=subscriptions,
        agreements=every(Agreement, "agreements"),
        meetings=every(MeetingKind, "meetings"),
        boards=every(Board, "boards"),
        collections=every(Collection, "collections"),
        spells=spells or Spells(spells={}),
        sheets=every(Sheet, "indicators"),
        journeys=every(Journey, "journeys"),
        services=every(Service, "capacity"),
        sources=sources,
    )
    library = replace(library, unreadable=frozenset(unreadable))
    if folder != SHIPPED and not adds and not list(folder.glob("pathways/*.yaml")):
        faults.append(
            Fault("pathways", 1, "", f"{folder} has no pathways/*.yaml, so it is not a folder of guidance")
        )
    if roles is not None:
        for name, pathway in library.pathways.items():
            check(f"pathways/{name}", check_pathway(library, pathway))
            check(f"pathways/{name}", check_register(library, pathway))
        for name, arrangement in library.arrangements.items():
            check(f"arrangements/{name}", check_arrangement(library, arrangement))
        for name, meeting in library.meetings.items():
            check(f"meetings/{name}", check_meeting(library, meeting))
        for name, board in library.boards.items():
            check(f"boards/{name}", check_board(library, board))
        for name, journey in library.journeys.items():
            check(f"journeys/{name}", check_journey(library, journey))
        for name, service in library.services.items():
            check(f"capacity/{name}", check_service(library, service))
        if sharing is not None:
            for name, agreement in library.agreements.items():
                check(f"agreements/{name}", check_agreement(library, agreement))
            if its_own("sharing"):
                check(f"{folder.name}/sharing", check_sharing(library, sharing))
    if spells is not None:
        if spells_file is not None:
            check(f"{spells_file.parent.name}/spells", check_spells(library, spells))
        for name, sheet in library.sheets.items():
            check(f"indicators/{name}", check_sheet(library, sheet))
    if roles is not None:
        for name, collection in library.collections.items():
            check(f"collections/{name}", check_collection(library, collection))
    if retention is not None and its_own("retention") and not unreadable:
        check(f"{folder.name}/retention", check_retention(library.pathways, retention))
    if reminders is not None and its_own("reminders"):
        check(f"{folder.name}/reminders", check_reminders(library, reminders))
    if caseloads is not None and its_own("caseloads") and not unreadable:
        check(f"{folder.name}/caseloads", check_caseloads(library, caseloads))
    if roles is not None and exceptions is not None and its_own("exceptions") and not unreadable:
        check(f"{folder.name}/exceptions", check_exceptions(library, exceptions))
    if faults:
        raise GuidanceError(faults)
    return library
