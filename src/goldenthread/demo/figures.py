"""The demo's figures: published rates and assumptions (rates.yaml) and how journeys go (journeys.yaml for children whom
social care works with, services.yaml for every other service), joined by reference.

A value in them may name a figure: "rates.ID" (printed in a document) or "assumed.ID". Percentages become shares. A name
that is not there is an error that says where. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
NAMES = HERE / "names"
SERVICE_FILES = ("services.yaml", "services_adults.yaml", "services_organisations.yaml", "services_rights.yaml")
SERVICES = ("staff", "services", "measures")
"""What they say beside how its pathways go."""
_SCALE = {"per cent": 0.01, "per 10,000": 1e-4, "per 100,000": 1e-5}


class FiguresWrong(ValueError):
    """A figure that a file names is not there."""


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def table(name: str) -> Any:
    """One of the tables of names and words, such as `surnames`."""
    return read_yaml(NAMES / f"{name}.yaml")


class Figures:
    """Every figure by name, and the journeys with their figures put in."""

    def __init__(self, rates: Mapping[str, Any], journeys: Mapping[str, Any]) -> None:
        self.entries: dict[str, Mapping[str, Any]] = {
            f"{prefix}.{entry['id']}": entry
            for prefix, part in (("rates", "rates"), ("assumed", "assumptions"))
            for entry in rates[part]
        }
        self._shares: dict[str, dict[str, float]] = {}
        self.files: Mapping[str, str] = journeys.get("files", {})
        """Pathway -> the file that says how it goes, where that is not journeys.yaml."""
        self.journeys: dict[str, Any] = {
            name: self._resolved(value, name)
            for name, value in journeys.items()
            if name not in ("reference", "files")
        }

    def __getitem__(self, name: str) -> float:
        """A figure's value, percentages and rates as shares."""
        entry = self.entries.get(name)
        if entry is None:
            near = get_close_matches(name, self.entries, n=1)
            raise FiguresWrong(
                f"There is no figure {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
            )
        return float(entry["value"]) * _SCALE.get(entry["unit"], 1.0)

    def shares(self, prefix: str) -> dict[str, float]:
        """Figures whose name starts so, by the rest of their name: `assumed.contact_source_` gives police, school, ..."""
        found = self._shares.get(prefix)
        if found is None:
            names = [name for name in self.entries if name.startswith(prefix)]
            found = self._shares[prefix] = {name.removeprefix(prefix): self[name] for name in names}
        if not found:
            raise FiguresWrong(f"No figure starts with {prefix!r}.")
        return dict(found)

    def _file(self, where: str) -> str:
        first, _, rest = where.partition(".")
        if first == "pathways":
            return self.files.get(rest.partition(".")[0], "journeys.yaml")
        return " or ".join(SERVICE_FILES) if first in SERVICES else "journeys.yaml"

    def _resolved(self, value: Any, where: str) -> Any:
        if isinstance(value, str) and value.startswith(("rates.", "assumed.")):
            try:
                return _of_one(self.shares(value[:-1])) if value.endswith("*") else self[value]
            except FiguresWrong as error:
                raise FiguresWrong(f"{self._file(where)}, {where}: {error}") from None
        if isinstance(value, dict):
            return {key: self._resolved(one, f"{where}.{key}") for key, one in value.items()}
        if isinstance(value, list):
            return [self._resolved(one, f"{where}[{place}]") for place, one in enumerate(value, 1)]
        return value


def _of_one(shares: dict[str, float]) -> dict[str, float]:
    """Shares as they are; counts as shares of their sum."""
    total = sum(shares.values())
    return shares if total < 1.5 else {name: value / total for name, value in shares.items()}


@cache
def shipped_figures() -> Figures:
    """The figures that come with the demo. Raises FiguresWrong."""
    return Figures(read_yaml(HERE / "rates.yaml"), all_journeys())


def all_journeys() -> dict[str, Any]:
    """journeys.yaml and what the other services do as one."""
    found: dict[str, Any] = {**read_yaml(HERE / "journeys.yaml"), "files": {}, "staff": {}, "services": [], "measures": []}
    for file in SERVICE_FILES:
        more = read_yaml(HERE / file)
        found["staff"] |= more["staff"]
        found["pathways"] |= more["pathways"]
        found["files"] |= dict.fromkeys(more["pathways"], file)
        found["services"] += more["services"]
        found["measures"] += more["measures"]
    return found
