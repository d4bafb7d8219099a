"""The same picture in sentences and as a table, for those who do not see it or want the dates. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .layout import day_in_words
from .story import Clock, Story, Tick


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    day: date
    kind: str
    what: str
    href: str


def title_of(story: Story) -> str:
    between = f"{day_in_words(story.first)} to {day_in_words(story.last)}"
    return f"{story.name}: level of need and agencies’ contact, {between}"


def description_of(story: Story) -> str:
    """A few sentences: levels, lateness, silences."""
    steps = [step for step in story.levels if story.inside(step.day)]
    parts = [f"Level {story.level_on(story.first)} at {day_in_words(story.first)}" if steps else
             f"Level {story.level_on(story.last)} throughout"]  # fmt: skip
    parts += [f"level {step.level} from {day_in_words(step.day)}" for step in steps]
    sentences = ["; ".join(parts)]
    late = [clock for clock in story.clocks if clock.late and story.inside(clock.day)]
    now = sum(clock.now for clock in late)
    if late:
        sentences.append(
            f"{len(late)} {_thing(len(late))} late" + (f", {now} of them still not done" if now else "")
        )
    said = sum(story.inside(mark.day) for mark in story.said)
    if said:
        sentences.append(
            f"{story.name}’s own words were written down {'once' if said == 1 else f'{said} times'}"
        )
    sentences += silences_in_words(story)
    return ". ".join(sentences) + "."


def _thing(count: int) -> str:
    return "thing was" if count == 1 else "things were"


def silences_in_words(story: Story) -> list[str]:
    """Each silence, the longest first."""
    found = [(gap, lane.title) for lane in story.lanes for gap in lane.silences
             if gap.end >= story.first and gap.start <= story.last]  # fmt: skip
    found.sort(key=lambda pair: (not pair[0].ongoing, pair[0].start - pair[0].end))
    return [
        f"{title}: nothing recorded for {gap.months} months, "
        + (
            f"since {day_in_words(gap.start)}"
            if gap.ongoing
            else f"{day_in_words(gap.start)} to {day_in_words(gap.end)}"
        )
        for gap, title in found
    ]


def table_of(story: Story) -> list[Row]:
    """Everything drawn, a row each, the latest first."""
    rows = [Row(step.day, "Level of need", _level(story, step.level), "") for step in story.levels]
    rows += [Row(mark.day, "Decision", mark.title, mark.href) for mark in story.decisions]
    rows += [Row(clock.day, _clock_kind(clock), clock.spoken, clock.href) for clock in story.clocks]
    rows += [Row(mark.day, f"{story.name} said", mark.title, mark.href) for mark in story.said]
    for lane in story.lanes:
        rows += [Row(tick.day, lane.title, _tick(tick), tick.href) for tick in lane.ticks]
        rows += [
            Row(gap.start, lane.title, f"Nothing recorded for {gap.months} months from here", "")
            for gap in lane.silences
        ]
    for pathway in story.pathways:
        rows += [Row(bar.start, pathway.title, bar.words, bar.href) for bar in pathway.bars]
    return sorted((row for row in rows if story.inside(row.day)), key=lambda row: row.day, reverse=True)


def _level(story: Story, level: int) -> str:
    title = story.level_titles.get(level, "")
    return f"Level {level}{' ' + title if title else ''} from here"


def _clock_kind(clock: Clock) -> str:
    return ("Late now" if clock.now else "Late") if clock.late else "Due"


def _tick(tick: Tick) -> str:
    return tick.title if tick.seen else f"{tick.title} (in writing)"
