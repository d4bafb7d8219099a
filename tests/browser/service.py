"""A running service for the journeys: the pages served by gunicorn from a file of its own, as `goldenthread serve` does.

Knows nothing of Django: it starts processes and stops those it started.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEMO, PRODUCTION = "goldenthread.web.settings.demo", "goldenthread.web.settings.production"
_START_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """Where the pages are, and who and what is in them."""

    url: str
    cast: dict[str, Any]
    log: Path


def staged(shared: Path, own: Path) -> dict[str, Any]:
    """A copy of the small partnership in `own`. It is built once in `shared`, whichever process comes first."""
    built = shared / "stage"
    built.mkdir(parents=True, exist_ok=True)
    with (shared / "stage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (built / "cast.json").exists():
            environment = _environment(DEMO, built / "var")
            made = subprocess.run(
                [sys.executable, str(HERE / "stage.py"), str(built)], env=environment, capture_output=True, text=True
            )
            assert made.returncode == 0, f"the stage could not be set:\n{made.stdout}\n{made.stderr}"
    shutil.copytree(built / "var", own / "var")
    found: dict[str, Any] = json.loads((built / "cast.json").read_text(encoding="utf-8"))
    return found


def _environment(settings: str, var: Path, **more: str) -> dict[str, str]:
    """What a service is told: nothing of this test run's own settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GT_", "DJANGO_"))}
    return {**plain, "DJANGO_SETTINGS_MODULE": settings, "GT_VAR": str(var), **more}


def install(settings: str, folder: Path, **more: str) -> None:
    """What is done before a service is served for the first time: its tables, its styles and scripts."""
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run(
            [sys.executable, "-m", "django", *command, "--verbosity", "0"],
            env=_environment(settings, folder / "var", **more), check=True,
        )  # fmt: skip


@contextmanager
def serving(settings: str, folder: Path, cast: dict[str, Any], **more: str) -> Iterator[Service]:
    """Serve until the block ends. One process, so that what it counts (attempts to sign in) is counted once."""
    port = _free_port()
    log = folder / f"server-{port}.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "goldenthread.web.wsgi:application", "--bind", f"127.0.0.1:{port}",
                "--workers", "1", "--threads", "6", "--log-level", "warning", "--timeout", "120",
            ],
            env=_environment(settings, folder / "var", **more), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_until_answering(server, port, log)
        yield Service(f"http://localhost:{port}", cast, log)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_answering(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the service stopped as it started:\n{log.read_text()}"
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/help/", headers={"Host": "localhost"})
            connection.getresponse()
            return
        except (HTTPException, OSError):
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError(f"the service did not answer within {_START_SECONDS} seconds:\n{log.read_text()}")
