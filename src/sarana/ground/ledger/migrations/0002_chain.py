"""The chain: seals, what waits for one, and triggers that let entries and seals only be added to."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = ("ledger_entry", "ledger_seal")
ONLY_ADDED_TO = "LEDGER-003 The ledger is only ever added to: nothing in it is changed or taken away."

SQLITE = [
    *(
        f"""CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}
            BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED_TO}'); END"""
        for table in KEPT
        for act in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE would take a row away without asking the trigger on DELETE.
    f"""CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
        WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id OR ref = NEW.ref)
        BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED_TO}'); END""",
    f"""CREATE TRIGGER ledger_seal_no_replace BEFORE INSERT ON ledger_seal
        WHEN EXISTS (SELECT 1 FROM ledger_seal WHERE number = NEW.number)
        BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED_TO}'); END""",
    """CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry
        BEGIN INSERT INTO ledger_waiting (entry_id) VALUES (NEW.id); END""",
]

SQLITE_BACK = [
    *(f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in KEPT for act in ("update", "delete", "replace")),
    "DROP TRIGGER IF EXISTS ledger_entry_waits",
]

POSTGRESQL = [
    f"""CREATE FUNCTION ledger_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{ONLY_ADDED_TO}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_added_to()"""
        for table in KEPT
    ),
    """CREATE FUNCTION ledger_entry_waits() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO ledger_waiting (entry_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry
        FOR EACH ROW EXECUTE FUNCTION ledger_entry_waits()""",
]

POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS ledger_entry_waits ON ledger_entry",
    *(f"DROP TRIGGER IF EXISTS {table}_only_added_to ON {table}" for table in KEPT),
    "DROP FUNCTION IF EXISTS ledger_entry_waits()",
    "DROP FUNCTION IF EXISTS ledger_only_added_to()",
]

# What was written before there was a chain waits for its first seal; run twice it does nothing new.
ALL_WAIT = """INSERT INTO ledger_waiting (entry_id) SELECT id FROM ledger_entry
    WHERE id NOT IN (SELECT entry_id FROM ledger_waiting)"""


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers up, and let what is there already wait for its seal."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    schema_editor.execute(ALL_WAIT)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers down."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """The chain: seals, what waits for one, and triggers that let entries and seals only be added to."""

    dependencies = [("ledger", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("n_entries", models.PositiveIntegerField()),
                ("n_before", models.BigIntegerField()),
                ("members", models.BinaryField()),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("mac", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="ledger_seals_count_from_one"),
                    models.CheckConstraint(condition=models.Q(("n_entries__gte", 1)), name="ledger_seal_is_not_empty"),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
