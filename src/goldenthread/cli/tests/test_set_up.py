"""Making an empty service ready: loaded once, the first administrator let in, and nobody after them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from goldenthread.agencies.models import Area, Membership, Organisation, Role, User
from goldenthread.agencies.rules import administrators
from goldenthread.cli import app

pytestmark = pytest.mark.django_db
FIRST = ["--administrator", "Amina Khan", "--email", "amina.khan@partnership.example"]


def run(*words: str):
    return CliRunner().invoke(app, ["set-up", *words])


def test_an_arrangement_is_loaded_and_loading_it_again_adds_nothing():
    first = run("lancashire")
    assert first.exit_code == 0, first.output
    assert Area.objects.filter(slug="preston").exists() and Role.objects.filter(slug="social_worker").exists()
    before = (Area.objects.count(), Organisation.objects.count(), Role.objects.count())
    again = run("lancashire")
    assert "0 areas, 0 organisations, 0 groups and 0 roles" in again.output
    assert (Area.objects.count(), Organisation.objects.count(), Role.objects.count()) == before


def test_the_first_administrator_gets_a_link_that_chooses_a_password(client):
    done = run("lancashire", *FIRST)
    assert done.exit_code == 0, done.output
    user = User.objects.get(username="amina.khan")
    assert administrators() == {user.pk} and not user.has_usable_password()
    link = done.output.split()[-1]
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    assert page.status_code == 200 and b'type="password"' in page.content


def test_only_the_first_administrator_is_made_here():
    run("lancashire", *FIRST)
    second = run("lancashire", "--administrator", "Ben Ashworth", "--email", "ben@partnership.example")
    assert second.exit_code == 2 and "There is an administrator already" in second.output
    assert User.objects.count() == 1 and Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lancs"], "known are"),
        (["lancashire", "--administrator", "Amina Khan"], "Give both"),
        (
            ["lancashire", "--administrator", "Amina", "--email", "a@partnership.example"],
            "first and a last name",
        ),
        (["lancashire", *FIRST, "--organisation", "nowhere"], "no organisation 'nowhere'"),
        (["lancashire", "--administrator", "Amina Khan", "--email", "amina"], "correct format"),
    ],
)
def test_a_wrong_order_is_refused_in_words_and_writes_nothing(words, said):
    done = run(*words)
    assert done.exit_code == 2 and said in done.output and "Traceback" not in done.output
    assert not User.objects.exists() and not Organisation.objects.exists()
