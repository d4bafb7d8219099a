"""Samples in Python that assert something are run, so that what a page claims is so."""

from __future__ import annotations

import pytest

from .reading import ROOT, Block, blocks

PAGES = ("docs/understand/disclosure.md", "docs/understand/charts.md")
SAMPLES = [one for page in PAGES for one in blocks(ROOT / page) if one.language == "python"]


@pytest.mark.parametrize("block", SAMPLES, ids=lambda block: block.place)
def test_a_sample_does_what_it_asserts(block: Block):
    assert "assert " in block.text
    exec(compile(block.text, block.place, "exec"), {})


def test_every_page_named_here_has_samples():
    assert {one.page for one in SAMPLES} == set(PAGES)
