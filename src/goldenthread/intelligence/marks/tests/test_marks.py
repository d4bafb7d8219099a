"""Marking changes on charts: who may, what is refused, what others see of an action, and taking a mark off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import AgreedAction, Case
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.intelligence.marks.actions import MarkChange, TakeOffMark
from goldenthread.intelligence.marks.models import MarkedChange
from goldenthread.intelligence.marks.queries import areas_above, completed, completed_on, marks
from goldenthread.intelligence.tests.test_scorecard_pages import YEAR, folder, roles, sit, worked_out

__all__ = ["folder", "roles", "sit", "worked_out"]
pytestmark = pytest.mark.django_db
SYSTEM = SystemActor("test")
THEN = date(2025, 10, 1)


def actor(role: str, organisation: Organisation):
    user = User.objects.create(username=f"{role}.{organisation.slug}", first_name="Ana", last_name="Lyst")
    Membership.objects.create(
        user=user, organisation=organisation, role=Role.objects.get(slug=role), starts=date(2020, 1, 1)
    )
    return actor_for(user)


@pytest.fixture
def done(roles) -> AgreedAction:
    """An action that one agency took on, 90 days ago, and did, 30 days ago."""
    unit = Organisation.objects.create(slug="joint_business_unit", title="Joint unit", kind="business_unit")
    council = Organisation.objects.create(slug="council", title="Council", kind="childrens_social_care")
    now = timezone.now()
    due = (now + timedelta(days=30)).date().isoformat()
    case = OpenCase(SYSTEM).run(
        "action", council, now - timedelta(days=90), {"what": "A second screener", "agency": "council", "due_on": due},
        lead=unit, organisation=unit, recorded_at=now - timedelta(days=90),
    )  # fmt: skip
    RecordEvent(SYSTEM).run(
        case, "done", now - timedelta(days=30), {"said": "She began.", "evidence": "Contract", "evidence_dated": "2026-01-01"},
        organisation=unit, recorded_at=now - timedelta(days=30),
    )  # fmt: skip
    return AgreedAction.objects.get(case=case)


def test_a_mark_says_what_where_from_when_and_by_whom(roles):
    analyst = actor("performance_analyst", roles)
    mark = MarkChange(analyst).run("contacts", "lancashire_12", "  Second   screener ", on=THEN)
    assert (mark.what, mark.on, mark.area, mark.marked_by_name) == ("Second screener", THEN, "lancashire_12", analyst.name)
    entry = JournalEntry.objects.get(subject_type="marked_change")
    assert entry.verb == "marks.mark" and entry.detail["indicator"] == "contacts" and "screener" not in str(entry.detail)


def test_only_those_with_the_capability_may_mark_or_take_off(roles):
    mark = MarkChange(SYSTEM).run("contacts", "lancashire_12", "Second screener", on=THEN)
    manager = actor("team_manager", roles)
    with pytest.raises(NotAllowed):
        MarkChange(manager).run("contacts", "lancashire_12", "Mine", on=THEN - timedelta(days=1))
    with pytest.raises(NotAllowed):
        TakeOffMark(manager).run(mark.pk, "It was never done at all.")
    assert MarkedChange.objects.filter(taken_off_at=None).count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"indicator": "no_such"}, ""),
        ({"indicator": "allegation_contacts"}, ""),  # counts what few may see
        ({"area": "nowhere"}, "area"),
        ({"what": "  "}, "what"),
        ({"what": "x" * 81}, "what"),
        ({"on": None}, "on"),
        ({"on": date(2199, 1, 1)}, "on"),
        ({"on": date(1999, 1, 1)}, "on"),
        ({"action": "6b7f5d3e-0000-4000-8000-000000000000"}, "completed"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_question(roles, given, field):
    full = {"indicator": "contacts", "area": "lancashire_12", "what": "Second screener", "on": THEN} | given
    with pytest.raises(Invalid) as wrong:
        MarkChange(SYSTEM).run(full.pop("indicator"), full.pop("area"), full.pop("what"), **full)
    assert list(wrong.value.errors) == [field] and not MarkedChange.objects.exists()


def test_one_day_is_marked_once_in_an_area_until_its_mark_is_taken_off(roles):
    mark = MarkChange(SYSTEM).run("contacts", "lancashire_12", "Second screener", on=THEN)
    with pytest.raises(Invalid, match="marked on that day already"):
        MarkChange(SYSTEM).run("contacts", "lancashire_12", "Again", on=THEN)
    with pytest.raises(Invalid, match="in a sentence"):
        TakeOffMark(SYSTEM).run(mark.pk, "Wrong")
    TakeOffMark(SYSTEM).run(mark.pk, "She began a month later.")
    with pytest.raises(Invalid, match="taken off already"):
        TakeOffMark(SYSTEM).run(mark.pk, "She began a month later.")
    MarkChange(SYSTEM).run("contacts", "lancashire_12", "Again", on=THEN)
    analyst = actor("performance_analyst", roles)
    standing, gone = marks(analyst, current_library(), "contacts", ["lancashire_12"])
    assert [one.row.what for one in standing] == ["Again"]
    assert [(one.row.reason, one.row.taken_off_by_name) for one in gone] == [("She began a month later.", "test")]


def test_a_change_in_the_county_is_one_in_its_districts_and_not_the_other_way(roles):
    library, analyst = current_library(), actor("performance_analyst", roles)
    for area in ("everywhere", "lancashire_12", "burnley"):
        MarkChange(SYSTEM).run("contacts", area, area, on=THEN)
    for area, seen in (("burnley", 3), ("lancashire_12", 2), ("pan_lancashire", 1), ("blackpool", 1)):
        assert len(marks(analyst, library, "contacts", areas_above(library, area))[0]) == seen


def test_an_action_gives_its_day_and_only_those_who_may_see_it_are_led_to_it(roles, done):
    officer = actor("business_officer", Organisation.objects.get(slug="joint_business_unit"))
    analyst = actor("performance_analyst", roles)
    day = timezone.localdate() - timedelta(days=30)
    assert [completed_on(one) for one in completed(officer)] == [day] and not completed(analyst).exists()
    with pytest.raises(Invalid, match="was done on"):
        MarkChange(officer).run("contacts", "lancashire_12", "Second screener", on=THEN, action=done.pk)
    with pytest.raises(Invalid, match="you may see"):
        MarkChange(analyst).run("contacts", "lancashire_12", "Second screener", action=done.pk)
    assert MarkChange(officer).run("contacts", "lancashire_12", "Second screener", action=done.pk).on == day
    library = current_library()
    assert marks(officer, library, "contacts", ["lancashire_12"])[0][0].action == done
    assert marks(analyst, library, "contacts", ["lancashire_12"])[0][0].action is None


def test_an_action_of_a_restricted_case_is_not_offered_to_anyone(roles, done):
    Case.objects.filter(pk=done.case_id).update(restricted=True)
    assert not completed(SYSTEM).exists()
    with pytest.raises(Invalid, match="you may see"):
        MarkChange(SYSTEM).run("contacts", "lancashire_12", "Second screener", action=done.pk)


def test_nobody_without_totals_sees_a_mark(roles):
    MarkChange(SYSTEM).run("contacts", "lancashire_12", "Second screener", on=THEN)
    assert marks(actor("social_worker", roles), current_library(), "contacts", ["lancashire_12"]) == ([], [])


def test_the_chart_is_drawn_with_the_mark_and_says_what_became_of_the_numbers(sit, worked_out):
    client = sit("performance_analyst")
    address = reverse("marks:mark", args=["contacts"])
    answer = client.post(f"{address}?area=lancashire_12", {"what": "Second screener", "area": "lancashire_12", "on": "1 6 2025"})
    assert answer.status_code == 302 and answer["Location"] == "/scorecard/contacts/?area=lancashire_12#changed"
    page = client.get(f"/scorecard/contacts/?{YEAR}").content.decode()
    assert "A: Second screener" in page and "Since 1 June 2025 the average is" in page
    assert "Marked by" in page and "Take off" in page and "The action" not in page
    other = sit("team_manager").get(f"/scorecard/contacts/?{YEAR}").content.decode()
    assert "Second screener" in other and "Take off" not in other and "Mark a change" not in other
    gone = client.post(reverse("marks:take-off", args=[MarkedChange.objects.get().pk]), {"reason": "It was never begun."})
    assert gone.status_code == 302
    page = client.get(f"/scorecard/contacts/?{YEAR}").content.decode()
    assert "A: Second screener" not in page and "It was never begun." in page and "Since 1 June 2025" not in page


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(sit, worked_out):
    client = sit("business_manager")
    answer = client.post(reverse("marks:mark", args=["contacts"]), {"what": "Second screener", "area": "burnley", "on": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Enter the day from which it was different" in page and "Second screener" in page
    assert client.get(reverse("marks:mark", args=["no_such"])).status_code == 404
    assert sit("team_manager").get(reverse("marks:mark", args=["contacts"])).status_code == 403


def test_the_page_that_stands_alone_has_every_picture_its_table_and_the_marks(sit, worked_out):
    MarkChange(SYSTEM).run("contacts", "everywhere", "Second screener", on=date(2025, 6, 1))
    client = sit("performance_analyst")
    answer = client.get(f"/scorecard/contacts/page/?{YEAR}")
    words = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="contacts-lancashire-12-2025-26.html"'
    assert "<script" not in words and "<link" not in words and "style=" not in words and "<a " not in words
    assert words.count("<svg") >= 6 and words.count("<table") >= 2 and "Second screener" in words
    assert ">c</text>" in words and "Pendle: 2" not in words  # told as to those outside need to know, whoever takes it
    assert client.get("/scorecard/no_such/page/").status_code == 404
