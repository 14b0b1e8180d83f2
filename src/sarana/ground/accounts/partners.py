"""The partner agency, which gives second words where an agency has too few people: changed by two."""

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.models import Agency
from sarana.ground.ledger.actions import record


@transaction.atomic
def change_partner(
    actor: Actor, agency: Agency, *, partner: Agency | None, words: guarded.TwoWords | None = None
) -> Agency:
    """Name another agency as partner, or none."""
    policy.check_may_change_agency(actor, agency)
    key = guarded.key_of(guarded.CHANGE_PARTNER, agency=agency, thing=partner.ref if partner else None)
    guarded.check_two_words(actor, key, words)
    policy.check_may_be_partner(agency, partner)
    if partner is not None and (partner.path.startswith(agency.path) or agency.path.startswith(partner.path)):
        raise NotYet(
            "POLICY-013",
            "An agency above or below this one is no partner: one hand could speak for both.",
            cure="Name an agency of another line.",
        )
    if not Agency.objects.filter(pk=agency.pk, version=agency.version).update(
        partner=partner, version=agency.version + 1
    ):
        raise NotYet(
            "ACCOUNTS-013",
            "Somebody else changed this agency while you looked at it.",
            cure="See what it is now, and decide again.",
        )
    record(actor, "accounts.partner-changed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency
