"""The bulk path writes what the actions would have written: the same journeys through both give the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction

from goldenthread.agencies.models import Organisation, Team, User
from goldenthread.casework.models import AgreedAction, Case, Duty, Event, Involvement
from goldenthread.demo.agencies import add_staff
from goldenthread.demo.build import ACTOR, NotEmpty, build, found, rows_of, signing_in
from goldenthread.demo.bulk.tables import COLUMNS
from goldenthread.demo.bulk.write import write
from goldenthread.demo.by_actions import ByActions
from goldenthread.demo.parts import County
from goldenthread.demo.plain import CaseStory, Household, Part
from goldenthread.foundation.journal import digest_of
from goldenthread.foundation.models import JournalEntry, JournalHead
from goldenthread.people.models import (
    Address,
    Identifier,
    Person,
    PersonName,
    Relationship,
    Residence,
    SearchKey,
    Warning,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_FAMILIES = 2
_LONG = 5
"""Events of a case by which a pathway is tried."""


def test_every_column_of_the_tables_that_are_filled_is_known() -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}
    for table, columns in COLUMNS.items():
        wanted = {field.column for field in models[table]._meta.concrete_fields}
        assert set(columns) in (wanted, wanted - {"id"}), table


def test_the_same_journeys_through_the_actions_and_in_bulk_give_the_same_rows(
    small: tuple[County, Part],
) -> None:
    county, part = small
    chosen = _some(part)
    directory = found(county, signing_in())
    add_staff(part.workers, directory, county.now)
    with _undone():
        by_actions = _through_the_actions(chosen)
        one = _everything({case.pk: story for story, case in by_actions.cases.items()},
                          {event.pk: story for story, event in by_actions.events.items()},
                          {person.pk: story for story, person in by_actions.people.items()})  # fmt: skip
    write(rows_of(Part(0, chosen.households, chosen.cases, []), county, directory).rows)
    two = _everything({}, {}, {})
    assert len(one["cases"]) > 60 and len(one["duties"]) > 400 and len(one["involvements"]) > 150
    assert sum(1 for each in chosen.cases for event in each.events if event.amends) > 0
    assert {story.pathway for story in chosen.cases} == set(county.guide.pathways)
    for name in one:
        extra, missing = _differences(one[name], two[name])
        assert not extra and not missing, f"{name}: only by actions {extra[:3]}, only in bulk {missing[:3]}"


def test_the_journal_of_a_built_demo_holds_together_entry_by_entry() -> None:
    build("60", processes=1)
    before: dict[str, str] = {}
    count = 0
    for entry in JournalEntry.objects.order_by("chain", "sequence").iterator():
        assert entry.previous == before.get(entry.chain, "")
        assert entry.digest == digest_of(entry)
        before[entry.chain] = entry.digest
        count += 1
    assert count > 2000
    assert before == dict(JournalHead.objects.values_list("chain", "digest"))
    heard = set(
        JournalEntry.objects.filter(verb__startswith="casework.").values_list("detail__event", flat=True)
    ) - {None}
    assert heard == {str(pk) for pk in Event.objects.values_list("pk", flat=True)}
    with pytest.raises(NotEmpty, match="cases in this database already"):
        build("60", processes=1)


# How the two are told and laid side by side -----------------------------------------------------------------------


@contextmanager
def _undone() -> Iterator[None]:
    """What is written inside is taken back."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def _some(part: Part) -> Part:
    """Families enough for every pathway, shared cases of brothers and sisters, changes of worker and corrections."""
    by_person = {person.id: household for household in part.households for person in household.people}
    of: dict[int, list[CaseStory]] = {}
    about = {case.pathway: case for case in part.cases if case.about and case.parent is None}
    for case in part.cases:
        if case.about:
            continue
        of.setdefault(by_person[case.subject].number, []).append(case)

    def worth(household: Household) -> tuple[int, int]:
        cases = of.get(household.number, [])
        return (len({case.pathway for case in cases}), -sum(len(case.events) for case in cases))

    def corrected(household: Household) -> bool:
        return any(event.amends for case in of.get(household.number, []) for event in case.events)

    order = sorted(part.households, key=worth, reverse=True)
    families = [*order[:_FAMILIES], *[one for one in order[_FAMILIES:] if corrected(one)][-3:]]
    families += _with_the_rest(order, families, of)
    numbers = {one.number for one in families}
    cases = [case for case in part.cases if not case.about and by_person[case.subject].number in numbers]
    cases += about.values()
    chosen = {case.id for case in cases}
    for case in part.cases:  # and the cases about agencies that these open, which come after them
        if case.about and case.parent in chosen and case.id not in chosen:
            chosen.add(case.id)
            cases.append(case)
    return Part(0, families, cases, part.workers)


def _with_the_rest(
    order: list[Household], families: list[Household], of: dict[int, list[CaseStory]]
) -> list[Household]:
    """For each pathway that none of these has, the family with the shortest record that has one that goes on for a while."""
    have = {case.pathway for one in families for case in of[one.number]}
    found: list[Household] = []
    for pathway in sorted({case.pathway for cases in of.values() for case in cases} - have):
        if pathway in have:
            continue

        def length(household: Household, wanted: str = pathway) -> tuple[bool, int]:
            longest = max((len(case.events) for case in of[household.number] if case.pathway == wanted), default=0)
            return (longest < _LONG, sum(len(case.events) for case in of[household.number]))

        fitting = [one for one in order if any(case.pathway == pathway for case in of.get(one.number, ()))]
        shortest = min(fitting, key=length)
        found.append(shortest)
        have |= {case.pathway for case in of[shortest.number]}
    return found


def _through_the_actions(part: Part) -> ByActions:
    written = ByActions(ACTOR)
    for household in part.households:
        written.household(household)
    written.tell(part.cases)
    return written


def _everything(
    cases: dict[UUID, UUID], events: dict[UUID, UUID], people: dict[UUID, UUID]
) -> dict[str, list[Any]]:
    """All rows but for numbers, references and when they were written; ids as the stories have them."""

    def same(ids: dict[UUID, UUID], value: UUID | None) -> UUID | None:
        return ids.get(value, value) if value else None

    organisations = dict(Organisation.objects.values_list("pk", "slug"))
    teams, users = (
        dict(Team.objects.values_list("pk", "title")),
        dict(User.objects.values_list("pk", "username")),
    )
    duties = [
        (same(cases, one.case_id), one.duty, one.ordinal, one.pathway, one.triggered_on, one.due_on, one.due_at, one.soon_at,
         one.met_at, one.outcome, one.late, one.length, one.owner_kind, same(events, one.triggered_by),
         organisations[one.organisation_id], teams.get(one.team_id), users.get(one.worker_id))
        for one in Duty.objects.all()
    ]  # fmt: skip
    found_cases = [
        (same(cases, one.pk), one.pathway, same(people, one.subject_id), one.area_id, organisations[one.lead_id],
         organisations.get(one.about_id), teams.get(one.team_id), users.get(one.worker_id),
         same(events, one.opened_from_id), one.group, one.restricted,
         one.state, one.is_open, one.opened_at, one.closed_at, one.priority, one.next_due_at, one.version, one.arrangement)
        for one in Case.objects.all()
    ]  # fmt: skip
    found_events = [
        (same(events, one.pk), same(cases, one.case_id), one.sequence, one.kind, one.occurred_on, one.occurred_at,
         users.get(one.recorded_by_id), one.recorded_by_name, organisations[one.organisation_id],
         sorted(one.data.items(), key=str), one.voice, same(events, one.amends_id), one.withdrawn, one.reason,
         one.amends_id or one.recorded_at, one.amends_id or one.group)
        for one in Event.objects.all()
    ]  # fmt: skip
    found_events = [
        (*row[:14], *(() if row[11] else row[14:])) for row in found_events
    ]  # an action corrects the record now and by itself
    involved = [
        (same(cases, one.case_id), organisations[one.organisation_id], one.user_id)
        for one in Involvement.objects.all()
    ]
    agreed = [
        (same(cases, one.case_id), one.entry, one.number, one.source, one.agreed_on, same(events, one.event), one.what,
         organisations.get(one.agency_id), one.due_on, one.measure, one.progress, one.closed_on, one.how, one.changed)
        for one in AgreedAction.objects.all()
    ]  # fmt: skip
    persons = [
        (same(people, one.pk), one.name, one.given_name, one.family_name, one.born, one.born_precision, one.expected, one.sex,
         one.ethnicity, one.languages, one.interpreter, one.area_id, one.restricted, one.registered_by_id, one.created_at)
        for one in Person.objects.all()
    ]  # fmt: skip
    names = [(same(people, one.person_id), one.full, one.source_id) for one in PersonName.objects.all()]
    keys = [(same(people, one.person_id), one.key) for one in SearchKey.objects.all()]
    numbers = [(same(people, one.person_id), one.scheme, one.value) for one in Identifier.objects.all()]
    places = {one.pk: (one.lines, one.postcode, one.area_id) for one in Address.objects.all()}
    homes = [
        (same(people, one.person_id), places[one.address_id], one.starts, one.ends)
        for one in Residence.objects.all()
    ]
    related = [
        (same(people, one.person_id), same(people, one.other_id), one.kind, one.parental_responsibility)
        for one in Relationship.objects.all()
    ]
    warnings = [
        (same(people, one.person_id), one.text, one.review_on, one.raised_on, one.person_told)
        for one in Warning.objects.all()
    ]
    return {
        "people": persons, "names": names, "search keys": keys, "identifiers": numbers, "homes": homes, "relations": related,
        "warnings": warnings, "cases": found_cases, "events": found_events, "duties": duties, "involvements": involved,
        "agreed actions": agreed,
    }  # fmt: skip


def _differences(one: list[Any], two: list[Any]) -> tuple[list[str], list[str]]:
    first, second = sorted(map(repr, one)), sorted(map(repr, two))
    return sorted(set(first) - set(second)), sorted(set(second) - set(first))
