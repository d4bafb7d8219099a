"""Keeping what the matching found as the queue of possible matches. Decisions of people are never overwritten.

Depends on `models`, `matching`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from goldenthread.foundation.action import Action
from goldenthread.foundation.capability import Capability

from ..matching.grading import Match
from ..matching.policies import ordered
from ..models import Person, PossibleMatch

SUREST = "very_likely"
_BATCH = 500


class KeepMatches(Action[dict[str, int]]):
    """Make the queue what was just found. Pairs that are no longer found leave it; a pair that a person has decided is
    asked again only if it was not very likely then and is now. Returns how many are new, open, and gone."""

    name = "people.match"
    needs = Capability.IMPORT_RECORDS

    def perform(self, matches: Sequence[Match]) -> dict[str, int]:
        now = timezone.now()
        found = {ordered(UUID(match.one), UUID(match.two)): match for match in matches}
        live = self._live({pk for pair in found for pk in pair})
        kept = {(row.one_id, row.other_id): row for row in PossibleMatch.objects.select_for_update()}
        new, changed, gone = [], [], []
        for pair, match in found.items():
            if not live.issuperset(pair):
                continue
            row = kept.get(pair)
            if row is None:
                new.append(_filled(PossibleMatch(one_id=pair[0], other_id=pair[1], found_at=now), match))
            elif row.state == PossibleMatch.State.OPEN:
                changed.append(_filled(row, match))
            elif row.state == PossibleMatch.State.DIFFERENT and row.grade != SUREST == match.grade:
                row.state, row.found_at = PossibleMatch.State.OPEN, now
                changed.append(_filled(row, match))
        gone = [
            row.pk
            for pair, row in kept.items()
            if row.state == PossibleMatch.State.OPEN and pair not in found
        ]
        PossibleMatch.objects.bulk_create(new, batch_size=_BATCH)
        fields = ["state", "grade", "probability", "weight", "levels", "cautions", "found_at"]
        PossibleMatch.objects.bulk_update(changed, fields, batch_size=_BATCH)
        for start in range(0, len(gone), _BATCH):
            PossibleMatch.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
        counts = {"new": len(new), "open": len(new) + len(changed), "gone": len(gone)}
        self.note("matching", "people", **counts)
        return counts

    @staticmethod
    def _live(ids: set[UUID]) -> set[UUID]:
        """Those of them who are still there: records may have been joined while the matching ran."""
        wanted, live = sorted(ids), set()
        for start in range(0, len(wanted), _BATCH):
            rows = Person.objects.filter(pk__in=wanted[start : start + _BATCH], merged_into=None)
            live |= set(rows.values_list("pk", flat=True))
        return live


def _filled(row: PossibleMatch, match: Match) -> PossibleMatch:
    row.grade, row.probability, row.weight = match.grade, match.probability, match.weight
    row.levels, row.cautions = dict(match.levels), list(match.cautions)
    return row
