"""What agencies have between them in the demo today: requests that wait at the front door, a referral offered and one
refused. Written by the actions of `sharing`; adds no event, so the history told in bulk stays as it is.
"""

from __future__ import annotations

from django.test.utils import override_settings

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.models import Case, Involvement
from goldenthread.foundation.actor import SystemActor
from goldenthread.sharing.actions.asking import TakeUpAsked
from goldenthread.sharing.actions.hand_over import AnswerHandOver, OfferHandOver
from goldenthread.sharing.models import HandOver
from goldenthread.sharing.rulings import purpose_of, ruling_for

from .accounts import Account

SENDER, NURSE, TEACHER = "social.worker", "designated.nurse", "school.lead"
ASKED_NURSE = (
    "Health has not seen this child since the summer. Please join the case, see the child at home with us, and say at the "
    "next review how health needs are met."
)
ASKED_SCHOOL = "Please lead the work on attendance from school and meet the family every fortnight until the review."
REFUSED = (
    "The child left our roll in September and is at another school now. Its safeguarding lead has our records; please offer "
    "this to them."
)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")  # nobody is told by email of made-up work
def add_sharing_work(people: list[Account]) -> None:
    """Keep what was asked as requests; offer one case and refuse another."""
    TakeUpAsked(SystemActor("demo")).run()
    users = {one.username: one for one in User.objects.filter(username__in=(SENDER, NURSE, TEACHER))}
    at_work = {one.worker.username: one.worker.organisation for one in people}
    if {SENDER, NURSE, TEACHER} - users.keys():
        return  # a demo without these people has nothing for them to do
    for username, reason in ((NURSE, ASKED_NURSE), (TEACHER, ASKED_SCHOOL)):
        receiver = Organisation.objects.get(slug=at_work[username])
        part = Involvement.objects.filter(organisation=receiver).values("case")
        offered = HandOver.objects.values("case")
        cases = (
            Case.objects.filter(worker=users[SENDER], is_open=True, restricted=False, subject__restricted=False)
            .exclude(pk__in=part)
            .exclude(pk__in=offered)
            .select_related("subject", "lead")
            .order_by("reference")
        )
        case = next((one for one in cases if _may_be_told(one, receiver)), None)
        if case is None:
            continue
        made = OfferHandOver(actor_for(users[SENDER])).run(case, receiver, HandOver.Kind.REFERRAL, reason)
        if username == TEACHER:
            AnswerHandOver(actor_for(users[TEACHER])).run(made, False, REFUSED)


def _may_be_told(case: Case, receiver: Organisation) -> bool:
    """Whether an agreement lets the receiver become part of the case: an offer against it is refused."""
    purpose = purpose_of(case)
    return bool(purpose) and ruling_for(case.lead, receiver, purpose, case).content.permits
