"""What is given about journeys and capacity, with an example of each. No person is in any of it."""

from __future__ import annotations

from datetime import date

from ninja import Schema

from .schemas import example


class JourneyNamed(Schema):
    """A journey that is followed: its steps in order, and for how long each person is followed."""

    model_config = example(
        id="from_contact", title="From contact to outcome", followed_for="12 months", columns=["Contact", "Decision"]
    )

    id: str
    title: str
    followed_for: str
    columns: list[str]


class FlowTold(Schema):
    """How many went from one step to another; null where the number is kept back."""

    model_config = example(source="Contact", target="Referral", number=None)

    source: str
    target: str
    number: int | None


class StepTold(Schema):
    """How long a step took, in days, and how many were in time by its clocks; null where kept back or not known yet."""

    model_config = example(
        step="Decision", taken=138, waiting=0, in_time=122, late=16, days_for_half=1, days_for_nine_in_ten=2
    )

    step: str
    taken: int | None
    waiting: int | None
    in_time: int | None
    late: int | None
    days_for_half: int | None
    days_for_nine_in_ten: int | None


class GroupTold(Schema):
    """How many of a group reached a step; null where the number is kept back."""

    model_config = example(group="Asian", place="Contact", number=46)

    group: str
    place: str
    number: int | None


class JourneyTold(Schema):
    """What became of those who entered in a period, with small numbers kept back. Null `entered`: nothing can be told."""

    model_config = example(
        id="from_contact", title="From contact to outcome", area="lancashire_12", period="2024/25", as_of="2026-05-20",
        followed_to_the_end=True, entered=138, flows=[{"source": "Contact", "target": "Advice", "number": 65}],
        steps=[{"step": "Decision", "taken": 138, "waiting": 0, "in_time": 122, "late": 16, "days_for_half": 1,
                "days_for_nine_in_ten": 2}],
        groups=[{"group": "Asian", "place": "Contact", "number": 46}],
    )  # fmt: skip

    id: str
    title: str
    area: str
    period: str | None
    as_of: date
    followed_to_the_end: bool
    entered: int | None
    flows: list[FlowTold]
    steps: list[StepTold]
    groups: list[GroupTold]


class ServiceNamed(Schema):
    """A service whose backlog is tried out, with the people it has and the hours each gives in a day."""

    model_config = example(id="front_door", title="The front door", people=4, hours_a_day=6.0)

    id: str
    title: str
    people: int
    hours_a_day: float


class RangeTold(Schema):
    """The middle of the runs and the ends between which 8 of 10 lie; null: not within the days looked at."""

    model_config = example(middle=12, low=10, high=15)

    middle: float | None
    low: float | None
    high: float | None


class OutlookTold(Schema):
    """What so many people would do with so many arrivals, as per cent of those measured. Days are working days from now."""

    model_config = example(
        people=5, arrivals=100, busy=0.8, cleared=1.0, clears={"middle": 12, "low": 10, "high": 15},
        waiting_at_the_end={"middle": 0, "low": 0, "high": 5}, days_before_taken_up={"middle": 0.1, "low": 0.0, "high": 0.3},
        days_looked_at=60,
    )  # fmt: skip

    people: int
    arrivals: int
    busy: float
    cleared: float
    clears: RangeTold
    waiting_at_the_end: RangeTold
    days_before_taken_up: RangeTold
    days_looked_at: int


class ServiceTold(Schema):
    """A service as measured, and an outlook for each number of people and arrivals; `problem` where too little is measured."""

    model_config = example(
        id="front_door", title="The front door", as_of="2026-05-20", problem=None, waiting=60,
        outlooks=[{"people": 5, "arrivals": 100, "busy": 0.8, "cleared": 1.0,
                   "clears": {"middle": 12, "low": 10, "high": 15}, "waiting_at_the_end": {"middle": 0, "low": 0, "high": 5},
                   "days_before_taken_up": {"middle": 0.1, "low": 0.0, "high": 0.3}, "days_looked_at": 60}],
    )  # fmt: skip

    id: str
    title: str
    as_of: date
    problem: str | None
    waiting: float | None
    outlooks: list[OutlookTold]
