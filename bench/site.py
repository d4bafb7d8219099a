"""A throwaway site for measurements: Django on a database of its own, with Lancashire's agencies and nothing else, or a demo.

`python -m bench.site SIZE FILE` builds a demo in a file, for several measurements in turn.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path


def prepare(name: str = "bench") -> Path:
    """Set Django up on an empty database: GT_BENCH_DATABASE_URL, or a file on disk. Returns its folder, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="goldenthread-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GT_DATABASE_URL"] = os.environ.get(
        "GT_BENCH_DATABASE_URL", f"sqlite:///{folder / name}.sqlite3"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.web.settings.demo")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return folder


def agencies() -> None:
    """Load Lancashire's arrangement and the roles."""
    from goldenthread.agencies.actions import LoadArrangement, SeedRoles
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.guidance.library import shipped

    actor = SystemActor("bench")
    SeedRoles(actor).run()
    LoadArrangement(actor).run(shipped().arrangements["lancashire"])


def demo(size: str) -> None:
    """Set Django up on the demo whose file GT_BENCH_DEMO names, or on one of this size built for it."""
    kept = os.environ.get("GT_BENCH_DEMO")
    if kept:
        os.environ["GT_DATABASE_URL"] = f"sqlite:///{Path(kept).resolve()}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldenthread.web.settings.demo")
        import django

        django.setup()
        return
    prepare("demo")
    from goldenthread.demo.build import build

    build(size)


if __name__ == "__main__":
    os.environ["GT_BENCH_DATABASE_URL"] = f"sqlite:///{Path(sys.argv[2]).resolve()}"
    demo(sys.argv[1])
