"""A contact by API: what a police or health system sends to the front door about one child or several, in one call.

The same action as the pages: children not known are registered, a case is opened for each, all or nothing.
"""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Status

from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions.send_contact import Contact, SendContact
from goldenthread.casework.new_contact import NewChild
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, pathways
from goldenthread.guidance.pathway import Pathway

from .cases import when
from .doing import FAULTS, needs
from .schemas import ContactTaken, NewContact

router = Router(tags=["contacts"])


def front_door() -> Pathway:
    """The pathway whose cases are shown as a board: what a contact opens."""
    found = next((one for one in pathways(arrangement_for(None)).values() if one.front_door), None)
    if found is None:
        raise Http404
    return found


@router.post("/contacts", response={201: ContactTaken, **FAULTS}, operation_id="send_contact")
@needs(Capability.RECORD_EVENTS, Scope.SEND_CONTACTS, keyed=True)
def send(request: HttpRequest, given: NewContact) -> Status[dict[str, Any]]:
    """Tell the front door of a worry about one child or several. One case is opened for each."""
    children, voices = [], {}
    for number, child in enumerate(given.children, 1):
        facts = child.dict(exclude={"person", "said"})
        children.append(NewChild(key=str(number), person=str(child.person or ""), **facts))
        if child.said:
            voices[str(number)] = child.said
    contact = Contact(when(given.occurred), given.data, children, given.together and len(children) > 1, voices)
    opened = SendContact(request.actor).run(front_door(), contact)  # type: ignore[attr-defined]
    cases = [{"pathway": one.pathway, "id": str(one.pk), "reference": one.reference} for one in opened]
    return Status(201, {"cases": cases})
