"""`goldenthread remind`: a dry run tells nobody, and the night does the same work."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from typer.testing import CliRunner

from goldenthread.casework.models import Duty
from goldenthread.cli import app
from goldenthread.sharing.models import Notice, Reminder, ReminderMail
from goldenthread.sharing.tests.exchange_place import Exchange, exchange
from goldenthread.sharing.tests.test_reminders import owed, worker


@pytest.fixture
def here(db: Any) -> Exchange:
    found = exchange()
    Duty.objects.all().delete()
    return found


def test_a_dry_run_tells_nobody(here: Exchange) -> None:
    owed(here, worker(here), timezone.now())
    before = {model: model.objects.count() for model in (Notice, Reminder, ReminderMail)}
    said = CliRunner().invoke(app, ["remind", "--dry-run"])
    assert said.exit_code == 0 and "Would tell: duties told of: 0 due soon, 1 due now, 0 late; 0 climbed; 1 people" in said.output
    assert before == {model: model.objects.count() for model in (Notice, Reminder, ReminderMail)} and not mail.outbox
    real = CliRunner().invoke(app, ["remind"])
    assert real.exit_code == 0 and "1 emails sent" in real.output and len(mail.outbox) == 1
    nightly = CliRunner().invoke(app, ["nightly", "--only", "reminders"])
    assert nightly.exit_code == 0 and "reminders: duties told of: 0 due soon, 0 due now, 0 late" in nightly.output
