"""Files of worked examples beside the guidance: each read, the names in it held against the guidance, every fault told at once.

What an example means is for whoever runs it: `clocks.assure_meetings`, `sharing.worked_tellings`. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from .checks import Where
from .reading import Fault, GuidanceError, Source, read

M = TypeVar("M", bound=BaseModel)


def worked(
    folder: Path, model: type[M], unknown: Callable[[str, M], Iterable[tuple[Where, str]]]
) -> list[tuple[str, M, Source]]:
    """Every file of a folder, with its name. `unknown` yields the names in a file that lead nowhere.

    Raises GuidanceError for files written wrongly.
    """
    found: list[tuple[str, M, Source]] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            file, source = read(model, path)
        except GuidanceError as error:
            faults.extend(error.faults)
            continue
        faults.extend(source.fault(where, problem) for where, problem in unknown(path.stem, file))
        found.append((path.stem, file, source))
    if faults:
        raise GuidanceError(faults)
    return found
