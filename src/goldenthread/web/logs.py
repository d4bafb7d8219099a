"""How the log is written: where an error happened, never with which values, since values may be about a person."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


class NoValues(logging.Formatter):
    """Writes an exception as its kind and its places in the code. Its message is left out: it may quote a record."""

    def formatException(  # noqa: N802  logging's own name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        places = [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        return "\n".join([f"{kind.__module__}.{kind.__qualname__} at", *places])
