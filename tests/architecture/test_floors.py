"""The floors of house.md hold: imports run only downwards. The contracts are in pyproject.toml."""

from __future__ import annotations

from importlinter.cli import lint_imports

from .source import PACKAGE, modules, short


def test_imports_run_only_downwards(capsys):
    assert lint_imports(config_filename=str(PACKAGE.parents[1] / "pyproject.toml"), no_cache=True) == 0, (
        capsys.readouterr().out
    )


def test_no_room_is_a_junk_drawer():
    drawers = [short(path) for path in modules() if path.stem in ("utils", "helpers", "managers", "misc")]
    assert not drawers, f"name these for what they hold: {drawers}"


def test_every_module_says_what_it_is():
    silent = [
        short(path)
        for path in modules()
        if (text := path.read_text(encoding="utf-8").strip())
        and not text.startswith(('"""', "#!"))
        and path.name != "apps.py"
    ]
    assert not silent, f"begin these with a few lines: what it is, what it may depend on: {silent}"
