"""The documents' arithmetic, worked out again: by hand first, then that nothing is ever invented."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.intelligence.figures.printed.checking import check, printed_change
from goldenthread.intelligence.figures.printed.figure import Figure, read_figures
from goldenthread.intelligence.figures.printed.numbers import Number, rounded
from goldenthread.intelligence.figures.printed.periods import period_of
from goldenthread.intelligence.figures.printed.questions import questions
from goldenthread.intelligence.figures.printed.shipped import FIGURES, shipped_claims

from .by_hand import claims, count, figures, reading


def verdicts(found):
    return [(one.printed, one.worked, one.verdict) for one in found]


@pytest.mark.parametrize(
    ("before", "now", "printed", "worked", "verdict", "why"),
    [
        (397, 433, "9.1%", "9.1%", "right", ""),
        (542, 564, "4.06%", "4.06%", "right", ""),
        (6813, 8908, "30.7%", "30.8%", "slip", "cut off"),
        (283, 348, "18.7%", "23.0%", "slip", "divided by the later value, 348"),
        (100, 50, "50%", "-50%", "slip", "sign"),
        (50, 57, "7%", "14%", "slip", "difference itself"),
        (80, 90, "12.5%", "12.5%", "right", ""),
        (800, 851, "6.4%", "6.4%", "right", ""),  # 6.375 exactly
        (1600, 1634, "2.1%", "2.1%", "right", ""),  # 2.125
        (400, 405, "1.2%", "1.3%", "right", ""),  # 1.25, a half rounded to the even digit
        (400, 405, "1.3%", "1.3%", "right", ""),  # 1.25, a half rounded up
        (8811, 10767, "1,956", "1,956", "right", ""),
        (8811, 10767, "1,965", "1,956", "slip", ""),
    ],
)
def test_changes_by_hand(tmp_path, before, now, printed, worked, verdict, why):
    (finding,) = check(figures(tmp_path, count(before, "2015/16"), count(now, "2016/17", change=f'"{printed}"')))
    assert verdicts([finding]) == [(printed, worked, verdict)]
    assert why in finding.why


def test_a_change_of_values_that_are_rounded_is_no_slip_if_what_lies_behind_them_gives_it(tmp_path):
    line = 'doc,T,Rate,"per 10,000",Ryeford,,{},local,{},lower,{},'
    # 0.3 to 0.4 is 33.3%; 0.34 to 0.36 is 6%.
    (finding,) = check(figures(tmp_path, line.format("2015/16", "0.3", ""), line.format("2016/17", "0.4", "6%")))
    assert finding.verdict == "within rounding"
    (finding,) = check(figures(tmp_path, line.format("2015/16", "0.3", ""), line.format("2016/17", "0.4", "85%")))
    assert finding.verdict == "slip"


def test_a_change_of_what_is_per_cent_may_be_meant_in_points(tmp_path):
    line = "doc,T,Re-referrals,%,Ryeford,,{},local,{},lower,{},"
    for printed, verdict in (("3.4%", "right"), ("21.7%", "right"), ("9.9%", "slip")):
        (finding,) = check(figures(tmp_path, line.format("2015/16", "15.7", ""), line.format("2016/17", "19.1", printed)))
        assert finding.verdict == verdict, printed


def test_a_change_from_nought_or_from_nothing_is_not_checked(tmp_path):
    (finding,) = check(figures(tmp_path, count(0, "2015/16"), count(5, "2016/17", change="100%")))
    assert finding.verdict == "not checked"
    (finding,) = check(figures(tmp_path, count(5, "2016/17", change="100%")))
    assert (finding.verdict, finding.how) == ("not checked", "There is no earlier value of it to compare with")


def test_shares_and_totals_that_a_document_prints(tmp_path):
    found = figures(tmp_path, *(count(value, "2016/17", breakdown=name) for name, value in (("A", 404), ("B", 3781))))
    told = claims(
        tmp_path,
        'doc,total,"4,185",T,Referrals,Ryeford,*,2016/17,2,,,,,,,,Grand total',
        "doc,share,10%,T,Referrals,Ryeford,A,2016/17,,,*,,2,,,,A",  # 9.65
        "doc,share,9.6%,T,Referrals,Ryeford,A,2016/17,,,*,,2,,,,A",
        "doc,share,9.7%,T,Referrals,Ryeford,A,2016/17,,,*,,2,,,,A",
        'doc,total,"4,186",T,Referrals,Ryeford,*,2016/17,2,,,,,,,no,Grand total',
    )
    assert verdicts(check(found, told)) == [
        ("4,185", "4,185", "right"),
        ("10%", "10%", "right"),
        ("9.6%", "9.7%", "slip"),
        ("9.7%", "9.7%", "right"),
        ("4,186", "4,185", "question"),  # the document does not say what it is the total of
    ]


def test_a_total_is_not_checked_while_a_part_is_missing(tmp_path):
    found = figures(tmp_path, count(404, "2016/17", breakdown="A"))
    told = claims(tmp_path, 'doc,total,"4,185",T,Referrals,Ryeford,*,2016/17,2,,,,,,,,')
    assert check(found, told) == []


def test_a_rate_of_a_printed_population(tmp_path):
    found = figures(tmp_path, count(12156, "2015/16"))
    told = claims(
        tmp_path,
        'doc,rate,495.1,T,Referrals,Ryeford,,2015/16,,,,,,"245,516",10000,no,',
        'doc,rate,495.3,T,Referrals,Ryeford,,2015/16,,,,,,"245,516",10000,no,',
    )
    right, asked = check(found, told)
    assert (right.verdict, right.worked) == ("right", "495.1")
    assert (asked.verdict, asked.worked) == ("question", "495.1")
    assert "495.3 would be of 245,427" in asked.why


def test_questions_by_hand(tmp_path):
    share = "doc,T,Plans by category,%,Ryeford,{},2016/17,local,{},,,"
    average = "doc,C,Caseload,children per worker,Ryeford,{},2016/17,local,{},,,"
    found = figures(
        tmp_path,
        share.format("Neglect", "60.0"), share.format("Other", "38.0"),
        count(10, "2016/17"), count(4, "2016/17", breakdown="A"), count(5, "2016/17", breakdown="B"),
        average.format("New", "16.0"), average.format("Old", "20.0"), average.format("All", "20.2"),
        count(11, "2016/17", table="Another"),
    )  # fmt: skip
    assert [(one.kind, one.printed, one.worked) for one in questions(found)] == [
        ("parts of a whole", "100%", "98.0%"),
        ("total", "10", "9"),
        ("total", "11", "9"),
        ("average", "20.2", "from 16.0 to 20.0"),
        ("printed twice", "11", "10"),
    ]
    assert all(one.verdict == "question" for one in questions(found))


def test_what_rounding_explains_is_no_question(tmp_path):
    share = "doc,T,Plans by category,%,Ryeford,{},2016/17,local,{},,,"
    average = "doc,C,Caseload,children per worker,Ryeford,{},2016/17,local,{},,,"
    found = figures(
        tmp_path, share.format("Neglect", "34"), share.format("Other", "66.4"),
        average.format("New", "16.0"), average.format("All", "16.05"), average.format("Old", "16.0"),
    )  # fmt: skip
    assert questions(found) == []


def test_two_rates_that_need_two_populations(tmp_path):
    line = '{},Ryeford,,2016/17,local,{},,,'
    rows = [
        line.format('doc,T,Referrals,count', 9907), line.format('doc,T,"Referrals, rate","per 10,000"', "412.5"),
        line.format('doc,U,Children in need,count', 8377), line.format('doc,U,"Children in need, rate","per 10,000"', "342.3"),
    ]  # fmt: skip
    (finding,) = questions(figures(tmp_path, *rows))
    assert "412.5 per 10,000: 240,170" in finding.how
    assert "342.3 per 10,000: 244,727" in finding.how
    rows[1] = rows[1].replace("412.5", "404.8")
    assert questions(figures(tmp_path, *rows)) == []


# Nothing is ever invented -------------------------------------------------------------------------------------------------


def a_count(value: int, period: str, change: str = "") -> Figure:
    return Figure("d", "t", "i", "count", "a", "", period_of(period), "local", Number.parse(str(value)), printed_change=change)


@given(st.integers(1, 200_000), st.integers(0, 200_000), st.integers(0, 3))
def test_a_change_printed_right_is_never_a_slip(before, now, decimals):
    change = rounded(Fraction(now - before, before) * 100, decimals)
    finding = printed_change(a_count(now, "2016/17", f"{change}%"), a_count(before, "2015/16"))
    assert (finding.verdict, finding.worked.replace(",", "")) == ("right", f"{change}%")


@given(st.integers(1, 200_000), st.integers(0, 200_000), st.integers(0, 3), st.integers(1, 50))
def test_a_change_printed_wrong_by_a_digit_or_more_is_always_a_slip(before, now, decimals, digits):
    exact = Fraction(now - before, before) * 100
    wrong = rounded(exact, decimals) + digits * (1 if digits % 2 else -1) * rounded(Fraction(1, 10**decimals), decimals)
    tie = abs(Fraction(wrong) - exact) <= Fraction(1, 2 * 10**decimals)
    finding = printed_change(a_count(now, "2016/17", f"{wrong}%"), a_count(before, "2015/16"))
    assert (finding.verdict == "slip") != tie


@settings(max_examples=50)
@given(st.lists(st.integers(0, 5_000), min_size=2, max_size=13), st.integers(0, 2))
def test_shares_of_a_whole_worked_out_right_raise_nothing(tmp_path_factory, values, decimals):
    total = sum(values)
    if not total:
        return
    folder = tmp_path_factory.mktemp("shares")
    found, errors = reading(folder, *(count(value, "2016/17", breakdown=f"B{place}") for place, value in enumerate(values)))
    assert not errors
    shares = [rounded(Fraction(value * 100, total), decimals) for value in values]
    line = "doc,share,{}%,T,Referrals,Ryeford,B{},2016/17,,,*,,{},,,,"
    told = claims(folder, *(line.format(share, place, len(values)) for place, share in enumerate(shares)))
    assert {one.verdict for one in check(found, told)} == {"right"}


# The published documents ---------------------------------------------------------------------------------------------------

SLIPS = {
    # printed beside the figures
    ("PVP referrals, vulnerable adults", "30.7%", "30.8%"),
    ("PVP adults flagged financial abuse", "18.7%", "23.0%"),
    ("MARAC cases discussed", "-28.2%", "-28.3%"),
    ("Individuals for whom a referral was opened", "18.9%", "19.0%"),
    # in the text
    ("Prevalence of dementia, all ages", "0.1%", "0.0%"),
    ("DoLS applications received", "-9.2%", "-8.5%"),
    ("PVP adults, high risk", "8,908", "8,904"),
    ("PVP adults flagged financial abuse", "18.4%", "23.0%"),
    ("CAFs open at period end", "11.9%", "12.0%"),
    ("PVP children, standard risk", "12.6%", "12.2%"),
    ("Contribution to the partnership", "237,416", "229,615"),
}


def test_the_published_documents_have_these_slips_and_no_others():
    found = check(read_figures(FIGURES).figures, shipped_claims())
    assert {(one.figure.indicator, one.printed, one.worked) for one in found if one.verdict == "slip"} == SLIPS
    assert sum(1 for one in found if one.verdict == "right") == 178
    assert [one.printed for one in found if one.verdict == "question"] == ["22.4%"]
    assert [one for one in found if one.verdict not in ("right", "slip", "question")] == []


def test_every_shipped_claim_finds_its_figures():
    found = check(read_figures(FIGURES).figures, shipped_claims())
    assert len(found) == 28 + len(shipped_claims())


def test_only_rates_that_need_several_populations_are_asked_about():
    asked = questions(read_figures(FIGURES).figures)
    assert [(one.kind, one.figure.period.text) for one in asked] == [
        ("populations", "2013/14"), ("populations", "2015/16"), ("populations", "2016/17")
    ]  # fmt: skip
