"""The statements made for Spark, run on a local one in an environment of its own: they come to what DuckDB comes to.

Run by `make check-spark`, which installs PySpark apart and needs Java; not part of the usual run.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from goldenthread.intelligence.tests.elsewhere import Asked, Table, asked, in_order

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif("GT_SPARK" not in os.environ, reason="no Python with PySpark is named in GT_SPARK: run make check-spark"),
]


def _plain(table: Table) -> dict[str, Any]:
    return {"name": table.name, "columns": table.columns, "rows": table.rows}


def test_every_worked_table_comes_to_the_same_on_spark() -> None:
    every: list[Asked] = list(asked("spark"))
    sent: list[dict[str, Any]] = []
    last: tuple[Table, ...] = ()
    for one in every:
        if one.tables is not last:
            last = one.tables
            sent.append({"tables": [_plain(table) for table in last], "queries": []})
        sent[-1]["queries"].append({"spells": one.spells, "query": one.query})
    done = subprocess.run(
        [os.environ["GT_SPARK"], str(Path(__file__).with_name("ask_spark.py"))],
        input=json.dumps(sent, default=str), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    assert len(answers) == len(every) > 15
    for one, rows in zip(every, answers, strict=True):
        assert in_order(rows) == one.expected, one.name
