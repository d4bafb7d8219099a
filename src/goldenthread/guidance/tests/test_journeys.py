"""The language of journeys and of services: what is refused with its line and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.capacity import Service, check_service
from goldenthread.guidance.journey import Journey, check_journey
from goldenthread.guidance.library import shipped
from goldenthread.guidance.reading import GuidanceError, read

JOURNEY = """\
id: back
title: Back from being missing
about: What follows when a missing child is back.
cohort: Reported missing
entered: missing.reported_missing
follow: 3 months
columns:
  - title: Back
    clocks: [missing.prevention_interview]
    stages:
      found: {title: Found, reached: {missing.found: {how: [police, family]}}}
      came: {title: Came back, reached: {missing.found: {how: came_back}}, broader: Back}
    otherwise: Still missing
compare: [found]
ethnic_groups:
  White: [WBRI, WIRI]
  Any other: [WOTH, OOTH]
reference: A sample for this test
"""

SERVICE = """\
id: door
title: Front door
about: Contacts that wait.
piece: contacts
arrives: contact.contact_received
served_by: contact.decided
people: 3
hours_a_day: 6
work: {taken_up: contact.screened, at_once: 5}
target: {waiting: 10, reference: A sample}
reference: A sample for this test
"""


def faults(kind: str, text: str) -> list[str]:
    model, check = {"journey": (Journey, check_journey), "service": (Service, check_service)}[kind]
    try:
        value, source = read(model, Path(f"{kind}.yaml"), text)
    except GuidanceError as error:
        return [str(fault) for fault in error.faults]
    return [str(source.fault(where, problem)) for where, problem in check(shipped(), value)]


def test_the_samples_have_no_fault() -> None:
    assert not faults("journey", JOURNEY) and not faults("service", SERVICE)


@pytest.mark.parametrize(
    ("change", "to", "line", "says"),
    [
        ("missing.reported_missing", "missing.reported_mising", 5, "did you mean 'reported_missing'?"),
        ("missing.prevention_interview", "missing.prevention", 9, "missing has no duty 'prevention'"),
        ("how: came_back", "how: came_bak", 12, "'came_bak' is not an answer to 'how'; did you mean 'came_back'?"),
        ("compare: [found]", "compare: [fount]", 14, "no stage is called 'fount'; did you mean 'found'?"),
        ("missing.found: {how: came_back}", "allegation.lado_notified: {}", 12, "allegation is restricted"),
        ("{how: came_back}", "{where: there}", 12, "a journey goes by answers that are chosen"),
        ("follow: 3 months", "follow: 5 working days", 1, "write `follow` in days, weeks, months or years"),
        ("broader: Back", "broader: Found", 1, "'Found' is the name of two places"),
        ("[WOTH, OOTH]", "[WBRI]", 1, "the code WBRI is in two ethnic groups"),
        ("otherwise:", "otherwize:", 13, "did you mean 'otherwise'"),
    ],
)
def test_a_journey_that_leads_nowhere_is_refused(change: str, to: str, line: int, says: str) -> None:
    found = faults("journey", JOURNEY.replace(change, to, 1))
    assert any(f"yaml:{line}" in one and says in one for one in found), found


@pytest.mark.parametrize(
    ("change", "to", "line", "says"),
    [
        ("contact.decided", "contact.decide", 6, "contact has no event 'decide'; did you mean 'decided'?"),
        ("work: {taken_up: contact.screened, at_once: 5}", "work: {at_once: 5, hours: [1]}", 9, "`at_once`, and it is measured"),
        ("at_once: 5", "at_ones: 5", 9, "did you mean 'at_once'"),
        ("people: 3", "people: 0", 7, "greater than or equal to 1"),
        ("contact.decided", "{contact.decided: {outcome: advice}}", 6, "are events, without answers"),
    ],
)
def test_a_service_that_leads_nowhere_is_refused(change: str, to: str, line: int, says: str) -> None:
    found = faults("service", SERVICE.replace(change, to, 1))
    assert any(f"yaml:{line}" in one and says in one for one in found), found


def test_what_ships_is_there_and_speaks_of_no_restricted_pathway_in_a_journey() -> None:
    library = shipped()
    assert {"from_contact", "from_referral", "from_enquiry"} <= set(library.journeys)
    assert {"front_door", "designated_officer", "review_records"} <= set(library.services)
    assert library.services["designated_officer"].restricted(library) == {"allegation"}
    restricted = set(library.restricted())
    assert not {name.partition(".")[0] for one in library.journeys.values() for name in one.events()} & restricted
