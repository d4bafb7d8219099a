"""Triggers that let the events of a case be deleted only while it is destroyed under a certificate.

The order they force, all in one transaction (docs/decisions/0018-destroying-under-a-certificate.md): a licence, which the
database refuses to commit; the case's line of a certificate, which needs the licence and stays for ever; the deletes, which
need both; the licence taken away. A case that has a line can have no licence again. Used by a migration; PostgreSQL and
SQLite.
"""

from __future__ import annotations

from typing import Any

EVENTS, LINES, LICENCES = "casework_event", "casework_destroyedcase", "casework_destructionlicence"
_LICENSED = f"EXISTS (SELECT 1 FROM {LICENCES} WHERE \"case\" = {{row}})"
_LISTED = f"EXISTS (SELECT 1 FROM {LINES} WHERE \"case\" = {{row}})"

#: Trigger: (table, verb, what must hold of the row, what is said where it does not).
_RULES = {
    f"{EVENTS}_no_delete": (
        EVENTS, "DELETE", f"{_LICENSED} AND {_LISTED}".format(row="OLD.case_id"), f"{EVENTS} is append-only: delete refused"
    ),
    f"{LINES}_licensed": (
        LINES, "INSERT", _LICENSED.format(row='NEW."case"'),
        "a case is listed as destroyed only while it is being destroyed",
    ),
    f"{LICENCES}_once": (
        LICENCES, "INSERT", "NOT " + _LISTED.format(row='NEW."case"'), "this case was destroyed already: it has a certificate"
    ),
}  # fmt: skip

_SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN NOT ({holds})
BEGIN SELECT RAISE(ABORT, '{said}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ({holds}) THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN {row};
END $$
"""
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_rule()"


def under_certificate(apps: Any, editor: Any) -> None:
    """Take the place of the trigger that refused every delete of an event."""
    on_postgresql = editor.connection.vendor == "postgresql"
    _drop(editor)
    for name, (table, verb, holds, said) in _RULES.items():
        words = {"name": name, "table": table, "verb": verb, "holds": holds, "said": said}
        if on_postgresql:
            row = "OLD" if verb == "DELETE" else "NEW"
            editor.execute(_POSTGRESQL_FUNCTION.format(row=row, **words), params=None)
        editor.execute((_POSTGRESQL if on_postgresql else _SQLITE).format(**words), params=None)


def _drop(editor: Any) -> None:
    for name, (table, *_) in _RULES.items():
        where = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{where}", params=None)


def refuse_again(apps: Any, editor: Any) -> None:
    """Backwards: events can never be deleted."""
    from goldenthread.foundation.append_only import append_only

    _drop(editor)
    append_only(EVENTS)[0](apps, editor)
