"""Days and times as people type them, and what the form says when they cannot be read."""

from __future__ import annotations

from datetime import date, time

import pytest

from goldenthread.casework.forms.when import NotADay, read_day, read_time


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("27", "3", "2026"), date(2026, 3, 27)),
        ((" 7 ", "03", "2026"), date(2026, 3, 7)),
        (("29", "Feb", "2024"), date(2024, 2, 29)),
        (("1", "september", "2025"), date(2025, 9, 1)),
        (("", " ", ""), None),
    ],
)
def test_days_that_can_be_read(typed: tuple[str, str, str], day: date | None) -> None:
    assert read_day(dict(zip(("day", "month", "year"), typed, strict=True)), "The date") == day


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("27", "", "2026"), "The date must include a month", ("month",)),
        (("", "", "2026"), "The date must include a day and a month", ("day", "month")),
        (("27", "3", "26"), "The date: the year must have 4 numbers, such as 2026", ("year",)),
        (("32", "3", "2026"), "The date: the day must be a number from 1 to 31", ("day",)),
        (("1", "13", "2026"), "The date: the month must be a number from 1 to 12", ("month",)),
        (("1", "Smarch", "2026"), "The date: the month must be a number from 1 to 12", ("month",)),
        (("30", "2", "2026"), "The date must be a real date: that month does not have 30 days", ("day", "month", "year")),
        (("²", "2", "2026"), "The date: the day must be a number from 1 to 31", ("day",)),
    ],
)
def test_days_that_cannot_be_read_say_which_box_to_put_right(
    typed: tuple[str, str, str], message: str, parts: tuple[str, ...]
) -> None:
    with pytest.raises(NotADay) as error:
        read_day(dict(zip(("day", "month", "year"), typed, strict=True)), "The date")
    assert (str(error.value), error.value.parts) == (message, parts)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("14:30", time(14, 30)), ("2.30pm", time(14, 30)), ("2pm", time(14)), ("12am", time(0)), ("12 pm", time(12)),
     ("0930", time(9, 30)), ("midday", time(12)), ("Midnight", time(0)), ("", None)],
)  # fmt: skip
def test_times_that_can_be_read(typed: str, hour: time | None) -> None:
    assert read_time(typed) == hour


@pytest.mark.parametrize("typed", ["25:00", "9", "14:60", "13pm", "soon", "1:2:3"])
def test_times_that_cannot_be_read_say_how_to_write_them(typed: str) -> None:
    with pytest.raises(ValueError, match="14:30 or 2:30pm"):
        read_time(typed)
