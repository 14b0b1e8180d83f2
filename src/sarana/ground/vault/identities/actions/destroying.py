"""Destroy keys of agencies that sealed nothing for 35 days: who was erased before is then unreadable in old backups.

Never in the act that turns them, and never on the word of the clock alone.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.ground.ledger.actions import record
from sarana.ground.vault.identities import opening, policy, queries
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR
from sarana.methods.sealing.agencies import KEPT_DAYS


def agencies_over(today: dt.date) -> list[UUID]:
    """Whose keys are to be destroyed by the calendar; opens nothing.

    Raises:
        BadFile: VAULT-007 the keys of an agency were changed.
    """
    return [agency for agency in opening.OPENS.agencies() if opening.OPENS.over(agency, today=today)]


def destroy_over(actor: Actor, agency: UUID) -> int:
    """Destroy the keys of an agency that sealed nothing for 35 days that truly passed; gives how many epochs went.

    An epoch in which anything is left stays, as after a backup of data was brought back.

    Raises:
        Refused: VAULT-060 the actor does not keep the keys of this agency.
        NotYet: VAULT-002, VAULT-031 the keys do not open; VAULT-017 another process is changing them.
    """
    policy.check_may(actor, policy.KEYS, agency)
    with transaction.atomic(), postgres.as_task(OPERATOR):
        over, left = opening.OPENS.over(agency, today=actor.today), queries.rows_by_epoch(agency)
        going = [
            epoch
            for epoch, since in over.items()
            if epoch not in left and queries.days_seen(actor.now, since) >= KEPT_DAYS
        ]
        if going:
            record(
                actor,
                "vault.agency-keys-destroyed",
                thing_kind=policy.KEYS,
                owner_agency_ref=agency,
                n_things=len(going),
            )
            opening.OPENS.destroyed(agency, going, today=actor.today)
    return len(going)
