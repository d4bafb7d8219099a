"""The only writers of casework: open, record, correct, allocate, keep documents, replay clocks, bring in records."""

from .allocate import AllocateCase, InvolveOrganisation
from .amend import Amended, AmendEvent, WithdrawEvent
from .open import OpenCase
from .record import InvalidForSome, RecordEvent, RecordForSeveral

__all__ = [
    "AllocateCase",
    "AmendEvent",
    "Amended",
    "InvalidForSome",
    "InvolveOrganisation",
    "OpenCase",
    "RecordEvent",
    "RecordForSeveral",
    "WithdrawEvent",
]
