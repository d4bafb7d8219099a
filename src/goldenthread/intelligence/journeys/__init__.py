"""Journeys: what became of a cohort from contact to outcome, and whether groups of children fare differently. Pure.

`sankey` lays flows out and draws them; `differences` compares groups with intervals and says where there are too few
children to compare. See docs/understand/charts.md.
"""

from . import forest, sankey
from .cohort import Cohort, Flow, cohort, publishable
from .differences import Comparison, Differences, Group, differences, within_districts
from .drift import Drift, Stay, drift
from .intervals import Interval, exact_rate, exact_share, ratio_of_rates, ratio_of_shares, wilson

__all__ = [
    "Cohort",
    "Comparison",
    "Differences",
    "Drift",
    "Flow",
    "Group",
    "Interval",
    "Stay",
    "cohort",
    "differences",
    "drift",
    "exact_rate",
    "exact_share",
    "forest",
    "publishable",
    "ratio_of_rates",
    "ratio_of_shares",
    "sankey",
    "wilson",
    "within_districts",
]
