"""Small files of figures, written by hand in tests: one line a figure."""

from __future__ import annotations

from pathlib import Path

from goldenthread.foundation.csv_rows import RowError
from goldenthread.intelligence.figures.printed.claims import Claim, read_claims
from goldenthread.intelligence.figures.printed.figure import Figure, read_figures

HEADER = "source,table,indicator,unit,area,breakdown,period,comparator,value,polarity,printed_change,printed_direction"
CLAIM_HEADER = ("source,kind,printed,table,indicator,area,breakdown,period,parts,of_indicator,of_breakdown,of_period,of_parts,"
                "of_value,per,sure,words")  # fmt: skip


def reading(folder: Path, *lines: str, header: str = HEADER) -> tuple[list[Figure], list[RowError]]:
    path = folder / "figures.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    found = read_figures(path)
    return found.figures, found.errors


def figures(folder: Path, *lines: str) -> list[Figure]:
    found, errors = reading(folder, *lines)
    assert not errors
    return found


def claims(folder: Path, *lines: str) -> list[Claim]:
    path = folder / "claims.csv"
    path.write_text("\n".join((CLAIM_HEADER, *lines)) + "\n", encoding="utf-8")
    found = read_claims(path)
    assert not found.errors
    return found.claims


def count(value: object, period: str, *, breakdown: str = "", change: str = "", indicator: str = "Referrals", table: str = "T",
          area: str = "Ryeford") -> str:  # fmt: skip
    return f"doc,{table},{indicator},count,{area},{breakdown},{period},local,{value},,{change},"


def rate(value: object, period: str, *, polarity: str = "lower", direction: str = "", unit: str = '"per 100,000"',
         indicator: str = "Suicide rate") -> str:  # fmt: skip
    return f"doc,T,{indicator},{unit},Ryeford,,{period},local,{value},{polarity},,{direction}"
