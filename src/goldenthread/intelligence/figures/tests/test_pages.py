"""The pages of published figures: every number traceable, what is wrong beside it, downloads that run nothing."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import visitor
from goldenthread.intelligence.figures.actions import ImportFigures, Source
from goldenthread.intelligence.figures.drawing import Bars, Panels, chart_of
from goldenthread.intelligence.figures.models import PublishedFigure
from goldenthread.intelligence.figures.printed.figure import Figure, read_figures
from goldenthread.intelligence.figures.printed.numbers import Number
from goldenthread.intelligence.figures.printed.periods import period_of
from goldenthread.intelligence.figures.printed.shipped import FIGURES
from goldenthread.intelligence.figures.printed.tables import tables
from goldenthread.intelligence.figures.queries import key_of
from goldenthread.intelligence.figures.tests.published import SYSTEM, import_published

REPORT = "001_6d3f31256711e836.txt"


@pytest.fixture
def place(db: object) -> Partnership:
    return partnership()


@pytest.fixture
def teacher(place: Partnership) -> Client:
    return visitor(place, "Ada Field", "school_safeguarding_lead", place.school)


def text_of(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def table_of(client: Client, table: str):
    return client.get(f"/figures/tables/{key_of(REPORT, table)}/")


def test_without_figures_the_page_says_how_they_come(teacher):
    assert "No figures have been imported" in text_of(teacher.get("/figures/"))
    assert "None." in text_of(teacher.get("/figures/checks/"))


def test_the_list_has_every_document_and_table_and_how_many_slips(teacher):
    import_published()
    page = text_of(teacher.get("/figures/"))
    assert "765 figures" in page and "Cumbria Safeguarding Children Partnership plan 2019" in page
    assert re.search(r"11 slips", page)
    one = text_of(teacher.get("/figures/", {"document": "Cumbria Safeguarding Children Partnership plan 2019"}))
    assert "Contributions" in one and "CAFs initiated by district" not in one
    assert "CAFs initiated by district" in text_of(teacher.get("/figures/", {"document": "no such"}))


def test_each_number_of_a_table_leads_to_its_document_and_place(teacher):
    import_published()
    content = table_of(teacher, "MARAC").content.decode()
    (address,) = re.findall(r'href="(/figures/[0-9a-f-]{36}/)">1,563<', content)
    page = text_of(teacher.get(address))
    document = "Lancashire Safeguarding Boards annual report 2016/17"
    place_in_it = "2.1.2 LSAB multi-agency dataset, Protection"
    for words in ("1,563", "MARAC cases discussed (Lancashire-12), 2016/17", document, place_in_it, "line 200 of figures.csv"):
        assert words in page, words
    assert "Printed -28.2% Worked out -28.3%" in page


def test_a_page_is_told_where_the_document_has_one(teacher):
    import_published("Contributions")
    row = PublishedFigure.objects.order_by("line")[0]
    assert re.search(r"Page 14 ", text_of(teacher.get(f"/figures/{row.pk}/")))


def test_a_table_shows_its_slips_and_directions(teacher):
    import_published()
    page = text_of(table_of(teacher, "Police vulnerable person referrals: adults"))
    assert "Printed 18.7% Worked out 23.0%" in page and "Printed 8,908 Worked out 8,904" in page
    assert page.count("not as printed") == 2  # the two changes, not the figures they are of
    assert "down 9.9%, more than 2%, and lower is better" in text_of(table_of(teacher, "Child health profiles"))


def test_the_checks_page_lists_all_of_them(teacher):
    import_published()
    page = text_of(teacher.get("/figures/checks/"))
    assert "178 are right" in page and "11 are slips" in page and "4 of 38 directions" in page
    assert "£141,600 + £71,878 + £13,811 + £2,326 = 229,615" in page


def test_districts_are_drawn_beside_their_table(teacher):
    import_published()
    content = table_of(teacher, "Requests for targeted family support").content.decode()
    assert content.count('class="gt-fig__bar"') == 12 and "gt-fig__beside" in content
    content = table_of(teacher, "CAFs initiated by district").content.decode()
    assert content.count('class="gt-fig__panel"') == 13
    assert 'aria-label="Burnley: 376 in 2013/14, 510 in 2016/17"' in content
    assert "style=" not in content


def test_what_cannot_be_compared_is_not_drawn():
    made = {(one.source[:3], one.title): chart_of(one) for one in tables(read_figures(FIGURES).figures)}
    assert made["001", "Adult health profiles"] is None  # rates, years and per cents
    assert made["001", "Training"] is None  # events, people, courses
    assert isinstance(made["001", "Child deaths"], Bars)
    districts, referrals = made["001", "CAFs initiated by district"], made["001", "Referrals"]
    assert isinstance(districts, Panels) and districts.one_scale
    assert isinstance(referrals, Panels) and not referrals.one_scale


def test_bars_start_at_nought_and_the_longest_is_whole():
    (made,) = (one for one in tables(read_figures(FIGURES).figures) if one.title == "Child deaths" and one.source == REPORT)
    drawn = chart_of(made)
    assert [(one.label, one.width) for one in drawn.bars][:2] == [("East Lancashire", 380.0), ("Blackburn with Darwen", 299.4)]


def test_a_table_of_noughts_is_drawn_without_dividing_by_nought():
    nought = [
        Figure("d", "t", "i", "count", area, "", period_of("2016/17"), "local", Number.parse("0")) for area in ("North", "South")
    ]
    (made,) = tables(nought)
    assert [one.width for one in chart_of(made).bars] == [0.0, 0.0]
    assert [[cell.text for cell in line.cells] for line in made.lines] == [["0", ""], ["0", ""], ["0", "100%"]]


def test_a_table_that_is_not_there_is_not_found(teacher):
    import_published("MARAC")
    no_form, nowhere = f"tables/{key_of(REPORT, 'MARAC')}/pdf/", "5b0d4b1e-3b0f-4a44-9a53-2f6f0f6a1c10/"
    for address in ("tables/wrong/", "tables/wrong/csv/", "all/pdf/", nowhere, no_form):
        assert teacher.get(f"/figures/{address}").status_code == 404, address


def test_downloads_hold_what_the_page_shows(teacher):
    import_published("MARAC")
    response = teacher.get(f"/figures/tables/{key_of(REPORT, 'MARAC')}/csv/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="marac.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["Indicator", "2015/16", "2015/16, share", "2016/17", "2016/17, share", "Change", "Printed"]
    assert rows[2] == ["MARAC cases heard that are repeats", "635", "29.1%", "410", "26.2%", "'-35.4%", "'-35.4%"]
    assert teacher.get(f"/figures/tables/{key_of(REPORT, 'MARAC')}/xlsx/").content.startswith(b"PK")


def test_all_figures_as_csv_can_be_imported_again(teacher, tmp_path):
    import_published()
    path = tmp_path / "figures.csv"
    path.write_bytes(teacher.get("/figures/all/csv/").content)
    assert read_figures(path).figures == read_figures(FIGURES).figures


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_a_download_is_a_formula(teacher, form):
    evil = '=HYPERLINK("http://example.org","x")'
    one = Figure("d", "t", evil, "count", "@area", "+more", period_of("2016/17"), "local", Number.parse("5"), document="=d")
    ImportFigures(SYSTEM).run([one], Source("figures.csv", "0" * 64))
    content = teacher.get(f"/figures/all/{form}/").content
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        assert f"'{evil}" in cells and not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]
    else:
        import zipfile

        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "HYPERLINK" in sheet


def test_words_of_a_file_are_text_on_the_page(teacher):
    one = Figure("d", "t", "<script>alert(1)</script>", "count", "a", "", period_of("2016/17"), "local", Number.parse("5"))
    ImportFigures(SYSTEM).run([one], Source("<b>.csv", "0" * 64))
    row = PublishedFigure.objects.get()
    for address in ("/figures/", f"/figures/{row.pk}/", f"/figures/tables/{key_of('d', 't')}/"):
        content = teacher.get(address).content.decode()
        assert "<script>alert" not in content and "<b>.csv" not in content


def test_a_page_needs_few_queries_however_many_figures(teacher, django_assert_max_num_queries):
    import_published()
    with django_assert_max_num_queries(12):
        assert table_of(teacher, "MARAC").status_code == 200
