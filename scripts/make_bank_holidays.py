"""Write the bank holidays of England and Wales as a guidance calendar.

Source of the dates: the list published at GOV.UK "UK bank holidays", as kept inside the package
govuk-bank-holidays (so nothing is fetched), cross-checked day by day with the package holidays, which
computes them from the rules of the Banking and Financial Dealings Act 1971 and the proclamations. Neither
package is needed to run Golden Thread: install both in an environment of their own, then:

    python scripts/make_bank_holidays.py            write the calendar
    python scripts/make_bank_holidays.py --check    say whether the calendar in the tree is up to date
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import holidays as computed_holidays
from govuk_bank_holidays.bank_holidays import BankHolidays

FIRST_YEAR, LAST_YEAR = 2012, 2028
CALENDAR = Path(__file__).parent.parent / "src/goldenthread/guidance/calendars/england_and_wales.yaml"
SATURDAY = 5

HEAD = f"""\
# Made by scripts/make_bank_holidays.py: run it again to extend the years.
id: england_and_wales
title: Working days in England and Wales
about: >
  Every day that is neither a Saturday, a Sunday nor one of the bank holidays below is a working day. The
  dates are those published on GOV.UK (UK bank holidays, England and Wales), each one cross-checked with dates
  computed from the Act and the proclamations; none was computed only. A bank holiday proclaimed after this
  list was made (as for a state funeral or a coronation) must be added by hand, and open cases replayed.
reference: Banking and Financial Dealings Act 1971, s 1 and Sch 1; proclamations for one-off days
known_from: {FIRST_YEAR}-01-01
known_to: {LAST_YEAR}-12-31
weekend: [saturday, sunday]
holidays:
"""

# What a proclamation did, where the published title alone does not say it.
ONE_OFF = {
    date(2012, 6, 4): "Spring bank holiday (moved from 28 May)",
    date(2012, 6, 5): "Queen's Diamond Jubilee (one-off)",
    date(2020, 5, 8): "Early May bank holiday (VE day, moved from 4 May)",
    date(2022, 6, 2): "Spring bank holiday (moved from 30 May)",
    date(2022, 6, 3): "Platinum Jubilee bank holiday (one-off)",
    date(2022, 9, 19): "State Funeral of Queen Elizabeth II (one-off)",
    date(2023, 5, 8): "Coronation of King Charles III (one-off)",
}


def published() -> dict[date, str]:
    """The published bank holidays, by day, with the name people know them by."""
    found: dict[date, str] = {}
    for row in BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES):
        if FIRST_YEAR <= row["date"].year <= LAST_YEAR:
            name = row["title"].replace("\u2019", "'")
            if row["notes"] == "Substitute day":
                name += " (substitute day)"
            found[row["date"]] = ONE_OFF.get(row["date"], name)
    return found


def computed() -> set[date]:
    """The weekdays that the law makes bank holidays, computed independently."""
    days = computed_holidays.UnitedKingdom(subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1))
    return {day for day in days if day.weekday() < SATURDAY}


def disagreements(names: dict[date, str]) -> list[str]:
    """Each day on which the two sources differ, and each one-off day that is missing."""
    rules = computed()
    return (
        [f"{day}: published as {names[day]!r}, not computed" for day in sorted(set(names) - rules)]
        + [f"{day}: computed, not published" for day in sorted(rules - set(names))]
        + [f"{day}: {name!r} is missing" for day, name in sorted(ONE_OFF.items()) if day not in names]
        + [f"{day}: falls on a weekend" for day in sorted(names) if day.weekday() >= SATURDAY]
        + [f"{year}: fewer than eight bank holidays" for year in range(FIRST_YEAR, LAST_YEAR + 1)
           if sum(day.year == year for day in names) < 8]
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with the calendar in the tree only")
    arguments = parser.parse_args()
    names = published()
    found = disagreements(names)
    if found:
        print("The sources disagree; nothing written:", *found, sep="\n  ", file=sys.stderr)
        return 1
    text = HEAD + "".join(f'  - {{date: {day}, name: "{names[day]}"}}\n' for day in sorted(names))
    if arguments.check:
        same = CALENDAR.read_text(encoding="utf-8") == text
        print("The calendar is up to date." if same else "The calendar differs from what would be written.")
        return 0 if same else 1
    CALENDAR.write_text(text, encoding="utf-8")
    print(f"{len(names)} bank holidays, {min(names)} to {max(names)}; two sources agree on every day.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
