"""Disclosure control: what may leave need to know, and what is kept back so that nobody can be worked out. Pure.

`suppress` takes tables of counts and gives what may be printed. `Convention` says how a publication treats small
numbers. Sources: the publications named in `conventions.yaml`; for the method, Hundepool and others, Statistical
Disclosure Control (2012), chapter 4. See docs/understand/disclosure.md.
"""

from .conventions import Convention, convention, conventions
from .printing import Printed, change, percentage, rate
from .release import CannotProtect, NothingToPublish, Released, suppress
from .tables import Cell, Dimension, DoesNotAddUp, Earlier, Share, Sum, Table, cell, flat

__all__ = [
    "CannotProtect",
    "Cell",
    "Convention",
    "Dimension",
    "DoesNotAddUp",
    "Earlier",
    "NothingToPublish",
    "Printed",
    "Released",
    "Share",
    "Sum",
    "Table",
    "cell",
    "change",
    "convention",
    "conventions",
    "flat",
    "percentage",
    "rate",
    "suppress",
]
