"""A real service refuses to start unsafely. Each setting is tried in a process of its own, as a server would start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

GOOD = {
    "DJANGO_SETTINGS_MODULE": "goldenthread.web.settings.production",
    "SECRET_KEY": "9f2c7be05d1a4c6f8e3b7a9d0c5e1f2a-9f2c7be05d1a4c6f8e3b",
    "GT_HOSTS": "thread.example.gov.uk",
}


def check(tmp_path, code="", **changes):
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GT_", "DJANGO_")) and key != "SECRET_KEY"
    }
    env |= {
        **GOOD,
        "GT_DATABASE_URL": f"sqlite:///{tmp_path}/thread.sqlite3",
        "GT_VAR": str(tmp_path),
        **changes,
    }
    program = (
        "import django\n"
        "from django.conf import settings\n"
        f"{code}\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')\n"
    )
    env = {key: value for key, value in env.items() if value}
    return subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False
    )


def test_a_safe_configuration_passes_djangos_deployment_checks_too(tmp_path):
    done = check(tmp_path, "settings.SILENCED_SYSTEM_CHECKS = ['security.W021', 'models.W047']")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Make one with"),
        ({"GT_HOSTS": ""}, "GT_HOSTS is not set"),
        ({"GT_DATABASE_URL": ""}, "GT_DATABASE_URL is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is short"),
        ({"SECRET_KEY": "for-tests-only-" * 5}, "SECRET_KEY is short, guessable or a default"),
        ({"GT_HTTPS": "off"}, "over plain http"),
        ({"GT_HOSTS": "*"}, "answer to any host name"),
    ],
)
def test_a_wrong_environment_stops_the_start_and_says_what_to_do(tmp_path, changes, says):
    done = check(tmp_path, **changes)
    assert done.returncode != 0
    assert says in done.stderr


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("settings.DEBUG = True", "goldenthread.E001"),
        ("settings.SESSION_COOKIE_SECURE = False", "goldenthread.E004"),
        ("settings.GT_REQUIRE_TWO_FACTOR = False", "goldenthread.E005"),
        ("settings.GT_DEMO = True", "goldenthread.E006"),
        ("settings.CONTENT_SECURITY_POLICY = {}", "goldenthread.E008"),
    ],
)
def test_unsafe_settings_are_refused(tmp_path, code, says):
    done = check(tmp_path, code)
    assert done.returncode != 0
    assert says in done.stderr


def test_the_demos_key_is_made_once_and_kept_for_its_owner(tmp_path):
    from goldenthread.web.settings.key import kept_key

    key = kept_key(tmp_path / "var" / "secret-key")
    assert kept_key(tmp_path / "var" / "secret-key") == key
    assert len(key) >= 50
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0


def test_a_web_server_itself_refuses_unsafe_settings(tmp_path):
    """Servers do not run Django's checks: the application they load must."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GT_", "DJANGO_"))}
    env |= {**GOOD, "SECRET_KEY": "short", "GT_DATABASE_URL": f"sqlite:///{tmp_path}/thread.sqlite3", "GT_VAR": str(tmp_path)}
    program = "from goldenthread.web.wsgi import application; print('started')"
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "SECRET_KEY is short" in done.stderr and "started" not in done.stdout
    safe = subprocess.run(
        [sys.executable, "-c", program], env=env | {"SECRET_KEY": GOOD["SECRET_KEY"]}, capture_output=True, text=True, check=False
    )
    assert "started" in safe.stdout, safe.stderr
