"""A small partnership for the tests of casework: agencies of Lancashire, people who work there, children, and a small
folder of guidance with two pathways whose every date can be counted on fingers."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Area, Membership, Organisation, Role, Team, User
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.library import SHIPPED
from goldenthread.people.models import Person

C = Capability
WORKER = frozenset({C.VIEW_CASES, C.RECORD_EVENTS, C.ADD_DOCUMENTS, C.REGISTER_PEOPLE, C.SEARCH_PEOPLE})
SCREENER = WORKER | {C.SCREEN_CONTACTS, C.DECIDE_CONTACTS}
MANAGER = WORKER | {C.ALLOCATE_CASES, C.SUPERVISE, C.DECIDE_CONTACTS}

CONCERN = """\
id: concern
title: Concern
subject: child
lead: childrens_social_care
basis: public_task
about: A made-up front door.
reference: Made-up procedures 2020, page 1
states:
  new: {title: New}
  asking: {title: Asking agencies}
  ready: {title: Ready to decide}
  decided: {title: Decided, closed: true}
front_door: true
board: [new, asking, ready]
events:
  received:
    opens: true
    to: new
    significant: true
    asks:
      source: {type: choice, of: {school: School, police: Police, other: Somebody else}}
      grade: {type: choice, of: [high, standard], priority: {high: 1, standard: 3}}
      flags: {type: choices, of: [neglect, missing]}
      child_said: {type: long_text, voice: true}
  screened:
    by: [childrens_social_care]
    asks:
      urgency: {type: choice, required: true, of: [red, amber, green], priority: {red: 1, amber: 2, green: 4}}
  asked:
    by: [childrens_social_care]
    in_states: [new, asking]
    to: asking
    asks:
      agency: {type: organisation, required: true}
  answered:
    in_states: [new, asking, ready]
    asks:
      agency: {type: organisation, required: true}
      holds: {type: choice, required: true, of: {nothing_held: Nothing held, something: Something}}
  ready_to_decide:
    by: [childrens_social_care]
    to: ready
  decided:
    by: [childrens_social_care]
    needs: decide_contacts
    in_states: [new, asking, ready]
    closes: true
    to: decided
    significant: true
    asks:
      outcome: {type: choice, required: true, of: [nothing, plan]}
      reasons: {type: text}
    leads_to:
      - {open: plan, when: {outcome: plan}, carry: {reasons: reasons}}
duties:
  screening:
    title: Screen the concern
    owner: childrens_social_care
    after: received
    within: {2010-01-01: 4 hours}
    met_by: [screened, decided]
    force: local
    reference: Made-up procedures 2020, page 2
  answer:
    title: Answer what the agency knows
    owner: childrens_social_care
    after: asked
    within: {2010-01-01: 3 hours}
    met_by: answered
    matching: [agency]
    unless: decided
    force: local
    reference: Made-up procedures 2020, page 3
"""

PLAN = """\
id: plan
title: Plan
subject: child
lead: childrens_social_care
basis: public_task
level_of_need: 4
about: A made-up plan for a child.
reference: Made-up procedures 2020, page 4
states:
  started: {title: Started}
  under_way: {title: Under way}
  ended: {title: Ended, closed: true}
events:
  plan_started:
    opens: true
    to: started
    significant: true
    asks:
      reasons: {type: text, required: true}
      held_at: {type: text, required: true}
  visited:
    by: [childrens_social_care]
    to: under_way
    contact: true
    asks:
      child_seen: {type: yes_no, required: true}
      child_said: {type: long_text, voice: true}
  health_seen:
    by: [health_provider]
    contact: true
  reviewed:
    by: [childrens_social_care, reviewing_service]
    significant: true
    asks:
      next_on: {type: date, future: true}
  plan_ended: {by: [childrens_social_care], closes: true, to: ended, significant: true}
duties:
  conference:
    title: Hold the conference
    owner: childrens_social_care
    after: plan_started
    within: {2010-01-01: 15 working days}
    met_by: reviewed
    force: statutory
    reference: Made-up Regulations 2010, reg 1
  visits:
    title: Visit the child
    owner: childrens_social_care
    after: plan_started
    every: [{then: 10 working days}]
    in_force: {from: 2010-01-01}
    met_by: visited
    stops: plan_ended
    force: local
    reference: Made-up procedures 2020, page 5
  health:
    title: Health sees the child
    owner: health_provider
    after: plan_started
    within: {2010-01-01: 20 working days}
    met_by: health_seen
    force: guidance
    reference: Made-up guidance 2010, page 1
"""


def small_guidance(folder: Path, **pathways: str) -> Path:
    """Write the small library: the shipped calendars and arrangement of Lancashire, and the two pathways above."""
    shutil.copytree(
        SHIPPED / "calendars", folder / "calendars", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (folder / "arrangements").mkdir(parents=True)
    (folder / "pathways").mkdir()
    text = (SHIPPED / "arrangements" / "lancashire.yaml").read_text()
    (folder / "arrangements" / "lancashire.yaml").write_text(text.split("\nduties:")[0] + "\n")
    for name, body in {"concern": CONCERN, "plan": PLAN, **pathways}.items():
        (folder / "pathways" / f"{name}.yaml").write_text(body)
    return folder


@dataclass
class Partnership:
    """Agencies, people who work for them, and how to make more."""

    county: Area
    burnley: Area
    care: Organisation
    police: Organisation
    health: Organisation
    school: Organisation
    reviewing: Organisation
    early_help: Organisation
    team: Team
    users: dict[str, User] = field(default_factory=dict)
    system: SystemActor = field(default_factory=lambda: SystemActor("tests"))

    def actor(
        self, name: str, organisation: Organisation, capabilities: frozenset[Capability] = WORKER,
        scope: str = "organisation", team: Team | None = None,
    ) -> Actor:  # fmt: skip
        """Someone of an organisation, with a user and a membership."""
        if name not in self.users:
            first, _, last = name.partition(" ")
            user = User.objects.create(
                username=name.lower().replace(" ", "."), first_name=first, last_name=last
            )
            role, _ = Role.objects.get_or_create(slug="tests", defaults={"title": "Tests"})
            started = timezone.localdate() - timedelta(days=365)
            Membership.objects.create(
                user=user, organisation=organisation, role=role, team=team, starts=started
            )
            self.users[name] = user
        return Actor(
            name=name, user_id=self.users[name].pk, organisation_id=organisation.pk,
            organisation_ids=frozenset({organisation.pk}), organisation_kind=organisation.kind,
            team_ids=frozenset({team.pk} if team else ()), capabilities=capabilities, scope=scope,
        )  # fmt: skip

    @property
    def worker(self) -> Actor:
        return self.actor("Rosa Whittle", self.care, team=self.team)

    @property
    def screener(self) -> Actor:
        return self.actor("Sana Begum", self.care, SCREENER, "partnership")

    @property
    def manager(self) -> Actor:
        return self.actor("Tom Marsden", self.care, MANAGER, team=self.team)

    @property
    def officer(self) -> Actor:
        return self.actor("Joe Kay", self.police)

    @property
    def nurse(self) -> Actor:
        return self.actor("Ada Okoro", self.health)

    @property
    def teacher(self) -> Actor:
        return self.actor("Ann Dale", self.school)

    def child(self, name: str = "Amira Hussain", born: date = date(2017, 5, 14), **more: Any) -> Person:
        return Person.objects.create(
            name=name,
            born=born,
            area=self.burnley,
            registered_by=self.school,
            created_at=timezone.now(),
            **more,
        )


def partnership() -> Partnership:
    """The agencies, as rows."""
    pan = Area.objects.create(slug="pan_lancashire", title="Pan-Lancashire", kind="partnership")
    county = Area.objects.create(slug="lancashire_12", title="Lancashire", kind="county", within=pan)
    burnley = Area.objects.create(slug="burnley", title="Burnley", kind="district", within=county)

    def agency(slug: str, kind: str, area: Area, **more: Any) -> Organisation:
        title = slug.replace("_", " ").capitalize()
        return Organisation.objects.create(slug=slug, title=title, kind=kind, area=area, **more)

    care = agency("county_care", "childrens_social_care", county, safeguarding_partner=True)
    return Partnership(
        county, burnley, care,
        agency("county_police", "police", pan, safeguarding_partner=True),
        agency("county_health", "health_provider", county),
        agency("hill_school", "school", burnley),
        agency("county_reviewing", "reviewing_service", county),
        agency("county_early_help", "early_help_service", county),
        Team.objects.create(organisation=care, title="Burnley 2", area=burnley),
    )  # fmt: skip


def at(text: str) -> datetime:
    """A moment in London, such as "2026-03-02 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
