"""The simulation held against queueing theory at a service's own numbers, where theory has an answer. Pure and seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import sqrt

import ciw

from .forecast import Desk
from .queue import simulate
from .theory import Endless, mean_wait_mmc

MANY, BATCHES = 2_000, 20
CALM = 0.9
"""Theory and simulation are compared where people are busy for less than this: nearer to 1 a run would have to be endless."""


@dataclass(frozen=True, slots=True)
class Held:
    """How long a piece waits on average, in hours, where arrivals and durations are random: by theory and by simulation."""

    people: int
    theory: float
    simulated: float
    give_or_take: float
    """Two standard errors of the simulated mean."""

    @property
    def agree(self) -> bool:
        return abs(self.theory - self.simulated) <= 2 * self.give_or_take + 0.01


def held_against_theory(desk: Desk, seed: int = 7) -> Held | None:
    """With as few people as keep up. None where nothing comes, or where theory has no answer."""
    an_hour = sum(desk.arrivals) / len(desk.arrivals) / desk.hours_a_day
    each = sum(desk.hours) / len(desk.hours)
    people = int(an_hour * each / CALM) + 1
    if not an_hour:
        return None
    try:
        theory = mean_wait_mmc(an_hour, each, people)
    except Endless:
        return None
    luck = random.Random(seed)
    served = simulate(
        [luck.expovariate(an_hour) for _ in range(MANY)], ciw.dists.Exponential(1 / each), people, luck.randrange(2**31)
    )
    waits = [one.waited for one in served[MANY // 10 :]]
    size = len(waits) // BATCHES
    means = [sum(waits[nth * size : (nth + 1) * size]) / size for nth in range(BATCHES)]
    mean = sum(means) / BATCHES
    error = sqrt(sum((one - mean) ** 2 for one in means) / (BATCHES - 1) / BATCHES)
    return Held(people, theory, mean, 2 * error)
