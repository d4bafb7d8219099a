"""Each line of a chronology has a right to be there; what is denied leaves no trace. The agreement is in place.py."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from goldenthread.casework.actions import AmendEvent, InvolveOrganisation, RecordEvent
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.tests.partnership import SCREENER, WORKER, Partnership, at
from goldenthread.foundation import library
from goldenthread.foundation.actor import Actor
from goldenthread.people.models import EmergencyAccess, Person
from goldenthread.sharing.chronology.lines import Chronology
from goldenthread.sharing.chronology.rights import By, rights_in
from goldenthread.sharing.models import Override, Request
from goldenthread.sharing.queries.chronology import chronology_of, people_chosen, tell

from .place import PACT, SAID, care_case, note


def said(found: Chronology) -> str:
    """Everything that a chronology tells, in one text."""
    told = tell(found.lines)
    return "\n".join(one.words for line in found.lines for one in told[line.event].told)


def rights(found: Chronology) -> set[tuple[str, By, str]]:
    return {(line.agency_title, line.right.by, line.right.clause) for line in found.lines}


def test_care_sees_its_own_case_what_the_police_may_tell_and_that_health_holds_something(
    place: Partnership, amira: Person
) -> None:
    found = chronology_of(place.worker, [amira])
    assert rights(found) == {("County care", By.INVOLVEMENT, ""), ("County police", By.AGREEMENT, "1.1")}
    assert SAID["police"] in said(found)
    assert [(one.agency.title, one.right.clause) for one in found.held] == [("County health", "1.2")]


def test_what_is_denied_or_waits_for_review_leaves_no_trace(place: Partnership, amira: Person) -> None:
    before = chronology_of(place.worker, [amira])
    for name in ("school", "early_help", "reviewing"):
        note(place, amira, name, "Nobody may know", at("2025-01-01 10:00"))
    after = chronology_of(place.worker, [amira])
    assert [line.event for line in after.lines] == [line.event for line in before.lines]
    assert after.held == before.held and after.agencies == before.agencies and after.cited() == before.cited()
    assert not any(words in said(after) for words in (SAID["school"], SAID["early_help"], SAID["health"]))


def test_a_line_that_an_agreement_lets_in_names_the_agreement_its_clause_and_the_purpose(
    place: Partnership, amira: Person
) -> None:
    line = next(line for line in chronology_of(place.worker, [amira]).lines if line.right.by is By.AGREEMENT)
    assert line.right.words.startswith("Pact of the valley, clause 1.1, to decide what a child needs")
    assert "The police tell care what they know." in line.right.words
    assert line.right.basis and not line.opens_case
    assert line.day == at("2026-02-10 10:00").date() and line.known > at("2026-02-10 10:00")


def test_an_agency_without_a_purpose_for_the_child_is_told_nothing(place: Partnership, amira: Person) -> None:
    closed = Case.objects.get(subject=amira, lead=place.care)
    Case.objects.filter(pk=closed.pk).update(is_open=False)
    found = chronology_of(place.worker, [amira])
    assert {line.agency_title for line in found.lines} == {"County care"} and not found.held


def test_an_open_request_gives_the_agency_that_is_asked_a_purpose(
    place: Partnership, amira: Person, pact: Path
) -> None:
    (pact / "agreements" / "pact.yaml").write_text(PACT.replace("to: [care]}", "to: [care, classes]}"))
    library.reload_library()
    try:
        case = Case.objects.get(subject=amira, lead=place.care)
        other = place.actor("Ann Dale", place.school)
        Case.objects.filter(subject=amira, lead=place.school).update(is_open=False)
        assert {line.agency_title for line in chronology_of(other, [amira]).lines} == {"Hill school"}
        Request.objects.create(
            event=case.events.first(), case=case, asker=place.care, agency=place.school,
            purpose="front_door_screening", asked_at=timezone.now(),
        )  # fmt: skip
        assert ("County police", By.AGREEMENT, "1.1") in rights(chronology_of(other, [amira]))
    finally:
        (pact / "agreements" / "pact.yaml").write_text(PACT)


def test_an_agreement_that_has_ended_shares_nothing_from_the_day_after(
    place: Partnership, amira: Person, pact: Path
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    (pact / "agreements" / "pact.yaml").write_text(ended(yesterday))
    library.reload_library()
    try:
        found = chronology_of(place.worker, [amira])
        assert {line.agency_title for line in found.lines} == {"County care"} and not found.held
    finally:
        (pact / "agreements" / "pact.yaml").write_text(PACT)


def ended(day: date) -> str:
    return PACT.replace("2099-12-31", day.isoformat()).replace("2099-01-01", day.isoformat())


@pytest.mark.parametrize("hidden", ["case", "person"])
def test_restricted_records_are_not_reached_by_an_agreement_or_an_override(
    place: Partnership, amira: Person, hidden: str
) -> None:
    override(place, amira)
    if hidden == "case":
        Case.objects.filter(subject=amira, lead__in=(place.police, place.health)).update(restricted=True)
    else:
        Person.objects.filter(pk=amira.pk).update(restricted=True)
        amira.refresh_from_db()
    found = chronology_of(place.worker, [amira])
    assert not {line.agency_title for line in found.lines} & {"County police", "County health"} and not found.held


def test_within_one_agency_an_agreement_does_not_open_a_colleagues_case(place: Partnership, amira: Person) -> None:
    """Care is part of the case by one person's name only: what that person recorded there is not for a colleague."""
    case = note(place, amira, "reviewing", "For one pair of eyes", at("2026-01-05 10:00"))
    assert place.manager.user_id
    InvolveOrganisation(place.system).run(case, place.care, place.users["Tom Marsden"])
    RecordEvent(place.system).run(
        case, "noted_again", at("2026-01-06 10:00"), {"words": "Care's own words"}, organisation=place.care
    )
    Involvement.objects.filter(case=case, organisation=place.care, user=None).delete()
    assert "Care's own words" in said(chronology_of(place.manager, [amira]))
    assert "Care's own words" not in said(chronology_of(place.worker, [amira]))


def override(place: Partnership, child: Person, hours: int = 24) -> Override:
    case = Case.objects.get(subject=child, lead=place.care)
    now = timezone.now()
    return Override.objects.create(
        case=case, holder=place.health, receiver=place.care, purpose="front_door_screening",
        reason="The child cannot be found tonight", at=now - timedelta(hours=1), ends_at=now + timedelta(hours=hours),
    )  # fmt: skip


def test_an_override_shows_what_its_holder_knows_while_it_lasts(place: Partnership, amira: Person) -> None:
    lasting = override(place, amira)
    found = chronology_of(place.worker, [amira])
    line = next(line for line in found.lines if line.right.by is By.OVERRIDE)
    assert line.agency_title == "County health" and "The child cannot be found tonight" in line.right.words
    assert SAID["health"] in said(found) and not found.held
    Override.objects.filter(pk=lasting.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    assert SAID["health"] not in said(chronology_of(place.worker, [amira]))


def test_rights_by_involvement_name_team_and_role_are_told_apart(place: Partnership, amira: Person) -> None:
    case = Case.objects.get(subject=amira, lead=place.care)

    def right(actor: Actor) -> tuple[By, str]:
        line = next(line for line in chronology_of(actor, [amira]).lines if line.case.pk == case.pk)
        return line.right.by, line.right.words

    assert right(place.worker) == (By.INVOLVEMENT, "County care leads this case.")
    InvolveOrganisation(place.system).run(case, place.police)
    assert right(place.officer)[0] is By.INVOLVEMENT and "County police is part of this case since" in right(place.officer)[1]
    far = place.actor("Pat Lord", place.reviewing, SCREENER, "partnership")
    assert right(far)[0] is By.SCOPE and "sees the partnership’s cases" in right(far)[1]
    mine = place.actor("Rosa Whittle", place.care, WORKER, "own", team=place.team)
    Case.objects.filter(pk=case.pk).update(team=place.team)
    assert right(mine) == (By.TEAM, "Your team works on this case.")
    Case.objects.filter(pk=case.pk).update(worker=place.users["Rosa Whittle"])
    assert right(place.worker) == (By.WORKER, "You work on this case.")


def test_emergency_access_is_the_right_where_there_is_no_other(place: Partnership, amira: Person) -> None:
    case = Case.objects.select_related("lead", "subject").get(subject=amira, lead=place.care)
    now = timezone.now()
    officer = place.officer
    EmergencyAccess.objects.create(
        person=amira, user=place.users["Joe Kay"], organisation=place.police, reason="Missing tonight",
        begun_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=3), review_due_at=now + timedelta(days=1),
    )  # fmt: skip
    right = rights_in(officer, [case])[case.pk]
    assert right.by is By.EMERGENCY and "is reviewed" in right.words
    EmergencyAccess.objects.update(ended_at=now)
    assert rights_in(officer, [case])[case.pk].by is not By.EMERGENCY


def test_a_correction_is_laid_over_what_was_said_first(place: Partnership, amira: Person) -> None:
    case = Case.objects.get(subject=amira, lead=place.care)
    first = case.events.get()
    AmendEvent(place.worker).run(
        first, at("2026-03-04 11:00"), {"source": "police"}, "Wrong day and source", version=case.version
    )
    lines = [line for line in chronology_of(place.worker, [amira]).lines if line.case.pk == case.pk]
    assert len(lines) == 1 and lines[0].corrected and lines[0].day == at("2026-03-04 11:00").date()
    assert lines[0].event == first.pk and len(lines[0].ids) == 2


def test_a_line_whose_correction_may_not_be_told_is_left_out(place: Partnership, amira: Person) -> None:
    """What the police said first is no longer true, and what the school put right is not the police's to tell."""
    case = Case.objects.get(subject=amira, lead=place.police)
    first = case.events.get()
    AmendEvent(place.system).run(
        first, at("2026-02-11 10:00"), {"words": "Something else"}, "As the school told us", version=case.version
    )
    Case.objects.filter(pk=case.pk).update(lead=place.school)  # the correction carries no agency: it is the lead's
    assert "County police" not in {line.agency_title for line in chronology_of(place.worker, [amira]).lines}


def test_brothers_and_sisters_are_merged_only_if_the_reader_may_see_them(place: Partnership, amira: Person) -> None:
    zayn = place.child("Zayn Hussain")
    hidden = place.child("Hana Hussain", restricted=True)
    care_case(place, zayn, at("2026-03-05 09:00"))
    care_case(place, hidden, at("2026-03-06 09:00"))
    people = people_chosen(place.worker, amira, [zayn.pk, hidden.pk, amira.pk])
    assert people == [amira, zayn]
    found = chronology_of(place.worker, people)
    assert {line.person.name for line in found.lines} == {"Amira Hussain", "Zayn Hussain"}
    assert [line.day for line in found.lines] == sorted(line.day for line in found.lines)
    # Care has a purpose for each of them by each one's own case; the police's word about Amira is not about Zayn.
    assert {line.person.name for line in found.lines if line.agency_title == "County police"} == {"Amira Hussain"}
