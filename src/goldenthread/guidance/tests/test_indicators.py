"""The indicator language: what is refused, with file, line and the nearest name; what the shipped definitions hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError
from goldenthread.guidance.row_words import Window

PATHWAY = """
id: visit
title: Visit
subject: child
lead: childrens_social_care
basis: public_task
about: A pathway to count.
reference: Made up
states: {begun: {title: Begun}, ended: {title: Ended, closed: true}}
events:
  opened: {opens: true, to: begun, asks: {kind: {type: choice, of: [home, school]}, times: {type: number}}}
  seen: {asks: {alone: {type: yes_no}}}
  ended: {closes: true, to: ended}
duties:
  first:
    title: Visit
    owner: childrens_social_care
    after: opened
    within: {2010-01-01: 5 days}
    met_by: seen
    force: local
    reference: Made up
"""
SHEET = """id: sheet
title: Sheet
about: Of visits.
indicators:
  visits:
    title: Visits
    numerator: visits opened
    counts: {events: visit.opened}
    reference: Made up
"""


def load(folder: Path, sheet: str, spells: str = "spells: {}\n", pathway: str = PATHWAY) -> Library:
    (folder / "pathways").mkdir(parents=True, exist_ok=True)
    (folder / "indicators").mkdir(exist_ok=True)
    (folder / "pathways" / "visit.yaml").write_text(pathway)
    (folder / "indicators" / "sheet.yaml").write_text(sheet)
    (folder / "spells.yaml").write_text(spells)
    return Library.load(folder)


def faults(folder: Path, sheet: str, **more: str) -> str:
    with pytest.raises(GuidanceError) as caught:
        load(folder, sheet, **more)
    return str(caught.value)


def test_a_sheet_is_read(tmp_path):
    assert list(load(tmp_path, SHEET).indicators) == ["visits"]


ROWS = "{events: visit.opened}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("visit.opened", "visit.opend"), "indicators/sheet.yaml:8: visit has no event 'opend'; did you mean 'opened'?"),
        (("visit.opened", "vist.opened"), "8: unknown pathway 'vist'; did you mean 'visit'?"),
        (("visit.opened", "opened"), "8: 'opened': write the pathway and the event"),
        ((ROWS, "{events: {visit.opened: {kind: hom}}}"), "'hom' is not an answer to 'kind'; did you mean 'home'?"),
        ((ROWS, "{events: {visit.opened: {knd: home}}}"), "no such question as 'knd'; did you mean 'kind'?"),
        ((ROWS, "{spells: vist, when: started}"), "unknown spell or pathway 'vist'; did you mean 'visit'?"),
        ((ROWS, "{duties: visit.frst, when: due}"), "visit has no duty 'frst'; did you mean 'first'?"),
        ((ROWS, "{events: visit.opened, wen: started}"), "unknown key 'wen'; did you mean 'when'?"),
        ((ROWS, "{spells: visit, when: due}"), "`when` for spells is one of started, ended, open_at_end, during"),
        ((ROWS, "{spells: visit, duties: visit.first, when: due}"), "count one of `events`, `spells`, `duties`"),
        (
            (ROWS, "{events: visit.opened, lasted: {at_least: 2 years}}"),
            "`lasted` speaks of spells, and events are counted here",
        ),
        (
            (ROWS, "{events: visit.opened, having: [{events: visit.seen, within: 3 hours before}]}"),
            "count in days, weeks, months or years",
        ),
        ((ROWS, "{events: visit.opened, having: [{events: visit.seen, within: soon}]}"), "'soon' is not understood"),
        (("    reference: Made up\n", ""), "'reference' is missing"),
        (("    counts: {events: visit.opened}\n", ""), "give what is counted, in `counts` or `of`, or `collected`"),
        (("    counts:", "    unit: per cent\n    counts:"), "`unit: per cent` needs `of`"),
        (("    counts:", "    per: {each: 10000}\n    counts:"), "a rate has `counts` and no `of`, and `unit: per 10,000`"),
        (("    counts:", "    each: {answer: alone}\n    counts:"), "none of the events asks 'alone'"),
        (
            (f"    counts: {ROWS}", f"    average: {{answer: kind}}\n    denominator: visits\n    of: {ROWS}"),
            "'kind' is not a number",
        ),
        ((ROWS, "{seats: bord, when: held}\n    by: [agency]"), "unknown kind of meeting 'bord'"),
        ((ROWS, "{seats: board, when: held}"), "a meeting has no age_band, sex, ethnicity: write `by: [district, agency]`"),
        ((ROWS, "{seats: board, when: due}\n    by: [agency]"), "`when` for seats is one of held"),
        (
            (ROWS, "{seats: board, when: held, ages: {under: 5}}\n    by: [agency]"),
            "`ages` speaks of events and spells and duties",
        ),
        ((ROWS, "{seats: board, when: held, quorate: true}\n    by: [agency]"), "`quorate` speaks of meetings"),
        ((ROWS, "{events: visit.opened, came: true}"), "`came` speaks of seats, and events are counted here"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_its_place(tmp_path, change, told):
    assert told in faults(tmp_path, SHEET.replace(*change))


def test_a_spell_of_events_that_are_not_there_is_refused(tmp_path):
    spells = "spells:\n  going:\n    title: Going\n    pathway: visit\n    starts: {opnd: {}}\n    reference: Made up\n"
    assert "spells.yaml:5: visit has no event 'opnd'; did you mean 'opened'?" in faults(tmp_path, SHEET, spells=spells)


def test_counting_a_restricted_pathway_must_be_said(tmp_path):
    restricted = PATHWAY.replace("basis: public_task", "basis: public_task\nsensitivity: restricted")
    assert "visit is restricted: write `restricted: true`" in faults(tmp_path, SHEET, pathway=restricted)
    load(tmp_path, SHEET.replace("    counts:", "    restricted: true\n    counts:"), pathway=restricted)


def test_windows_are_written_as_they_are_read():
    for text in ("12 months before", "1 day after", "2 years to the end", "in the period", "by then", "during it", "that day"):
        assert str(Window.parse(text)) == text


def test_there_are_indicators_of_every_kind():
    indicators = shipped().indicators
    assert len(indicators) >= 120
    kinds = Counter(
        "collected" if one.collected else "rate" if one.per else "measured" if one.average or one.median
        else "share" if one.unit == "per cent" else "ratio" if one.of else one.counts.when or "happened"
        for one in indicators.values()
    )  # fmt: skip
    assert kinds.keys() >= {"collected", "rate", "measured", "share", "ratio", "happened", "open_at_end", "started", "ended"}


def test_every_pathway_has_an_indicator():
    counted = {
        name.partition(".")[0]
        for one in shipped().indicators.values()
        for rows in (one.counts, one.of) if rows is not None
        for name in (*rows.events, *rows.duties, *([_pathway(rows.spells)] if rows.spells else []))
    }  # fmt: skip
    assert not shipped().pathways.keys() - counted


def _pathway(spell: str) -> str:
    found = shipped().spells.spells.get(spell)
    return found.pathway if found else spell
