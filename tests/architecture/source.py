"""Finds the files that the architecture tests read. Knows only the standard library."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "goldenthread"


def modules() -> list[Path]:
    """Every Python file of the package that is not a test or a migration."""
    return sorted(
        path
        for path in PACKAGE.rglob("*.py")
        if not {"tests", "migrations", "__pycache__"} & set(path.relative_to(PACKAGE).parts)
    )


def short(path: Path) -> str:
    """A file's name from the package on: `casework/actions.py`."""
    return path.relative_to(PACKAGE).as_posix()


def tracked() -> list[Path]:
    """Every file of the repository: those git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked archive has no git
        skip = {".git", ".venv", "var", "node_modules", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if not skip & set(path.relative_to(ROOT).parts)]
    return [path for path in found if path.is_file()]
