"""The page of notices: what waits for oneself and for one's agency, and what was dealt with lately."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.agencies.models import User
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, done, page_of
from goldenthread.foundation.policy import signed_in

from ..actions.notices import SeeNotice
from ..actions.reminder_mail import ChooseEmail, choice_of
from ..policies import NoticePolicy
from ..queries.notices import seen_lately, waiting


@signed_in("notices for oneself or one's agencies; NoticePolicy decides which")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices that wait, or with `seen=1` those that were dealt with."""
    actor = actor_of(request)
    seen = request.GET.get("seen") == "1"
    page = page_of(request, seen_lately(actor) if seen else waiting(actor))
    journal.read(actor, "notices.view", "notices", str(actor.user_id), seen=seen)
    return render(request, "sharing/notices.html", {"page": page, "seen": seen})


@signed_in("NoticePolicy decides whose it is")
def see(request: HttpRequest, notice: UUID) -> HttpResponse:
    """POST: say that a notice was seen. GET leads back to the list."""
    actor = actor_of(request)
    if request.method == "POST":
        SeeNotice(actor).run(NoticePolicy.get(actor, pk=notice))
        return done(request, "Marked as seen.", "sharing:notices")
    return notices(request)


HOW = {
    "daily": ("Once a day", "One message in the morning with how many duties are due soon, due and late."),
    "immediately": ("As it comes", "A message each time something becomes due or late, at any hour."),
    "never": ("Never", "Only on the page of notices."),
}


@signed_in("one's own choice")
def choice(request: HttpRequest) -> HttpResponse:
    """How one is told by email of what is due. GET shows it, POST keeps another."""
    actor = actor_of(request)
    user = cast(User, request.user)
    wrong = ""
    if request.method == "POST":
        try:
            ChooseEmail(actor).run(request.POST.get("email", ""))
            return done(request, "Your choice is kept.", "account")
        except Invalid as error:
            wrong = error.messages[0]
    offered = [(one, *HOW[one]) for one in current_library().reminders.email.may_choose]
    context = {"offered": offered, "chosen": choice_of(user), "address": user.email, "wrong": wrong}
    return render(request, "sharing/notice_choice.html", context, status=422 if wrong else 200)
