"""How far a table was taken in."""

from uuid import UUID

from sarana.care.people.models import Import
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR


def find_import(agency: UUID, digest: str) -> Import | None:
    """How far this very table was taken in by an agency; None where it never was begun."""
    return Import.objects.filter(agency_ref=agency, digest=digest).first()


def has_ended(table: int) -> bool:
    """Whether a table was taken in whole, asked by work of the machine."""
    with postgres.as_task(OPERATOR):
        return Import.objects.filter(pk=table, ended_at__isnull=False).exists()
