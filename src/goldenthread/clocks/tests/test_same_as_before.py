"""What the engine says of thousands of ugly cases, held to a hash: making it quicker must not change one answer.

The pathway has every form of clock once, and is kept here so that new guidance does not move the hash. Where the reading
of the language is changed on purpose, the hash moves: run this file, look at what changed, and pin the new one.
"""

from __future__ import annotations

from pathlib import Path

from goldenthread.clocks.engine import Program
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.reading import read

from .generated import digest, generated
from .pathways import EVENTS, USUAL, calendar

CLOCKS = """
within_days: after: opened, within: {2010-01-01: 10 working days, 2023-06-01: 15 working days}, met_by: held
inclusive: after: opened, within: {2010-01-01: 4 days}, counts_trigger_day: true, met_by: [held, seen]
months: after: again, within: {2010-01-01: 6 months, 2024-01-01: null}, met_by: {held: {}, seen: {seen: true}}
weeks: "after: {again: {outcome: section_47}}, counting: latest, within: {2010-01-01: 3 weeks}, met_by: held"
years: after: opened, counting: first, within: {2010-01-01: 1 year}, met_by: moved, survives_closure: true
hours: after: opened, within: {2010-01-01: 24 hours}, met_by: seen, unless: stopped
paused_hours: "after: again, within: {2010-01-01: 72 hours}, met_by: held,
  pauses: {from: police_started, until: police_ended}"
school: after: late_post, within: {2010-01-01: 5 school days}, met_by: seen
received: after: late_post, within: {2010-01-01: 2 working days}, met_by: seen, soon: 1 working day
from_answer: after: planned.on_day, within: {2010-01-01: 5 working days}, met_by: held
ahead: "before: planned.on_day, by: {2010-01-01: 3 working days}, met_by: seen, accepts_earlier: 20 working days"
ahead_each: "before: planned.on_day, by: {2010-01-01: 48 hours}, met_by: seen, accepts_earlier: true"
next_school_day: after: police_ended, before: next school day, in_force: {from: 2010-01-01}, met_by: seen
one: after: opened, within: {2010-01-01: 15 working days}, met_by: held, stops: stopped
half: "midway: [opened, one], in_force: {from: 2010-01-01}, met_by: seen"
half_planned: "midway: [planned, planned.on_day], in_force: {from: 2010-01-01}, met_by: seen"
paused: "after: opened, within: {2010-01-01: 20 working days}, met_by: held, stops: moved,
  pauses: {from: police_started, until: police_ended}"
matched: "after: again, within: {2010-01-01: 5 days}, met_by: [held, seen], matching: [agency]"
recurring: "after: opened, every: [{first: 20 working days}, {second: 3 months}, {then: 6 months}],
  in_force: {from: 2010-01-01, until: 2024-06-30}, met_by: held, unless: stopped"
visits: "after: [opened, reopened], every: {2010-01-01: [{within: 6 weeks, during_first: 1 year}, {within: 8 weeks,
  until: moved}, {within: 10 weeks, when: {opened.long_term: true}}, {then: 3 months}], 2024-09-01: null},
  counting: latest, met_by: [seen, held]"
under_five: "after: opened, every: [{within: 6 months, when: {subject.age: {under: 5}}}, {then: 1 year}],
  in_force: {from: 2010-01-01}, met_by: seen"
birthday: "after: birthday 16, within: {2010-01-01: 3 months}, met_by: held"
girls: "after: birthday 15, when: {subject.sex: female}, within: {2010-01-01: 4 weeks}, met_by: held"
lasting: "after: again, only_while: {again.outcome: {is_not: other}}, within: {2010-01-01: 9 working days},
  met_by: held"
begun_once: "after: [moved, held], within: {2010-01-01: 9 days}, met_by: stopped, stops: [moved, held]"
"""
EXCUSED = "\n  excused_turn: {excuses: {duty: recurring, reason: why}, asks: {why: {type: text}}}\n"
PINNED = "99161940d791e2f74af9a9fd51553461633ddd5b56d9ecf72c0b2ee42270319d"


def every_clock() -> Program:
    duties = []
    for block in CLOCKS.strip().replace("\n  ", " ").splitlines():
        name, rule = block.split(": ", 1)
        duties.append(f"  {name}: {{{USUAL}, {rule.strip().strip(chr(34))}}}")
    events = EVENTS.replace("\n  moved: {}", f"{EXCUSED}  moved: {{}}")
    pathway, _ = read(Pathway, Path("trial.yaml"), events + "\n".join(duties))
    return Program(pathway, calendar(), {})


def test_thousands_of_generated_cases_come_out_as_they_always_have() -> None:
    program = every_clock()
    assert digest(program, generated(program.pathway, 2000, seed=7)) == PINNED


def test_the_generated_cases_reach_every_clock_and_every_status() -> None:
    """A hash over cases that start no clock would hold nothing."""
    program = every_clock()
    seen = {
        (duty.duty, duty.status)
        for happened, subject, as_of, known_on in generated(program.pathway, 500, seed=7)
        for duty in program.run(happened, subject, as_of, known_on).duties
    }
    assert {duty for duty, _ in seen} == set(program.pathway.duties)
    assert len({status for _, status in seen}) == 8
    assert len(seen) > 5 * len(program.pathway.duties)
