"""An extract on disk: `manifest.json`, and Parquet files by part, area and year. Read without Django.

    manifest.json
    standard/area=burnley/year=2016/cases-1f0c2a9d5b7e.parquet   events-..., answers-..., duties-..., people-...,
                                                                      meetings-..., seats-..., reports-...
    restricted/...
    submissions/collected-9d0b7a4c1e22.parquet

A file's name ends with the fingerprint of what it was taken from. The manifest names the files that count and is replaced
in one step, so that a reader never sees half of a new extract.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

MANIFEST = "manifest.json"
VERSION = 2
PARTS = ("standard", "restricted")
SUBMISSIONS = "submissions"
"""The folder of what agencies sent in (intelligence.collections)."""
TABLES = ("people", "cases", "events", "answers", "duties", "meetings", "seats", "reports")


class NotAnExtract(Exception):
    """The folder holds no extract that can be read; the message says why."""


class AnotherEdition(NotAnExtract):
    """The extract was made by another edition, whose tables were others: it can only be made again."""


@dataclass(frozen=True, slots=True)
class Partition:
    """The rows of one part, area and year."""

    part: str
    area: str
    year: str
    fingerprint: str
    has_open: bool
    taken: date
    rows: Mapping[str, int]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.part, self.area, self.year

    def path(self, folder: Path, table: str) -> Path:
        return folder / self.part / f"area={self.area}" / f"year={self.year}" / f"{table}-{self.fingerprint}.parquet"


@dataclass
class Manifest:
    """What an extract holds, and up to which day."""

    as_of: date
    guidance: str
    """Digest of the guidance that the clocks were worked out by."""
    partitions: dict[tuple[str, str, str], Partition] = field(default_factory=dict)
    collected: str = ""
    """Fingerprint of what agencies sent in; "" where they sent nothing. Counts of areas, in neither part."""

    def collected_path(self, folder: Path) -> Path:
        return folder / SUBMISSIONS / f"collected-{self.collected}.parquet"

    def paths(self, folder: Path, *, restricted: bool = False) -> dict[str, Sequence[Path]]:
        """The files of each table; those of the restricted part too if wanted."""
        parts = PARTS if restricted else PARTS[:1]
        chosen = [one for _, one in sorted(self.partitions.items()) if one.part in parts]
        found: dict[str, Sequence[Path]] = {table: [one.path(folder, table) for one in chosen] for table in TABLES}
        return {**found, "collected": [self.collected_path(folder)]} if self.collected else found


def is_extract(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Raises NotAnExtract."""
    try:
        whole = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if whole["version"] != VERSION:
            raise AnotherEdition(
                f"{folder} was made by another edition (version {whole['version']}); make it again: goldenthread extract {folder}"
            )
        found = Manifest(date.fromisoformat(whole["as_of"]), whole["guidance"], collected=whole.get("collected", ""))
        for one in whole["partitions"]:
            partition = Partition(
                one["part"], one["area"], one["year"], one["fingerprint"], one["has_open"],
                date.fromisoformat(one["taken"]), one["rows"],
            )  # fmt: skip
            found.partitions[partition.key] = partition
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAnExtract(f"{folder} holds no extract: its {MANIFEST} cannot be read") from error
    return found


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in place in one step, then take away the files that it no longer names."""
    whole = {
        "version": VERSION,
        "as_of": manifest.as_of.isoformat(),
        "guidance": manifest.guidance,
        "collected": manifest.collected,
        "partitions": [
            {
                "part": one.part, "area": one.area, "year": one.year, "fingerprint": one.fingerprint,
                "has_open": one.has_open, "taken": one.taken.isoformat(), "rows": dict(one.rows),
            }
            for _, one in sorted(manifest.partitions.items())
        ],
    }  # fmt: skip
    fresh = folder / f".{MANIFEST}.{os.getpid()}"
    fresh.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    fresh.replace(folder / MANIFEST)
    named = {path for paths in manifest.paths(folder, restricted=True).values() for path in paths}
    for part in (*PARTS, SUBMISSIONS):
        for path in (folder / part).rglob("*.parquet"):
            if path not in named:
                path.unlink()
