"""What must hold of every decision, whatever the agreements: order never matters, closed by default, nothing permitted
after the end or outside the parties; and each PERMIT is checked against a second, naive reading of its clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from goldenthread.guidance.agreement import Agreement, Clause, LawfulBasis, Party, ServiceConsent, Term
from goldenthread.sharing.decision import STRICTNESS, Asking, Decision, Verdict, decide

KINDS = ["police", "school", "childrens_social_care", "voluntary"]
SLUGS = ["north_police", "hill_school", "county_care", "a_charity"]
PURPOSES = ["protect", "help", "learn"]
PATHWAYS = ["contact", "early_help"]
CATEGORIES = ["victim_location", "legal_advice"]
FIRST = date(2026, 1, 1)
BASIS = LawfulBasis(article_6="6(1)(e) public task", reference="Made-up Act")


def some(of: list[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=least, max_size=len(of), unique=True)


def few(of: list[str]) -> st.SearchStrategy[list[str]]:
    """Often none, as a clause leaves most things open."""
    return st.one_of(st.just([]), st.just([]), some(of))


@st.composite
def an_agreement(draw: st.DrawFn, identity: str) -> Agreement:
    names = [f"party{number}" for number in range(draw(st.integers(1, 2)))]
    parties = {
        name: Party(title=name, kinds=draw(some(KINDS, 1)), organisations=draw(few(SLUGS))) for name in names
    }
    purposes = draw(some(PURPOSES, 1))
    clauses: dict[str, Clause] = {}
    for number in range(draw(st.integers(1, 4))):
        rule = draw(st.sampled_from(["permit", "permit", "deny", "review", "duty"]))
        needs = "needed" if rule == "permit" and draw(st.booleans()) and draw(st.booleans()) else None
        clauses[f"{number + 1}.{draw(st.integers(1, 12))}"] = Clause.model_validate({
            "says": f"Clause {number}.", "rule": rule,
            "of": draw(st.lists(st.sampled_from(["existence", "content"]), min_size=1, max_size=2, unique=True)),
            "from": draw(few(names)), "to": draw(few(names)), "purposes": draw(few(purposes)),
            "pathways": draw(few(PATHWAYS)), "categories": draw(few(CATEGORIES)),
            "sensitivity": draw(few(["standard", "restricted"])), "consent": needs,
        })  # fmt: skip
    begins = FIRST + timedelta(days=draw(st.integers(0, 300)))
    ends = begins + timedelta(days=draw(st.integers(0, 300)))
    service = ServiceConsent(service="the service", says="They agree.", reference="Made-up Act")
    return Agreement.model_validate({
        "id": identity, "title": f"Agreement {identity}", "about": "Made up.", "reference": "Made-up Act",
        "in_force": Term(start=begins, end=ends), "review_by": begins, "kept_by": "police",
        "arrangements": draw(st.sampled_from([[], [], ["here"], ["there"]])),
        "subjects": draw(some(["child", "adult"], 1)), "parties": parties, "purposes": purposes,
        "lawful_basis": {"all": BASIS},
        "service_consent": service if any(one.consent for one in clauses.values()) else None, "clauses": clauses,
    })  # fmt: skip


@st.composite
def agreements(draw: st.DrawFn) -> list[Agreement]:
    return [draw(an_agreement(f"agreement{number}")) for number in range(draw(st.integers(0, 3)))]


askings = st.builds(
    Asking,
    holder=st.sampled_from(SLUGS), holder_kind=st.sampled_from(KINDS), receiver=st.sampled_from(SLUGS),
    receiver_kind=st.sampled_from(KINDS), purpose=st.sampled_from([*PURPOSES, "unheard_of"]),
    pathway=st.sampled_from([None, *PATHWAYS]), day=st.integers(-10, 650).map(lambda n: FIRST + timedelta(days=n)),
    sensitivity=st.sampled_from(["standard", "standard", "restricted"]), subject=st.sampled_from(["child", "adult"]),
    consent=st.sampled_from([None, True, False]), arrangement=st.sampled_from(["", "here", "there"]),
    category=st.sampled_from(["", "", *CATEGORIES]),
)  # fmt: skip


Made = tuple[list[Agreement], Asking]


@st.composite
def made(draw: st.DrawFn) -> Made:
    """Agreements with a telling; three times of four one that an agreement among them is about, so that clauses speak."""
    given_, asking = draw(agreements()), draw(askings)
    if given_ and draw(st.integers(0, 3)):
        one = draw(st.sampled_from(given_))
        holder, receiver = (draw(st.sampled_from(list(one.parties.values()))) for _ in range(2))
        asking = replace(
            asking, holder_kind=draw(st.sampled_from(holder.kinds)), receiver_kind=draw(st.sampled_from(receiver.kinds)),
            purpose=draw(st.sampled_from(one.purposes)), subject=draw(st.sampled_from(one.subjects)),
            arrangement=one.arrangements[0] if one.arrangements else "", day=one.in_force.start,
        )  # fmt: skip
    return given_, asking


def permitted_by(agreement: Agreement, number: str, aspect: str, asking: Asking) -> bool:
    """A second reading of one clause, written apart from the first: does it, taken by itself, permit this telling?"""
    clause = agreement.clauses[number]

    def is_of(name: str, slug: str, kind: str) -> bool:
        return slug in agreement.parties[name].organisations or kind in agreement.parties[name].kinds

    tests: list[Any] = [
        clause.rule == "permit", aspect in clause.of,
        agreement.in_force.start <= asking.day, asking.day <= agreement.in_force.end,
        asking.purpose in agreement.purposes, asking.subject in agreement.subjects,
        agreement.arrangements == [] or asking.arrangement in agreement.arrangements,
        any(is_of(one, asking.holder, asking.holder_kind) for one in clause.holder or agreement.parties),
        any(is_of(one, asking.receiver, asking.receiver_kind) for one in clause.receiver or agreement.parties),
        clause.purposes == [] or asking.purpose in clause.purposes,
        clause.pathways == [] or asking.pathway in clause.pathways,
        clause.categories == [] or asking.category in clause.categories,
        asking.sensitivity in (clause.sensitivity or ["standard"]),
        clause.consent is None or asking.consent is True,
    ]  # fmt: skip
    return all(tests)


@settings(max_examples=50, deadline=None)
@given(made(), st.randoms(use_true_random=False))
def test_the_order_of_agreements_never_matters(case: Made, chance: Any) -> None:
    given_, asking = case
    shuffled = list(given_)
    chance.shuffle(shuffled)
    assert decide(given_, asking) == decide(shuffled, asking) == decide(iter(reversed(given_)), asking)


@settings(max_examples=120, deadline=None)
@given(made())
def test_what_is_permitted_is_permitted_by_the_clause_it_names(case: Made) -> None:
    given_, asking = case
    decision = decide(given_, asking)
    by_id = {one.id: one for one in given_}
    for aspect, ruling in (("existence", decision.existence), ("content", decision.content)):
        if ruling.verdict is Verdict.PERMIT:
            assert permitted_by(by_id[ruling.agreement], ruling.clause, aspect, asking)
            assert ruling.basis
        if ruling.verdict is Verdict.DENY:
            assert ruling.basis == ""
        assert ruling.why


@settings(max_examples=50, deadline=None)
@given(made())
def test_content_is_never_freer_than_existence(case: Made) -> None:
    given_, asking = case
    decision = decide(given_, asking)
    assert STRICTNESS[decision.content.verdict] >= STRICTNESS[decision.existence.verdict]


@settings(max_examples=50, deadline=None)
@given(made())
def test_nothing_is_permitted_once_every_agreement_has_ended_or_before_any_begins(case: Made) -> None:
    given_, asking = case
    for day in (
        max((one.in_force.end for one in given_), default=FIRST) + timedelta(days=1),
        min((one.in_force.start for one in given_), default=FIRST) - timedelta(days=1),
    ):
        decision = decide(given_, Asking(**{**plainly(asking), "day": day}))
        assert decision.existence.verdict is decision.content.verdict is Verdict.DENY
        assert decision.content.agreement == decision.content.clause == ""


@settings(max_examples=50, deadline=None)
@given(made(), st.sampled_from(["holder", "receiver"]))
def test_nobody_outside_the_parties_is_told_or_tells(case: Made, side: str) -> None:
    given_, asking = case
    outside = Asking(**{**plainly(asking), side: "a_stranger", f"{side}_kind": "housing"})
    decision = decide(given_, outside)
    assert decision.existence.verdict is decision.content.verdict is Verdict.DENY


@settings(max_examples=50, deadline=None)
@given(made())
def test_a_purpose_that_no_agreement_names_is_denied(case: Made) -> None:
    given_, asking = case
    decision = decide(given_, Asking(**{**plainly(asking), "purpose": ""}))
    assert decision.existence.verdict is decision.content.verdict is Verdict.DENY


@settings(max_examples=50, deadline=None)
@given(an_agreement("only"), askings)
def test_a_denial_added_to_an_agreement_never_frees_anything(agreement: Agreement, asking: Asking) -> None:
    stricter = agreement.model_copy(
        update={"clauses": {**agreement.clauses, "99.1": Clause(says="Nothing at all.", rule="deny")}}
    )
    before, after = decide([agreement], asking), decide([stricter], asking)
    for earlier, later in ((before.existence, after.existence), (before.content, after.content)):
        assert STRICTNESS[later.verdict] >= STRICTNESS[earlier.verdict]
        assert later.verdict is Verdict.DENY


@settings(max_examples=50, deadline=None)
@given(made())
def test_without_the_familys_agreement_no_clause_that_needs_it_permits(case: Made) -> None:
    given_, asking = case
    by_id = {one.id: one for one in given_}
    for answer in (None, False):
        decision = decide(given_, Asking(**{**plainly(asking), "consent": answer}))
        for ruling in (decision.existence, decision.content):
            if ruling.verdict is Verdict.PERMIT:
                assert by_id[ruling.agreement].clauses[ruling.clause].consent is None


@settings(max_examples=50, deadline=None)
@given(made())
def test_a_decision_that_was_kept_is_the_same_when_read_again(case: Made) -> None:
    given_, asking = case
    decision = decide(given_, asking)
    assert Decision.from_plain(decision.plain()) == decision


def test_the_made_up_agreements_do_permit_deny_and_refer() -> None:
    seen: set[Verdict] = set()

    @settings(max_examples=100, deadline=None, phases=[Phase.generate], derandomize=True)
    @given(made())
    def look(case: Made) -> None:
        ruling = decide(*case).content
        if ruling.clause:
            seen.add(ruling.verdict)

    look()
    assert seen == set(Verdict)


def plainly(asking: Asking) -> dict[str, Any]:
    return {name: getattr(asking, name) for name in Asking.__dataclass_fields__}
