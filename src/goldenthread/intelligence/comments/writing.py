"""Writing a comment on a figure as the page and the API do: never with a number in it that the scorecard keeps back.

Depends on `actions` and on what was worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.indicator import Indicator

from ..indicators.periods import Period
from ..questions.kept_back import kept_back_in
from .actions import CommentOnFigure
from .models import FigureComment

if TYPE_CHECKING:
    from ..views.asked import Asked


def write_comment(
    actor: Actor, question: Asked, name: str, found: Indicator, period: Period, words: str, supersedes: UUID | None
) -> FigureComment:
    """Raises Invalid where the words give away a number that only this author may see, and as `CommentOnFigure` does."""
    if actor.may(Capability.VIEW_SMALL_NUMBERS):
        number = kept_back_in(words, question.kept, name, found, question.area, period)
        if number:
            raise Invalid({"text": f"Take out {number}: the scorecard keeps that number back"})
    return CommentOnFigure(actor).run(name, question.area, period.key, words, supersedes=supersedes)
