"""Importing figures: kept as printed with their place, nothing twice, nothing contradicted, and taken back whole."""

from __future__ import annotations

import pytest

from goldenthread.agencies.actors import actor_for
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import visitor
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.intelligence.figures.actions import ImportFigures, Source, WithdrawFigures
from goldenthread.intelligence.figures.importing import read_for_import
from goldenthread.intelligence.figures.models import FigureFile, PublishedFigure
from goldenthread.intelligence.figures.printed.figure import read_figures
from goldenthread.intelligence.figures.printed.shipped import FIGURES
from goldenthread.intelligence.figures.queries import loaded
from goldenthread.intelligence.figures.tests.published import SYSTEM, import_published

HEADER = "source,table,indicator,unit,area,period,comparator,value,printed_change\n"


@pytest.fixture
def place(db: object) -> Partnership:
    return partnership()


def a_file(folder, *rows):
    path = folder / "figures.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_every_figure_comes_back_as_it_was_printed(db):
    import_published()
    assert loaded(SYSTEM).figures == read_figures(FIGURES).figures


def test_an_import_is_journalled_with_its_file_and_never_with_values(db):
    import_published("MARAC")
    entry = JournalEntry.objects.get(verb="figures.import")
    assert entry.subject_id == str(FigureFile.objects.get().pk)
    assert entry.detail == {"digest": "0" * 64, "figures": 4, "documents": ["001_6d3f31256711e836.txt"]}


def test_a_file_imported_again_adds_nothing(db, tmp_path):
    path = a_file(tmp_path, "d,T,Referrals,count,Ryeford,2016/17,local,5,", "d,T,Referrals,count,Ryeford,2015/16,local,4,")
    first = read_for_import(path)
    assert ImportFigures(SYSTEM).run(first.new, first.source) == 2
    again = read_for_import(path)
    assert (again.new, again.there, again.reading.errors) == ([], 2, [])
    assert ImportFigures(SYSTEM).run(again.new, again.source) == 0
    assert FigureFile.objects.count() == 1


def test_a_figure_that_contradicts_one_that_is_there_is_refused_with_what_to_do(db, tmp_path):
    first = read_for_import(a_file(tmp_path, "d,T,Referrals,count,Ryeford,2016/17,local,5,"))
    ImportFigures(SYSTEM).run(first.new, first.source)
    other = read_for_import(a_file(tmp_path, "d,T,Referrals,count,Ryeford,2016/17,local,6,"))
    (error,) = other.reading.errors
    assert (error.line, error.column, other.new) == (2, "value", [])
    assert "is there already as 5 (line 2 of figures.csv)" in error.message
    assert f"goldenthread figures withdraw {FigureFile.objects.get().pk}" in error.message


def test_57_0_is_not_57(db, tmp_path):
    first = read_for_import(a_file(tmp_path, "d,T,Rate,years,Ryeford,2016/17,local,57.0,"))
    ImportFigures(SYSTEM).run(first.new, first.source)
    assert [one.shown for one in loaded(SYSTEM).figures] == ["57.0"]
    assert len(read_for_import(a_file(tmp_path, "d,T,Rate,years,Ryeford,2016/17,local,57,")).reading.errors) == 1


def test_an_import_that_another_overtook_writes_nothing(db, tmp_path):
    path = a_file(tmp_path, "d,T,Referrals,count,Ryeford,2015/16,local,4,", "d,T,Referrals,count,Ryeford,2016/17,local,5,")
    mine = read_for_import(path)
    ImportFigures(SYSTEM).run(mine.new[1:], mine.source)
    with pytest.raises(Invalid, match="Import the file again"):
        ImportFigures(SYSTEM).run(mine.new, mine.source)
    assert PublishedFigure.objects.count() == 1


def test_an_import_is_taken_back_whole_and_the_journal_keeps_that_it_was_there(db):
    import_published("MARAC")
    file = FigureFile.objects.get()
    assert WithdrawFigures(SYSTEM).run(file.pk) == 4
    assert not PublishedFigure.objects.exists() and not FigureFile.objects.exists()
    assert JournalEntry.objects.filter(verb="figures.withdraw", subject_id=str(file.pk)).count() == 1
    with pytest.raises(Invalid, match="There is no import"):
        WithdrawFigures(SYSTEM).run(file.pk)


def test_only_those_who_import_records_import_figures_or_take_them_back(place):
    import_published("MARAC")
    worker = actor_for(visitor(place, "Ada Field", "social_worker", place.care, place.team).user)
    for act in (lambda: ImportFigures(worker).run([], Source("x", "0" * 64)), lambda: WithdrawFigures(worker).run("x")):
        with pytest.raises(NotAllowed):
            act()
    assert PublishedFigure.objects.count() == 4


def test_whoever_reads_the_guidance_sees_every_figure_and_others_see_none(place):
    import_published("MARAC")
    teacher = actor_for(visitor(place, "Ada Field", "school_safeguarding_lead", place.school).user)
    assert len(loaded(teacher).figures) == 4
    nobody = type(teacher)(name="Nobody", user_id=teacher.user_id)
    assert loaded(nobody).figures == []
