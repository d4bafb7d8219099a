"""The same call sent twice at the same moment, on real transactions: it is done once, and both hear the same."""

from __future__ import annotations

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from goldenthread.agencies.actions import IssueOrganisationToken
from goldenthread.agencies.scopes import Scope
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import partnership
from goldenthread.foundation.models import IdempotencyKey

from .conftest import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
CONTACT = {
    "occurred": "2026-03-02T08:55",
    "data": {"source": "police", "concern": "Found alone at night."},
    "children": [{"given_name": "Amira", "family_name": "Hussain", "born": "14 May 2017", "area": "burnley"}],
}


def test_a_call_sent_twice_at_once_is_done_once() -> None:
    cache.clear()
    place = partnership()
    _, secret = IssueOrganisationToken(SYSTEM).run(place.police, "Records", [Scope.SEND_CONTACTS.value])
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": "the same"}
    start, answers = Barrier(3), []

    def call() -> None:
        try:
            client: Any = Client(raise_request_exception=False)
            start.wait()
            answers.append(
                client.post("/api/v1/contacts", json.dumps(CONTACT), content_type="application/json", headers=headers)
            )
        finally:
            connection.close()

    threads = [Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status_code for one in answers] == [201, 201, 201], [one.content for one in answers]
    assert len({one.content for one in answers}) == 1
    assert sorted("Idempotency-Replayed" in one.headers for one in answers) == [False, True, True]
    assert Case.objects.count() == 1 and IdempotencyKey.objects.count() == 1
