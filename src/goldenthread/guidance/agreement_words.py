"""A sharing agreement in plain words: as blocks for its page, and as text for `goldenthread guidance show`.

Pure. Written for the manager who signs it: who may tell whom what, under which clause, and until when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .agreement import Agreement, Clause, Party
from .library import Library
from .sentences import capital, day_in_words, either, lower_first
from .words import Interval, Unit
from .wrapping import heading, wrapped

State = Literal["coming", "in_force", "ending", "ended"]
RULES = {
    "permit": "May be shared", "review": "Somebody decides each time", "deny": "May not be shared", "duty": "How it is treated",
}  # fmt: skip
VERIFIED = {True: "Checked", "partly": "Partly checked", False: "Not verified"}
_SUBJECTS = {
    "child": "children", "adult": "adults", "person": "any person", "organisation": "organisations", "family": "families",
}  # fmt: skip
_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30, Unit.YEARS: 365}


@dataclass(frozen=True, slots=True)
class PlainParty:
    title: str
    agencies: str


@dataclass(frozen=True, slots=True)
class PlainBasis:
    """A lawful basis as lines of words, with whose and for what where it is not everyone's."""

    lines: tuple[str, ...]
    whose: str
    verified: str
    reference: str


@dataclass(frozen=True, slots=True)
class PlainClause:
    number: str
    rule: str
    """permit, review, deny or duty."""
    rule_words: str
    says: str
    """The clause as the agreement words it."""
    means: str
    """What the machine does with it."""
    reference: str | None


@dataclass(frozen=True, slots=True)
class PlainAgreement:
    id: str
    title: str
    about: str
    state: State
    state_words: str
    note: str | None
    reference: str
    verified: str
    start: date
    end: date
    review_by: date
    review_late: bool
    kept_by: str
    where: str
    subjects: str
    parties: tuple[PlainParty, ...]
    purposes: tuple[str, ...]
    bases: tuple[PlainBasis, ...]
    service: str | None
    service_says: str | None
    service_reference: str | None
    clauses: tuple[PlainClause, ...]


def days_in(interval: Interval) -> int:
    """A length of time as whole days, for a warning: months of 30, working days as days of a five-day week."""
    if interval.unit is Unit.WORKING_DAYS:
        return -(-interval.amount * 7 // 5)
    return interval.amount * _DAYS.get(interval.unit, 1)


def state_of(agreement: Agreement, library: Library, day: date) -> State:
    """Where an agreement is in its life. It warns from `warns_before`, and shares nothing after its last day."""
    if day < agreement.in_force.start:
        return "coming"
    left = agreement.days_left(day)
    if left < 0:
        return "ended"
    return "ending" if left <= days_in(library.sharing.warns_before) else "in_force"


def told(agreement: Agreement, library: Library, day: date) -> PlainAgreement:
    """The whole agreement in words, as it stands on a day."""
    state = state_of(agreement, library, day)
    service = agreement.service_consent
    return PlainAgreement(
        id=agreement.id, title=agreement.title, about=agreement.about,
        state=state, state_words=_state_words(agreement, state, day), note=agreement.note,
        reference=agreement.reference, verified=VERIFIED[agreement.verified],
        start=agreement.in_force.start, end=agreement.in_force.end,
        review_by=agreement.review_by, review_late=agreement.review_by < day <= agreement.in_force.end,
        kept_by=library.roles.title_of(agreement.kept_by),
        where=_listed([library.arrangements[one].title for one in agreement.arrangements if one in library.arrangements])
        or "Any partnership",
        subjects=capital(_listed([_SUBJECTS[one] for one in agreement.subjects])),
        parties=tuple(PlainParty(one.title, _agencies(one, library)) for one in agreement.parties.values()),
        purposes=tuple(library.sharing.purposes[one].title for one in agreement.purposes),
        bases=tuple(_bases(agreement, library)),
        service=service.service if service else None, service_says=service.says if service else None,
        service_reference=service.reference if service else None,
        clauses=tuple(
            PlainClause(number, clause.rule, RULES[clause.rule], clause.says, means(clause, agreement, library), clause.reference)
            for number, clause in agreement.clauses.items()
        ),
    )  # fmt: skip


def _state_words(agreement: Agreement, state: State, day: date) -> str:
    start, end = day_in_words(agreement.in_force.start), day_in_words(agreement.in_force.end)
    if state == "coming":
        return f"Begins on {start}. Nothing is shared under it before then."
    if state == "ended":
        return f"Ended on {end}. Nothing is shared under it any more."
    if state == "ending":
        left = agreement.days_left(day)
        when = "today is its last day" if left == 0 else f"{left} {'day' if left == 1 else 'days'} left"
        return f"Ends on {end}: {when}. After that nothing is shared under it."
    return f"In force until {end}."


def _agencies(party: Party, library: Library) -> str:
    kinds = [library.roles.title_of(kind) for kind in party.kinds]
    return _listed([*kinds, *(title_of(slug, library) for slug in party.organisations)])


def title_of(slug: str, library: Library) -> str:
    """An organisation's title from the arrangements, or its own slug."""
    for arrangement in library.arrangements.values():
        for one in arrangement.organisations:
            if one.id == slug:
                return one.title
    return slug


def _bases(agreement: Agreement, library: Library) -> Iterable[PlainBasis]:
    for one in agreement.lawful_basis.values():
        lines = [f"UK GDPR Article {one.article_6}"]
        if one.article_9:
            lines.append(f"UK GDPR Article {one.article_9}, for special category data")
        if one.schedule_1:
            lines.append(f"Data Protection Act 2018, {one.schedule_1}")
        lines += one.gateways
        whose = _listed([agreement.parties[name].title for name in one.holders if name in agreement.parties])
        what = _listed([library.sharing.purposes[name].title for name in one.purposes])
        said = [f"When {lower_first(whose)} share." if whose else "", f"To {lower_first(what)}." if what else ""]
        yield PlainBasis(tuple(lines), " ".join(filter(None, said)), VERIFIED[one.verified], one.reference)


def means(clause: Clause, agreement: Agreement, library: Library) -> str:
    """What a clause does, in one sentence: who may tell whom that a record exists or what it says, and when."""
    if clause.rule == "duty":
        return "Decides nothing by itself; it binds whoever is told."
    who = _party_words(clause.holder, agreement)
    whom = _party_words(clause.receiver, agreement) or "any other party"
    if who and clause.holder == clause.receiver:
        whom = "each other"
    aspects = {"existence": "that there is a record", "content": "what it says"}
    what = either([aspects[one] for one in clause.of], "and" if clause.rule == "permit" else "or")
    words = {
        "permit": f"{capital(who or 'any party')} may tell {whom} {what}",
        "deny": f"{capital(who)} may not tell {whom} {what}" if who else f"No party may tell {whom} {what}",
        "review": f"A manager decides each time whether {who or 'a party'} may tell {whom} {what}",
    }[clause.rule]
    limits = []
    if clause.purposes:
        titles = [lower_first(library.sharing.purposes[one].title) for one in clause.purposes]
        limits.append(f"only to {either(titles)}")
    if clause.pathways:
        titles = [lower_first(library.pathways[one].title) for one in clause.pathways if one in library.pathways]
        limits.append(f"only in a case of {either(titles)}")
    if clause.categories:
        titles = [lower_first(library.sharing.categories[one].title) for one in clause.categories]
        limits.append(f"for this kind of information: {either(titles)}")
    if clause.sensitivity == ["restricted"]:
        limits.append("where the record is restricted")
    elif "restricted" in clause.sensitivity:
        limits.append("restricted records too")
    elif clause.rule == "permit":
        limits.append("unless the record is restricted")
    if clause.consent:
        service = agreement.service_consent.service if agreement.service_consent else "the service"
        limits.append(f"once the family has agreed to {service}")
    return ", ".join([words, *limits]) + "."


def _party_words(names: list[str], agreement: Agreement) -> str:
    titles = [lower_first(agreement.parties[one].title) for one in names if one in agreement.parties]
    return _listed(titles)


def _listed(words: list[str]) -> str:
    """One, two and three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def agreement_text(plain: PlainAgreement, width: int = 100) -> str:
    """The whole agreement as plain text, wrapped to a width."""
    lines = [plain.title, "=" * len(plain.title), "", *wrapped(plain.about, width), "", *wrapped(plain.state_words, width)]
    facts = [
        ("Dates", f"{day_in_words(plain.start)} to {day_in_words(plain.end)}, to be reviewed by {day_in_words(plain.review_by)}"),
        ("Kept by", plain.kept_by), ("Holds in", plain.where), ("About", plain.subjects),
        ("Source", f"{plain.reference} ({plain.verified.lower()})"),
    ]  # fmt: skip
    for label, words in facts:
        lines += wrapped(f"{label}: {words}", width, hang="  ")
    if plain.note:
        lines += wrapped(f"Note: {plain.note}", width, hang="  ")
    lines += heading("Parties")
    for party in plain.parties:
        lines += wrapped(f"{party.title}: {party.agencies}", width, "- ", "  ")
    lines += heading("What for")
    for purpose in plain.purposes:
        lines += wrapped(purpose, width, "- ", "  ")
    lines += heading("Lawful basis")
    for basis in plain.bases:
        said = f"{basis.whose} " if basis.whose else ""
        lines += wrapped(f"{said}{'; '.join(basis.lines)}. {basis.verified}. Source: {basis.reference}", width, "- ", "  ")
    if plain.service:
        lines += heading("The family’s agreement to the service (not the lawful basis)")
        lines += wrapped(f"{plain.service_says} Source: {plain.service_reference}", width)
    lines += heading("Clauses")
    for clause in plain.clauses:
        lines += wrapped(f"{clause.number}  {clause.rule_words}. {clause.says}", width, "", "     ")
        lines += wrapped(clause.means, width, "     ", "     ")
        if clause.reference:
            lines += wrapped(f"Source: {clause.reference}", width, "     ", "     ")
    return "\n".join(lines) + "\n"
