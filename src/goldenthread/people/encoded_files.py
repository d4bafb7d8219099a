"""Files of encodings and their keys: what `goldenthread encode` and `goldenthread match` read and write.

For an agency without the system, so it knows no database. Every value written is safe to open in a spreadsheet; no key
and no part of one is ever in a message. Depends on `encoding`, `dates`, `identifiers` and `foundation.csv_rows`.
"""

from __future__ import annotations

import csv
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from goldenthread.foundation.csv_rows import Columns, Row, RowError, WrongFile, read_rows

from .dates import KnownDate, read_date
from .encoding import BITS, KEY_BYTES, SCHEME, Encoded, Encoder, Known, Match
from .identifiers import problem_with

PEOPLE = Columns(
    required=["id"],
    optional=["name", "given_name", "family_name", "also_known_as", "born", "sex", "postcode", "nhs_number"],
)
ENCODED = Columns(required=["id", "encoding", "blocks", "number", "agreement", "scheme", "key"])
SEXES: Mapping[str, str] = {"": "", "f": "female", "female": "female", "girl": "female", "m": "male", "male": "male",
                            "boy": "male", "unknown": "", "u": ""}  # fmt: skip
LONGEST_ID = 60
_AGREEMENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_HEX = re.compile(r"[0-9a-f]+")


class WrongKey(Exception):
    """The key file cannot be used. The message says why, never what is in it."""


# Keys -------------------------------------------------------------------------------------------------------------


def make_key(path: Path, agreement: str) -> Encoder:
    """Write a new key that only its owner may read. Raises WrongKey, and never writes over a file."""
    if not _AGREEMENT.fullmatch(agreement):
        raise WrongKey("An agreement is named with small letters, digits, - and _, such as mash-2026.")
    key = secrets.token_bytes(KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        raise WrongKey(f"{path.name} is there already and is left as it is. Choose another name.") from None
    except OSError as error:
        raise WrongKey(f"{path.name} cannot be written: {error.strerror}.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"agreement: {agreement}\nkey: {key.hex()}\n")
    return Encoder(agreement, key)


def read_key(path: Path) -> Encoder:
    """The encoder of a key file. Raises WrongKey."""
    try:
        if path.stat().st_size > 4096:
            raise WrongKey(f"{path.name} is not a key file: it is too long.")
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise WrongKey(f"There is no key file {path.name}. `goldenthread encode-key` makes one.") from None
    except UnicodeDecodeError:
        raise WrongKey(f"{path.name} is not a key file: it has signs that no key has.") from None
    except OSError as error:
        raise WrongKey(f"{path.name} cannot be opened: {error.strerror}.") from None
    lines = (line.partition(":") for line in text.splitlines())
    values = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
    missing = [name for name in ("agreement", "key") if not values.get(name)]
    if missing:
        raise WrongKey(f"{path.name} is not a key file: it has no line “{missing[0]}: ...”.")
    if not _AGREEMENT.fullmatch(values["agreement"]):
        raise WrongKey(f"{path.name}: an agreement is named with small letters, digits, - and _.")
    key = values["key"].lower()
    if not _HEX.fullmatch(key) or len(key) % 2 or len(key) < 2 * KEY_BYTES:
        raise WrongKey(f"{path.name}: a key is at least {2 * KEY_BYTES} digits 0 to 9 and a to f, an even number of them.")
    return Encoder(values["agreement"], bytes.fromhex(key))


def others_may_read(path: Path) -> bool:
    """Whether accounts other than its owner's may read a file; always False where files have no such marks."""
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


# People -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class People:
    """A file of people: those that can be encoded, and what is wrong with the others."""

    header: list[str]
    rows: list[Row]
    people: list[tuple[str, Known]]
    errors: list[RowError]


def read_people(path: Path, today: date) -> People:
    """Raises WrongFile for a file that cannot be used at all."""
    header, rows, errors = read_rows(path, PEOPLE)
    if not {"name", "given_name", "family_name"} & set(header):
        raise WrongFile("a column with names is missing: name, or given_name and family_name")
    first: dict[str, int] = {}
    people = []
    for row in rows:
        wrong: list[RowError] = []
        person = _person(row, today, wrong)
        identity = unquoted(row.get("id"))
        if identity and first.setdefault(identity, row.line) != row.line:
            wrong.append(RowError(row.line, "id", f"is the same as on line {first[identity]}"))
        errors += wrong
        people.append((row.line, identity, person))
    bad = {error.line for error in errors}
    errors.sort(key=lambda error: error.line)
    return People(header, rows, [(identity, person) for line, identity, person in people if line not in bad], errors)


def _person(row: Row, today: date, wrong: list[RowError]) -> Known:
    def fault(column: str, message: str) -> None:
        wrong.append(RowError(row.line, column, message[:1].lower() + message[1:]))

    identity = row.get("id")
    if not identity:
        fault("id", "is empty; every person needs an id, by which you know them again in the answer")
    elif len(identity) > LONGEST_ID or not identity.isprintable():
        fault("id", f"must be {LONGEST_ID} characters or fewer, without line breaks")
    given = " ".join(part for part in (row.get("given_name"), row.get("family_name")) if part)
    names = [name for name in (row.get("name"), given, *row.get("also_known_as").split(";")) if name.strip()]
    if not any(sign.isalpha() for name in names for sign in name):
        fault("name", "there is no name in letters; someone without a name cannot be encoded")
    born: KnownDate | None = None
    if row.get("born"):
        try:
            born = read_date(row.get("born"), today)
        except ValueError as error:
            fault("born", f"is not a date that can be read. {error}")
        else:
            if born.first > today:
                fault("born", "is in the future")
    if row.get("sex").lower() not in SEXES:
        fault("sex", "is not known; use female, male or nothing")
    number = row.get("nhs_number")
    if number and (problem := problem_with("nhs", number)):
        fault("nhs_number", problem)
    return Known(names, born, SEXES.get(row.get("sex").lower(), ""), row.get("postcode"), number)


# Encodings --------------------------------------------------------------------------------------------------------


def write_encodings(path: Path, encoder: Encoder, people: Iterable[tuple[str, Known]]) -> int:
    """Write every person's encodings, one line a name. Returns how many people."""
    count = 0
    end = (encoder.agreement, SCHEME, encoder.fingerprint)

    def lines() -> Iterator[Sequence[str]]:
        nonlocal count
        for identity, person in people:
            count += 1
            for one in encoder.encode(person):
                yield (identity, one.hex, " ".join(sorted(one.blocks)), one.number, *end)

    write_rows(path, ENCODED.required, lines())
    return count


@dataclass(frozen=True, slots=True)
class Encodings:
    """A file of encodings, with what they were made by."""

    rows: list[tuple[str, Encoded]]
    agreement: str
    key: str

    @property
    def people(self) -> int:
        return len({identity for identity, _ in self.rows})


def read_encodings(path: Path) -> Encodings:
    """Raises WrongFile, naming lines, for a file that `encode` did not write or that was made with several keys."""
    found: list[tuple[str, Encoded]] = []
    errors: list[RowError] = []
    made_by: set[tuple[str, str, str]] = set()
    for row in _encoded_lines(path):
        bits, blocks, number = row.get("encoding"), row.get("blocks").split(), row.get("number")
        made_by.add((row.get("agreement"), row.get("scheme"), row.get("key")))
        if len(bits) != BITS // 4 or not _HEX.fullmatch(bits):
            errors.append(RowError(row.line, "encoding", f"is not {BITS // 4} digits 0 to 9 and a to f"))
        elif not blocks or any(len(one) != 16 or not _HEX.fullmatch(one) for one in blocks):
            errors.append(RowError(row.line, "blocks", "is not a list of keyed blocks"))
        elif number and (len(number) != 32 or not _HEX.fullmatch(number)):
            errors.append(RowError(row.line, "number", "is not a keyed number"))
        else:
            found.append((unquoted(row.get("id")), Encoded(int(bits, 16), frozenset(blocks), number)))
    if errors:
        shown = [str(error) for error in errors[:10]]
        rest = [f"and {len(errors) - 10:,} more"] if len(errors) > 10 else []
        raise WrongFile("\n".join([*shown, *rest]))
    if not made_by:
        raise WrongFile("it has no lines but the first, so nobody is asked about or held")
    if len(made_by) > 1:
        raise WrongFile("its lines were made with different keys or schemes; make it again with one key")
    agreement, scheme, key = next(iter(made_by))
    if scheme != SCHEME:
        raise WrongFile(f"it is of scheme {scheme[:8]!r}; this version reads scheme {SCHEME}")
    return Encodings(found, agreement, key)


def _encoded_lines(path: Path) -> Iterator[Row]:
    """The lines of a file of encodings, one at a time: a whole county's index is more than an import may be."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            ENCODED.check(header)
            for cells in reader:
                if any(cells):
                    padded = [*cells, *[""] * (len(header) - len(cells))]
                    yield Row(reader.line_num, dict(zip(header, (cell.strip() for cell in padded), strict=False)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongFile("it is not a file that `goldenthread encode` wrote") from error


def write_answer(path: Path, asked: Encodings, found: Sequence[Match]) -> int:
    """What goes back to who asked: for each id, known or nothing held. Returns how many are known."""
    known = {one.asked for one in found}
    ids = dict.fromkeys(identity for identity, _ in asked.rows)
    write_rows(path, ("id", "answer"), ((one, "known" if one in known else "nothing held") for one in ids))
    return len(known)


def write_own(path: Path, found: Sequence[Match]) -> None:
    """What stays with who answered: which of their own people it is about, and how alike."""
    write_rows(path, ("asked_id", "own_id", "likeness"), ((one.asked, one.own, f"{one.likeness:.2f}") for one in found))


# Spreadsheets -----------------------------------------------------------------------------------------------------

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def quoted(value: str) -> str:
    """A value that a spreadsheet does not run as a formula; `unquoted` gives it back."""
    return f"'{value}" if value.lstrip("'").startswith(_RISKY) else value


def unquoted(value: str) -> str:
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(_RISKY) else value


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([quoted(value) for value in row] for row in rows)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
