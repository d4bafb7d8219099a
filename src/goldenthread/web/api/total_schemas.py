"""What is given about totals and published figures, with an example of each. No person is in any of it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from .schemas import example


class IndicatorNamed(Schema):
    """An indicator: what exactly it counts, and which way is better."""

    model_config = example(
        id="plan_rate", title="Children subject to a child protection plan, rate", subject="Child protection plans",
        numerator="children subject to a child protection plan on the last day of the period",
        denominator="people aged 0 to 17, ONS mid-year estimate", unit="per 10,000", better="neither", tolerance=0,
        reference="DfE, Children in need statistics",
    )  # fmt: skip

    id: str
    title: str
    subject: str
    numerator: str
    denominator: str | None
    unit: str
    better: str
    tolerance: float
    reference: str


class CommentTold(Schema):
    """What an agency says of a figure. Its author is told by their role only."""

    model_config = example(
        id="5b0d4b1e-3b0f-4a44-9a53-2f6f0f6a1c11", agency="Lancashire Constabulary", role="Data lead", written_on="2026-05-02",
        text="Two posts were vacant.",
    )  # fmt: skip

    id: UUID
    agency: str
    role: str
    written_on: date
    text: str


class CommentGiven(Schema):
    """Words for everyone who reads the scorecard: name no child, adult or worker, and no number that is kept back."""

    model_config = example(area="lancashire_12", period="2025/26 Q4", text="Two posts were vacant.", supersedes=None)

    area: str = Field("", max_length=60)
    period: str = Field(max_length=40)
    text: str = Field(max_length=5000)
    supersedes: UUID | None = None


class ValueTold(Schema):
    """A value of a period. `mark` is `c` where a number is kept back and `:` where there is none; `why` says it in words."""

    model_config = example(
        period="2025/26 Q4", value=None, shown="c", mark="c", why="kept back: a small number", numerator=None, denominator=None,
        complete=1.0, notes=[], comments=[],
    )  # fmt: skip

    period: str
    value: float | None
    shown: str
    mark: str | None
    why: str
    numerator: float | None
    denominator: float | None
    complete: float | None
    notes: list[str]
    comments: list[CommentTold]


class IndicatorGroupTold(Schema):
    """A value of one group in a whole year: of an age, sex, ethnicity, agency or answer. Marks as of a value."""

    model_config = example(
        by="ethnicity", group="WBRI", title="White British", year="2025/26", value=None, shown="c", mark="c",
        why="kept back: a small number", numerator=None, denominator=None,
    )  # fmt: skip

    by: str
    group: str
    title: str
    year: str
    value: float | None
    shown: str
    mark: str | None
    why: str
    numerator: float | None
    denominator: float | None


class IndicatorTold(Schema):
    """The values of an indicator in an area, with small numbers kept back, and the day of the extract they are from."""

    model_config = example(
        id="contacts", title="Contacts received", unit="count", better="neither", area="lancashire_12", as_of="2026-05-20",
        definition_changed_since=False,
        values=[{"period": "2025/26 Q4", "value": 192.0, "shown": "192", "mark": None, "why": "", "numerator": 192.0,
                 "denominator": None, "complete": 1.0, "notes": [], "comments": []}],
        groups=[{"by": "age_band", "group": "1 to 4", "title": "1 to 4", "year": "2025/26", "value": 163.0, "shown": "163",
                 "mark": None, "why": "", "numerator": 163.0, "denominator": None}],
    )  # fmt: skip

    id: str
    title: str
    unit: str
    better: str
    area: str
    as_of: date
    definition_changed_since: bool
    values: list[ValueTold]
    groups: list[IndicatorGroupTold]


FIGURE = "5b0d4b1e-3b0f-4a44-9a53-2f6f0f6a1c10"


class FigureTold(Schema):
    """A published figure: as printed, where, and what the document says of it."""

    model_config = example(
        id=FIGURE, source="annual_report.pdf", document="Annual report 2016/17", page="", place="2.1.2 Protection",
        table="MARAC", indicator="MARAC cases discussed", unit="count", area="Lancashire-12", breakdown="", period="2016/17",
        comparator="local", value="1563", agency="Lancashire Constabulary", polarity="none", printed_change="-28.2%",
        printed_direction="", line=200,
    )  # fmt: skip

    id: UUID
    source: str
    document: str
    page: str
    place: str
    table: str
    indicator: str
    unit: str
    area: str
    breakdown: str
    period: str
    comparator: str
    value: str
    agency: str
    polarity: str
    printed_change: str
    printed_direction: str
    line: int


class FigureCheck(Schema):
    """Something printed that was worked out again: a slip, a question, or a direction that differs."""

    model_config = example(
        figure=FIGURE, kind="change", verdict="slip", subject="MARAC cases discussed (Lancashire-12), 2016/17",
        printed="-28.2%", worked_out="-28.3%", how="(1,563 − 2,179) ÷ 2,179 = -28.270%",
        why="The digits after the last one were cut off, not rounded.", words="",
        where="Annual report 2016/17, 2.1.2 Protection",
    )  # fmt: skip

    figure: UUID
    kind: str
    verdict: Literal["slip", "question", "differs"]
    subject: str
    printed: str
    worked_out: str
    how: str
    why: str
    words: str
    where: str
