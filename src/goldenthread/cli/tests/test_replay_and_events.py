"""`goldenthread import events.csv` and `goldenthread replay`, as a person runs them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app

pytestmark = pytest.mark.django_db
HEADER = "person,pathway,kind,occurred,data.source,data.reasons,data.held_at\n"


def run(*words: str) -> Any:
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Two children known to a small partnership that works by the small guidance."""
    from goldenthread.casework.tests.partnership import partnership, small_guidance
    from goldenthread.foundation.library import reload_library

    settings.GT_GUIDANCE_FOLDER = str(small_guidance(tmp_path / "guidance"))
    partnership()
    people = tmp_path / "people.csv"
    people.write_text("id,family_name,born,area\nc1,Khan,2017,burnley\nc2,Shah,2016,burnley\n")
    assert run("import", str(people)).exit_code == 0
    yield tmp_path
    reload_library()


def test_events_are_imported_and_bad_rows_kept_back_with_reasons(folder: Path) -> None:
    from goldenthread.casework.models import Case

    events = folder / "events.csv"
    events.write_text(
        HEADER + "c1,concern,received,2026-03-02,school,,\nc2,concern,received,2026-03-02,schol,,\n"
    )
    result = run("import", str(events))
    assert result.exit_code == 2
    assert "line 3, data.source: 'schol' is not one of the answers" in result.output
    assert "Nothing was imported: 1 of 2 rows have errors." in result.output
    assert Case.objects.count() == 0
    assert run("import", str(events), "--keep-good").exit_code == 0
    assert Case.objects.count() == 1
    with (folder / "events_not_imported.csv").open(encoding="utf-8-sig") as rest:
        (row,) = csv.DictReader(rest)
    assert (row["person"], row["why_not_imported"][:12]) == ("c2", "data.source:")


def test_an_unknown_column_of_events_is_refused_with_the_nearest(folder: Path) -> None:
    events = folder / "events.csv"
    events.write_text("person,pathway,kind,occured\n")
    result = run("import", str(events))
    assert result.exit_code == 2
    assert "unknown column 'occured': did you mean 'occurred'?" in result.output


def test_a_replay_lists_what_would_move_and_writes_nothing_until_told(folder: Path, settings: Any) -> None:
    from goldenthread.casework.models import Duty
    from goldenthread.casework.tests.partnership import PLAN, small_guidance
    from goldenthread.foundation.library import reload_library

    events = folder / "events.csv"
    events.write_text(
        HEADER
        + "c1,plan,plan_started,2026-04-02,,Hurt,Burnley\nc2,plan,plan_started,2026-03-02,,Hurt,Burnley\n"
    )
    assert run("import", str(events)).exit_code == 0
    shorter = PLAN.replace(
        "{2010-01-01: 15 working days}", "{2010-01-01: 15 working days, 2026-04-01: 10 working days}"
    )
    settings.GT_GUIDANCE_FOLDER = str(small_guidance(folder / "changed", plan=shorter))
    reload_library()
    before = list(Duty.objects.order_by("pk").values())
    result = run("replay", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "Hold the conference (1)  moved   2026-04-27  2026-04-20  edition" in result.output
    assert "1 duty of 1 case would change." in result.output
    assert list(Duty.objects.order_by("pk").values()) == before
    table = run("replay", "--dry-run", "--format", "csv", "--arrangement", "lancashire")
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert (row["duty"], row["change"], row["old_due"], row["new_due"], row["why"]) == (
        "conference", "moved", "2026-04-27", "2026-04-20", "edition",
    )  # fmt: skip
    assert run("replay").exit_code == 0
    assert "0 duties" in run("replay").output
    assert Duty.objects.filter(due_on="2026-04-20", duty="conference").count() == 1


@pytest.mark.parametrize(("words", "says"), [
    (("--arrangement", "lancshire"), "There is no arrangement 'lancshire'"),
    (("--format", "xml"), "There is no format 'xml'; choose table or csv."),
])  # fmt: skip
def test_a_replay_refuses_what_it_does_not_know(folder: Path, words: tuple[str, ...], says: str) -> None:
    result = run("replay", *words)
    assert result.exit_code == 2
    assert says in result.output
