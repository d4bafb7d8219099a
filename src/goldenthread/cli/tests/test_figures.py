"""`goldenthread figures` and the import of figures, as a person runs them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.intelligence.figures.printed.shipped import FIGURES

HEADER = "source,table,indicator,unit,area,period,comparator,value,polarity,printed_change,printed_direction"
ROWS = (
    "doc,T,Referrals,count,Ryeford,2015/16,local,6813,,,",
    "doc,T,Referrals,count,Ryeford,2016/17,local,8908,,30.7%,",
    "doc,T,Deaths,rate,Ryeford,previous,local,4.8,lower,,",
    "doc,T,Deaths,rate,Ryeford,latest,local,4.6,lower,,Stable",
)


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def a_file(folder: Path, *rows: str, name: str = "figures.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


# Over a file, without a database --------------------------------------------------------------------------------------------


def test_check_lists_slips_and_directions_with_reasons(tmp_path):
    result = run("figures", "check", str(a_file(tmp_path, *ROWS)))
    assert result.exit_code == 0, result.output
    assert "1 printed changes, differences, shares, rates and totals worked out again: 0 are right, 1 is a slip." in result.output
    assert "printed 30.7%, worked out 30.8%. (8,908 − 6,813) ÷ 6,813 = 30.750%. The digits after the last" in result.output
    assert "Directions of travel: 1 printed, 1 differ from the values." in result.output
    assert "4.8 then, 4.6 now: down 4.2%, more than 2%, and lower is better." in result.output
    assert "line 3" in result.output


def test_another_tolerance(tmp_path):
    result = run("figures", "check", str(a_file(tmp_path, *ROWS)), "--tolerance", "4.5")
    assert "0 differ from the values" in result.output
    assert "no more than 4.5% is stable" in result.output
    for wrong in ("much", "-1"):
        assert run("figures", "check", str(a_file(tmp_path, *ROWS)), "--tolerance", wrong).exit_code == 2


def test_check_as_json_and_as_csv_that_no_spreadsheet_runs(tmp_path):
    risky = ("doc,T,=1+1,count,Ryeford,2015/16,local,100,,,", "doc,T,=1+1,count,Ryeford,2016/17,local,50,,-9%,")
    path = a_file(tmp_path, *ROWS, *risky)
    rows = json.loads(run("figures", "check", str(path), "--format", "json").output)
    assert [(row["what"], row["verdict"], row["worked_out"]) for row in rows] == [
        ("change", "slip", "30.8%"), ("change", "slip", "-50%"), ("direction", "differs", "Better")
    ]  # fmt: skip
    table = list(csv.DictReader(io.StringIO(run("figures", "check", str(path), "--format", "csv").output)))
    assert table[1]["figure"].startswith("'=1+1") and table[1]["worked_out"] == "'-50%"


def test_check_needs_no_database_for_a_file(tmp_path):
    assert run("figures", "check", str(FIGURES)).exit_code == 0


def test_a_file_with_faults_is_refused_line_by_line(tmp_path):
    result = run("figures", "check", str(a_file(tmp_path, ROWS[0], "doc,T,Referrals,count,Ryeford,2016/18,local,x,,,")))
    assert result.exit_code == 2
    assert "figures.csv, line 3, period: '2016/18': the year after 2016 is written 2016/17." in result.output
    assert "figures.csv, line 3, value: 'x' is not a number." in result.output
    assert "1 of 2 rows have errors." in result.output


def test_what_cannot_be_read_is_said_plainly(tmp_path):
    assert "none.csv cannot be opened: No such file" in run("figures", "check", str(tmp_path / "none.csv")).output
    (tmp_path / "empty.csv").write_text("")
    assert "empty.csv cannot be read." in run("figures", "show", str(tmp_path / "empty.csv")).output
    assert "There is no format 'xml'" in run("figures", "show", str(FIGURES), "--format", "xml").output


def test_show_makes_a_table_again(tmp_path):
    result = run("figures", "show", str(FIGURES), "--table", "CQC")
    assert result.exit_code == 0, result.output
    assert re.search(r"Good +543 +74\.2% +2,718 +74\.8% +22,332 +78\.5%", result.output)
    (table,) = json.loads(run("figures", "show", str(FIGURES), "--table", "CQC", "--format", "json").output)
    assert table["rows"][-1] == ["Total", "732", "100%", "3,636", "100%", "28,448", "100%"]
    rows = list(csv.reader(io.StringIO(run("figures", "show", str(FIGURES), "--table", "MARAC", "--format", "csv").output)))
    assert rows[1][1:] == ["MARAC", "MARAC cases discussed", "2,179", "", "1,563", "", "'-28.3%", "'-28.2%"]


def test_show_of_a_table_that_is_not_there_lists_those_that_are():
    result = run("figures", "show", str(FIGURES), "--table", "nothing")
    assert result.exit_code == 2 and "There is no such table." in result.output and "MARAC" in result.output


# With the records -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_figures_are_imported_checked_shown_and_taken_back(tmp_path):
    from goldenthread.intelligence.figures.models import FigureFile

    path = a_file(tmp_path, *ROWS, name="published.csv")
    assert "These are the figures that come with Golden Thread." in run("figures", "check").output
    result = run("import", "figures", str(path))
    assert result.exit_code == 0 and "Imported 4 figures." in result.output, result.output
    assert "4 figures that were imported." in run("figures", "check").output
    assert re.search(r"Referrals +6,813 +8,908 +\+30\.8% +30\.7%", run("figures", "show", "--document", "doc").output)
    again = run("import", str(path), "--kind", "figures")
    assert "Imported 0 figures." in again.output and "4 were there already." in again.output
    number = str(FigureFile.objects.get().pk)
    assert "4 figures were taken back." in run("figures", "withdraw", number).output
    assert "There is no import" in run("figures", "withdraw", number).output
    assert "is not the id of an import" in run("figures", "withdraw", "mine").output


@pytest.mark.django_db
def test_nothing_is_imported_if_anything_is_wrong_unless_the_good_is_to_be_kept(tmp_path):
    from goldenthread.intelligence.figures.models import PublishedFigure

    path = a_file(tmp_path, *ROWS, "doc,T,Referrals,count,Ryeford,2017/18,local,many,,,")
    result = run("import", str(path))
    assert result.exit_code == 2
    assert "line 6, value: 'many' is not a number." in result.output
    assert "Nothing was imported: 1 of 5 rows have errors." in result.output
    assert PublishedFigure.objects.count() == 0
    result = run("import", str(path), "--keep-good")
    assert result.exit_code == 0 and PublishedFigure.objects.count() == 4
    with (tmp_path / "figures_not_imported.csv").open(encoding="utf-8-sig") as rest:
        (row,) = csv.DictReader(rest)
    assert row["why_not_imported"].startswith("value: 'many' is not a number.")


@pytest.mark.django_db
def test_what_the_words_before_a_file_may_be(tmp_path):
    path = str(a_file(tmp_path, *ROWS, name="published_figures.csv"))
    assert "Imported 4 figures." in run("import", path).output
    for words, says in (
        (("import", "numbers", path), "There is no kind 'numbers'; known are people, events, figures."),
        (("import", "figures", path, "--kind", "people"), "Both figures and --kind people were given."),
        (("import", "figures", path, path), "Import one file at a time"),
        (("import", "figures", path, "--organisation", "lcc_csc"), "--organisation goes with people and events."),
    ):
        result = run(*words)
        assert result.exit_code == 2 and says in result.output, result.output
