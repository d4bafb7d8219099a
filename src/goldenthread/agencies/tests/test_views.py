"""The administration pages in the browser."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goldenthread.agencies.actions import SaveTeam, UpdateOrganisation, UpdateUser
from goldenthread.agencies.models import Membership, Organisation, Role, Team, User
from goldenthread.foundation.models import JournalEntry

from .offices import SYSTEM, office, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    user = someone("system_administrator", office("unit", "business_unit"))
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(response.content.decode().split())


PAGES = ["organisations", "new-organisation", "users", "new-user", "roles", "new-role"]


@pytest.mark.parametrize("name", PAGES)
def test_only_those_who_keep_the_service_open_its_pages(client, name):
    address = reverse(f"agencies:{name}")
    assert client.get(address).status_code == 302
    client.force_login(someone("social_worker"))
    response = client.get(address)
    assert response.status_code == 403
    assert "Administration" not in words(response)


@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_opens_each_page(client, keeper, name):
    page = words(client.get(reverse(f"agencies:{name}")))
    assert "Administration" in page
    assert page.count("<h1") == 1


def test_a_business_manager_keeps_organisations_but_not_accounts(client):
    client.force_login(someone("business_manager"))
    assert client.get(reverse("agencies:administration")).url == reverse("agencies:organisations")
    assert client.get(reverse("agencies:users")).status_code == 403
    client.force_login(someone("gp"))
    assert client.get(reverse("agencies:administration")).status_code == 403


def test_an_organisation_is_added_found_and_changed(client, keeper):
    response = client.post(
        reverse("agencies:new-organisation"), {"title": "Stanley School", "kind": "school"}
    )
    assert response.url == reverse("agencies:organisation", args=["stanley_school"])
    page = words(client.get(reverse("agencies:organisations"), {"name": "stanley", "kind": "school"}))
    assert "Stanley School" in page
    assert "1 organisation" in page
    values = {"title": "Stanley Academy", "kind": "school", "phone": "01228 1", "version": "1"}
    client.post(reverse("agencies:organisation", args=["stanley_school"]), values)
    assert Organisation.objects.get(slug="stanley_school").title == "Stanley Academy"
    assert "No organisation fits" in words(client.get(reverse("agencies:organisations"), {"name": "zzz"}))


def test_mistakes_are_said_beside_their_question_and_what_was_typed_stays(client, keeper):
    response = client.post(
        reverse("agencies:new-organisation"), {"title": "", "kind": "", "email": "nowhere"}
    )
    page = words(response)
    assert response.status_code == 422
    assert '<a href="#id_title">Enter the organisation&#39;s name</a>' in page
    assert '<a href="#id_kind">Choose what kind' in page
    assert 'value="nowhere"' in page
    assert "Error: Add an organisation" in page


def test_a_form_that_someone_else_overtook_shows_both_and_lets_one_choose(client, keeper):
    row = office("police", "police")
    UpdateOrganisation(SYSTEM).run(row, phone="01228 THEIRS")
    address = reverse("agencies:organisation", args=["police"])
    values = {"title": "Police", "kind": "police", "phone": "01228 MINE", "version": "1"}
    response = client.post(address, values)
    page = words(response)
    assert response.status_code == 422
    assert "Someone else changed this organisation while you were working" in page
    assert "01228 THEIRS" in page
    assert 'value="01228 MINE"' in page
    assert Organisation.objects.get(slug="police").phone == "01228 THEIRS"
    client.post(address, {**values, "version": "2"})
    assert Organisation.objects.get(slug="police").phone == "01228 MINE"


def test_closing_an_organisation_is_asked_first(client, keeper):
    someone("police_officer", office("police", "police"))
    address = reverse("agencies:close-organisation", args=["police"])
    assert "1 person has a role here" in words(client.get(address))
    assert Organisation.objects.get(slug="police").active
    client.post(address)
    assert not Organisation.objects.get(slug="police").active
    client.post(address)
    assert Organisation.objects.get(slug="police").active
    own = client.post(reverse("agencies:close-organisation", args=["unit"]), follow=True)
    assert "You cannot close the organisation you act for" in words(own)


def test_a_team_is_added_and_renamed(client, keeper):
    client.post(reverse("agencies:new-team", args=["unit"]), {"title": "Duty"})
    team = Team.objects.get()
    client.post(reverse("agencies:team", args=["unit", team.pk]), {"title": "Duty and assessment"})
    assert Team.objects.get().title == "Duty and assessment"
    assert client.get(reverse("agencies:team", args=["unit", 999])).status_code == 404
    assert client.post(reverse("agencies:new-team", args=["unit"]), {"title": ""}).status_code == 422


def test_an_account_is_made_given_a_role_and_a_link_to_sign_in(client, keeper):
    values = {"username": "amina", "first_name": "Amina", "last_name": "Patel", "email": "amina@example.org"}
    response = client.post(reverse("agencies:new-user"), values)
    user = User.objects.get(username="amina")
    assert response.url == reverse("agencies:user", args=[user.pk])
    assert "No role yet" in words(client.get(response.url))
    role = Role.objects.get(slug="social_worker")
    given = {
        "role": role.pk,
        "organisation": office().pk,
        "starts": "1 3 2026",
        "ends": "",
        "version": str(user.version),
    }
    client.post(reverse("agencies:new-membership", args=[user.pk]), given)
    assert "1 March 2026 onwards" in words(client.get(response.url))
    shown = words(client.post(reverse("agencies:sign-in-link", args=[user.pk])))
    link = shown.split('<p class="gt-key-text">')[1].split("</p>")[0]
    theirs = Client()
    page = theirs.get(link, follow=True)
    assert page.status_code == 200
    chosen = {"password1": "correct horse battery", "password2": "correct horse battery"}
    theirs.post(page.request["PATH_INFO"], chosen)
    assert User.objects.get(username="amina").check_password("correct horse battery")
    assert theirs.login(username="amina", password="correct horse battery")
    assert JournalEntry.objects.filter(verb="agencies.issue_sign_in_link", subject_id=str(user.pk)).exists()
    assert link not in str(list(JournalEntry.objects.values()))


def test_a_role_is_ended_by_its_last_day(client, keeper):
    user = someone("social_worker", username="amina")
    row = user.memberships.get()
    address = reverse("agencies:membership", args=[user.pk, row.pk])
    assert 'value="1 1 2020"' in words(client.get(address))
    given = {
        "role": row.role_id,
        "organisation": row.organisation_id,
        "starts": "1 1 2020",
        "version": str(user.version),
    }
    wrong = client.post(address, {**given, "ends": "31 12 2019"})
    assert '<a href="#id_ends">The last day must be' in words(wrong)
    nonsense = client.post(address, {**given, "ends": "31 2 2026"})
    assert "Enter a real date, like 27 3 2026" in words(nonsense)
    client.post(address, {**given, "ends": "31/12/2025"})
    assert str(Membership.objects.get(pk=row.pk).ends) == "2025-12-31"
    assert "Ended" in words(client.get(reverse("agencies:user", args=[user.pk])))
    assert client.get(reverse("agencies:membership", args=[user.pk, 999])).status_code == 404


def test_nobody_gives_themselves_a_role(client, keeper):
    page = words(client.get(reverse("agencies:user", args=[keeper.pk])))
    assert "Another administrator changes your roles" in page
    assert "Give a role" not in page
    assert client.get(reverse("agencies:new-membership", args=[keeper.pk])).status_code == 403
    assert client.post(reverse("agencies:new-membership", args=[keeper.pk]), {}).status_code == 403
    assert client.post(reverse("agencies:reset-two-factor", args=[keeper.pk])).status_code == 403
    assert client.post(reverse("agencies:sign-in-link", args=[keeper.pk])).status_code == 403
    closed = client.post(reverse("agencies:close-user", args=[keeper.pk]), follow=True)
    assert "You cannot close your own account" in words(closed)
    assert User.objects.get(pk=keeper.pk).is_active


def test_a_closed_account_is_signed_out_at_the_next_page(client, keeper):
    user = someone("social_worker", username="amina")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get(reverse("drafts:save")).status_code == 200
    client.post(reverse("agencies:close-user", args=[user.pk]))
    assert theirs.get(reverse("drafts:save")).status_code == 302
    assert "Closed" in words(client.get(reverse("agencies:user", args=[user.pk])))
    refused = client.post(reverse("agencies:sign-in-link", args=[user.pk]), follow=True)
    assert "This account is closed" in words(refused)
    client.post(reverse("agencies:close-user", args=[user.pk]))
    assert User.objects.get(pk=user.pk).is_active


def test_two_factor_sign_in_is_reset_after_being_asked(client, keeper):
    user = someone("social_worker", username="amina")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert "Reset two-factor sign-in" in words(client.get(reverse("agencies:user", args=[user.pk])))
    address = reverse("agencies:reset-two-factor", args=[user.pk])
    assert "Do this only when you are sure who is asking" in words(client.get(address))
    assert Authenticator.objects.exists()
    client.post(address)
    assert not Authenticator.objects.exists()


def test_accounts_are_found_by_name_role_organisation_and_status(client, keeper):
    someone("social_worker", username="amina")
    someone("police_officer", office("police", "police"), username="bilal")
    UpdateUser(SYSTEM).run(someone("gp", username="closed"), is_active=False)
    address = reverse("agencies:users")
    assert "amina@example.org" in words(client.get(address, {"name": "ami exam"}))
    only = words(client.get(address, {"organisation": "police"}))
    assert "bilal@example.org" in only
    assert "amina@example.org" not in only
    assert "amina@example.org" in words(client.get(address, {"role": "social_worker"}))
    assert "closed@example.org" not in words(client.get(address))
    assert "closed@example.org" in words(client.get(address, {"status": "closed"}))
    assert "No account fits" in words(client.get(address, {"status": "none"}))


def test_a_list_of_accounts_costs_the_same_for_one_as_for_many(client, keeper):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("agencies:users"))
        return len(captured)

    queries()  # the first page of a session also writes when it was used
    few = queries()
    for number in range(12):
        someone("social_worker", username=f"worker{number}")
    assert queries() == few


def test_a_role_is_changed_in_plain_words(client, keeper):
    gp = Role.objects.get(slug="gp")
    address = reverse("agencies:role", args=["gp"])
    page = words(client.get(address))
    assert "Search for people" in page
    assert "Cases their organisation is part of" in page
    none = client.post(address, {"title": "GP", "scope": "own", "version": str(gp.version)})
    assert '<a href="#id_capabilities">Choose at least one thing' in words(none)
    client.post(
        address, {"title": "GP", "scope": "own", "capabilities": ["view_cases"], "version": str(gp.version)}
    )
    assert Role.objects.get(slug="gp").capabilities == ["view_cases"]
    stale = client.post(
        address,
        {"title": "GP", "scope": "own", "capabilities": ["read_guidance"], "version": str(gp.version)},
    )
    assert "Someone else changed this role" in words(stale)
    assert Role.objects.get(slug="gp").capabilities == ["view_cases"]


def test_the_role_one_holds_is_shown_and_not_changed(client, keeper):
    address = reverse("agencies:role", args=["system_administrator"])
    page = words(client.get(address))
    assert "another administrator must change it" in page
    assert "Save the role" not in page
    sent = {"title": "All", "scope": "partnership", "capabilities": ["view_restricted"]}
    assert client.post(address, sent).status_code == 403


def test_a_page_of_teams_and_of_roles_has_its_own_heading(client, keeper):
    SaveTeam(SYSTEM).run(office("unit"), "Duty")
    assert "Duty" in words(client.get(reverse("agencies:organisation", args=["unit"])))
    assert "Add a role" in words(client.get(reverse("agencies:new-role")))


@pytest.mark.parametrize("role", ["system_administrator", "business_manager", "performance_analyst", "social_worker"])
def test_signing_in_leads_to_a_page_that_the_role_includes(client, role):
    client.force_login(someone(role))
    response = client.get("/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain


@pytest.mark.parametrize(("role", "shown"), [("performance_analyst", False), ("social_worker", True)])
def test_the_bar_leads_only_to_pages_that_the_role_includes(client, role, shown):
    client.force_login(someone(role))
    page = words(client.get("/", follow=True))
    assert (f'href="{reverse("people:search")}"' in page) is shown
