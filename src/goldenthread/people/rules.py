"""What must hold of people and what is said of them, as small named checks. Depends on `models`, `identifiers`, `codes`."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor, NotAllowed

from .codes import ETHNICITIES, RELATIONSHIPS
from .dates import KnownDate
from .identifiers import SCHEMES, normalised, problem_with
from .models import Identifier, Person
from .policies import PersonPolicy

#: The oldest person who can be registered, and how far ahead a child can be expected.
OLDEST = 125
LONGEST_PREGNANCY = timedelta(days=301)


def name_errors(given: str, family: str, name: str) -> dict[str, str]:
    if not (given or family or name):
        return {"family_name": "Enter a name. For an unborn child, use the mother's family name"}
    for field, value, longest in (
        ("given_name", given, 100),
        ("family_name", family, 100),
        ("name", name, 200),
    ):
        if len(value) > longest:
            return {field: f"The name must be {longest} characters or fewer"}
    return {}


def born_errors(born: KnownDate | None, expected: date | None, died: date | None = None) -> dict[str, str]:
    """The dates agree with each other and with today."""
    today = timezone.localdate()
    if born and expected:
        return {"expected": "Give a date of birth or an expected date, not both"}
    if born and born.first > today:
        return {"born": "The date of birth must be in the past. For an unborn child, give the expected date"}
    if born and born.first.year < today.year - OLDEST:
        return {"born": f"The date of birth must be less than {OLDEST} years ago. Check the year"}
    if expected and not today - timedelta(days=60) <= expected <= today + LONGEST_PREGNANCY:
        return {"expected": "The expected date must be within the next 10 months. Check the year"}
    if died and (died > today or (born and died < born.first)):
        return {"died": "The date of death must be after birth and not in the future"}
    return {}


def code_errors(sex: str, ethnicity: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if sex not in ("", "female", "male"):
        errors["sex"] = "Sex is female, male or left empty if it is not known"
    if ethnicity and ethnicity not in ETHNICITIES:
        errors["ethnicity"] = f"{ethnicity} is not an ethnicity code. Use a DfE code such as WBRI"
    return errors


def identifier_errors(actor: Actor, scheme: str, value: str, person: Person | None = None) -> str:
    """What is wrong with an identifier, also that someone else whom the actor may know of has it.

    One held by a person hidden from the actor is accepted: to refuse it would tell that they exist.
    """
    if problem := problem_with(scheme, value):
        return problem
    held = Identifier.objects.filter(
        PersonPolicy.condition(actor, "person__"), scheme=scheme, value=normalised(scheme, value)
    )
    if held.exclude(person=person).exists():
        return f"Someone is already registered with this {SCHEMES[scheme]}"
    return ""


def period_errors(starts: date | None, ends: date | None) -> dict[str, str]:
    if starts and starts > timezone.localdate():
        return {"starts": "The first day must not be in the future"}
    if starts and ends and ends < starts:
        return {"ends": "The last day must be the same as or after the first day"}
    return {}


def relationship_errors(person: Person, other: Person, kind: str) -> dict[str, str]:
    if kind not in RELATIONSHIPS:
        return {"kind": "Choose how they are related"}
    if person.pk == other.pk:
        return {"other": "A person cannot be related to themselves"}
    if kind in ("mother", "father", "parent", "grandparent") and _younger(other, person):
        return {
            "kind": f"{other.name} was born after {person.name}, so cannot be their {RELATIONSHIPS[kind][0].lower()}"
        }
    if kind in ("child", "grandchild") and _younger(person, other):
        return {
            "kind": f"{other.name} was born before {person.name}, so cannot be their {RELATIONSHIPS[kind][0].lower()}"
        }
    if (kind, other.sex) in (("mother", "male"), ("father", "female")):
        return {
            "kind": f"{other.name} is recorded as {other.sex}, which does not fit {RELATIONSHIPS[kind][0].lower()}"
        }
    return {}


def _younger(one: Person, other: Person) -> bool:
    """Whether `one` was surely born after `other`."""
    if one.born and other.born:
        return one.born > KnownDate(other.born, other.born_precision).last
    return one.unborn and other.born is not None


def must_see(actor: Actor, *people: Person) -> None:
    """Raises NotAllowed unless the actor may know of everyone concerned."""
    if actor.is_system:
        return
    wanted = {person.pk for person in people}
    seen = set(PersonPolicy.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if seen != wanted:
        raise NotAllowed()


def raise_if(errors: dict[str, str]) -> None:
    if errors:
        raise Invalid(errors)
