"""A fence in the database itself: nobody reads on a consent of which nothing is written down, or that was taken back.

It is put up after every migration from here, beside those of the vault.
"""

from typing import Any

from django.db import connection, transaction

NAME = "consent_stands_behind"
REFUSED = "CONSENT-005 Nobody reads on a consent that is not written down."
STANDS = (
    "SELECT 1 FROM vault_basis b LEFT JOIN consent_consent c ON c.basis_id = b.id "
    "WHERE b.id = NEW.basis_id AND (b.kind <> 'consent' OR (c.id IS NOT NULL AND c.withdrawn_at IS NULL))"
)
SQLITE = (
    f"""CREATE TRIGGER {NAME} BEFORE INSERT ON vault_shared
        WHEN NOT EXISTS ({STANDS}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NOT EXISTS ({STANDS}) THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$""",
    f"CREATE TRIGGER {NAME} BEFORE INSERT ON vault_shared FOR EACH ROW EXECUTE FUNCTION {NAME}()",
)


def build(**signal: Any) -> None:
    """Put the fence up, or bring it to this version, after a migration that left both tables there."""
    if "plan" not in signal:
        return
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        if not {"vault_shared", "consent_consent"} <= set(connection.introspection.table_names(cursor)):
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}" + ("" if is_sqlite else " ON vault_shared"))
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            cursor.execute(statement)
