"""Records of long ago in the demo: some whose time is over, one held, two proposed, so that their pages show something.

Recorded by actions, as any record is. Named as nobody else in the demo is. Nobody here is real.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from goldenthread.agencies.actions import CreateUser, SetMemberships
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Area, Organisation, Role, User
from goldenthread.agencies.rules import Place
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.actions.retention import PlaceHold, ProposeDestruction
from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import SystemActor
from goldenthread.people.actions import RegisterPerson

from .chance import Chance
from .parts import County
from .scene import CARE

NAMES = (
    ("Adam", "Oldroyd"), ("Bryony", "Pastwell"), ("Callum", "Yesterby"), ("Deepa", "Bygone"), ("Ewan", "Formerly"),
    ("Farah", "Agoe"), ("Gareth", "Langsyne"), ("Holly", "Whilom"), ("Idris", "Erstwhile"),
)  # fmt: skip
UNIT = "joint_business_unit"
INQUIRY = "Independent Inquiry into Child Sexual Abuse"
WHY = "Anything that may bear on the inquiry is kept until it says otherwise."


def add_old_records(actor: SystemActor, county: County) -> int:
    """Contacts of long ago that went no further, about people who are grown up now. Returns how many."""
    chance = Chance(f"{county.seed}/old records")
    care = Organisation.objects.get(slug=CARE)
    area = Area.objects.filter(kind="district").order_by("slug").first()
    assert area is not None
    made = [_contact(actor, chance, one, care, area, county.today, place) for place, one in enumerate(NAMES)]
    PlaceHold(actor).run(made[0], WHY, INQUIRY, whole_person=True)
    keeper = _records_manager(actor, county.today)
    ProposeDestruction(actor_for(keeper)).run(made[1:3])
    return len(made)


def _contact(
    actor: SystemActor, chance: Chance, name: tuple[str, str], care: Organisation, area: Area, today: date, place: int
) -> Case:
    """One contact. The last two become due in the months to come."""
    closed = today - timedelta(days=6 * 366 + 40 + 90 * place) if place < len(NAMES) - 2 else today - timedelta(
        days=6 * 365 - 20 * (len(NAMES) - place) - 10
    )  # fmt: skip
    start = datetime(closed.year, closed.month, closed.day, 9, 30, tzinfo=LONDON) - timedelta(days=1)
    given, family = name
    born = date(today.year - 21 - chance.whole(0, 2), chance.whole(1, 12), chance.whole(1, 28))
    person = RegisterPerson(actor).run(given, family, born=born, area=area, organisation=care)
    answers = {"source": "school", "concern": "A teacher asked for advice about lateness."}
    case = OpenCase(actor).run("contact", person, start, answers, lead=care)
    decided = {"outcome": "no_further_action", "level_of_need": "1", "reasons": "The school supports the family."}
    RecordEvent(actor).run(case, "decided", start + timedelta(days=1), decided)
    return Case.objects.get(pk=case.pk)


def _records_manager(actor: SystemActor, today: date) -> User:
    """Who proposed the first: one of the unit, to whom nobody can sign in."""
    user = CreateUser(actor).run(
        "records.manager", "Ines", "Ferreira", "records.manager@demo.example", job_title="Records manager"
    )
    place = Place(Role.objects.get(slug="records_manager"), Organisation.objects.get(slug=UNIT), today - timedelta(days=400))
    SetMemberships(actor).run(user, [place])
    return user
