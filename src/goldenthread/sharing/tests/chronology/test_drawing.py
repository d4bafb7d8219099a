"""Gaps and clusters: where nothing was recorded for long, and where much was by several; and the picture of both."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from goldenthread.casework.thread.shapes import Rect
from goldenthread.casework.thread.svg import draw
from goldenthread.sharing.chronology.drawing import Dot, clusters, described, gaps, lanes_of, picture


def days(*spans: tuple[str, int, str]) -> list[Dot]:
    """(first day, how many days running, agency)."""
    starts = [(date.fromisoformat(first), count, agency) for first, count, agency in spans]
    return [Dot(start + timedelta(days=number), agency) for start, count, agency in starts for number in range(count)]


def test_a_gap_is_more_than_four_months_between_two_lines() -> None:
    dots = days(("2025-01-10", 1, "Police"), ("2025-05-10", 1, "Health"), ("2025-09-11", 1, "Health"))
    (gap,) = gaps(dots)
    assert (gap.start, gap.end, gap.months) == (date(2025, 5, 10), date(2025, 9, 11), 4)
    assert gaps(dots[:2]) == [], "four months to the day are no gap"


def test_a_cluster_is_four_weeks_with_many_lines_of_more_than_one_agency() -> None:
    quiet = [Dot(date(2025, month, 1), "Care") for month in range(1, 13)]
    burst = days(("2025-06-10", 4, "Police"), ("2025-06-12", 4, "Health"))
    (cluster,) = clusters(quiet + burst)
    assert (cluster.start, cluster.end, cluster.lines) == (date(2025, 6, 1), date(2025, 7, 1), 10)
    assert cluster.agencies == ("Care", "Health", "Police")
    assert clusters(quiet + days(("2025-06-10", 8, "Care"))) == [], "one agency busy by itself is no cluster"
    assert clusters(quiet) == [] and clusters([]) == []


def test_the_picture_has_a_lane_for_each_agency_in_the_order_of_their_first_line() -> None:
    dots = days(("2025-01-10", 2, "Police"), ("2024-05-10", 1, "Health & care"), ("2026-03-11", 1, "Health & care"))
    assert lanes_of(dots) == ["Health & care", "Police"]
    for narrow in (False, True):
        drawing = picture(dots, narrow=narrow)
        drawn = draw(drawing, "x", "Lines", described(dots))
        assert "Health &amp; care" in drawn and "style=" not in drawn
        assert len([one for one in drawing.still if isinstance(one, Rect) and one.style == "gt-t-gap"]) == 2
    assert described(dots) == (
        "4 lines of 2 agencies from 10 May 2024 to 11 March 2026. 2 gaps of more than 4 months; No clusters."
    )


def test_more_agencies_than_can_be_drawn_apart_share_the_last_lane() -> None:
    dots = [Dot(date(2025, 1, 1) + timedelta(days=number), f"Agency {number:02}") for number in range(20)]
    assert len(lanes_of(dots)) == 14 and lanes_of(dots)[-1] == ""
    assert "Other agencies" in draw(picture(dots), "x", "Lines", "")


dots_anyhow = st.lists(
    st.builds(Dot, st.dates(date(2015, 1, 1), date(2026, 11, 22)), st.sampled_from(["Care", "Police", "Health"])), min_size=2
)


@given(dots_anyhow)
def test_no_line_lies_inside_a_gap_and_every_cluster_holds_what_it_says(dots: list[Dot]) -> None:
    for gap in gaps(dots):
        assert not [dot for dot in dots if gap.start < dot.day < gap.end]
    for cluster in clusters(dots):
        inside = [dot for dot in dots if cluster.start <= dot.day <= cluster.end]
        assert len(inside) >= cluster.lines >= 6 and set(cluster.agencies) <= {dot.agency for dot in inside}
    drawing = picture(dots)
    assert all(0 <= shape.x1 <= drawing.width for shape in drawing.still if hasattr(shape, "x1"))
