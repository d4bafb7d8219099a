"""A fault in an agreement's file is told with file, line and the nearest right word; and no shipped agreement has one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from goldenthread.guidance.agreement import Agreement, Clause, LawfulBasis, Party, ServiceConsent, Term
from goldenthread.guidance.agreement_words import agreement_text, state_of, told
from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.reading import GuidanceError

from ..decision import Asking, Verdict, decide

GOOD = """\
id: hub
title: The hub
about: A made-up agreement.
reference: Made-up Act
in_force: {from: 2026-01-01, until: 2026-12-31}
review_by: 2026-10-01
kept_by: police
parties:
  police: {title: The police, kinds: [police]}
  care: {title: Social care, kinds: [childrens_social_care]}
purposes: [front_door_screening]
lawful_basis:
  all: {article_6: 6(1)(e) public task, reference: Made-up Act}
clauses:
  '1.1': {says: The police tell social care., rule: permit, from: [police], to: [care]}
"""


def faults_of(at: Path, text: str) -> list[str]:
    (at / "pathways").mkdir(exist_ok=True)
    (at / "pathways" / "contact.yaml").write_text((SHIPPED / "pathways" / "assessment.yaml").read_text().replace(
        "id: assessment", "id: contact", 1).replace("[asking_agencies]", "[]"))  # fmt: skip
    (at / "agreements").mkdir(exist_ok=True)
    (at / "agreements" / "hub.yaml").write_text(text)
    try:
        Library.load(at)
    except GuidanceError as error:
        return [str(fault) for fault in error.faults if fault.file.startswith("agreements")]
    return []


def test_the_example_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kept_by", "kept_bye", "agreements/hub.yaml:7: unknown key 'kept_bye'; did you mean 'kept_by'?"),
        (", until: 2026-12-31", "", "agreements/hub.yaml:5: 'until' is missing"),
        ("until: 2026-12-31", "until: 2025-12-31", "agreements/hub.yaml:5: `until` is before `from`"),
        ("review_by: 2026-10-01", "review_by: 2027-10-01", "`review_by` lies outside the agreement's own dates"),
        ("kinds: [police]", "kinds: [polise]", "agreements/hub.yaml:9: unknown agency role 'polise'; did you mean 'police'?"),
        (", kinds: [police]", "", "agreements/hub.yaml:9: a party is named by `kinds` of agency, by `organisations`, or both"),
        ("purposes: [front", "purposes: [frnt", "unknown purpose 'frnt_door_screening'; did you mean 'front_door_screening'?"),
        ("to: [care]", "to: [carers]", "agreements/hub.yaml:15: unknown party 'carers'; did you mean 'care'?"),
        ("'1.1'", "1.1", "agreements/hub.yaml:15"),
        ("rule: permit", "rule: allow", "agreements/hub.yaml:15: this should be 'permit', 'deny', 'review' or 'duty'"),
        ("to: [care]", "to: [care], categories: [legal_advise]",
         "unknown kind of information 'legal_advise'; did you mean 'legal_advice'?"),
        ("to: [care]", "to: [care], pathways: [contct]", "unknown pathway 'contct'; did you mean 'contact'?"),
        ("to: [care]", "to: [care], consent: needed", "`service_consent` says what the family agrees to"),
        ("rule: permit", "rule: deny, consent: needed", "`consent: needed` belongs to a clause that permits"),
        ("reference: Made-up Act}", "holders: [care], reference: Made-up Act}",
         "clause 1.1 lets police share for front_door_screening, but no `lawful_basis` serves that"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_the_nearest_right_word(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    found = faults_of(tmp_path, GOOD.replace(old, new, 1))
    assert any(said in fault for fault in found), found


def test_a_pathway_under_two_purposes_is_refused(tmp_path: Path) -> None:
    text = (SHIPPED / "sharing.yaml").read_text()
    assert "pathways: [looked_after]" in text
    for part in ("pathways", "agreements", "fragments", "calendars", "arrangements"):
        (tmp_path / part).symlink_to(SHIPPED / part)
    (tmp_path / "sharing.yaml").write_text(text.replace("pathways: [looked_after]", "pathways: [looked_after, contact]"))
    with pytest.raises(GuidanceError) as error:
        Library.load(tmp_path)
    assert "contact is under two purposes, 'front_door_screening' and 'care_for_looked_after_child'" in str(error.value)


def test_an_emergency_event_that_does_not_open_its_pathway_is_refused(tmp_path: Path) -> None:
    text = (SHIPPED / "sharing.yaml").read_text()
    for part in ("pathways", "agreements", "fragments", "calendars", "arrangements"):
        (tmp_path / part).symlink_to(SHIPPED / part)
    (tmp_path / "sharing.yaml").write_text(text.replace("event: override_used", "event: holder_told"))
    with pytest.raises(GuidanceError) as error:
        Library.load(tmp_path)
    assert "holder_told does not open emergency_sharing" in str(error.value)


def test_the_agreements_that_the_partnership_needs_are_shipped() -> None:
    needed = {"mash", "operation_encompass", "marac", "child_death_review", "unscheduled_care_alerts", "lado",
              "early_help_consent", "channel"}  # fmt: skip
    assert needed <= set(shipped().agreements)
    for one in shipped().agreements.values():
        # They are patterns to adopt: none may pass for a signed agreement or for text that was wholly checked.
        assert one.verified is not True
        assert "o partnership has signed this text" in (one.note or "")


def test_every_case_that_serves_a_purpose_has_an_agreement_that_its_lead_has_signed() -> None:
    library = shipped()
    uncovered = [
        (name, pathway)
        for name, purpose in library.sharing.purposes.items()
        for pathway in purpose.pathways
        if not any(
            name in one.purposes
            and library.pathways[pathway].subject in one.subjects
            and one.parties_of("", library.pathways[pathway].lead)
            for one in library.agreements.values()
        )
    ]
    assert uncovered == []


#: Agreements by which those who share a purpose share what they hold of the child in every case, as the law behind each asks.
OF_EVERY_CASE = {"mash", "marac", "channel", "lado", "child_death_review", "early_help_consent", "looked_after_care",
                 "operation_encompass", "improvement"}  # fmt: skip


def test_what_an_agreement_permits_opens_no_other_case_of_the_same_person() -> None:
    """On a chronology a clause that names no pathway lets an agency read every case that is not restricted."""
    open_wide = {
        one.id for one in shipped().agreements.values() for clause in one.clauses.values()
        if clause.rule == "permit" and not clause.pathways
    }  # fmt: skip
    assert open_wide == OF_EVERY_CASE


#: Seats that are told nothing by name: the panel on a child's death hears cases without names (child_death_review, 4.1).
WITHOUT_NAMES = {("child_death_panel", "board_representative"), ("child_death_panel", "voluntary")}


def test_who_has_a_seat_at_a_meeting_may_be_told_at_least_that_there_is_a_case() -> None:
    library, unspoken = shipped(), set()
    for kind in library.meetings.values():
        for name in kind.records:
            pathway, purpose = library.pathways[name], library.sharing.purpose_of(name)
            for agency in {one for seat in kind.seats.values() for one in seat.kinds} - {pathway.lead}:
                asking = Asking(
                    "a_lead", pathway.lead, "another", agency, purpose, name, date(2026, 11, 23), subject=pathway.subject
                )
                if purpose and decide(library.agreements.values(), asking).existence.verdict is Verdict.DENY:
                    unspoken.add((kind.id, agency))
    assert unspoken == WITHOUT_NAMES


def test_an_agreement_warns_from_sixty_days_before_its_end() -> None:
    channel = shipped().agreements["channel"]
    states = [state_of(channel, shipped(), day) for day in
              (date(2024, 1, 8), date(2026, 11, 8), date(2026, 11, 9), date(2027, 1, 8), date(2027, 1, 9))]  # fmt: skip
    assert states == ["coming", "in_force", "ending", "ending", "ended"]


def test_the_words_of_an_agreement_are_for_the_manager_who_signs_it() -> None:
    text = agreement_text(told(shipped().agreements["early_help_consent"], shipped(), date(2026, 11, 22)))
    plain = " ".join(text.split())
    assert "The family’s agreement to the service (not the lawful basis)" in plain
    assert "Voluntary organisations may tell the early help service, agencies around the family and children's" in plain
    assert "once the family has agreed to early help." in plain
    assert "When voluntary organisations share. UK GDPR Article 6(1)(f) legitimate interests" in plain
    assert "In force until 30 April 2031." in plain


DOCUMENT = Path(__file__).parents[4] / "docs" / "look-up" / "agreements.md"


def test_the_documented_agreement_loads(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```yaml agreement\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for part in ("pathways", "fragments", "calendars", "arrangements"):
        (tmp_path / part).symlink_to(SHIPPED / part)
    (tmp_path / "agreements").mkdir()
    (tmp_path / "agreements" / "early_help_here.yaml").write_text(block)
    assert set(Library.load(tmp_path).agreements["early_help_here"].clauses) == {"2.1", "2.2", "3.1", "3.2", "5.1"}


@pytest.mark.parametrize("model", [Agreement, Clause, LawfulBasis, Party, ServiceConsent, Term])
def test_every_key_of_an_agreement_is_in_the_document(model: type[BaseModel]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, entry in model.model_fields.items():
        key = entry.alias or name
        assert re.search(rf"`{key}`|[{{,`\s]{key}:", text), f"{model.__name__}.{key} is not explained"
