"""Reads the documentation: its pages, their fenced blocks and their links. Knows only the standard library.

A fence says what it holds and how it is checked: `console` is run, `console no-run: why` is counted with its reason,
`yaml case` is run as a case, `yaml file=NAME` is also written to the page's folder for the commands below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```[ \t]*$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page. `line` is the line of its fence."""

    page: str
    line: int
    language: str
    words: str
    """What the fence says after the language."""
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def why_not_run(self) -> str | None:
        """The reason a console block is not run; None where it is. Empty where no reason is given."""
        if not self.words.startswith("no-run"):
            return None
        return self.words.removeprefix("no-run").lstrip(":").strip()

    @property
    def file(self) -> str | None:
        """The file that the reader saves this block as."""
        found = re.search(r"\bfile=(\S+)", self.words)
        return found.group(1) if found else None

    @property
    def kind(self) -> str:
        """What a sample is: the words of its fence without the file."""
        return re.sub(r"\bfile=\S+", "", self.words).strip()


def pages() -> list[Path]:
    """Every page of documentation."""
    tops = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [*(page for page in tops if page.exists()), *sorted((ROOT / "docs").rglob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in _FENCE.finditer(text):
        language, _, words = fence["info"].strip().partition(" ")
        indent = fence["indent"]
        body = "".join(line.removeprefix(indent) for line in fence["body"].splitlines(keepends=True))
        found.append(Block(name(page), text.count("\n", 0, fence.start()) + 1, language, words.strip(), body))
    return found


def prose(page: Path) -> str:
    """The page without its blocks, for reading links and words; lines keep their numbers."""
    return _FENCE.sub(lambda fence: "\n" * fence.group().count("\n"), page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make, as GitHub and other renderers make them."""
    made: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", prose(page), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower().replace("`", "")).strip().replace(" ", "-")
        anchor, number = slug, 0
        while anchor in made:
            number += 1
            anchor = f"{slug}-{number}"
        made.add(anchor)
    return made
