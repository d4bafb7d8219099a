"""The documents' own arithmetic, worked out again from what they print.

A slip is a printed change, difference, share or total that no values behind the printed ones could give (`numbers`), where
the document says what it is worked out of. What the printed numbers alone cannot settle is a question, in
`questions`. Nothing is called a slip for being surprising. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from .claims import Claim, Pool, about
from .figure import Figure, before, by_series
from .numbers import Number, Range, change_within, could_print, cut, rounded, written

Verdict = Literal["right", "within rounding", "slip", "question", "not checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed thing worked out again: what is printed, what it should be, how it was worked out, and why they differ."""

    kind: str
    verdict: Verdict
    figure: Figure
    printed: str
    worked: str
    how: str
    why: str = ""
    words: str = ""
    """The document's own words, where the claim is in its text."""
    where: str = ""
    about: str = ""
    """What it is about, where that is several figures added up."""

    @property
    def subject(self) -> str:
        return self.about or self.figure.words

    @property
    def sentence(self) -> str:
        """The finding in one line."""
        told = f"{self.subject}: printed {self.printed}, worked out {self.worked}. {self.how}."
        return f"{told} {self.why}" if self.why else told


def check(figures: Sequence[Figure], claims: Sequence[Claim] = ()) -> list[Finding]:
    """Every printed change of the file and every claim of its documents, in the order of the file."""
    series = by_series(figures)
    found = [printed_change(one, before(one, series[one.series])) for one in figures if one.printed_change]
    pool = Pool(figures)
    for claim in about(claims, figures):
        finding = check_claim(claim, pool)
        if finding is not None:
            found.append(replace(finding, about=_added_up(claim)) if claim.this.parts > 1 else finding)
    return found


def _added_up(claim: Claim) -> str:
    """Several figures in words: the patterns that chose them, without those that mean anything at all."""
    table, indicator, area, breakdown, period = (one if one != "*" else "" for one in claim.this.patterns)
    of = ", ".join(filter(None, (breakdown, area)))
    named = (indicator or table).replace("*", "…")
    return f"{claim.this.parts} figures added up, {named}{f' ({of})' if of else ''}, {period.replace(' Q*', '')}"


# Changes printed beside a figure ---------------------------------------------------------------------------------------


def printed_change(figure: Figure, earlier: Figure | None) -> Finding:
    """A change that stands beside a figure: with a per cent sign of the earlier value, without one the difference."""
    printed = Number.parse(figure.printed_change)
    if earlier is None:
        how = "There is no earlier value of it to compare with"
        return Finding("change", "not checked", figure, figure.printed_change, "nothing", how, where=figure.where)
    now, then = one_figure(figure), one_figure(earlier)
    if not printed.percent:
        return _difference(figure, now, then, printed, "", figure.where, sure=True)
    finding = _change(figure, now, then, printed, "", figure.where, sure=True)
    if figure.unit == "%" and finding.verdict == "slip":
        # "2.0%" of a figure that is itself per cent may be per cent of it, or percentage points.
        points = _difference(figure, now, then, printed, "", figure.where, sure=True)
        return points if points.verdict != "slip" else finding
    return finding


@dataclass(frozen=True, slots=True)
class Sum:
    """A number that a claim starts from: a figure, or several added up, with what may lie behind it."""

    value: Fraction
    behind: Range
    words: str


def one_figure(figure: Figure) -> Sum:
    """A figure by itself."""
    return Sum(figure.value.exact, figure.value.behind(counted=figure.counted), figure.shown)


def added(figures: Sequence[Figure]) -> Sum:
    """Figures added up."""
    if len(figures) == 1:
        return one_figure(figures[0])
    total = sum((one.value.exact for one in figures), Fraction(0))
    behind = Range(Fraction(0), Fraction(0))
    for one in figures:
        behind += one.value.behind(counted=one.counted)
    decimals = max(one.value.decimals for one in figures)
    parts = " + ".join(one.shown for one in figures) if len(figures) <= 13 else f"{len(figures)} figures"
    return Sum(total, behind, f"({parts} = {written(total, decimals)})")


def _change(figure: Figure, now: Sum, then: Sum, printed: Number, words: str, where: str, *, sure: bool) -> Finding:
    behind = change_within(now.behind, then.behind)
    if behind is None or not then.value:
        how = f"The earlier value, {then.words}, may be nought: there is no per cent of it"
        return Finding("change", "not checked", figure, str(printed), "nothing", how, words=words, where=where)
    value = (now.value - then.value) / then.value * 100
    how = f"({now.words} − {then.words}) ÷ {then.words} = {written(value, printed.decimals + 2)}%"
    reasons = [
        (cut(value, printed.decimals), "The digits after the last one were cut off, not rounded."),
        (rounded((now.value - then.value) / now.value * 100, printed.decimals) if now.value else None,
         f"It was divided by the later value, {now.words}, in place of the earlier one, {then.words}."),
        (rounded(-value, printed.decimals), "The sign is the wrong way round."),
        (rounded(now.value - then.value, printed.decimals), "It is the difference itself, not per cent of the earlier value."),
    ]  # fmt: skip
    return _judged("change", figure, printed, value, behind, how, reasons, words, where, sure=sure)


def _difference(figure: Figure, now: Sum, then: Sum, printed: Number, words: str, where: str, *, sure: bool) -> Finding:
    value = now.value - then.value
    how = f"{now.words} − {then.words} = {written(value, max(printed.decimals, figure.value.decimals))}"
    reasons = [(rounded(-value, printed.decimals), "The sign is the wrong way round.")]
    behind = now.behind - then.behind
    return _judged("difference", figure, printed, value, behind, how, reasons, words, where, sure=sure)


def _judged(
    kind: str, figure: Figure, printed: Number, value: Fraction, behind: Range, how: str,
    reasons: Iterable[tuple[object, str]], words: str, where: str, *, sure: bool,
) -> Finding:  # fmt: skip
    worked = rounded(value, printed.decimals)
    shown = f"{worked:,.{printed.decimals}f}{'%' if printed.percent else ''}"
    exactly = Range(value, value)
    if could_print(exactly, printed):
        verdict: Verdict = "right"
    elif could_print(behind, printed):
        verdict = "within rounding"
    else:
        verdict = "slip" if sure else "question"
    why = ""
    if verdict == "within rounding":
        why = "The values are rounded themselves; what lies behind them may give what is printed."
    elif verdict in ("slip", "question"):
        why = next((reason for number, reason in reasons if number == printed.value), "")
    return Finding(kind, verdict, figure, str(printed), shown, how, why, words, where)


# What the text says of figures -----------------------------------------------------------------------------------------


def check_claim(claim: Claim, pool: Pool) -> Finding | None:
    """One claim; None if the figures it is about are not all here."""
    these = pool.chosen(claim.this)
    if these is None:
        return None
    now = added(these)
    if claim.kind == "total":
        return _total(claim, these, now)
    if claim.of_value is not None:
        then = Sum(claim.of_value.exact, claim.of_value.behind(counted=not claim.of_value.decimals), str(claim.of_value))
    else:
        others = pool.chosen(claim.of) if claim.of else None
        if others is None:
            return None
        then = added(others)
    at = _place(claim, these[0])
    if claim.kind == "change":
        return _change(these[0], now, then, claim.printed, claim.words, at, sure=claim.sure)
    if claim.kind == "difference":
        return _difference(these[0], now, then, claim.printed, claim.words, at, sure=claim.sure)
    return _share(claim, these[0], now, then, at)


def _total(claim: Claim, these: Sequence[Figure], now: Sum) -> Finding:
    how = now.words.strip("()") if len(these) > 1 else f"The figure is {now.words}"
    missing = now.value - claim.printed.exact
    many = f"{written(abs(missing), max(claim.printed.decimals, these[0].value.decimals))}"
    reasons = [(claim.printed.value, f"The total is {many} {'less' if missing > 0 else 'more'} than its parts.")]
    at = _place(claim, these[0])
    return _judged("total", these[0], claim.printed, now.value, now.behind, how, reasons, claim.words, at, sure=claim.sure)


def _share(claim: Claim, figure: Figure, part: Sum, whole: Sum, where: str) -> Finding:
    times = 100 if claim.kind == "share" else claim.per
    behind = part.behind.over(whole.behind)
    if behind is None or not whole.value:
        how = f"{whole.words} may be nought: there is no share of it"
        return Finding(claim.kind, "not checked", figure, str(claim.printed), "nothing", how, words=claim.words, where=where)
    value = part.value / whole.value * times
    sign = "%" if claim.kind == "share" else f" per {times:,}"
    how = f"{part.words} ÷ {whole.words} = {written(value, claim.printed.decimals + 2)}{sign}"
    reasons = [(cut(value, claim.printed.decimals), "The digits after the last one were cut off, not rounded.")]
    if claim.kind == "rate" and not claim.sure:
        people = part.value * times / claim.printed.exact if claim.printed.exact else Fraction(0)
        told = f"The document does not say of how many. {claim.printed} would be of {written(people, 0)}."
        reasons.append((claim.printed.value, told))
    return _judged(
        claim.kind, figure, claim.printed, value, behind.times(times), how, reasons, claim.words, where, sure=claim.sure
    )


def _place(claim: Claim, figure: Figure) -> str:
    at = f"page {claim.page}" if claim.page else claim.place or figure.place
    return ", ".join(filter(None, (figure.document or figure.source, at)))



def counted_by(findings: Iterable[Finding]) -> Counter[Verdict]:
    """How many of each verdict."""
    return Counter(one.verdict for one in findings)
