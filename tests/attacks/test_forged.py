"""What other sites and hand-made requests try: forged forms, redirects, headers, hosts, frames, fields nobody offered."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core.exceptions import DisallowedHost
from django.test import Client, RequestFactory

from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.casework.models import Case, Event
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.foundation.models import Draft
from goldenthread.people.models import Person
from tests.matrix.addresses import pages
from tests.matrix.table import PAGES, PUBLIC

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "///evil.example", "http:evil.example",
             "javascript:alert(1)", "https:///evil.example", "/%09/evil.example", "\thttps://evil.example")  # fmt: skip


def place_in(path: str, case: Case) -> str:
    """A path with the case and its child in their places, anything in others."""
    given = {
        "case": case.pk,
        "person": case.subject_id,
        "what": "name",
        "kind": "x",
        "page": "who",
        "slug": "x",
        "duty": "x",
    }
    return re.sub(
        r"{(\w+)}",
        lambda found: str(
            given.get(
                found[1], "1" if found[1] in ("pk", "team", "membership", "ordinal", "warning") else case.pk
            )
        ),
        path,
    )


def test_every_form_refuses_what_another_site_sends(worker: Client, case: Case) -> None:
    """Each page that takes a form, without the token of its own page: nothing is written, whatever the page is."""
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = worker.cookies
    before = _counted()
    for address in pages():
        path = place_in(address.path, case)
        answer = strict.post(path, {"a": "b"}, HTTP_ORIGIN="https://evil.example")
        assert answer.status_code in (403, 404), (address.name, path, answer.status_code)
    assert _counted() == before


def _counted() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Case, Event, Person, Draft, User, Membership, Organisation)
    )


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_sends_a_person_to_another_site(
    worker: Client, administrator: Client, place: Partnership, target: str
) -> None:
    sent = quote(target)
    for address in (f"/accounts/sign-in/?next={sent}", f"/people/register/?next={sent}", f"/accounts/confirm/?next={sent}",
                    f"/accounts/two-factor/set-up/?next={sent}"):  # fmt: skip
        answer = worker.get(address)
        assert _stays(answer), address
        links = re.findall(r'(?:href|action|src)="([^"]*evil[^"]*)"', unescape(answer.content.decode()))
        assert all(_leads_here(link) for link in links), (address, links)
        assert "javascript:" not in re.sub(r'value="[^"]*"', "", answer.content.decode())
    made = worker.post(f"/people/register/?next={sent}", {"given_name": "Abe", "family_name": "Lin", "born": "1 2 2015",
                                                         "next": target,
                                                         "area": place.burnley.pk, "not_among_them": "1"})  # fmt: skip
    assert made.status_code in (302, 422) and _stays(made)


def _stays(answer: Any) -> bool:
    return _leads_here(answer.headers.get("Location", ""))


def _leads_here(link: str) -> bool:
    """Whether a browser that follows a link stays here. Browsers take a backslash for a slash, and skip tabs."""
    link = re.sub(r"[\t\r\n]", "", link).strip().replace("\\", "/")
    return urlsplit(urljoin("http://testserver/a/", link)).netloc == "testserver"


def test_a_draft_does_not_lead_elsewhere(worker: Client) -> None:
    worker.post(
        "/drafts/",
        {"_draft": "x", "_draft_address": "https://evil.example/", "_draft_title": "Look", "text": "t"},
    )
    assert "evil.example" not in worker.get("/drafts/").content.decode()


def test_names_of_files_and_addresses_put_no_header_of_their_own(
    manager: Client, case: Case, settings: Any, tmp_path: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    name = 'a"\r\nSet-Cookie: stolen=1\r\n\r\n<script>.txt'
    sent = {"title": "Letter\r\nX-Evil: 1", "file": SimpleUploadedFile(name, b"words")}
    assert manager.post(f"/cases/{case.pk}/documents/add/", sent).status_code in (302, 422)
    for document in case.documents.all():
        answer = manager.get(f"/documents/{document.pk}/")
        assert "\n" not in answer.headers["Content-Disposition"] and "Set-Cookie: stolen" not in str(
            answer.headers
        )
        assert "stolen" not in answer.cookies
    for address in (
        "/people/?q=%0d%0aSet-Cookie:%20stolen=1",
        "/accounts/sign-in/?next=/%0d%0aSet-Cookie:%20stolen=1",
    ):
        answer = manager.get(address)
        assert "stolen" not in answer.cookies and not any("\n" in value for value in answer.headers.values())


def test_a_forged_host_reaches_no_page_and_no_mail(settings: Any, mailoutbox: list[Any]) -> None:
    settings.ALLOWED_HOSTS = ["thread.example"]
    with pytest.raises(DisallowedHost):
        RequestFactory().get("/", headers={"host": "evil.example"}).get_host()
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/accounts/password/forgotten/", {"email": "a@example.org"}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400 and not mailoutbox
    forwarded = client.get("/help/", headers={"host": "thread.example", "x-forwarded-host": "evil.example"})
    assert forwarded.status_code == 200 and "evil.example" not in forwarded.content.decode()


def test_every_page_keeps_out_frames_and_scripts_of_others(manager: Client, case: Case) -> None:
    seen = 0
    for address in pages():
        if PAGES[address.name].needs == PUBLIC and address.name == "requests:answer-link":
            continue
        answer = manager.get(place_in(address.path, case))
        if answer.status_code != 200 or "attachment" in answer.headers.get("Content-Disposition", ""):
            continue
        seen += 1
        policy = answer.headers["Content-Security-Policy"]
        assert (
            "frame-ancestors 'none'" in policy and "unsafe" not in policy and "object-src 'none'" in policy
        ), address.name
        assert "form-action 'self'" in policy and "base-uri 'self'" in policy, address.name
        assert (
            answer.headers["X-Frame-Options"] == "DENY"
            and answer.headers["X-Content-Type-Options"] == "nosniff"
        )
        if "/accounts/" not in address.path and PAGES[address.name].needs != PUBLIC:
            assert "no-store" in answer.headers["Cache-Control"], address.name
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*(?:src=\"/static/|nonce=|type=\"application/json\"))", page), (
            address.name
        )
        assert not re.search(r"\son\w+=\"|javascript:", page), address.name
    assert seen > 25


SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% debug %}'


def test_words_of_people_are_words_and_never_markup(
    manager: Client, administrator: Client, case: Case, place: Partnership
) -> None:
    """Put into every name and text that can be typed; no page runs it, and no template reads it."""
    Person.objects.filter(pk=case.subject_id).update(
        name=SCRIPT, given_name=SCRIPT[:100], family_name="</script>"
    )
    Organisation.objects.filter(pk=place.care.pk).update(title=SCRIPT)
    manager.post(f"/people/{case.subject_id}/add/warning/", {"text": SCRIPT, "review_on": "1 1 2031"})
    shown = 0
    for address in pages():
        answer = manager.get(place_in(address.path, case))
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            assert "<script>alert" not in page and "<img src=x" not in page, address.name
            shown += "alert(1)" in page
    assert shown > 5
    found = manager.get("/people/", {"q": SCRIPT}).content.decode()
    assert "<script>alert" not in found and "49" not in re.sub(r"<[^>]+>", "", found)


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", "%' OR '1'='1", "\\", "'; DROP TABLE people_person; --", "%", "_", "*", "\x00"]
)
def test_a_search_finds_nobody_by_the_databases_own_signs(teacher: Client, case: Case, words: str) -> None:
    answer = teacher.get("/people/", {"q": words})
    assert answer.status_code == 200 and "Hussain" not in answer.content.decode()
    assert Person.objects.exists()


def test_fields_that_no_form_offers_are_not_written(manager: Client, place: Partnership, case: Case) -> None:
    person = case.subject
    offered = {"given_name": "Amira", "family_name": "Hussain", "version": person.version, "area": place.burnley.pk}
    sent = {
        **offered,
        "restricted": "on",
        "registered_by": place.school.pk,
        "merged_into": person.pk,
        "created_at": "2001-01-01",
    }
    assert manager.post(f"/people/{person.pk}/change/", sent).status_code in (302, 422)
    fresh = Person.objects.get(pk=person.pk)
    assert (fresh.restricted, fresh.registered_by, fresh.merged_into) == (False, place.care, None)
    user = place.users["Tom Marsden"]
    manager.post("/accounts/password/", {"is_superuser": "1", "is_staff": "1", "username": "root"})
    fresh_user = User.objects.get(pk=user.pk)
    assert not fresh_user.is_superuser and not fresh_user.is_staff and fresh_user.username == user.username


def test_nobody_gives_themselves_a_role_or_a_wider_one(worker: Client, place: Partnership) -> None:
    user = place.users["Rosa Whittle"]
    membership = Membership.objects.get(user=user)
    of_rosa = f"/administration/accounts/{user.pk}/roles"
    for address in (f"{of_rosa}/new/", f"{of_rosa}/{membership.pk}/",
                    "/administration/roles/social_worker/", "/administration/tokens/new/"):  # fmt: skip
        assert (
            worker.post(address, {"capabilities": ["view_restricted"], "scope": "partnership"}).status_code
            == 403
        )
    assert Membership.objects.filter(user=user).count() == 1


def test_staff_and_superuser_flags_open_nothing(worker: Client, place: Partnership, case: Case) -> None:
    user = place.users["Rosa Whittle"]
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    assert worker.get("/administration/accounts/").status_code == 403
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert worker.get(f"/cases/{case.pk}/").status_code == 404


def test_a_method_or_an_address_named_in_a_header_is_not_believed(worker: Client, case: Case) -> None:
    before = _counted()
    for header in ("X-HTTP-Method-Override", "X-Method-Override"):
        assert worker.get(f"/cases/{case.pk}/", headers={header: "POST"}).status_code == 200
    for header in ("X-Original-URL", "X-Rewrite-URL"):
        assert worker.get("/help/", headers={header: "/administration/accounts/"}).status_code == 200
    assert _counted() == before


PATHS = ("/static/../manage.py", "/static/..%2f..%2fmanage.py", "/documents/../../etc/passwd", "/media/x", "/admin/",
         "/var/goldenthread.sqlite3", "/.git/config", "/static/%2e%2e/%2e%2e/pyproject.toml")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file_of_the_machine(worker: Client, path: str) -> None:
    answer = worker.get(path)
    assert answer.status_code in (400, 404), (path, answer.status_code)
