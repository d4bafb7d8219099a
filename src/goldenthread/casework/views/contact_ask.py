"""The address of a contact at which agencies are asked: leads to the page of sharing that asks them, for any case."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy

from ..asked import ask_address
from .common import actor_of, case_of


@policy(Capability.SCREEN_CONTACTS)
def ask(request: HttpRequest, case: UUID) -> HttpResponse:
    """On to the page that asks. What was chosen in the address goes with it."""
    address = ask_address(case_of(actor_of(request), case))
    if not address:
        raise Http404
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
