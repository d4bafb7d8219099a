"""access.yaml: what ships can be used, and what a rule leaves out is said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.access import NEEDED, Access
from goldenthread.guidance.library import SHIPPED, shipped
from goldenthread.guidance.reading import GuidanceError, read

FILE = SHIPPED / "access.yaml"


def test_what_ships_has_a_rule_for_each_sign_and_a_reference_for_each_rule() -> None:
    access = shipped().access
    assert {rule.sign for rule in access.rules.values()} >= {
        "same_family_name", "same_home", "no_involvement", "many_children", "out_of_hours", "closed_long_ago",
        "again_and_again",
    }  # fmt: skip
    assert all((rule.reference and rule.asks.rstrip(".").endswith("?")) or "say" in rule.asks for rule in access.rules.values())
    assert str(access.emergency.lasts) == "4 hours"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    more_than: 40\n", "", "needs `more_than`"),
        ('    hours: {from: "07:00", until: "20:00"}\n', "", "needs `hours`"),
        ('until: "20:00"', 'until: "06:00"', "`until` is before `from`"),
        ('from: "07:00"', "from: 7", 'write a time of day in quotes, such as "07:00"'),
        ("    sign: same_home\n", "    sign: same_house\n", "this should be"),
        ("    common_above: 0.005\n", "    comon_above: 0.005\n", "did you mean 'common_above'?"),
        ("  lasts: 4 hours\n", "  lasts: 4 days\n", "write hours or minutes"),
        ("  tries: 5\n", "", "'tries' is missing"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "access.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(GuidanceError) as told:
        read(Access, path)
    (fault,) = told.value.faults
    assert says in fault.problem and fault.line > 1


def test_each_need_is_a_field_of_a_rule() -> None:
    from goldenthread.guidance.access import LookRule

    assert {name for names in NEEDED.values() for name in names} <= set(LookRule.model_fields)
