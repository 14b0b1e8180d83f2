"""Open one tier of many people of one's own agency at once, with one line: for lists of codes and initials."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import prefetch_related_objects

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.ground.ledger.actions import record_list
from sarana.ground.vault.identities import policy, queries
from sarana.ground.vault.identities.actions.applying import applied
from sarana.ground.vault.identities.actions.sealing import Opened, open_own
from sarana.methods.sealing.identities import Tier


@applied
def glimpse(
    actor: Actor, refs: Sequence[UUID], tier: Tier, *, act: str, agency: UUID | None = None, asked: UUID | None = None
) -> dict[UUID, Opened]:
    """Open a tier of people of the actor's own agencies; who is not hers, is erased or has no such tier is left out.

    A row that does not open (VAULT-001) is left out too: a list does not end because one row was changed; whoever
    opens that person is told.

    Args:
        actor: who looks.
        refs: the people; their references are kept sealed beside the line.
        tier: what is opened.
        act: what is written down.
        agency: whose people they are, for the line.
        asked: a mark that stands for what was asked, where they were searched.

    Raises:
        Refused: VAULT-060 she has no door. NotYet: VAULT-061 no purpose is stated.

    Cost: two statements, and some 0.1 ms a person.
    """
    policy.check_may_look(actor)
    subjects = list(queries.own_subjects(actor, refs))
    prefetch_related_objects(subjects, "sealed")
    found = {}
    for subject in subjects:
        rows = {Tier(row.tier): row for row in subject.sealed.all() if row.tier == tier}
        try:
            opened = open_own(actor, subject, rows)
        except Refused:
            continue
        if tier in opened:
            found[subject.ref] = opened[tier]
    record_list(actor, policy.KIND, list(refs), action=act, owner_agency_ref=agency, thing_ref=asked)
    return found
