"""A cohort's flows laid out as a Sankey diagram and drawn as SVG. Pure.

Columns from left to right; a stage is as high as the more of what comes in and what goes out; a flow as thick as its
count. Within a column, stages are ordered by where their flows come from and go to (barycentres, swept to and fro), so
that few flows cross. A flow that is kept back is a thin broken line: its thickness tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from goldenthread.guidance.lettering import broken

from ..charts.paper import BLUE, GREY, INK, PALE_GREY, Paper
from .cohort import Cohort, Flow

BAR = 14
ROOM_FOR_WORDS = 38
"""Between the middles of neighbours in a column, so that their words do not meet."""
KEPT_BACK = 3.0


@dataclass(slots=True)
class Stage:
    """A stage's bar."""

    name: str
    column: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow's band: its middle at either end, and how thick it is."""

    flow: Flow
    x1: float
    y1: float
    x2: float
    y2: float
    thick: float


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    stages: tuple[Stage, ...]
    ribbons: tuple[Ribbon, ...]


def lay_out(cohort: Cohort, *, width: float = 720, tall: float = 300) -> Layout:
    """Where everything goes. `tall` is the height of the fullest column's bars; gaps come on top."""
    coming, going = _totals(cohort)
    size = {stage: max(coming[stage], going[stage]) for column in cohort.columns for stage in column}
    fullest = max((sum(size[stage] for stage in column) for column in cohort.columns), default=0)
    if not fullest:
        return Layout(width, 40, (), ())
    scale = tall / fullest
    columns = _ordered(cohort)
    apart = (width - BAR - 2) / max(1, len(columns) - 1)
    stages = {
        stage: Stage(stage, nth, 1 + nth * apart, 0, max(2.0, size[stage] * scale))
        for nth, column in enumerate(columns)
        for stage in column
    }
    foot = 0.0
    for column in columns:
        y, before = 22.0, None
        for name in column:
            one = stages[name]
            if before is not None:
                y = max(y + 10, before.y + before.height / 2 + ROOM_FOR_WORDS - one.height / 2)
            one.y = y
            y += one.height
            before = one
        foot = max(foot, y)
    return Layout(width, foot + 22, tuple(stages.values()), _ribbons(cohort, stages, scale))


def _thickness(flow: Flow) -> float:
    return KEPT_BACK if flow.count is None else float(flow.count)


def _totals(cohort: Cohort) -> tuple[dict[str, float], dict[str, float]]:
    coming: dict[str, float] = defaultdict(float)
    going: dict[str, float] = defaultdict(float)
    for flow in cohort.flows:
        going[flow.source] += _thickness(flow)
        coming[flow.target] += _thickness(flow)
    return coming, going


def _ordered(cohort: Cohort) -> list[list[str]]:
    """Columns with their stages in an order of few crossings; the order given decides between equals."""
    columns = [list(column) for column in cohort.columns]
    ties: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for flow in cohort.flows:
        ties[flow.source].append((flow.target, _thickness(flow)))
        ties[flow.target].append((flow.source, _thickness(flow)))
    best, fewest = [list(column) for column in columns], _crossings(cohort, columns)
    for turn in range(6):
        sweep = range(len(columns)) if turn % 2 == 0 else range(len(columns) - 1, -1, -1)
        for nth in sweep:
            place = {stage: (at + 0.5) / len(column) for column in columns for at, stage in enumerate(column)}
            looking = set().union(*(columns[:nth] if turn % 2 == 0 else columns[nth + 1 :]))

            def middle(stage: str, place: dict[str, float] = place, looking: set[str] = looking) -> float:
                near = [(place[other], weight) for other, weight in ties[stage] if other in looking]
                total = sum(weight for _, weight in near)
                return sum(at * weight for at, weight in near) / total if total else place[stage]

            columns[nth].sort(key=middle)
        crossings = _crossings(cohort, columns)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    return best


def _crossings(cohort: Cohort, columns: list[list[str]]) -> float:
    """How much crosses: for each pair of flows that cross, the thinner of the two."""
    place = {stage: at for column in columns for at, stage in enumerate(column)}
    column_of = {stage: nth for nth, column in enumerate(columns) for stage in column}
    found = 0.0
    for nth, one in enumerate(cohort.flows):
        for other in cohort.flows[nth + 1 :]:
            if (
                column_of[one.source] == column_of[other.source]
                and column_of[one.target] == column_of[other.target]
            ):
                turned = (place[one.source] - place[other.source]) * (place[one.target] - place[other.target])
                found += min(_thickness(one), _thickness(other)) if turned < 0 else 0
    return found


def _ribbons(cohort: Cohort, stages: dict[str, Stage], scale: float) -> tuple[Ribbon, ...]:
    leaving: dict[str, float] = {name: one.y for name, one in stages.items()}
    arriving = dict(leaving)
    starts: dict[Flow, float] = {}
    for flow in sorted(cohort.flows, key=lambda flow: (stages[flow.target].y, stages[flow.target].column)):
        starts[flow] = leaving[flow.source]
        leaving[flow.source] += _thickness(flow) * scale
    found = []
    for flow in sorted(cohort.flows, key=lambda flow: (stages[flow.source].y, stages[flow.source].column)):
        thick = _thickness(flow) * scale
        source, target = stages[flow.source], stages[flow.target]
        found.append(
            Ribbon(
                flow,
                source.x + BAR,
                starts[flow] + thick / 2,
                target.x,
                arriving[flow.target] + thick / 2,
                thick,
            )
        )
        arriving[flow.target] += thick
    return tuple(found)


def svg(cohort: Cohort, name: str, *, width: float = 720, tall: float = 300) -> str:
    """The diagram. On a narrow screen show the table alone: there is no room for its words."""
    layout = lay_out(cohort, width=width, tall=tall)
    return paper(cohort, layout).svg(name, cohort.title, cohort.in_words)


def paper(cohort: Cohort, layout: Layout) -> Paper:
    sheet = Paper(layout.width, layout.height)
    if not layout.stages:
        sheet.text(layout.width / 2, 24, "No children in this cohort", anchor="middle", colour=GREY)
        return sheet
    for ribbon in sorted(layout.ribbons, key=lambda one: -one.thick):
        half, middle = ribbon.thick / 2, (ribbon.x1 + ribbon.x2) / 2
        if ribbon.flow.count is None:
            sheet.line([(ribbon.x1, ribbon.y1), (ribbon.x2, ribbon.y2)], GREY, wide=1.5, dash="4 4")
            continue
        top = f"M{ribbon.x1:.1f} {ribbon.y1 - half:.1f}C{middle:.1f} {ribbon.y1 - half:.1f} {middle:.1f} "
        top += f"{ribbon.y2 - half:.1f} {ribbon.x2:.1f} {ribbon.y2 - half:.1f}"
        back = f"V{ribbon.y2 + half:.1f}C{middle:.1f} {ribbon.y2 + half:.1f} {middle:.1f} {ribbon.y1 + half:.1f} "
        sheet.shape(f"{top}{back}{ribbon.x1:.1f} {ribbon.y1 + half:.1f}z", PALE_GREY, clear=0.55)
    last = max(one.column for one in layout.stages)
    apart = (layout.width - BAR - 2) / max(1, last)
    for one in layout.stages:
        right_edge = one.column == last and last > 0
        sheet.shape(f"M{one.x:.1f} {one.y:.1f}h{BAR}v{one.height:.1f}h{-BAR}z", BLUE)
        words = [
            *broken(one.name, sheet.size, (apart - BAR) * (0.46 if last > 0 else 1)),
            cohort.stages[one.name],
        ]
        words = words if len(words) <= 2 else [words[0], f"{' '.join(words[1:-1])} {words[-1]}"]
        x = one.x - 6 if right_edge else one.x + BAR + 6
        start = one.y + one.height / 2 - (len(words) - 1) * sheet.size * 0.58 + sheet.size * 0.35
        for nth, line in enumerate(words):
            sheet.text(x, start + nth * sheet.size * 1.16, line, anchor="end" if right_edge else "start",
                       bold=nth == len(words) - 1, colour=INK)  # fmt: skip
    return sheet
