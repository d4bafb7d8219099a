"""An indicator by group, for its page, for what is taken away and for the API: with the names of agencies and ethnicities."""

from __future__ import annotations

from goldenthread.agencies.models import Organisation
from goldenthread.people.codes import ETHNICITIES

from ..scorecard.groups import Grouping, groups_told
from .asked import Asked


def grouped(question: Asked, name: str) -> list[Grouping]:
    """The groupings of an indicator in the area that was asked for, as its reader may see them."""
    titles = dict(Organisation.objects.values_list("slug", "title"))

    def words(by: str, group: str) -> str:
        return ETHNICITIES.get(group, group) if by == "ethnicity" else titles.get(group, group)

    return groups_told(
        question.kept, question.library, name, question.area, exact=question.exact, words=words, order=[*ETHNICITIES]
    )
