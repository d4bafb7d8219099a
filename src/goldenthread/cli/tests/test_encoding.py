"""`encode-key`, `encode` and `match` as an agency without the system uses them: files in, files out, faults by row."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from goldenthread.cli import app


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("encode-key", "key", "--agreement", "mash").exit_code == 0
    return tmp_path


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, list(words))
    assert not result.exception or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def encoded(name: str, text: str) -> str:
    Path(f"{name}.csv").write_text(text, encoding="utf-8")
    made = run("encode", f"{name}.csv", "--key-file", "key", "-o", f"{name}_encoded.csv")
    assert made.exit_code == 0, made.output
    return f"{name}_encoded.csv"


def rows(name: str) -> list[dict[str, str]]:
    with Path(name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_only_a_match_is_disclosed(here: Path):
    asked = encoded("asked", "id,name,born\n1,Amira Hussain,14/5/2017\n2,Jack Smith,2015\n")
    own = encoded("own", "id,name,born\nP9,Hussein Ameera,2017-05-14\nP8,Jill Smithson,2003\n")
    done = run("match", asked, own, "--threshold", "0.7", "-o", "answer.csv", "--own", "stays.csv")
    assert done.exit_code == 0 and "1 is known here" in done.output
    assert Path("answer.csv").read_text().splitlines() == ["id,answer", "1,known", "2,nothing held"]
    assert [(row["asked_id"], row["own_id"]) for row in rows("stays.csv")] == [("1", "P9")]
    for said in (done.output, Path("answer.csv").read_text(), Path(asked).read_text()):
        assert not {"Amira", "Hussein", "P9", "2017"} & set(said.replace(",", " ").split())


def test_no_key_is_ever_printed_and_only_its_owner_may_read_it(here: Path):
    key = next(line for line in Path("key").read_text().splitlines() if line.startswith("key")).split()[1]
    assert stat.S_IMODE(Path("key").stat().st_mode) == 0o600
    Path("broken").write_text(f"agreement: mash\nkey: {key[:30]} {key[30:]}\n")
    Path("people.csv").write_text("id,name\n1,Amira\n")
    said = [run("encode-key", "other", "--agreement", "mash").output, run("encode-key", "key", "--agreement", "x").output]
    said += [run("encode", "people.csv", "--key-file", name, "-o", "out.csv").output for name in ("broken", "key", "none")]
    assert len({*said}) == 5 and all(key[:12] not in one and key[30:42] not in one for one in said)
    assert "there already" in said[1] and "at least 64 digits" in said[2] and "no key file none" in said[4]
    Path("key").chmod(0o644)
    assert "Other accounts" in run("encode", "people.csv", "--key-file", "key", "-o", "out.csv").output


def test_every_fault_is_told_by_line_and_nothing_is_written(here: Path):
    text = "id,name,born,sex,nhs_number\n1,Amira,31/2/2017,f,\n1,???,2017,x,\n,Jack Smith,,,1234567890\n4,Zoe Wood,2040,,\n"
    Path("people.csv").write_text(text)
    done = run("encode", "people.csv", "--key-file", "key", "-o", "out.csv")
    assert done.exit_code == 2 and not Path("out.csv").exists()
    for fault in ("line 2, born: is not a date", "line 3, id: is the same as on line 2", "line 3, name: there is no name",
                  "line 3, sex: is not known", "line 4, id: is empty", "line 4, nhs_number: this is not an NHS number",
                  "line 5, born: is in the future", "Nothing was written: 4 of 4 rows"):  # fmt: skip
        assert fault in done.output, done.output
    assert "Amira" not in done.output and "1234567890" not in done.output


def test_the_rows_that_are_right_are_kept_when_asked(here: Path):
    Path("people.csv").write_text("id,name\n1,Amira Hussain\n2,???\n")
    done = run("encode", "people.csv", "--key-file", "key", "-o", "out.csv", "--keep-good")
    assert done.exit_code == 0 and [row["id"] for row in rows("out.csv")] == ["1"]
    assert rows("people_not_encoded.csv")[0]["why_not_imported"].startswith("name: there is no name")
    again = run("encode", "people.csv", "--key-file", "key", "-o", "out.csv", "--keep-good")
    assert again.exit_code == 2 and "people_not_encoded.csv is there already" in again.output


@pytest.mark.parametrize("identity", ["=HYPERLINK(1)", "+441", "-7", "@x", "'=1", "plain", "'quoted"])
def test_an_id_is_no_formula_and_comes_back_as_it_was(here: Path, identity: str):
    asked = encoded("asked", f"id,name\n{identity},Amira Hussain\n")
    assert run("match", asked, asked, "-o", "answer.csv", "--own", "stays.csv").exit_code == 0
    for name in (asked, "answer.csv", "stays.csv"):
        cells = [cell for row in rows(name) for cell in row.values()]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    # Both written and read again, as `match` does when it is given its own answer's ids.
    assert rows("answer.csv")[0]["id"] == rows(asked)[0]["id"]
    assert rows("stays.csv")[0]["asked_id"] == rows("stays.csv")[0]["own_id"]


def test_files_of_different_keys_are_not_compared(here: Path):
    asked = encoded("asked", "id,name\n1,Amira\n")
    Path("key").unlink()
    run("encode-key", "key", "--agreement", "marac")
    own = encoded("own", "id,name\n1,Amira\n")
    done = run("match", asked, own, "-o", "answer.csv")
    assert done.exit_code == 2 and "same key" in done.output and not Path("answer.csv").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "column 'encoding' is missing"),
        ("id,encoding,blocks,number,agreement,scheme,key\n", "nobody is asked about"),
        ("id,encoding,blocks,number,agreement,scheme,key\n1,zz,aa,,mash,1,00\n", "line 2, encoding: is not 256 digits"),
        (f"id,encoding,blocks,number,agreement,scheme,key\n1,{'0' * 256},x,,mash,1,00\n", "line 2, blocks"),
        (f"id,encoding,blocks,number,agreement,scheme,key\n1,{'0' * 256},{'a' * 16},,mash,9,00\n", "scheme '9'"),
    ],
)
def test_a_file_that_encode_did_not_write_is_refused(here: Path, text: str, words: str):
    Path("wrong.csv").write_text(text)
    own = encoded("own", "id,name\n1,Amira\n")
    done = run("match", "wrong.csv", own, "-o", "answer.csv")
    assert done.exit_code == 2 and words in done.output, done.output


def test_what_is_read_is_never_written_over(here: Path):
    asked = encoded("asked", "id,name\n1,Amira\n")
    before = Path(asked).read_bytes()
    assert run("match", asked, asked, "-o", asked).exit_code == 2
    assert run("encode", "asked.csv", "--key-file", "key", "-o", "key").exit_code == 2
    assert run("match", asked, asked, "-o", "same.csv", "--own", "same.csv").exit_code == 2
    assert Path(asked).read_bytes() == before and not Path("same.csv").exists()
