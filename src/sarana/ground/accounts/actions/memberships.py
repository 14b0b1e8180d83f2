"""Give and end roles."""

import datetime as dt

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.actions.sittings import drop_sittings
from sarana.ground.accounts.models import Account, Agency, Membership, Role
from sarana.ground.ledger.actions import record


@transaction.atomic
def give_role(
    actor: Actor,
    *,
    account: Account,
    agency: Agency,
    role: Role,
    until: dt.date | None = None,
    words: guarded.TwoWords | None = None,
) -> Membership:
    """Give a person a role in an agency from today on; roles that guard all others need two people's words."""
    membership = Membership(
        account=account, agency=agency, role=role, starts_on=actor.today, until=until, given_by_ref=actor.account_ref
    )
    policy.check_may_change_membership(actor, membership)
    guarded.check_stays_apart(account, role.code)
    if guarded.needs_two_for_role(actor, agency, role.code):
        key = guarded.key_of(guarded.GIVE_ROLE, agency=agency, subject=account.ref, role=role.code)
        guarded.check_two_words(actor, key, words)
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet("ACCOUNTS-008", "This person holds this role here already.") from err
    record(
        actor,
        "accounts.role-given",
        thing_kind="membership",
        thing_ref=membership.ref,
        owner_agency_ref=agency.ref,
    )
    return membership


@transaction.atomic
def end_membership(
    actor: Actor, membership: Membership, *, version: int, words: guarded.TwoWords | None = None
) -> Membership:
    """End a membership now, and with it every sitting of the person: she signs in again with what is left to her.

    `version` is the one that the administrator saw, so that two do not change it unseen.
    """
    policy.check_may_change_membership(actor, membership)
    if guarded.ends_the_last_administrator(membership):
        key = guarded.key_of(guarded.END_LAST, agency=membership.agency, thing=membership.ref)
        guarded.check_two_words(actor, key, words)
    changed = Membership.objects.filter(pk=membership.pk, version=version, ended_at__isnull=True).update(
        ended_at=actor.now, version=version + 1
    )
    if not changed:
        raise NotYet(
            "ACCOUNTS-009",
            "Somebody else changed this role while you looked at it.",
            cure="See what it is now, and decide again.",
        )
    membership.ended_at, membership.version = actor.now, version + 1
    drop_sittings(membership.account.ref)
    record(
        actor,
        "accounts.role-ended",
        thing_kind="membership",
        thing_ref=membership.ref,
        owner_agency_ref=membership.agency.ref,
    )
    return membership
