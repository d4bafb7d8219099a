"""Duties, events and conditions in plain English sentences.

Pure. A sentence is a `Phrase`: parts of text, some of which name an event or a duty, for a page to link.
Depends on the pathway's types only; what the words mean to the engine is `goldenthread.clocks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from .library import AgencyRoles
from .pathway import DutyRule, EventKind, Every, FieldType, LeadsTo, Pathway
from .terms import Test
from .words import ELAPSED, WHOLE, Dated, Interval, Unit


class Part(NamedTuple):
    """A piece of a sentence; `event`, `duty` or `pathway` is the id of what it names."""

    text: str
    event: str | None = None
    duty: str | None = None
    pathway: str | None = None


Phrase = tuple[Part, ...]


def text_of(phrase: Iterable[Part]) -> str:
    return "".join(part.text for part in phrase)


def day_in_words(day: date) -> str:
    """15 April 2013."""
    return f"{day.day} {day:%B} {day.year}"


def lower_first(text: str) -> str:
    """Ready for the middle of a sentence; abbreviations such as GP or ICPC keep their capitals."""
    first = text.split(" ", 1)[0]
    return (
        text
        if any(letter.isupper() or letter.isdigit() for letter in first[1:])
        else text[:1].lower() + text[1:]
    )


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def field_in_words(name: str) -> str:
    return name.replace("_", " ")


def either(words: Sequence[str], last: str = "or") -> str:
    """a; a or b; a, b or c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def say(*pieces: str | Part | Phrase) -> Phrase:
    """A phrase from words, parts and phrases; neighbouring words are joined."""
    found: list[Part] = []
    for piece in pieces:
        if isinstance(piece, Part):
            parts: Phrase = (piece,)
        else:
            parts = (Part(piece),) if isinstance(piece, str) else piece
        for part in parts:
            if found and part[1:] == found[-1][1:] == (None, None, None):
                found[-1] = Part(found[-1].text + part.text)
            elif part.text:
                found.append(part)
    return tuple(found)


def sentence(*pieces: str | Part | Phrase) -> Phrase:
    """A phrase with a capital and a full stop."""
    phrase = say(*pieces)
    phrase = (phrase[0]._replace(text=capital(phrase[0].text)), *phrase[1:])
    return phrase if phrase[-1].text.endswith((".", "?", "!")) else say(*phrase, ".")


def list_of(phrases: Sequence[Phrase], last: str = "or") -> Phrase:
    pieces: list[str | Phrase] = []
    for index, phrase in enumerate(phrases):
        if index:
            pieces.append(f" {last} " if index == len(phrases) - 1 else ", ")
        pieces.append(phrase)
    return say(*pieces)


@dataclass(frozen=True)
class Speaker:
    """Puts the rules of one pathway into words."""

    pathway: Pathway
    roles: AgencyRoles
    titles: Mapping[str, str]
    """Titles of all pathways, for those this one opens."""

    def event(self, kind: str) -> Part:
        return Part(lower_first(self.pathway.title_of(kind)), event=kind)

    def duty(self, identity: str) -> Part:
        return Part(f"“{self.pathway.duties[identity].title}”", duty=identity)

    def who(self, roles: Iterable[str]) -> str:
        return either([lower_first(self.roles.title_of(role)) for role in roles])

    # Conditions ---------------------------------------------------------------------------------------------

    def condition(self, kind: str, name: str, expected: Any) -> str:
        """One condition: "outcome is section 47", "the child is under 5 years old"."""
        head, dot, rest = name.partition(".")
        if head == "subject":
            return self._about_subject(rest, expected)
        owner, asked = (head, rest) if dot else (kind, name)
        subject = field_in_words(asked)
        if dot:
            subject += f" at {self.event(owner).text}"
        return f"{subject} {self._tested(owner, asked, expected)}"

    def _about_subject(self, what: str, expected: Any) -> str:
        person = f"the {self.pathway.subject}"
        if what != "age":
            return f"{person} is {either([str(one) for one in _many(expected)])}"
        if isinstance(expected, Test):
            found = []
            if expected.at_least is not None:
                found.append(f"{_number(expected.at_least)} or over")
            if expected.under is not None:
                found.append(f"under {_number(expected.under)}")
            return f"{person} is aged {' and '.join(found)}"
        return f"{person} is aged {either([_number(one) for one in _many(expected)])}"

    def _tested(self, owner: str, asked: str, expected: Any) -> str:
        question = self.pathway.events[owner].asks.get(asked)
        several = question is not None and question.type is FieldType.CHOICES
        verb = "includes" if several else "is"
        if not isinstance(expected, Test):
            return f"{verb} {either([self.answer(owner, asked, one) for one in _many(expected)])}"
        found = []
        if expected.given is not None:
            found.append("is given" if expected.given else "is not given")
        if expected.is_not is not None:
            words = either([self.answer(owner, asked, one) for one in _many(expected.is_not)])
            found.append(f"{'does not include' if several else 'is not'} {words}")
        if expected.at_least is not None:
            found.append(f"is at least {_number(expected.at_least)}")
        if expected.under is not None:
            found.append(f"is under {_number(expected.under)}")
        return " and ".join(found)

    def answer(self, owner: str, asked: str, value: Any) -> str:
        """An answer as the form words it, cut at a colon ("Red: immediate risk" is "red")."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return day_in_words(value)
        question = self.pathway.events[owner].asks.get(asked)
        label = question.of.get(str(value)) if question else None
        return lower_first(label.split(": ", 1)[0]) if label else str(value)

    def where(self, kind: str, when: Mapping[str, Any]) -> str:
        """ " where outcome is plan and score is at least 5", or nothing."""
        if not when:
            return ""
        return " where " + " and ".join(
            self.condition(kind, name, expected) for name, expected in when.items()
        )

    def matches(self, matches: Mapping[str, Mapping[str, Any]], last: str = "or") -> Phrase:
        """Events that count, each with its condition."""
        return list_of(
            [say(self.trigger(name), self._where(name, when)) for name, when in matches.items()], last
        )

    def _where(self, name: str, when: Mapping[str, Any]) -> str:
        return self.where(name.partition(".")[0], when)

    def trigger(self, name: str) -> Phrase:
        """What a clock counts from: an event, the date that an event gave, or a birthday."""
        if name.startswith("birthday "):
            return say(
                f"the {self.pathway.subject}’s {ordinal(int(name.removeprefix('birthday ')))} birthday"
            )
        kind, dot, asked = name.partition(".")
        if not dot:
            return say(self.event(kind))
        question = self.pathway.events[kind].asks.get(asked)
        named = f"day given for “{question.label}”" if question and question.label else f"{field_in_words(asked)} given"
        return say(f"the {named} in ", self.event(kind))

    # Timing -------------------------------------------------------------------------------------------------

    def timing(self, rule: DutyRule, on: date | None) -> Phrase:
        """When it is due: under the values in force on a day, or (None) under the latest."""
        phrase = self._timing(rule, on)
        if not rule.only_while or phrase is _ENDED:
            return phrase
        held = [self.condition("", name, expected) for name, expected in rule.only_while.items()]
        return say(phrase, ", only while " + " and ".join(held))

    def _timing(self, rule: DutyRule, on: date | None) -> Phrase:
        if rule.within is not None:
            return self._within(rule, value_on(rule.within, on))
        if rule.every is not None:
            steps = rule.every if isinstance(rule.every, list) else steps_on(rule.every, on)
            return self._every(rule, steps) if steps else _ENDED
        if rule.before == "next school day":
            return say("before the next school day starts, after ", self._after(rule))
        if rule.before is not None and rule.by is not None:
            length = value_on(rule.by, on)
            if length is None:
                return _ENDED
            lead = "on" if not length.amount else f"at least {length} before"
            named = (rule.after or {}).get(rule.before, {})
            when = self.where(rule.before.partition(".")[0], {**named, **rule.when})
            return say(f"{lead} ", self.trigger(rule.before), when)
        assert rule.midway is not None
        starts, end = rule.midway
        due = self.trigger(end) if "." in end else say("the day that ", self.duty(end), " is due")
        start = list_of([say(self.event(kind)) for kind in _many(starts)])
        return say("half way from ", start, self._and_where(rule, _many(starts)), " to ", due)

    def _within(self, rule: DutyRule, length: Interval | None) -> Phrase:
        if length is None:
            return _ENDED
        what = self._after(rule)
        if length.unit in WHOLE:
            return say(_to_the_end(length), what)
        if length.amount == 0:
            return say(
                "on the day of " if length.unit is not Unit.WORKING_DAYS else "by the next working day from ",
                what,
            )
        if rule.counts_trigger_day and length.unit not in ELAPSED:
            return say(f"within {length} beginning with the day of ", what)
        return say(f"within {length} after ", what)

    def _every(self, rule: DutyRule, steps: Sequence[Every]) -> Phrase:
        what = self._after(rule)
        said: list[Phrase] = [self._step(step, index, len(steps), what) for index, step in enumerate(steps)]
        pieces: list[str | Phrase] = []
        for index, phrase in enumerate(said):
            pieces += ["; ", phrase] if index else [phrase]
        numbered = any(step.first or step.second or step.third for step in steps)
        return say(*pieces) if numbered else say("after ", what, ", ", *pieces)

    def _step(self, step: Every, index: int, many: int, what: Phrase) -> Phrase:
        if step.first:
            how = _to_the_end(step.first) if step.first.unit in WHOLE else f"within {step.first} after "
            return say(f"the first {how}", what)
        if step.second:
            return say(f"the second within {step.second} of the first")
        if step.third:
            return say(f"the third within {step.third} of the second")
        if step.then:
            return say(f"{'then ' if index else ''}every {_each(step.then)}")
        pieces: list[str | Part] = [f"every {_each(step.length)}"]
        if step.during_first:
            pieces.append(f" during the first {step.during_first}")
        if step.until:
            pieces += [" until ", self.event(step.until)]
        if step.when:
            held = [
                self.condition(self.pathway.opening, name, expected) for name, expected in step.when.items()
            ]
            pieces.append(" while " + " and ".join(held))
        return say(*pieces)

    def _after(self, rule: DutyRule) -> Phrase:
        """The triggers of a clock, with the conditions on each and on all."""
        begins = list(rule.after or ([rule.before] if isinstance(rule.before, str) else {}))
        names = [name for name in begins if not name.startswith("birthday ")]
        return say(self.matches(rule.after or {}), self._and_where(rule, names), self._repeated(rule))

    def _repeated(self, rule: DutyRule) -> Phrase:
        """How often something must have happened lately, or nothing."""
        if rule.if_repeated is None:
            return ()
        lately = rule.if_repeated
        often = "once" if lately.times == 1 else "twice" if lately.times == 2 else f"{lately.times} times"
        return say(", if ", self.event(lately.event), f" came at least {often} in the {lately.within} up to then")

    def _and_where(self, rule: DutyRule, triggers: Sequence[str]) -> str:
        kind = triggers[0].partition(".")[0] if triggers else self.pathway.opening
        more = self.where(kind, rule.when)
        already = any(when for when in (rule.after or {}).values())
        return more.replace(" where ", ", and where ", 1) if already else more

    # The rest of a duty -------------------------------------------------------------------------------------

    def terms(self, identity: str, rule: DutyRule) -> list[Phrase]:
        """Every sentence about a duty after the one that says when it is due."""
        same = either([field_in_words(name) for name in rule.matching], "and") if rule.matching else ""
        of_same = f", for the same {same}" if same else ""
        found = [sentence("met by ", self.matches(rule.met_by), of_same)]
        if rule.accepts_earlier:
            how = (
                f", up to {rule.accepts_earlier} before" if isinstance(rule.accepts_earlier, Interval) else ""
            )
            found.append(sentence(f"also met when that was already done{how}"))
        if rule.counting == "first":
            found.append(sentence("only the first ", self._triggers(rule), " starts it"))
        elif rule.counting == "latest":
            found.append(
                sentence("each new ", self._triggers(rule), " starts it afresh in place of the one before", of_same)
            )
        for kind in rule.after or {}:
            received = self.pathway.events[kind].received_after if kind in self.pathway.events else None
            if received:
                found.append(
                    sentence(
                        self.event(kind),
                        f" after {received:%H:%M}, or on a day that is not a working day, counts"
                        " from the next working day",
                    )
                )
        if rule.unless:
            found.append(sentence("not needed after ", self.matches(rule.unless)))
        if rule.stops:
            found.append(sentence("stops with ", self.matches(rule.stops)))
        if rule.pauses:
            start, end = self.matches(rule.pauses.start), self.matches(rule.pauses.end)
            found.append(sentence("the clock stands still from ", start, " until ", end))
        for kind, event in self.pathway.events.items():
            if event.extends and event.extends.duty == identity:
                given = field_in_words(event.extends.to)
                found.append(
                    sentence("may be put off by ", self.event(kind), f" to the date given there ({given})")
                )
            if event.excuses and event.excuses.duty == identity:
                found.append(sentence("may be excused by ", self.event(kind), ", which says why"))
        found.append(
            sentence(
                "still to be done after the case is closed"
                if rule.survives_closure
                else "ends when the case is closed"
            )
        )
        if rule.soon:
            found.append(sentence(f"shown as due soon from {rule.soon} before"))
        if rule.target is not None:
            found.append(sentence(f"expected on time in {_number(rule.target)} per cent"))
        if not rule.in_use:
            found.append(sentence("switched off until an area switches it on in its arrangement"))
        return found

    def _triggers(self, rule: DutyRule) -> Phrase:
        begins = list(rule.after or ([rule.before] if isinstance(rule.before, str) else {}))
        names = [name for name in begins if not name.startswith("birthday ")]
        return list_of(
            [say(self.event(kind)) for kind in dict.fromkeys(name.partition(".")[0] for name in names)]
        )

    # Events -------------------------------------------------------------------------------------------------

    def happens(self, kind: str) -> list[Phrase]:
        """What an event does: who may say so, in which states, where it takes the case, what it opens."""
        event = self.pathway.events[kind]
        role = f", by someone whose role lets them {field_in_words(event.needs)}" if event.needs else ""
        found = [sentence("recorded by ", self.who(event.by), role)]
        if event.opens:
            found.append(sentence("opens the case"))
        elif event.in_states:
            states = either([f"“{self.pathway.states[state].title}”" for state in event.in_states])
            found.append(sentence("only while the case is ", states))
        found += self._moves(kind, event)
        if event.reopens:
            found.append(sentence("opens a closed case again"))
        if event.closes:
            found.append(sentence("closes the case"))
        for leads in event.leads_to:
            condition = self.where(kind, leads.when).replace(" where ", " when ", 1)
            name = Part(self.titles.get(leads.open, leads.open), pathway=leads.open)
            found.append(sentence("opens ", name, self._for_whom(event, leads), condition))
        if event.received_after:
            found.append(
                sentence(f"after {event.received_after:%H:%M} clocks count from the next working day")
            )
        if event.extends:
            found.append(sentence("puts off ", self.duty(event.extends.duty)))
        if event.excuses:
            found.append(sentence("excuses ", self.duty(event.excuses.duty)))
        return found

    def _for_whom(self, event: EventKind, leads: LeadsTo) -> str:
        if leads.about is not None and leads.about in event.asks:
            return f" about the organisation named in “{event.asks[leads.about].label or field_in_words(leads.about)}”"
        return f" {'about' if self.pathway.subject == 'organisation' else 'for'} the same {self.pathway.subject}"

    def _moves(self, kind: str, event: EventKind) -> list[Phrase]:
        found = []
        for state, when in event.to_when:
            condition = self.where(kind, when).replace(" where ", " when ", 1)
            found.append(sentence(f"moves the case to “{self.pathway.states[state].title}”{condition}"))
        if event.to:
            otherwise = "otherwise moves" if event.to_when else "moves"
            found.append(sentence(f"{otherwise} the case to “{self.pathway.states[event.to].title}”"))
        return found


_ENDED: Phrase = (Part("the rule was not in force"),)


def value_on(dated: Dated[Interval], on: date | None) -> Interval | None:
    """The value in force on a day; with no day, the latest."""
    return dated.on(on) if on else dated.steps[-1][1]


def steps_on(dated: Mapping[date, list[Every] | None], on: date | None) -> list[Every] | None:
    """The steps of a recurring clock in force on a day; with no day, the latest."""
    days = sorted(day for day in dated if on is None or day <= on)
    return dated[days[-1]] if days else None


def _to_the_end(length: Interval) -> str:
    """A length in whole calendar months or years: it ends with one."""
    unit = length.unit.value.removeprefix("whole ").removesuffix("s")
    if length.amount < 2:
        return f"by the end of the calendar {unit} {'after that' if length.amount else ''} of ".replace("  ", " ")
    return f"by the end of the calendar {unit} {length.amount} {unit}s after that of "


def _each(length: Any) -> str:
    """ "every 6 months", but "every month" and not "every 1 month"."""
    unit = length.unit.value.replace("whole", "calendar")
    if length.amount == 1:
        return str(unit[:-1])
    if length.unit in WHOLE:
        return f"{length.amount} {unit}"
    return str(length) if length.unit not in ELAPSED else f"{length.amount} {unit}"


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)
