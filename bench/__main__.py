"""`make bench`: everything measured, each in a process of its own. SIZE=county measures pages on a county and ten."""

from __future__ import annotations

import os
import platform
import subprocess
import sys


def main() -> None:
    print(f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} processors")
    size = os.environ.get("SIZE", "default")
    for arguments in (["bench.clocks"], ["bench.append"], ["bench.pages", size], ["bench.policy", size], ["bench.chronology"]):
        done = subprocess.run([sys.executable, "-m", *arguments], check=False)
        if done.returncode:
            sys.exit(f"{arguments[0]} failed")


if __name__ == "__main__":
    main()
