"""Run a command against a throwaway PostgreSQL: `python tests/with_postgres.py pytest -m database`.

Makes a private cluster in a temporary folder, listening on a Unix socket only; sets GT_DATABASE_URL; removes everything
after. As root it runs the server as the user `postgres`, since the server refuses root. Where PostgreSQL is missing it
says so and how to install it; with GT_REQUIRE_ALL=1 that is a failure. Knows only the standard library.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Nothing in a throwaway database must survive a power cut.
FAST = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off", "-c max_connections=50")


def programs() -> Path | None:
    """The folder with initdb and pg_ctl: the newest that is installed."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    for root in ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"):
        found += [path.parent for path in Path(root).glob("*/bin/initdb")]
    usable = [folder for folder in found if (folder / "pg_ctl").exists()]
    return max(
        usable,
        key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()],
        default=None,
    )


@contextmanager
def cluster(bin_dir: Path) -> Iterator[str]:
    """A running server; gives the address of its database."""
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    home = Path(tempfile.mkdtemp(prefix="gt-pg-"))
    if os.geteuid() == 0:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    home.chmod(0o755)
    data, log = home / "data", home / "log"

    def run(*command: str | Path) -> None:
        # Output goes to a file: a server holding our pipe open would keep us waiting for ever.
        with (home / "output").open("ab") as out:
            subprocess.run(
                [str(part) for part in command], check=True, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=home,
                **({"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}),
            )  # fmt: skip

    try:
        run(
            bin_dir / "initdb",
            "-D",
            data,
            "-U",
            "goldenthread",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        options = " ".join([f"-k {home}", "-c listen_addresses=''", *FAST])
        run(bin_dir / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        yield f"postgresql:///postgres?host={quote(str(home), safe='')}&user=goldenthread"
    except subprocess.CalledProcessError as error:
        said = "\n".join(path.read_text() for path in (home / "output", log) if path.exists())
        raise SystemExit(f"PostgreSQL did not start ({error}):\n{said}") from error
    finally:
        if (data / "postmaster.pid").exists():
            run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run `command`; its exit code is ours."""
    if not command:
        print(__doc__)
        return 2
    bin_dir = programs()
    if bin_dir is None:
        print(
            "\n=== NOT RUN HERE: tests on PostgreSQL, which is not installed."
            "\n=== Debian and Ubuntu: apt-get install postgresql. The same tests ran on SQLite.\n",
            flush=True,
        )
        return 1 if os.environ.get("GT_REQUIRE_ALL") == "1" else 0
    with cluster(bin_dir) as address:
        return subprocess.run(command, env={**os.environ, "GT_DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
