"""The small partnership with a child who is hidden and a police officer, for the tests of looks and of emergency access."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.tests.partnership import Partnership, at, partnership, small_guidance
from goldenthread.casework.tests.visitors import visitor
from goldenthread.foundation import library
from goldenthread.people.models import Identifier, Person

from .asking import named


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_guidance(tmp_path_factory.mktemp("guidance"))


@pytest.fixture
def place(db: Any, settings: Any, small_folder: Path) -> Iterator[Partnership]:
    settings.GT_GUIDANCE_FOLDER = str(small_folder)
    yield partnership()
    library.reload_library()


@pytest.fixture
def hidden(place: Partnership) -> Person:
    child = named(place.child("Zoya Malik", restricted=True, given_name="Zoya", family_name="Malik"))
    Identifier.objects.create(person=child, scheme="nhs", value="9434765919")
    OpenCase(place.system).run("concern", child, at("2026-03-02 09:30"), {}, organisation=place.care)
    return child


@pytest.fixture
def officer(place: Partnership) -> Client:
    return visitor(place, "Joe Kay", "police_officer", place.police)
