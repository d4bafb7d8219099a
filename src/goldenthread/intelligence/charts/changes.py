"""Did an action change anything? Points after a marked change, held against the limits from before it. Pure.

This is what a chart can honestly say: whether values after a day are other than ordinary variation before it would make
them. It cannot say why; another thing may have happened on the same day.

Limits from before stand until 12 points have come since (`control.ENOUGH`), and no rule moves them: whether to mark a change
is a person's judgement. Sources: NHSRplotthedots, "Number of points required" (limits are trial limits until 12 points, and
are then locked until a change); NHS England's Making Data Count team gives no formula for when to work limits out anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .control import AT_LEAST, ENOUGH, TOO_WIDE
from .limits import Kind, limits, shown
from .rules import Rules, Signal, signals
from .series import Better, Change, Point, checked, period, said

Verdict = Literal["better", "worse", "changed", "mixed", "no change seen", "too early", "cannot say"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of the numbers after a change."""

    change: Change
    verdict: Verdict
    before: float | None
    after: float | None
    points_after: int
    words: str
    why: str = ""
    """What fired, and what to keep in mind: `words` without the averages."""
    unit: str = ""

    @property
    def sentence(self) -> str:
        """What to say in a meeting: the average since, the average before, and whether it is more than chance."""
        if self.after is None:
            return f"No period that began since {self.change.on:%-d %B %Y} is on the chart yet."
        since = f"Since {self.change.on:%-d %B %Y} the average is {said(self.after)}{self.unit}"
        if self.before is None:
            return f"{since}. Whether it changed cannot be said: too few points before it."
        return f"{since}; before it was {said(self.before)}{self.unit}. {_JUDGED[self.verdict].format(points=self.points_after)}"


def effect(
    kind: Kind,
    points: Sequence[Point],
    change: Change,
    *,
    better: Better = "neither",
    scale: float | None = None,
    since: Change | None = None,
    until: Change | None = None,
    unit: str = "",
    rules: Rules | None = None,
) -> Effect:
    """Whether values after `change` differ from those before it (after `since`, an earlier change; up to `until`, a later one).

    Shares and rates that varied by more than chance before are judged by how they varied, as on an XmR chart.
    """
    rules = rules or Rules()
    scale = scale if scale is not None else (100.0 if kind == "p" else 1.0)
    series = checked(points)
    old = [one for one in series if one.starts < change.on and (since is None or one.starts >= since.on)]
    new = [one for one in series if one.starts >= change.on and (until is None or one.starts < until.on)]
    known_old = [value for one in old if (value := shown(kind, one, scale)) is not None]
    known_new = [value for one in new if (value := shown(kind, one, scale)) is not None]
    after = limits(kind, new, scale, None, None).centre if known_new else None
    if len(known_old) < AT_LEAST:
        words = f"Cannot be said: {len(known_old)} points before it, and at least {AT_LEAST} are needed."
        return Effect(change, "cannot say", None, after, len(known_new), words, words, unit)
    held = limits(kind, old, scale, None, None)
    before, wide = held.centre, held.times_wider >= TOO_WIDE
    if wide:
        old, new = ([replace(one, value=shown(kind, one, scale), of=None) for one in part] for part in (old, new))
        held = limits("xmr", old, 1.0, None, None)
    fired = signals([held.place(one) for one in new], rules)
    told = _told(fired, new)
    sides = {one.side for one in fired}
    verdict: Verdict
    if not fired:
        verdict = "no change seen" if len(known_new) >= rules.shift else "too early"
    elif len(sides) > 1:
        verdict = "mixed"
    elif better == "neither":
        verdict = "changed"
    else:
        verdict = "better" if (sides == {"high"}) == (better == "higher") else "worse"
    opening = [_OPENING[verdict].format(points=len(known_new), shift=rules.shift)]
    reasons = ["; ".join(told) + "."] if told else []
    averages = [f"The average was {said(before)} before and is {said(after)} since."] if after is not None else []
    notes = []
    if wide:
        notes.append("The points before it varied by more than chance, so it is judged by how they varied (as an XmR chart).")
    if len(known_old) < ENOUGH:
        notes.append(f"There were only {len(known_old)} points before, so the limits are trial limits.")
    if fired:
        notes.append("A chart shows that something changed, not why.")
    words = " ".join([*opening, *reasons, *averages, *notes])
    return Effect(change, verdict, before, after, len(known_new), words, " ".join([*reasons, *notes]), unit)


_OPENING: dict[Verdict, str] = {
    "better": "Better than ordinary variation before the change would make it.",
    "worse": "Worse than ordinary variation before the change would make it.",
    "changed": "Changed, by more than ordinary variation before.",
    "mixed": "Unusual in both directions since the change.",
    "no change seen": "No change that can be told from ordinary variation before, in {points} points.",
    "too early": "Too early to say: {points} points since the change, nothing unusual among them; {shift} would show a shift.",
    "cannot say": "",
}


_JUDGED: dict[Verdict, str] = {
    "better": "This is more than chance, and better.",
    "worse": "This is more than chance, and worse.",
    "changed": "This is more than chance.",
    "mixed": "Some of it is more than chance, in both directions.",
    "no change seen": "This is not more than chance.",
    "too early": "It is too early to say whether this is more than chance: {points} points since, and 7 would show a shift.",
    "cannot say": "",
}


def _told(fired: Sequence[Signal], new: Sequence[Point]) -> list[str]:
    """What fired, in words; single points outside a limit are told together."""
    found = []
    for side, limit in (("high", "above the upper"), ("low", "below the lower")):
        out = [new[one.first].period for one in fired if one.rule == "outside" and one.side == side]
        if out:
            names = ", ".join(out) if len(out) <= 2 else f"{len(out)} points ({out[0]} to {out[-1]})"
            found.append(f"{names}: {limit} limit from before")
    for one in fired:
        when, many = period(new[one.first].period, new[one.last].period), len(one.points)
        if one.rule == "shift":
            side_words = "above" if one.side == "high" else "below"
            found.append(f"{when}: {many} in a row {side_words} the average from before")
        elif one.rule == "trend":
            found.append(f"{when}: {many} in a row going {'up' if one.side == 'high' else 'down'}")
        elif one.rule == "near":
            found.append(
                f"{when}: 2 of 3 close to the {'upper' if one.side == 'high' else 'lower'} limit from before"
            )
    return found
