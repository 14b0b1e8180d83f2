"""A fence in the database itself: nobody is let read a person who has a conflict of interest about her.

It is put up after every migration from here, beside those of the vault.
"""

from typing import Any

from django.db import connection, transaction

NAME = "people_no_basis_in_conflict"
REFUSED = "PEOPLE-094 Nothing of this person is shared with an agency that has a conflict of interest."
STANDS = (
    "SELECT 1 FROM people_conflict c JOIN people_person p ON p.id = c.person_id "
    "WHERE p.subject_id = NEW.subject_id AND c.against_ref = NEW.recipient_ref AND c.lifted_at IS NULL"
)
SQLITE = (
    f"""CREATE TRIGGER {NAME} BEFORE INSERT ON vault_basis
        WHEN EXISTS ({STANDS}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS ({STANDS}) THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    f"CREATE TRIGGER {NAME} BEFORE INSERT ON vault_basis FOR EACH ROW EXECUTE FUNCTION {NAME}()",
)


def build(**signal: Any) -> None:
    """Put the fence up, or bring it to this version, after a migration that left both tables there."""
    if "plan" not in signal:
        return
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        if not {"vault_basis", "people_conflict"} <= set(connection.introspection.table_names(cursor)):
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}" + ("" if is_sqlite else " ON vault_basis"))
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            cursor.execute(statement)
