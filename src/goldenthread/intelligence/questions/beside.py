"""What the page of an indicator and the scorecard say of questions. Depends on `queries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goldenthread.foundation.actor import Actor

from .queries import Question, of_figure
from .whom import may_ask

if TYPE_CHECKING:
    from ..views.asked import Asked


def beside_figure(actor: Actor, question: Asked, name: str) -> dict[str, Any]:
    """For the page of an indicator: its questions in this area, and whether and where one may ask."""
    found: list[Question] = of_figure(actor, name, question.area)
    open_ = next((one for one in found if not one.closed), None)
    ask_at = ""
    if open_ is None and may_ask(actor, question.library):
        ask_at = question.address("questions:ask", name)
    return {"open": open_, "past": [one for one in found if one.closed], "ask": ask_at}
