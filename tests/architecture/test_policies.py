"""Every address names its policy. house.md: "closed by default"; "another asserts that every URL names its policy"."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from goldenthread.foundation.capability import Capability
from goldenthread.web.policies import ALLAUTH_PAGES


def patterns(
    resolver: URLResolver | None = None, start: str = "/", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, start + str(entry.pattern), inner)
        else:
            yield start + str(entry.pattern), f"{space}{entry.name or ''}", entry


def policy_of(pattern: URLPattern) -> object:
    view = pattern.callback
    return getattr(view, "policy", None) or getattr(getattr(view, "view_class", None), "policy", None)


def test_every_address_names_its_policy():
    silent = [
        f"{address} ({name})"
        for address, name, pattern in patterns()
        if not policy_of(pattern) and name not in ALLAUTH_PAGES
    ]
    assert not silent, "mark these views with @policy(...):\n" + "\n".join(silent)


def test_a_policy_is_a_capability_or_gives_its_reason():
    vague = [
        f"{address}: {policy_of(pattern)!r}"
        for address, name, pattern in patterns()
        if name not in ALLAUTH_PAGES
        and not isinstance(policy_of(pattern), Capability)
        and not (isinstance(policy_of(pattern), str) and ": " in str(policy_of(pattern)).strip())
    ]
    assert not vague, "\n".join(vague)


def test_only_public_pages_open_without_signing_in():
    open_pages = {
        name for _, name, pattern in patterns() if not getattr(pattern.callback, "login_required", True)
    }
    said = {name for _, name, pattern in patterns() if str(policy_of(pattern)).startswith("public: ")}
    assert open_pages - set(ALLAUTH_PAGES) == said


def test_the_list_of_allauths_pages_has_no_strays():
    assert set(ALLAUTH_PAGES) <= {name for _, name, _ in patterns()}


def test_every_address_has_a_name():
    nameless = [address for address, name, _ in patterns() if not name or name.endswith(":")]
    assert not nameless
