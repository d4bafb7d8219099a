"""Makes docs/look-up/worked-indicators.md from the worked tables of the tests: python scripts/make_worked_indicators.py"""

from __future__ import annotations

from pathlib import Path

from goldenthread.intelligence.tests.worked_tables import page

PAGE = Path(__file__).parents[1] / "docs" / "look-up" / "worked-indicators.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.name}.")
