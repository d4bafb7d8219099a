"""The Jinja environment that every page of ours is written for: GOV.UK components, our filters, addresses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

from goldenthread.guidance.sentences import lower_first
from goldenthread.web.duty_words import DUTY_WORDS, duty_words
from goldenthread.web.filters import FILTERS


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page: `url('casework:case', case.reference)`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def address_if_any(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page, or nothing where this installation has no such page."""
    try:
        return address(name, *args, **kwargs)
    except NoReverseMatch:
        return ""


def called(person: Any) -> str:
    """What a page calls somebody whom a case is for: child, adult, or organisation."""
    from goldenthread.casework.openings import word_for  # its models load after ours

    return word_for(person, timezone.localdate())


def environment(*, loader: BaseLoader, **options: Any) -> Environment:
    """Called once by Django."""
    made = Environment(
        loader=ChoiceLoader(
            [loader, PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
        ),
        # As the GOV.UK macros expect: a parameter that was not given reads as empty, however deep.
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        **{key: value for key, value in options.items() if key != "undefined"},
    )
    made.globals.update(
        url=address,
        url_if_any=address_if_any,
        static=static,
        service_name=settings.GT_SERVICE_NAME,
        duty_words=duty_words,
        DUTY_WORDS=DUTY_WORDS,
    )
    made.filters.update(FILTERS, called=called, lower_first=lower_first)
    return made
