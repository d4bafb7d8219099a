"""A few children whose stories are told on purpose, so that a visitor has long threads to follow on the first day. Pure.

Everything in them still happens by the pathways' files and falls due by their clocks; only the turning points are chosen.
They are families of the first part, with the demo's own social worker.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from goldenthread.clocks.calendar import LONDON
from goldenthread.clocks.interval import age_on

from .plain import Household, Person
from .story import Scripts, Story
from .walk import Script

Fits = Callable[[Household, date], bool]


def tell_on_purpose(story: Story) -> None:
    """Tell the five stories, each of a family that fits. Where none does, the story is left out."""
    for fits, tell in ((_three_at_school, _the_long_thread), (_two_young, _into_care), (_a_baby, _before_birth),
                       (_a_teenager, _outside_the_home), (_any_two, _it_worked)):  # fmt: skip
        district = next(iter(story.scene.titles))
        family = next(
            (
                one
                for one in story.households
                if one.district == district and one.number not in story.shown and fits(one, story.scene.today)
            ),
            None,
        )
        if family is not None:
            for person in family.people:
                person.restricted = False
            story.shown.append(family.number)
            tell(story, family)


def _three_at_school(one: Household, today: date) -> bool:
    return (
        len(one.children) == 3
        and sum(1 for child in one.children if child.school) >= 2
        and _all_older(one, 3, today)
    )


def _two_young(one: Household, today: date) -> bool:
    return len(one.children) == 2 and _all_older(one, 4, today) and not _all_older(one, 11, today)


def _a_baby(one: Household, today: date) -> bool:
    born = [child.born for child in one.children]
    return None not in born and any(day and 60 <= (today - day).days <= 420 for day in born)


def _a_teenager(one: Household, today: date) -> bool:
    return any(child.school and _older(child, 14, today) for child in one.children)


def _any_two(one: Household, today: date) -> bool:
    return len(one.children) == 2 and _all_older(one, 3, today)


def _older(child: Person, years: int, today: date) -> bool:
    return child.born is not None and age_on(child.born, today) >= years


def _all_older(one: Household, years: int, today: date) -> bool:
    return all(_older(child, years, today) for child in one.children)


def _day(story: Story, days_ago: int, hour: int = 10) -> datetime:
    day = story.scene.today - timedelta(days=days_ago)
    return story.working(datetime.combine(day, time(hour), LONDON))


def _the_long_thread(story: Story, family: Household) -> None:
    """Neglect over two years: early help, step up, child in need, step down, referred again, an enquiry, a plan."""
    scripts: Scripts = {
        "early_help": [
            Script(
                answers={
                    "assessment_completed": {"outcome": "plan"},
                    "escalated": {"to": "referral"},
                    "taf_held": {"progress": "stuck"},
                },
                days={"consent_given": 8, "escalated": 150}, instead={"case_closed": "escalated"},
            ),
            Script(
                answers={"assessment_completed": {"outcome": "plan"}, "escalated": {"to": "referral"}},
                days={"consent_given": 5, "escalated": 70}, instead={"case_closed": "escalated"},
            ),
        ],
        "referral": [
            Script(answers={"referral_decided": {"outcome": "assessment", "level_of_need": "3"}}),
            Script(answers={"referral_decided": {"outcome": "strategy_discussion", "level_of_need": "4"}}),
        ],
        "assessment": [Script(answers={"assessment_authorised": {"outcome": "child_in_need", "factors": ["16A", "4B"]}})],
        "child_in_need": [Script(length=120, instead={"case_closed": "stepped_down"}, never=["worker_changed"])],
        "section_47": [_conference("neglect")],
        "child_protection_plan": [Script(length=600, never=["birth_recorded"], days={"worker_changed": 60})],
    }  # fmt: skip
    children = list(family.children)
    story.contact(family, children[:1], _day(story, 725), "advice", theme="neglect", source="school")
    story.contact(
        family, children, _day(story, 705), "early_help", theme="neglect", source="school", scripts=scripts
    )


def _into_care(story: Story, family: Household) -> None:
    """Domestic abuse: police contacts, an enquiry, a plan that did not hold, and care. Health comes late and then not at all."""
    scripts: Scripts = {
        "section_47": [_conference("emotional_abuse")],
        "child_protection_plan": [Script(length=240, values={"follow_on": "looked_after"})],
        "looked_after": [
            Script(length=2500, days={"iha_completed": 44}, never=["dental_check_completed", "placement_ended"]),
            Script(length=2500, never=["rha_completed", "immunisations_recorded"], days={"placement_ended": 95}),
        ],
    }  # fmt: skip
    children = list(family.children)
    for days in (690, 668, 652):
        story.contact(
            family, children, _day(story, days, 21), "advice", theme="domestic_abuse", source="police"
        )
    story.contact(
        family,
        children,
        _day(story, 640),
        "strategy_discussion",
        theme="domestic_abuse",
        source="police",
        scripts=scripts,
    )


def _before_birth(story: Story, family: Household) -> None:
    """A plan made before a birth."""
    child = max((one for one in family.children if one.born), key=lambda one: one.born or story.scene.today)
    assert child.born is not None
    before = (story.scene.today - child.born).days + 105
    scripts: Scripts = {
        "section_47": [_conference("neglect")],
        "child_protection_plan": [Script(length=500)],
    }
    story.contact(
        family,
        [child],
        _day(story, before),
        "strategy_discussion",
        theme="unborn",
        source="health_visitor",
        scripts=scripts,
    )


def _outside_the_home(story: Story, family: Household) -> None:
    """Missing again and again, early help refused, then harm outside the home; visits are late."""
    child = max(
        (one for one in family.children if one.school),
        key=lambda one: (story.scene.today - (one.born or story.scene.today)).days,
    )
    late = {"visited": 19.0}
    scripts: Scripts = {
        "early_help": [
            Script(
                never=["consent_given"],
                days={"case_closed": 44},
                answers={"case_closed": {"reason": "consent_withdrawn"}},
            )
        ],
        "referral": [Script(answers={"referral_decided": {"outcome": "assessment", "level_of_need": "4"}})],
        "assessment": [
            Script(answers={"assessment_authorised": {"outcome": "section_47", "factors": ["24A", "10A"]}})
        ],
        "section_47": [_conference("multiple")],
        "child_protection_plan": [Script(length=500, days=late)],
    }
    for days in (410, 385, 371):
        story.contact(family, [child], _day(story, days, 22), "advice", theme="missing", source="police")
    story.contact(
        family, [child], _day(story, 360), "early_help", theme="missing", source="police", scripts=scripts
    )
    story.contact(
        family,
        [child],
        _day(story, 262),
        "referral",
        theme="criminal_exploitation",
        source="school",
        scripts=scripts,
    )


def _it_worked(story: Story, family: Household) -> None:
    """A plan that did its work: stepped down, closed, and quiet since."""
    scripts: Scripts = {
        "referral": [
            Script(answers={"referral_decided": {"outcome": "strategy_discussion", "level_of_need": "4"}})
        ],
        "section_47": [_conference("physical_abuse")],
        "child_protection_plan": [
            Script(length=245, values={"follow_on": "child_in_need"}, never=["worker_changed"])
        ],
        "child_in_need": [
            Script(length=110, answers={"case_closed": {"reason": "RC7"}}, never=["worker_changed"])
        ],
    }
    children = list(family.children)
    story.contact(
        family, children, _day(story, 560), "referral", theme="physical", source="school", scripts=scripts
    )


def _conference(category: str) -> Script:
    """An enquiry that ends in a plan."""
    return Script(answers={
        "strategy_discussion": {"outcome": "section_47"},
        "section_47_ended": {"outcome": "conference_needed", "follow_on": "conference"},
        "icpc_held": {"outcome": "plan", "category": category},
    })  # fmt: skip
