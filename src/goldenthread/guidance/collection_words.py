"""A collection in plain words, for its page and the command line: who, how often, by when, what makes a value wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .collection import DISTRICT, Cell, Collection, Outlier
from .plain import FORCE
from .wrapping import heading, wrapped

if TYPE_CHECKING:
    from .library import Library


@dataclass(frozen=True, slots=True)
class PlainCell:
    """One value in words."""

    title: str
    instructions: str
    unit: str
    split: tuple[str, ...]
    rules: tuple[str, ...]
    feeds: str
    """Title of the indicator whose value it is; "" for none."""


@dataclass(frozen=True, slots=True)
class PlainCollection:
    """A whole collection in words, as in force on a day."""

    id: str
    title: str
    about: str
    who: str
    every: str
    due: str
    force: str
    kind: str
    verified: str
    reference: str
    cells: tuple[PlainCell, ...]
    always: tuple[str, ...]


def plain_collection(collection: Collection, library: Library, on: date) -> PlainCollection:
    length = collection.due.on(on)
    verified = {True: "verified", False: "not verified", "partly": "partly verified"}[collection.verified]
    return PlainCollection(
        collection.id, collection.title, collection.about,
        ", ".join(library.roles.title_of(one) for one in collection.agencies), f"Every {collection.every}",
        f"{length} after the last day of the period" if length is not None else "Not in force on that day",
        FORCE[collection.force], collection.force, verified, collection.reference,
        tuple(_cell(library, collection, name, cell) for name, cell in collection.cells.items()), tuple(_always(collection)),
    )  # fmt: skip


def _always(collection: Collection) -> Iterator[str]:
    yield "A value that is not known is left blank, with words that say why. A blank is missing, never zero."
    if collection.outlier is not None:
        yield outlier_words(collection.outlier)


def outlier_words(rule: Outlier) -> str:
    least = f", and by {rule.at_least:g} or more" if rule.at_least else ""
    return f"Words are needed where it differs by more than {rule.share:.0%} from the average of the last {rule.last}{least}."


def _cell(library: Library, collection: Collection, name: str, cell: Cell) -> PlainCell:
    indicator = library.indicators.get(cell.feeds or "")
    return PlainCell(
        cell.title, cell.instructions, "" if cell.unit == "count" else cell.unit, tuple(_split(collection, cell)),
        tuple(_rules(collection, name, cell)), indicator.title if indicator is not None else "",
    )  # fmt: skip


def _split(collection: Collection, cell: Cell) -> Iterator[str]:
    for name in cell.by:
        breakdown = collection.breakdowns[name]
        groups = ["each district of the agency’s area"] if name == DISTRICT else list(breakdown.groups.values())
        if breakdown.not_known:
            groups.append(breakdown.not_known[:1].lower() + breakdown.not_known[1:])
        yield f"By {breakdown.title.lower()}: {', '.join(groups)}"


def _rules(collection: Collection, name: str, cell: Cell) -> Iterator[str]:
    if cell.share is not None:
        part, of = (collection.cells[one].title for one in (cell.share.part, cell.share.of))
        yield f"Worked out: “{part}” of “{of}”."
        return
    kind = "A whole number" if not cell.decimals else f"A number with no more than {cell.decimals} decimals"
    bounds = f"from {cell.min:g} to {cell.max:g}" if cell.max is not None else f"of {cell.min:g} or more"
    yield f"{kind}, {bounds}."
    if cell.by and cell.adds_up:
        yield "Its parts add up to the whole."
    if cell.outlier is not None:
        yield outlier_words(cell.outlier)
    for rule in collection.rules:
        if rule.whole == name:
            yield rule.words or f"{', '.join(f'“{collection.cells[one].title}”' for one in rule.parts)} add up to it."
        elif rule.cell == name and rule.not_more_than is not None:
            yield rule.words or f"Not more than “{collection.cells[rule.not_more_than].title}”."


def collection_text(plain: PlainCollection, width: int = 100) -> str:
    """The whole collection as plain text, wrapped to a width."""
    lines = [plain.title, "=" * len(plain.title), "", *wrapped(plain.about, width), ""]
    for label, words in (
        ("Filled in by", plain.who), ("How often", plain.every), ("Due", plain.due),
        ("Source", f"{plain.reference} ({plain.force.lower()}, {plain.verified})"),
    ):  # fmt: skip
        lines += wrapped(f"{label}: {words}", width, hang="  ")
    lines += heading("What it asks")
    for cell in plain.cells:
        unit = f" ({cell.unit})" if cell.unit else ""
        said = " ".join([f"{cell.title}{unit}.", cell.instructions, *(f"{one}." for one in cell.split), *cell.rules])
        fed = f" Feeds the indicator “{cell.feeds}”." if cell.feeds else ""
        lines += wrapped(f"{said}{fed}", width, "- ", "  ")
    lines += heading("Always")
    for words in plain.always:
        lines += wrapped(words, width, "- ", "  ")
    return "\n".join(lines) + "\n"
