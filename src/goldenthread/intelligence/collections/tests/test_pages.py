"""The pages as people use them: nothing typed is lost, errors stand at their box, and each sees only what is theirs."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from goldenthread.foundation.workbook import workbook
from goldenthread.foundation.workbook_reading import read_sheet
from goldenthread.intelligence.collections.actions import SaveValues
from goldenthread.intelligence.collections.models import Asking, Entry, Submission
from goldenthread.intelligence.collections.queries import values_at
from goldenthread.intelligence.collections.sheets import HEADS

from .place import FIRES, Place, place, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> Place:
    return place()


def client(user: Any) -> Client:
    found = Client()
    found.force_login(user)
    return found


def page(user: Any, name: str, *args: Any) -> str:
    found = client(user).get(reverse(f"collections:{name}", args=args))
    assert found.status_code == 200
    return found.content.decode()


def sent_form(values: dict[str, str], version: int, **more: str) -> dict[str, str]:
    return {f"value-{box}": text for box, text in values.items()} | {"version": str(version)} | more


def test_the_list_has_what_is_late_first_with_the_day_it_was_due(here: Place) -> None:
    text = page(here.officer, "list")
    assert text.index("Late") < text.index("2025/26 Q1") < text.index("2025/26 Q2")
    assert "Was due Monday 28 July 2025" in text
    assert "Your agency is not asked for any collection" in page(here.stranger, "list")


def test_a_form_is_filled_in_kept_for_later_checked_and_sent_by_another(here: Place) -> None:
    form = here.form()
    first = page(here.officer, "one", form.pk)
    assert "Count" not in first or "Fires in homes that were not set on purpose" in first
    assert 'name="value-dwelling_fires.district.burnley"' in first and "How the due day was worked out" in first
    browser = client(here.officer)
    kept = browser.post(reverse("collections:one", args=[form.pk]), sent_form({"deaths": "1"}, 1, then="stay"), follow=True)
    assert "Saved. It has not been sent yet." in kept.content.decode() and 'value="1"' in kept.content.decode()
    checked = browser.post(reverse("collections:one", args=[form.pk]), sent_form(FIRES, 2, then="check"), follow=True)
    text = checked.content.decode()
    assert "Somebody else of your agency looks at them" in text and "Agree and send" not in text
    other = client(here.lead)
    assert "Agree and send" in other.get(reverse("collections:check", args=[form.pk])).content.decode()
    gone = other.post(reverse("collections:check", args=[form.pk]), {"version": "3"}, follow=True)
    assert "has been sent" in gone.content.decode()
    form.refresh_from_db()
    assert form.state == "sent"


def test_what_cannot_be_read_is_told_at_its_box_and_everything_typed_stays(here: Place) -> None:
    form = here.form()
    values = {**FIRES, "deaths": "two", "visits": "4.00001"}
    found = client(here.officer).post(
        reverse("collections:one", args=[form.pk]), sent_form(values, 1, **{"comment-concerns": "New system"})
    )
    text = found.content.decode()
    assert found.status_code == 422 and not Entry.objects.exists()
    assert 'href="#value-deaths"' in text and 'id="error-deaths-1"' in text and 'value="two"' in text
    assert 'value="22"' in text and 'value="4.00001"' in text and "New system" in text and "Enter no more than 4 decimals" in text


def test_a_form_that_somebody_else_saved_meanwhile_shows_both_and_keeps_what_was_typed(here: Place) -> None:
    form = here.form()
    SaveValues(here.as_(here.lead)).run(form, typed({"deaths": "1"}), 1)
    browser = client(here.officer)
    found = browser.post(reverse("collections:one", args=[form.pk]), sent_form({"deaths": "2"}, 1))
    text = found.content.decode()
    assert found.status_code == 409 and "Somebody else saved values while you were typing" in text
    assert 'value="2"' in text and 'name="version" value="2"' in text
    again = browser.post(reverse("collections:one", args=[form.pk]), sent_form({"deaths": "2"}, 2))
    assert again.status_code == 302
    form.refresh_from_db()
    assert values_at(form)["deaths"].value == 2


def test_the_check_names_what_keeps_it_and_leads_to_the_box(here: Place) -> None:
    form = here.form()
    SaveValues(here.as_(here.officer)).run(form, typed({**FIRES, "no_alarm": "40", "concerns": ""}))
    text = page(here.lead, "check", form.pk)
    assert "2 things to put right or explain first" in text and "Agree and send" not in text
    assert f"/collections/{form.pk}/?wrong=1#value-no_alarm" in text
    shown = client(here.lead).get(f"/collections/{form.pk}/?wrong=1").content.decode()
    assert 'id="error-no_alarm-1"' in shown and "or say why it is blank" in shown
    refused = client(here.lead).post(reverse("collections:check", args=[form.pk]), {"version": str(form.version)})
    assert refused.status_code == 422
    form.refresh_from_db()
    assert form.state == "draft"


def test_another_agency_is_told_the_same_as_of_a_form_that_is_not_there(here: Place) -> None:
    form = here.form()
    absent = "00000000-0000-4000-8000-000000000000"
    for name in ("one", "check", "download", "bring"):
        hidden, none = (
            client(here.stranger).get(reverse(f"collections:{name}", args=[one])) for one in (form.pk, absent)
        )
        assert hidden.status_code == none.status_code == 404, name
    assert client(here.officer).get(reverse("collections:overview")).status_code == 403
    assert client(here.officer).post(reverse("collections:decide", args=[form.pk])).status_code == 403


def test_the_analyst_sees_every_agency_by_period_and_approves_returns_locks_and_opens_again(here: Place) -> None:
    form = here.sent("2025/26 Q1", date(2025, 7, 20))
    here.sent("2025/26 Q2", date(2025, 10, 30))
    overview = page(here.analyst, "overview")
    assert "To approve" in overview and "Fire service" in overview and "<strong>late</strong>" in overview
    matrix = client(here.analyst).get(reverse("collections:overview") + "?collection=fire-safety").content.decode()
    assert "in time" in matrix and "2 of 3" in matrix and "33%" in matrix and "100%" in matrix and "overdue" in matrix
    browser = client(here.analyst)

    def decide(decision: str, reason: str = "", version: int | None = None) -> str:
        form.refresh_from_db()
        given = {"decision": decision, "reason": reason, "version": str(form.version if version is None else version)}
        found = browser.post(reverse("collections:decide", args=[form.pk]), given, follow=True)
        form.refresh_from_db()
        return found.content.decode()

    assert "Say why it is returned" in decide("return") and form.state == "sent"
    assert "Somebody else changed it" in decide("approve", version=1) and form.state == "sent"
    decide("approve")
    assert form.state == "approved"
    decide("lock")
    assert form.state == "locked"
    told = decide("reopen", "A coroner has decided")
    assert form.state == "returned" and "A coroner has decided" in told


def test_the_analyst_begins_and_ends_asking(here: Place) -> None:
    browser = client(here.analyst)
    address = reverse("collections:ask", args=["district-housing"])
    assert "Choose the first period" in browser.post(address, {"since": "soon"}, follow=True).content.decode()
    browser.post(address, {"since": "2025/26 Q1"})
    assert Submission.objects.filter(collection="district_housing", period="2025/26 Q1").count() == 2
    assert "burnley" in browser.get(reverse("collections:overview") + "?collection=district-housing").content.decode().lower()
    browser.post(address, {"ask": "stop"})
    assert Asking.objects.get(collection="district_housing").until is not None


def workbook_of(here: Place, form: Submission) -> bytes:
    found = client(here.officer).get(reverse("collections:download", args=[form.pk]))
    assert found.headers["Content-Disposition"] == 'attachment; filename="fire-safety-2025-26-Q1.xlsx"'
    return bytes(found.content)


def refilled(content: bytes, values: dict[str, tuple[str, str]]) -> bytes:
    """The workbook as somebody filled it in."""
    rows = [list(row.cells) + [""] * (len(HEADS) - len(row.cells)) for row in read_sheet(content)]
    for row in rows:
        if row[0] in values:
            row[5], row[6] = values[row[0]]
    return workbook("Filled", rows[0], rows[1:])


def brought(here: Place, form: Submission, content: bytes) -> Any:
    upload = SimpleUploadedFile("form.xlsx", content)
    return client(here.officer).post(reverse("collections:bring", args=[form.pk]), {"file": upload}, follow=True)


def test_a_workbook_goes_out_with_its_checks_and_comes_in_again(here: Place) -> None:
    form = here.form()
    content = workbook_of(here, form)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<dataValidation ") == 11 and "Leave out those where one was fitted" in sheet
    found = brought(here, form, refilled(content, typed({**FIRES, "concerns": ""}, {"concerns": "Not counted"})))
    assert "The workbook has been taken" in found.content.decode()
    form.refresh_from_db()
    given = values_at(form)
    assert given["visits"].value == 480 and (given["concerns"].value, given["concerns"].comment) == (None, "Not counted")


def test_a_malformed_workbook_is_told_by_row_and_column_and_nothing_of_it_is_taken(here: Place) -> None:
    form = here.form()
    content = workbook_of(here, form)
    # Row 3 is the first value; the deaths stand in row 8.
    wrong = brought(here, form, refilled(content, typed({**FIRES, "deaths": "none", "visits": "#REF!"}))).content.decode()
    assert "Row 8" in wrong and "is not a number" in wrong and "Row 9" in wrong and "2 things are wrong" in wrong
    rows = [list(row.cells) for row in read_sheet(content)]
    lost = workbook("Cut", rows[0], [*rows[1:5], ["deaths.of", "x", "", "", "", "3", ""], rows[4]])
    said = brought(here, form, lost).content.decode()
    assert "rows are missing" in said and "is not a value of this form" in said and "was given in row 5 already" in said
    assert "the headings" in brought(here, form, workbook("Other", ["A"], [[1]])).content.decode()
    assert "is of another form" in brought(here, here.form("2025/26 Q2"), content).content.decode()
    assert "not an Excel workbook" in brought(here, form, b"PK nothing").content.decode()
    assert "Choose the workbook" in client(here.officer).post(reverse("collections:bring", args=[form.pk])).content.decode()
    assert not Entry.objects.exists()


def test_a_workbook_that_was_overtaken_is_refused(here: Place) -> None:
    form = here.form()
    content = workbook_of(here, form)
    SaveValues(here.as_(here.lead)).run(form, typed({"deaths": "1"}))
    said = brought(here, form, refilled(content, typed(FIRES))).content.decode()
    assert "Values have been saved since this workbook was downloaded" in said
    form.refresh_from_db()
    assert values_at(form)["deaths"].value == 1


def test_the_guidance_page_says_what_a_collection_asks(here: Place) -> None:
    text = client(here.officer).get(reverse("guidance:collection", args=["police_children"])).content.decode()
    assert "15 working days after the last day of the period" in text
    assert "Feeds the indicator “Domestic abuse notifications" not in text and "Feeds the indicator “Domestic violence" in text
    assert "Its parts add up to the whole." in text and "Local rule" in text
    assert client(here.officer).get(reverse("guidance:collection", args=["nothing"])).status_code == 404
