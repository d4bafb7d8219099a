"""The action register: built from the events that guidance names, equal to a replay, and shown only to who may see the case."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import AmendEvent, OpenCase, RecordEvent, WithdrawEvent
from goldenthread.casework.actions.registering import RebuildRegister
from goldenthread.casework.models import AgreedAction, Case, Duty, Event, Involvement
from goldenthread.casework.queries.register import line_of
from goldenthread.casework.register import COLUMNS
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import pathways
from goldenthread.foundation.models import JournalEntry

from .front_door_people import ago, child, recorded
from .partnership import Partnership, partnership
from .visitors import today_boxes, values, visitor, words

SYSTEM = SystemActor("tests")
TODAY = timezone.localdate


@pytest.fixture
def place(db: Any) -> Partnership:
    found = partnership()
    Organisation.objects.create(slug="unit", title="Business unit", kind="business_unit", area=found.county)
    return found


@pytest.fixture
def dispute(place: Partnership) -> Case:
    """A case of a pathway that takes up the actions of meetings."""
    when = ago(days=30)
    data = {"raised_by": "health", "category": "practice", "problem": "Sent back three times."}
    return OpenCase(SYSTEM).run(
        "problem_resolution", child(place), when, data, organisation=place.care, lead=place.reviewing, recorded_at=when
    )


def agreed(place: Partnership, case: Case, number: int, *, due: int = 10, days: int = 20, **more: Any) -> Event:
    data = {"number": number, "agency": place.police.slug, "what": f"Do thing {number}.",
            "due_on": (TODAY() + timedelta(days=due)).isoformat(), **more}  # fmt: skip
    return recorded(place, case, "action_agreed", ago(days=days), **data)


def table() -> list[tuple[Any, ...]]:
    columns = ["agency_id" if name == "agency" else name for name in COLUMNS]
    return list(AgreedAction.objects.order_by("id").values_list("id", "case", "pathway", *columns))


def test_an_action_lives_in_the_register_as_its_events_tell(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1, agreed_at="Meeting of 3 May", measure="late_visits")
    recorded(place, dispute, "action_progressed", ago(days=9), number=1, progress="amber", said="Begun.", evidence="A letter",
             evidence_dated=(TODAY() - timedelta(days=12)).isoformat())  # fmt: skip
    row = AgreedAction.objects.get()
    assert (row.number, row.what, row.agency, row.source) == ("1", "Do thing 1.", place.police, "plan")
    assert row.where == "Meeting of 3 May"
    assert (row.progress, row.said, row.evidence, row.evidences) == ("amber", "Begun.", "A letter", 1)
    assert row.evidence_on == TODAY() - timedelta(days=12), "its own date, not that of the recording"
    assert row.progress_on == TODAY() - timedelta(days=9) and row.closed_on is None and row.measure == "late_visits"
    recorded(place, dispute, "action_closed", ago(days=3), number=1, how="done", what_changed="He is seen.")
    row.refresh_from_db()
    assert (row.closed_on, row.how, row.changed) == (TODAY() - timedelta(days=3), "done", "He is seen.")
    agreed(place, dispute, 1, due=40, days=1, what="Do it again.")
    row.refresh_from_db()
    assert (row.closed_on, row.how, row.reopened, row.what) == (None, "", 1, "Do it again.")
    assert row.due_on == TODAY() + timedelta(days=40)


def test_the_agency_that_takes_it_on_owes_its_clock_and_is_part_of_the_case(place: Partnership, dispute: Case) -> None:
    assert not Involvement.objects.filter(case=dispute, organisation=place.police).exists()
    agreed(place, dispute, 1)
    duty = Duty.objects.get(case=dispute, duty="agreed_action")
    assert duty.organisation == place.police and Involvement.objects.filter(case=dispute, organisation=place.police).exists()


def test_a_correction_and_a_withdrawal_change_the_register(place: Partnership, dispute: Case) -> None:
    first, second = agreed(place, dispute, 1), agreed(place, dispute, 2)
    dispute.refresh_from_db()
    AmendEvent(SYSTEM).run(first, ago(days=20), {**first.data, "number": 7}, "Wrong number")
    assert sorted(AgreedAction.objects.values_list("number", flat=True)) == ["2", "7"]
    WithdrawEvent(SYSTEM).run(second, "Never agreed")
    assert list(AgreedAction.objects.values_list("number", flat=True)) == ["7"]


def test_made_anew_it_is_the_same_and_what_was_spoilt_is_put_right(place: Partnership, dispute: Case) -> None:
    for number in (1, 2, 3):
        agreed(place, dispute, number)
    recorded(place, dispute, "action_closed", ago(days=3), number=2, how="could_not")
    before = table()
    assert RebuildRegister(SYSTEM).run() == 0 and table() == before
    AgreedAction.objects.filter(number="1").delete()
    AgreedAction.objects.filter(number="3").update(what="Spoilt")
    assert RebuildRegister(SYSTEM).run() == 2 and table() == before
    AgreedAction.objects.filter(number="1").update(case=OpenCase(SYSTEM).run(
        "problem_resolution", child(place, "Ada Brook"), ago(days=2),
        {"raised_by": "health", "category": "practice", "problem": "x"}, organisation=place.care, lead=place.reviewing,
    ))  # fmt: skip
    RebuildRegister(SYSTEM).run()
    assert table() == before


def test_a_recommendation_of_a_review_is_followed_to_its_effect_and_reopened(place: Partnership) -> None:
    unit = Organisation.objects.get(slug="unit")
    review = OpenCase(SYSTEM).run(
        "practice_review", child(place), ago(days=400), {}, kind="review_begun", organisation=unit, recorded_at=ago(days=400)
    )
    data = {"number": 4, "text": "Ask who else is in the home.", "agency": place.police.slug, "measure": "adults_known",
            "due_on": (TODAY() - timedelta(days=100)).isoformat()}  # fmt: skip
    made = recorded(place, review, "recommendation_made", ago(days=300), organisation=unit, **data)
    case = Case.objects.get(opened_from=made)
    assert case.about == place.police and case.lead == unit
    row = AgreedAction.objects.get(case=case)
    assert (row.what, row.agency, row.source, row.number) == ("Ask who else is in the home.", place.police, "review", "")
    shown = TODAY() - timedelta(days=130)
    for kind, days, given in (
        ("responded", 290, {"accepted": "all", "response": "Yes."}),
        ("done", 120, {"said": "Asked now.", "evidence": "Form", "evidence_dated": shown.isoformat()}),
        ("impact_judged", 20, {"before": 40, "after": 80, "worked": "improved", "what_changed": "They are known."}),
        ("case_closed", 19, {"how": "worked"}),
    ):
        recorded(place, case, kind, ago(days=days), organisation=unit, **given)
        row.refresh_from_db()
        told = line_of(row)
        assert told.late == (kind == "responded"), "done is late no more, though its effect is still to be judged"
        assert (told.how_it_goes == "Done, effect to be judged") == (kind != "responded")
    assert (row.evidence_on, row.changed, row.how) == (shown, "They are known.", "worked") and row.closed_on is not None
    recorded(place, case, "reopened", ago(days=2), organisation=unit, reason="recurred", agency=place.police.slug,
             due_on=(TODAY() + timedelta(days=30)).isoformat())  # fmt: skip
    row.refresh_from_db()
    assert row.closed_on is None and row.reopened == 1 and row.due_on == TODAY() + timedelta(days=30)


# Pages ----------------------------------------------------------------------------------------------------------------


def page(name: str, *args: Any, query: str = "") -> str:
    return reverse(f"register:{name}", args=args) + query


def test_the_list_narrows_by_state_agency_source_and_owner(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1, due=-3, what="Late thing")
    agreed(place, dispute, 2, due=5, what="Soon thing")
    agreed(place, dispute, 3, due=90, what="Far thing", agency=place.health.slug)
    recorded(place, dispute, "action_closed", ago(days=1), number=3, how="done")
    client = visitor(place, "Joe Kay", "police_officer", place.police)
    every = words(client.get(page("list")))
    assert "1 Late 1 Due in 30 days 2 All open 1 Closed" in every and "Late thing" in every and "Far thing" not in every
    late = words(client.get(page("list", query="?state=late")))
    assert "Late thing" in late and "Soon thing" not in late
    assert "Far thing" in words(client.get(page("list", query="?state=closed")))
    assert "Nothing is open." in words(client.get(page("list", query=f"?agency={place.school.slug}")))
    assert "Late thing" in words(client.get(page("list", query=f"?agency={place.police.slug}&source=plan&owner=ours")))
    assert "Late thing" not in words(client.get(page("list", query="?source=marac")))
    assert "Late thing" not in words(client.get(page("list", query="?owner=mine")))
    assert "Late thing" in words(client.get(page("list", query="?owner=nonsense&state=&page=x")))


def test_what_one_may_not_see_is_in_no_list_count_filter_or_export(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1, what="Secret thing")
    row = AgreedAction.objects.get()
    police = visitor(place, "Joe Kay", "police_officer", place.police)
    assert "Secret thing" in words(police.get(page("list")))
    outside = visitor(place, "Ann Poole", "school_safeguarding_lead", place.school)
    Case.objects.filter(pk=dispute.pk).update(restricted=True)
    for client in (police, outside):
        told = words(client.get(page("list")))
        assert "Secret thing" not in told and "0 All open" in told
        assert f"<option value=\"{place.police.slug}\"" not in client.get(page("list")).content.decode()
        assert client.get(page("one", row.pk)).status_code == 404
        assert client.get(page("record", row.pk, "action_progressed")).status_code == 404
        sheet = zipfile.ZipFile(io.BytesIO(client.get(page("export")).content)).read("xl/worksheets/sheet1.xml").decode()
        assert "Secret" not in sheet and dispute.reference not in sheet


def test_an_export_is_journalled_with_the_cases_it_told_of(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1)
    agreed(place, dispute, 2)
    client = visitor(place, "Joe Kay", "police_officer", place.police)
    assert client.get(page("export")).status_code == 200
    entry = JournalEntry.objects.filter(verb="actions.export").latest("pk")
    assert entry.detail["cases"] == [str(dispute.pk)] and entry.detail["rows"] == 2


def test_progress_and_evidence_are_recorded_from_the_action(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1)
    row = AgreedAction.objects.get()
    client = visitor(place, "Joe Kay", "police_officer", place.police)
    assert "Progress of an action" in words(client.get(page("one", row.pk)))
    form = values(client.get(page("record", row.pk, "action_progressed")))
    assert form["number"] == ["1"]
    sent = {name: each[-1] for name, each in form.items()} | today_boxes() | {
        "progress": "green", "said": "Half of it.", "evidence": "Minutes",
        **today_boxes("evidence_dated", TODAY() - timedelta(days=4)),
    }  # fmt: skip
    answer = client.post(page("record", row.pk, "action_progressed"), sent)
    assert answer.status_code == 302 and answer["Location"].startswith(page("one", row.pk))
    told = words(client.get(answer["Location"]))
    assert "Add the document that shows it" in told and "Green: on course" in told and "Minutes, dated" in told
    assert client.get(page("record", row.pk, "resolved")).status_code == 404, "an event that is none of this action's"


def test_a_link_may_fill_in_a_form_and_keeps_nothing(place: Partnership, dispute: Case) -> None:
    client = visitor(place, "Tom Marsden", "team_manager", place.care)
    form = client.get(reverse("casework:record", args=[dispute.pk, "answered"]) + "?answer=Will+do&nonsense=x&_version=9")
    assert "Will do" in form.content.decode() and "nonsense" not in form.content.decode()
    assert Event.objects.filter(case=dispute).count() == 1


def test_the_workbook_holds_the_list_and_no_formula(place: Partnership, dispute: Case) -> None:
    agreed(place, dispute, 1, what='=HYPERLINK("http://evil.example","x")', who="+44")
    client = visitor(place, "Joe Kay", "police_officer", place.police)
    answer = client.get(page("export"))
    assert answer["Content-Disposition"] == f'attachment; filename="actions-open-{TODAY().isoformat()}.xlsx"'
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "=HYPERLINK(&quot;http" in sheet and 's="3" t="inlineStr"' in sheet
    assert f"<v>{(TODAY() + timedelta(days=10) - date(1899, 12, 30)).days}</v>" in sheet


def test_an_agency_is_given_an_action_only_where_it_may_be_part_of_the_case(place: Partnership, dispute: Case) -> None:
    """Registered by sharing: what a dispute is about is told to this school with a manager's word, and she is none."""
    worker = place.actor("Rosa Whittle", place.care, team=place.team)
    data = {"number": 1, "agency": place.school.slug, "what": "x", "due_on": (TODAY() + timedelta(days=3)).isoformat()}
    with pytest.raises(Invalid) as refused:
        RecordEvent(worker).run(dispute, "action_agreed", ago(minutes=5), data)
    assert "agency" in refused.value.errors
    assert not Involvement.objects.filter(case=dispute, organisation=place.school).exists()


def test_every_pathway_that_takes_up_the_actions_says_so_in_guidance() -> None:
    known = pathways()
    assert {"action"} <= {name for one in known.values() for name in one.registers}
    assert {one.actions_from for one in known.values()} >= {"review", "marac", "meeting", "plan"}
