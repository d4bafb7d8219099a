"""The table of docs/look-up/pathways.md, drawn from the guidance that ships. `python -m tests.docs.pathway_table` writes it.

Which item of the partnership's list a pathway belongs to is said here; all else is read from its file and from the boards.
"""

from __future__ import annotations

from goldenthread.guidance.library import Library, shipped

from .reading import ROOT

PAGE = ROOT / "docs" / "look-up" / "pathways.md"
BEGINS, ENDS = "<!-- table: begins -->\n", "<!-- table: ends -->\n"
ITEMS: dict[int, tuple[str, ...]] = {
    1: ("contact",), 2: ("early_help",), 3: ("referral",), 4: ("assessment",), 5: ("section_47",),
    6: ("child_protection_plan",), 7: ("child_in_need",), 8: ("looked_after", "care_leaver"),
    9: ("private_fostering", "private_fostering_report"), 10: ("missing",), 11: ("exploitation",), 12: ("domestic_abuse",),
    13: ("encompass",), 14: ("allegation",), 15: ("problem_resolution",), 16: ("custody",), 17: ("prevent",),
    18: ("mappa_link",), 19: ("harmful_practices",), 20: ("education_safeguarding", "school_safeguarding"),
    21: ("adult_concern",), 22: ("dols",), 23: ("provider_quality",), 24: ("serious_incident", "practice_review"),
    25: ("adult_review",), 26: ("leder",), 27: ("domestic_homicide_review",), 28: ("child_death",),
    29: ("recommendation", "action"), 30: ("section_11",), 31: ("provider_assurance",), 32: ("multi_agency_audit",),
    33: ("inspection",), 34: ("challenge",), 35: ("risk",), 36: ("training_compliance",),
}  # fmt: skip
HEADING = "| Item | Pathway | File | About | Led by | Screen | Clocks |\n|---|---|---|---|---|---|---|\n"


def screens(library: Library, pathway: str) -> str:
    """Where people work on it: a page of its own, its boards, and always the page of each case."""
    own = []
    if library.pathways[pathway].front_door:
        own.append("`/front-door/`")
    if library.sharing.school_notices is not None and library.sharing.school_notices.pathway == pathway:
        own.append("`/encompass/`")
    if library.pathways[pathway].dispute is not None:
        own.append("`/disputes/`")
    if any(entry.number is None for entry in library.pathways[pathway].registers.values()):
        own.append("`/actions/`")
    own += [f"`/boards/{board.slug}/`" for board in library.boards.values() if pathway in board.pathways]
    return ", ".join([*own, "case page"])


def row(library: Library, item: int | None, pathway: str) -> str:
    one = library.pathways[pathway]
    cells = (
        str(item or ""), one.title, f"[{pathway}.yaml](../../src/goldenthread/guidance/pathways/{pathway}.yaml)", one.subject,
        library.roles.title_of(one.lead), screens(library, pathway), str(len(one.duties)),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def table(library: Library) -> str:
    listed = [(item, name) for item, names in ITEMS.items() for name in names if name in library.pathways]
    others = sorted(set(library.pathways) - {name for _, name in listed})
    return HEADING + "".join([row(library, *one) for one in listed] + [row(library, None, name) for name in others])


def written(text: str, library: Library) -> str:
    """The page with its table drawn anew."""
    before, rest = text.split(BEGINS)
    return before + BEGINS + "\n" + table(library) + "\n" + ENDS + rest.split(ENDS)[1]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), shipped()), encoding="utf-8")
