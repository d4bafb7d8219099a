"""What the demo's agencies ask and say of figures: questions in each state, comments that stand and one that took another's
place, and subscriptions.

Recorded by actions, after the history that is told in bulk. What a question was told is counted from the demo's own clocks, and
kept back where it is small, as the scorecard keeps it. Nobody here is real.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.test.utils import override_settings

from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Duty
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.library import Library
from goldenthread.intelligence.comments.actions import CommentOnFigure, standing
from goldenthread.intelligence.disclosure import convention
from goldenthread.intelligence.indicators.periods import Period, previous
from goldenthread.intelligence.questions.actions import AskAboutFigure, open_about
from goldenthread.intelligence.questions.finding import Told
from goldenthread.intelligence.scorecard.keeping import digest_of
from goldenthread.intelligence.scorecard.reading import latest_over
from goldenthread.intelligence.scorecard.releasing import CONVENTION
from goldenthread.intelligence.subscriptions.actions import Subscribe

UNIT, CARE, POLICE, HEALTH = "joint_business_unit", "lcc_csc", "lancashire_constabulary", "lcft"
AREA, AREA_TITLE = "lancashire_12", "Lancashire"

#: Indicator, agency, quarters before the latest, days since asked, what is asked, and what came after: event, days ago, answers.
Later = tuple[tuple[str, int, dict[str, Any]], ...]
ASKED: tuple[tuple[str, str, int, int, str, Later], ...] = (
    ("contacts_screened_in_time", CARE, 2, 160, "Fewer contacts are screened in time than before. What lies behind it?",
     (("answered", 142, {"answer": "Two screeners left in one month and their posts stood empty for nine weeks.",
                         "cause": "capacity", "will_do": "Both posts are filled; a third person is trained to stand in."}),
      ("answer_accepted", 135, {"outcome": "being_put_right", "reasons": "It says what happened and what is done."}))),
    ("contacts_screened_in_time", CARE, 0, 18,
     "Screening in time has not come back to what it was. Which hours of the day are worst, and what will you do?", ()),
    ("agencies_answer_in_time", HEALTH, 0, 33, "Which of your services answer the front door late, and why?",
     (("answered", 24, {"answer": "We look into it.", "cause": "unknown"}),
      ("answer_sent_back", 20, {"why": "It does not say which services, nor by when we shall know.", "agency": HEALTH}))),
    ("return_interviews_in_72_hours", POLICE, 0, 50, "How soon are return interviews asked for once a child is found?", ()),
    ("plan_visits_in_time", CARE, 0, 12, "Visits in time differ between teams. What do the best ones do?",
     (("answered", 3, {"answer": "Their manager looks at the list each Monday, and visits are booked a month ahead.",
                       "cause": "practice", "will_do": "All teams do so from the first of next month."}),)),
)  # fmt: skip
#: Indicator, agency, role, quarters before the latest, days ago, words. A second of the same takes the place of the first.
SAID: tuple[tuple[str, str, str, int, int, str], ...] = (
    ("contacts_screened_in_time", CARE, "Front door manager", 0, 25, "Screening slowed."),
    ("contacts_screened_in_time", CARE, "Front door manager", 0, 24,
     "Screening slowed while a new form was brought in. It took four more minutes a contact; the form has been cut."),
    ("police_contacts", POLICE, "Police officer", 0, 20,
     "Officers now send a notification for every child in a home, not for the first alone."),
    ("agencies_answer_in_time", UNIT, "Performance analyst", 0, 15,
     "Answers that came by telephone are counted from this quarter on. Before, only those that were written down here were."),
)  # fmt: skip
#: Who, what, how often.
SUBSCRIBED = (
    ("team.manager", "front_door", "quarter"), ("reviewing.officer", "plan_reviews_in_time", "year"),
    ("designated.nurse", "looked_after_health", "quarter"), ("business.manager", "", "quarter"),
)  # fmt: skip


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_about_figures(actor: SystemActor, now: datetime) -> None:
    """Questions, comments and subscriptions, where the agencies that the lines name are there."""
    library, today = current_library(), now.date()
    agencies = {one.slug: one for one in Organisation.objects.filter(slug__in=(UNIT, CARE, POLICE, HEALTH))}
    for name, agency, back, ago, question, later in ASKED:
        _asked(actor, library, name, agencies[agency], agencies[UNIT], _quarter(today, back), now - timedelta(days=ago), question)
        _follow(actor, name, later, agencies, agency, now)
    for name, agency, role, back, ago, text in SAID:
        period = _quarter(today, back).key
        before = standing(name, AREA, period, agencies[agency])
        CommentOnFigure(actor).run(
            name, AREA, period, text, supersedes=before.pk if before is not None else None, organisation=agencies[agency],
            role=role, at=now - timedelta(days=ago),
        )  # fmt: skip
    for username, what, often in SUBSCRIBED:
        user = User.objects.filter(username=username).first()
        if user is not None:
            told = previous(latest_over(today, often)).key  # so that the first night has something to tell
            Subscribe(actor).run(what, AREA, often, told=told, user=user)


def _asked(
    actor: SystemActor, library: Library, name: str, agency: Organisation, unit: Organisation, period: Period, at: datetime,
    question: str,
) -> None:  # fmt: skip
    indicator = library.indicators[name]
    told = Told(
        name, indicator.title, AREA, AREA_TITLE, period.key, _value(library, name, period), "", "", digest_of(indicator)
    )
    AskAboutFigure(actor).run(told, agency, question, asking=unit, at=at)


def _follow(
    actor: SystemActor, name: str, later: Later, agencies: dict[str, Organisation], agency: str, now: datetime
) -> None:
    for kind, ago, answers in later:
        row = open_about(name, AREA)
        assert row is not None
        when, by = now - timedelta(days=ago), agencies[agency if kind == "answered" else UNIT]
        RecordEvent(actor).run(row.case, kind, when, answers, organisation=by, recorded_at=when)


def _quarter(today: date, back: int) -> Period:
    period = latest_over(today)
    for _ in range(back):
        period = previous(period)
    return period


def _value(library: Library, name: str, period: Period) -> str:
    """The share of an indicator's duties that were done in time, as the scorecard would tell it; c where it is small."""
    of = library.indicators[name].of
    assert of is not None and of.duties
    pathway, _, duty = of.duties[0].partition(".")
    rows = Duty.objects.filter(pathway=pathway, duty=duty, due_on__range=(period.start, period.end))
    whole, late = rows.count(), rows.filter(late=True).count() + rows.filter(outcome=Duty.Outcome.OPEN).count()
    small = convention(CONVENTION).is_small
    if not whole or any(map(small, (whole, late, whole - late))):
        return "c"
    return f"{(Decimal(whole - late) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
