"""One service and one browser for all journeys; each person sits at a window of their own, signed in once.

A window fails its test if the page asks another host for anything, breaks its own content security policy, or if a
script of ours fails.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .hands import click
from .service import DEMO, PRODUCTION, Service, install, serving, staged
from .stage import PASSWORD

Sit = Callable[..., Any]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with the small partnership in it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = tmp_path_factory.mktemp("service")
    return folder, staged(shared, folder)


@pytest.fixture(scope="session")
def service(chromium: str, cast: tuple[Path, dict[str, Any]]) -> Iterator[Service]:
    """The demo's pages: two-factor sign-in switched off."""
    with serving(DEMO, *cast) as made:
        yield made


@pytest.fixture(scope="session")
def real_service(chromium: str, cast: tuple[Path, dict[str, Any]]) -> Iterator[Service]:
    """The same partnership under the settings of a real service, but without https."""
    folder, known = cast
    told = {
        "SECRET_KEY": "for-journeys-only-" * 4, "GT_HOSTS": "localhost", "GT_HTTPS": "off", "GT_TRUSTED_PROXIES": "1",
        "GT_DATABASE_URL": f"sqlite:///{folder / 'var' / 'goldenthread.sqlite3'}",
    }  # fmt: skip
    install(PRODUCTION, folder, **told)
    with serving(PRODUCTION, folder, known, **told) as made:
        yield made


@pytest.fixture(scope="session")
def signed_in(browser: Any, service: Service) -> Callable[[str], Any]:
    """The cookies of someone who has signed in, by user name."""
    kept: dict[str, Any] = {}

    def cookies(username: str) -> Any:
        if username not in kept:
            context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
            page = context.new_page()
            sign_in(page, service, username)
            page.get_by_role("button", name="Sign out").wait_for()
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return cookies


def sign_in(page: Any, service: Service, username: str, password: str = PASSWORD) -> None:
    """By the page, as people do."""
    page.goto(f"{service.url}/accounts/sign-in/")
    page.get_by_label("User name or email address").fill(username)
    page.get_by_label("Password").fill(password)
    click(page.get_by_role("button", name="Sign in"))


@pytest.fixture
def sit(browser: Any, service: Service, signed_in: Callable[[str], Any]) -> Iterator[Sit]:
    """`sit("screener")` is a new window of the screener's; `sit()` of somebody who is not signed in."""
    windows: list[tuple[Any, list[str]]] = []

    def sit_down(username: str = "", **more: Any) -> Any:
        state = signed_in(username) if username else None
        context = browser.new_context(
            locale="en-GB", timezone_id="Europe/London", storage_state=state,
            **{"viewport": WIDE, "base_url": service.url, **more},
        )  # fmt: skip
        context.set_default_timeout(30_000)
        page = context.new_page()
        faults: list[str] = []
        watch(page, faults)
        windows.append((context, faults))
        return page

    yield sit_down
    found = []
    for context, faults in windows:
        context.close()
        found += faults
    assert found == []


def watch(page: Any, faults: list[str]) -> None:
    """Write down what no page of ours may do."""

    def asked(request: Any) -> None:
        if not request.url.startswith(("http://localhost:", "data:", "blob:")):
            faults.append(f"{page.url} asked another host for {request.url}")

    def answered(response: Any) -> None:
        if response.request.resource_type != "document":
            if response.status >= 400 and response.request.resource_type not in ("fetch", "xhr"):
                faults.append(f"{page.url} asked for {response.url}: {response.status}")
        elif response.url.startswith("http") and response.status not in (301, 302):
            policy = response.headers.get("content-security-policy", "")
            if "default-src 'self'" not in policy or "'unsafe-inline'" in policy:
                faults.append(f"{response.url} has no content security policy: {policy!r}")

    def said(message: Any) -> None:
        # A page that is refused (404, 422) is told by the browser as a failed resource: the tests read such pages.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"{page.url}: {message.text}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
