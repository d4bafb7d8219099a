"""Tile maps: each of the smallest areas has one square, and a fault names the file, the line and the nearest area."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError
from goldenthread.guidance.tests.test_checks import ARRANGEMENT, in_area

AREAS = """areas:
  - {id: here, title: Here, kind: county}
  - {id: west_end, title: West End, kind: district, within: here}
  - {id: east_end, title: East End, kind: district, within: here}
"""
PLAIN = "areas: [{id: here, title: Here, kind: county}]\n"


def faults(at: Path, rows: str) -> list[str]:
    """What is wrong with a partnership's folder in which this map is drawn."""
    drawn = ARRANGEMENT.replace(PLAIN, f"{AREAS}tile_map:\n  reference: Made up\n  rows:\n{rows}")
    assert drawn != ARRANGEMENT
    in_area(at, "  {}\n")
    (at / "arrangements" / "here.yaml").write_text(drawn.removesuffix("duties:\n"), encoding="utf-8")
    try:
        Library.load(at)
    except GuidanceError as error:
        return str(error).splitlines()
    return []


def test_a_map_that_gives_each_district_a_square_is_accepted(tmp_path):
    assert faults(tmp_path, "    - west_end -\n    - '- east_end'\n") == []


@pytest.mark.parametrize(
    ("rows", "line", "problem"),
    [
        ("    - west_end east_en\n", 16, "unknown area 'east_en'; did you mean 'east_end'?"),
        ("    - west_end east_end\n    - west_end -\n", 17, "'west_end' has a square in row 1 already"),
        ("    - west_end east_end here\n", 16, "'here' has areas within it; a square is for one of the smallest"),
        ("    - west_end -\n    - east_end\n", 17, "row 2 has 1 places and row 1 has 2; write - where there is no square"),
        ("    - west_end\n", 13, "'east_end' has no square"),
        ("    - west_end east_end - - - - -\n", 16, "7 squares side by side cannot be read on a telephone; at most 6"),
    ],
)
def test_a_fault_says_where_and_what(tmp_path, rows, line, problem):
    found = faults(tmp_path, rows)
    assert any(problem in one and f"here.yaml:{line}" in one for one in found), found


def test_the_maps_that_are_shipped_lie_like_the_country():
    squares = {name: one.tile_map.squares for name, one in shipped().arrangements.items()}
    lancashire = squares["lancashire"]
    assert len(lancashire) == 14 and {"blackpool", "blackburn_with_darwen"} <= set(lancashire)
    for north, south in (("lancaster", "wyre"), ("preston", "south_ribble"), ("pendle", "burnley"), ("hyndburn", "rossendale")):
        assert lancashire[north][0] < lancashire[south][0]
    for west, east in (("blackpool", "fylde"), ("fylde", "preston"), ("west_lancashire", "chorley"), ("hyndburn", "burnley")):
        assert lancashire[west][1] < lancashire[east][1]
    for one, other in (("blackpool", "fylde"), ("hyndburn", "blackburn_with_darwen"), ("pendle", "burnley")):
        (row, column), (there, across) = lancashire[one], lancashire[other]
        assert abs(row - there) + abs(column - across) == 1
    assert len(squares["cumbria"]) == 6 and len(squares["somerset"]) == 5
