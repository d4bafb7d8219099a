"""Our control charts beside abspc (Aneurin Bevan University Health Board), in an environment of its own.

Run by `make check-peers`, which installs it apart; not part of the usual run. Differences that are meant: abspc takes a
shift of 8, so ours is set to 8 here; it uses 3/1.128 where Making Data Count rounds to 2.66; it lets a lower limit fall
under zero.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goldenthread.intelligence.charts import Rules, control_chart, months
from goldenthread.intelligence.charts.tests import worked_examples as known

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif("GT_PEERS" not in os.environ, reason="no Python with abspc is named in GT_PEERS: run make check-peers"),
]
OURS = {"rule1": "outside", "rule2": "shift", "rule3": "trend", "rule4": "near"}
ICONS = {"pass": "passing", "fail": "failing", "hit_or_miss": "hit_and_miss"}


def _series() -> list[dict[str, Any]]:
    luck = random.Random(20)
    found = [
        {"kind": "XmR", "values": known.LOAN_COSTS, "of": [], "target": 310},
        {"kind": "p", "values": known.CANS, "of": [known.CANS_EACH] * 30, "target": 0.2},
        {"kind": "u", "values": known.ERRORS, "of": [known.ERRORS_EACH] * 20, "target": 0.1},
    ]
    for nth in range(60):
        drift = luck.choice([0, 0, 0.4, -0.4])
        values = [
            round(luck.gauss(50, 5) + drift * place + (12 if place > 24 and nth % 5 == 0 else 0), 2)
            for place in range(36)
        ]
        found.append({"kind": "XmR", "values": values, "of": [], "target": luck.choice([20, 50, 55, 90])})
        of = [luck.randint(30, 90) for _ in range(30)]
        share = luck.uniform(0.3, 0.9)
        counts = [sum(luck.random() < share for _ in range(many)) for many in of]
        found.append({"kind": "p", "values": counts, "of": of, "target": 0.6})
        found.append({"kind": "u", "values": counts, "of": of, "target": 0.6})
    return found


def test_limits_rules_and_assurance_are_the_same():
    series = _series()
    script = Path(__file__).with_name("ask_abspc.py")
    done = subprocess.run(
        [os.environ["GT_PEERS"], str(script)],
        input=json.dumps(series),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    fired = 0
    for asked, theirs in zip(series, json.loads(done.stdout), strict=True):
        chart = control_chart(
            "x", asked["kind"].lower(), months(date(2020, 1, 1), asked["values"], asked["of"]),
            scale=1, better="higher", target=asked["target"], rules=Rules(shift=8),
        )  # fmt: skip
        for ours, centre, upper, lower in zip(
            chart.points, theirs["mean"], theirs["ucl"], theirs["lcl"], strict=True
        ):
            room = 0.001 * (upper - lower) if asked["kind"] == "XmR" else 1e-9
            assert ours.centre == pytest.approx(centre)
            if asked["kind"] == "p":
                upper = min(upper, 1)
            if asked["kind"] != "XmR":
                lower = max(lower, 0)
            assert (ours.upper, ours.lower) == pytest.approx((upper, lower), abs=room)
        for rule, name in OURS.items():
            places = sorted({place for one in chart.signals if one.rule == name for place in one.points})
            assert places == theirs[rule], (asked, name)
            fired += len(places)
        assert chart.assurance.icon == ICONS[theirs["assurance"]]
    assert fired > 100, "series in which nothing happens would show nothing"
