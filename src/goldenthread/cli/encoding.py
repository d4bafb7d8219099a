"""`goldenthread encode`, `encode-key` and `match`: do two agencies know the same child, without telling who is asked about.

For any agency with a CSV file; needs no database and no sign-in. Keys are read from a file and never printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import typer

from goldenthread.foundation.csv_rows import WrongFile, write_bad_rows
from goldenthread.people import encoded_files as files
from goldenthread.people.encoding import SCHEME, matches

from .plainly import refuse

SHOWN = 100
THRESHOLD = 0.8

_NEW_KEY = typer.Argument(metavar="KEY", help="The file to write the key to.")
_AGREEMENT = typer.Option(..., "--agreement", metavar="NAME", help="The sharing agreement it is for.")
_ASKED = typer.Argument(metavar="ASKED.csv", help="Encodings of the people you are asked about.")
_OWN_PEOPLE = typer.Argument(metavar="OWN.csv", help="Encodings of your own people.")
_PEOPLE = typer.Argument(metavar="FILE.csv", help="People: id, given_name, family_name, born and what else is known.")
_KEY = typer.Option(..., "--key-file", metavar="KEY", help="The key of the agreement, made by encode-key.")
_OUT = typer.Option(..., "-o", "--output", metavar="FILE.csv", help="Where to write.")
_KEEP_GOOD = typer.Option(
    False, "--keep-good", help="Encode the rows that are right, and write the others to a file with the reasons."
)
_OWN = typer.Option(
    None, "--own", metavar="FILE.csv", help="Also write which of your own people were asked about. Keep it to yourselves."
)
_THRESHOLD = typer.Option(
    THRESHOLD, "--threshold", min=0.5, max=1.0, help="How alike counts as the same child, 0.5 to 1."
)


def register(app: typer.Typer) -> None:
    app.command("encode-key", short_help="Make the key of a sharing agreement for encodings.")(encode_key)
    app.command("encode", short_help="Encode people under a key, to ask whether another agency knows them.")(encode)
    app.command("match", short_help="Answer from your own encodings which people asked about you know.")(match)


def encode_key(file: Path = _NEW_KEY, agreement: str = _AGREEMENT) -> None:
    """Make a key. Hand it to the other agencies of the agreement by a safe way, and to nobody else."""
    with _said_plainly(file):
        made = files.make_key(file, agreement)
    typer.echo(f"{file.name} holds a new key for {agreement} (fingerprint {made.fingerprint}). It is not shown here.")
    typer.echo("Whoever has it can find out who an encoding is about. Give it only to the agencies of the agreement.")


def encode(
    file: Path = _PEOPLE, key_file: Path = _KEY, output: Path = _OUT, keep_good: bool = _KEEP_GOOD
) -> None:
    """Encode the people of a CSV file. The result names nobody; it is still personal data and goes only to its agreement."""
    _apart(file, output, key_file)
    with _said_plainly(file):
        encoder = files.read_key(key_file)
        if files.others_may_read(key_file):
            typer.echo(f"Other accounts on this computer can read {key_file.name}. Only yours should.", err=True)
        read = files.read_people(file, date.today())
        bad = _errors(file, read, keep_good)
        count = files.write_encodings(output, encoder, read.people)
    typer.echo(f"Encoded {_people(count)} for {encoder.agreement}, scheme {SCHEME}, key {encoder.fingerprint}.")
    if bad:
        rest = file.with_name(f"{file.stem}_not_encoded.csv")
        if rest.exists():
            refuse(f"{rest.name} is there already, so the rows that were not encoded are not written. Move it away.")
        write_bad_rows(rest, read.header, read.rows, read.errors)
        typer.echo(f"{bad:,} rows were not encoded. They are in {rest.name} with the reasons.")


def match(
    asked: Path = _ASKED, own: Path = _OWN_PEOPLE, output: Path = _OUT, own_list: Path | None = _OWN,
    threshold: float = _THRESHOLD,
) -> None:  # fmt: skip
    """Say which of the people asked about are known. The answer holds the asker's own ids and nothing of yours."""
    _apart(asked, output, own, *([own_list] if own_list else []))
    with _said_plainly(asked):
        theirs = files.read_encodings(asked)
    with _said_plainly(own):
        ours = files.read_encodings(own)
    if (theirs.agreement, theirs.key) != (ours.agreement, ours.key):
        refuse(
            f"{asked.name} was made for {theirs.agreement} (key {theirs.key}) and {own.name} for {ours.agreement} "
            f"(key {ours.key}).",
            "Encodings can be compared only where both were made with the same key. Encode your own people with theirs.",
        )
    found = matches(theirs.rows, ours.rows, threshold)
    with _said_plainly(output):
        known = files.write_answer(output, theirs, found)
        if own_list is not None:
            files.write_own(own_list, found)
    typer.echo(f"Asked about {_people(theirs.people)}, of whom {known:,} {'is' if known == 1 else 'are'} known here. "
               f"The answer to send back is in {output.name}.")  # fmt: skip
    if own_list is not None:
        typer.echo(f"Which of your own people these are is in {own_list.name}. Do not send that file.")


def _errors(file: Path, read: files.People, keep_good: bool) -> int:
    """Print what is wrong with rows; refuse unless the good ones are to be kept."""
    bad = len({error.line for error in read.errors})
    for error in read.errors[:SHOWN]:
        typer.echo(str(error), err=True)
    if len(read.errors) > SHOWN:
        typer.echo(f"and {len(read.errors) - SHOWN:,} more errors", err=True)
    if bad and not keep_good:
        refuse(
            f"Nothing was written: {bad:,} of {len(read.rows):,} rows have errors.",
            "Put them right and try again, or add --keep-good to encode the others.",
        )
    if not read.people:
        refuse(f"{file.name} has nobody to encode.")
    return bad


def _apart(first: Path, output: Path, *others: Path) -> None:
    """What is written must not replace what is read."""
    taken = [first, *others]
    if output.exists() and any(one.exists() and one.samefile(output) for one in taken):
        refuse(f"{output.name} is a file that is read; write to another.")
    if len({one.resolve() for one in (*others, output)}) != len((*others, output)):
        refuse("Each file needs a name of its own.")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


@contextmanager
def _said_plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except files.WrongKey as error:
        refuse(str(error))
    except WrongFile as error:
        refuse(f"{file.name} cannot be used.", *str(error).splitlines())
    except OSError as error:
        refuse(f"{Path(error.filename or file).name} cannot be written: {error.strerror}.")
