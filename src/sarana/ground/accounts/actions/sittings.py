"""Sittings begin and end, sign-ins succeed and fail: one line in the ledger for each."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts.models import Account, Sitting
from sarana.ground.accounts.models.store import hashed, owner_mark
from sarana.ground.ledger.actions import record
from sarana.ground.ledger.models import Entry


@transaction.atomic
def record_sign_in(actor: Actor, *, by_service: bool = False) -> None:
    """Write down that a person signed in, with what she has here or by a ministry's own service."""
    act = "accounts.signed-in-by-service" if by_service else "accounts.signed-in"
    record(actor, act, thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def record_failed_sign_in(actor: Actor, *, sign_in_name: str) -> None:
    """Write down that a passphrase did not fit: for which account, where there is one, and never what was typed."""
    tried = Account.objects.filter(sign_in_name=sign_in_name).values_list("ref", flat=True).first()
    record(
        actor,
        "accounts.sign-in-failed",
        thing_kind="account" if tried else "",
        thing_ref=tried,
        result=Entry.Result.FAILED,
    )


@transaction.atomic
def record_failed_factor(actor: Actor, *, account_ref: UUID) -> None:
    """Write down that a passphrase fitted and a second factor did not."""
    record(
        actor,
        "accounts.factor-failed",
        thing_kind="account",
        thing_ref=account_ref,
        result=Entry.Result.FAILED,
    )


@transaction.atomic
def record_shown_again(actor: Actor) -> None:
    """Write down that a person showed once more who she is, before she changes what she signs in with."""
    record(actor, "accounts.shown-again", thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def record_copied_key(actor: Actor, *, account_ref: UUID) -> None:
    """Write down that a key answered with a count it had given before: somebody may have copied it."""
    record(
        actor,
        "accounts.key-copied",
        thing_kind="account",
        thing_ref=account_ref,
        result=Entry.Result.REFUSED,
        code="ACCOUNTS-020",
    )


@transaction.atomic
def sign_out(actor: Actor, *, session_key: str, hands_over: bool = False) -> None:
    """End the sitting in which the person is; `hands_over` says that somebody else sits down now."""
    Sitting.objects.filter(session_key=hashed(session_key)).delete()
    act = "accounts.handed-over" if hands_over else "accounts.signed-out"
    record(actor, act, thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def end_sitting(actor: Actor, *, sitting_ref: UUID) -> None:
    """End one of one's own sittings, wherever it is.

    Raises:
        NotYet: ACCOUNTS-014 there is none with this reference any more.
    """
    mine = Sitting.objects.filter(ref=sitting_ref, owner_mark=owner_mark(actor.account_ref))
    if not mine.delete()[0]:
        raise NotYet("ACCOUNTS-014", "This sitting ended already.", cure="Nothing needs to be done.")
    record(actor, "accounts.sitting-ended", thing_kind="account", thing_ref=actor.account_ref)


@transaction.atomic
def end_other_sittings(actor: Actor, *, session_key: str) -> int:
    """End all of one's own sittings but the one that asks; gives their number."""
    others = Sitting.objects.filter(owner_mark=owner_mark(actor.account_ref)).exclude(session_key=hashed(session_key))
    ended = others.delete()[0]
    record(actor, "accounts.sittings-ended", thing_kind="account", thing_ref=actor.account_ref, n_things=ended)
    return ended


def drop_sittings(account_ref: UUID, *, but: str = "") -> int:
    """Take away all sittings of a person, as part of an act that records itself; gives their number."""
    gone = Sitting.objects.filter(owner_mark=owner_mark(account_ref))
    if but:
        gone = gone.exclude(session_key=hashed(but))
    return gone.delete()[0]


def sweep_sittings(now: dt.datetime) -> int:
    """Take away the rows of sittings that lapsed; gives their number."""
    return Sitting.objects.filter(expire_date__lt=now).delete()[0]


def browser_words(user_agent: str) -> str:
    """A browser in two coarse words, enough to tell one's own sittings apart, too little to follow anybody."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    browser = next((words for sign, words in browsers if sign in user_agent), "")
    system = next((words for sign, words in systems if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)
