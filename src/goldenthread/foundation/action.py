"""Actions: the only writers. One class a mutation; permission, validation, change and journal in one transaction.

The same action serves the browser, the API, imports and the command line. Depends on `actor`, `capability`, `journal`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction

from . import journal
from .actor import Actor, NotAllowed
from .capability import Capability
from .journal import Note

Result = TypeVar("Result")


class Invalid(Exception):
    """What was given cannot be accepted. `errors` maps a field ('' for the whole) to messages fit to show."""

    def __init__(self, errors: Mapping[str, str | Iterable[str]] | str) -> None:
        if isinstance(errors, str):
            errors = {"": errors}
        self.errors: dict[str, list[str]] = {
            name: [messages] if isinstance(messages, str) else list(messages)
            for name, messages in errors.items()
        }
        super().__init__("; ".join(self.messages))

    @property
    def messages(self) -> list[str]:
        """Every message, in order, whichever field it is about."""
        return [message for messages in self.errors.values() for message in messages]


class Stale(Exception):
    """Someone else changed the record since it was opened. Nothing was written; show both and let the person choose."""

    def __init__(self, opened_at_version: int, current_version: int) -> None:
        self.opened_at_version = opened_at_version
        self.current_version = current_version
        super().__init__(f"changed from version {opened_at_version} to {current_version}")


class Action(Generic[Result]):
    """One mutation. `SomeAction(actor).run(...)` checks `needs`, runs `perform`, journals what it noted.

    A subclass sets `name` and `needs` (None only where `perform` decides, and says why) and calls `note` at least once:
    an action that leaves no trace is a fault and is rolled back.
    """

    name: ClassVar[str]
    needs: ClassVar[Capability | None]

    def __init__(self, actor: Actor | None) -> None:
        if actor is None:
            raise NotAllowed("No one is signed in.")
        self.actor = actor
        self._notes: list[Note] = []
        self._quiet = ""

    def run(self, *args: Any, **kwargs: Any) -> Result:
        """Raises NotAllowed, Invalid or Stale with nothing written."""
        if self.needs is not None:
            self.actor.require(self.needs)
        with transaction.atomic():
            result = self.perform(*args, **kwargs)
            if not self._notes and not self._quiet:
                raise RuntimeError(f"{self.name} wrote nothing to the journal")
            journal.write(self.actor, self._notes)
        self._notes, self._quiet = [], ""
        return result

    def perform(self, *args: Any, **kwargs: Any) -> Result:
        raise NotImplementedError

    def note(self, subject_type: str, subject_id: object, **detail: Any) -> None:
        """Journal that this action touched a record. `detail` holds ids, kinds and field names, never what they say."""
        self._notes.append(Note(self.name, subject_type, str(subject_id), detail))

    def quiet(self, reason: str) -> None:
        """Say why this run needs no journal entry, such as a load that found nothing to change."""
        self._quiet = reason
