"""Makes agencies and people who sign in, as the command line and an invitation would."""

import datetime as dt
from uuid import uuid4

from sarana.basics.actors import NOBODY, Actor
from sarana.ground.accounts import actions, guarded, queries
from sarana.ground.accounts.models import Account, Agency, Membership, Role

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
PASSPHRASE = "seven quiet rivers run"  # noqa: S105


def local(now: dt.datetime = NOW) -> Actor:
    """The operator at the command line."""
    return Actor.local(now)


def an_agency(
    name: str = "Baan Rak shelter", *, kind: Agency.Kind = Agency.Kind.SHELTER, parent: Agency | None = None
) -> Agency:
    """An agency in Thailand."""
    actions.load_roles(local())
    return actions.make_agency(local(), name=name, kind=kind, country="TH", areas=["TH50"], parent=parent)


def a_person(agency: Agency, role: str = "case-worker", *, name: str = "Alice") -> Account:
    """A person with one role in an agency."""
    account = actions.make_account(local(), sign_in_name=f"{name}-{uuid4().hex[:6]}", name=name, passphrase=PASSPHRASE)
    give(account, agency, role)
    return account


def give(account: Account, agency: Agency, role: str) -> Membership:
    """One more role for a person."""
    key = guarded.key_of(guarded.GIVE_ROLE, agency=agency, subject=account.ref, role=role)
    words = guarded.TwoWords(guarded.GIVE_ROLE, key, NOBODY)
    return actions.give_role(local(), account=account, agency=agency, role=Role.objects.get(code=role), words=words)


def acting(account: Account, *, is_strong: bool = True, now: dt.datetime = NOW, purpose: str = "") -> Actor:
    """A person as the one who acts."""
    return queries.actor_of(account, now, is_strong=is_strong, purpose=purpose)
