"""`goldenthread serve`: the web service, by gunicorn. Checks the database and the port first, and says what to do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import typer

from .plainly import refuse

WORKERS = 2
_START_SECONDS = 30


def register(app: typer.Typer) -> None:
    app.command("serve", short_help="Serve the web pages.")(serve_command)


def serve_command(
    port: int = typer.Option(8000, "--port", min=1, max=65535, help="The port to listen on."),
    host: str = typer.Option("127.0.0.1", "--host", help="The address to listen on; 0.0.0.0 for every one."),
    workers: int = typer.Option(WORKERS, "--workers", min=1, max=64, help="How many processes answer."),
) -> None:
    """Serve the web pages until you press Ctrl-C."""
    raise typer.Exit(serve(host, port, workers))


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = WORKERS,
    ready: Callable[[str], None] | None = None,
) -> int:
    """Serve until stopped; `ready` is called with the address once pages are answered. Returns the exit code.

    Other commands (`demo`) end with this.
    """
    from .site import prepare

    prepare()
    _check_settings()
    _check_database()
    _check_port(host, port)
    _make_folders()
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::1', '::') else host}:{port}/"
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "goldenthread.web.wsgi:application",
            "--bind", bind, "--workers", str(workers), "--preload", "--log-level", "warning", "--timeout", "60",
        ],
        env=os.environ,
    )  # fmt: skip
    # One Ctrl-C reaches gunicorn too; this process waits for it to finish what it is answering.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    _wait_until_answering(server, host, port, address)
    if ready is None:
        typer.echo(f"Golden Thread is on {address} (Ctrl-C to stop).")
    else:
        ready(address)
    code = server.wait()
    return 0 if code in (0, -signal.SIGINT, -signal.SIGTERM) else 1


def _check_settings() -> None:
    """Refuse to serve unsafely: what stops `manage.py` stops this too."""
    from goldenthread.web.checks import production_is_safe

    wrong = production_is_safe(None)
    if wrong:
        refuse("These settings are not safe to serve with:", *(f"{one.msg}. {one.hint}" for one in wrong))


def _check_database() -> None:
    """Refuse to serve a database that is not there or not up to date."""
    from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        refuse(
            f"The database cannot be reached: {str(error).splitlines()[0]}",
            "Check GT_DATABASE_URL, or leave it out to use a file on this machine.",
        )
    finally:
        connections.close_all()
    if waiting:
        refuse(
            f"The database is not up to date: {len(waiting)} change{'' if len(waiting) == 1 else 's'} to its tables "
            "are waiting.",
            "Run `python manage.py migrate` first, or `goldenthread demo` to build a demonstration.",
        )


def _make_folders() -> None:
    """The folder of collected static files may be empty, but must be there."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            refuse(
                f"Port {port} is kept for the system. Choose one above 1023: goldenthread serve --port 8000"
            )
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == 99:
                refuse(
                    f"This machine has no address {host}. Use 127.0.0.1, or 0.0.0.0 for every address it has."
                )
            refuse(
                f"Port {port} on {host} is taken: something else is listening there.",
                f"Stop it, or choose another port: goldenthread serve --port {port + 1 if port < 65535 else 8000}",
            )


def _wait_until_answering(server: subprocess.Popen[bytes], host: str, port: int, address: str) -> None:
    """Ask for a page by a name the service answers to, so that its log does not begin with a refusal."""
    from django.conf import settings

    name = next((one for one in settings.ALLOWED_HOSTS if one[0].isalnum()), "localhost")
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    waited_until = time.monotonic() + _START_SECONDS
    while time.monotonic() < waited_until:
        if server.poll() is not None:
            refuse("The web server stopped as it started. What it said is above.")
        connection = HTTPConnection(here, port, timeout=5)
        try:
            connection.request("GET", "/help/", headers={"Host": name})
            connection.getresponse()
            return  # any answer will do, a move to https too
        except (HTTPException, OSError):
            time.sleep(0.2)
        finally:
            connection.close()
    server.terminate()
    refuse(f"The web server did not answer on {address} within {_START_SECONDS} seconds.")
