"""A new contact in four short pages: who tells us, the children, the concern, check. Each is kept as it is typed.

Nothing is registered or opened before it is sent; then all of it at once, by `casework.actions.SendContact`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, pathways
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import Hit, family_of, possible_duplicates, search

from ..actions.send_contact import Contact, SendContact
from ..child_page import SIBLINGS, age_in_words, relation
from ..forms.event import Asked, EventForm, Typed
from ..new_contact import (
    FIELDS,
    MOST,
    PAGES,
    REPORTER,
    NewChild,
    children_in,
    details_of,
    needed,
    opening_form,
)
from ..words import answers_in_words
from .common import actor_of, agencies_for, kept

TITLES = {"who": "Who is telling us?", "children": "Which children is it about?", "concern": "The concern",
          "check": "Check before you send"}  # fmt: skip
NAME = "New contact"


@policy(Capability.RECORD_EVENTS)
def start(request: HttpRequest) -> HttpResponse:
    """Begin a contact; `child` names one that it is about."""
    _front_door()
    child = request.GET.get("child", "")
    address = reverse("casework:new-contact-page", args=[uuid4(), PAGES[0]])
    return HttpResponseRedirect(f"{address}?child={child}" if child else address)


@policy(Capability.RECORD_EVENTS)
def page(request: HttpRequest, draft: UUID, page: str) -> HttpResponse:
    """One page of a contact that is being written."""
    if page not in PAGES:
        raise Http404
    writing = ContactWriting(request, actor_of(request), draft, page)
    if request.method == "POST" and request.POST.get("_step") == "discard":
        for name in PAGES:
            DiscardDraft(writing.actor).run(writing.key(name))
        return HttpResponseRedirect(reverse("casework:new-contact"))
    show = {"who": writing.who, "children": writing.children, "concern": writing.concern, "check": writing.check}
    return show[page]()


def _front_door() -> Pathway:
    """The pathway that is shown as a board: what a contact opens."""
    found = next((one for one in pathways(arrangement_for(None)).values() if one.front_door), None)
    if found is None:
        raise Http404
    return found


class ContactWriting:
    """One person writing one contact."""

    def __init__(self, request: HttpRequest, actor: Actor, draft: UUID, page: str) -> None:
        self.request, self.actor, self.draft, self.page = request, actor, draft, page
        self.pathway = _front_door()
        self.posted = Typed.sent(request.POST) if request.method == "POST" else None

    # What is kept ---------------------------------------------------------------------------------------------

    def key(self, page: str) -> str:
        return f"contact/new/{self.draft}/{page}"

    def address(self, page: str) -> str:
        return reverse("casework:new-contact-page", args=[self.draft, page])

    def kept(self, page: str) -> Typed | None:
        found = kept(self.actor, self.key(page))
        return found[0] if found else None

    def keep(self, page: str, body: dict[str, Any]) -> None:
        title = {"_draft_address": self.address(page), "_draft_title": f"{NAME}: {TITLES[page].lower().rstrip('?')}"}
        SaveDraft(self.actor).run(self.key(page), {**body, **title})

    def next(self, page: str) -> HttpResponse:
        """On to the next page, or back to check where that is where one came from."""
        after = "check" if self.request.GET.get("back") == "check" else PAGES[PAGES.index(page) + 1]
        return HttpResponseRedirect(self.address(after))

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        place = PAGES.index(self.page)
        back = self.address("check") if self.request.GET.get("back") == "check" and self.page != "check" else ""
        context |= {
            "title": TITLES[self.page], "number": place + 1, "of": len(PAGES), "address": self.request.get_full_path(),
            "back": back or (self.address(PAGES[place - 1]) if place else reverse("casework:new-contact")),
            "first": not place, "person_age": lambda person: age_in_words(person, timezone.localdate()),
            "draft": {"key": self.key(self.page), "version": None, "address": self.address(self.page),
                      "title": f"{NAME}: {TITLES[self.page].lower().rstrip('?')}"},
        }  # fmt: skip
        return render(self.request, f"casework/{template}.html", context, status=status)

    # Who is telling us ----------------------------------------------------------------------------------------

    def who(self) -> HttpResponse:
        typed = self.posted or self.kept("who")
        form = opening_form(self.pathway, typed)
        shown = [asked for asked in form.questions if asked.name in REPORTER]
        if self.posted is not None:
            occurred, _ = form.read()
            self.require(form, REPORTER)
            self.keep("who", self.posted.plain())
            self.begin_with(self.posted.one("with"))
            if occurred is not None and not self.errors(form, [form.when, *shown]):
                return self.next("who")
        else:
            self.require(form, REPORTER, check=False)
            journal.read(self.actor, "contact.form", "draft", str(self.draft), page="who")
        return self.show(
            "contact_new_who", 422 if self.posted and form.errors else 200, form=form, questions=shown,
            errors=self.errors(form, [form.when, *shown]), agencies=self.agencies(), chosen=typed.one("_agency") if typed else "",
            start_with=self.request.GET.get("child", "") or (typed.one("with") if typed else ""),
        )  # fmt: skip

    def begin_with(self, child: str) -> None:
        """The child that the contact was begun from is the first of its children."""
        if not child or self.kept("children") is not None:
            return
        try:
            person = PersonPolicy.living(self.actor, pk=UUID(child))
        except (ValueError, Http404):
            return
        self.keep("children", {"child": [NewChild(uuid4().hex[:8], str(person.pk)).kept()]})

    def agencies(self) -> list[tuple[str, str]]:
        """Agencies one may write for: any, for those who screen; one's own, for those who act for several."""
        if self.actor.may(Capability.SCREEN_CONTACTS):
            return agencies_for(self.actor, None)[1]
        if len(self.actor.organisation_ids) > 1:
            return list(Organisation.objects.filter(pk__in=self.actor.organisation_ids).values_list("slug", "title"))
        return []

    def require(self, form: EventForm, names: Sequence[str], *, check: bool = True) -> None:
        """Mark what the front door cannot do without; with `check`, as missing where it is."""
        by_name = {asked.name: asked for asked in form.questions}
        for name, message in needed(self.pathway):
            asked = by_name.get(name)
            if asked is None or name not in names:
                continue
            asked.required = True
            if check and not (asked.text.strip() or asked.chosen):
                asked.wrong(message)

    @staticmethod
    def errors(form: EventForm, shown: Sequence[Asked]) -> list[tuple[str, str]]:
        return [(asked.target, message) for asked in shown for message in asked.errors]

    # The children ---------------------------------------------------------------------------------------------

    def children(self) -> HttpResponse:
        typed = self.posted or self.kept("children")
        found = children_in(typed)
        context: dict[str, Any] = {"values": {name: typed.one(name) if typed else "" for name in (*FIELDS, "not_known")}}
        status = 200
        if self.posted is None:
            journal.read(self.actor, "contact.form", "draft", str(self.draft), page="children")
        else:
            found, more, status = self.changed(self.posted, found)
            if more.pop("done", False):
                self.keep_children(found, self.posted, clear=True)
                return self.next("children")
            clear = bool(more.pop("added", False))
            self.keep_children(found, self.posted, clear=clear)
            if clear:
                context["values"] = dict.fromkeys(context["values"], "")
            context |= more
        if not context["values"]["area"]:
            context["values"]["area"] = self.own_area()
        known = self.people(found)
        return self.show("contact_new_children", status, **{
            "found": [(child, known.get(child.person)) for child in found], "kept_children": [child.kept() for child in found],
            "families": self.suggested(found, known), "areas": self.areas(), "may_register": self.may_register,
            "related": typed.one("related") if typed else "",
            "query": typed.one("q") if typed and not context.get("clear_q") else "",
            "full": len(found) >= MOST, **context,
        })  # fmt: skip

    def changed(self, typed: Typed, found: list[NewChild]) -> tuple[list[NewChild], dict[str, Any], int]:
        """What the button pressed does to the list; and what the page then shows."""
        if typed.one("_remove"):
            return [child for child in found if child.key != typed.one("_remove")], {}, 200
        if typed.one("_add"):
            person = PersonPolicy.living(self.actor, pk=_uuid(typed.one("_add")))
            if str(person.pk) not in {child.person for child in found}:
                found = [*found, NewChild(uuid4().hex[:8], str(person.pk))]
            return found, {"added": True, "clear_q": True}, 200
        if typed.one("_step") == "search":
            return found, self.searched(typed.one("q")), 200
        if typed.one("_step") in ("new", "sure"):
            return self.described(typed, found)
        if not found:
            message = "Add at least one child: find them, or give what is known of them"
            return found, {"errors": [("q", message)]}, 422
        return found, {"done": True}, 200

    def searched(self, text: str) -> dict[str, Any]:
        if not text.strip():
            return {"errors": [("q", "Enter a name, a date of birth or a number to find a child")]}
        result = search(self.actor, text, 8)
        ids = [str(hit.person.pk) for hit in result.hits]
        journal.search(self.actor, "new_contact", ids, terms=result.sought.terms)
        return {"hits": result.hits, "more": result.more, "searched": True}

    def described(self, typed: Typed, found: list[NewChild]) -> tuple[list[NewChild], dict[str, Any], int]:
        """A child who is not known: checked, and looked for before being added."""
        if not self.may_register:
            raise NotAllowed("Your role does not include registering people.")
        read = details_of({name: typed.one(name) for name in (*FIELDS, "not_known")})
        if read.errors:
            errors = [(f"new-{name}", message) for name, message in read.errors.items()]
            return found, {"errors": errors, "wrong": read.errors, "open_new": True}, 422
        if typed.one("_step") == "new":
            matches = self.matches(read.child, read.born)
            if matches:
                return found, {"matches": matches, "about_new": read.child, "open_new": True}, 200
        return [*found, read.child], {"added": True, "clear_q": True}, 200

    def matches(self, child: NewChild, born: Any) -> list[Hit]:
        names = [child.name] if child.given_name or child.family_name else []
        if not names and born is None:
            return []
        hits = possible_duplicates(self.actor, names, born)
        if child.expected:  # an unborn child is not one who is born
            hits = [hit for hit in hits if hit.person.born is None]
        ids = [str(hit.person.pk) for hit in hits]
        journal.search(self.actor, "new_contact", ids, terms=["name", "date of birth"])
        return hits

    def keep_children(self, found: Sequence[NewChild], typed: Typed, *, clear: bool) -> None:
        body: dict[str, Any] = {"child": [child.kept() for child in found], "related": typed.one("related")}
        if not clear:
            body |= {name: typed.one(name) for name in (*FIELDS, "not_known", "q") if typed.one(name)}
        self.keep("children", body)

    def people(self, found: Sequence[NewChild]) -> dict[str, Person]:
        ids = [child.person for child in found if child.person]
        return {str(person.pk): person for person in PersonPolicy.visible_to(self.actor).filter(pk__in=ids)}

    def suggested(self, found: Sequence[NewChild], known: dict[str, Person]) -> list[tuple[str, Person]]:
        """Brothers and sisters of the children so far, to be added with one press."""
        there = {child.person for child in found}
        rows: dict[str, tuple[str, Person]] = {}
        for person in known.values():
            for row in family_of(self.actor, person):
                if row.kind in SIBLINGS and row.may_open and str(row.other_id) not in there:
                    rows[str(row.other_id)] = (f"{person.name}’s {relation(row).lower()}", row.other)
        return list(rows.values())

    @property
    def may_register(self) -> bool:
        return self.actor.may(Capability.REGISTER_PEOPLE)

    @staticmethod
    def areas() -> list[tuple[str, str]]:
        """Places a child may live in: districts, and the authorities they lie in where the district is not known."""
        wholes = set(Area.objects.filter(kind="partnership").values_list("slug", flat=True))
        rows = Area.objects.exclude(slug__in=wholes).order_by("title").values_list("slug", "title", "kind")
        return [(slug, title if kind == "district" else f"{title}, district not known" if kind == "county" else title)
                for slug, title, kind in rows]  # fmt: skip

    def own_area(self) -> str:
        own = Organisation.objects.filter(pk__in=self.actor.organisation_ids).select_related("area").first()
        return own.area.slug if own and own.area and own.area.kind != "partnership" else ""

    # The concern ----------------------------------------------------------------------------------------------

    def concern(self) -> HttpResponse:
        found = children_in(self.kept("children"))
        if not found:
            return HttpResponseRedirect(self.address("children"))
        typed = self.posted or self.kept("concern")
        form = opening_form(self.pathway, typed)
        shown = [asked for asked in form.questions if asked.name not in REPORTER]
        if self.posted is not None:
            form.read()
            self.require(form, [asked.name for asked in shown])
            self.keep("concern", self.posted.plain())
            if not self.errors(form, shown):
                return self.next("concern")
        else:
            self.require(form, [asked.name for asked in shown], check=False)
            journal.read(self.actor, "contact.form", "draft", str(self.draft), page="concern")
        each = self.each_voice(form, found, typed) if len(found) > 1 else []
        return self.show(
            "contact_new_concern", 422 if self.posted else 200, errors=self.errors(form, shown),
            questions=[asked for asked in shown if not (each and asked.voice)], each=each,
        )  # fmt: skip

    def each_voice(self, form: EventForm, found: Sequence[NewChild], typed: Typed | None) -> list[dict[str, str]]:
        """Each child's own words, asked for apart."""
        names = self.names(found)
        return [
            {"name": f"{asked.name}--{child.key}", "label": f"What did {names[child.key]} say, in their own words?",
             "text": typed.one(f"{asked.name}--{child.key}") if typed else ""}
            for asked in form.voice
            for child in found
        ]  # fmt: skip

    def names(self, found: Sequence[NewChild]) -> dict[str, str]:
        known = self.people(found)
        return {child.key: known[child.person].name if child.person in known else child.name for child in found}

    # Check and send -------------------------------------------------------------------------------------------

    def check(self) -> HttpResponse:
        parts = {name: self.kept(name) for name in PAGES[:3]}
        if parts["who"] is None:
            return HttpResponseRedirect(self.address("who"))
        form, found = self.whole(parts), children_in(parts["children"])
        occurred, given = form.read()
        self.require(form, [asked.name for asked in form.questions])
        errors = [(self.page_of(target), message) for target, message in form.errors]
        if not found:
            errors.append((self.address("children"), "Add at least one child, known or not"))
        if self.posted is not None and not errors and occurred is not None:
            contact = Contact(
                occurred, {name: value for name, value in given.items() if value not in (None, "", [])}, found,
                bool(parts["children"] and parts["children"].one("related")), self.voices(form, parts["concern"], found),
                self.organisation(parts["who"]),
            )  # fmt: skip
            try:
                cases = SendContact(self.actor).run(self.pathway, contact)
            except Invalid as error:
                errors = [(self.address("children"), message) for each in error.errors.values() for message in each]
            else:
                for name in PAGES:
                    DiscardDraft(self.actor).run(self.key(name))
                return HttpResponseRedirect(f"{reverse('casework:contact', args=[cases[0].pk])}?sent=1")
        if self.posted is None:
            journal.read(self.actor, "contact.form", "draft", str(self.draft), page="check")
        answers = answers_in_words(form.event, given, {})
        names = self.names(found)
        voices = self.voices(form, parts["concern"], found)
        said = [(names[child.key], words) for child in found for words in voices.get(child.key, {}).values()]
        return self.show(
            "contact_new_check", 422 if errors else 200, errors=errors, found=[(child, names[child.key]) for child in found],
            occurred=occurred, who=[one for one in answers if one.name in REPORTER],
            concern=[one for one in answers if one.name not in REPORTER], said=said,
            related=bool(parts["children"] and parts["children"].one("related")), agency=self.organisation(parts["who"]),
            pages={name: f"{self.address(name)}?back=check" for name in PAGES},
        )  # fmt: skip

    def whole(self, parts: dict[str, Typed | None]) -> EventForm:
        """Both pages' answers in one form."""
        body: dict[str, Any] = {}
        for name in ("who", "concern"):
            part = parts[name]
            if part is not None:
                body |= part.plain()
        return opening_form(self.pathway, Typed.kept(body))

    def page_of(self, target: str) -> str:
        name = target.removeprefix("q-").partition("-")[0]
        return self.address("who" if name in (*REPORTER, "occurred") else "concern") + "?back=check"

    @staticmethod
    def voices(form: EventForm, typed: Typed | None, found: Sequence[NewChild]) -> dict[str, dict[str, str]]:
        if typed is None or len(found) < 2:
            return {}
        each: dict[str, dict[str, str]] = {}
        for child in found:
            said = {asked.name: typed.one(f"{asked.name}--{child.key}").strip() for asked in form.voice}
            each[child.key] = {name: words for name, words in said.items() if words}
        return each

    def organisation(self, typed: Typed | None) -> Organisation | None:
        slug = typed.one("_agency") if typed else ""
        return OrganisationPolicy.visible_to(self.actor).filter(slug=slug, active=True).first() if slug else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
