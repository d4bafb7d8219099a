"""Did an action change anything? Points after a marked change, held against the limits from before it. Pure.

This is what a chart can honestly say: whether values after a day are other than ordinary variation before it would make
them. It cannot say why; another thing may have happened on the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .control import AT_LEAST, ENOUGH
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


def effect(
    kind: Kind,
    points: Sequence[Point],
    change: Change,
    *,
    better: Better = "neither",
    scale: float | None = None,
    since: Change | None = None,
    rules: Rules | None = None,
) -> Effect:
    """Whether values after `change` differ from those before it (and after `since`, an earlier change)."""
    rules = rules or Rules()
    scale = scale if scale is not None else (100.0 if kind == "p" else 1.0)
    series = checked(points)
    old = [one for one in series if one.starts < change.on and (since is None or one.starts >= since.on)]
    new = [one for one in series if one.starts >= change.on]
    known_old = [value for one in old if (value := shown(kind, one, scale)) is not None]
    known_new = [value for one in new if (value := shown(kind, one, scale)) is not None]
    if len(known_old) < AT_LEAST:
        words = f"Cannot be said: {len(known_old)} points before it, and at least {AT_LEAST} are needed."
        return Effect(change, "cannot say", None, None, len(known_new), words)
    held = limits(kind, old, scale, None, None)
    after = limits(kind, new, scale, None, None).centre if known_new else None
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
    parts = [_OPENING[verdict].format(points=len(known_new), shift=rules.shift)]
    if told:
        parts.append("; ".join(told) + ".")
    if after is not None:
        parts.append(f"The average was {said(held.centre)} before and is {said(after)} since.")
    if len(known_old) < ENOUGH:
        parts.append(f"There were only {len(known_old)} points before, so the limits are trial limits.")
    if fired:
        parts.append("A chart shows that something changed, not why.")
    return Effect(change, verdict, held.centre, after, len(known_new), " ".join(parts))


_OPENING: dict[Verdict, str] = {
    "better": "Better than ordinary variation before the change would make it.",
    "worse": "Worse than ordinary variation before the change would make it.",
    "changed": "Changed, by more than ordinary variation before.",
    "mixed": "Unusual in both directions since the change.",
    "no change seen": "No change that can be told from ordinary variation before, in {points} points.",
    "too early": "Too early to say: {points} points since the change, nothing unusual among them; {shift} would show a shift.",
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
