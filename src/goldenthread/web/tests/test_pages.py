"""Every page of the frame: what browsers are told, and that no page carries styles or scripts it must not."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse
from jinja2 import nodes

from goldenthread.web.duty_words import DUTY_WORDS, duty_words

from .people import someone

OPEN_PAGES = ["/help/", "/accessibility/", "/privacy/", "/accounts/sign-in/", "/accounts/password/forgotten/"]
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>{]*\sstyle\s*=", re.IGNORECASE),
    "a style block": re.compile(r"<style\b", re.IGNORECASE),
    "a script in an attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "another site's file": re.compile(r"(?:src|srcset)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "an unmarked inline script": re.compile(r"<script(?![^>]*\b(?:src|nonce)=)", re.IGNORECASE),
}


def template_files():
    for folder in settings.TEMPLATES[0]["DIRS"]:
        yield from sorted(
            path for path in folder.rglob("*") if path.suffix in (".html", ".txt", ".svg", ".jinja")
        )


@pytest.mark.parametrize("path", list(template_files()), ids=lambda path: "/".join(path.parts[-3:]))
def test_a_template_compiles_and_keeps_the_content_security_policy(path):
    text = path.read_text(encoding="utf-8")
    engines["jinja2"].env.parse(text)
    without_comments = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(without_comments)]


def test_every_template_that_a_page_takes_in_is_there():
    env = engines["jinja2"].env
    missing = []
    for path in template_files():
        for node in env.parse(path.read_text(encoding="utf-8")).find_all(
            (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        ):
            if isinstance(node.template, nodes.Const):
                try:
                    env.get_template(node.template.value)
                except Exception as error:
                    missing.append(f"{path.name}: {node.template.value}: {error!r}")
    assert not missing


@pytest.mark.django_db
@pytest.mark.parametrize("address", OPEN_PAGES)
def test_a_page_tells_the_browser_what_it_may_do(client, address):
    response = client.get(address)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    page = response.content.decode()
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(page)]
    assert '<html lang="en"' in page
    assert 'href="#main-content"' in page
    assert page.count("<h1") == 1


@pytest.mark.django_db
def test_a_signed_in_persons_page_is_kept_by_no_browser_and_names_them(client):
    client.force_login(someone(), backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(reverse("account"))
    assert "no-store" in response.headers["Cache-Control"]
    assert "Rowan Whittle, Social worker" in response.content.decode()


@pytest.mark.django_db
def test_nothing_opens_without_signing_in_but_what_says_so(client):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url == "/accounts/sign-in/?next=/"


@pytest.mark.django_db
def test_components_are_shown_in_a_demo_only(client, settings):
    assert client.get("/components/").status_code == 404
    settings.GT_DEMO = True
    page = client.get("/components/").content.decode()
    assert "Child protection plan: neglect" in page
    assert "Everyone here is made up" in page
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(page)]


def test_every_macro_is_shown_on_the_components_page():
    env = engines["jinja2"].env
    macros = {
        node.name
        for node in env.parse(env.loader.get_source(env, "macros/gt.html")[0]).find_all(nodes.Macro)
        if not node.name.startswith("_")
    }
    elsewhere = {
        "error_summary", "field", "confirm", "messages",  # need a form; shown on the sign-in pages
        "href", "tag", "proof_steps", "agency_answers",  # shown inside others
    }  # fmt: skip
    page = env.loader.get_source(env, "web/components.html")[0]
    assert {name for name in macros - elsewhere if f"gt.{name}(" not in page} == set()


def test_every_state_of_a_duty_has_its_own_word_and_shape():
    assert len({words.word for words in DUTY_WORDS.values()}) == len(DUTY_WORDS)
    assert len({words.shape for words in DUTY_WORDS.values()}) == len(DUTY_WORDS)
    assert duty_words("due soon") == duty_words("due_soon")
    assert duty_words("something_new").word == "Something new"


def test_static_files_hold_no_font_or_crest_of_gov_uk():
    static = settings.PACKAGE_DIR / "web" / "static"
    styles = "".join(path.read_text(encoding="utf-8") for path in static.rglob("*.css"))
    assert "GDS Transport" not in styles
    assert "govuk-crest" not in styles
    for image in re.findall(r"url\((?:\"|')?(?!data:)([^)\"']+)", styles):
        assert not image.startswith(("http", "//")), image
        assert list(static.rglob(image.rsplit("/", 1)[-1])), image
