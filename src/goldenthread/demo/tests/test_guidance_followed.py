"""The demo keeps to the guidance it is given: a changed clock changes when things are done, and a wrong name is told."""

from __future__ import annotations

import copy
import shutil
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from goldenthread.demo.figures import HERE, Figures, FiguresWrong, all_journeys, read_yaml, shipped_figures
from goldenthread.demo.guide import Guide
from goldenthread.demo.parts import ARRANGEMENT, County, size_named
from goldenthread.demo.plain import Part
from goldenthread.guidance.library import SHIPPED, Library, shipped

from .conftest import MORNING

VISITS = "every: {2010-03-17: [{then: 10 working days}]}"


def test_a_longer_interval_in_the_pathways_file_makes_visits_rarer(
    small: tuple[County, Part], tmp_path: Path
) -> None:
    folder = tmp_path / "guidance"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "tests"))
    file = folder / "pathways" / "child_protection_plan.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(VISITS) == 1
    file.write_text(
        text.replace(VISITS, VISITS.replace("10 working days", "20 working days")), encoding="utf-8"
    )
    changed = County(size_named("small"), 7, MORNING, Library.load(folder), shipped_figures(), {})
    before, after = _between_visits(small[1]), _between_visits(changed.part(0))
    assert 10 < before < 17
    assert 1.7 < after / before < 2.3


def _between_visits(part: Part) -> float:
    gaps: list[int] = []
    for case in part.cases:
        if case.pathway == "child_protection_plan":
            days = sorted(
                event.day for event in case.events if event.kind == "visited" and event.amends is None
            )
            gaps += [(later - earlier).days for earlier, later in pairwise(days)]
    assert len(gaps) > 40
    return mean(gaps)


@pytest.mark.parametrize(
    ("place", "entry", "because"),
    [
        (("course", "visited"), [{"then": "vistied"}], "child_protection_plan has no event 'vistied'"),
        (("course", "visited"), [{"then": "visited", "by_duty": "visit"}], "has no duty 'visit'"),
        (("course", "visited"), [{"then": "visited", "in_tim": 0.5}], "in_tim"),
        (("answers", "visited"), {"chid_seen": {"share": 0.9}}, "does not ask 'chid_seen'"),
        (("answers", "visited"), {"child_seen": {"share": "rates.chid"}}, "no figure 'rates.chid'"),
    ],
)
def test_a_name_that_is_not_there_is_told(place: tuple[str, str], entry: object, because: str) -> None:
    journeys = copy.deepcopy(all_journeys())
    journeys["pathways"]["child_protection_plan"][place[0]][place[1]] = entry
    with pytest.raises(FiguresWrong, match=r"journeys\.yaml.*child_protection_plan") as told:
        Guide(shipped(), ARRANGEMENT, Figures(read_yaml(HERE / "rates.yaml"), journeys))
    assert because in str(told.value)
