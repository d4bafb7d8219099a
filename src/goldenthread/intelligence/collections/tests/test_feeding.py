"""What agencies sent comes into the indicators, from both evaluations alike. Missing is not zero."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.collections.actions import Approve, Reopen, SaveValues
from goldenthread.intelligence.collections.feeding import collected_rows
from goldenthread.intelligence.extract.files import read_manifest
from goldenthread.intelligence.extract.taking import take
from goldenthread.intelligence.indicators.engine import engine
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.places import EVERYWHERE, areas_of
from goldenthread.intelligence.indicators.tables import Dataset
from goldenthread.intelligence.indicators.values import Value
from goldenthread.intelligence.naive.evaluation import evaluate

from .place import FIRES, SYSTEM, Place, place, typed

pytestmark = pytest.mark.django_db
FIRE = "accidental_dwelling_fires"


@pytest.fixture
def here(db: None) -> Place:
    return place()


def values(indicator: str, area: str, *periods: str) -> list[Value]:
    """By both evaluations, which must agree."""
    library = shipped()
    data = Dataset(date(2026, 4, 30), areas=areas_of(library), collected=collected_rows())
    wanted = {indicator: library.indicators[indicator]}
    asked = [Period.parse(one) for one in periods]
    naive = evaluate(library, data, wanted, [area], asked)
    with engine(library, data, data.as_of) as one:
        assert one.run(wanted, [area], asked) == naive
    return naive


def told(indicator: str, area: str, *periods: str) -> list[tuple[str, float, tuple[str, ...]]]:
    return [(one.shown, one.complete, one.notes) for one in values(indicator, area, *periods)]


def test_a_fire_service_with_two_districts_counted_by_hand(here: Place) -> None:
    """22 fires in the county: 12 in Burnley, 9 in Preston, 1 not known. 3 homes had no alarm, nobody died."""
    here.sent("2025/26 Q1", date(2025, 7, 20))
    waits = ("not_approved",)
    assert told(FIRE, "lancashire_12", "2025/26 Q1", "2025/26 Q2") == [("22", 1.0, waits), ("", 0.0, ("not_supplied",))]
    assert told(FIRE, "burnley", "2025/26 Q1") == [("12", 1.0, waits)]
    assert told(FIRE, "preston", "2025/26 Q1") == [("9", 1.0, waits)]
    assert told(FIRE, EVERYWHERE, "2025/26 Q1") == [("22", 1.0, waits)]
    assert told("fire_deaths_in_accidental_dwelling_fires", "lancashire_12", "2025/26 Q1") == [("0", 1.0, waits)]
    # The form does not ask for deaths by district: nothing is known there, which is not none.
    assert told("fire_deaths_in_accidental_dwelling_fires", "burnley", "2025/26 Q1") == [("", 0.0, ("not_supplied",))]


def test_approval_takes_the_mark_away_and_a_correction_counts_only_once_it_is_approved(here: Place) -> None:
    analyst = here.as_(here.analyst)
    approved = Approve(analyst).run(here.sent("2025/26 Q1", date(2025, 7, 20)))
    assert told(FIRE, "lancashire_12", "2025/26 Q1") == [("22", 1.0, ())]
    opened = Reopen(analyst).run(approved, "Preston found three more.")
    SaveValues(here.as_(here.lead)).run(opened, typed({"dwelling_fires": "25", "dwelling_fires.district.preston": "12"}))
    assert told(FIRE, "lancashire_12", "2025/26 Q1") == [("22", 1.0, ())]


def test_what_is_only_a_draft_or_was_returned_is_missing(here: Place) -> None:
    SaveValues(SYSTEM).run(here.form(), typed(FIRES))
    assert collected_rows() == []


def test_a_year_is_the_sum_of_its_quarters_only_if_all_are_there(here: Place) -> None:
    for period, day in (("2025/26 Q1", date(2025, 7, 20)), ("2025/26 Q2", date(2025, 10, 20))):
        Approve(here.as_(here.analyst)).run(here.sent(period, day))
    assert told(FIRE, "lancashire_12", "2025/26") == [("", 0.5, ("part_supplied",))]


def test_a_blank_leaves_its_area_without_a_value_and_zero_does_not(here: Place) -> None:
    blank = typed({**FIRES, "dwelling_fires.district.preston": ""}, {"dwelling_fires.district.preston": "System down"})
    form = here.form()
    SaveValues(SYSTEM).run(form, blank)
    here.sent("2025/26 Q1", date(2025, 7, 20), {"concerns": "14"})
    assert told(FIRE, "preston", "2025/26 Q1") == [("", 0.0, ("not_supplied",))]
    assert told(FIRE, "burnley", "2025/26 Q1")[0][0] == "12"
    assert told(FIRE, "lancashire_12", "2025/26 Q1")[0][0] == "22"


def test_an_area_of_several_agencies_has_no_value_until_all_have_sent_theirs(db: None) -> None:
    here = place(collection="adult_safeguarding")
    assert collected_rows() == []  # nobody of that kind is here
    from goldenthread.agencies.models import Area, Organisation
    from goldenthread.intelligence.collections.actions import StartAsking

    for area in Area.objects.filter(kind="district"):
        Organisation.objects.create(slug=f"adults_{area.slug}", title=area.title, kind="adult_social_care", area=area)
    StartAsking(SYSTEM).run("adult_safeguarding", date(2025, 4, 1))
    numbers = {"received": "100", "types": "130", "enquiries": "40", "individuals": "38", "repeats": "4", "dols_received": "50",
               "dols_authorised": "20"}  # fmt: skip
    one, other = Organisation.objects.filter(kind="adult_social_care").order_by("slug")
    here.sent("2025/26 Q1", date(2025, 7, 20), numbers, one)
    name = "mash_referrals_received_adults"
    assert told(name, "lancashire_12", "2025/26 Q1") == [("", 0.5, ("part_supplied", "not_approved"))]
    here.sent("2025/26 Q1", date(2025, 7, 21), {**numbers, "received": "60"}, other)
    assert told(name, "lancashire_12", "2025/26 Q1") == [("160", 1.0, ("not_approved",))]
    assert told(name, "burnley", "2025/26 Q1") == [("100", 1.0, ("not_approved",))]


def test_shares_of_several_trusts_are_worked_out_again_from_their_numbers(db: None) -> None:
    here = place(collection="trust_training")
    from goldenthread.agencies.models import Area, Organisation
    from goldenthread.intelligence.collections.actions import StartAsking

    county = Area.objects.get(kind="county")
    trusts = [Organisation.objects.create(slug=one, title=one, kind="health_provider", area=county) for one in ("a", "b")]
    StartAsking(SYSTEM).run("trust_training", date(2025, 4, 1))
    for trust, due, done in zip(trusts, ("1000", "200"), ("950", "100"), strict=True):
        numbers = {"adults_due": due, "adults_done": done, "capacity_due": "0", "capacity_done": "0"}
        here.sent("2025/26 Q1", date(2025, 7, 20), numbers, trust)
    # 1,050 of 1,200, not the middle of 95% and 50%
    assert told("safeguarding_adults_level_1_compliance", "lancashire_12", "2025/26 Q1") == [("87.50", 1.0, ("not_approved",))]
    nobody = told("mental_capacity_act_level_1_compliance", "lancashire_12", "2025/26 Q1")
    assert nobody == [("", 1.0, ("nothing_counted",))]


@pytest.mark.django_db(transaction=True)
def test_the_extract_carries_it_and_takes_it_anew_when_it_changes(tmp_path: Path) -> None:
    here = place()
    here.sent("2025/26 Q1", date(2025, 7, 20))
    key = bytes(range(32))
    first = take(tmp_path, key).manifest
    assert first.collected and first.collected_path(tmp_path).is_file()
    again = take(tmp_path, key).manifest
    assert again.collected == first.collected
    here.sent("2025/26 Q2", date(2025, 10, 20))
    last = take(tmp_path, key).manifest
    assert last.collected != first.collected and not first.collected_path(tmp_path).exists()
    manifest = read_manifest(tmp_path)
    library = shipped()
    tables = dict(manifest.paths(tmp_path))
    with engine(library, tables, manifest.as_of) as one:
        wanted = "SELECT area, value FROM collected WHERE indicator = ? AND period = ?"
        rows = one.connection.execute(wanted, [FIRE, "2025/26 Q2"])
        assert dict(rows.fetchall())["burnley"] == 12
