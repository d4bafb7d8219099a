"""What the command line prints and how it refuses: in words, with exit code 2, without a traceback or Django."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.guidance.tests.samples import changed, folder, line_of

run = CliRunner()


def refused(*arguments: str, because: str, code: int = 2) -> str:
    result = run.invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    assert because in result.output
    assert "Traceback" not in result.output
    return result.output


def printed(*arguments: str, text: str | None = None) -> str:
    result = run.invoke(app, list(arguments), input=text)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_due_prints_the_day_first_and_then_how() -> None:
    lines = printed("due", "15 working days", "--from", "2026-12-21").splitlines()
    assert lines[0] == "2027-01-14"
    assert "  Friday 25 December 2026: Christmas Day, not counted" in lines
    assert lines[-1] == "  Due: Thursday 14 January 2027"


def test_due_in_hours_takes_a_time_and_counts_through_the_clock_change() -> None:
    lines = printed("due", "24 hours", "--from", "2026-10-24", "--time", "14:00").splitlines()
    assert lines[0] == "2026-10-25T13:00+00:00"


def test_due_counts_back_and_counts_the_first_day_when_told() -> None:
    assert (
        printed("due", "2 working days", "--from", "2026-12-29", "--before").splitlines()[0] == "2026-12-23"
    )
    assert (
        printed("due", "7 days", "--from", "2026-03-01", "--counts-trigger-day").splitlines()[0]
        == "2026-03-07"
    )


def test_due_takes_the_school_terms_of_an_arrangement_and_the_british_way_to_write_a_day() -> None:
    assert printed("due", "5 school days", "--from", "16/10/2026", "--calendar", "cumbria").startswith(
        "2026-"
    )


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (("due", "a fortnight", "--from", "2026-12-21"), "'A fortnight' is not a length of time".lower()),
        (("due", "15 working days", "--from", "2026-02-30"), "--from: '2026-02-30' is not a date"),
        (
            ("due", "15 working days", "--from", "2026-12-21", "--time", "09:00"),
            "--time is only for a clock in hours",
        ),
        (("due", "4 hours", "--from", "2026-12-21", "--time", "9 o'clock"), "is not a time of day"),
        (
            ("due", "4 days", "--from", "2026-12-21", "--calendar", "mars"),
            "There is no calendar or arrangement",
        ),
        (("due", "4 school days", "--from", "2026-12-21"), "no school terms are held"),
        (("due", "4 days", "--from", "2026-12-21", "--before", "--counts-trigger-day"), "do not go together"),
        (("due", "99999999999 days", "--from", "2026-12-21"), "cannot be counted from 2026-12-21"),
        (
            ("due", "1 school term", "--from", "2026-12-21", "--calendar", "cumbria", "--before"),
            "cannot be counted back",
        ),
        (("due", "4 days"), "Missing option '--from'"),
    ],
)
def test_due_refuses_in_words(arguments: tuple[str, ...], because: str) -> None:
    assert because.lower() in refused(*arguments, because="").lower()


def test_check_of_the_shipped_guidance_finds_no_fault() -> None:
    assert printed("guidance", "check").rstrip().endswith("no faults.")


def test_check_names_file_line_and_nearest_key(tmp_path: Path) -> None:
    text = changed("    owner: police\n", "    ownr: police\n    owner: police\n")
    output = refused("guidance", "check", str(folder(tmp_path, visiting=text)), because="1 fault found.")
    line = line_of(text, "    ownr: police")
    assert f"pathways/visiting.yaml:{line}: unknown key 'ownr'; did you mean 'owner'?" in output


def test_check_of_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused("guidance", "check", str(tmp_path / "nowhere"), because="there is no such folder of guidance")


def test_list_says_how_many_duties_and_of_what_force(tmp_path: Path) -> None:
    output = printed("guidance", "list", "--folder", str(folder(tmp_path)))
    assert "visiting  Visiting: 9 duties (4 law, 4 statutory guidance, 1 local rule)" in output
    assert "helping   Helping: 0 duties (none)" in output


def test_show_prints_the_rules_of_the_day(tmp_path: Path) -> None:
    here = str(folder(tmp_path))
    assert "Within 7 working days after notified." in printed(
        "guidance", "show", "visiting", "--folder", here
    )
    old = printed("guidance", "show", "visiting", "--on", "2010-01-01", "--folder", here)
    assert "rules in force on 1 January 2010" in old and "Within 10 working days after notified." in old


def test_show_of_an_unknown_pathway_names_the_nearest(tmp_path: Path) -> None:
    refused(
        "guidance", "show", "visitng", "--folder", str(folder(tmp_path)), because="Did you mean visiting?"
    )
    refused(
        "guidance",
        "show",
        "contact",
        "--area",
        "atlantis",
        because="There is no arrangement called 'atlantis'",
    )


CASE = """\
pathway: visiting
subject: {born: 2018-05-14}
as_of: 2020-03-02
events:
  - {kind: notified, occurred: 2020-01-06, data: {planned_start: 2020-01-13}}
"""


def test_run_case_prints_state_and_duties_with_proof(tmp_path: Path) -> None:
    here = folder(tmp_path)
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    shipped = Path(__file__).parents[2] / "guidance" / "calendars" / "england_and_wales.yaml"
    (calendars / shipped.name).write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(CASE, encoding="utf-8")
    result = json.loads(printed("run-case", str(case), "--folder", str(here)))
    visit = next(duty for duty in result["duties"] if duty["duty"] == "first_visit")
    assert (result["state"], visit["due"], visit["status"]) == ("waiting", "2020-01-15", "overdue")
    assert visit["proof"][0] == "7 working days after Monday 6 January 2020"
    assert json.loads(printed("run-case", "-", "--folder", str(here), text=CASE)) == result


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("pathway: contct\n", "did you mean 'contact'?"),
        (
            "pathway: contact\nevents:\n  - {kind: contact_recieved, occurred: 2026-01-05}\n",
            "did you mean 'contact_received'?",
        ),
        (
            "pathway: contact\nevents:\n  - {kind: contact_received, occurred: 2026-02-30}\n",
            "2026-02-30 is not a date",
        ),
        ("pathway: contact\nevens: []\n", "unknown key 'evens'; did you mean 'events'?"),
        ("- contact\n", "a case is written as keys and values"),
        ("pathway: [contact\n", "not readable as YAML"),
    ],
)
def test_run_case_refuses_in_words(tmp_path: Path, text: str, because: str) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(text, encoding="utf-8")
    refused("run-case", str(case), because=because)


def test_run_case_of_a_missing_file_says_so(tmp_path: Path) -> None:
    refused(
        "run-case", str(tmp_path / "no.yaml"), because="the file cannot be opened: No such file or directory"
    )


@pytest.mark.parametrize(
    "command",
    [(), ("due",), ("run-case",), ("serve",), ("guidance",), ("guidance", "check"), ("guidance", "show")],
)
def test_every_command_has_help_in_plain_words(command: tuple[str, ...]) -> None:
    output = printed(*command, "--help")
    assert "Usage:" in output and "Show this message and exit." in output


def test_version() -> None:
    assert printed("--version").startswith("goldenthread ")


def test_commands_without_records_never_load_django() -> None:
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from goldenthread.cli import app\n"
        "for command in (['guidance', 'check'], ['due', '3 days', '--from', '2026-01-05']):\n"
        "    assert CliRunner().invoke(app, command).exit_code == 0\n"
        "assert 'django' not in sys.modules, 'Django was loaded'\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def served(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from goldenthread.cli import app; app()", "serve", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "goldenthread.web.settings.demo", **environment},
    )


def test_serve_refuses_a_database_without_its_tables(tmp_path: Path) -> None:
    done = served(GT_VAR=str(tmp_path), GT_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert done.returncode == 2 and "The database is not up to date" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_settings_that_are_not_there(tmp_path: Path) -> None:
    done = served(GT_VAR=str(tmp_path), DJANGO_SETTINGS_MODULE="nowhere.settings")
    assert done.returncode == 2 and "cannot be loaded" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_refuses_settings_that_are_not_safe(tmp_path: Path) -> None:
    done = served(
        GT_VAR=str(tmp_path), DJANGO_SETTINGS_MODULE="goldenthread.web.settings.production", SECRET_KEY="short",
        GT_HOSTS="thread.example.gov.uk", GT_DATABASE_URL=f"sqlite:///{tmp_path / 'thread.sqlite3'}",
    )  # fmt: skip
    assert done.returncode == 2 and "SECRET_KEY is short" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_says_that_the_port_is_taken_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    from goldenthread.cli import serve

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(typer.Exit) as stopped:
            serve._check_port("127.0.0.1", port)
    assert stopped.value.exit_code == 2
    said = capsys.readouterr().err
    assert f"Port {port} on 127.0.0.1 is taken" in said and f"--port {port + 1}" in said


def test_a_copy_of_the_shipped_guidance_is_whole_and_writes_over_nothing(tmp_path: Path) -> None:
    copied = printed("guidance", "copy", str(tmp_path / "mine"))
    assert "files in" in copied and not list((tmp_path / "mine").rglob("*.py"))
    assert printed("guidance", "check", str(tmp_path / "mine")) == printed("guidance", "check")
    refused("guidance", "copy", str(tmp_path / "mine"), because="is there and not empty")


def test_what_follows_from_a_fault_of_a_pathway_is_not_told_beside_it(tmp_path: Path) -> None:
    printed("guidance", "copy", str(tmp_path / "mine"))
    one = tmp_path / "mine" / "pathways" / "section_47.yaml"
    one.write_text(one.read_text("utf-8").replace("    within:", "    withn:", 1), "utf-8")
    refused("guidance", "check", str(tmp_path / "mine"), because="1 fault found.")
