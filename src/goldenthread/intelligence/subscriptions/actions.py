"""Subscribing to the scorecard, ending it, and telling people of new figures: one notice a person and run, no figure in it.

A notice and an email are `sharing`'s. Somebody whose account is closed, whose roles have ended or no longer show the scorecard
is told nothing; what they chose stays, so that they need not choose anew when they come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import User
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library
from goldenthread.sharing.actions.notices import Notify
from goldenthread.sharing.actions.reminder_mail import choice_of

from ..indicators.periods import Period
from ..scorecard.keeping import Kept
from ..scorecard.reading import latest_over
from ..scorecard.working_out import indicators_told
from .models import Subscription
from .policies import SubscriptionPolicy

NOTICE = "scorecard.period"


class Subscribe(Action[Subscription]):
    """Be told of new figures: of an indicator, a subject or all, in an area, by quarter or by year."""

    name = "subscriptions.subscribe"
    needs = Capability.VIEW_TOTALS

    def perform(self, what: str, area: str, frequency: str, *, told: str = "", user: User | None = None) -> Subscription:
        """`told`: the latest period there is, of which one is not told any more. `user` is for the system."""
        library = current_library()
        rules = library.subscriptions
        wrong: dict[str, str] = {}
        if what and what not in library.sheets and what not in indicators_told(library):
            wrong["what"] = "Choose a subject or a figure of the scorecard"
        if frequency not in rules.may_choose:
            wrong["frequency"] = "Choose how often"
        if not area:
            wrong["area"] = "Choose an area"
        if wrong:
            raise Invalid(wrong)
        owner = user.pk if user is not None and self.actor.is_system else self.actor.user_id
        if owner is None:
            raise NotAllowed("Only a person subscribes to the scorecard.")
        if Subscription.objects.filter(user=owner).count() >= rules.most:
            raise Invalid(f"You have {rules.most} subscriptions, and that is the most. End one first.")
        try:
            with transaction.atomic():
                made = Subscription.objects.create(
                    user_id=owner, what=what, area=area, frequency=frequency, told=told, since=timezone.now()
                )
        except IntegrityError:
            raise Invalid({"what": "You have this subscription already"}) from None
        self.note("user", owner, subscription=made.pk, what=what, area=area, frequency=frequency)
        return made


class Unsubscribe(Action[None]):
    """Be told no more."""

    name = "subscriptions.unsubscribe"
    needs = None  # one's own: SubscriptionPolicy decides whose it is

    def perform(self, subscription: Subscription) -> None:
        found = SubscriptionPolicy.get(self.actor, pk=subscription.pk)
        self.note("user", found.user_id, subscription=found.pk, what=found.what)
        found.delete()


class TellSubscriber(Action[int]):
    """Tell one person of the new periods of their subscriptions, together. Returns how many are new."""

    name = "subscriptions.tell"
    needs = None  # only the system runs it

    def perform(self, user: User, new: Sequence[tuple[Subscription, Period]]) -> int:
        rules = current_library().subscriptions
        for one, period in new:
            Subscription.objects.filter(pk=one.pk).update(told=period.key)
        first, period = new[0]
        if len(new) == 1:
            words, address = rules.one.format(period=period.key, many=1), address_of(first, period)
        else:
            words, address = rules.several.format(period=period.key, many=len(new)), reverse("subscriptions:list")
        mail = bool(user.email) and choice_of(user) != "never"
        Notify(self.actor).run(NOTICE, words, user=user, address=address, mail=mail)
        self.note("user", user.pk, subscriptions=len(new))
        return len(new)


@dataclass(slots=True)
class ToldOf:
    """What a run did."""

    people: int = 0
    subscriptions: int = 0
    left_out: int = 0

    def words(self) -> str:
        line = f"{self.people:,} people told of new figures, for {self.subscriptions:,} subscriptions"
        return line + (f"; {self.left_out:,} people who no longer see the scorecard were not" if self.left_out else "")


def tell_subscribers(kept: Kept) -> ToldOf:
    """Tell those who chose to be told, of periods that they have not been told of."""
    done, library = ToldOf(), current_library()
    system = SystemActor("The scorecard")
    rows = Subscription.objects.select_related("user").order_by("user", "since")
    for user, theirs in groupby(rows, lambda one: one.user):
        new = [(one, period) for one in theirs if (period := new_period(kept, library, one)) is not None]
        if not new:
            continue
        if not may_be_told(user):
            done.left_out += 1
            continue
        done.subscriptions += TellSubscriber(system).run(user, new)
        done.people += 1
    return done


def may_be_told(user: User) -> bool:
    """Whether somebody works here today in a role that shows the scorecard."""
    return user.is_active and bool(user.memberships_today) and actor_for(user).may(Capability.VIEW_TOTALS)


def new_period(kept: Kept, library: Library, one: Subscription) -> Period | None:
    """The latest period that is over, if it is new to this subscription and a figure of it is told to everyone."""
    period = latest_over(kept.about.as_of, one.frequency)
    if one.told and Period.parse(one.told).end >= period.end:
        return None
    wanted = [name for name, each in indicators_of(library, one.what).items() if one.frequency in each.periods]
    figures = kept.at(one.area, [period.key], wanted) if wanted else {}
    return period if any(each.may_leave for each in figures.values()) else None


def indicators_of(library: Library, what: str) -> dict[str, Indicator]:
    """The indicators that a choice names."""
    known = indicators_told(library)
    if what in library.sheets:
        return {name: known[name] for name in library.sheets[what].indicators if name in known}
    return {name: one for name, one in known.items() if what in ("", name)}


def address_of(one: Subscription, period: Period) -> str:
    """The page that shows what was subscribed to."""
    library, query = current_library(), {"area": one.area, "period": period.key}
    if one.what and one.what not in library.sheets:
        return f"{reverse('scorecard:indicator', args=[one.what])}?{urlencode(query)}"
    return f"{reverse('scorecard:list')}?{urlencode({**query, 'subject': one.what} if one.what else query)}"
