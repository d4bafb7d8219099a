"""The readers that join: my work, the front door board, a case, and any case as it was known on a day."""

from ..record import KnownCase, as_known_on
from .board import Board, Card, Column, board
from .case import CasePage, DutyOnPage, case_page
from .counting import Count
from .worklist import WHEN, WHOSE, WorkCounts, whose_counts, worklist, worklist_counts

__all__ = [
    "WHEN",
    "WHOSE",
    "Board",
    "Card",
    "CasePage",
    "Column",
    "Count",
    "DutyOnPage",
    "KnownCase",
    "WorkCounts",
    "as_known_on",
    "board",
    "case_page",
    "whose_counts",
    "worklist",
    "worklist_counts",
]
