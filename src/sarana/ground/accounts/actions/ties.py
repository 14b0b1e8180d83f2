"""Allow sign-in services, tie one's own account to one and untie it; write down what failed on the way in."""

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import policy
from sarana.ground.accounts.issuers import Issuer, subject_mark
from sarana.ground.accounts.models import Account, Agency, Allowance, Tie
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry


@transaction.atomic
def allow_issuer(actor: Actor, agency: Agency, issuer: Issuer, *, signs: Iterable[str]) -> Allowance:
    """Let the people of an agency sign in by a service; `signs` of a second factor are those that it takes of it."""
    policy.check_may_change_agency(actor, agency)
    taken = [sign for sign in issuer.second_factor if sign in set(signs)]
    made, _new = Allowance.objects.update_or_create(
        agency=agency, issuer=issuer.url, defaults={"signs": taken, "allowed_at": actor.now}
    )
    record(actor, "accounts.issuer-allowed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return made


@transaction.atomic
def disallow_issuer(actor: Actor, agency: Agency, issuer: Issuer) -> None:
    """From now on nobody of an agency signs in by a service; ties stay and open nothing."""
    policy.check_may_change_agency(actor, agency)
    if not Allowance.objects.filter(agency=agency, issuer=issuer.url).delete()[0]:
        raise NotYet("ACCOUNTS-039", "This was taken back already.", cure="Nothing needs to be done.")
    record(actor, "accounts.issuer-disallowed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)


@transaction.atomic
def tie(actor: Actor, account: Account, issuer: Issuer, *, subject: str) -> Tie:
    """Tie one's own account to the person whom a service has just proved one to be."""
    policy.check_is_own(actor, account)
    policy.check_gave_second_factor(actor)
    made = Tie(account=account, issuer=issuer.url, subject_mark=subject_mark(issuer, subject), tied_at=actor.now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "ACCOUNTS-037",
            "This account, or the one there, is tied already.",
            cure="Untie the account that has it first; two people never share one.",
        ) from err
    record(actor, "accounts.tied", thing_kind="account", thing_ref=account.ref)
    return made


@transaction.atomic
def untie(actor: Actor, account: Account, *, tie_ref: UUID) -> None:
    """Untie one's own account: the service opens nothing any more."""
    policy.check_is_own(actor, account)
    if not Tie.objects.filter(ref=tie_ref, account=account).delete()[0]:
        raise NotYet("ACCOUNTS-039", "This was taken back already.", cure="Nothing needs to be done.")
    record(actor, "accounts.untied", thing_kind="account", thing_ref=account.ref)


def drop_ties(account: Account) -> int:
    """Take away all ties of a person, as part of an act that records itself; gives their number."""
    return Tie.objects.filter(account=account).delete()[0]


def mark_used(found: Tie, actor: Actor) -> None:
    """Keep when a tie was last used. Not written down: the sign-in that follows is."""
    Tie.objects.filter(pk=found.pk).update(used_at=actor.now)


def record_failed_issuer(actor: Actor, *, code: str, account_ref: UUID | None = None) -> None:
    """Write down that a sign-in by a service failed, and why; whom the service named is not kept."""
    record(
        actor,
        "accounts.issuer-sign-in-failed",
        thing_kind="account" if account_ref else "",
        thing_ref=account_ref,
        result=Entry.Result.FAILED,
        code=code,
    )
