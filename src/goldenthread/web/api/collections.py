"""Collections by API: what an agency is asked to send in, and its values. A person of the agency agrees and sends them.

The same policies and actions as the pages. They are counts of an area, never of a person.
"""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from goldenthread.agencies.scopes import Scope
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.guidance.collection import Collection
from goldenthread.intelligence.collections.actions import SaveValues
from goldenthread.intelligence.collections.models import Submission
from goldenthread.intelligence.collections.periods import collection_of, districts_of
from goldenthread.intelligence.collections.policies import SubmissionPolicy
from goldenthread.intelligence.collections.queries import before, known, mine, values_at
from goldenthread.intelligence.collections.values import Given, plain, problems

from .collection_schemas import CollectionRead, CollectionTold, ValuesGiven
from .doing import FAULTS, KeyTrouble, needs

router = Router(tags=["collections"])
PER_PAGE = 50


def told(row: Submission, form: Collection) -> dict[str, Any]:
    return {
        "id": str(row.pk), "collection": form.id, "title": form.title, "agency": row.organisation.slug, "period": row.period,
        "first_day": row.first_day, "last_day": row.last_day, "due": row.due_on, "state": row.state,
        "came": row.first_sent_on, "in_time": row.in_time, "version": row.version,
    }  # fmt: skip


@router.get("/collections", response={200: list[CollectionTold], **FAULTS}, operation_id="list_collections")
@needs(Capability.FILL_COLLECTIONS, Scope.SEND_COLLECTIONS)
def list_collections(
    request: HttpRequest, waiting: Annotated[bool, Query(description="Only those that are still to be sent.")] = True,
    start: int = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """What your agency is asked to send, the first due first, fifty at a time; those that were sent too with `waiting=false`."""
    rows = mine(actor_of(request)).order_by("due_on", "collection", "pk")
    if waiting:
        rows = rows.filter(state__in=(Submission.State.DRAFT, Submission.State.RETURNED))
    first = min(max(0, start), 1_000_000)
    found = [(row, collection_of(row.collection)) for row in rows[first : first + PER_PAGE]]
    return [told(row, form) for row, form in found if form is not None]


@router.get("/collections/{uuid:submission_id}", response={200: CollectionRead, **FAULTS}, operation_id="read_collection")
@needs(Capability.FILL_COLLECTIONS, Scope.SEND_COLLECTIONS)
def read_collection(request: HttpRequest, submission_id: UUID) -> dict[str, Any]:
    """One form: each value that is asked, what has been entered, and what keeps it from being sent."""
    return _whole(*_one(request, submission_id))


@router.post(
    "/collections/{uuid:submission_id}/values", response={200: CollectionRead, **FAULTS}, operation_id="send_collection_values"
)
@needs(Capability.FILL_COLLECTIONS, Scope.SEND_COLLECTIONS, keyed=True)
def send_values(request: HttpRequest, submission_id: UUID, given: ValuesGiven) -> dict[str, Any]:
    """Enter values, all or none. Those that are not given stay as they were; a value of null is blank, and never zero.

    It is sent once a person of your agency agrees it in the browser. 409 if it is not yours to change as it stands."""
    row, form = _one(request, submission_id)
    if not row.may_change:
        raise KeyTrouble(409, f"It is {row.get_state_display().lower()}, so that no value can be entered. Nothing was written.")
    typed = {key: ("" if one.value is None else plain(one.value), one.comment) for key, one in given.values.items()}
    try:
        saved = SaveValues(actor_of(request)).run(row, typed, given.version)
    except Invalid as wrong:
        raise Invalid({f"values.{key}" if key else "": messages for key, messages in wrong.errors.items()}) from wrong
    return _whole(saved, form)


def _one(request: HttpRequest, identity: UUID) -> tuple[Submission, Collection]:
    """Raises Http404 alike for one that is hidden and one that is not there."""
    actor = actor_of(request)
    keys = known(SubmissionPolicy.visible_to(actor)).filter(pk=identity).values("pk")
    row = SubmissionPolicy.get(actor, pk__in=keys)
    form = collection_of(row.collection)
    assert form is not None  # `known`
    return row, form


def _whole(row: Submission, form: Collection) -> dict[str, Any]:
    districts, given = districts_of(row.organisation), values_at(row)
    wrong = problems(form, districts, given, before(row)) if row.may_change else []
    values = []
    for box in form.boxes(districts):
        cell, one = form.cells[box.cell], given.get(box.key, Given())
        values.append(
            {
                "key": box.key, "title": cell.title, "part": "" if box.is_whole else box.title, "unit": cell.unit,
                "instructions": cell.instructions, "decimals": cell.decimals, "value": one.value, "comment": one.comment,
                "wrong": [each.message for each in wrong if each.box == box.key],
            }
        )  # fmt: skip
    return {**told(row, form), "values": values}
