"""Words of the guidance language that only casework can give a meaning to."""

from __future__ import annotations

from datetime import date
from typing import get_args

from django.utils import timezone

from goldenthread.casework.words import rule_in_short
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.pathway import EventKind


def test_what_an_event_may_need_is_something_a_role_can_allow() -> None:
    options = {word for part in get_args(EventKind.model_fields["needs"].annotation) for word in get_args(part)}
    assert options and options <= {capability.value for capability in Capability}


def test_the_front_door_has_a_board_whose_urgency_comes_from_its_questions() -> None:
    doors = [pathway for pathway in current_library().pathways.values() if pathway.front_door]
    assert len(doors) == 1
    for pathway in doors:
        assert pathway.board and all(not pathway.states[column].closed for column in pathway.board)
        assert any(question.priority for event in pathway.events.values() for question in event.asks.values())


def test_why_something_is_due_names_the_year_it_counts_from_where_that_is_another() -> None:
    pathway = current_library().pathways["looked_after"]
    year = timezone.localdate().year
    told = rule_in_short(pathway, "immunisations", date(year - 1, 11, 12), pathway.opening)
    assert told == f"12 months after became looked after, 12 November {year - 1}."
    assert rule_in_short(pathway, "immunisations", date(year, 1, 12), pathway.opening).endswith(", 12 January.")
