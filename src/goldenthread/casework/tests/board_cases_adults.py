"""Cases for the boards of adults' services and of providers, made by events through the actions."""

from __future__ import annotations

from datetime import date

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case

from .board_cases import Making

COUNCIL = "adult_social_care"


def dols(make: Making) -> dict[str, Case]:
    """One low, one high with an urgent authorisation, one authorised, one who died while waiting."""
    home = make.agencies["care_provider"].slug
    low = make.open("dols", make.person("Edith Marsh", date(1938, 2, 2)), 40, "standard_requested", COUNCIL, place=home)
    make.tell(low, 39, "prioritised", COUNCIL, priority="low", why=["settled"])
    high = make.open(
        "dols", make.person("Albert Rowe", date(1941, 3, 3)), 5, "standard_requested", COUNCIL, place=home,
        objects=True, adult_said="I want to go home to my dog.",
    )  # fmt: skip
    make.tell(high, 5, "urgent_given", COUNCIL, place=home, reasons="He leaves by the window.")
    make.tell(high, 4, "prioritised", COUNCIL, priority="high", why=["objects", "urgent_given"])
    granted = make.open("dols", make.person("Joan Peel", date(1936, 6, 6)), 80, "standard_requested", COUNCIL, place=home)
    make.tell(granted, 75, "assessors_named", COUNCIL, best_interests="Farah Iqbal", advocate="in_place")
    for which in ("age", "mental_capacity", "best_interests"):
        make.tell(granted, 70, "assessment_made", COUNCIL, which=which, met="met")
    make.tell(granted, 65, "assessments_completed", COUNCIL, all_met="yes")
    make.tell(granted, 64, "granted", COUNCIL, begins_on=make.day(-64), expires_on=make.day(20), representative="family")
    died = make.open("dols", make.person("Harold Fox", date(1930, 1, 1)), 30, "standard_requested", COUNCIL, place=home)
    make.tell(died, 3, "withdrawn", COUNCIL, reason="died", happened_on=make.day(-4), form="nothing")
    return {"low": low, "high": high, "granted": granted, "died": died}


def provider_quality(make: Making) -> dict[str, Case]:
    """A home in the process with a late action and two ratings; one on the radar."""
    homes = [
        Organisation.objects.create(slug=slug, title=title, kind="care_provider", area=make.area)
        for slug, title in (("willow_bank", "Willow Bank"), ("the_elms", "The Elms"))
    ]
    inside = make.open("provider_quality", homes[0], 300, "provider_known", COUNCIL, answers={"kind": "care_home", "places": 40})
    for days, rating in ((290, "good"), (60, "inadequate")):
        make.tell(inside, days, "rating_published", COUNCIL, regulator="cqc", rating=rating, published_on=make.day(-days))
    make.tell(inside, 50, "entered_process", COUNCIL, reasons="Medicines and falls.", level="high", placements="stopped")
    make.tell(inside, 48, "action_agreed", COUNCIL, number=1, agency=make.agencies["health_provider"].slug,
              what="Review all medicines", due_on=make.day(-7))  # fmt: skip
    radar = make.open("provider_quality", homes[1], 12, "concern_received", COUNCIL, themes=["staffing"], text="Two on at night.")
    return {"inside": inside, "radar": radar}


ADULTS = {"dols": dols, "provider_quality": provider_quality}
