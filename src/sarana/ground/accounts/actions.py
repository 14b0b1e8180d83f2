"""The writing doors: make agencies, invite people, accept an invitation, give and end roles."""

import datetime as dt
import hashlib
import secrets
import unicodedata
from collections.abc import Sequence

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.ledger.actions import record
from sarana.ground.walls import postgres
from sarana.methods.reference import read_reference

INVITATION_LASTS = dt.timedelta(hours=1)


@transaction.atomic
def load_roles(actor: Actor) -> int:
    """Bring the roles of `reference/roles.toml` into the database; gives the number that were new or changed."""
    changed = 0
    for rank, (code, words) in enumerate(read_reference("roles.toml").items()):
        values = {**words, "rank": rank}
        known = Role.objects.filter(code=code).values(*values).first()
        if known != values:
            Role.objects.update_or_create(code=code, defaults=values)
            changed += 1
    if changed:
        record(actor, "accounts.roles-loaded", thing_kind="role", n_things=changed)
    return changed


@transaction.atomic
def make_agency(
    actor: Actor,
    *,
    name: str,
    kind: Agency.Kind,
    country: str,
    areas: Sequence[str] = (),
    name_local: str = "",
    parent: Agency | None = None,
) -> Agency:
    """Make an agency under another one, or a topmost one from the command line."""
    if parent is None:
        policy.check_is_local(actor)
    else:
        policy.check_may_change_agency(actor, parent)
    agency = Agency(
        name=name, name_local=name_local, kind=kind, country=country, areas=[*areas], parent=parent, made_at=actor.now
    )
    agency.path = f"{parent.path if parent else '/'}{agency.ref.hex}/"
    agency.save(force_insert=True)
    record(actor, "accounts.agency-made", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


@transaction.atomic
def invite(actor: Actor, *, agency: Agency, role: Role, name: str) -> tuple[Invitation, str]:
    """Keep a place for one person; gives the invitation and the secret word of its link, which is stored nowhere."""
    policy.check_may_invite(actor, agency)
    if guarded.needs_two_for_role(actor, agency, role.code):
        guarded.check_two_words(actor, "", None)
    word = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency=agency,
        role=role,
        name=name,
        word_hash=hash_word(word),
        made_at=actor.now,
        made_by_ref=actor.account_ref,
        expires_at=actor.now + INVITATION_LASTS,
    )
    record(
        actor,
        "accounts.invited",
        thing_kind="invitation",
        thing_ref=invitation.ref,
        owner_agency_ref=agency.ref,
    )
    return invitation, word


def hash_word(word: str) -> str:
    """What is stored of a link's word: its hash; a word of 256 random bits needs nothing slower."""
    return hashlib.sha256(word.encode()).hexdigest()


@transaction.atomic
def accept_invitation(
    actor: Actor, invitation: Invitation, *, sign_in_name: str, name: str, passphrase: str, language: str
) -> Account:
    """Make the account of an invited person and give her the role that was kept for her."""
    kept = Invitation.objects.select_for_update(of=("self",)).select_related("agency", "role").get(pk=invitation.pk)
    policy.check_may_use(kept, actor)
    account = make_account(actor, sign_in_name=sign_in_name, name=name, passphrase=passphrase, language=language)
    postgres.recognise(account.pk, account.ref)
    kept.used_at = actor.now
    kept.account = account
    kept.save(update_fields=["used_at", "account"])
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
def make_account(
    actor: Actor,
    *,
    sign_in_name: str,
    name: str,
    passphrase: str | None,
    language: str = "en",
    is_demonstration: bool = False,
) -> Account:
    """Make an account; without a membership it opens nothing but itself, without a passphrase only a key opens it."""
    tidy = tidy_sign_in_name(sign_in_name)
    if Account.objects.filter(sign_in_name=tidy).exists():
        raise NotYet("ACCOUNTS-007", "This sign-in name is taken.", cure="Choose another one.")
    account = Account(
        sign_in_name=tidy, name=name, language=language, made_at=actor.now, is_demonstration=is_demonstration
    )
    account.set_password(passphrase)
    account.save(force_insert=True)
    record(actor, "accounts.account-made", thing_kind="account", thing_ref=account.ref)
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
    if guarded.needs_two_for_role(actor, agency, role.code):
        key = guarded.key_of(guarded.GIVE_ROLE, agency=agency, subject=account.ref, role=role.code)
        guarded.check_two_words(actor, key, words)
    if Membership.objects.filter(account=account, agency=agency, role=role, ended_at__isnull=True).exists():
        raise NotYet("ACCOUNTS-008", "This person holds this role here already.")
    membership.save(force_insert=True)
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
    """End a membership now; `version` is the one that the person saw, so that two do not change it unseen."""
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
    record(
        actor,
        "accounts.role-ended",
        thing_kind="membership",
        thing_ref=membership.ref,
        owner_agency_ref=membership.agency.ref,
    )
    return membership
