"""What the demo's agencies sent in is whole on whatever day it is made: in time, late, missing, returned, and begun."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from goldenthread.agencies.actions import LoadArrangement
from goldenthread.clocks.calendar import LONDON
from goldenthread.demo.collections import BACK, NEVER, add_collections
from goldenthread.foundation.actor import SystemActor
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.collections.feeding import collected_rows
from goldenthread.intelligence.collections.models import Submission
from goldenthread.intelligence.collections.queries import standing

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("The demo")


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 11, 22), False), (date(2027, 1, 8), True), (date(2026, 4, 1), True), (date(2026, 7, 31), False)],
    ids=str,
)
def test_every_standing_is_there(day: date, due: bool) -> None:
    LoadArrangement(ACTOR).run(shipped().arrangements["lancashire"])
    made = add_collections(ACTOR, 7, datetime(day.year, day.month, day.day, 9, tzinfo=LONDON))
    rows = list(Submission.objects.select_related("organisation"))
    assert made == len(rows) == 14 * 9
    stands = {standing(one, day) for one in rows}
    assert {"early", "approved", "locked"} <= stands and ("due" in stands) is due
    assert {one.in_time for one in rows} == {True, False, None}
    last = {one.organisation.slug: one for one in rows if one.last_day < day and (day - one.last_day).days <= 92}
    assert last[NEVER].first_sent_on is None
    if not due:
        assert (standing(last[NEVER], day), standing(last[BACK], day)) == ("late", "returned")
    values = {(row.indicator, row.period): row.value for row in collected_rows() if row.area == "pan_lancashire"}
    assert len(values) >= 6 * 7 and all(value is not None and value >= 0 for value in values.values())
