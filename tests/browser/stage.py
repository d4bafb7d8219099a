"""Sets the stage of the browser journeys: a small made-up partnership in a file of its own, and who plays which part.

Run as a program, in a process of its own, so that the journeys meet a service as it is installed and not Django's test
machinery:  python stage.py FOLDER  (GT_VAR and DJANGO_SETTINGS_MODULE are set by `service.py`). Writes FOLDER/cast.json.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

PASSWORD = "golden-thread-demo"
#: Beside the demo's eight: user name -> first name, last name, role, where.
EXTRA = {
    "administrator": ("Ada", "Lomax", "system_administrator", "joint_business_unit"),
    "door.manager": ("Peter", "Entwistle", "front_door_manager", "lcc_csc"),
    "second.worker": ("Leila", "Rahman", "social_worker", "lcc_csc"),
    "forgetful": ("Colin", "Forshaw", "social_worker", "lcc_csc"),
    "careful": ("Wendy", "Iddon", "social_worker", "lcc_csc"),
    "leaver": ("Owen", "Catterall", "social_worker", "lcc_csc"),
}


def main(folder: Path) -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from goldenthread.agencies.models import Organisation
    from goldenthread.demo.accounts import write_accounts
    from goldenthread.demo.build import build, signing_in

    build("small", seed=7, processes=1)
    write_accounts(
        settings.GT_DEMO_ACCOUNTS, signing_in(), dict(Organisation.objects.values_list("slug", "title"))
    )
    cast = {"people": accounts(), **known_child(), **cases(), **samples(), "old": old_records(), "action": an_action()}
    cast["boards"] = boards()
    cast["figure"] = a_figure()
    cast["collection"] = collections()
    scorecard()
    cast["question"] = a_question()
    cast["mark"] = a_mark()
    cast["sharing"] = shared_work()
    (folder / "cast.json").write_text(json.dumps(cast, indent=1), encoding="utf-8")


def system() -> Any:
    from goldenthread.foundation.actor import SystemActor

    return SystemActor("browser journeys")


def scorecard() -> None:
    """An extract, and beside it the values of a few indicators, the journeys and the capacity of services."""
    from django.conf import settings

    from goldenthread.foundation.library import current_library
    from goldenthread.intelligence.capacity.working_out import work_out as try_services
    from goldenthread.intelligence.extract.taking import take
    from goldenthread.intelligence.journeys.working_out import work_out as follow_journeys
    from goldenthread.intelligence.scorecard.working_out import work_out

    library, place = current_library(), Path(settings.GT_EXTRACT)
    take(place, bytes(32))
    few = ("contacts", "contacts_screened_in_time", "plans_at_end", "plan_rate", "plan_visits_in_time", "sdq_concern")
    work_out(place, library, indicators={name: one for name, one in library.indicators.items() if name in few})
    follow_journeys(place, library)
    try_services(place, library, demand=(100,))


def collections() -> dict[str, str]:
    """A form that the police have begun, one that they sent, and one that waits to be approved."""
    from goldenthread.intelligence.collections.models import Submission

    of_police = Submission.objects.filter(organisation__slug="lancashire_constabulary")
    begun = of_police.filter(state="draft").latest("first_day")
    waits = Submission.objects.filter(state="sent").first() or of_police.filter(state="approved").earliest("first_day")
    gone = of_police.exclude(state__in=("draft", "returned")).earliest("first_day")
    return {"begun": str(begun.pk), "sent": str(gone.pk), "waits": str(waits.pk)}


def accounts() -> dict[str, int]:
    """User name -> number, of those who sign in."""
    from goldenthread.agencies.actions import CreateUser, SetMemberships
    from goldenthread.agencies.models import Organisation, Role, Team, User
    from goldenthread.agencies.rules import Place

    team = User.objects.get(username="social.worker").memberships.get().team
    for username, (first, last, role, place) in EXTRA.items():
        user = CreateUser(system()).run(username, first, last, f"{username}@demo.example", password=PASSWORD)
        own = team if role == "social_worker" else Team.objects.filter(organisation__slug=place).first()
        held = Place(
            Role.objects.get(slug=role), Organisation.objects.get(slug=place), date(2020, 1, 1),
            team=own if place == "lcc_csc" else None,
        )  # fmt: skip
        SetMemberships(system()).run(user, [held])
    return dict(User.objects.filter(username__in=EXTRA).values_list("username", "pk"))


def an_action() -> dict[str, str]:
    """An open action that the team's manager may see, and the event that tells how it goes."""
    from goldenthread.agencies.actors import actor_for
    from goldenthread.agencies.models import User
    from goldenthread.casework.policies import AgreedActionPolicy
    from goldenthread.casework.queries.register import line_of

    manager = actor_for(User.objects.get(username="team.manager"))
    rows = AgreedActionPolicy.visible_to(manager).filter(closed_on=None, case__is_open=True).order_by("due_on")
    row = rows.exclude(number="").select_related("case").first()
    assert row is not None, "the demo has no open action that the team's manager may see"
    entry = line_of(row).entry
    assert entry is not None
    return {"one": str(row.pk), "kind": entry.progressed[0]}


def a_mark() -> str:
    """A change that the demo's partnership marked on a chart."""
    from goldenthread.intelligence.marks.models import MarkedChange

    return str(MarkedChange.objects.get(indicator="plan_visits_in_time", taken_off_at=None).pk)


def a_figure() -> dict[str, str]:
    """A figure that the demo has from a published report, and the tables that are drawn in each way and in none."""
    from goldenthread.intelligence.figures.models import PublishedFigure
    from goldenthread.intelligence.figures.queries import key_of

    row = PublishedFigure.objects.get(indicator="MARAC cases discussed", period="2016/17", area="Lancashire-12")
    tables = {"panels": "CAFs initiated by district", "bars": "Child deaths", "plain": "Child health profiles"}
    return {"one": str(row.pk), **{name: key_of(row.source, table) for name, table in tables.items()}}


def a_question() -> str:
    """The question of the demo that has been answered and sent back."""
    from goldenthread.intelligence.questions.models import FigureQuestion

    return str(FigureQuestion.objects.get(indicator="agencies_answer_in_time").pk)


def old_records() -> dict[str, str]:
    """Of the demo's old records: one that is due, the hold, a certificate, and a proposal that waits."""
    from goldenthread.agencies.actors import actor_for
    from goldenthread.agencies.models import User
    from goldenthread.casework.actions.retention import AgreeDestruction, ProposeDestruction
    from goldenthread.casework.models import DestructionProposal, LegalHold
    from goldenthread.casework.queries.retention import review_list

    manager = actor_for(User.objects.get(username="business.manager"))
    keeper = actor_for(User.objects.get(username="records.manager"))
    certificate = AgreeDestruction(manager).run(DestructionProposal.objects.get())
    free = [one.case for one in review_list(manager, date.today())[0] if not one.held]
    proposal = ProposeDestruction(keeper).run(free[:1])
    found = {"record": free[1], "hold": LegalHold.objects.get(), "proposal": proposal, "certificate": certificate}
    return {name: str(one.pk) for name, one in found.items()}


def known_child() -> dict[str, Any]:
    """A child of whom the police have told before and who has no open case: the first journey is about them."""
    from django.db.models import Count, Exists, OuterRef, Q

    from goldenthread.agencies.actors import actor_for
    from goldenthread.agencies.models import User
    from goldenthread.casework.models import Case
    from goldenthread.people.models import Person
    from goldenthread.people.policies import PersonPolicy

    police = actor_for(User.objects.get(username="police.officer"))
    today = date.today()
    seen = PersonPolicy.visible_to(police).filter(
        born__gt=today - timedelta(days=15 * 365), born__lt=today - timedelta(days=6 * 365),
        born_precision="day", restricted=False, died=None,
    )  # fmt: skip
    idle = seen.filter(~Exists(Case.objects.filter(subject=OuterRef("pk"), is_open=True)))
    idle = idle.annotate(told=Count("cases", filter=Q(cases__pathway="contact"))).filter(told__gte=1)
    for person in idle.select_related("area").order_by("pk"):
        alone = Person.objects.filter(family_name=person.family_name, given_name=person.given_name).count() == 1
        if alone and len(person.family_name) > 6 and person.family_name.isalpha() and person.area:
            return {
                "known": {
                    "id": str(person.pk), "given": person.given_name, "family": person.family_name, "name": person.name,
                    "born": person.born.isoformat(), "area": person.area.slug, "area_title": person.area.title,
                }
            }  # fmt: skip
    raise SystemExit("the small partnership has no child whom the police know and nobody works with")


def child_on_a_plan(area: Any, care: Any) -> dict[str, str]:
    """A child with a protection plan, whose conference the journey of meetings holds."""
    from goldenthread.agencies.models import Organisation
    from goldenthread.casework.actions import OpenCase
    from goldenthread.people.actions import RegisterPerson

    child = RegisterPerson(system()).run(
        "Kerra", "Trevanion", born=date(2016, 2, 9), sex="female", area=area, organisation=care
    )
    officers = Organisation.objects.get(slug="lcc_iro")
    case = OpenCase(system()).run(
        "child_protection_plan", child, date.today() - timedelta(days=60), {"category": "neglect"}, organisation=officers,
        area=area, lead=care,
    )  # fmt: skip
    return {"case": str(case.pk), "child": str(child.pk), "name": child.name, "reference": case.reference}


def cases() -> dict[str, Any]:
    """A brother and sister of the tests' own, with an assessment each that nobody else touches."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from goldenthread.agencies.models import Area, Organisation, User
    from goldenthread.casework.actions import AddDocument, AllocateCase, OpenCase
    from goldenthread.casework.models import Case
    from goldenthread.people.actions import AddWarning, RegisterPerson, RelatePeople

    area = User.objects.get(username="social.worker").memberships.get().team.area or Area.objects.get(slug="lancashire_12")
    care = Organisation.objects.get(slug="lcc_csc")
    today = date.today()
    made: dict[str, Any] = {"area": area.slug}
    people = []
    for part, given, born in (
        ("two_at_once", "Tamsin", date(2015, 6, 7)),
        ("long_form", "Jory", date(2017, 3, 2)),
        ("wrong", "Piran", date(2019, 9, 1)),
    ):
        child = RegisterPerson(system()).run(
            given, "Ollerenshaw", born=born, sex="male", area=area, organisation=care,
            also_known_as=["Jay Ollerenshaw"] if given == "Jory" else (),
        )  # fmt: skip
        people.append(child)
        case = OpenCase(system()).run(
            "assessment", child, today - timedelta(days=3),
            {"referred_on": (today - timedelta(days=4)).isoformat(), "section": "section_17"}, organisation=care, area=area,
        )  # fmt: skip
        AllocateCase(system()).run(case, User.objects.get(username="social.worker"))
        made[part] = {"case": str(case.pk), "child": str(child.pk), "name": child.name}
    RelatePeople(system()).run(people[0], people[2], "sibling")
    made["plan"] = child_on_a_plan(area, care)
    made["school"] = User.objects.get(username="school.lead").memberships.get().organisation.title
    warning = AddWarning(system()).run(
        people[0], "A large dog is loose in the garden", today + timedelta(days=90), organisation=care
    )
    case = Case.objects.get(pk=made["two_at_once"]["case"])
    document = AddDocument(system()).run(
        case, "Chronology from the school", SimpleUploadedFile("chronology.txt", b"September: late four times.\n")
    )
    made |= {"warning": warning.pk, "document": str(document.pk), "event": str(case.events.get().pk)}
    return made


def boards() -> dict[str, str]:
    """Cases for every board; of some, one case to open."""
    from goldenthread.agencies.models import Area
    from goldenthread.casework.tests.board_cases import EVERY, Making, agencies_in
    from goldenthread.casework.tests.board_cases_adults import ADULTS

    area = Area.objects.get(slug="burnley")
    make = Making(agencies_in(area), area)
    for told in (*EVERY.values(), *ADULTS.values()):
        told(make)
    return {pathway: str(case.pk) for pathway, case in make.cases.items()}


def shared_work() -> dict[str, str]:
    """One of each that agencies do together: a hand-over, a sharing in an emergency, records alike, records joined, a token."""
    from goldenthread.agencies.actions import IssueOrganisationToken
    from goldenthread.agencies.actors import actor_for
    from goldenthread.agencies.models import Area, Organisation, User
    from goldenthread.agencies.scopes import Scope
    from goldenthread.casework.actions import OpenCase
    from goldenthread.people.actions import MergePeople, RegisterPerson
    from goldenthread.people.possible import open_matches
    from goldenthread.sharing.actions.overrides import UseOverride
    from goldenthread.sharing.models import HandOver
    from goldenthread.sharing.rulings import ruling_for

    care, area = Organisation.objects.get(slug="lcc_csc"), Area.objects.get(slug="burnley")
    charity = Organisation.objects.filter(kind="voluntary").order_by("slug").first()
    worker, screener = (actor_for(User.objects.get(username=name)) for name in ("social.worker", "screener"))
    one, other = (
        RegisterPerson(system()).run("Ysella", family, born=date(2014, 5, 6), sex="female", area=area, organisation=care)
        for family in ("Penhallow", "Penhalow")
    )
    case = OpenCase(system()).run(
        "assessment", one, date.today() - timedelta(days=2),
        {"referred_on": (date.today() - timedelta(days=3)).isoformat(), "section": "section_17"}, organisation=care, area=area,
    )  # fmt: skip
    said = ruling_for(care, charity, "assess_and_support", case)
    override = UseOverride(system()).run(
        case, care, charity, "assess_and_support", "She is with them tonight and they must know of the danger.", said
    )
    merge = MergePeople(screener).run(one, other, "The same child, spelt twice.")
    alike = open_matches(screener, "")[0]
    token, _ = IssueOrganisationToken(system()).run(care, "Case system", [next(iter(Scope))])
    handed = HandOver.objects.filter(case__worker=worker.user_id).order_by("pk").first()
    return {
        "case": str(case.pk), "override": str(override.pk), "merge": str(merge.pk), "one": str(alike.one_id),
        "other": str(alike.other_id), "token": str(token.pk), "hand_over": str(handed.pk),
    }  # fmt: skip


def samples() -> dict[str, Any]:
    """One record of each kind, for pages whose address names one."""
    from goldenthread.agencies.actors import actor_for
    from goldenthread.agencies.models import Membership, Team, User
    from goldenthread.casework.models import Case, Duty, Involvement
    from goldenthread.casework.policies import CasePolicy

    worker, school = User.objects.get(username="social.worker"), User.objects.get(username="school.lead")
    school_part = Involvement.objects.filter(organisation__in=actor_for(school).organisation_ids).values("case")
    hidden = Case.objects.filter(is_open=True).exclude(pk__in=school_part).order_by("pk").first()
    seen = CasePolicy.visible_to(actor_for(worker)).filter(is_open=True).order_by("-version")
    long_told = seen.filter(worker=worker, pathway="child_protection_plan").first() or seen.first()
    duty = Duty.objects.filter(case=long_told).order_by("duty", "ordinal").first()
    waiting = Case.objects.filter(pathway="contact", is_open=True, restricted=False, subject__restricted=False)
    waiting = waiting.order_by("opened_at")
    contact = waiting.filter(state="asking_agencies").first() or waiting.first()
    member = Membership.objects.filter(user=worker).get()
    return {
        "hidden_from_school": str(hidden.pk), "long": {"case": str(long_told.pk), "child": str(long_told.subject_id)},
        "duty": [duty.duty, duty.ordinal], "contact": {"case": str(contact.pk), "child": str(contact.subject_id)},
        "worker": worker.pk, "membership": member.pk, "team": member.team_id,
        "any_team": Team.objects.filter(organisation__slug="lcc_csc").first().pk,
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
