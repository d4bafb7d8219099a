"""A throwaway site for measurements: Django on a database of its own, with Lancashire's agencies and nothing else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def prepare(name: str = "bench") -> Path:
    """Set Django up on an empty database: GT_BENCH_DATABASE_URL, or a file on disk. Returns its folder."""
    folder = Path(tempfile.mkdtemp(prefix="goldenthread-bench-"))
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
