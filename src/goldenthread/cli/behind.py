"""Works out the demo's figures while its pages are served: the extract, the scorecard, journeys and capacity take minutes, and
nobody should wait for them. A process of its own, which ends with the one that began it.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

LOG = "demo-figures.log"
_LOOK_SECONDS = 2.0


def begin(folder: Path) -> Path:
    """Begin in a process of its own. What it says is in the file that is returned."""
    log = folder / LOG
    with log.open("wb") as said:
        working = subprocess.Popen(
            [sys.executable, "-m", "goldenthread.cli.behind"], stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=os.environ
        )
    atexit.register(working.terminate)
    return log


def work() -> None:
    """First the figures, then what follows from them: questions to agencies, and news for those who subscribed."""
    from goldenthread.cli import app, site

    site.prepare()
    from django.conf import settings

    from goldenthread.intelligence.extract.files import is_extract

    if is_extract(Path(settings.GT_EXTRACT)):
        app(["nightly", *_only("scorecard", "journeys", "capacity")], standalone_mode=False)
    else:
        app(["extract"], standalone_mode=False)
    app(["nightly", *_only("questions", "subscriptions")], standalone_mode=False)


def _only(*works: str) -> list[str]:
    return [part for one in works for part in ("--only", one)]


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # the pages come first
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    work()
