"""Tables to which rows are only added: the database itself refuses everything else, on SQLite and PostgreSQL.

In a migration:    operations = [append_only("institutions_reportstep")]
and the table's name in settings.APPEND_ONLY_TABLES, so that `verify_audit` and the tests look after it.

A later migration that alters such a table has to end with `append_only` again: on SQLite Django then makes the table
anew, and the triggers of the old one are gone. Adding them twice does no harm.

Who owns the tables in the database can still drop the triggers. That is what the chain of seals is for.
"""

from django.conf import settings
from django.db import NotSupportedError, migrations

_SENTENCE = "{table} 只增不改：不能修改或删除已有的行"

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{sentence}' USING ERRCODE = 'restrict_violation';
END $$
"""
# `ALWAYS`: also where a session says that it only replays what another server did
_POSTGRESQL = {
    "no_update": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    "no_delete": "CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
    "no_truncate": "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
}
# INSERT OR REPLACE deletes the row that is in its way without telling the trigger for deletes.
_SQLITE = {
    "no_update": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
    "no_delete": "CREATE TRIGGER {name} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
    "no_replace": "CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
    "BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
}


def append_only(table: str) -> migrations.RunPython:
    """The operation of a migration that guards this table; undone it lifts the guard."""
    return migrations.RunPython(
        lambda apps, editor: guard(editor.connection, table),
        lambda apps, editor: lift(editor.connection, table),
    )


def guard(connection, table: str) -> None:
    """Have the database refuse to change or delete rows of this table (IntegrityError)."""
    lift(connection, table)
    sentence = _SENTENCE.format(table=table)
    triggers = _triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION.format(table=table, sentence=sentence))
        taken = _taken(connection, cursor, table) if connection.vendor == "sqlite" else ""
        for kind, statement in triggers.items():
            name = f"{table}_{kind}"
            cursor.execute(statement.format(name=name, table=table, sentence=sentence, taken=taken))
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def lift(connection, table: str) -> None:
    """Take the guard of this table away, if it has one."""
    triggers = _triggers(connection)
    with connection.cursor() as cursor:
        for kind in triggers:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{kind} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{kind}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")


def unguarded(connection) -> list[str]:
    """Names of the triggers that should be there (settings.APPEND_ONLY_TABLES) and are not, are switched off, or do
    something else than refuse."""
    wanted = {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        found = {name: _words(*what) for name, *what in cursor.fetchall()}
        for table in settings.APPEND_ONLY_TABLES:
            sentence = _SENTENCE.format(table=table)
            taken = _taken(connection, cursor, table) if connection.vendor == "sqlite" else ""
            for kind, statement in _triggers(connection).items():
                name = f"{table}_{kind}"
                if connection.vendor == "postgresql":
                    body = _POSTGRESQL_FUNCTION.format(table=table, sentence=sentence).split("$$")[1]
                    wanted[name] = _words(table, f"{table}_refuse", body)
                else:
                    wanted[name] = _words(statement.format(name=name, table=table, sentence=sentence, taken=taken))
    return [name for name, what in wanted.items() if found.get(name) != what]


# every trigger that is switched on: its name, and what it does
_STANDING = {
    "postgresql": "SELECT t.tgname, c.relname, p.proname, p.prosrc FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND t.tgenabled = 'A'",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
}


def _words(*texts: str) -> tuple[str, ...]:
    """Line breaks and indents do not matter."""
    return tuple(" ".join(text.split()) for text in texts)


def _triggers(connection) -> dict[str, str]:
    try:
        return {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}[connection.vendor]
    except KeyError:
        raise NotSupportedError(f"不支持的数据库：{connection.vendor}。请用 PostgreSQL 或 SQLite。") from None


def _taken(connection, cursor, table: str) -> str:
    """SQL that says that a new row is in the way of one that is there: by the key, or anything else that is unique."""
    constraints = connection.introspection.get_constraints(cursor, table).values()
    keys = [each["columns"] for each in constraints if each["primary_key"] or each["unique"]]
    return " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys)
