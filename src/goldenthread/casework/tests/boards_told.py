"""What a board tells, for its tests: rows, columns and numbers as the system or somebody else sees them."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from goldenthread.casework.boards import page
from goldenthread.casework.boards.page import Row, Shown
from goldenthread.casework.boards.which import Narrowed
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library

from .board_cases import Making, agencies_in
from .front_door_people import signed_in
from .partnership import WORKER, Partnership

SYSTEM = SystemActor("tests")
SEES = WORKER | {Capability.VIEW_RESTRICTED}


def making(place: Partnership) -> Making:
    return Making(agencies_in(place.burnley), place.burnley)


def shown(name: str, section: str, actor: Any = SYSTEM, **more: Any) -> Shown:
    board = current_library().boards[name]
    return page.show(actor, board, board.sections[section], more.pop("narrowed", Narrowed()), timezone.now(), **more)


def numbers(name: str, actor: Any = SYSTEM) -> tuple[dict[str, int], dict[str, int]]:
    found = page.numbers(actor, current_library().boards[name], Narrowed(), timezone.now())
    sections, totals = ({key: count.number for key, count in one.items()} for one in found)
    return sections, totals


def told(row: Row) -> dict[str, list[str]]:
    """What a row says, by column."""
    return {cell.column: [line.words for line in cell.lines] for cell in row.cells}


def states(row: Row, column: str) -> list[str]:
    return [line.state for cell in row.cells if cell.column == column for line in cell.lines]


def everyone(place: Partnership) -> Client:
    return signed_in(place, place.care, SEES | {Capability.SEARCH_PEOPLE}, "partnership")
