"""Who may see and change agencies, people, memberships and invitations."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, Refused
from sarana.basics.policy import ANYBODY, Access, Reach, Rule, Thing, decide
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership
from sarana.ground.rules import Paths, openable

ADMINISTRATOR = frozenset({"organisation-administrator"})
LEADER = frozenset({"supervisor"})
OFFICER = frozenset({"data-protection-officer"})

TABLE = (
    # Agencies are known to all who work in the system; their own administrator changes them.
    Rule("agency", ANYBODY, Reach.EVERYWHERE, Access.OPEN, needs_strong=False),
    Rule("agency", ADMINISTRATOR, Reach.BELOW, Access.CHANGE),
    # A person sees and changes her own account; her administrator sees it, and gives and ends memberships.
    Rule("account", ANYBODY, Reach.SELF, Access.CHANGE, needs_strong=False),
    Rule("membership", ANYBODY, Reach.SELF, Access.OPEN, needs_strong=False),
    Rule("membership", ADMINISTRATOR, Reach.BELOW, Access.CHANGE),
    Rule("membership", OFFICER, Reach.AGENCY, Access.OPEN),
    # The leader of a team sees who is in it.
    Rule("membership", LEADER, Reach.AGENCY, Access.OPEN),
    Rule("invitation", ADMINISTRATOR, Reach.BELOW, Access.CHANGE),
)

CLOCK_MAY_BE_OFF = dt.timedelta(minutes=1)

AGENCY_PATHS = Paths(agency="ref", agency_path="path")
MEMBERSHIP_PATHS = Paths(agency="agency__ref", agency_path="agency__path", owner="account__ref")
INVITATION_PATHS = Paths(agency="agency__ref", agency_path="agency__path")


def openable_agencies(actor: Actor) -> Q:
    """The agencies that an actor may see."""
    return openable(TABLE, actor, "agency", AGENCY_PATHS)


def openable_memberships(actor: Actor) -> Q:
    """The memberships that an actor may see: her own, and those of agencies she administers."""
    return openable(TABLE, actor, "membership", MEMBERSHIP_PATHS)


def openable_invitations(actor: Actor) -> Q:
    """The invitations that an actor may see."""
    return openable(TABLE, actor, "invitation", INVITATION_PATHS)


def thing_of_agency(agency: Agency, kind: str = "agency") -> Thing:
    """What rules may know of an agency, or of something of this kind that belongs to it."""
    return Thing(kind, agency_ref=agency.ref, agency_path=agency.path)


def thing_of_membership(membership: Membership) -> Thing:
    """What rules may know of a membership."""
    agency = membership.agency
    return Thing("membership", agency_ref=agency.ref, agency_path=agency.path, owner_ref=membership.account.ref)


def may_change_agency(actor: Actor, agency: Agency) -> bool:
    """True where the actor may change an agency, and make others under it."""
    return actor.is_local or decide(TABLE, actor, thing_of_agency(agency)).access >= Access.CHANGE


def check_may_change_agency(actor: Actor, agency: Agency) -> None:
    """An administrator of the agency, or of one above it, changes it."""
    if not may_change_agency(actor, agency):
        raise Refused("ACCOUNTS-001", "Only an administrator of this agency, or of one above it, can change it.")


def check_is_local(actor: Actor) -> None:
    """Topmost agencies are made by the operator at the machine's own command line."""
    if not actor.is_local:
        raise Refused("ACCOUNTS-010", "An agency without one above it is made by the operator, at the command line.")


def may_invite(actor: Actor, agency: Agency) -> bool:
    """True where the actor may invite people into an agency."""
    return actor.is_local or decide(TABLE, actor, thing_of_agency(agency, "invitation")).access >= Access.CHANGE


def check_may_invite(actor: Actor, agency: Agency) -> None:
    """An administrator of the agency, or of one above it, invites into it while it is open."""
    if not may_invite(actor, agency):
        raise Refused("ACCOUNTS-002", "Only an administrator of this agency, or of one above it, can invite people.")
    if agency.closed_on is not None:
        raise NotYet("ACCOUNTS-003", "This agency is closed.", cure="Open it again before you invite anybody.")


def may_change_membership(actor: Actor, membership: Membership) -> bool:
    """True where the actor may change or end a membership."""
    return actor.is_local or decide(TABLE, actor, thing_of_membership(membership)).access >= Access.CHANGE


def check_may_change_membership(actor: Actor, membership: Membership) -> None:
    """An administrator changes memberships of her agency, but not her own: nobody gives herself rights."""
    if not may_change_membership(actor, membership):
        raise Refused("ACCOUNTS-004", "Only an administrator of this agency, or of one above it, gives and ends roles.")
    if membership.account.ref == actor.account_ref:
        raise Refused("ACCOUNTS-005", "Nobody changes her own roles; another administrator has to.")


def may_use(invitation: Invitation, actor: Actor) -> bool:
    """True for an invitation that was not used or withdrawn and has not lapsed; no clock set back prolongs it."""
    lapsed = not invitation.made_at - CLOCK_MAY_BE_OFF <= actor.now < invitation.expires_at
    return not (invitation.used_at or invitation.withdrawn_at or lapsed or invitation.agency.closed_on)


def check_may_use(invitation: Invitation, actor: Actor) -> None:
    """An invitation is used once, while it has not lapsed."""
    if not may_use(invitation, actor):
        raise spent()


def spent() -> NotYet:
    """What is said of a link that opens nothing, whatever the reason: even one that never was."""
    return NotYet(
        "ACCOUNTS-006",
        "This link was used already, was withdrawn, or has lapsed.",
        cure="Ask the person who gave it to you for a new one.",
    )


def check_is_own(actor: Actor, account: Account) -> None:
    """Passphrase, factors and sittings are changed by the person herself and nobody else."""
    if account.ref != actor.account_ref:
        raise Refused("ACCOUNTS-022", "Only the person herself changes what she signs in with.")


def check_gave_second_factor(actor: Actor) -> None:
    """An account is tied to a service only by somebody who has just shown her second factor here."""
    if not actor.is_strong:
        raise NotYet(
            "ACCOUNTS-040",
            "This sitting was opened without a second factor.",
            cure="Sign out, sign in with it, and tie your account then.",
        )


def may_answer_for(actor: Actor, account: Account, running: Sequence[Membership]) -> bool:
    """True for the operator, and for an administrator of every agency in which the person holds a role."""
    if actor.is_local:
        return True
    return bool(running) and all(may_change_membership(actor, membership) for membership in running)


def check_may_answer_for(actor: Actor, account: Account, running: Sequence[Membership]) -> None:
    """Whoever ends an account, or lets somebody back in, answers for all its roles, and it is not her own."""
    if not may_answer_for(actor, account, running):
        raise Refused(
            "ACCOUNTS-023",
            "This person works in an agency that you do not administer.",
            cure="End her roles in your agency; for the rest ask that agency, or the operator.",
        )
    if account.ref == actor.account_ref:
        raise Refused("ACCOUNTS-005", "Nobody changes her own roles; another administrator has to.")


def may_close_agency(actor: Actor, agency: Agency) -> bool:
    """True where the actor may close an agency and open it again."""
    return actor.is_local or (agency.parent is not None and may_change_agency(actor, agency.parent))


def check_may_close_agency(actor: Actor, agency: Agency) -> None:
    """An agency is closed and opened from above: by an administrator of the one over it, or by the operator."""
    if not may_close_agency(actor, agency):
        raise Refused("ACCOUNTS-024", "Only an administrator of the agency above closes this one or opens it again.")


def check_may_be_partner(agency: Agency, partner: Agency | None) -> None:
    """A partner is another open agency, so that its second word is really somebody else's."""
    if partner is None:
        return
    if partner.pk == agency.pk or partner.closed_on is not None:
        raise NotYet("ACCOUNTS-025", "This agency cannot be a partner.", cure="Choose another agency that is open.")
