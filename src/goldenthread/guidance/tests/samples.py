"""A small folder of guidance for the tests of the language: one pathway that uses every form of clock."""

from __future__ import annotations

from pathlib import Path

from goldenthread.guidance.library import Library

VISITING = """\
id: visiting
title: Visiting
subject: child
lead: childrens_social_care
basis: public_task
level_of_need: 3
about: A made-up pathway that uses every word of the language once.
reference: Made-up Regulations 2005, reg 1
editions:
  - {title: First edition, from: 2005-07-01, until: 2017-12-31}
  - {title: Second edition, from: 2018-01-01, verified: true, note: Shortened the first visit.}
states:
  waiting: {title: Waiting for a visit}
  visited: {title: Being visited, about: Somebody sees the child.}
  review: {title: In review}
  ended: {title: Ended, closed: true}
  refused: {title: Not taken on, closed: true}
events:
  notified:
    title: Notified
    also: [told]
    opens: true
    by: [any_agency, public]
    to: waiting
    received_after: "17:00"
    asks:
      planned_start: {type: date, label: When does the arrangement start?, future: true}
      notifier: {type: choice, of: [parent, carer, school]}
      school: {type: organisation}
  visit:
    title: Visit to the child
    by: [childrens_social_care]
    to: visited
    contact: true
    asks:
      child_seen: {type: yes_no, required: true}
      worker: {type: text}
      child_said: {type: long_text, voice: true, label: "What did the child say, in their words?"}
  review_planned:
    title: Review planned
    in_states: [visited]
    asks:
      planned_for: {type: date, required: true, future: true}
  review_held:
    title: Review held
    by: [reviewing_service]
    in_states: [visited, review]
    to: review
    significant: true
    to_when:
      - [ended, {outcome: end}]
      - [visited, {outcome: [continue, step_up]}]
    asks:
      outcome: {type: choice, of: {continue: Carry on, step_up: Do more, end: End, other: Something else}, required: true}
      score: {type: number, at_least: 0, at_most: 10}
    leads_to:
      - {open: helping, when: {outcome: step_up}, carry: {why: outcome, start: occurred}}
  more_time:
    title: More time agreed
    asks:
      until: {type: date, required: true, future: true}
      why: {type: text}
    extends: {duty: report, to: until}
  refused_visit:
    title: Visit refused
    asks: {why: {type: text, required: true}}
    excuses: {duty: visits, reason: why}
  police_began: {title: Police investigation began, by: [police]}
  police_ended: {title: Police investigation ended, by: [police]}
  asked: {title: Agency asked, asks: {agency: {type: organisation}}}
  answered: {title: Agency answered, asks: {agency: {type: organisation}}}
  declined: {title: Not taken on, closes: true, in_states: [waiting], to: refused}
  ended:
    title: Arrangement ended
    closes: true
    to: ended
    asks: {reason: {type: choice, of: [returned_home, turned_16]}}
  told_again: {title: Notified again, reopens: true, in_states: [ended], to: waiting}
duties:
  first_visit:
    title: Visit the child
    owner: childrens_social_care
    force: statutory
    reference: Made-up Regulations 2005, reg 4
    verified: true
    fact: PF-01
    after: notified
    within: {2005-07-01: 10 working days, 2018-01-01: 7 working days}
    met_by: {visit: {child_seen: true}}
    accepts_earlier: 2 weeks
    unless: [declined, ended]
    target: 90
    note: Counted from the notification.
  visits:
    title: Keep visiting
    owner: childrens_social_care
    force: statutory
    reference: Made-up Regulations 2005, reg 8
    after: notified.planned_start
    every:
      - {within: 6 weeks, during_first: 12 months}
      - {then: 12 weeks}
    in_force: {from: 2005-07-01}
    met_by: visit
    stops: ended
  health:
    title: Health assessment
    owner: health_provider
    force: guidance
    reference: Made-up guidance, paragraph 12
    after: {visit: {child_seen: true, subject.age: {at_least: 1}}}
    counting: first
    every:
      - {within: 6 months, when: {subject.age: {under: 5}}}
      - {then: 12 months}
    in_force: {from: 2010-01-01, until: 2030-12-31}
    met_by: answered
    survives_closure: true
  reviews:
    title: Review
    owner: reviewing_service
    force: statutory
    reference: Made-up Regulations 2005, reg 9
    after: visit
    counting: first
    every:
      2005-07-01: [{first: 20 working days}, {second: 3 months}, {then: 6 months}]
      2018-01-01: [{first: 15 working days}, {within: 2 months, until: review_planned}, {then: 5 months}]
    met_by: review_held
    soon: 5 working days
  report:
    title: Report shared with the family
    owner: childrens_social_care
    force: local
    verified: false
    reference: Made-up local procedures, section 2
    before: review_planned.planned_for
    by: {2005-07-01: 2 working days}
    met_by: answered
  midpoint:
    title: Look between reviews
    owner: reviewing_service
    force: guidance
    reference: Made-up guidance, paragraph 15
    midway: [review_held, reviews]
    in_force: {from: 2005-07-01}
    met_by: visit
  school_told:
    title: Tell the school
    owner: police
    force: guidance
    reference: Made-up guidance, paragraph 20
    after: notified
    before: next school day
    in_force: {from: 2005-07-01}
    met_by: answered
  pathway_plan:
    title: Plan for adulthood
    owner: childrens_social_care
    force: statutory
    reference: Made-up Regulations 2005, reg 16
    after: birthday 16
    within: {2005-07-01: 3 months}
    met_by: answered
    in_use: false
  reply:
    title: Agency answers
    owner: health_provider
    force: guidance
    reference: Made-up guidance, paragraph 30
    after: asked
    counting: latest
    within: {2005-07-01: 3 hours, 2019-01-01: null}
    met_by: answered
    matching: [agency]
    counts_trigger_day: true
    pauses: {from: police_began, until: police_ended}
"""

HELPING = """\
id: helping
title: Helping
subject: child
lead: early_help_service
basis: public_task
about: A second pathway, so that the first can open it.
reference: Made-up guidance, paragraph 1
states:
  helped: {title: Being helped}
  done: {title: Done, closed: true}
events:
  begun: {title: Help begun, opens: true, to: helped, asks: {why: {type: text}, start: {type: date}}}
  done: {title: Help ended, closes: true, to: done}
"""


def folder(at: Path, **pathways: str) -> Path:
    """A folder of guidance under `at`: the two pathways above, each replaced or joined by those given."""
    (at / "pathways").mkdir(parents=True, exist_ok=True)
    for name, text in ({"visiting": VISITING, "helping": HELPING} | pathways).items():
        (at / "pathways" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return at


def library(at: Path, **pathways: str) -> Library:
    return Library.load(folder(at, **pathways))


def changed(old: str, new: str) -> str:
    """The sample pathway with one piece of text replaced; the piece must be there once."""
    assert VISITING.count(old) == 1, f"{old!r} is in the sample {VISITING.count(old)} times"
    return VISITING.replace(old, new)


def line_of(text: str, piece: str) -> int:
    """The line of `text`, counted from 1, on which `piece` first stands."""
    return text[: text.index(piece)].count("\n") + 1
