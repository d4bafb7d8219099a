"""Capacity: what one more person would do for a queue, by simulation from measured arrivals and durations. Pure.

For the front door, the LADO and reviewing officers: `forecast` says when a backlog clears with so many people, with
intervals, and says so when it never will. `theory` has what queueing theory knows, to check against.
"""

from .forecast import Desk, NotEnoughData, Outlook, Range, forecast, in_words, working_days_after
from .queue import Served, simulate
from .theory import mean_wait_md1, mean_wait_mmc

__all__ = [
    "Desk",
    "NotEnoughData",
    "Outlook",
    "Range",
    "Served",
    "forecast",
    "in_words",
    "mean_wait_md1",
    "mean_wait_mmc",
    "simulate",
    "working_days_after",
]
