"""What the agreements say of one telling: PERMIT, DENY or REVIEW with the clause, for existence and content apart.

Pure: knows the agreements' types, no Django and no database. Closed by default: what no agreement in force covers is
denied. The most specific agreement speaks; within one, DENY goes before REVIEW before PERMIT. The order in which
agreements are given never matters. See docs/look-up/agreements.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from goldenthread.guidance.agreement import ASPECTS, Agreement, Aspect, Clause
from goldenthread.guidance.sentences import day_in_words


class Verdict(StrEnum):
    """What an agreement says. REVIEW: a person with authority decides, this time."""

    PERMIT = "permit"
    DENY = "deny"
    REVIEW = "review"


STRICTNESS: Mapping[Verdict, int] = {Verdict.PERMIT: 0, Verdict.REVIEW: 1, Verdict.DENY: 2}


@dataclass(frozen=True, slots=True)
class Asking:
    """One telling to be decided: may the holder tell the receiver, for this purpose, on this day?"""

    holder: str
    """Organisation whose information it is."""
    holder_kind: str
    receiver: str
    receiver_kind: str
    purpose: str
    pathway: str | None
    day: date
    sensitivity: str = "standard"
    subject: str = "child"
    consent: bool | None = None
    """Whether the family agreed to the service; None where nobody has said."""
    arrangement: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One verdict, the clause that gives it, why in a sentence, and the lawful basis unless it denies."""

    verdict: Verdict
    agreement: str
    """Id of the agreement; "" where none covers it."""
    clause: str
    why: str
    basis: str = ""

    @property
    def permits(self) -> bool:
        return self.verdict is Verdict.PERMIT


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may be told that a record exists, and whether it may be told what it says."""

    existence: Ruling
    content: Ruling

    def plain(self) -> dict[str, Any]:
        """For keeping with a request or an override."""
        return {"existence": asdict(self.existence), "content": asdict(self.content)}

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Decision:
        def ruling(values: Mapping[str, Any]) -> Ruling:
            return Ruling(**{**values, "verdict": Verdict(values["verdict"])})

        return cls(ruling(kept["existence"]), ruling(kept["content"]))


NOTHING_COVERS = "No agreement in force covers this."
Weight = tuple[int, int, int, int, int]


def decide(agreements: Iterable[Agreement], asking: Asking) -> Decision:
    """What the agreements say of one telling. Content is never freer than existence."""
    known = sorted(agreements, key=lambda one: one.id)
    existence, content = (_ruling(known, asking, aspect) for aspect in ASPECTS)
    if STRICTNESS[existence.verdict] > STRICTNESS[content.verdict]:
        content = replace(existence, basis="")
    return Decision(existence, content)


def _ruling(agreements: list[Agreement], asking: Asking, aspect: Aspect) -> Ruling:
    spoken = [
        (*found, agreement.id) for agreement in agreements if (found := _spoken(agreement, asking, aspect))
    ]
    if not spoken:
        return Ruling(Verdict.DENY, "", "", _nearest_miss(agreements, asking))
    # Equally specific agreements: the stricter speaks, and between equals the first by name.
    _, ruling, _ = max(
        spoken, key=lambda one: (one[0], STRICTNESS[one[1].verdict], [-ord(letter) for letter in one[2]])
    )
    return ruling


def _spoken(agreement: Agreement, asking: Asking, aspect: Aspect) -> tuple[Weight, Ruling] | None:
    """What one agreement says, with how specific it is; None where it says nothing."""
    if not _applies(agreement, asking) or not agreement.in_force_on(asking.day):
        return None
    fitting = [
        (weight, number, clause)
        for number, clause in agreement.clauses.items()
        if clause.rule != "duty" and aspect in clause.of and (weight := _weight(agreement, clause, asking))
    ]
    if not fitting:
        return None
    said = [(*_said(agreement, clause, asking), number) for _, number, clause in fitting]
    verdict, why, number = max(
        said, key=lambda one: (STRICTNESS[one[0]], [-part for part in _in_order(one[2])])
    )
    denied = verdict is Verdict.DENY
    basis = None if denied else agreement.basis_for(set(_holders(agreement, asking)), asking.purpose)
    return (
        max(weight for weight, _, _ in fitting),
        Ruling(verdict, agreement.id, number, why, basis.words if basis else ""),
    )


def _applies(agreement: Agreement, asking: Asking) -> bool:
    """Whether the agreement is of this place, kind of person and purpose, and both have signed it."""
    return (
        (not agreement.arrangements or asking.arrangement in agreement.arrangements)
        and asking.subject in agreement.subjects
        and asking.purpose in agreement.purposes
        and _signed(agreement, asking)
    )


def _signed(agreement: Agreement, asking: Asking) -> bool:
    return bool(_holders(agreement, asking)) and bool(_receivers(agreement, asking))


def _holders(agreement: Agreement, asking: Asking) -> dict[str, bool]:
    return agreement.parties_of(asking.holder, asking.holder_kind)


def _receivers(agreement: Agreement, asking: Asking) -> dict[str, bool]:
    return agreement.parties_of(asking.receiver, asking.receiver_kind)


def _weight(agreement: Agreement, clause: Clause, asking: Asking) -> Weight | None:
    """How narrowly a clause that fits describes this telling; None where it does not fit."""
    holders = {k: v for k, v in _holders(agreement, asking).items() if not clause.holder or k in clause.holder}
    receivers = {
        k: v for k, v in _receivers(agreement, asking).items() if not clause.receiver or k in clause.receiver
    }
    sensitivity = clause.sensitivity or (["standard"] if clause.rule == "permit" else [])
    fits = (
        bool(holders)
        and bool(receivers)
        and (not clause.purposes or asking.purpose in clause.purposes)
        and (not clause.pathways or asking.pathway in clause.pathways)
        and (not clause.categories or asking.category in clause.categories)
        and (not sensitivity or asking.sensitivity in sensitivity)
    )
    if not fits:
        return None
    return (
        any(holders.values()) + any(receivers.values()),
        bool(clause.pathways) + bool(clause.categories),
        bool(clause.sensitivity),
        bool(clause.purposes),
        bool(agreement.arrangements),
    )


def _said(agreement: Agreement, clause: Clause, asking: Asking) -> tuple[Verdict, str]:
    """A fitting clause's verdict, with why. The family's agreement to a service is asked of a permit that needs it."""
    if clause.consent and asking.consent is not True:
        service = agreement.service_consent.service if agreement.service_consent else "the service"
        if asking.consent is False:
            return Verdict.DENY, f"{clause.says} The family has not agreed to {service}."
        return Verdict.REVIEW, f"{clause.says} Nobody has recorded that the family agreed to {service}."
    return Verdict(clause.rule), clause.says


def _nearest_miss(agreements: list[Agreement], asking: Asking) -> str:
    """Why nothing covers it, as near as can be said: what has ended, what has not begun, who has not signed."""
    applying = [one for one in agreements if _applies(one, asking)]
    ended = [one for one in applying if one.in_force.end < asking.day]
    if ended:
        last = max(ended, key=lambda one: one.in_force.end)
        return f"{NOTHING_COVERS} “{last.title}” ended on {day_in_words(last.in_force.end)}."
    coming = [one for one in applying if one.in_force.start > asking.day]
    if coming:
        first = min(coming, key=lambda one: one.in_force.start)
        return f"{NOTHING_COVERS} “{first.title}” begins on {day_in_words(first.in_force.start)}."
    if applying:
        return f"{NOTHING_COVERS} “{applying[0].title}” has no clause that lets this be shared."
    serving = [one for one in agreements if asking.purpose in one.purposes]
    if serving:
        return f"{NOTHING_COVERS} No agreement for this purpose has been signed by both agencies."
    return f"{NOTHING_COVERS} No agreement names this purpose."


def _in_order(number: str) -> list[int]:
    """Clause numbers as people count them: 4.10 after 4.9, 4.9b after 4.9a."""
    parts = []
    for part in number.split("."):
        letter = part[-1] if part[-1].isalpha() else ""
        parts += [int(part.removesuffix(letter)), ord(letter) if letter else 0]
    return parts


__all__ = ["STRICTNESS", "Asking", "Decision", "Ruling", "Verdict", "decide"]
