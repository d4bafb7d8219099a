"""Pages about old records: who opens them, that they name nobody, from a proposal to a certificate, holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from goldenthread.casework.models import Case, DestructionCertificate, DestructionProposal, LegalHold
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership, partnership
from .test_destroying import old_case
from .visitors import visitor, words

LIST = "/retention/"


@pytest.fixture
def place(db: Any, settings: Any, tmp_path: Path) -> Partnership:
    settings.MEDIA_ROOT = tmp_path / "documents"
    return partnership()


@pytest.fixture
def keeper(place: Partnership) -> Client:
    return visitor(place, "Martin Sharples", "business_manager", place.care)


@pytest.fixture
def other(place: Partnership) -> Client:
    return visitor(place, "Ines Ferreira", "records_manager", place.care)


def test_from_the_list_to_a_certificate_by_two_people_and_nobody_is_named(
    place: Partnership, keeper: Client, other: Client
) -> None:
    case = old_case(place, "Secret Name")
    pages = [keeper.get(LIST)]
    assert f"{case.reference} Contact, closed 2 June 2012" in words(pages[0])
    made = keeper.post(LIST, {"cases": [str(case.pk)]}, follow=True)
    proposal = DestructionProposal.objects.get()
    address = reverse("retention:proposal", args=[proposal.pk])
    assert made.redirect_chain[-1][0] == address and "somebody else must agree" in words(made)
    alone = keeper.post(address, {"decision": "agree"})
    assert alone.status_code == 403 and Case.objects.exists()
    pages += [made, other.get(address), other.get(reverse("retention:record", args=[case.pk]))]
    assert "Agree and destroy them" in words(pages[2])
    done = other.post(address, {"decision": "agree"}, follow=True)
    certificate = DestructionCertificate.objects.get()
    assert done.redirect_chain[-1][0] == reverse("retention:certificate", args=[certificate.pk])
    assert "The certificate is whole" in words(done) and case.reference in words(done)
    assert not Case.objects.exists()
    pages += [done, keeper.get("/retention/certificates/"), keeper.get("/retention/proposals/")]
    for page in pages:
        assert (
            page.status_code == 200
            and "Secret" not in page.content.decode()
            and "Bruises" not in page.content.decode()
        )
    assert JournalEntry.objects.filter(verb="retention.view", subject_id=str(case.pk)).exists()


def test_a_certificate_that_was_changed_says_so(place: Partnership, keeper: Client, other: Client) -> None:
    case = old_case(place)
    keeper.post(LIST, {"cases": [str(case.pk)]})
    other.post(
        reverse("retention:proposal", args=[DestructionProposal.objects.get().pk]), {"decision": "agree"}
    )
    made = DestructionCertificate.objects.get()
    with connection.cursor() as cursor:
        on = " ON casework_destructioncertificate" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER casework_destructioncertificate_no_update{on}")
    DestructionCertificate.objects.filter(pk=made.pk).update(body={**made.body, "people": 99})
    page = words(keeper.get(reverse("retention:certificate", args=[made.pk])))
    assert "Changed" in page and "is not what was written" in page


def test_a_hold_is_placed_seen_and_lifted(place: Partnership, keeper: Client) -> None:
    case = old_case(place)
    address = reverse("retention:hold", args=[case.pk])
    wrong = keeper.post(address, {"covers": "case"})
    assert wrong.status_code == 422 and "Enter who asked for it" in words(wrong)
    given = {"covers": "case", "authority": "The High Court, 12/26", "reason": "A claim has been brought."}
    assert "Held. It stays" in words(keeper.post(address, given, follow=True))
    hold = LegalHold.objects.get()
    page = keeper.get(LIST)
    assert "Held" in words(page) and f'value="{case.pk}"' not in page.content.decode()
    refused = keeper.post(LIST, {"cases": [str(case.pk)]})
    assert refused.status_code == 422 and "no longer due" in words(refused)
    assert "The High Court, 12/26" in words(keeper.get("/retention/holds/"))
    lift = reverse("retention:lift", args=[hold.pk])
    assert keeper.post(lift, {"reason": ""}).status_code == 422
    keeper.post(lift, {"reason": "The claim was settled."})
    assert keeper.get(lift).status_code == 404
    assert f'value="{case.pk}"' in keeper.get(LIST).content.decode()


def test_a_proposal_can_be_refused_with_a_reason(place: Partnership, keeper: Client, other: Client) -> None:
    case = old_case(place)
    keeper.post(LIST, {"cases": [str(case.pk)]})
    address = reverse("retention:proposal", args=[DestructionProposal.objects.get().pk])
    assert other.post(address, {"decision": "keep", "reason": ""}).status_code == 422
    assert "The records are kept" in words(
        other.post(address, {"decision": "keep", "reason": "A claim is expected."}, follow=True)
    )
    assert "A claim is expected." in words(keeper.get(address))
    assert "Somebody has decided" in words(other.post(address, {"decision": "agree"}))


def test_a_record_is_found_by_its_reference_and_a_stranger_to_the_work_opens_nothing(
    place: Partnership, keeper: Client
) -> None:
    case = old_case(place)
    found = keeper.get(LIST, {"reference": case.reference.lower()})
    assert found.headers["Location"] == reverse("retention:record", args=[case.pk])
    assert "There is no record NOT-1" in words(keeper.get(LIST, {"reference": "NOT-1"}))
    worker = visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)
    for name in ("list", "schedules", "holds", "proposals", "certificates"):
        assert worker.get(reverse(f"retention:{name}")).status_code == 403
        assert Client().get(reverse(f"retention:{name}")).status_code == 302
    assert "Old records" in words(keeper.get("/guidance/")) and "Old records" not in words(worker.get("/my-work/"))


def test_a_restricted_record_of_the_same_person_is_nowhere_for_those_who_may_not_know_of_it(
    place: Partnership, keeper: Client
) -> None:
    case, hidden = old_case(place, "Ada Wray"), old_case(place, "Bea Wray")
    Case.objects.filter(pk=hidden.pk).update(subject=case.subject_id, restricted=True, is_open=True, closed_at=None)
    page = words(keeper.get(reverse("retention:record", args=[case.pk])))
    assert hidden.reference not in page and "kept for a reason that your role does not show" in page
    assert "Another record" not in page
    Case.objects.filter(pk=hidden.pk).update(restricted=False)
    assert hidden.reference in words(keeper.get(reverse("retention:record", args=[case.pk])))


def test_every_look_at_proposals_and_certificates_is_journalled(place: Partnership, keeper: Client, other: Client) -> None:
    case = old_case(place)
    keeper.post(LIST, {"cases": [str(case.pk)]})
    proposal = reverse("retention:proposal", args=[DestructionProposal.objects.get().pk])
    done = other.post(proposal, {"decision": "agree"})
    for _ in range(2):
        assert "The certificate is whole" in words(other.get(done.headers["Location"]))
    other.get("/retention/proposals/")
    other.get("/retention/certificates/")
    seen = JournalEntry.objects.filter(user_id=other.user.pk, verb__startswith="retention.")  # type: ignore[attr-defined]
    looks = list(seen.filter(subject_type="retention").order_by("pk").values_list("verb", "subject_id"))
    certificate = ("retention.certificate", str(DestructionCertificate.objects.get().pk))
    assert looks == [certificate, certificate, ("retention.list", "proposals"), ("retention.list", "certificates")]


def test_the_schedules_say_how_far_each_number_was_checked(keeper: Client) -> None:
    page = words(keeper.get("/retention/schedules/"))
    assert "75 years from birth" in page and "regulation 50" in page and "Not checked" in page
