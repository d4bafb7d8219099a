"""Flows of a cohort: counted, laid out, drawn, and safe to publish."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...disclosure import convention
from .. import cohort, publishable, sankey

COLUMNS = (
    ("Contact",),
    ("Referral", "Early help", "Advice only"),
    ("Assessment", "No further action"),
    ("Child in need", "Child protection", "Looked after", "Closed"),
)
USUAL = (
    [("Contact", "Advice only")] * 120
    + [("Contact", "Early help", "Closed")] * 60
    + [("Contact", "Referral", "No further action")] * 25
    + [("Contact", "Referral", "Assessment", "Closed")] * 40
    + [("Contact", "Referral", "Assessment", "Child in need")] * 34
    + [("Contact", "Referral", "Assessment", "Child protection")] * 11
    + [("Contact", "Referral", "Assessment", "Looked after")] * 3
)


@st.composite
def journeys(draw):
    paths = st.lists(st.sampled_from(range(4)), unique=True, min_size=1).map(sorted)
    made = []
    for columns in draw(st.lists(paths, max_size=60)):
        made.append(tuple(draw(st.sampled_from(COLUMNS[nth])) for nth in columns))
    return made


def test_flows_are_counted():
    found = cohort("2025/26", COLUMNS, USUAL)
    assert ("Contact", "Referral", "113") in found.rows()
    assert found.stages["Assessment"] == "88"
    assert found.stages["Closed"] == "100"


@given(journeys())
def test_nobody_is_lost_and_nobody_appears(made):
    found = cohort("x", COLUMNS, made)
    for stage, text in found.stages.items():
        there = sum(stage in one for one in made)
        assert int(text) == there
        assert sum(flow.count for flow in found.flows if flow.target == stage) <= there
        assert sum(flow.count for flow in found.flows if flow.source == stage) <= there


@pytest.mark.parametrize(
    ("journey", "words"),
    [(("Referral", "Contact"), "back to Contact"), (("Contact", "Court"), "Court is in no column")],
)
def test_a_journey_that_cannot_be_is_refused(journey, words):
    with pytest.raises(ValueError, match=words):
        cohort("x", COLUMNS, [journey])


@settings(max_examples=50)
@given(journeys())
def test_the_layout_holds_together(made):
    found = cohort("x", COLUMNS, made)
    layout = sankey.lay_out(found)
    boxes = {one.name: one for one in layout.stages}
    for one in layout.stages:
        for other in layout.stages:
            if one is not other and one.column == other.column:
                assert one.y + one.height <= other.y or other.y + other.height <= one.y
        assert one.y >= 0 and one.y + one.height <= layout.height
    for side in ("source", "target"):
        bands = {}
        for ribbon in layout.ribbons:
            stage = boxes[getattr(ribbon.flow, side)]
            middle = ribbon.y1 if side == "source" else ribbon.y2
            low, high = middle - ribbon.thick / 2, middle + ribbon.thick / 2
            assert stage.y - 1e-6 <= low and high <= stage.y + stage.height + 1e-6, (
                "a flow runs out of its stage"
            )
            bands.setdefault(stage.name, []).append((low, high))
        for many in bands.values():
            many.sort()
            assert all(before[1] <= after[0] + 1e-6 for before, after in itertools.pairwise(many))
    ElementTree.fromstring(sankey.svg(found, "a"))


def test_no_words_meet_in_the_usual_picture():
    found = cohort("2025/26", COLUMNS, USUAL)
    labels = sankey.paper(found, sankey.lay_out(found)).labels
    for nth, one in enumerate(labels):
        assert one[0] >= 0 and one[2] <= 720
        for other in labels[nth + 1 :]:
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 2 or other[3] <= one[1] + 2
            )


def test_what_is_published_keeps_small_flows_back_and_their_thickness_tells_nothing():
    safe = publishable(cohort("2025/26", COLUMNS, USUAL), convention("partnership"))
    texts = {(one.source, one.target): one.text for one in safe.flows}
    assert texts["Assessment", "Looked after"] == "c"
    assert safe.stages["Looked after"] == "c"
    assert (texts["Assessment", "Child protection"] == "c") == (safe.stages["Child protection"] == "c"), (
        "nobody comes to it in another way, so the stage tells the flow"
    )
    kept = [one for one in texts.values() if one == "c"]
    assert len(kept) >= 2, "with one alone it could be worked out"
    thin = {round(one.thick, 6) for one in sankey.lay_out(safe).ribbons if one.flow.count is None}
    assert len(thin) == 1
    assert "c: a small number" in safe.notes[0]
    assert "3" not in [one.text for one in safe.flows]
