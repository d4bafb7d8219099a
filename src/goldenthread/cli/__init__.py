"""The command line. Each command is in a module of its own; this one only puts them together.

What needs no database (`guidance`, `due`, `run-case`, `encode`, `match`) never loads Django. The modules in
`_WITH_RECORDS` import Django inside their commands, after `site.prepare()`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

from goldenthread import __version__

from . import capacity, clocks, encoding, figures, guidance, indicators, journeys, questions

app = typer.Typer(
    name="goldenthread",
    help="Golden Thread: one thread from a concern about a child to the partnership's published report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_WITH_RECORDS = (
    "set_up", "records", "people", "demo", "tokens", "serve", "journal", "nightly", "remind", "register", "meetings", "retention",
    "extract", "collections",
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"goldenthread {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Golden Thread: one thread from a concern about a child to the partnership's published report."""


app.add_typer(guidance.app, name="guidance")
indicators.app.add_typer(questions.app, name="questions", short_help="List and raise questions about figures.")
app.add_typer(indicators.app, name="indicators", short_help="List, run and check indicators.")
app.add_typer(figures.app, name="figures", short_help="Check published figures and show their tables.")
app.add_typer(journeys.app, name="journeys", short_help="Follow what became of a cohort, step by step.")
app.add_typer(capacity.app, name="capacity", short_help="Say when a backlog clears with so many people.")
clocks.register(app)
encoding.register(app)
for _name in _WITH_RECORDS:
    if find_spec(f"{__name__}.{_name}") is not None:
        import_module(f"{__name__}.{_name}").register(app)
