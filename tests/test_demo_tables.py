"""The demo's tables hold together: every name, place, phrase and rate can be used and says its source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldenthread.guidance.arrangement import Arrangement
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.reading import read

PACKAGE = Path(__file__).parent.parent / "src/goldenthread"
NAMES = PACKAGE / "demo/names"
LANCASHIRE, _ = read(Arrangement, PACKAGE / "guidance/arrangements/lancashire.yaml")
DISTRICTS = {area.id for area in LANCASHIRE.areas if area.kind in ("district", "unitary")}


def table(name: str) -> Any:
    return yaml.safe_load((NAMES / f"{name}.yaml").read_text(encoding="utf-8"))


def phrases(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from phrases(inner)


GROUPS = set(table("population_mix")["groups"])
RATES = yaml.safe_load((PACKAGE / "demo/rates.yaml").read_text(encoding="utf-8"))


def test_every_group_has_names_surnames_languages_codes_and_patterns():
    for sexes in table("given_names").values():
        assert set(sexes) == {"female", "male"}
        assert all(set(ages) == {"children", "adults"} for ages in sexes.values())
    for keyed in (
        table("given_names"),
        table("surnames"),
        table("languages")["languages"],
        table("ethnicity_codes")["codes"],
        table("naming_patterns")["patterns"],
    ):
        assert set(keyed) == GROUPS


def test_large_groups_have_enough_given_names_for_a_county():
    for group in ("white_british", "south_asian_pakistani"):
        for ages in table("given_names")[group].values():
            assert all(60 <= len(set(names)) == len(names) for names in ages.values())


def test_the_mix_of_each_district_adds_to_one():
    shares = table("population_mix")["shares"]
    assert set(shares) == DISTRICTS
    for district, mix in shares.items():
        assert set(mix) == GROUPS
        assert sum(mix.values()) == pytest.approx(1), district


@pytest.mark.parametrize("sex", ["female", "male"])
def test_naming_patterns_add_to_one_for_each_sex_and_use_known_placeholders(sex: str):
    naming = table("naming_patterns")
    for group, patterns in naming["patterns"].items():
        assert sum(one["share"] for one in patterns if one.get("sex", sex) == sex) == pytest.approx(1), group
        for one in patterns:
            made = one["given"] + one["family"] + one.get("known_as", "")
            made.format(**dict.fromkeys(naming["placeholders"], "x"))


def test_schools_and_practices_are_in_every_district_under_their_own_id():
    schools, practices = table("schools")["schools"], table("practices")["practices"]
    ids = Counter(one["id"] for one in [*schools, *practices])
    assert max(ids.values()) == 1
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for school in schools:
        kinds[school["district"]][school["kind"]] += 1
    assert set(kinds) == DISTRICTS
    for district, found in kinds.items():
        assert found.total() == 8, district
        assert found["primary"] >= 4 and found["secondary"] >= 2 and found["special"], district
    assert Counter(practice["district"] for practice in practices) == dict.fromkeys(DISTRICTS, 4)


def test_postcodes_cover_every_district_and_telephones_ring_no_one():
    postcodes = table("postcodes")
    assert set(postcodes["outward"]) == set(postcodes["towns"]) == DISTRICTS
    assert postcodes["telephone"]["mobile"][0] == "07700900"
    assert all(len(code) == 3 and not set(code[1:]) & set("CIKMOV") for code in postcodes["inward"])


def test_phrases_are_plain_sentences_with_no_placeholder():
    words = table("words")
    joins = ("concern_flags", "agency_reply_kinds")
    texts = list(phrases({key: value for key, value in words.items() if key not in joins}))
    assert len(texts) >= 150
    assert not [text for text in texts if "{" in text or len(text) < 5]
    assert set(words["child_said"]) == {"under_7", "7_to_11", "12_to_17"}
    for themes in words["child_said"].values():
        assert set(themes) == {"home", "school", "worries", "wishes", "good_things"}


def test_concerns_and_decisions_speak_the_words_of_the_contact_pathway():
    words = table("words")
    contact, _ = read(Pathway, PACKAGE / "guidance/pathways/contact.yaml")
    flags = set(contact.events["contact_received"].asks["flags"].of)
    assert set(words["contact_concerns"]) == set(words["concern_flags"])
    assert {flag for named in words["concern_flags"].values() for flag in named} <= flags
    assert set(words["decision_reasons"]) == set(contact.events["decided"].asks["outcome"].of)
    holds = set(contact.events["agency_answered"].asks["holds"].of)
    assert {held for replies in words["agency_replies"].values() for held in replies} <= holds
    sources = set(contact.events["contact_received"].asks["source"].of)
    assert {
        one["id"].removeprefix("contact_source_")
        for one in RATES["assumptions"]
        if one["id"].startswith("contact_source_")
    } == sources


def test_every_rate_is_whole_and_named_once():
    rates = [*RATES["rates"], *RATES["assumptions"]]
    assert max(Counter(rate["id"] for rate in rates).values()) == 1
    for rate in rates:
        assert list(rate) == ["id", "title", "value", "unit", "period", "area", "reference"], rate
    assert not [rate["id"] for rate in RATES["rates"] if "assumed" in rate["reference"].lower()]


WHOLES = [
    "contact_source",
    "contact_outcome",
    "contact_priority",
    "contact_level",
    "contact_theme",
    "police_grade",
    "assessment_outcome",
    "plan_length",
    "early_help_lead",
    "early_help_close",
    "primary_need",
    "sex",
    "age_band",
    "siblings",
]


@pytest.mark.parametrize("of", WHOLES)
def test_assumed_shares_that_divide_a_whole_add_to_one(of: str):
    shares = [rate["value"] for rate in RATES["assumptions"] if rate["id"].startswith(of + "_")]
    assert sum(shares) == pytest.approx(1)


PRINTED = {
    "referrals_per_10000": 412.5,
    "re_referrals_within_12_months": 19.1,
    "assessments_within_45_working_days": 75.0,
    "child_protection_plans_per_10000": 57.0,
    "looked_after_per_10000": 76.2,
    "children_in_need_per_10000": 342.3,
}


def test_the_rates_that_judge_the_demo_are_those_printed():
    rates = {rate["id"]: rate["value"] for rate in RATES["rates"]}
    assert {name: rates[name] for name in PRINTED} == PRINTED
