"""What the API is sent and what it answers, each with an example. The descriptions are those of the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

CASE = "6d1f0c1e-6f0a-4e5b-9d53-3b1c1b0f7a11"
CHILD = "0b8f2f8e-4f6e-4d2b-8a56-1f5f3a5c9d22"
EVENT = "c1a7a0de-2a7b-4f33-9a0e-7c2b8e1d5f33"


def example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class NewPerson(Schema):
    """Who someone is. A child not yet born has `expected` and no `born`."""

    model_config = example(given_name="Rosie", family_name="Moss", born="2019-04-02", sex="female")

    given_name: str = Field("", max_length=100)
    family_name: str = Field("", max_length=100)
    born: date | None = None
    expected: date | None = None
    sex: Literal["", "female", "male"] = ""
    ethnicity: str = Field("", max_length=4)


class PersonTold(Schema):
    """A person as the API tells them."""

    model_config = example(
        id=CHILD, name="Rosie Moss", born="2019-04-02", born_precision="day", expected=None, died=None, sex="female",
        ethnicity="WBRI", languages=["English"], area="burnley", version=3,
    )  # fmt: skip

    id: UUID
    name: str
    born: date | None
    born_precision: str
    expected: date | None
    died: date | None
    sex: str
    ethnicity: str
    languages: list[str]
    area: str | None
    version: int


class PersonFound(PersonTold):
    """A person a search found: how well they fit, 0 to 1, and why."""

    model_config = example(
        id=CHILD, name="Rosie Moss", born="2019-04-02", born_precision="day", expected=None, died=None, sex="female",
        ethnicity="WBRI", languages=["English"], area="burnley", version=3, score=0.94, why=["similar name"],
    )  # fmt: skip

    score: float
    why: list[str]


class NewEvent(Schema):
    """Something that happened. `occurred` is a day or a moment; `version` is the case's version when you read it."""

    model_config = example(
        kind="agency_answered", occurred="2026-03-02T11:20", data={"agency": "county_police", "holds": "nothing_held"}, version=4
    )

    kind: str
    occurred: str
    data: dict[str, Any] = {}
    version: int | None = None
    organisation: str = ""


class NewCase(Schema):
    """A case to open with its first event."""

    model_config = example(pathway="a_pathway", person=CHILD, occurred="2026-03-02T09:30", data={"source": "school"})

    pathway: str
    person: UUID | None = None
    about: str = ""
    """An organisation, in place of a person, where the pathway's cases are about organisations."""
    occurred: str
    data: dict[str, Any] = {}
    kind: str | None = None
    organisation: str = ""


class Correction(Schema):
    """What an event should have said, all of it, and why it is corrected."""

    model_config = example(occurred="2026-03-02T11:40", data={"holds": "something"}, reason="Answered on the wrong form.")

    occurred: str
    data: dict[str, Any] = {}
    reason: str
    version: int | None = None


class Withdrawal(Schema):
    """Why an event did not happen after all."""

    model_config = example(reason="Recorded in the wrong child's case.", version=5)

    reason: str
    version: int | None = None


class ContactChild(Schema):
    """A child of a contact: `person` if you were given their id here, or who they are. Dates may be part: "May 2017"."""

    model_config = example(
        given_name="Rosie", family_name="Moss", born="2 April 2019", sex="female", address="3 Mill Row", postcode="BB11 1AA",
        area="burnley", said={"child_said": "I do not want to go home."},
    )  # fmt: skip

    person: UUID | None = None
    given_name: str = Field("", max_length=100)
    family_name: str = Field("", max_length=100)
    born: str = Field("", max_length=40)
    expected: str = Field("", max_length=40)
    sex: Literal["", "female", "male"] = ""
    address: str = Field("", max_length=300)
    postcode: str = Field("", max_length=10)
    area: str = Field("", max_length=64)
    said: dict[str, str] = {}


class NewContact(Schema):
    """A worry about one or more children, sent to the front door. All of it is taken, or nothing."""

    model_config = example(
        occurred="2026-03-02T08:55", data={"source": "police", "concern": "Found alone at night."}, together=True,
        children=[ContactChild.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )  # fmt: skip

    occurred: str
    data: dict[str, Any] = {}
    children: list[ContactChild] = Field(min_length=1, max_length=12)
    together: bool = False
    """They are brothers and sisters."""


class CaseNamed(Schema):
    """A case by its id and reference, and no more."""

    model_config = example(pathway="a_pathway", id=CASE, reference="LA-26-K7Q2M")

    pathway: str
    id: UUID
    reference: str


class ContactTaken(Schema):
    """What was opened, one case for each child, in the order they were sent."""

    model_config = example(cases=[{"pathway": "a_pathway", "id": CASE, "reference": "LA-26-K7Q2M"}])

    cases: list[CaseNamed]


class CaseTold(Schema):
    """A case's own row."""

    model_config = example(
        id=CASE, reference="LA-26-K7Q2M", pathway="a_pathway", person=CHILD, state="new", open=True,
        opened_at="2026-03-02T09:30:00Z", closed_at=None, lead="county_care", version=1,
    )  # fmt: skip

    id: UUID
    reference: str
    pathway: str
    person: UUID | None
    about: str | None = None
    state: str
    open: bool
    opened_at: datetime
    closed_at: datetime | None
    lead: str
    version: int | None


class EventTold(Schema):
    """An event as recorded; a correction names what it corrects."""

    model_config = example(
        id=EVENT, case=CASE, sequence=2, kind="screened", occurred="2026-03-02T10:00:00+00:00",
        recorded="2026-03-02T10:01:12Z", data={"urgency": "red"}, by="Sana Begum", organisation="county_care",
        amends=None, withdrawn=False,
    )  # fmt: skip

    id: UUID
    case: UUID
    sequence: int
    kind: str
    occurred: str
    recorded: datetime
    data: dict[str, Any]
    by: str
    organisation: str | None
    amends: UUID | None
    withdrawn: bool


class EventRecorded(EventTold):
    """An event with the cases it opened."""

    model_config = example(
        id=EVENT, case=CASE, sequence=2, kind="screened", occurred="2026-03-02T10:00:00+00:00",
        recorded="2026-03-02T10:01:12Z", data={"urgency": "red"}, by="Sana Begum", organisation="county_care",
        amends=None, withdrawn=False, opened=[],
    )  # fmt: skip

    opened: list[CaseNamed]


class DutyTold(Schema):
    """A clock of a case."""

    model_config = example(
        duty="screening", ordinal=1, title="Screen the contact", triggered="2026-03-02", due="2026-03-02T13:30:00+00:00",
        met="2026-03-02T10:00:00+00:00", status="met_on_time", late=False, reason="", owner="childrens_social_care",
        force="local", reference="Procedures, page 2",
    )  # fmt: skip

    duty: str
    ordinal: int
    title: str
    triggered: str | None
    due: str | None
    met: str | None
    status: str
    late: bool
    reason: str
    owner: str
    force: str
    reference: str


class DutyProved(DutyTold):
    """A clock with the proof of its due date, line by line."""

    model_config = example(
        duty="screening", ordinal=1, title="Screen the contact", triggered="2026-03-02", due="2026-03-02T13:30:00+00:00",
        met=None, status="open", late=False, reason="", owner="childrens_social_care", force="local",
        reference="Procedures, page 2", certain=True, proof=["4 hours after 09:30"],
    )  # fmt: skip

    certain: bool
    proof: list[str]


class WholeCase(CaseTold):
    """A case with its events and clocks, what it opened, and what can be recorded next."""

    model_config = example(
        id=CASE, reference="LA-26-K7Q2M", pathway="a_pathway", person=CHILD, state="new", open=True,
        opened_at="2026-03-02T09:30:00Z", closed_at=None, lead="county_care", version=1, known_on=None, events=[],
        duties=[], opened=[], can_record=["screened"],
    )  # fmt: skip

    known_on: date | None
    events: list[EventTold]
    duties: list[DutyTold]
    opened: list[CaseNamed]
    can_record: list[str]


class WorkTold(Schema):
    """An open clock of somebody's work."""

    model_config = example(
        case=CASE, reference="LA-26-K7Q2M", person=CHILD, pathway="a_pathway", duty="screening", ordinal=1,
        due="2026-03-02T13:30:00Z",
    )  # fmt: skip

    case: UUID
    reference: str
    person: UUID | None
    about: str | None = None
    pathway: str
    duty: str
    ordinal: int
    due: datetime | None


class PathwayNamed(Schema):
    """A pathway, with the ids of its events and clocks."""

    model_config = example(
        id="a_pathway", title="A pathway", about="What it is for.", events=["received"], duties=["screening"]
    )  # fmt: skip

    id: str
    title: str
    about: str
    events: list[str]
    duties: list[str]


class DueTold(Schema):
    """When something falls due, with its proof."""

    model_config = example(due="2027-01-14", certain=True, proof=["15 working days after Monday 21 December 2026"])

    due: str | None
    certain: bool
    proof: list[str]


class PersonAsked(Schema):
    """Whom a request is about."""

    model_config = example(id=CHILD, name="Rosie Moss", born="2019-04-02")

    id: UUID
    name: str
    born: date | None


class RequestTold(Schema):
    """What an agency is asked, and until when it may answer."""

    model_config = example(
        id=EVENT, case=CASE, reference="LA-26-K7Q2M", asked_by="county_care", agency="county_police", purpose="safeguarding",
        asked_at="2026-03-02T10:05:00+00:00", due="2026-03-02T13:05:00+00:00", waits=True, question="Anything in the last year?",
        person={"id": CHILD, "name": "Rosie Moss", "born": "2019-04-02"},
    )  # fmt: skip

    id: UUID
    case: UUID
    reference: str
    asked_by: str
    agency: str
    purpose: str
    asked_at: str
    due: str | None
    waits: bool
    question: str
    person: PersonAsked


class QuestionAsked(Schema):
    """A question of the answer: `of` lists its answers, where it has a list."""

    model_config = example(name="holds", type="choice", required=True, label="What do you hold?", of={"nothing_held": "Nothing"})

    name: str
    type: str
    required: bool
    label: str
    of: dict[str, str]


class RequestAsked(RequestTold):
    """A request with the questions that may be answered today; `narrowed` says why not others."""

    model_config = example(
        id=EVENT, case=CASE, reference="LA-26-K7Q2M", asked_by="county_care", agency="county_police", purpose="safeguarding",
        asked_at="2026-03-02T10:05:00+00:00", due="2026-03-02T13:05:00+00:00", waits=True, question="Anything in the last year?",
        person={"id": CHILD, "name": "Rosie Moss", "born": "2019-04-02"}, narrowed="",
        questions=[{"name": "holds", "type": "choice", "required": True, "label": "", "of": {"nothing_held": "Nothing"}}],
    )  # fmt: skip

    questions: list[QuestionAsked]
    narrowed: str


class Answer(Schema):
    """What your agency knows: answers to the questions of the request, by their names."""

    model_config = example(data={"holds": "nothing_held"})

    data: dict[str, Any]
