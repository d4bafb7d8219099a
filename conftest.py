"""What every test run shares: one throwaway database, markers, and a plain word at the end about what could not run.

Markers: `database` is put on every test that touches the database; `sqlite_only` and `postgres_only` tests run on their
engine; `browser` tests need Chromium. With GT_REQUIRE_ALL=1 a skipped test fails the run.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from goldenthread.foundation.tests.emptying import append_only_tables_are_emptied_between_tests  # noqa: F401  a fixture

# Examples are judged by what they find, not by how busy the machine is.
hypothesis_settings.register_profile("goldenthread", deadline=None)
hypothesis_settings.load_profile("goldenthread")

REQUIRE_ALL = os.environ.get("GT_REQUIRE_ALL") == "1"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
HOW_TO_INSTALL = "Debian and Ubuntu: apt-get install chromium; elsewhere set GT_CHROMIUM to its path"

atexit.register(
    shutil.rmtree, Path(tempfile.gettempdir()) / f"goldenthread-tests-{os.getpid()}", ignore_errors=True
)


def _engine() -> str:
    return "postgres" if os.environ.get("GT_DATABASE_URL", "").startswith("postgres") else "sqlite"


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Let tests with real transactions clear the append-only tables after themselves, and nobody else."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    clear = BaseDatabaseOperations.execute_sql_flush

    def clear_past_triggers(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
                clear(self, sql_list)
                cursor.execute("SET session_replication_role = DEFAULT")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            clear(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    BaseDatabaseOperations.execute_sql_flush = clear_past_triggers


def pytest_report_header() -> str:
    return f"database: {_engine()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, left_out = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {
            "db",
            "transactional_db",
            "live_server",
            "django_db_setup",
        }:
            item.add_marker(pytest.mark.database)
        if fixtures & {"browser", "page", "chromium"}:
            item.add_marker(pytest.mark.browser)
        away = {"shared": "GT_SHARED", "peers": "GT_PEERS", "spark": "GT_SPARK"}
        if any(item.get_closest_marker(mark) and not os.environ.get(needs) for mark, needs in away.items()):
            left_out.append(item)
            continue
        other = "postgres_only" if _engine() == "sqlite" else "sqlite_only"
        (left_out if item.get_closest_marker(other) else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons: dict[str, int] = {}
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")] = reasons.get(reason.removeprefix("Skipped: "), 0) + 1
    terminalreporter.section("NOT RUN HERE", sep="=", yellow=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} test{'s' if count > 1 else ''}: {reason}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; tests that need it are reported at the end where it is missing."""
    given = os.environ.get("GT_CHROMIUM")
    found = given or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(f"needs Chromium, which is not installed. {HOW_TO_INSTALL}")
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """A headless Chromium for the session."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; our own calls of the database beside it are not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield made
        made.close()


@pytest.fixture
def page(browser: object) -> Iterator[object]:
    """An empty page that fails the test if it asks any other host for anything, or if a script of ours fails."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")  # type: ignore[attr-defined]
    made = context.new_page()
    strangers: list[str] = []
    faults: list[str] = []

    def look(request: object) -> None:
        address = request.url  # type: ignore[attr-defined]
        if not address.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
            strangers.append(address)

    made.on("request", look)
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on(
        "console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield made
    context.close()
    assert not strangers, f"the page asked other hosts: {strangers}"
    assert not faults, f"the page's scripts failed: {faults}"
