"""Fences in the database itself, on both databases: nobody is let into a tier without a basis that lives and names it.

They are put up after every migration from here, as the second wall is, so that no migration can lose them.
"""

from typing import Any

from django.db import connection, transaction

REFUSED = "VAULT-062 Nobody reads a tier without a basis that lives, names it, and names both agencies."
STAYS = "VAULT-062 A basis is ended, and never changed or begun again."
MOVED = "VAULT-062 A person stays with one agency."
FOREIGN = "VAULT-062 A person is let read, and sealed, by the agency of that person alone."
HELD = "VAULT-062 What is changed of a person who is held stays as it was before, beside."
CLOSED = "VAULT-062 Nobody is let read but an agency that works here."

FITS = (
    "SELECT 1 FROM vault_basis b JOIN vault_subject s ON s.id = b.subject_id AND s.agency_ref = b.agency_ref "
    "WHERE b.id = NEW.basis_id AND b.ended_at IS NULL "
    "AND b.agency_ref = NEW.agency_ref AND b.recipient_ref = NEW.recipient_ref "
    "AND ' ' || b.tiers || ' ' LIKE '% ' || NEW.tier || ' %'"
)
ITS_OWN = "SELECT 1 FROM vault_subject s WHERE s.id = NEW.subject_id AND s.agency_ref = NEW.agency_ref"
WORKS = "SELECT 1 FROM accounts_agency a WHERE a.ref = NEW.recipient_ref AND a.closed_on IS NULL"
SAME = (
    "subject_id",
    "agency_ref",
    "recipient_ref",
    "kind",
    "tiers",
    "purpose",
    "begins_at",
    "until",
    "ground",
    "decided_by_ref",
)
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in SAME)
ENDED = "OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NULL OR NEW.ended_at <> OLD.ended_at)"

LOST = (
    "SELECT 1 FROM vault_subject s WHERE s.id = OLD.subject_id AND s.held <> '' "
    "AND OLD.tier NOT IN ('images', 'masked') AND NOT EXISTS (SELECT 1 FROM vault_earlier e "
    "WHERE e.subject_id = OLD.subject_id AND e.tier = OLD.tier AND e.version = OLD.version)"
)
"""A tier of somebody who is held, of which the version that is replaced is not kept."""

NAMES = {
    "vault_shared_fits": "vault_shared",
    "vault_shared_still_fits": "vault_shared",
    "vault_basis_is_its_own": "vault_basis",
    "vault_basis_is_for_who_works": "vault_basis",
    "vault_sealed_is_its_own": "vault_sealed",
    "vault_sealed_stays_its_own": "vault_sealed",
    "vault_sealed_held_stays": "vault_sealed",
    "vault_basis_stays": "vault_basis",
    "vault_basis_ends": "vault_basis",
    "vault_subject_stays": "vault_subject",
}

KEPT_BESIDE, HELD_STAYS = "vault_earlier", "vault_sealed_held_stays"

SQLITE = (
    f"""CREATE TRIGGER vault_shared_fits BEFORE INSERT ON vault_shared
        WHEN NOT EXISTS ({FITS}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER vault_shared_still_fits
        BEFORE UPDATE OF basis_id, agency_ref, recipient_ref, tier ON vault_shared
        WHEN NOT EXISTS ({FITS}) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER vault_basis_is_its_own BEFORE INSERT ON vault_basis
        WHEN NOT EXISTS ({ITS_OWN}) BEGIN SELECT RAISE(ABORT, '{FOREIGN}'); END""",
    f"""CREATE TRIGGER vault_basis_is_for_who_works BEFORE INSERT ON vault_basis
        WHEN NOT EXISTS ({WORKS}) BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END""",
    f"""CREATE TRIGGER vault_sealed_is_its_own BEFORE INSERT ON vault_sealed
        WHEN NOT EXISTS ({ITS_OWN}) BEGIN SELECT RAISE(ABORT, '{FOREIGN}'); END""",
    f"""CREATE TRIGGER vault_sealed_stays_its_own BEFORE UPDATE OF subject_id, agency_ref ON vault_sealed
        WHEN NOT EXISTS ({ITS_OWN}) BEGIN SELECT RAISE(ABORT, '{FOREIGN}'); END""",
    f"""CREATE TRIGGER vault_sealed_held_stays BEFORE UPDATE OF version, sealed ON vault_sealed
        WHEN EXISTS ({LOST}) BEGIN SELECT RAISE(ABORT, '{HELD}'); END""",
    f"""CREATE TRIGGER vault_basis_stays BEFORE UPDATE ON vault_basis WHEN {CHANGED} OR ({ENDED})
        BEGIN SELECT RAISE(ABORT, '{STAYS}'); END""",
    """CREATE TRIGGER vault_basis_ends AFTER UPDATE OF ended_at ON vault_basis WHEN NEW.ended_at IS NOT NULL
        BEGIN DELETE FROM vault_shared WHERE basis_id = NEW.id; END""",
    f"""CREATE TRIGGER vault_subject_stays BEFORE UPDATE OF ref, agency_ref ON vault_subject
        WHEN OLD.ref <> NEW.ref OR OLD.agency_ref <> NEW.agency_ref BEGIN SELECT RAISE(ABORT, '{MOVED}'); END""",
)

RAISES = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"
# The basis is held against whoever ends it in the same moment.
BODIES = {
    "vault_shared_fits": (
        f"PERFORM {FITS.removeprefix('SELECT ')} FOR SHARE OF b; "
        f"IF NOT FOUND THEN {RAISES.format(REFUSED)}; END IF; RETURN NEW;"
    ),
    "vault_is_its_own": f"IF NOT EXISTS ({ITS_OWN}) THEN {RAISES.format(FOREIGN)}; END IF; RETURN NEW;",
    "vault_basis_is_for_who_works": f"IF NOT EXISTS ({WORKS}) THEN {RAISES.format(CLOSED)}; END IF; RETURN NEW;",
    "vault_sealed_held_stays": f"IF EXISTS ({LOST}) THEN {RAISES.format(HELD)}; END IF; RETURN NEW;",
    "vault_basis_stays": f"IF {CHANGED} OR ({ENDED}) THEN {RAISES.format(STAYS)}; END IF; RETURN NEW;",
    "vault_basis_ends": (
        "IF NEW.ended_at IS NOT NULL THEN DELETE FROM vault_shared WHERE basis_id = NEW.id; END IF; RETURN NEW;"
    ),
    "vault_subject_stays": (
        f"IF OLD.ref <> NEW.ref OR OLD.agency_ref <> NEW.agency_ref THEN {RAISES.format(MOVED)}; END IF; RETURN NEW;"
    ),
}
POSTGRESQL = (
    *(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        for name, body in BODIES.items()
    ),
    """CREATE TRIGGER vault_shared_fits BEFORE INSERT ON vault_shared
        FOR EACH ROW EXECUTE FUNCTION vault_shared_fits()""",
    """CREATE TRIGGER vault_shared_still_fits BEFORE UPDATE OF basis_id, agency_ref, recipient_ref, tier ON vault_shared
        FOR EACH ROW EXECUTE FUNCTION vault_shared_fits()""",
    """CREATE TRIGGER vault_basis_is_its_own BEFORE INSERT ON vault_basis
        FOR EACH ROW EXECUTE FUNCTION vault_is_its_own()""",
    """CREATE TRIGGER vault_basis_is_for_who_works BEFORE INSERT ON vault_basis
        FOR EACH ROW EXECUTE FUNCTION vault_basis_is_for_who_works()""",
    """CREATE TRIGGER vault_sealed_is_its_own BEFORE INSERT ON vault_sealed
        FOR EACH ROW EXECUTE FUNCTION vault_is_its_own()""",
    """CREATE TRIGGER vault_sealed_stays_its_own BEFORE UPDATE OF subject_id, agency_ref ON vault_sealed
        FOR EACH ROW EXECUTE FUNCTION vault_is_its_own()""",
    """CREATE TRIGGER vault_sealed_held_stays BEFORE UPDATE OF version, sealed ON vault_sealed
        FOR EACH ROW EXECUTE FUNCTION vault_sealed_held_stays()""",
    """CREATE TRIGGER vault_basis_stays BEFORE UPDATE ON vault_basis
        FOR EACH ROW EXECUTE FUNCTION vault_basis_stays()""",
    """CREATE TRIGGER vault_basis_ends AFTER UPDATE OF ended_at ON vault_basis
        FOR EACH ROW EXECUTE FUNCTION vault_basis_ends()""",
    """CREATE TRIGGER vault_subject_stays BEFORE UPDATE ON vault_subject
        FOR EACH ROW EXECUTE FUNCTION vault_subject_stays()""",
)


def build(**signal: Any) -> None:
    """Put the fences up, or bring them to this version, after a migration that left the tables there."""
    if "plan" not in signal:
        return
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if not {*NAMES.values()} <= tables:
            return
        for name, table in NAMES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            if KEPT_BESIDE in tables or HELD_STAYS not in statement:  # it came later than the others
                cursor.execute(statement)
