"""The lines of a form as its page shows them: what is asked, what it was before, what was typed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, QueryDict

from goldenthread.foundation.pages import actor_of
from goldenthread.guidance.collection import Box, Cell, Collection, Groups

from ..models import Submission
from ..periods import collection_of, districts_of, proof_of_due
from ..policies import SubmissionPolicy
from ..queries import before, values_at
from ..values import Given, Problem, plain, share_of, shown

VALUE, COMMENT = "value-", "comment-"
"""How the boxes of the page are named."""


@dataclass
class Line:
    """One box of the form."""

    key: str
    box: Box
    cell: Cell
    text: str
    comment: str
    last: str
    """What the agency sent the last time."""
    now: str
    errors: list[str] = field(default_factory=list)
    group: str = ""
    """The heading of a breakdown, on its first line."""
    worked: bool = False
    """Worked out, not typed."""

    @property
    def takes_comment(self) -> bool:
        """The words beside a whole speak for its parts too; a part has a box of its own only where it was given words."""
        return self.box.is_whole or bool(self.comment)

    @property
    def target(self) -> str:
        return f"{VALUE}{self.key}"


@dataclass
class Form:
    """A submission with its collection and values, as far as its reader may see it."""

    submission: Submission
    collection: Collection
    districts: Groups
    given: dict[str, Given]
    before: dict[str, list[Decimal]]

    @property
    def title(self) -> str:
        return f"{self.collection.title}, {self.submission.period}"

    @property
    def proof(self) -> Any:
        area = self.submission.organisation.area
        return proof_of_due(self.collection, self.submission.last_day, area.slug if area is not None else None)

    def lines(
        self, typed: Mapping[str, tuple[str, str]] | None = None, wrong: Mapping[str, Iterable[str]] | None = None
    ) -> list[Line]:
        """Every line in order; with `typed`, as somebody typed it just now."""
        found: list[Line] = []
        boxes = iter(self.collection.boxes(self.districts))
        following = next(boxes, None)
        for name, cell in self.collection.cells.items():
            if cell.share is not None:
                found.append(self._worked(name, cell))
            breakdown = ""
            while following is not None and following.cell == name:
                line = self._line(following, cell, typed or {}, wrong or {})
                if following.breakdown and following.breakdown != breakdown:
                    breakdown = following.breakdown
                    line.group = f"By {self.collection.breakdowns[breakdown].title.lower()}"
                found.append(line)
                following = next(boxes, None)
        return found

    def _line(
        self, box: Box, cell: Cell, typed: Mapping[str, tuple[str, str]], wrong: Mapping[str, Iterable[str]]
    ) -> Line:
        one, last = self.given.get(box.key, Given()), self.before.get(box.key, ())
        text, comment = typed.get(box.key, (plain(one.value), one.comment))
        return Line(
            box.key, box, cell, text, comment, shown(cell, last[0]) if last else "", shown(cell, one.value),
            list(wrong.get(box.key, ())),
        )  # fmt: skip

    def _worked(self, name: str, cell: Cell) -> Line:
        share = share_of(self.collection, name, self.given)
        now = "" if share is None else f"{float(share):,.{cell.decimals}f}%"
        return Line(name, Box(name, name, "", "", cell.title), cell, "", "", "", now, worked=True)


def form_of(request: HttpRequest, identity: Any, version: int | None = None) -> Form:
    """A submission that the reader may see. Raises Http404 alike for one that is hidden and one that is not there."""
    rows = SubmissionPolicy.visible_to(actor_of(request)).select_related("organisation__area", "entered_by")
    submission = rows.filter(pk=identity).first()
    collection = collection_of(submission.collection) if submission is not None else None
    if submission is None or collection is None:
        raise Http404
    return Form(
        submission, collection, districts_of(submission.organisation), values_at(submission, version), before(submission)
    )


def typed_of(form: Form, post: QueryDict) -> dict[str, tuple[str, str]]:
    """What the page sent: only boxes that it had. A part without a box for words keeps those it has."""
    found = {}
    for box in form.collection.boxes(form.districts):
        if f"{VALUE}{box.key}" in post:
            kept = form.given.get(box.key, Given()).comment
            found[box.key] = (str(post[f"{VALUE}{box.key}"]), str(post.get(f"{COMMENT}{box.key}", kept)))
    return found


def summary(lines: Sequence[Line], others: Sequence[str] = ()) -> list[tuple[str, str]]:
    """(target, message) of everything that is wrong, in the order of the page."""
    return [*(("", one) for one in others), *((line.target, message) for line in lines for message in line.errors)]


def wrong_boxes(problems: Iterable[Problem]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.box, []).append(one.message)
    return found
