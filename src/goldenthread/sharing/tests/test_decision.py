"""Decisions on small agreements whose every answer can be told by reading them, and the worked tellings of those shipped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goldenthread.guidance.agreement import Agreement
from goldenthread.guidance.library import shipped
from goldenthread.guidance.reading import GuidanceError
from goldenthread.sharing.decision import Asking, Verdict, decide
from goldenthread.sharing.worked_tellings import assure_tellings

DAY = date(2026, 6, 1)
ASKING = Asking(
    holder="north_police", holder_kind="police", receiver="county_care", receiver_kind="childrens_social_care",
    purpose="protect", pathway="contact", day=DAY,
)  # fmt: skip


def agreement(clauses: dict[str, dict[str, Any]], **more: Any) -> Agreement:
    needs = any(one.get("consent") for one in clauses.values())
    return Agreement.model_validate({
        "id": "one", "title": "One", "about": "Made up.", "reference": "Made-up Act", "kept_by": "police",
        "in_force": {"from": date(2026, 1, 1), "until": date(2026, 12, 31)}, "review_by": date(2026, 12, 1),
        "parties": {"police": {"title": "The police", "kinds": ["police"]},
                    "care": {"title": "Social care", "kinds": ["childrens_social_care"]}},
        "purposes": ["protect"],
        "lawful_basis": {"all": {"article_6": "6(1)(e) public task", "reference": "Made-up Act"}},
        "service_consent": {"service": "help", "says": "They agree.", "reference": "Made-up Act"} if needs else None,
        "clauses": {number: {"says": f"Clause {number}.", **one} for number, one in clauses.items()}, **more,
    })  # fmt: skip


def said(agreements: list[Agreement], asking: Asking = ASKING) -> tuple[str, str]:
    found = decide(agreements, asking)
    return (f"{found.existence.verdict} {found.existence.clause}".strip(),
            f"{found.content.verdict} {found.content.clause}".strip())  # fmt: skip


def test_without_agreements_nothing_is_shared_and_it_says_so() -> None:
    found = decide([], ASKING)
    assert found.existence.verdict is found.content.verdict is Verdict.DENY
    assert found.content.why == "No agreement in force covers this. No agreement names this purpose."


def test_a_permit_gives_its_clause_and_lawful_basis() -> None:
    found = decide([agreement({"2.1": {"rule": "permit"}})], ASKING)
    assert (found.content.verdict, found.content.clause, found.content.agreement) == (Verdict.PERMIT, "2.1", "one")
    assert found.content.basis == "UK GDPR Article 6(1)(e) public task"


def test_within_an_agreement_deny_goes_before_review_before_permit() -> None:
    permit, review, deny = {"rule": "permit"}, {"rule": "review"}, {"rule": "deny"}
    assert said([agreement({"1.1": permit, "1.2": review})]) == ("review 1.2", "review 1.2")
    assert said([agreement({"1.1": deny, "1.2": permit, "1.3": review})]) == ("deny 1.1", "deny 1.1")


def test_of_two_clauses_that_say_the_same_the_first_is_named_as_people_count() -> None:
    assert said([agreement({"4.10": {"rule": "permit"}, "4.9": {"rule": "permit"}})]) == ("permit 4.9", "permit 4.9")


def test_existence_may_be_told_where_content_may_not() -> None:
    both = agreement({"1.1": {"rule": "permit", "of": ["existence"]}, "1.2": {"rule": "deny", "of": ["content"]}})
    assert said([both]) == ("permit 1.1", "deny 1.2")


def test_content_that_is_permitted_is_still_denied_where_existence_is() -> None:
    found = agreement({"1.1": {"rule": "deny", "of": ["existence"]}, "1.2": {"rule": "permit", "of": ["content"]}})
    assert said([found]) == ("deny 1.1", "deny 1.1")


def test_a_permit_that_does_not_name_restricted_records_does_not_reach_them() -> None:
    restricted = replace(ASKING, sensitivity="restricted")
    assert said([agreement({"1.1": {"rule": "permit"}})], restricted)[1] == "deny"
    named = agreement({"1.1": {"rule": "permit", "sensitivity": ["standard", "restricted"]}})
    assert said([named], restricted)[1] == "permit 1.1"


def test_a_denial_reaches_restricted_records_without_naming_them() -> None:
    assert said([agreement({"1.1": {"rule": "deny"}})], replace(ASKING, sensitivity="restricted"))[1] == "deny 1.1"


def test_an_agreement_that_names_the_organisation_speaks_before_one_that_names_its_kind() -> None:
    named = agreement(
        {"9.1": {"rule": "review", "from": ["police"]}}, id="named",
        parties={"police": {"title": "North", "organisations": ["north_police"]},
                 "care": {"title": "Social care", "kinds": ["childrens_social_care"]}},
    )  # fmt: skip
    assert said([agreement({"1.1": {"rule": "permit"}}), named])[1] == "review 9.1"
    elsewhere = replace(ASKING, holder="south_police")
    assert said([agreement({"1.1": {"rule": "permit"}}), named], elsewhere)[1] == "permit 1.1"


def test_of_equally_specific_agreements_the_stricter_speaks() -> None:
    other = agreement({"7.1": {"rule": "deny"}}, id="other")
    assert said([agreement({"1.1": {"rule": "permit"}}), other])[1] == "deny 7.1"


def test_an_agreement_for_this_pathway_speaks_before_a_general_one() -> None:
    general = agreement({"1.1": {"rule": "deny"}})
    narrow = agreement({"2.1": {"rule": "permit", "pathways": ["contact"]}}, id="narrow")
    assert said([general, narrow])[1] == "permit 2.1"
    assert said([general, narrow], replace(ASKING, pathway="referral"))[1] == "deny 1.1"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 12, 31), "deny"), (date(2026, 1, 1), "permit"), (date(2026, 12, 31), "permit"), (date(2027, 1, 1), "deny")],
)
def test_it_holds_from_its_first_day_to_its_last(day: date, expected: str) -> None:
    found = decide([agreement({"1.1": {"rule": "permit"}})], replace(ASKING, day=day))
    assert found.content.verdict == expected


def test_it_says_that_an_agreement_has_ended_or_has_not_begun() -> None:
    only = [agreement({"1.1": {"rule": "permit"}})]
    assert "“One” ended on 31 December 2026" in decide(only, replace(ASKING, day=date(2027, 1, 1))).content.why
    assert "“One” begins on 1 January 2026" in decide(only, replace(ASKING, day=date(2025, 1, 1))).content.why


def test_it_says_that_an_agency_has_not_signed() -> None:
    stranger = replace(ASKING, holder="a_charity", holder_kind="voluntary")
    found = decide([agreement({"1.1": {"rule": "permit"}})], stranger)
    assert found.content.why.endswith("No agreement for this purpose has been signed by both agencies.")


@pytest.mark.parametrize(("agreed", "expected"), [(True, "permit"), (None, "review"), (False, "deny")])
def test_the_familys_agreement_is_asked_of_the_clause_that_needs_it(agreed: bool | None, expected: str) -> None:
    found = decide([agreement({"1.1": {"rule": "permit", "consent": "needed"}})], replace(ASKING, consent=agreed))
    assert found.content.verdict == expected
    if expected == "permit":
        assert "public task" in found.content.basis  # the basis is the law's, whatever the family said


def test_consent_to_a_service_stops_nothing_that_rests_on_the_law_alone() -> None:
    found = decide([agreement({"1.1": {"rule": "permit"}})], replace(ASKING, consent=False))
    assert found.content.verdict is Verdict.PERMIT


def test_an_agreement_of_another_partnership_says_nothing_here() -> None:
    there = agreement({"1.1": {"rule": "permit"}}, arrangements=["cumbria"])
    assert said([there], replace(ASKING, arrangement="somerset"))[1] == "deny"
    assert said([there], replace(ASKING, arrangement="cumbria"))[1] == "permit 1.1"


@pytest.mark.parametrize("identity", sorted(shipped().agreements))
def test_the_worked_tellings_come_out_as_written(identity: str) -> None:
    outcomes = assure_tellings(shipped(), identity)
    assert outcomes, f"{identity} has no worked tellings"
    assert [(one.place, one.differences) for one in outcomes if one.differences] == []


def test_every_clause_that_decides_is_examined_by_a_worked_telling() -> None:
    seen = {match.groups() for one in assure_tellings(shipped()) for line in one.lines
            if (match := re.search(r": \w+ by (\w+) ([\d.]+)\. ", line))}  # fmt: skip
    every = {(one.id, number) for one in shipped().agreements.values()
             for number, clause in one.clauses.items() if clause.rule != "duty"}  # fmt: skip
    assert every - seen == set()


def test_a_worked_telling_with_a_name_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    library = replace(shipped(), folder=tmp_path)
    (tmp_path / "agreement_cases").mkdir()
    (tmp_path / "agreement_cases" / "mash.yaml").write_text(
        "cases:\n"
        "  - title: A misspelt purpose\n"
        "    why: It would be denied, and so seem right.\n"
        "    asks: {from: police, to: childrens_social_care, purpose: front_dor_screening, day: 2026-11-23}\n"
        "    expect: {content: deny}\n"
    )
    with pytest.raises(GuidanceError) as error:
        assure_tellings(library)
    assert str(error.value).startswith("mash.yaml:4: unknown name 'front_dor_screening'; did you mean")


def test_a_worked_telling_that_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    (tmp_path / "agreement_cases").mkdir()
    (tmp_path / "agreement_cases" / "mash.yaml").write_text(
        "cases:\n"
        "  - title: Wrongly expected\n"
        "    why: Made up.\n"
        "    asks: {from: police, to: childrens_social_care, purpose: front_door_screening, day: 2026-11-23}\n"
        "    expect: {content: permit mash 3.2, existence: deny}\n"
    )
    (outcome,) = assure_tellings(replace(shipped(), folder=tmp_path))
    assert outcome.differences == (
        "content to be permit mash 3.2, found permit by mash 3.1", "existence to be deny, found permit by mash 3.1",
    )  # fmt: skip
