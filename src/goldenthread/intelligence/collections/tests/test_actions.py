"""A form on its way: filled in by one, agreed by another, returned, approved, locked, corrected; and when it was due."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.intelligence.collections.actions import (
    Approve,
    Lock,
    OpenPeriods,
    RemindOfCollections,
    Reopen,
    Return,
    SaveValues,
    Send,
    StartAsking,
    StopAsking,
)
from goldenthread.intelligence.collections.models import Entry, Step, Submission
from goldenthread.intelligence.collections.periods import collections, proof_of_due
from goldenthread.intelligence.collections.policies import SubmissionPolicy
from goldenthread.intelligence.collections.queries import standing, timeliness, values_at, waiting
from goldenthread.sharing.models import Notice

from .place import FIRES, SYSTEM, Place, place, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> Place:
    return place()


def test_the_first_quarter_of_2025_is_due_twenty_working_days_after_june_and_not_before() -> None:
    # Monday 30 June 2025 is not counted; 1 July is day 1; no bank holiday in July: the 20th is Monday 28 July.
    proof = proof_of_due(collections()["fire_safety"], date(2025, 6, 30), "lancashire_12")
    assert proof is not None and proof.due == date(2025, 7, 28)
    # Over Christmas two bank holidays and New Year's Day are skipped: 31 December to 29 January.
    christmas = proof_of_due(collections()["fire_safety"], date(2025, 12, 31), "lancashire_12")
    assert christmas is not None and christmas.due == date(2026, 1, 29)
    assert any("New Year" in line for line in christmas.lines())
    # Before the rule was in force nothing is due.
    assert proof_of_due(collections()["fire_safety"], date(2016, 3, 31), None) is None


def test_asking_opens_a_form_for_every_agency_of_the_kind_and_period_that_has_begun(here: Place) -> None:
    rows = Submission.objects.order_by("first_day")
    assert [(one.organisation.slug, one.period, one.due_on) for one in rows] == [
        ("fire", "2025/26 Q1", date(2025, 7, 28)), ("fire", "2025/26 Q2", date(2025, 10, 28)),
        ("fire", "2025/26 Q3", date(2026, 1, 29)),
    ]  # fmt: skip
    assert OpenPeriods(SYSTEM).run(now=datetime(2025, 12, 1, tzinfo=LONDON)) == 0
    assert OpenPeriods(SYSTEM).run(now=datetime(2026, 1, 1, 9, tzinfo=LONDON)) == 1
    StopAsking(here.as_(here.analyst)).run("fire_safety")
    assert OpenPeriods(SYSTEM).run(now=datetime(2026, 5, 1, tzinfo=LONDON)) == 0
    with pytest.raises(Invalid, match="Choose a period that has begun"):
        StartAsking(SYSTEM).run("fire_safety", date(2031, 4, 1), now=datetime(2025, 11, 3, tzinfo=LONDON))


def test_one_enters_and_another_agrees_and_whoever_leads_may_do_both(here: Place) -> None:
    form, officer = here.form(), here.as_(here.officer)
    saved = SaveValues(officer).run(form, typed(FIRES), form.version)
    with pytest.raises(Invalid, match="Somebody else of your agency"):
        Send(officer).run(saved, saved.version)
    sent = Send(here.as_(here.lead)).run(saved, saved.version)
    assert (sent.state, sent.first_sent_on is not None) == ("sent", True)
    other = here.form("2025/26 Q2")
    alone = SaveValues(here.as_(here.lead)).run(other, typed(FIRES), other.version)
    assert Send(here.as_(here.lead)).run(alone, alone.version).state == "sent"
    assert {one.verb for one in JournalEntry.objects.filter(subject_id=str(sent.pk))} == {
        "collections.start_asking", "collections.save_values", "collections.send",
    }  # fmt: skip


def test_saving_takes_numbers_as_people_write_them_and_keeps_only_what_changed(here: Place) -> None:
    form, officer = here.form(), here.as_(here.officer)
    SaveValues(officer).run(form, typed({"visits": " 1,480 ", "deaths": ""}, {"deaths": "Not back from the coroner"}))
    form.refresh_from_db()
    given = values_at(form)
    assert given["visits"].value == Decimal(1480)
    assert (given["deaths"].value, given["deaths"].comment) == (None, "Not back from the coroner")
    SaveValues(officer).run(form, typed({"visits": "1480"}))
    assert Entry.objects.count() == 2
    with pytest.raises(Invalid) as told:
        SaveValues(officer).run(form, typed({"visits": "about 12", "fires": "1"}))
    assert told.value.errors["visits"] == ["Enter a number, such as 12, or leave it blank and say why"]
    assert "There is no value called 'fires'" in told.value.errors["fires"][0]
    assert Entry.objects.count() == 2


def test_what_two_people_save_from_one_look_is_not_lost_but_told(here: Place) -> None:
    form = here.form()
    SaveValues(here.as_(here.officer)).run(form, typed({"deaths": "1"}), 1)
    with pytest.raises(Stale):
        SaveValues(here.as_(here.lead)).run(form, typed({"deaths": "2"}), 1)
    form.refresh_from_db()
    assert values_at(form)["deaths"].value == 1


def test_a_form_goes_only_when_every_rule_holds_or_is_explained(here: Place) -> None:
    form, lead = here.form(), here.as_(here.lead)
    with pytest.raises(Invalid, match="Nothing has been entered yet"):
        Send(lead).run(form)
    wrong = {**FIRES, "no_alarm": "30", "dwelling_fires.district.preston": "8", "deaths": "-1", "concerns": ""}
    saved = SaveValues(lead).run(form, typed(wrong))
    with pytest.raises(Invalid) as told:
        Send(lead).run(saved)
    assert told.value.errors == {
        "dwelling_fires": ["By district it adds up to 21, not 22"],
        "no_alarm": ["“Of these, where no smoke alarm was fitted” cannot be more than “Accidental dwelling fires”"],
        "deaths": ["“Fire deaths in accidental dwelling fires” must be 0 or more"],
        "concerns": ["Enter “Safeguarding concerns raised by crews”, or say why it is blank"],
    }
    some = {box: text for box, text in FIRES.items() if not box.endswith((".preston", ".not_known"))} | {"deaths": "0"}
    parts = {**dict.fromkeys(FIRES, ""), **some, "no_alarm": "3"}
    with pytest.raises(Invalid) as blank:
        Send(lead).run(SaveValues(lead).run(saved, typed(parts)))
    assert blank.value.errors["dwelling_fires.district.preston"] == [
        "“Accidental dwelling fires” by district: enter Preston, Outside the area or not known, or say why in the comment"
    ]
    assert set(blank.value.errors) == {"dwelling_fires.district.preston", "visits.district.preston"}
    right = typed({**FIRES, "concerns": ""}, {"concerns": "The new system cannot count them yet"})
    assert Send(lead).run(SaveValues(lead).run(saved, right)).state == "sent"


def test_a_number_far_from_the_last_ones_needs_words(here: Place) -> None:
    lead = here.as_(here.lead)
    here.sent("2025/26 Q1", date(2025, 7, 20))
    here.sent("2025/26 Q2", date(2025, 10, 20), {**FIRES, "concerns": "16"})
    third = Submission.objects.create(
        collection="fire_safety", organisation=here.fire, period="2024/25 Q4", first_day=date(2025, 1, 1),
        last_day=date(2025, 3, 31), due_on=date(2025, 4, 30),
    )  # fmt: skip
    # Nothing came before it: there is nothing to hold it against.
    assert Send(lead).run(SaveValues(lead).run(third, typed({**FIRES, "concerns": "90"}))).state == "sent"
    OpenPeriods(SYSTEM).run(now=datetime(2026, 4, 2, tzinfo=LONDON))
    last = here.form("2025/26 Q3")
    saved = SaveValues(SYSTEM).run(last, typed({**FIRES, "concerns": "60"}), at=datetime(2026, 1, 5, tzinfo=LONDON))
    with pytest.raises(Invalid) as told:
        Send(SYSTEM).run(saved, at=datetime(2026, 1, 5, tzinfo=LONDON))
    # 14, 16 and 90 make 40 on average; 60 is half as much again, and 20 apart.
    assert told.value.errors == {"concerns": ["60 is 50% more than the average of the last 3 (40.0). Say why"]}
    why = typed({"concerns": "60"}, {"concerns": "A campaign in schools"})
    assert Send(SYSTEM).run(SaveValues(SYSTEM).run(saved, why), at=datetime(2026, 1, 5, tzinfo=LONDON)).state == "sent"


def test_in_time_is_told_apart_from_final(here: Place) -> None:
    in_time, late = here.sent("2025/26 Q1", date(2025, 7, 28)), here.sent("2025/26 Q2", date(2025, 10, 29))
    assert (in_time.in_time, late.in_time) == (True, False)
    analyst = here.as_(here.analyst)
    back = Return(analyst).run(in_time, "The districts add up, but Preston is Burnley’s number.", in_time.version)
    assert (back.state, back.in_time) == ("returned", True)
    assert Notice.objects.get(kind="collection.returned").organisation == here.fire
    again = Send(here.as_(here.lead)).run(SaveValues(here.as_(here.lead)).run(back, typed({**FIRES, "concerns": "15"})))
    assert again.in_time is True  # it came in time, whatever was put right later
    approved = Approve(analyst).run(again, again.version)
    locked = Lock(analyst).run(approved, approved.version)
    assert locked.is_final and not late.is_final
    third = here.form("2025/26 Q3")
    assert [standing(third, day) for day in (date(2025, 11, 3), date(2026, 1, 10), date(2026, 2, 1))] == ["early", "due", "late"]
    assert [timeliness(third, day) for day in (date(2026, 1, 10), date(2026, 2, 1))] == ["", "overdue"]
    assert timeliness(late, date(2026, 2, 1)) == "late"


def test_a_correction_after_locking_is_a_new_version_with_its_reason_and_the_old_one_counts_until_approved(here: Place) -> None:
    analyst, lead = here.as_(here.analyst), here.as_(here.lead)
    sent = here.sent("2025/26 Q1", date(2025, 7, 20))
    locked = Lock(analyst).run(Approve(analyst).run(sent))
    with pytest.raises(Invalid, match="It is locked"):
        SaveValues(lead).run(locked, typed({"deaths": "1"}))
    with pytest.raises(Invalid, match="Say why it is opened again"):
        Reopen(analyst).run(locked, " ")
    opened = Reopen(analyst).run(locked, "A coroner has decided: one of the deaths was by fire.")
    approved = opened.approved_version
    assert approved is not None
    changed = SaveValues(lead).run(opened, typed({"deaths": "1"}))
    assert values_at(changed)["deaths"].value == 1 and values_at(changed, approved)["deaths"].value == 0
    done = Approve(analyst).run(Send(lead).run(changed))
    assert values_at(done, done.approved_version)["deaths"].value == 1
    assert list(done.steps.values_list("kind", flat=True)) == [
        "opened", "saved", "sent", "approved", "locked", "reopened", "saved", "sent", "approved",
    ]  # fmt: skip


def test_the_database_itself_refuses_to_change_what_was_entered(here: Place) -> None:
    here.sent("2025/26 Q1", date(2025, 7, 20))
    for rows in (Entry.objects.all(), Step.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(by_name="somebody else")


def test_an_agency_sees_its_own_and_neither_fills_nor_learns_of_anothers(here: Place) -> None:
    form, stranger = here.form(), here.as_(here.stranger)
    assert not SubmissionPolicy.visible_to(stranger).exists()
    assert SubmissionPolicy.visible_to(here.as_(here.officer)).count() == 3
    assert SubmissionPolicy.visible_to(here.as_(here.analyst)).count() == 3
    for action in (SaveValues(stranger), SaveValues(here.as_(here.analyst))):
        with pytest.raises(NotAllowed):
            action.run(form, typed({"deaths": "1"}))
    with pytest.raises(NotAllowed):
        Approve(here.as_(here.lead)).run(form)


def test_it_is_not_sent_before_its_period_is_over(here: Place) -> None:
    form = here.form("2025/26 Q3")
    saved = SaveValues(SYSTEM).run(form, typed(FIRES))
    with pytest.raises(Invalid, match="The period is not over"):
        Send(SYSTEM).run(saved, at=datetime(2025, 12, 31, 23, 30, tzinfo=LONDON))
    assert Send(SYSTEM).run(saved, at=datetime(2026, 1, 1, 0, 30, tzinfo=LONDON)).in_time


def test_an_agency_is_reminded_once_before_and_once_after_the_day_and_never_of_what_it_sent(here: Place) -> None:
    here.sent("2025/26 Q1", date(2025, 7, 20))
    assert RemindOfCollections(SYSTEM).run(date(2025, 10, 15)) == 0
    assert RemindOfCollections(SYSTEM).run(date(2025, 10, 22)) == 1
    assert RemindOfCollections(SYSTEM).run(date(2025, 10, 23)) == 0
    assert RemindOfCollections(SYSTEM).run(date(2025, 10, 29)) == 1
    told = list(Notice.objects.filter(kind__startswith="collection.").order_by("at").values_list("words", flat=True))
    assert len(told) == 2 and "is due" in told[0] and "was due" in told[1] and "2025/26 Q2" in told[1]
    assert [one.period for one in waiting(here.as_(here.officer), date(2025, 10, 29))] == ["2025/26 Q2"]
