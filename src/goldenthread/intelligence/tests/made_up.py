"""Made-up cohorts for Hypothesis: a few children, a few cases each, with days that fall close together on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from goldenthread.guidance.indicator import Indicator, Related, Rows
from goldenthread.guidance.indicator_checks import events_of, pathways_of
from goldenthread.guidance.library import shipped
from goldenthread.guidance.pathway import FieldType, Question
from goldenthread.intelligence.indicators.tables import Dataset, MeetingRow, ReportRow, SeatRow

FIRST, LAST = date(2015, 1, 1), date(2017, 6, 30)
AREAS = ("burnley", "preston", "lancashire_12")
#: Days that conditions turn on: ends of periods, and their anniversaries.
EDGES = (date(2015, 3, 31), date(2015, 4, 1), date(2016, 3, 31), date(2016, 4, 1), date(2016, 2, 29), date(2017, 3, 31))


@cache
def kinds_of(name: str) -> dict[str, tuple[str, ...]]:
    """Pathway -> the events that an indicator looks at, and those that open and close its cases."""
    library = shipped()
    indicator = library.indicators[name]
    found: dict[str, dict[str, None]] = {}
    for rows in _selections(indicator):
        for pathway in pathways_of(library, rows):
            kinds = found.setdefault(pathway, {})
            events = library.pathways[pathway].events
            kinds |= dict.fromkeys(kind for kind, one in events.items() if one.opens or one.closes)
            kinds |= dict.fromkeys(one.partition(".")[2] for one in rows.events if one.startswith(f"{pathway}."))
            for duty in rows.duties:
                kinds |= dict.fromkeys(library.pathways[pathway].duties[duty.partition(".")[2]].met_by)
            for spell in library.spells.spells.values():
                if spell.pathway == pathway:
                    kinds |= dict.fromkeys([*spell.starts, *spell.ends])
            for group in (*_latest(indicator),):
                kinds |= dict.fromkeys(one.partition(".")[2] for one in events_of(library, [pathway], group))
    return {pathway: tuple(kinds) for pathway, kinds in found.items()}


def _selections(indicator: Indicator) -> Iterator[Rows | Related]:
    for rows in (indicator.counts, indicator.of):
        if rows is not None:
            yield rows
    for conditions in (indicator.counts, indicator.of, indicator.those):
        if conditions is not None:
            yield from (*conditions.having, *conditions.having_any, *conditions.not_having)


def _latest(indicator: Indicator) -> Iterator[str]:
    for conditions in (indicator.counts, indicator.of, indicator.those):
        if conditions is not None:
            yield from conditions.latest
            yield from getattr(conditions, "known_latest", {})
    if indicator.each is not None and indicator.each.latest:
        yield indicator.each.latest


days = st.one_of(
    st.sampled_from(EDGES),
    st.integers(0, (LAST - FIRST).days).map(lambda number: FIRST + timedelta(days=number)),
)


def answer(question: Question) -> st.SearchStrategy[Any]:
    """An answer, or none."""
    match question.type:
        case FieldType.CHOICE:
            given: st.SearchStrategy[Any] = st.sampled_from(list(question.of))
        case FieldType.CHOICES:
            given = st.lists(st.sampled_from(list(question.of)), min_size=1, max_size=3, unique=True)
        case FieldType.YES_NO:
            given = st.booleans()
        case FieldType.NUMBER:
            given = st.integers(0, 40)
        case FieldType.DATE:
            given = days.map(date.isoformat)
        case FieldType.TEXT:
            given = st.sampled_from(["one", "two"])
        case _:
            return st.none()
    return st.one_of(st.none(), given)


@st.composite
def events(draw: st.DrawFn, pathway: str, kinds: tuple[str, ...], opened: date) -> list[dict[str, Any]]:
    """The events of a case, from the one that opens it."""
    asked = shipped().pathways[pathway].events
    opening = draw(st.sampled_from([kind for kind in kinds if asked[kind].opens]))
    happened = [(opened, opening)]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=6)):
        after = draw(st.one_of(st.sampled_from([0, 1, 30, 90, 365, 366, 730]), st.integers(0, 800)))
        if opened + timedelta(days=after) <= LAST:
            happened.append((opened + timedelta(days=after), kind))
    return [
        {
            "kind": kind,
            "occurred": day.isoformat(),
            "data": {
                name: value
                for name, question in asked[kind].asks.items()
                if (value := draw(answer(question))) is not None
            },
        }
        for day, kind in sorted(happened, key=lambda one: one[0])
    ]


@st.composite
def cohorts(draw: st.DrawFn, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Cases that an indicator may count."""
    pathways = kinds_of(name) or kinds_of("icpcs_held")  # of meetings: cases that make no difference
    cases: list[tuple[str, dict[str, Any]]] = []
    for child in range(draw(st.integers(1, 4))):
        born = draw(st.one_of(st.none(), st.integers(0, 7000).map(lambda number: date(1997, 1, 1) + timedelta(days=number))))
        for number in range(draw(st.integers(1, 3))):
            pathway = draw(st.sampled_from(sorted(pathways)))
            opened = draw(days)
            cases.append((
                f"{child}.{number}",
                {
                    "id": f"{child}.{number}", "pathway": pathway, "area": draw(st.sampled_from(AREAS)),
                    "subject": {"id": f"child {child}", "born": born, "sex": "female" if child % 2 else "male"},
                    "worker": f"worker {number}", "as_of": LAST,
                    "events": draw(events(pathway, pathways[pathway], opened)),
                },
            ))  # fmt: skip
    return cases


KINDS = ("initial_conference", "review_conference", "partnership_board")
STATES = ("held", "held", "inquorate", "arranged", "cancelled")


@st.composite
def meetings(draw: st.DrawFn, into: Dataset) -> Dataset:
    """Adds meetings with their seats and reports to the rows of a cohort."""
    some_day = st.one_of(st.none(), days)
    agencies = st.sampled_from((None, "council", "police", "health"))
    for number in range(draw(st.integers(0, 4))):
        meeting, kind, area = f"meeting {number}", draw(st.sampled_from(KINDS)), draw(st.sampled_from(AREAS))
        state, planned = draw(st.sampled_from(STATES)), draw(days)
        due, shared_due = draw(some_day), draw(some_day)
        into.meetings.append(
            MeetingRow(meeting, kind, None, "council", area, planned, planned, state, 1, draw(some_day), draw(some_day))
        )
        for seat in range(draw(st.integers(0, 4))):
            agency, attendance = draw(agencies), draw(st.sampled_from((None, "came", "deputy", "absent")))
            into.seats.append(
                SeatRow(f"{meeting}/{seat}", meeting, kind, None, area, agency, False, planned, state, attendance)
            )
            if draw(st.booleans()):
                into.reports.append(
                    ReportRow(
                        f"{meeting}/{seat}", meeting, None, kind, area, agency, planned, state, due, draw(some_day), shared_due,
                        draw(some_day),
                    )
                )  # fmt: skip
    return into
