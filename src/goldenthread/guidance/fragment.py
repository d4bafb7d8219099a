"""A fragment: events and clocks that several pathways share, such as asking agencies what they know.

One YAML file under `fragments/` a fragment; a pathway takes it up with `uses: [asking_agencies]`. What the pathway says
itself under the same key stands in place of the fragment's. In a fragment the role `lead` means the pathway's own lead.
Pure; depends on `pathway` and `terms`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from .pathway import DutyRule, EventKind, Pathway
from .register import Registered
from .terms import Slug, Strict, Text

LEAD = "lead"


class Fragment(Strict):
    """Events and duties, as the fragment's file says them."""

    id: Slug
    about: Text
    events: Mapping[Slug, EventKind]
    duties: Mapping[Slug, DutyRule] = Field(default_factory=dict)
    registers: Mapping[Slug, Registered] = Field(default_factory=dict)


def taken_up(pathway: Pathway, fragments: Mapping[str, Fragment]) -> Pathway:
    """The pathway with the fragments it uses laid under its own events and duties. Unknown names are left to the checks."""
    events: dict[str, EventKind] = dict(pathway.events)
    duties: dict[str, DutyRule] = dict(pathway.duties)
    registers: dict[str, Registered] = dict(pathway.registers)
    for name in pathway.uses:
        if name not in fragments:
            continue
        fragment = fragments[name]
        for kind, event in fragment.events.items():
            events.setdefault(kind, event.model_copy(update={"by": _roles(event.by, pathway)}))
        for identity, rule in fragment.duties.items():
            duties.setdefault(identity, rule.model_copy(update={"owner": _role(rule.owner, pathway)}))
        for name_, entry in fragment.registers.items():
            registers.setdefault(name_, entry)
    changed = {"events": events, "duties": duties, "registers": registers}
    return pathway.model_copy(update=changed) if pathway.uses else pathway


def _roles(names: list[str], pathway: Pathway) -> list[str]:
    """Each once, where the pathway's lead is named beside `lead`."""
    return list(dict.fromkeys(_role(one, pathway) for one in names))


def _role(name: str, pathway: Pathway) -> str:
    return pathway.lead if name == LEAD else name
