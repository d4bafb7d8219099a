"""The only writers of casework: open, record, correct, allocate, keep documents, replay clocks, bring in records."""

from .allocate import AllocateCase, InvolveOrganisation
from .amend import Amended, AmendEvent, WithdrawEvent
from .documents import AddDocument
from .importing import ImportEvents
from .open import OpenCase
from .record import InvalidForSome, RecordEvent, RecordForSeveral
from .replay import Moved, ReplayClocks

__all__ = [
    "AddDocument",
    "AllocateCase",
    "AmendEvent",
    "Amended",
    "ImportEvents",
    "InvalidForSome",
    "InvolveOrganisation",
    "Moved",
    "OpenCase",
    "RecordEvent",
    "RecordForSeveral",
    "ReplayClocks",
    "WithdrawEvent",
]
