"""The declared model: settings.yaml as strict types, with the weights learned for it, compiled for a dialect of SQL.

Pure but for Splink, which is loaded only when the settings are compiled. A fault in the files names the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from splink import SettingsCreator
    from splink.internals.comparison_level_creator import ComparisonLevelCreator

HERE = Path(__file__).parent
Kind = Literal["dedupe", "link"]
#: That two lists share something, by dialect.
_OVERLAP = {"duckdb": "list_has_any({a}, {b})", "spark": "arrays_overlap({a}, {b})"}
#: Jaro-Winkler likeness, by dialect; on Spark it is of the functions that Splink registers.
_LIKENESS = {"duckdb": "jaro_winkler_similarity", "spark": "jaro_winkler"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Test(_Strict):
    """One test of two records; exactly one of these is given."""

    same: str = ""
    overlap: str | tuple[str, str] = ""
    crossed: tuple[str, str] | None = None
    alike: str | tuple[str, str] = ""
    by: float = 0.9
    sql: str = ""


class Level(_Strict):
    id: str
    when: tuple[Test, ...] = ()
    says: str = ""
    speaks_for: bool | None = Field(default=None, alias="for")
    rarity: str = ""
    """The column whose rarer values weigh more."""


class Comparison(_Strict):
    id: str
    title: str
    unknown: str
    levels: tuple[Level, ...]

    def level(self, wanted: str) -> Level:
        return next(level for level in self.levels if level.id == wanted)


class Apart(_Strict):
    """What keeps two records apart."""

    id: str
    says: str
    needs: dict[str, tuple[str, ...]] = Field(alias="if")
    unless: dict[str, tuple[str, ...]] = {}
    at_most: str


class Grade(_Strict):
    id: str
    starts: float = Field(alias="from")
    title: str


class Declared(_Strict):
    """settings.yaml."""

    blocking: str
    expect: dict[Kind, float]
    comparisons: tuple[Comparison, ...]
    apart: tuple[Apart, ...]
    grades: tuple[Grade, ...]

    def comparison(self, wanted: str) -> Comparison:
        return next(one for one in self.comparisons if one.id == wanted)


#: Comparison -> level -> (how often it holds for one person, how often for two).
Weights = Mapping[str, Mapping[str, tuple[float, float]]]


@cache
def declared() -> Declared:
    """The settings that are shipped."""
    return Declared.model_validate(_read(HERE / "settings.yaml"))


@cache
def learned() -> Weights:
    """The weights that are shipped: bench/match.py --learn made them, from made-up people."""
    weights: Weights = _read(HERE / "weights.yaml")["weights"]
    return weights


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def expected(settings: Declared, kind: Kind, sizes: tuple[int, ...]) -> float:
    """The chance that two records drawn blindly are of one person: what the weights start from."""
    if kind == "link":
        return settings.expect["link"] / max(2, *sizes)
    return 2 * settings.expect["dedupe"] / max(2, sizes[0] - 1)


def compiled(
    kind: Kind, sizes: tuple[int, ...], dialect: str = "duckdb", weights: Weights | None = None
) -> SettingsCreator:
    """Splink's settings. `weights` of {} leaves them to be learned."""
    from splink import SettingsCreator, block_on
    from splink import comparison_library as library

    settings = declared()
    weighed = learned() if weights is None else weights
    return SettingsCreator(
        link_type="link_only" if kind == "link" else "dedupe_only",
        probability_two_random_records_match=expected(settings, kind, sizes),
        comparisons=[
            library.CustomComparison(
                output_column_name=one.id,
                comparison_levels=_levels(one, dialect, weighed.get(one.id, {})),
            )
            for one in settings.comparisons
        ],
        blocking_rules_to_generate_predictions=[
            block_on(settings.blocking, arrays_to_explode=[settings.blocking])
        ],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )


def _levels(
    comparison: Comparison, dialect: str, weights: Mapping[str, tuple[float, float]]
) -> list[ComparisonLevelCreator | dict[str, Any]]:
    from splink import comparison_level_library as library

    found: list[ComparisonLevelCreator | dict[str, Any]] = [
        library.CustomLevel(comparison.unknown, "unknown").configure(is_null_level=True)
    ]
    for level in comparison.levels:
        tests = [_test(test, dialect) for test in level.when]
        made: ComparisonLevelCreator = (
            library.ElseLevel() if not tests else tests[0] if len(tests) == 1 else library.Or(*tests)
        )
        more: dict[str, Any] = {"label_for_charts": level.id}
        if level.id in weights:
            more["m_probability"], more["u_probability"] = weights[level.id]
        if level.rarity:
            more |= {"tf_adjustment_column": level.rarity, "tf_minimum_u_value": 0.0002}
        found.append(made.configure(**more))
    return found


def _test(test: Test, dialect: str) -> ComparisonLevelCreator:
    from splink import comparison_level_library as library

    if test.same:
        return library.ExactMatchLevel(test.same)
    if test.sql:
        return library.CustomLevel(test.sql)
    if isinstance(test.alike, tuple):
        likeness, (one, two) = _LIKENESS[dialect], test.alike
        sides = [(f"{one}_l", f"{two}_r"), (f"{two}_l", f"{one}_r")]
        return library.CustomLevel(" AND ".join(f"{likeness}({a}, {b}) >= {test.by}" for a, b in sides))
    if test.alike:
        return library.JaroWinklerLevel(test.alike, test.by)
    overlap = _OVERLAP[dialect]
    lists = test.crossed or test.overlap
    one, two = (lists, lists) if isinstance(lists, str) else lists
    sql = overlap.format(a=f"{one}_l", b=f"{two}_r")
    if one != two:
        joined = "AND" if test.crossed else "OR"
        sql = f"({sql} {joined} {overlap.format(a=f'{two}_l', b=f'{one}_r')})"
    return library.CustomLevel(sql)
