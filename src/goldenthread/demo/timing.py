"""When what follows an event comes: in time or late by the pathway's own clock, or after so many hours or days. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from goldenthread.clocks.calendar import LONDON

from .guide import Rule

if TYPE_CHECKING:
    from .walk import Walk

class Timing:
    """Times the events of one walk."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.chance, self.calendar = walk, walk.scene.chance, walk.scene.guide.calendar
        self.before: list[tuple[str, datetime]] = []
        """What must be planned before what is late: such as a reason for it."""

    def when(self, rule: Rule, moment: datetime) -> datetime | None:
        chance, walk = self.chance, self.walk
        if rule.duties:
            return self._by_duty(rule, moment)
        if rule.hours is not None:
            found = moment + timedelta(hours=chance.between(*rule.hours))
            return found if walk.guide.urgent else self._waking(found)
        if rule.skewed_hours is not None:
            hours = min(chance.around(*rule.skewed_hours), rule.skewed_hours[0] * 8)
            return moment + timedelta(hours=hours)
        if rule.at_length:
            if walk.length is None:
                return None
            return max(self.working(walk.opened + timedelta(days=walk.length)), moment + timedelta(hours=3))
        if rule.skewed is not None:
            days = min(chance.around(*rule.skewed), rule.skewed[0] * 6)
        else:
            days = chance.between(*(rule.days or (1.0, 5.0)))
        if days < 1:
            return self._waking(moment + timedelta(hours=8 * days))
        return self.working(moment + timedelta(days=days))

    def _by_duty(self, rule: Rule, moment: datetime) -> datetime | None:
        """In time or late by the first of the rule's duties whose clock runs."""
        chance, walk = self.chance, self.walk
        for name in rule.duties:
            found = walk.guide.deadlines[name].due(walk.done, walk.around, walk.guide.deadlines)
            if found is not None:
                break
        else:
            return None
        base, due = found
        in_time = chance.hit(f"{walk.guide.id}/{name}/in time", rule.in_time, len(walk.children))
        if isinstance(due, datetime):
            start = base if isinstance(base, datetime) else datetime.combine(base, time(9), LONDON)
            if in_time:
                when = start + (due - start) * chance.between(*rule.early)
            else:
                late = rule.late_hours or 24 * rule.late_days
                when = due + timedelta(hours=0.1 + chance.random.expovariate(1 / late))
            return max(when, moment + timedelta(minutes=2 + chance.random.random() * 8))
        first = base.date() if isinstance(base, datetime) else base
        if in_time:
            span = (due - first).days
            day = first + timedelta(days=int(span * chance.between(*rule.early) + 0.5))
            when = self._working_before(day, max(first, moment.date()), due)
        else:
            for other, share in rule.late_after.items():
                if chance.hit(f"{walk.guide.id}/late/{other}", share):
                    before = max(due - timedelta(days=chance.whole(1, 5)), moment.date() + timedelta(days=1))
                    self.before.append((other, self._at_work(before)))
            late_days = 1 + chance.random.expovariate(1 / rule.late_days)
            when = self.working(datetime.combine(due, time(9), LONDON) + timedelta(days=late_days))
        return max(when, moment + timedelta(minutes=5 + chance.random.random() * 50))

    def working(self, moment: datetime) -> datetime:
        """At work on that day, or on the next working day."""
        day = moment.date().toordinal()
        return self._at_work(date.fromordinal(self.calendar.plus_working(day, 0)))

    def _working_before(self, day: date, first: date, due: date) -> datetime:
        """At work on that day or the nearest working day before it, or else up to the last day."""
        working = self.calendar.is_working
        here = min(day, due).toordinal()
        back = here
        while back > first.toordinal() and not working(back):
            back -= 1
        if working(back):
            return self._at_work(date.fromordinal(back))
        while here < due.toordinal() and not working(here):
            here += 1
        return self._at_work(date.fromordinal(here))

    def _at_work(self, day: date) -> datetime:
        minutes = int(9 * 60 + self.chance.random.random() * 480)
        return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=LONDON)

    def _waking(self, moment: datetime) -> datetime:
        """That moment, or the next morning at work if it is at night or on a day off."""
        if 8 <= moment.hour < 19 and self.calendar.is_working(moment.date().toordinal()):
            return moment
        following = moment if moment.hour < 8 else moment + timedelta(days=1)
        found = self.working(following)
        return found.replace(hour=9, minute=self.chance.whole(0, 55))
