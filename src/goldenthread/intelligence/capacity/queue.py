"""One queue, several people, first come first served: simulated with ciw (Palmer and others 2019). Pure and seeded.

Time runs in hours of work: nights and weekends are left out before it comes here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import ciw
import numpy as np


@dataclass(frozen=True, slots=True)
class Served:
    """One piece of work: when it came, when someone took it up, when it was done."""

    arrived: float
    started: float
    ended: float

    @property
    def waited(self) -> float:
        return self.started - self.arrived


def simulate(
    gaps: Sequence[float], hours: Sequence[float] | ciw.dists.Distribution, people: int, seed: int
) -> list[Served]:
    """Everything that comes, until all of it is done, in order of arrival.

    `gaps` are the hours between arrivals, the first from the start. `hours` are durations to draw from, each as likely,
    or a distribution of ciw.
    """
    if people < 1:
        raise ValueError("at least one person works on a queue")
    if not gaps:
        return []
    drawn = hours if isinstance(hours, ciw.dists.Distribution) else ciw.dists.Empirical(list(hours))
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, math.inf])],
        service_distributions=[drawn],
        number_of_servers=[people],
    )
    kept = (
        random.getstate(),
        np.random.get_state(),
    )  # ciw draws from everybody's luck: it is put back afterwards
    try:
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(len(gaps), method="Complete")
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
    records = sorted(simulation.get_all_records(), key=lambda one: (one.arrival_date, one.id_number))
    return [
        Served(float(one.arrival_date), float(one.service_start_date), float(one.service_end_date))
        for one in records
    ]
