"""A small partnership in which every state of a record is there, and somebody of every role, within the agency that leads
and outside it. Built once; each request is rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import IssueOrganisationToken, SeedRoles
from goldenthread.agencies.models import Membership, Organisation, OrganisationToken, Role, Team, User
from goldenthread.agencies.scopes import Scope
from goldenthread.agencies.seeding import shipped_roles
from goldenthread.casework.actions import AddDocument, OpenCase
from goldenthread.casework.models import AgreedAction, Case, Duty, Event
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, pathways
from goldenthread.guidance.pathway import EventKind, FieldType
from goldenthread.intelligence.figures.models import PublishedFigure
from goldenthread.intelligence.figures.queries import key_of
from goldenthread.intelligence.figures.tests.published import import_published
from goldenthread.intelligence.marks.tests.marked import a_mark
from goldenthread.people.actions import AddWarning, RegisterPerson
from goldenthread.people.actions.merging import MergePeople
from goldenthread.people.models import EmergencyAccess, Person
from goldenthread.sharing.decision import Decision, Ruling, Verdict
from goldenthread.sharing.models import AccessQuestion, HandOver, Notice, Override, Request

from .attached import asked_about_a_figure, asked_for, met, old_record

SYSTEM = SystemActor("tests")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_DENIED = Ruling(Verdict.DENY, "", "", "No agreement covers this", "")
RULING = Decision(_DENIED, _DENIED).plain()
STATES = ("open", "closed", "restricted case", "restricted person", "merged", "expired agreement")
AGENCIES = ("own", "other")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Visitor:
    """Somebody who opens pages: a role in an agency, a system with a token, someone without a role, or nobody."""

    name: str
    agency: str
    capabilities: frozenset[Capability]
    scope: str
    client: Client
    signed_in: bool = True
    tasks: frozenset[str] | None = None
    """For a system: what its token may be let do."""
    headers: dict[str, str] = field(default_factory=dict)
    handles: frozenset[str] = frozenset()

    @property
    def sight(self) -> tuple[Hashable, ...]:
        """All that a policy looks at: those who share it are shown the same rows. Which restricted pathways they run is not of
        it, as no record here is of one (held by a test; sharing/tests/access/test_restricted_pathways.py is about those)."""
        return (self.agency, self.scope, self.tasks, self.capabilities & IN_CONDITIONS)

    @cached_property
    def session(self) -> str:
        cookie = self.client.cookies.get("gt_session")
        return cookie.value if cookie else ""

    def renew(self) -> None:
        """The session that this visitor began with."""
        self.client.cookies.clear()
        if self.session:
            self.client.cookies["gt_session"] = self.session

    def may(self, needs: Capability | str) -> bool:
        return needs in self.capabilities

    def __str__(self) -> str:
        return f"{self.name} ({self.agency})"


@dataclass
class Records:
    """A record of each sort in one state."""

    case: Case
    person: Person
    event: UUID
    document: UUID
    warning: int
    request: UUID
    hand_over: UUID
    override: UUID
    notice: UUID
    merge: UUID
    duty: tuple[str, int]
    hold: UUID
    proposal: UUID
    certificate: UUID
    action: UUID
    meeting: UUID
    seat: UUID
    page: UUID
    report: UUID
    submission: UUID


@dataclass
class World:
    place: Partnership
    visitors: list[Visitor]
    records: dict[str, Records]
    question: UUID
    emergency: UUID
    token: OrganisationToken
    other_person: Person
    figure: PublishedFigure
    mark: UUID

    @cached_property
    def proving(self) -> list[Visitor]:
        """A few who in each agency and scope both hold and lack what policies ask about, and between them hold every
        capability: they try every state and way. The others, who are shown no other rows, try whether they are let in."""
        every = {str(one): one for one in self.visitors}
        few = fewest({
            name: {("holds", held) for held in one.capabilities}
            | {("sees", one.agency, one.scope, one.tasks, one.signed_in)}
            | {(held, held in one.capabilities, one.agency, one.scope) for held in IN_CONDITIONS}
            for name, one in every.items()
        })
        return [every[name] for name in few]

    @cached_property
    def kind(self) -> str:
        """An event that somebody can record in the cases here."""
        rule = front_door()
        return next(
            name for name, one in rule.events.items() if not one.opens and not one.closes and not one.needs
        )


def front_door() -> Any:
    return next(one for one in pathways(arrangement_for(None)).values() if one.front_door)


def minimal(kind: EventKind) -> dict[str, Any]:
    """The least that an event can be recorded with."""
    today = timezone.localdate()
    given: dict[FieldType, Any] = {
        FieldType.TEXT: "Text", FieldType.LONG_TEXT: "Text", FieldType.YES_NO: "yes", FieldType.NUMBER: 1,
        FieldType.DATE: today.isoformat(), FieldType.MOMENT: timezone.now().isoformat(), FieldType.PERSON: "Somebody",
        FieldType.ORGANISATION: "county_police",
    }  # fmt: skip
    answers: dict[str, Any] = {}
    for name, question in kind.asks.items():
        if not question.required:
            continue
        if question.type is FieldType.CHOICE:
            answers[name] = next(iter(question.of))
        elif question.type is FieldType.CHOICES:
            answers[name] = [next(iter(question.of))]
        else:
            answers[name] = given[question.type]
    return answers


class Paper:
    """A file as an upload gives it."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content, self.size = name, content, len(content)

    def chunks(self, chunk_size: int | None = None) -> list[bytes]:
        return [self.content]


def child(place: Partnership, name: str, **more: Any) -> Person:
    given, _, family = name.partition(" ")
    return RegisterPerson(SYSTEM).run(
        given, family, born=date(2016, 3, 1), area=place.burnley, organisation=place.care, address=f"1 {family} Row",
        postcode="BB11 1AA", **more,
    )  # fmt: skip


def opened(place: Partnership, person: Person) -> Case:
    rule = front_door()
    return OpenCase(SYSTEM).run(
        rule.id,
        person,
        timezone.now() - timedelta(hours=2),
        minimal(rule.events[rule.opening]),
        organisation=place.care,
    )


def records(place: Partnership, name: str, state: str) -> Records:
    """A child with a case, a document, a request, a hand-over, an override, a notice and a warning; then the state."""
    person = child(place, name)
    case = opened(place, person)
    event = Event.objects.get(case=case)
    now = timezone.now()
    document = AddDocument(SYSTEM).run(
        case, f"Letter about {name}", Paper(f"{name}.txt", f"About {name}".encode()), event
    )
    warning = AddWarning(SYSTEM).run(
        person,
        text=f"Dog at {name}'s",
        review_on=timezone.localdate() + timedelta(days=30),
        organisation=place.care,
    )
    made = {"case": case, "purpose": "protect_from_harm"}
    ends = now + timedelta(hours=24) if state != "expired agreement" else now - timedelta(seconds=1)
    override = Override.objects.create(
        **made, holder=place.police, receiver=place.care, reason="R", ruling=RULING, at=now - timedelta(days=1), ends_at=ends
    )
    asked = Request.objects.create(
        **made, event=event, asker=place.care, agency=place.police, asked_at=now, override=override
    )
    hand_over = HandOver.objects.create(
        kind="refer",
        case=case,
        sender=place.care,
        receiver=place.police,
        reason="R",
        offered_at=now,
        due_at=now,
    )
    notice = Notice.objects.create(
        organisation=place.care, kind="test", words="Something waits", case=case, at=now
    )
    twin = child(place, f"{name}x")
    merge = MergePeople(SYSTEM).run(person, twin, "One child, two records")
    action = AgreedAction.objects.create(
        id=uuid4(), case=case, entry="test", pathway=case.pathway, source="plan", agreed_on=now.date(), event=event.pk,
        what=f"Do something about {name}", agency=place.care,
    )  # fmt: skip
    asked_about_a_figure(case)
    duty = Duty.objects.filter(case=case).first()
    assert duty is not None
    if state == "closed":
        Case.objects.filter(pk=case.pk).update(is_open=False, closed_at=now)
    elif state == "restricted case":
        Case.objects.filter(pk=case.pk).update(restricted=True)
        # Nobody outside would know of the child but by the case.
        Person.objects.filter(pk=person.pk).update(registered_by=None)
    elif state == "restricted person":
        Person.objects.filter(pk=person.pk).update(restricted=True)
    if state == "merged":
        # The record that is gone: its own address leads on, for those who may see the one that is kept.
        person = twin
    return Records(
        case, person, event.pk, document.pk, warning.pk, asked.pk, hand_over.pk, override.pk, notice.pk, merge.pk,
        (duty.duty, duty.ordinal), *old_record(place, case, state), action.pk, *met(place, case),
        asked_for(place, STATES.index(state)),
    )  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False, HTTP_ORIGIN="http://testserver")
    client.force_login(user, backend=BACKEND)
    return client


#: What the policies' conditions ask about (a test holds that). What else a capability opens is decided before them.
IN_CONDITIONS = frozenset({
    Capability.VIEW_CASES, Capability.VIEW_RESTRICTED, Capability.SUPERVISE, Capability.MANAGE_RETENTION,
    Capability.MERGE_PEOPLE, Capability.RECORD_EVENTS, Capability.ATTEND_MEETINGS, Capability.MANAGE_ORGANISATIONS,
    Capability.MANAGE_USERS, Capability.READ_GUIDANCE, Capability.VIEW_TOTALS, Capability.FILL_COLLECTIONS,
    Capability.AGREE_COLLECTIONS, Capability.CHECK_COLLECTIONS,
})  # fmt: skip


def fewest(proves: Mapping[Key, Collection[Hashable]]) -> list[Key]:
    """A few that between them prove all that every one together would."""
    few: list[Key] = []
    left = {one for those in proves.values() for one in those}
    while left:
        best = max(proves, key=lambda key: len(left.intersection(proves[key])))
        few.append(best)
        left.difference_update(proves[best])
    return few


def roles_here() -> list[Any]:
    """Every role that ships; on PostgreSQL, as few as hold each capability, and both hold and lack in each scope what the
    conditions ask about: what differs between databases is how they read a condition."""
    every = {role.slug: role for role in shipped_roles()}
    if connection.vendor != "postgresql":
        return list(every.values())
    few = fewest({
        slug: {(True, one, "") for one in role.capabilities}
        | {(one.value in role.capabilities, one.value, role.scope) for one in IN_CONDITIONS}
        for slug, role in every.items()
    })
    return [every[slug] for slug in few]


def build() -> World:
    place = partnership()
    SeedRoles(SYSTEM).run()
    agencies: dict[str, Organisation] = {"own": place.care, "other": place.school}
    visitors: list[Visitor] = []
    seen: set[tuple[Any, ...]] = set()
    for shipped in roles_here():
        role = Role.objects.get(slug=shipped.slug)
        what = (frozenset(role.capabilities), role.scope, frozenset(role.handles))
        if (
            what in seen
        ):  # policies see capabilities, scope and what it runs, never a role's name (an architecture test holds that)
            continue
        seen.add(what)
        for agency, organisation in agencies.items():
            user = User.objects.create(username=f"{role.slug}.{agency}", first_name=role.title, last_name=agency,
                                       email=f"{role.slug}.{agency}@example.org")  # fmt: skip
            Membership.objects.create(
                user=user, organisation=organisation, role=role, starts=date(2020, 1, 1)
            )
            capabilities = frozenset(Capability(one) for one in role.capabilities)
            visitors.append(
                Visitor(role.slug, agency, capabilities, role.scope, signed_in(user), handles=frozenset(role.handles))
            )
    idle = User.objects.create(username="no.role")
    visitors.append(Visitor("no role", "none", frozenset(), "own", signed_in(idle)))
    visitors.append(
        Visitor("nobody", "none", frozenset(), "own", Client(raise_request_exception=False), signed_in=False)
    )
    for agency, organisation in agencies.items():
        every = [scope.value for scope in Scope]
        token, secret = IssueOrganisationToken(SYSTEM).run(organisation, f"System of {agency}", every)
        visitors.append(
            Visitor(
                "system",
                agency,
                frozenset(),
                "organisation",
                Client(raise_request_exception=False),
                tasks=frozenset(every),
                headers={"authorization": f"Bearer {secret}"},
            )
        )
    found = {
        state: records(place, f"Child{number} {state.title().replace(' ', '')}", state)
        for number, state in enumerate(STATES)
    }
    away = User.objects.create(username="away")
    Team.objects.create(organisation=place.police, title="Away")
    now, today = timezone.now(), timezone.localdate()
    question = AccessQuestion.objects.create(
        rule="own_name", user=away, organisation=place.police, person=found["open"].person, day=today, looks=1,
        first_at=now, last_at=now, asked_at=now, answer_due_at=now, settle_due_at=now,
    )  # fmt: skip
    emergency = EmergencyAccess.objects.create(
        user=away, organisation=place.police, person=found["open"].person, reason="R", begun_at=now, ends_at=now,
        review_due_at=now,
    )  # fmt: skip
    for one in visitors:
        assert bool(one.session) == (one.signed_in and one.tasks is None), one
    figure = import_published("MARAC")
    return World(place, visitors, found, question.pk, emergency.pk, token, child(place, "Other Person"), figure, a_mark().pk)


def filled(world: World, address: Any, found: Records | None) -> str:
    """The path of an address with a record in its places; with none, ids of records that do not exist."""
    absent = str(uuid4())
    given: dict[str, Any] = {
        "case": found.case.pk if found else absent, "case_id": found.case.pk if found else absent,
        "person": found.person.pk if found else absent, "person_id": found.person.pk if found else absent,
        "event": found.event if found else absent, "event_id": found.event if found else absent,
        "document": found.document if found else absent, "warning": found.warning if found else 999_999_999,
        "asked": found.request if found else absent, "request_id": found.request if found else absent,
        "offered": found.hand_over if found else absent, "override": found.override if found else absent,
        "notice": found.notice if found else absent, "merge": found.merge if found else absent,
        "hold": found.hold if found else absent, "proposal": found.proposal if found else absent,
        "certificate": found.certificate if found else absent, "action": found.action if found else absent, "form": "word",
        "meeting": found.meeting if found else absent, "seat": found.seat if found else absent,
        "seat_id": found.seat if found else absent,
        "report": found.report if found else absent, "report_id": found.report if found else absent,
        "submission": found.submission if found else absent, "submission_id": found.submission if found else absent,
        "collection": "police-children", "collection_id": "police_children",
        "question": world.question if found else absent, "access": world.emergency if found else absent,
        "duty": (found or world.records["open"]).duty[0], "ordinal": (found or world.records["open"]).duty[1],
        "other": world.other_person.pk, "kind": world.kind, "what": "name", "slug": world.place.school.slug, "team": 1,
        "pk": 1, "membership": 1, "token": world.token.pk, "draft": uuid4(), "page": "who", "secret": "wrong",
        "subscription": world.question,
        "pathway": front_door().id, "pathway_id": front_door().id, "arrangement_id": "lancashire", "meeting_id": "marac",
        "agreement": "mash", "board": "missing", "indicator": "plans_at_end", "mark": world.mark,
        "indicator_id": "plans_at_end", "journey_id": "from_contact", "service_id": "front_door",
        "uidb36": "1", "key": "wrong-key",
    }  # fmt: skip
    if address.name.startswith("figures:"):
        given |= {"figure": world.figure.pk, "key": key_of(world.figure.source, world.figure.table), "form": "csv"}
    if address.name.startswith("meetings:"):
        given["page"] = found.page if found else absent
    if address.operation:
        given["meeting_id"] = given["meeting"]
    if "open-case" in address.name:
        given["kind"] = front_door().opening
    if address.name in ("agencies:role",):
        given["slug"] = "social_worker"
    if address.name.startswith("agencies:") and "pk" in address.places:
        membership = Membership.objects.filter(organisation=world.place.care).order_by("pk").first()
        assert membership is not None
        given |= {"pk": membership.user_id, "membership": membership.pk}
    if "team" in address.places:
        given |= {"slug": world.place.care.slug, "team": world.place.team.pk}
    if "person" in address.places and "warning" in address.places and found:
        given["person"] = found.case.subject_id
    missing = [place for place in address.places if place not in given]
    assert not missing, (
        f"{address.name} has places the matrix cannot fill: {missing}; add them to tests/matrix/world.py"
    )
    return str(address.path).format(**given)
