"""Invitations by link: made, withdrawn, used once; and the way back for somebody who lost what she signs in with."""

import datetime as dt
import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.references import new_ref
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.actions.people import new_account
from sarana.ground.accounts.actions.sittings import drop_sittings
from sarana.ground.accounts.actions.ties import drop_ties
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.accounts.models.invitations import hash_word
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import ANSWERING

INVITATION_LASTS = dt.timedelta(hours=1)
WORD_BYTES = 32


@transaction.atomic
def invite(actor: Actor, *, agency: Agency, role: Role, name: str, ref: UUID | None = None) -> tuple[Invitation, str]:
    """Keep a place for one person; gives the invitation and the secret word of its link, which is stored nowhere.

    `ref` is the reference that it shall have, so that a form that is sent twice makes it once.
    """
    policy.check_may_invite(actor, agency)
    if guarded.needs_two_for_role(actor, agency, role.code):
        guarded.check_two_words(actor, "", None)
    made, word = _new_invitation(actor, agency, role, name, ref=ref)
    record(actor, "accounts.invited", thing_kind="invitation", thing_ref=made.ref, owner_agency_ref=agency.ref)
    return made, word


@transaction.atomic
def offer_way_back(actor: Actor, membership: Membership) -> tuple[Invitation, str]:
    """Make a link with which a person who lost passphrase or key chooses new ones; earlier such links end.

    Nothing of hers changes until she uses it. Whoever makes it must answer for every role she holds, so that nobody
    takes over through one agency what was given in another.
    """
    account = membership.account
    with postgres.as_task(ANSWERING):
        running = list(
            Membership.objects.filter(account=account, ended_at__isnull=True).select_related("agency", "account")
        )
    policy.check_may_answer_for(actor, account, running)
    if not account.is_active:
        raise NotYet("ACCOUNTS-016", "This account ended already.", cure="Invite the person anew.")
    Invitation.objects.filter(
        account=account, is_way_back=True, used_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=actor.now)
    made, word = _new_invitation(actor, membership.agency, membership.role, account.name, way_back_for=account)
    record(
        actor,
        "accounts.way-back-offered",
        thing_kind="account",
        thing_ref=account.ref,
        owner_agency_ref=membership.agency.ref,
    )
    return made, word


@transaction.atomic
def withdraw_invitation(actor: Actor, invitation: Invitation) -> None:
    """Make a link worthless that was not used yet."""
    policy.check_may_invite(actor, invitation.agency)
    unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True)
    if not unused.update(withdrawn_at=actor.now):
        raise NotYet(
            "ACCOUNTS-017",
            "This invitation was used or withdrawn already.",
            cure="If the wrong person used it, end her role.",
        )
    record(
        actor,
        "accounts.invitation-withdrawn",
        thing_kind="invitation",
        thing_ref=invitation.ref,
        owner_agency_ref=invitation.agency.ref,
    )


@transaction.atomic
def accept_invitation(
    actor: Actor, invitation: Invitation, *, sign_in_name: str, name: str, passphrase: str, language: str
) -> Account:
    """Make the account of an invited person and give her the role that was kept for her."""
    kept = _held(invitation)
    policy.check_may_use(kept, actor)
    account = new_account(actor, sign_in_name=sign_in_name, name=name, passphrase=passphrase, language=language)
    postgres.recognise(account.pk, account.ref)
    _use(actor, kept, account)
    Membership.objects.create(
        account=account, agency=kept.agency, role=kept.role, starts_on=actor.today, given_by_ref=kept.made_by_ref
    )
    record(
        actor,
        "accounts.invitation-used",
        thing_kind="account",
        thing_ref=account.ref,
        owner_agency_ref=kept.agency.ref,
    )
    return account


@transaction.atomic
def come_back(actor: Actor, invitation: Invitation, *, passphrase: str) -> Account:
    """Give a person who lost what she signs in with a new passphrase; her old factors and sittings end."""
    kept = _held(invitation)
    policy.check_may_use(kept, actor)
    account = Account.objects.select_for_update().get(invitations=kept, is_active=True)
    account.set_password(passphrase)
    account.save(update_fields=["password"])
    Authenticator.objects.filter(user=account).delete()
    drop_sittings(account.ref)
    drop_ties(account)
    _use(actor, kept, account)
    record(
        actor,
        "accounts.way-back-used",
        thing_kind="account",
        thing_ref=account.ref,
        owner_agency_ref=kept.agency.ref,
    )
    return account


def _new_invitation(
    actor: Actor, agency: Agency, role: Role, name: str, *, ref: UUID | None = None, way_back_for: Account | None = None
) -> tuple[Invitation, str]:
    word = secrets.token_urlsafe(WORD_BYTES)
    made = Invitation(
        ref=ref or new_ref(),
        agency=agency,
        role=role,
        name=name,
        word_hash=hash_word(word),
        made_at=actor.now,
        made_by_ref=actor.account_ref,
        expires_at=actor.now + INVITATION_LASTS,
        account=way_back_for,
        is_way_back=way_back_for is not None,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet(
            "ACCOUNTS-027",
            "This was made already: the form was sent twice.",
            cure="Its link was shown once. If nobody has it, withdraw it and invite again.",
        ) from err
    return made, word


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, held until this transaction ends, so that two cannot use it."""
    return Invitation.objects.select_for_update(of=("self",)).select_related("agency", "role").get(pk=invitation.pk)


def _use(actor: Actor, invitation: Invitation, account: Account) -> None:
    invitation.used_at = actor.now
    invitation.account = account
    invitation.save(update_fields=["used_at", "account"])
