"""The guidance pages in a real browser: accessible at every width, and the what-if form without scripts."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect

from goldenthread.agencies.models import Area, Membership, Organisation, Role

from .axe import violations, wider_than_screen
from .hands import click

pytestmark = [pytest.mark.django_db(transaction=True)]
PAGES = [
    "/guidance/",
    "/guidance/pathway/contact/",
    "/guidance/pathway/looked_after/?on=2014-01-01",
    "/guidance/what-if/?length=15+working+days&from=21+12+2026",
    "/guidance/what-if/?length=a+while&from=31+2+2026",
    "/guidance/what-if/section_47/",
    "/guidance/arrangement/lancashire/",
]


@pytest.fixture
def cookie(transactional_db, settings):
    area = Area.objects.create(slug="lancashire", title="Lancashire", kind="county")
    agency = Organisation.objects.create(slug="a", title="Council", kind="childrens_social_care", area=area)
    role = Role.objects.create(slug="reader", title="Reader", capabilities=["read_guidance"])
    user = get_user_model().objects.create_user("r.whittle", password="made-up-words", first_name="Rowan")
    Membership.objects.create(user=user, organisation=agency, role=role)
    client = Client()
    client.force_login(user)
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible_and_fits_the_screen(page, live_server, cookie, address, width):
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert violations(page) == []
    assert wider_than_screen(page) == 0


def test_a_case_is_made_up_step_by_step_without_scripts(browser, live_server, cookie):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/guidance/what-if/section_47/")
    page.get_by_label("When?").nth(0).fill("18 12 2026")
    page.get_by_label("What happened?").nth(1).select_option("strategy_discussion")
    page.get_by_label("When?").nth(1).fill("21 12 2026")
    click(page.get_by_role("button", name="Add another event"))
    page.get_by_label("What was decided?").select_option("section_47")
    click(page.get_by_role("button", name="Show what is due", exact=True).last)
    expect(page.get_by_text("due Thursday 14 January 2027").first).to_be_visible()
    click(page.get_by_text("How was this worked out? Hold the initial child protection conference"))
    expect(page.get_by_text("Friday 25 December 2026: Christmas Day, not counted").first).to_be_visible()
    context.close()
