"""What the page of an indicator says of comments. Depends on `queries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goldenthread.foundation.actor import Actor

from .actions import commenting
from .queries import comments_on

if TYPE_CHECKING:
    from ..views.asked import Asked


def beside_figure(actor: Actor, question: Asked, name: str, period: str) -> dict[str, Any]:
    """For the page of an indicator: what is said of it, and where one says something oneself."""
    may = commenting(actor, question.library, name) is not None
    return {
        "found": comments_on(actor, question.area, {name: period}).get(name, []),
        "write": question.address("comments:comment", name) if may else "",
    }
