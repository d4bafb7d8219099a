"""`make bench`: everything that docs/benchmarks.md speaks of, each in a process of its own, on one demo of SIZE.

The pages come last of those that use the demo, because they multiply it. SIZE=county measures them on a county and ten, and
the others at the sizes that the targets name. A measurement that fails, or misses its target, is told at the end.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} processors", flush=True)
    size = os.environ.get("SIZE", "default")
    whole = size == "county"
    with tempfile.TemporaryDirectory(prefix="goldenthread-bench-") as folder:
        demo = os.environ.get("GT_BENCH_DEMO") or str(Path(folder) / "demo.sqlite3")
        building = [] if "GT_BENCH_DEMO" in os.environ else [["bench.site", size, demo]]
        failed = [
            arguments[0]
            for arguments in (
                ["bench.clocks"],
                ["bench.append"],
                ["bench.verify", "1000000" if whole else "100000"],
                ["bench.match", "100000" if whole else "5000"],
                ["bench.work", "1000000" if whole else "100000"],
                ["bench.chronology"],
                ["bench.indicators", "1000000" if whole else "100000"],
                *building,
                ["bench.policy", size],
                ["bench.pages", size],
            )
            if not _done(arguments, demo)
        ]
    if failed:
        sys.exit(f"Failed, or missed a target: {', '.join(failed)}")


def _done(arguments: list[str], demo: str) -> bool:
    of_demo = {"GT_BENCH_DEMO": demo} if arguments[0] in ("bench.policy", "bench.pages") else {}
    run = subprocess.run([sys.executable, "-m", *arguments], check=False, env={**os.environ, **of_demo})
    return run.returncode == 0


if __name__ == "__main__":
    main()
