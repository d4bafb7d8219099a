"""What is open for a household at a moment, as far as it decides what can happen next. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

CARE_WORK = (
    "referral",
    "assessment",
    "section_47",
    "child_in_need",
    "child_protection_plan",
    "looked_after",
)
_KNOWN = {
    "early_help": "early_help_open",
    "child_in_need": "child_in_need_open",
    "child_protection_plan": "child_protection_plan_open",
    "looked_after": "looked_after",
}


class Busy:
    """What is open for a household, and when."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, datetime, datetime | None]] = []
        self.referred: list[datetime] = []

    def at(self, moment: datetime) -> set[str]:
        return {name for name, start, end in self.spans if start <= moment and (end is None or moment < end)}

    def kind(self, moment: datetime) -> str:
        """How busy: `care` with social care, `help` with early help, `lately` referred in the last 12 months, or `free`."""
        here = self.at(moment)
        if here & set(CARE_WORK):
            return "care"
        if "early_help" in here:
            return "help"
        if any(timedelta() < moment - when < timedelta(days=365) for when in self.referred):
            return "lately"
        return "free"

    def known_before(self, moment: datetime) -> list[str]:
        """What a screener finds of the family in the records."""
        here = self.at(moment)
        found = [answer for name, answer in _KNOWN.items() if name in here]
        if any(name == "contact" and start < moment for name, start, _ in self.spans):
            found.insert(0, "past_contact")
        return found or ["no_record"]
