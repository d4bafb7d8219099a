"""What queueing theory knows exactly, to hold the simulation against. Pure.

Sources: Erlang 1917 (M/M/c, the chance of waiting); Pollaczek 1930 and Khinchine 1932 (one server, any duration). In
Gross and Harris, Fundamentals of Queueing Theory, 4th edition: sections 2.3 and 5.1.
"""

from __future__ import annotations

import math


class Endless(ValueError):
    """More comes than can be done: the queue grows for ever and has no mean wait."""


def chance_of_waiting(arrivals: float, mean_hours: float, people: int) -> float:
    """Erlang C: the share that finds everybody busy. `arrivals` in an hour."""
    load = _load(arrivals, mean_hours, people)
    blocked = 1.0
    for n in range(1, people + 1):
        blocked = load * blocked / (n + load * blocked)
    busy = load / people
    return blocked / (1 - busy * (1 - blocked))


def mean_wait_mmc(arrivals: float, mean_hours: float, people: int) -> float:
    """Hours before being taken up, where arrivals and durations are random (exponential)."""
    return (
        chance_of_waiting(arrivals, mean_hours, people)
        * mean_hours
        / (people - _load(arrivals, mean_hours, people))
    )


def mean_wait_md1(arrivals: float, hours: float) -> float:
    """Hours before being taken up by one person, where every piece of work takes as long."""
    busy = _load(arrivals, hours, 1)
    return busy * hours / (2 * (1 - busy))


def _load(arrivals: float, mean_hours: float, people: int) -> float:
    load = arrivals * mean_hours
    if load >= people:
        raise Endless(
            f"{math.ceil(load * 100) / 100:g} people's work comes in for {people}: the queue grows for ever"
        )
    return load
