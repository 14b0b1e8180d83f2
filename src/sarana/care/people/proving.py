"""Somebody proves at the machine's own line who she is, as at the sign-in: passphrase, and the code of a second factor.

A command acts as she does: with the roles that she has in this moment, for the purpose that she names, with one line of
the ledger a step. The account of the operating system with which the command was typed is written down too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import Refused, SaranaError
from sarana.ground.accounts import actions, keyed, queries
from sarana.ground.accounts.models import Account
from sarana.ground.accounts.second_factor import find_fitting
from sarana.ground.ledger.actions import record, record_ended_badly
from sarana.ground.walls import postgres

AT_THE_MACHINE = "machine"
KIND_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Proved:
    """Somebody who proved who she is, and for what she works."""

    account: Account
    purpose: str
    is_strong: bool

    @contextmanager
    def standing(self) -> Iterator[Actor]:
        """She as the one who acts, behind the second wall, with the roles that she has now; one transaction there."""
        with postgres.standing(account=str(self.account.pk), account_ref=str(self.account.ref)):
            actor = queries.actor_of(self.account, timezone.localtime(), purpose=self.purpose, is_strong=self.is_strong)
            postgres.let_in(actor)
            yield actor

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What is refused or fails is written down, after it was taken back."""
        try:
            yield
        except SaranaError as err:
            with self.standing() as actor:
                record_ended_badly(actor, err, thing_kind=AT_THE_MACHINE)
            raise


def needs_code(sign_in_name: str) -> bool:
    """Whether a code is asked for after the passphrase: told only to whoever asks at the machine."""
    account = queries.find_account(actions.tidy_sign_in_name(sign_in_name))
    return account is not None and bool(queries.factors_with_codes(account))


def prove(sign_in_name: str, passphrase: str, code: str, *, purpose: str, system_account: str) -> Proved:
    """Prove who somebody is; wrong ones are counted and slowed as at the sign-in.

    Args:
        sign_in_name: with what she signs in.
        passphrase: hers.
        code: of her code app or her printed sheet; "" where she has neither.
        purpose: the code of the purpose for which she works.
        system_account: the account of the operating system with which this was typed, for the line.

    Raises:
        Refused: PEOPLE-036 name and passphrase do not belong together; PEOPLE-037 too many tries failed;
            PEOPLE-038 the code is missing, or does not fit; PEOPLE-039 her only second factor is a key.
    """
    now, name = timezone.localtime(), actions.tidy_sign_in_name(sign_in_name)
    nobody, mark = Actor(NOBODY, now), keyed.mark("trial place", name, AT_THE_MACHINE)
    if actions.take(now, mark=mark, is_known=False):
        raise _too_many()
    account = authenticate(None, username=name, password=passphrase)
    if not isinstance(account, Account):
        actions.record_failed_sign_in(nobody, sign_in_name=name)
        actions.count_failed(nobody)
        raise Refused(
            "PEOPLE-036",
            "Sign-in name and passphrase do not belong together.",
            cure="See how both are written; who lost theirs is let back by the administrator.",
        )
    actions.give_back(mark=mark)
    proved = Proved(account, purpose, is_strong=_second_factor(nobody, account, code))
    with proved.standing() as actor, transaction.atomic():
        record(actor, "people.proved-at-machine", thing_kind=f"{AT_THE_MACHINE}:{system_account}"[:KIND_LENGTH])
    return proved


def _second_factor(nobody: Actor, account: Account, code: str) -> bool:
    """Whether she showed a second factor; False where she has none."""
    if not queries.has_factor(account):
        return False
    if not queries.factors_with_codes(account):
        raise Refused(
            "PEOPLE-039",
            "Your only second factor is a key, which no command can ask.",
            cure="Print a sheet of codes on your account's page, and give its next code here.",
        )
    mark = keyed.mark("trial factor", str(account.ref))
    if actions.take(nobody.now, mark=mark, is_known=True):
        raise _too_many()
    found: Authenticator | None = find_fitting(account, code) if code else None
    if found is None:
        actions.record_failed_factor(nobody, account_ref=account.ref)
        raise Refused(
            "PEOPLE-038",
            "The code of the second factor is missing, does not fit, or was used before.",
            cure="Give the code that your app shows now, or the next one of your sheet, on the second line behind the "
            "passphrase.",
        )
    actions.give_back(mark=mark)
    return True


def _too_many() -> Refused:
    return Refused(
        "PEOPLE-037",
        "Too many tries failed.",
        cure="Wait a minute, then try again.",
    )
