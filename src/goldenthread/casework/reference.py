"""References that people read out over the phone, such as LAN-26-7K3QF2M. Pure: arrangement, day and id in.

Made from the id, so that no row is fought over when many cases open at once; letters and digits that look alike (0 and
O, 1, I and L) and vowels that could spell something are left out.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 7
"""28 to the 7th is 13 thousand million for each arrangement and year."""


def reference_for(arrangement: str, day: date, identity: UUID) -> str:
    """The reference of a case opened on a day. The same three always give the same reference."""
    prefix = "".join(letter for letter in arrangement.upper() if letter.isalpha())[:3] or "GT"
    number, letters = identity.int, ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
    return f"{prefix}-{day:%y}-{letters}"
