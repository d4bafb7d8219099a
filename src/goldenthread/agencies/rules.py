"""What must hold of users, memberships and roles, as small named checks. Depends on `models`, `kinds`, `foundation`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max, Q
from django.utils.text import slugify

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.capability import Capability

from .kinds import organisation_kinds
from .models import Membership, Organisation, Role, Team, User


@dataclass(frozen=True, slots=True)
class Place:
    """One membership as wanted: a role in an organisation between dates. `id` is that of one that exists already."""

    role: Role
    organisation: Organisation
    starts: date
    ends: date | None = None
    team: Team | None = None
    id: int | None = None


def current(model: Any, row: Any, version: int | None) -> Any:
    """The row as it is now, locked. Raises Stale if it is no longer at the version the person was looking at."""
    fresh = model.objects.select_for_update().get(pk=row.pk)
    if version is not None and fresh.version != version:
        raise Stale(version, fresh.version)
    return fresh


def free_slug(model: Any, title: str) -> str:
    """A short name made from the title that nothing of this kind has yet."""
    base = slugify(title).replace("-", "_")[:56] or "x"
    taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return (
        base
        if base not in taken
        else next(slug for n in range(2, 10_000) if (slug := f"{base}_{n}") not in taken)
    )


def organisation_errors(title: str, kind: str, email: str, but: int | None = None) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not title:
        errors["title"] = "Enter the organisation's name"
    elif len(title) > 200:
        errors["title"] = "The name must be 200 characters or fewer"
    elif Organisation.objects.filter(title__iexact=title).exclude(pk=but or 0).exists():
        errors["title"] = "There is already an organisation with this name"
    if kind not in organisation_kinds():
        errors["kind"] = "Choose what kind of organisation it is"
    if email and not email_valid(email):
        errors["email"] = "Enter an email address in the correct format, like name@example.com"
    return errors


def user_errors(
    username: str, first_name: str, last_name: str, email: str, but: int | None = None
) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not username:
        errors["username"] = "Enter a user name"
    elif len(username) > 150 or not all(letter.isalnum() or letter in "@.+-_" for letter in username):
        errors["username"] = (
            "A user name has only letters, numbers and @ . + - _, and no more than 150 of them"
        )
    elif User.objects.filter(username__iexact=username).exclude(pk=but or 0).exists():
        errors["username"] = "Someone already has this user name"
    if not first_name:
        errors["first_name"] = "Enter the person's first name"
    if not last_name:
        errors["last_name"] = "Enter the person's last name"
    if not email_valid(email):
        errors["email"] = "Enter an email address in the correct format, like name@example.com"
    elif User.objects.filter(email__iexact=email).exclude(pk=but or 0).exists():
        errors["email"] = "Someone already has this email address"
    return errors


def email_valid(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def check_places(places: Iterable[Place]) -> None:
    """Raises Invalid for dates in the wrong order, a team of another organisation, or the same role twice at once."""
    seen: list[Place] = []
    for place in places:
        if place.ends and place.ends < place.starts:
            raise Invalid({"ends": "The last day must be the same as or after the first day"})
        if place.team and place.team.organisation_id != place.organisation.pk:
            raise Invalid({"team": f"{place.team.title} is not a team of {place.organisation.title}"})
        for other in seen:
            same = (place.role.pk, place.organisation.pk) == (other.role.pk, other.organisation.pk)
            apart = (place.ends or date.max) < other.starts or (other.ends or date.max) < place.starts
            if same and place.team == other.team and not apart:
                raise Invalid(
                    {
                        "role": f"They already are {place.role.title} at {place.organisation.title} at that time"
                    }
                )
        seen.append(place)


def administrators() -> set[int]:
    """People who can manage accounts today and have no last day: someone must always be left who can let others in."""
    roles = [role.pk for role in Role.objects.all() if Capability.MANAGE_USERS in role.capabilities]
    lasting = Membership.in_force().filter(role__in=roles, ends__isnull=True, user__is_active=True)
    return set(lasting.values_list("user_id", flat=True))


class KeepsAnAdministrator:
    """Around a change: refuses it if it would leave nobody who can manage accounts."""

    def __enter__(self) -> None:
        self.before = administrators()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self.before and not administrators():
            raise Invalid(
                "This would leave nobody who can manage accounts. Give another person the role first, without a last day."
            )


def members_count(organisation: Organisation) -> int:
    """How many people have a role here today."""
    return Membership.in_force().filter(organisation=organisation).values("user").distinct().count()


def last_ended(user: User) -> date | None:
    """The last day on which they had any role, if that is past."""
    found: date | None = user.memberships.filter(~Q(ends=None)).aggregate(last=Max("ends"))["last"]
    return found
