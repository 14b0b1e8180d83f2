"""Make, change and end accounts."""

import unicodedata
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.actions.sittings import drop_sittings
from sarana.ground.accounts.actions.ties import drop_ties
from sarana.ground.accounts.models import Account, Membership
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import ANSWERING


@transaction.atomic
def make_account(
    actor: Actor,
    *,
    sign_in_name: str,
    name: str,
    passphrase: str | None,
    language: str = "en",
    is_demonstration: bool = False,
) -> Account:
    """Make an account; without a membership it opens nothing but itself."""
    account = new_account(
        actor,
        sign_in_name=sign_in_name,
        name=name,
        passphrase=passphrase,
        language=language,
        is_demonstration=is_demonstration,
    )
    record(actor, "accounts.account-made", thing_kind="account", thing_ref=account.ref)
    return account


def new_account(
    actor: Actor, *, sign_in_name: str, name: str, passphrase: str | None, language: str, is_demonstration: bool = False
) -> Account:
    """The row of a new account, as part of an act that records itself."""
    account = Account(
        sign_in_name=tidy_sign_in_name(sign_in_name),
        name=name,
        language=language,
        made_at=actor.now,
        is_demonstration=is_demonstration,
    )
    account.set_password(passphrase)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet("ACCOUNTS-007", "This sign-in name is taken.", cure="Choose another one.") from err
    return account


def tidy_sign_in_name(text: str) -> str:
    """A sign-in name in the one form in which it is kept: NFKC, lower case, no blanks around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


@transaction.atomic
def choose_language(actor: Actor, *, language: str) -> None:
    """Show pages in this language wherever the person signs in."""
    if Account.objects.filter(ref=actor.account_ref).exclude(language=language).update(language=language):
        record(actor, "accounts.language-chosen", thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def change_own(actor: Actor, *, version: int, name: str, language: str, calendar: Account.Calendar) -> None:
    """Change one's own name at work, language and calendar."""
    changed = Account.objects.filter(ref=actor.account_ref, version=version).update(
        name=name, language=language, calendar=calendar, version=version + 1
    )
    if not changed:
        raise NotYet(
            "ACCOUNTS-015",
            "Your account was changed in another window while you looked at it.",
            cure="See what it is now, and decide again.",
        )
    record(actor, "accounts.own-changed", thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def change_passphrase(actor: Actor, account: Account, *, passphrase: str) -> int:
    """Take a new passphrase of one's own; all sittings end, this one too; gives their number."""
    policy.check_is_own(actor, account)
    kept = Account.objects.select_for_update().get(pk=account.pk)
    kept.set_password(passphrase)
    kept.save(update_fields=["password"])
    ended = drop_sittings(account.ref)
    record(actor, "accounts.passphrase-changed", thing_kind="account", thing_ref=account.ref)
    return ended


@transaction.atomic
def end_account(actor: Actor, account: Account, *, agency_ref: UUID | None = None) -> int:
    """End an account and every role it holds, now; all its sittings die at once; gives the number of roles ended."""
    with postgres.as_task(ANSWERING):
        running = list(
            Membership.objects.filter(account=account, ended_at__isnull=True).select_related("agency", "account")
        )
    policy.check_may_answer_for(actor, account, running)
    if any(guarded.ends_the_last_administrator(membership) for membership in running):
        guarded.check_two_words(actor, guarded.END_LAST, None)
    if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False, ended_at=actor.now):
        raise NotYet("ACCOUNTS-016", "This account ended already.", cure="Nothing needs to be done.")
    for membership in running:
        Membership.objects.filter(pk=membership.pk).update(ended_at=actor.now, version=membership.version + 1)
    drop_sittings(account.ref)
    with postgres.as_task(ANSWERING):
        drop_ties(account)
    owner = agency_ref or (running[0].agency.ref if running else None)
    record(actor, "accounts.account-ended", thing_kind="account", thing_ref=account.ref, owner_agency_ref=owner)
    return len(running)
