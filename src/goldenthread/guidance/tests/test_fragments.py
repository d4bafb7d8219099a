"""What several pathways share is written once and taken up by name; a pathway's own words stand in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError

from .samples import HELPING, folder

ASKING = """\
id: asking
about: Ask an agency.
events:
  asked: {title: Asked, by: [lead], asks: {agency: {type: organisation}}}
  answered: {title: Answered}
duties:
  answer:
    title: Answer
    owner: lead
    after: asked
    within: {2016-06-01: 2 working days}
    met_by: answered
    force: local
    verified: false
    reference: Made-up protocol
"""
USING = HELPING.replace("events:\n", "uses: [asking]\nevents:\n")


def with_fragment(at: Path, fragment: str = ASKING, helping: str = USING) -> Library:
    folder(at, helping=helping)
    (at / "fragments").mkdir(exist_ok=True)
    (at / "fragments" / "asking.yaml").write_text(fragment, encoding="utf-8")
    return Library.load(at)


def test_a_pathway_takes_up_events_and_clocks_as_its_own_lead(tmp_path):
    pathway = with_fragment(tmp_path).pathways["helping"]
    assert set(pathway.events) == {"begun", "done", "asked", "answered"}
    assert pathway.events["asked"].by == [pathway.lead]
    assert pathway.duties["answer"].owner == pathway.lead


def test_what_the_pathway_says_itself_stands(tmp_path):
    helping = USING.replace("events:\n", "events:\n  asked: {title: Asked by letter}\n")
    assert with_fragment(tmp_path, helping=helping).pathways["helping"].events["asked"].title == "Asked by letter"


def test_a_fragment_that_there_is_not_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(GuidanceError) as refused:
        with_fragment(tmp_path, helping=USING.replace("[asking]", "[asknig]"))
    assert "did you mean 'asking'" in str(refused.value)


def test_a_fragment_is_checked_as_part_of_each_pathway(tmp_path):
    with pytest.raises(GuidanceError) as refused:
        with_fragment(tmp_path, ASKING.replace("met_by: answered", "met_by: answerd"))
    assert "answerd" in str(refused.value) and "helping.yaml" in str(refused.value)


def test_every_shipped_fragment_is_used():
    library = shipped()
    used = {name for pathway in library.pathways.values() for name in pathway.uses}
    assert used == set(library.fragments)
