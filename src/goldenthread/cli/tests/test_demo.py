"""`goldenthread demo`, from an empty folder to the accounts that the sign-in page shows; and what it will not touch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def goldenthread(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GT_", "DJANGO_", "PYTEST_"))
    }
    return subprocess.run(
        [str(Path(sys.executable).with_name("goldenthread")), *arguments],
        env={**environment, "GT_VAR": str(folder / "var"), "COLUMNS": "200", **more},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def test_it_builds_shows_eight_accounts_and_those_of_services_and_is_used_again(folder: Path) -> None:
    built = goldenthread(folder, "demo", "--size", "60", "--no-serve")
    assert built.returncode == 0, built.stderr
    assert "60 children" in built.stdout and "golden-thread-demo" in built.stdout
    accounts = json.loads((folder / "var" / "demo-accounts.json").read_text())
    assert len([one for one in accounts if not one["service"]]) == 8
    assert {"Designated officer (LADO)", "MARAC coordinator"} <= {one["role"] for one in accounts if one["service"]}
    assert {one["role"] for one in accounts} >= {"Social worker", "Designated nurse", "Team manager"}
    assert all(one["password"] and one["username"] in built.stdout for one in accounts)

    again = goldenthread(folder, "demo", "--size", "60", "--no-serve")
    assert again.returncode == 0
    assert "Using the demonstration that is there: 60 children, built today" in again.stdout
    assert "Families" not in again.stdout


def test_another_size_builds_it_anew_but_not_over_what_people_recorded(folder: Path) -> None:
    assert goldenthread(folder, "demo", "--size", "60", "--no-serve").returncode == 0
    other = goldenthread(folder, "demo", "--size", "61", "--no-serve")
    assert "it is of the size “60”, not “61”. It is built anew" in other.stdout
    recorded = goldenthread_python(folder, _RECORD)
    assert recorded.returncode == 0, recorded.stderr
    kept = goldenthread(folder, "demo", "--size", "60", "--no-serve")
    assert kept.returncode == 2
    assert "1 event has been recorded in it since" in kept.stderr and "--fresh" in kept.stderr
    fresh = goldenthread(folder, "demo", "--size", "60", "--no-serve", "--fresh")
    assert fresh.returncode == 0 and "Ready in" in fresh.stdout


def test_records_that_the_demo_did_not_make_are_left_alone(tmp_path: Path) -> None:
    assert goldenthread_python(tmp_path, _OWN).returncode == 0
    for arguments in ((), ("--fresh",)):
        refused = goldenthread(tmp_path, "demo", "--size", "60", "--no-serve", *arguments)
        assert refused.returncode == 2
        assert "holds records that the demo did not make" in refused.stderr
    assert "1" in goldenthread_python(tmp_path, _COUNT).stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "because"),
    [
        (("--size", "huge"), "", "There is no size 'huge'. Choose small, default, county"),
        (("--size", "5"), "", "from 50 to 500000"),
        ((), "goldenthread.web.settings.test", "The settings in use are not the demo's"),
    ],
)
def test_it_refuses_in_words(tmp_path: Path, arguments: tuple[str, ...], settings: str, because: str) -> None:
    more = {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    refused = goldenthread(tmp_path, "demo", "--no-serve", *arguments, **more)
    assert refused.returncode == 2
    assert because in refused.stderr and "Traceback" not in refused.stderr


def goldenthread_python(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    environment = {"GT_VAR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "goldenthread.web.settings.demo"}
    return subprocess.run(
        [sys.executable, "-c", script], env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


_RECORD = """
import django; django.setup()
from django.utils import timezone
from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case
from goldenthread.foundation.actor import SystemActor
case = Case.objects.filter(is_open=True).first()
RecordEvent(SystemActor("a visitor")).run(case, "note_added", timezone.now(), {"text": "Rang the school."})
"""
_OWN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from goldenthread.agencies.actions import SeedRoles
from goldenthread.foundation.actor import SystemActor
SeedRoles(SystemActor("set up")).run()
"""
_COUNT = """
import django; django.setup()
from goldenthread.agencies.models import Role
print(int(Role.objects.exists()))
"""
