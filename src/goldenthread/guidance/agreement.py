"""A sharing agreement: who may tell whom what, for which purpose, on what basis, from when until when; clause by clause.

One YAML file under `agreements/` an agreement; the words they share (purposes, kinds of information, what happens in an
emergency) are in `sharing.yaml`. `sharing.decision` turns an agreement into PERMIT, DENY or REVIEW. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from .climbing import Climbs
from .pathway import Subject
from .school_notices import SchoolNotices
from .terms import IntervalField, Reference, Slug, Strict, Text

Number = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*[a-z]?$")]
"""A clause's number as the agreement prints it, in quotes: '4.2'."""
Aspect = Literal["existence", "content"]
ASPECTS: tuple[Aspect, Aspect] = ("existence", "content")
"""That a record exists, and what it says, are decided apart."""
Sensitivity = Literal["standard", "restricted"]


class Term(Strict):
    """First and last day of the agreement. Both are needed: an agreement without an end is never looked at again."""

    start: date = Field(alias="from")
    end: date = Field(alias="until")

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _in_order(self) -> Term:
        if self.end < self.start:
            raise ValueError("`until` is before `from`")
        return self


class Party(Strict):
    """Who has signed: every agency of some kinds, or organisations by name. Keyed by id in `parties`."""

    title: Text
    kinds: list[Slug] = Field(default_factory=list)
    organisations: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _somebody(self) -> Party:
        if not self.kinds and not self.organisations:
            raise ValueError("a party is named by `kinds` of agency, by `organisations`, or both")
        return self


class LawfulBasis(Strict):
    """Why the law lets the holder share: UK GDPR, Data Protection Act 2018, and the power or duty it is done under."""

    article_6: Text
    article_9: Text | None = None
    schedule_1: Text | None = None
    """Condition in Schedule 1 to the Data Protection Act 2018, where article 9 needs one."""
    gateways: list[Text] = Field(default_factory=list)
    """Acts that give the power or the duty to share."""
    holders: list[Slug] = Field(default_factory=list)
    """Parties whose basis this is when they share; empty for all."""
    purposes: list[Slug] = Field(default_factory=list)
    """Purposes it serves; empty for all of the agreement's."""
    verified: bool | Literal["partly"] = "partly"
    reference: Reference

    def serves(self, holders: set[str], purpose: str) -> bool:
        return (not self.holders or bool(holders & set(self.holders))) and (
            not self.purposes or purpose in self.purposes
        )

    @property
    def words(self) -> str:
        """The whole basis on one line, as it is kept with a decision."""
        parts = [
            f"UK GDPR Article {self.article_6}",
            f"Article {self.article_9}" if self.article_9 else "",
            f"Data Protection Act 2018 {self.schedule_1}" if self.schedule_1 else "",
            *self.gateways,
        ]
        return "; ".join(part for part in parts if part)


class Clause(Strict):
    """One clause. What it leaves out it does not narrow, but for one thing: a `permit` that does not name restricted
    records does not reach them. A `duty` decides nothing; it says how what is shared must be treated."""

    says: Text
    rule: Literal["permit", "deny", "review", "duty"]
    of: list[Aspect] = Field(default_factory=lambda: list(ASPECTS), min_length=1)
    """Whether it speaks of the existence of a record, of its content, or of both."""
    holder: list[Slug] = Field(default_factory=list, alias="from")
    """Parties whose information it is."""
    receiver: list[Slug] = Field(default_factory=list, alias="to")
    """Parties who would be told."""
    purposes: list[Slug] = Field(default_factory=list)
    pathways: list[Slug] = Field(default_factory=list)
    """Pathways of the case that the information belongs to, or in which it is asked for."""
    categories: list[Slug] = Field(default_factory=list)
    """Kinds of information, from sharing.yaml."""
    sensitivity: list[Sensitivity] = Field(default_factory=list)
    consent: Literal["needed"] | None = None
    """The family must have agreed to the service first. That is never the lawful basis, which stands by itself."""
    reference: Reference | None = None

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _consent_to_what_is_permitted(self) -> Clause:
        if self.consent and self.rule != "permit":
            raise ValueError("`consent: needed` belongs to a clause that permits; this one does not")
        return self


class ServiceConsent(Strict):
    """The family's agreement to a service: a courtesy and a promise to them, kept apart from the lawful basis."""

    service: Text
    says: Text
    reference: Reference


class Agreement(Strict):
    """A whole agreement, as its file says it."""

    id: Slug
    title: Text
    about: Text
    reference: Reference
    verified: bool | Literal["partly"] = "partly"
    """How far the text was checked against a signed agreement or the law it rests on."""
    note: Text | None = None
    in_force: Term
    review_by: date
    kept_by: Slug
    """Kind of agency that keeps the agreement, and is warned before it ends."""
    arrangements: list[Slug] = Field(default_factory=list)
    """Partnerships in which it holds; empty for any."""
    subjects: tuple[Subject, ...] = Field(default=("child",), min_length=1)
    parties: Mapping[Slug, Party]
    purposes: list[Slug] = Field(min_length=1)
    lawful_basis: Mapping[Slug, LawfulBasis]
    service_consent: ServiceConsent | None = None
    clauses: Mapping[Number, Clause]

    @model_validator(mode="after")
    def _holds_together(self) -> Agreement:
        if not self.in_force.start <= self.review_by <= self.in_force.end:
            raise ValueError("`review_by` lies outside the agreement's own dates")
        if not self.clauses or not self.parties:
            raise ValueError("an agreement has at least one party and one clause")
        if (self.service_consent is None) == any(clause.consent for clause in self.clauses.values()):
            raise ValueError(
                "`service_consent` says what the family agrees to; it goes with a clause that has `consent: needed`"
            )
        for number, clause in self.clauses.items():
            holders = clause.holder or list(self.parties)
            for purpose in (clause.purposes or self.purposes) if clause.rule == "permit" else []:
                for holder in holders:
                    if not any(one.serves({holder}, purpose) for one in self.lawful_basis.values()):
                        raise ValueError(
                            f"clause {number} lets {holder} share for {purpose}, but no `lawful_basis` serves that"
                        )
        return self

    def in_force_on(self, day: date) -> bool:
        return self.in_force.start <= day <= self.in_force.end

    def days_left(self, day: date) -> int:
        """Days from `day` until the last day of the agreement; negative once it has ended."""
        return (self.in_force.end - day).days

    def parties_of(self, organisation: str, kind: str) -> dict[str, bool]:
        """Parties that an organisation belongs to; True where it is named, False where its kind is."""
        found = {}
        for name, party in self.parties.items():
            if organisation in party.organisations:
                found[name] = True
            elif kind in party.kinds:
                found[name] = False
        return found

    def basis_for(self, holders: set[str], purpose: str) -> LawfulBasis | None:
        """The basis on which one of these parties shares for a purpose; one that names them before one for all."""
        fitting = [
            (not one.holders, not one.purposes, name)
            for name, one in self.lawful_basis.items()
            if one.serves(holders, purpose)
        ]
        return self.lawful_basis[min(fitting)[2]] if fitting else None


class Purpose(Strict):
    """What information is shared for. Keyed by id in `purposes` of sharing.yaml."""

    title: Text
    about: Text | None = None
    pathways: list[Slug] = Field(default_factory=list)
    """Pathways whose cases serve it unless somebody says otherwise; each pathway under one purpose."""


class Category(Strict):
    """A kind of information that a clause may single out."""

    title: Text


class Emergency(Strict):
    """What happens when somebody shares in an emergency, against or without an agreement."""

    pathway: Slug
    """The pathway that reviews it, with its clock."""
    event: Slug
    """Its opening event."""
    reviewed: Slug
    """The event by which it is reviewed."""
    lasts: IntervalField
    """How long the override stands."""
    carry: Mapping[str, Slug]
    """What the override tells the opening event: holder, receiver, purpose, reason, said, clause, case, ends -> its field."""


class ConsentSource(Strict):
    """Where a pathway's events say whether the family agreed to the service."""

    event: Slug
    field: Slug
    agreed: list[Text]
    refused: list[Text]
    """Any other answer leaves it open, so that a person decides."""
    withdrawn: Mapping[Slug, Mapping[Slug, list[Text]]] = Field(default_factory=dict)
    """Events, with their answers, after which the family no longer agrees."""


class Sharing(Strict):
    """`sharing.yaml`: the words that agreements share, and what happens around them."""

    warns_before: IntervalField
    """How long before an agreement ends its parties are warned."""
    purposes: Mapping[Slug, Purpose]
    categories: Mapping[Slug, Category] = Field(default_factory=dict)
    emergency: Emergency
    consent: Mapping[Slug, ConsentSource] = Field(default_factory=dict)
    """By pathway."""
    climbs: Climbs
    """Who is told, one after another, when nobody answers."""
    school_notices: SchoolNotices | None = None
    """How schools are told of police incidents."""

    def purpose_of(self, pathway: str) -> str:
        """The purpose that a pathway's cases serve; "" where none is declared, which no agreement covers."""
        return next((name for name, one in self.purposes.items() if pathway in one.pathways), "")
