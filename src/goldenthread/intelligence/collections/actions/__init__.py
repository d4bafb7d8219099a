"""The only writers of collections: asking for them, filling them in, and checking them."""

from .asking import OpenPeriods, StartAsking, StopAsking
from .checking import Approve, Lock, Reopen, Return
from .filling import SaveValues, Send
from .reminding import RemindOfCollections

__all__ = [
    "Approve", "Lock", "OpenPeriods", "RemindOfCollections", "Reopen", "Return", "SaveValues", "Send", "StartAsking",
    "StopAsking",
]  # fmt: skip
