"""Tables of the documentation say what the code says: roles, settings, columns, statuses, tables, calls, libraries."""

from __future__ import annotations

import re
import tomllib
from typing import get_args

from django.apps import apps
from django.urls import reverse
from ninja.openapi.schema import OpenAPISchema

from goldenthread.agencies.seeding import shipped_roles
from goldenthread.casework.importing import COLUMNS as EVENTS
from goldenthread.casework.models import Duty
from goldenthread.clocks.duty import Status
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.figures.printed.claims import COLUMNS as CLAIMS
from goldenthread.intelligence.figures.printed.figure import COLUMNS as FIGURES
from goldenthread.people.importing import COLUMNS as PEOPLE
from goldenthread.web.api.site import api

from . import pathway_table
from .reading import ROOT

LOOK_UP = ROOT / "docs" / "look-up"


def page(name: str) -> str:
    return (LOOK_UP / name).read_text(encoding="utf-8")


def test_every_capability_and_every_role_that_ships_is_told_as_it_is():
    text = page("roles.md")
    for capability in Capability:
        assert re.search(rf"^\| `{capability.value}` \|", text, re.MULTILINE), capability
    told = re.findall(r"^\| (.+) \(`(\w+)`\) \| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    found = [(title, slug, scope, tuple(re.findall(r"`(\w+)`", given))) for title, slug, scope, given in told]
    assert found == [
        (role.title, role.slug, role.scope, (*role.capabilities, *role.handles)) for role in shipped_roles()
    ]


def test_every_setting_of_the_environment_is_told():
    text = page("settings.md")
    sources = [*(ROOT / "src").rglob("*.py"), ROOT / "conftest.py"]
    named = {
        name
        for path in sources
        if "tests" not in path.parts
        for name in re.findall(r"\bGT_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    missing = sorted(name for name in named if f"`{name}`" not in text)
    assert "GT_HOSTS" in named and not missing, missing
    told = set(re.findall(r"`(GT_[A-Z_]+)`", text))
    assert told <= named, f"no code reads {sorted(told - named)}"


def test_every_column_of_imported_files_is_told():
    for name, columns in (("import-people.md", PEOPLE), ("import-events.md", EVENTS), ("figures.md", FIGURES)):
        rows = "\n".join(re.findall(r"^\|(.*?)\|", page(name), re.MULTILINE))
        told = set(re.findall(r"`([\w.]+)`", rows))
        assert told == {*columns.known(), *columns.prefixes}, name


def test_every_column_of_a_file_of_claims_is_told():
    told = set(re.findall(r"`([\w]+)`", "\n".join(re.findall(r"^\|(.*?)\|", page("figure-claims.md"), re.MULTILINE))))
    assert told == set(CLAIMS.known())


def test_every_status_of_a_duty_is_told():
    text = page("duty-statuses.md")
    for status in (*get_args(Status), *Duty.Outcome.values):
        assert re.search(rf"^\| `{status}` \|", text, re.MULTILINE), status


def test_every_table_is_told():
    text = page("data-model.md")
    models = [
        model.__name__
        for app in (
            *("foundation", "agencies", "people", "casework"),
            *("figures", "questions", "comments", "subscriptions", "collections"),
        )
        for model in apps.get_app_config(app).get_models()
    ]
    missing = [name for name in models if not re.search(rf"^\| `{name}` \|", text, re.MULTILINE)]
    assert len(models) > 20 and not missing, missing


def test_every_call_of_the_api_is_told():
    text = page("api.md")
    schema: OpenAPISchema = api.get_openapi_schema()
    calls = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in schema["paths"].items()
        for method in methods
    }
    told = {
        re.sub(r"\?.*", "", call) for call in re.findall(r"^\| `((?:GET|POST) [^`]+)` \|", text, re.MULTILINE)
    }
    assert calls == told


def test_every_dependency_has_its_reason():
    record = next((ROOT / "docs" / "decisions").glob("*-libraries.md")).read_text(encoding="utf-8").lower()
    told = set(re.findall(r"[\w@/-]+", "\n".join(re.findall(r"^\|(.*?)\|", record, re.MULTILINE))))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    missing = [name for one in wanted if (name := re.split(r"[\[>=<]", one)[0].lower()) not in told]
    assert not missing, f"give each a row and a reason: {missing}"


def test_every_pathway_is_told_with_its_file_screen_lead_and_clocks():
    text = pathway_table.PAGE.read_text(encoding="utf-8")
    assert text == pathway_table.written(text, shipped()), "run `python -m tests.docs.pathway_table`"


def test_the_boards_of_the_table_are_told_by_the_address_they_are_at():
    told = set(re.findall(r"`(/boards/[^`]+)`", pathway_table.PAGE.read_text(encoding="utf-8")))
    here = {reverse("boards:board", args=[one.slug]) for one in shipped().boards.values()}
    assert told == here


def test_every_agreement_that_ships_is_in_the_table():
    assert re.findall(r"^\| `(\w+)` \|", page("agreements.md"), re.MULTILINE) == sorted(shipped().agreements)


def test_every_item_of_the_partnerships_list_has_a_pathway():
    assert list(pathway_table.ITEMS) == list(range(1, 37))
    known = shipped().pathways
    assert [item for item, names in pathway_table.ITEMS.items() if not any(name in known for name in names)] == []
