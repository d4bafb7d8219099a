"""A child known to six agencies by cases of their own, and one agreement that treats each of them differently."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import Partnership, at
from goldenthread.people.models import Person

PACT = """\
id: pact
title: Pact of the valley
about: A made-up agreement.
reference: Made-up memorandum 2020, page 1
verified: false
in_force: {from: 2020-01-01, until: 2099-12-31}
review_by: 2099-01-01
kept_by: business_unit
subjects: [child]
parties:
  care: {title: Care, kinds: [childrens_social_care]}
  force: {title: The police, kinds: [police]}
  wards: {title: Health, kinds: [health_provider]}
  classes: {title: Schools, kinds: [school]}
  helpers: {title: Early help, kinds: [early_help_service]}
purposes: [front_door_screening]
lawful_basis:
  all:
    article_6: 6(1)(e) public task
    verified: false
    reference: Made-up memorandum 2020, page 2
clauses:
  '1.1': {says: The police tell care what they know., rule: permit, from: [force], to: [care]}
  '1.2': {says: Health tells care that it knows a child., rule: permit, of: [existence], from: [wards], to: [care]}
  '1.3': {says: Schools tell care nothing., rule: deny, from: [classes], to: [care]}
  '1.4': {says: Early help asks its manager first., rule: review, from: [helpers], to: [care]}
"""
NOTE = """\
id: {name}_note
title: Note of {name}
subject: child
lead: {kind}
basis: public_task
about: What one agency keeps by itself.
reference: Made-up procedures 2020, page 6
states:
  kept: {{title: Kept}}
  ended: {{title: Ended, closed: true}}
events:
  noted:
    opens: true
    to: kept
    significant: true
    asks:
      words: {{type: long_text, required: true, label: What is known?}}
      told_by: {{type: person}}
      child_said: {{type: long_text, voice: true}}
  noted_again:
    contact: true
    asks:
      words: {{type: long_text, required: true, label: What is known?}}
  note_ended: {{closes: true, to: ended}}
duties: {{}}
"""
KINDS = {
    "care": "childrens_social_care", "police": "police", "health": "health_provider", "school": "school",
    "early_help": "early_help_service", "reviewing": "reviewing_service",
}  # fmt: skip
SAID = {
    "police": "Neighbour heard shouting at night", "health": "Missed two appointments at the clinic",
    "school": "Arrived without lunch again", "early_help": "Mother asked for a parenting course",
}  # fmt: skip


def care_case(place: Partnership, child: Person, when: datetime | None = None, **data: Any) -> Case:
    given = {"source": "school", **data}
    return OpenCase(place.system).run("concern", child, when or at("2026-03-02 09:30"), given, organisation=place.care)


def note(place: Partnership, child: Person, name: str, words: str, when: datetime, **more: Any) -> Case:
    """A case that one agency keeps by itself."""
    data = {"words": words, **more}
    return OpenCase(place.system).run(f"{name}_note", child, when, data, organisation=getattr(place, name))
