"""Reading files of figures: what is kept, and each thing that is wrong said by line and column with what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.foundation.csv_rows import WrongFile
from goldenthread.intelligence.figures.printed.figure import before, by_series, read_figures
from goldenthread.intelligence.figures.printed.periods import NotAPeriod, period_of
from goldenthread.intelligence.figures.printed.shipped import CLAIMS, FIGURES

from .by_hand import HEADER, count, figures, reading


def test_a_figure_keeps_its_digits_its_line_and_its_words(tmp_path):
    (one,) = figures(tmp_path, 'doc,Health,Suicide rate,"per 100,000",Ryeford,,latest,local,57.0,lower,,Stable')
    assert (one.shown, one.value.decimals, one.line, one.counted) == ("57.0", 1, 2, False)
    assert one.words == "Suicide rate (Ryeford), Latest"


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,,,,", "value", "missing is not zero"),
        (",T,Referrals,count,Ryeford,,2016/17,local,5,,,", "source", "name the document"),
        ("doc,T,Referrals,count,Ryeford,,2016/18,local,5,,,", "period", "the year after 2016 is written 2016/17"),
        ("doc,T,Referrals,count,Ryeford,,2016-13,local,5,,,", "period", "Months run from 01 to 12"),
        ("doc,T,Referrals,count,Ryeford,,last year,local,5,,,", "period", "Write 2016/17"),
        ("doc,T,Referrals,count,Ryeford,,2016-08/2016-03,local,5,,,", "period", "ends before it begins"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,englnd,5,,,", "comparator", "did you mean england?"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5,up,,", "polarity", "write higher, lower, none"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5,,,Bettr", "printed_direction", "did you mean Better?"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5.5,,,", "value", "a count is a whole number"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,-5,,,", "value", "a count is a whole number"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5%,,,", "value", "is per cent, but the unit is 'count'"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,c,,,", "value", "is not a number"),
        ("doc,T,Referrals,years,Ryeford,,2016/17,local,1.1234567,,,", "value", "more than 6 decimals"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5,,rose,", "printed_change", "is not a number"),
        ("doc,T,Referrals,count,Ryeford,,2016/17,local,5,,,,,", "", "for 12 columns"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column_with_what_to_do(tmp_path, row, column, says):
    found, errors = reading(tmp_path, count(4, "2015/16"), row)
    assert len(found) == 1
    assert [(error.line, error.column) for error in errors] == [(3, column)]
    assert says in errors[0].message


def test_every_fault_of_a_row_is_told(tmp_path):
    _, errors = reading(tmp_path, ",,Referrals,count,Ryeford,,2016/18,nowhere,x,,,")
    assert sorted(error.column for error in errors) == ["comparator", "period", "source", "table", "value"]


def test_one_figure_printed_twice_in_a_file_is_refused_and_both_lines_named(tmp_path):
    found, errors = reading(tmp_path, count(4, "2015/16"), count(5, "2015/16"), count(4, "2015/16"))
    assert len(found) == 1
    assert "is 5 where it says 4 in line 2" in errors[0].message
    assert "is the same as line 2" in errors[1].message


def test_a_row_with_a_fault_does_not_make_the_right_one_a_repeat(tmp_path):
    found, errors = reading(tmp_path, count("x", "2015/16"), count(5, "2015/16"))
    assert [one.value.value for one in found] == [5]
    assert len(errors) == 1


def test_an_unknown_column_is_named_with_the_nearest(tmp_path):
    with pytest.raises(WrongFile, match=r"unknown column 'indicater': did you mean 'indicator'\?"):
        reading(tmp_path, header=HEADER.replace("indicator", "indicater"))


def test_periods_come_in_their_order_and_only_those_of_a_kind_follow_one_another(tmp_path):
    found = figures(
        tmp_path, count(3, "2016/17"), count(1, "2014/15"), count(9, "2016/17 Q1"), count(2, "2015/16"), count(8, "2015/16 Q4")
    )
    series = by_series(found)[found[0].series]
    latest, quarter = found[0], found[2]
    assert before(latest, series).value.value == 2
    assert before(quarter, series).value.value == 8
    assert before(found[1], series) is None


def test_previous_comes_before_latest(tmp_path):
    now, then = figures(tmp_path, count(3, "latest"), count(2, "previous"))
    assert before(now, [now, then]) is then
    assert before(then, [now, then]) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2016-04", "April 2016"),
        ("2017-03-31", "31 March 2017"),
        ("2016-08/2017-03", "August 2016 to March 2017"),
        ("2019", "2019"),
        ("2016/17 Q1", "2016/17 Q1"),
        ("1999/00", "1999/00"),
    ],
)
def test_periods_in_words(text, words):
    assert period_of(text).words == words


@given(st.text(max_size=20))
def test_whatever_stands_for_a_period_is_read_or_refused_in_words(text):
    try:
        assert period_of(text).text == text
    except NotAPeriod as error:
        assert str(error)


def test_the_shipped_files_have_no_fault():
    found = read_figures(FIGURES)
    assert (len(found.figures), found.errors) == (765, [])
    assert all(one.document and (one.page or one.place) for one in found.figures)
    assert CLAIMS.exists()
