"""What the tests of the documentation share: a folder like a checkout, in which the commands of one page are run.

Our own commands are run in this process, on the throwaway database of the tests, which is put back after each page.
Others, such as `mkdir`, are run by a shell.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.foundation.library import reload_library

from .reading import ROOT

#: What a reader has in the folder they work in. Linked, so that nothing a page does can touch the checkout.
LINKED = ("src", "docs", "scripts", "manage.py", "Makefile", "pyproject.toml", "LICENSE")
#: Commands that need no database.
PURE = ("due", "guidance", "run-case")
_SHELL = re.compile(r"[|<>;&*`$(){}]")
_SETTINGS = ("GT_GUIDANCE_FOLDER", "GT_ARRANGEMENT")


def needs_database(commands: str) -> bool:
    """Whether any of these commands reads or writes records."""
    called = re.findall(r"^\$ goldenthread ([a-z-]+)", commands, re.MULTILINE)
    return "manage.py" in commands or any(name not in PURE for name in called)


class Place:
    """A folder in which the commands of one page are run."""

    def __init__(self, folder: Path, settings: Any) -> None:
        self.folder, self.settings = folder, settings
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)

    def run(self, command: str) -> tuple[int, str]:
        """The exit code and everything printed."""
        words = shlex.split(command)
        with contextlib.chdir(self.folder):
            if words[0] == "goldenthread" and not _SHELL.search(command):
                result = CliRunner().invoke(app, words[1:], env={"COLUMNS": "100"})
                assert not result.exception or isinstance(result.exception, SystemExit), repr(
                    result.exception
                )
                return result.exit_code, result.output
            if words[:2] == ["python", "manage.py"] and not _SHELL.search(command):
                return _managed(words[2:])
            done = subprocess.run(
                ["bash", "-c", command], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=120, check=False,
                env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            )  # fmt: skip
        return done.returncode, done.stdout

    def export(self, command: str) -> bool:
        """Take up `export NAME=value`, which in a reader's terminal holds for the commands after it."""
        if not command.startswith("export "):
            return False
        for given in shlex.split(command.removeprefix("export ")):
            name, _, value = given.partition("=")
            assert name in _SETTINGS, f"say how {name} is taken up in tests"
            setattr(self.settings, name, value.replace("$PWD", str(self.folder)))
            reload_library()
        return True


def _managed(words: list[str]) -> tuple[int, str]:
    printed = io.StringIO()
    try:
        call_command(*words, stdout=printed, stderr=printed)
    except CommandError as error:
        return 1, f"{printed.getvalue()}{error}\n"
    return 0, printed.getvalue()


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Place:
    folder = tmp_path / "golden-thread"
    folder.mkdir()
    return Place(folder, settings)
