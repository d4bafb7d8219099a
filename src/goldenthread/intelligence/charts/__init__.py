"""Charts that say whether anything has really changed: control charts, seasons, funnels, direction of travel. Pure.

Results are data (points, limits, rules that fired in words); `drawing` makes an SVG of them and `beside` the table that
goes with it. Sources of the rules stand in each module. See docs/understand/charts.md.
"""

from .changes import Effect, effect
from .control import Chart, ControlPoint, Phase, control_chart
from .direction import Direction, direction
from .funnel import Funnel, Unit, funnel
from .judging import Assurance, Variation
from .rules import Rules, Signal
from .seasons import Seasons, seasons
from .series import Better, Change, Point, months

__all__ = [
    "Assurance",
    "Better",
    "Change",
    "Chart",
    "ControlPoint",
    "Direction",
    "Effect",
    "Funnel",
    "Phase",
    "Point",
    "Rules",
    "Seasons",
    "Signal",
    "Unit",
    "Variation",
    "control_chart",
    "direction",
    "effect",
    "funnel",
    "months",
    "seasons",
]
