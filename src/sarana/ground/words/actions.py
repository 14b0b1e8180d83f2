"""The writing doors: propose an act, give the second word, object, carry it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from sarana.basics.actors import NOBODY, Actor
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import actions as accounts
from sarana.ground.accounts import guarded
from sarana.ground.accounts.guarded import TwoWords
from sarana.ground.accounts.models import Account, Agency, Membership, Role
from sarana.ground.ledger.actions import record
from sarana.ground.words import policy, queries, ruling
from sarana.ground.words.models import Notice, Proposal
from sarana.ground.words.ruling import Asked, Way

State = Proposal.State


@dataclass(frozen=True, slots=True)
class Act:
    """An act that needs two: its words, and what carries it out. Later rooms add theirs to `ACTS`."""

    words: Any
    do: Callable[[Actor, Proposal, TwoWords], object]


def _give(actor: Actor, proposal: Proposal, words: TwoWords) -> object:
    role = Role.objects.get(code=proposal.role)
    return accounts.give_role(actor, account=_subject(proposal), agency=proposal.agency, role=role, words=words)


def _end(actor: Actor, proposal: Proposal, words: TwoWords) -> object:
    held = Membership.objects.select_related("account", "agency").get(ref=proposal.thing_ref or NOBODY)
    return accounts.end_membership(actor, held, version=held.version, words=words)


def _partner(actor: Actor, proposal: Proposal, words: TwoWords) -> object:
    partner = Agency.objects.get(ref=proposal.thing_ref) if proposal.thing_ref else None
    return accounts.change_partner(actor, proposal.agency, partner=partner, instead_of=proposal.partner, words=words)


ACTS: dict[str, Act] = {
    guarded.GIVE_ROLE: Act(_("Give the role of administrator or data-protection officer"), _give),
    guarded.END_LAST: Act(_("End the role of the last administrator"), _end),
    guarded.CHANGE_PARTNER: Act(_("Change the partner agency"), _partner),
}


def _subject(proposal: Proposal) -> Account:
    if proposal.subject is None:
        raise NotYet("POLICY-006", "This proposal names no person.", cure="Propose it again.")
    return proposal.subject


def propose(
    actor: Actor,
    act: str,
    *,
    agency: Agency,
    subject: Account | None = None,
    thing_ref: UUID | None = None,
    role: str = "",
) -> Proposal:
    """Propose an act; everybody who works in the agency is told at once."""
    policy.check_may_propose(actor, agency)
    if act not in ACTS or (act == guarded.GIVE_ROLE and (role not in guarded.GUARDED_ROLES or subject is None)):
        raise NotYet("POLICY-006", "This is not an act that needs two.", cure="Choose one of those on the page.")
    if subject is not None and subject.ref == actor.account_ref:
        raise Refused("POLICY-007", "Nobody proposes anything for herself; another administrator has to.")
    key = guarded.key_of(act, agency=agency, subject=subject.ref if subject else None, thing=thing_ref, role=role)
    made = Proposal(
        act=act, key=key, agency=agency, partner=agency.partner, subject=subject, thing_ref=thing_ref, role=role
    )
    made.proposed_by, made.proposed_at = Account.objects.get(ref=actor.account_ref), actor.now
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            _tell(actor, made)
            _record(actor, made, "words.proposed")
    except IntegrityError as err:
        raise NotYet(
            "POLICY-008", "Just this was proposed already.", cure="See it in the list of second words."
        ) from err
    return made


@transaction.atomic
def speak(actor: Actor, proposal: Proposal) -> Proposal:
    """Give the second word."""
    way = ruling.way_of(queries.agency_of(actor, proposal), _asked(proposal), actor.account_ref)
    if way is None or not actor.is_strong:
        raise Refused("POLICY-009", "Your word is not the second one that this needs.")
    _move(proposal, State.WAITING, State.AGREED, way=way, second_by=_me(actor), second_at=actor.now)
    _record(actor, proposal, "words.agreed")
    return proposal


@transaction.atomic
def object_to(actor: Actor, proposal: Proposal) -> Proposal:
    """Stop a proposal: whoever was told of it may, and whoever could give the second word."""
    _move(proposal, proposal.state, State.REFUSED, ended_at=actor.now)
    _record(actor, proposal, "words.objected")
    return proposal


def carry_out(actor: Actor, proposal: Proposal) -> Proposal:
    """Do what was agreed; the proposer does it, in her own name, with the roles that she has now."""
    if proposal.proposed_by.ref != actor.account_ref:
        raise Refused("POLICY-010", "Only the one who proposed this carries it out.")
    policy.check_may_propose(actor, proposal.agency)
    told = _tell(actor, proposal)
    agency, asked = queries.agency_of(actor, proposal), _asked(proposal)
    with transaction.atomic():
        way = _way(proposal, agency, asked, queries.moment(actor))
        if way is None and proposal.state in (State.WAITING, State.AGREED):
            raise NotYet(
                "POLICY-011", _why_not(proposal, agency, asked, told), cure="Wait, or ask for the second word."
            )
        _move(proposal, proposal.state, State.DONE, way=way, ended_at=actor.now)
        ACTS[proposal.act].do(actor, proposal, TwoWords(proposal.act, proposal.key, actor.account_ref))
        _record(actor, proposal, "words.carried-out")
    return proposal


def _way(proposal: Proposal, agency: ruling.Agency, asked: Asked, now: ruling.Moment) -> Way | None:
    """The way by which it is allowed at this moment: what held when the word was given must hold still."""
    if proposal.state == State.AGREED and proposal.second_by is not None:
        if proposal.way == Way.COLLEAGUE:
            return Way.COLLEAGUE if proposal.second_by.ref in agency.speakers - asked.bound else None
        return Way.PARTNER if ruling.is_few(agency, asked) else None
    if proposal.state == State.WAITING and ruling.has_waited(agency, asked, now):
        return Way.TOLD
    return None


def _why_not(proposal: Proposal, agency: ruling.Agency, asked: Asked, told: int) -> str:
    if proposal.state == State.AGREED:
        return gettext_noop("Whoever gave the second word may not give it any more.")
    if not ruling.is_few(agency, asked):
        return gettext_noop("No second word was given yet.")
    if told:
        return gettext_noop("Somebody came who had not been told; 24 hours begin for her now.")
    return gettext_noop("Not everybody who works here has been told for 24 hours, and no partner has spoken.")


@transaction.atomic
def _tell(actor: Actor, proposal: Proposal) -> int:
    """Tell everybody who works in the agency and was not told yet; gives their number."""
    new = ruling.untold(queries.agency_of(actor, proposal))
    now = queries.moment(actor)
    for account in Account.objects.filter(ref__in=new):
        Notice.objects.create(
            proposal=proposal, account=account, told_at=now.at, boot=now.boot, boot_seconds=now.seconds
        )
    return len(new)


def see(actor: Actor, proposal: Proposal) -> None:
    """Note that somebody who was told has seen it. Not written down: to be told is no act, and opens nothing."""
    Notice.objects.filter(proposal=proposal, account__ref=actor.account_ref, seen_at=None).update(seen_at=actor.now)


def _move(proposal: Proposal, before: str, after: str, **values: object) -> None:
    """From one state to the next, once: whoever comes second finds it moved."""
    running = before in (State.WAITING, State.AGREED)
    rows = Proposal.objects.filter(pk=proposal.pk, state=before)
    if not running or not rows.update(state=after, **values):
        raise NotYet("POLICY-012", "This was decided already.", cure="See what became of it in the list.")
    proposal.state = after


def _asked(proposal: Proposal) -> Asked:
    return Asked(proposal.proposed_by.ref, proposal.subject.ref if proposal.subject else None)


def _me(actor: Actor) -> Account:
    return Account.objects.get(ref=actor.account_ref)


def _record(actor: Actor, proposal: Proposal, act: str) -> None:
    record(actor, act, thing_kind="proposal", thing_ref=proposal.ref, owner_agency_ref=proposal.agency.ref)
