"""Finding people however their names are spelt."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.people import policies, queries
from goldenthread.people.actions import AddProfessional, UpdatePerson
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import Person, Professional
from goldenthread.people.policies import PersonPolicy, register_case_visibility
from goldenthread.people.queries import possible_duplicates, search, search_people
from goldenthread.people.search import keys_for, likeness, take_apart

from .people_made_up import SYSTEM, actor, organisation, person

TODAY = date(2026, 11, 22)

SPELLINGS = [
    ("Mohammed Khan", "Muhammad Khan"),
    ("Mohammed Khan", "mohd kahn"),
    ("Amina Hussain", "Hussein, Amina"),
    ("Ayesha Begum", "Aisha Begom"),
    ("Fatimah Choudhury", "Fatema Chowdhury"),
    ("Yousuf Akhtar", "Yusuf Akter"),
    ("Usman Qureshi", "Osman Koreshi"),
    ("Zainab Rehman", "zaynab rahman"),
    ("Wasim Iqbal", "Vaseem Eqbal"),
    ("Anne-Marie Smith-Jones", "Annemarie Smith Jones"),
    ("Anne-Marie Smith-Jones", "anne marie jones"),
    ("Siobhán O'Brien", "Shivaun OBrien"),
    ("Elizabeth Hargreaves", "Liz Hargeaves"),
    ("Catherine Smith", "Kathryn Smyth"),
    ("John Smith", "Jonh Smtih"),
    ("Stanisław Kowalski", "Stanislaw Kovalsky"),
    ("Maria De Souza", "Maria DeSouza"),
    ("Muhammad Bilal Hussain Shah", "bilal shah"),
    ("Niamh MacDonald", "neve mcdonald"),
    ("José García", "jose garcia"),
    ("Muhammad Khan", "mohammed"),
    ("Amina Khan", "kahn"),
    ("Thomas Entwistle", "Tomas Entwhisle"),
    ("Krystyna Wojciechowska", "Voychovska Krystyna"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "typed"), SPELLINGS)
def test_a_person_is_found_by_another_spelling(name, typed):
    wanted = person("", "", name=name)
    person("Oliver", "Wainwright")
    person("Sarah", "Bell")
    assert [hit.person for hit in search_people(SYSTEM, typed)] == [wanted]


@pytest.mark.django_db
def test_people_with_other_names_are_not_found():
    for name in ("Oliver Wainwright", "Amina Patel", "Yousuf Ali", "Sarah Bell"):
        person("", "", name=name)
    assert search_people(SYSTEM, "Amina Khan") == []
    assert search_people(SYSTEM, "Thomas Green") == []
    assert search_people(SYSTEM, "") == []
    assert search_people(SYSTEM, "%") == []


@pytest.mark.django_db
def test_the_same_spelling_comes_before_one_that_only_sounds_alike():
    person("Jane", "Smyth")
    person("Jon", "Smith")
    wanted = person("John", "Smith")
    hits = search_people(SYSTEM, "smith john")
    assert hits[0].person == wanted
    assert hits[0].score == 1.0
    assert hits[0].why == ("same name",)


@pytest.mark.django_db
def test_an_alias_finds_the_person_and_says_so():
    wanted = person("Kayleigh", "Brown", also_known_as=["Kay Thornton"])
    (hit,) = search_people(SYSTEM, "kay thornton")
    assert hit.person == wanted
    assert hit.why == ("also known as Kay Thornton",)


@pytest.mark.django_db
def test_a_previous_name_still_finds_them():
    wanted = person("Leah", "Marsh")
    UpdatePerson(SYSTEM).run(wanted, family_name="Dixon")
    assert [hit.person for hit in search_people(SYSTEM, "leah dixon")] == [wanted]
    (hit,) = search_people(SYSTEM, "leah marsh")
    assert hit.why == ("also known as Leah Marsh",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "14/05/2017",
        "14 5 2017",
        "2017-05-14",
        "14 May 2017",
        "dob 14.05.2017",
        "born 14th May 2017",
        "14/5/17",
    ],
)
def test_a_date_of_birth_alone_in_any_usual_form(typed):
    wanted = person("Amina", "Khan", date(2017, 5, 14))
    person("Amina", "Khan", date(2017, 5, 15))
    (hit,) = search_people(SYSTEM, typed)
    assert (hit.person, hit.why) == (wanted, ("date of birth",))


@pytest.mark.django_db
def test_name_and_date_of_birth_in_either_order_put_the_right_one_first():
    other = person("Amina", "Khan", date(2012, 1, 3))
    wanted = person("Amina", "Khan", date(2017, 5, 14))
    for typed in ("amina khan 14/05/2017", "14 may 2017 khan amina"):
        hits = search_people(SYSTEM, typed)
        assert [hit.person for hit in hits] == [wanted, other]
        assert hits[0].why == ("date of birth", "same name")


@pytest.mark.django_db
def test_with_the_date_of_birth_right_a_badly_spelt_name_is_still_found():
    wanted = person("Krystyna", "Wojciechowska", date(2017, 5, 14))
    person("Oliver", "Bell", date(2017, 5, 14))
    assert [hit.person for hit in search_people(SYSTEM, "Kristina Voychovska 14/05/2017")] == [wanted]


@pytest.mark.django_db
def test_day_and_month_swapped_is_found_and_said():
    wanted = person("Amina", "Khan", date(2017, 5, 4))
    (hit,) = search_people(SYSTEM, "amina khan 5/4/2017")
    assert hit.person == wanted
    assert "date of birth with day and month swapped" in hit.why


@pytest.mark.django_db
def test_a_month_or_a_year_narrows_a_name():
    wanted = person("Amina", "Khan", date(2017, 5, 14))
    person("Amina", "Khan", date(2012, 5, 14))
    assert [hit.person for hit in search_people(SYSTEM, "amina khan May 2017")] == [wanted]
    assert [hit.person for hit in search_people(SYSTEM, "khan 2017")] == [wanted]


@pytest.mark.django_db
def test_someone_of_whom_only_the_year_is_known_fits_a_day_of_it():
    wanted = person("Amina", "Khan", KnownDate(date(2017, 1, 1), "year"))
    (hit,) = search_people(SYSTEM, "amina khan 14/05/2017")
    assert hit.person == wanted
    assert "date of birth, as far as it is known" in hit.why


@pytest.mark.django_db
def test_an_unborn_child_is_found_by_the_mothers_name_and_the_expected_date():
    due = timezone.localdate() + timedelta(days=90)
    wanted = person("", "Khan", None, name="Unborn Khan", expected=due)
    assert [hit.person for hit in search_people(SYSTEM, "khan")] == [wanted]
    (hit,) = search_people(SYSTEM, f"baby khan {due:%d/%m/%Y}")
    assert "expected date of birth" in hit.why


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["943 476 5919", "9434765919", "943-476-5919", "nhs 9434765919"])
def test_an_identifier_finds_exactly_its_holder(typed):
    wanted = person("Amina", "Khan", identifiers=[("nhs", "943 476 5919")])
    person("Amina", "Khan", identifiers=[("nhs", "4010232137")])
    if not typed.startswith("nhs"):
        (hit,) = search_people(SYSTEM, typed)
        assert hit.why == ("NHS number",)
    assert search_people(SYSTEM, typed)[0].person == wanted


@pytest.mark.django_db
def test_other_identifiers_are_found_as_typed():
    wanted = person("Amina", "Khan", identifiers=[("police", "NU12-34"), ("upn", "A123456789012")])
    assert [hit.person for hit in search_people(SYSTEM, "nu12-34")] == [wanted]
    assert [hit.person for hit in search_people(SYSTEM, "a123456789012")] == [wanted]


@pytest.mark.django_db
def test_the_policy_is_inside_the_search():
    school, police = organisation("school", "school"), organisation("police", "police")
    theirs = person("Amina", "Khan", organisation=school, identifiers=[("nhs", "943 476 5919")])
    hidden = person(
        "Amina", "Khan", organisation=police, identifiers=[("nhs", "4010232137")], restricted=True
    )
    at_school = actor("organisation", school)
    assert [hit.person for hit in search_people(at_school, "amina khan")] == [theirs]
    assert search_people(at_school, "4010232137") == []
    assert [hit.person for hit in search_people(actor(), "14/05/2017")] == [theirs]
    named = actor(capabilities=frozenset(Capability))
    assert {hit.person for hit in search_people(named, "amina khan")} == {theirs, hidden}
    nobody = Actor(
        "Analyst", user_id=3, capabilities=frozenset({Capability.SEARCH_PEOPLE}), scope="partnership"
    )
    assert search_people(nobody, "amina khan") == []


@pytest.mark.django_db
def test_an_organisation_that_works_with_someone_sees_them_until_it_stops():
    school = organisation("school", "school")
    child = person("Amina", "Khan")
    at_school = actor("organisation", school)
    assert not PersonPolicy.visible_to(at_school).exists()
    AddProfessional(SYSTEM).run(child, school, "J Bell", "Key adult")
    assert PersonPolicy.visible_to(at_school).get() == child
    Professional.objects.update(ends=timezone.localdate() - timedelta(days=1))
    assert not PersonPolicy.visible_to(at_school).exists()


@pytest.mark.django_db
def test_cases_widen_what_is_seen_and_being_named_reaches_a_restricted_person(monkeypatch):
    monkeypatch.setattr(policies, "_by_case", [])
    monkeypatch.setattr(policies, "_by_name", [])
    child, secret = person("Amina", "Khan"), person("Bilal", "Shah", restricted=True)
    worker = actor("own", organisation())
    assert not PersonPolicy.visible_to(worker).exists()
    # Stands in for casework's table of cases: any table with a column of people's ids will do.
    AddProfessional(SYSTEM).run(child, organisation(), "A Worker", "Social worker")
    AddProfessional(SYSTEM).run(secret, organisation(), "A Worker", "Social worker")
    register_case_visibility(lambda who: Professional.objects.filter(name="A Worker").values("person"))
    assert set(PersonPolicy.visible_to(worker)) == {child}
    register_case_visibility(
        lambda who: Professional.objects.none().values("person"),
        lambda who: Professional.objects.filter(name="A Worker").values("person"),
    )
    assert set(PersonPolicy.visible_to(worker)) == {child, secret}
    assert {hit.person for hit in search_people(worker, "bilal shah")} == {secret}


@pytest.mark.django_db
def test_many_of_one_name_are_cut_off_and_the_searcher_is_told():
    made = [Person(name="Amina Khan", born=date(2010, 1, 1), created_at=timezone.now()) for _ in range(30)]
    Person.objects.bulk_create(made)
    from goldenthread.people.models import PersonName, SearchKey

    PersonName.objects.bulk_create(PersonName(person=each, full=each.name) for each in made)
    SearchKey.objects.bulk_create(
        SearchKey(person=each, key=key) for each in made for key in keys_for(each.name)
    )
    with patch.object(queries, "CAP", 25):
        found = search(SYSTEM, "khan", limit=20)
    assert len(found.hits) == 20
    assert found.more
    assert search(SYSTEM, "khan", limit=50).more is False


@pytest.mark.django_db
def test_a_search_reads_a_fixed_number_of_times_however_many_people_there_are(django_assert_max_num_queries):
    for number in range(12):
        person("Amina", f"Khan{'abcdefghijkl'[number]}")
        person("Amina", "Khan", date(2000 + number, 1, 1))
    with django_assert_max_num_queries(3):
        search_people(SYSTEM, "amina khan")
    with django_assert_max_num_queries(3):
        search_people(SYSTEM, "14/05/2017")


GOOD_STARTS = ("people_searchkey USING COVERING INDEX", "person_born", "person_expected", "identifier_value")


@pytest.mark.django_db
@pytest.mark.sqlite_only
@pytest.mark.parametrize("typed", ["amina khan", "khan", "14/05/2017", "9434765919", "amina khan May 2017"])
@pytest.mark.parametrize("scope", ["partnership", "organisation", "own"])
def test_no_search_scans_a_table(typed, scope):
    """Asks the database how it would run each query: the first table read is read by the words or number typed."""
    person("Amina", "Khan")
    searcher = actor(scope, organisation())
    with CaptureQueriesContext(connection) as captured:
        search_people(searcher, typed)
    assert captured.captured_queries
    for query in captured.captured_queries:
        plan = _plan(query["sql"])
        assert not [line for line in plan if line.startswith("SCAN")], plan
        by_row_id = "(person_id=?" in plan[0] or "(id=?" in plan[0]  # the rows of those found
        assert by_row_id or any(index in plan[0] for index in GOOD_STARTS), plan


def _plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


@pytest.mark.django_db
def test_possible_duplicates_are_shown_with_reasons():
    wanted = person("Muhammad", "Khan", date(2017, 5, 14), identifiers=[("nhs", "943 476 5919")])
    person("Muhammad", "Khan", date(1980, 1, 1))
    (first, *_) = possible_duplicates(
        SYSTEM, ["Mohammed Khan"], KnownDate(date(2017, 5, 14)), ["943 476 5919"]
    )
    assert first.person == wanted
    assert set(first.why) == {"NHS number", "date of birth", "similar name"}


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("amina khan", ["name"]),
        ("amina khan 14/05/2017", ["name", "date of birth"]),
        ("943 476 5919", ["identifier"]),
        ("A123456789012 khan", ["identifier", "name"]),
        ("", []),
    ],
)
def test_a_search_is_told_to_the_journal_by_kinds_of_terms_only(typed, terms):
    assert take_apart(typed, TODAY).terms == terms


def test_likeness_is_highest_for_the_same_words_and_falls_with_difference():
    ranked = ["Amina Khan", "Khan Amina Bibi", "Amena Kahn", "Amina Patel", "Oliver Bell"]
    scores = [likeness(["amina", "khan"], name) for name in ranked]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


def test_keys_fit_their_column_however_long_the_name():
    keys = keys_for("Wolfeschlegelsteinhausenbergerdorff " * 6)
    assert keys
    assert max(map(len, keys)) <= 64
    assert keys_for("") == set()
    assert keys_for("123 !!") == set()


@pytest.mark.django_db
def test_merged_people_are_reached_only_through_the_one_they_were_merged_into():
    kept, gone = person("Amina", "Khan"), person("Amina", "Khan")
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert [hit.person for hit in search_people(SYSTEM, "amina khan")] == [kept]
