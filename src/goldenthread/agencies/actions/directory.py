"""Writing organisations, teams, users, memberships and roles. Depends on `models`, `rules`, `seeding`, `foundation`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.arrangement import Arrangement

from ..kinds import restricted_pathways
from ..models import Area, Group, Membership, Organisation, Role, Team, User
from ..rules import (
    KeepsAnAdministrator,
    Place,
    check_places,
    current,
    free_slug,
    organisation_errors,
    user_errors,
)
from ..seeding import SCOPES, shipped_roles

OWN_ROLE = "You cannot change your own role. Ask another administrator."


class CreateOrganisation(Action[Organisation]):
    """Add an agency."""

    name = "agencies.create_organisation"
    needs = Capability.MANAGE_ORGANISATIONS

    def perform(
        self, title: str, kind: str, *, area: Area | None = None, safeguarding_partner: bool = False,
        email: str = "", phone: str = "", slug: str | None = None,
    ) -> Organisation:  # fmt: skip
        title, email = " ".join(title.split()), email.strip()
        if errors := organisation_errors(title, kind, email):
            raise Invalid(errors)
        organisation = Organisation.objects.create(
            slug=slug or free_slug(Organisation, title), title=title, kind=kind, area=area, email=email,
            safeguarding_partner=safeguarding_partner, phone=phone.strip()[:32],
        )  # fmt: skip
        self.note("organisation", organisation.pk, kind=kind)
        return organisation


class UpdateOrganisation(Action[Organisation]):
    """Change an agency's details, or close it. Raises Stale if it changed since `version`."""

    name = "agencies.update_organisation"
    needs = Capability.MANAGE_ORGANISATIONS
    FIELDS = ("title", "kind", "area", "safeguarding_partner", "email", "phone", "active")

    def perform(self, organisation: Organisation, version: int | None = None, **changes: Any) -> Organisation:
        fresh: Organisation = current(Organisation, organisation, version)
        changed = _changed(fresh, self.FIELDS, changes)
        fresh.title = " ".join(fresh.title.split())
        if errors := organisation_errors(fresh.title, fresh.kind, fresh.email, but=fresh.pk):
            raise Invalid(errors)
        if "active" in changed and not fresh.active and fresh.pk in self.actor.organisation_ids:
            raise Invalid(
                {"active": "You cannot close the organisation you act for. Ask another administrator."}
            )
        if changed:
            fresh.version += 1
        with KeepsAnAdministrator():
            fresh.save()
        self.note("organisation", fresh.pk, fields=changed)
        return fresh


class SaveTeam(Action[Team]):
    """Add a team to an organisation, or rename one."""

    name = "agencies.save_team"
    needs = Capability.MANAGE_ORGANISATIONS

    def perform(
        self, organisation: Organisation, title: str, area: Area | None = None, team: Team | None = None
    ) -> Team:
        title = " ".join(title.split())
        if not title:
            raise Invalid({"title": "Enter the team's name"})
        others = Team.objects.filter(organisation=organisation, title__iexact=title)
        if others.exclude(pk=team.pk if team else 0).exists():
            raise Invalid({"title": "This organisation already has a team with this name"})
        saved = team or Team(organisation=organisation)
        if saved.organisation_id != organisation.pk:
            raise Invalid({"title": "This team belongs to another organisation"})
        saved.title, saved.area = title, area
        saved.save()
        self.note("organisation", organisation.pk, team=saved.pk)
        return saved


class CreateUser(Action[User]):
    """Make an account. Without a password nobody can sign in to it until a sign-in link is used."""

    name = "agencies.create_user"
    needs = Capability.MANAGE_USERS

    def perform(
        self,
        username: str,
        first_name: str,
        last_name: str,
        email: str,
        *,
        job_title: str = "",
        password: str | None = None,
    ) -> User:
        username, email = username.strip(), email.strip()
        first_name, last_name = " ".join(first_name.split()), " ".join(last_name.split())
        if errors := user_errors(username, first_name, last_name, email):
            raise Invalid(errors)
        user = User(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=email,
            job_title=job_title.strip()[:200],
        )
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save()
        self.note("user", user.pk)
        return user


class UpdateUser(Action[User]):
    """Change an account's details, or close or reopen it. Closing ends every session at the next page."""

    name = "agencies.update_user"
    needs = Capability.MANAGE_USERS
    FIELDS = ("username", "first_name", "last_name", "email", "job_title", "is_active")

    def perform(self, user: User, version: int | None = None, **changes: Any) -> User:
        fresh: User = current(User, user, version)
        changed = _changed(fresh, self.FIELDS, changes)
        if errors := user_errors(
            fresh.username, fresh.first_name, fresh.last_name, fresh.email, but=fresh.pk
        ):
            raise Invalid(errors)
        if "is_active" in changed and fresh.pk == self.actor.user_id:
            raise Invalid({"is_active": "You cannot close your own account. Ask another administrator."})
        if changed:
            fresh.version += 1
        with KeepsAnAdministrator():
            fresh.save()
        self.note("user", fresh.pk, fields=changed)
        return fresh


class SetMemberships(Action[list[Membership]]):
    """Give a person exactly these roles. One left out ends yesterday, so that who could see what stays on record."""

    name = "agencies.set_memberships"
    needs = Capability.MANAGE_USERS

    def perform(self, user: User, places: Sequence[Place], version: int | None = None) -> list[Membership]:
        if user.pk == self.actor.user_id:
            raise NotAllowed(OWN_ROLE)
        fresh: User = current(User, user, version)
        check_places(places)
        existing = {membership.pk: membership for membership in fresh.memberships.all()}
        if strange := {place.id for place in places if place.id is not None} - set(existing):
            raise Invalid(f"Membership {min(strange)} is not of this person.")
        with KeepsAnAdministrator():
            kept = [self._place(fresh, place, existing) for place in places]
            self._end(existing[pk] for pk in set(existing) - {each.pk for each in kept})
            fresh.version += 1
            fresh.save(update_fields=["version"])
        user.__dict__.pop("memberships_today", None)
        self.note("user", fresh.pk, memberships=[each.pk for each in kept])
        return kept

    @staticmethod
    def _place(user: User, place: Place, existing: dict[int, Membership]) -> Membership:
        membership = existing[place.id] if place.id is not None else Membership(user=user)
        membership.role, membership.organisation, membership.team = place.role, place.organisation, place.team
        membership.starts, membership.ends = place.starts, place.ends
        membership.save()
        return membership

    @staticmethod
    def _end(memberships: Iterable[Membership]) -> None:
        today = timezone.localdate()
        for membership in memberships:
            if membership.starts >= today:
                membership.delete()  # it never counted on a whole day; the journal says that it was there
            elif membership.ends is None or membership.ends >= today:
                membership.ends = today - timedelta(days=1)
                membership.save(update_fields=["ends"])


class ResetTwoFactor(Action[int]):
    """Remove a person's authenticator and recovery codes, so that they set it up again. Returns how many there were."""

    name = "agencies.reset_two_factor"
    needs = Capability.MANAGE_USERS

    def perform(self, user: User) -> int:
        from allauth.mfa.models import Authenticator  # its models load after ours

        if user.pk == self.actor.user_id:
            raise NotAllowed("You cannot reset your own two-factor sign-in. Ask another administrator.")
        gone: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
        self.note("user", user.pk, removed=gone)
        return gone


class IssueSignInLink(Action[str]):
    """A link with which a person chooses a password: works once and for three days. The old password stops working."""

    name = "agencies.issue_sign_in_link"
    needs = Capability.MANAGE_USERS

    def perform(self, user: User) -> str:
        from allauth.account.forms import default_token_generator
        from allauth.account.utils import user_pk_to_url_str
        from django.urls import reverse

        if user.pk == self.actor.user_id:
            raise NotAllowed("Change your own password under Your account.")
        fresh: User = current(User, user, None)
        if not fresh.is_active:
            raise Invalid("This account is closed. Reopen it first.")
        fresh.set_unusable_password()
        fresh.save(update_fields=["password"])
        self.note("user", fresh.pk)
        key = f"{user_pk_to_url_str(fresh)}-{default_token_generator.make_token(fresh)}"
        uid, _, token = key.partition("-")
        return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


class SaveRole(Action[Role]):
    """Add a role, or change what one lets people do. Nobody changes a role they hold."""

    name = "agencies.save_role"
    needs = Capability.MANAGE_USERS

    def perform(
        self,
        title: str,
        scope: str,
        capabilities: Iterable[str],
        *,
        handles: Iterable[str] = (),
        role: Role | None = None,
        version: int | None = None,
    ) -> Role:
        if role is not None and role.slug in self.actor.roles:
            raise NotAllowed("You hold this role, so you cannot change it. Ask another administrator.")
        title, wanted, runs = " ".join(title.split()), set(capabilities), set(handles)
        errors: dict[str, str] = {}
        if not title:
            errors["title"] = "Enter the role's name"
        elif Role.objects.filter(title__iexact=title).exclude(pk=role.pk if role else 0).exists():
            errors["title"] = "There is already a role with this name"
        if scope not in SCOPES:
            errors["scope"] = "Choose how far the role sees"
        if not wanted:
            errors["capabilities"] = "Choose at least one thing the role may do"
        elif strange := wanted - {capability.value for capability in Capability}:
            errors["capabilities"] = f"There is no capability called {', '.join(sorted(strange))}"
        if strange := runs - set(restricted_pathways()):
            errors["handles"] = f"No restricted pathway is called {', '.join(sorted(strange))}"
        elif runs and Capability.VIEW_CASES not in wanted:
            errors["handles"] = "A role that runs restricted cases must also let people see cases"
        if errors:
            raise Invalid(errors)
        saved: Role = current(Role, role, version) if role else Role(slug=free_slug(Role, title), version=0)
        before = {*saved.capabilities, *(f"handles {one}" for one in saved.handles)}
        after = {*wanted, *(f"handles {one}" for one in runs)}
        saved.title, saved.scope, saved.version = title, scope, saved.version + 1
        saved.handles = sorted(runs)
        saved.capabilities = [capability.value for capability in Capability if capability.value in wanted]
        with KeepsAnAdministrator():
            saved.save()
        self.note(
            "role", saved.pk, scope=scope, added=sorted(after - before), removed=sorted(before - after)
        )
        return saved


class SeedRoles(Action[list[Role]]):
    """Make the roles that come with the service and are not there yet. Changed ones stay as an administrator left them."""

    name = "agencies.seed_roles"
    needs = Capability.MANAGE_USERS

    def perform(self) -> list[Role]:
        there = set(Role.objects.values_list("slug", flat=True))
        titles = {title.lower() for title in Role.objects.values_list("title", flat=True)}
        made = [
            Role.objects.create(
                slug=each.slug, title=each.title, scope=each.scope, capabilities=list(each.capabilities),
                handles=list(each.handles),
            )
            for each in shipped_roles()
            if each.slug not in there and each.title.lower() not in titles
        ]
        for role in made:
            self.note("role", role.pk, slug=role.slug)
        if not made:
            self.quiet("every role is there already")
        return made


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load made or changed."""

    areas: int
    organisations: int
    groups: int


class LoadArrangement(Action[Loaded]):
    """Make the areas, organisations and groups of an arrangement file. Running it again changes only what the file changed.

    Areas and groups follow the file; an organisation, once made, is its administrators' to change.
    """

    name = "agencies.load_arrangement"
    needs = Capability.MANAGE_ORGANISATIONS

    def perform(self, arrangement: Arrangement) -> Loaded:
        areas = {area.slug: area for area in Area.objects.all()}
        changed = 0
        for entry in arrangement.areas:
            population = {str(year): count.model_dump() for year, count in entry.population.items()}
            changed += _follow(
                areas, Area, entry.id, title=entry.title, kind=entry.kind, ons_code=entry.ons_code or "",
                locality=entry.locality or "", population=population,
            )  # fmt: skip
        for (
            entry
        ) in arrangement.areas:  # a second time, since a file may name a place before the one it lies in
            changed += _follow(areas, Area, entry.id, within=areas[entry.within] if entry.within else None)
        organisations = {each.slug: each for each in Organisation.objects.all()}
        new = [
            Organisation(
                slug=each.id, title=each.title, kind=each.kind, area=areas[each.area] if each.area else None,
                safeguarding_partner=each.safeguarding_partner,
            )
            for each in arrangement.organisations
            if each.id not in organisations
        ]  # fmt: skip
        Organisation.objects.bulk_create(new)
        organisations |= {each.slug: each for each in new}
        groups = {group.slug: group for group in Group.objects.all()}
        regrouped = 0
        for board in arrangement.groups:
            regrouped += _follow(groups, Group, board.id, title=board.title, meets=board.meets or "")
        for board in arrangement.groups:
            above = groups[board.reports_to] if board.reports_to else None
            regrouped += _follow(groups, Group, board.id, reports_to=above)
            wanted = {organisations[member].pk for member in board.members}
            if wanted != set(groups[board.id].members.values_list("pk", flat=True)):
                groups[board.id].members.set(wanted)
                regrouped += 1
        loaded = Loaded(changed, len(new), regrouped)
        if any((changed, new, regrouped)):
            self.note("arrangement", arrangement.id, areas=changed, organisations=len(new), groups=regrouped)
        else:
            self.quiet("the file says nothing new")
        return loaded


def _changed(row: Any, allowed: tuple[str, ...], changes: dict[str, Any]) -> list[str]:
    """Set `changes` on `row`; the names of the fields that differ. Raises TypeError for a field that is not allowed."""
    if strange := set(changes) - set(allowed):
        raise TypeError(f"cannot change {', '.join(sorted(strange))}")
    changed = []
    for name, value in changes.items():
        value = value.strip() if isinstance(value, str) else value
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def _follow(rows: dict[str, Any], model: Any, slug: str, **fields: Any) -> int:
    """Make or change the row `slug` to hold `fields`; 1 if anything was written."""
    row = rows.get(slug)
    if row is None:
        rows[slug] = model.objects.create(slug=slug, **fields)
        return 1
    if not _changed(row, tuple(fields), fields):
        return 0
    row.save()
    return 1
