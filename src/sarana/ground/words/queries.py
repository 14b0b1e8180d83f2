"""What an actor may see of proposals and notices, and what the rule has to know of an agency."""

import time
from pathlib import Path
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from sarana.basics.actors import Actor
from sarana.ground.accounts.guarded import GUARDED_ROLES
from sarana.ground.accounts.models import Agency, Membership
from sarana.ground.accounts.queries import running
from sarana.ground.words import policy, ruling
from sarana.ground.words.models import Notice, Proposal

BOOT = Path("/proc/sys/kernel/random/boot_id")
JOINED = ("agency", "partner", "subject", "proposed_by", "second_by")


def moment(actor: Actor) -> ruling.Moment:
    """Now, by the request's clock and by the one that counts since the machine started, where the system has one."""
    try:
        return ruling.Moment(actor.now, BOOT.read_text("ascii").strip(), time.clock_gettime(time.CLOCK_BOOTTIME))
    except (OSError, AttributeError):
        return ruling.Moment(actor.now)


def proposals_for(actor: Actor) -> QuerySet[Proposal]:
    """The proposals that an actor may see, newest first."""
    shown = Proposal.objects.filter(policy.openable_by(actor)).distinct().select_related(*JOINED)
    return shown.order_by("-proposed_at").fetch_mode(models.FETCH_RAISE)


def get_proposal(actor: Actor, ref: UUID) -> Proposal:
    """One proposal that an actor may see.

    Raises:
        Proposal.DoesNotExist: there is none, or she may not see it.
    """
    return proposals_for(actor).get(ref=ref)


def find_waiting(act: str, agency: Agency) -> Proposal | None:
    """What was proposed of this kind in an agency and is not done yet; for the operator at the machine."""
    rows = Proposal.objects.filter(act=act, agency=agency, state__in=("waiting", "agreed"))
    return rows.select_related(*JOINED).order_by("-proposed_at").first()


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """What an actor was told and has not seen yet, or what still waits."""
    waiting = Notice.objects.filter(account__ref=actor.account_ref, proposal__state__in=("waiting", "agreed"))
    return waiting.select_related("proposal__agency", "proposal__subject").order_by("-told_at")


def is_unseen(actor: Actor, proposal: Proposal) -> bool:
    """True where an actor was told of a proposal and has not said that she read it."""
    return notices_for(actor).filter(proposal=proposal, seen_at__isnull=True).exists()


def agency_of(actor: Actor, proposal: Proposal) -> ruling.Agency:
    """Who works in the agency today, who may speak, and who was told."""
    return ruling.Agency(
        people=frozenset(_people(actor, proposal.agency)),
        speakers=frozenset(_people(actor, proposal.agency, *policy.SPEAKERS)),
        partner_speakers=_partner_speakers(actor, proposal),
        told=tuple(
            (row.account.ref, ruling.Moment(row.told_at, row.boot, row.boot_seconds))
            for row in Notice.objects.filter(proposal=proposal).select_related("account")
        ),
    )


def _people(actor: Actor, agency: Agency, *roles: str) -> QuerySet[Membership, UUID]:
    rows = Membership.objects.filter(running(actor.today), agency=agency, account__is_active=True)
    rows = rows.filter(role__code__in=roles) if roles else rows
    return rows.values_list("account__ref", flat=True)


def _partner_speakers(actor: Actor, proposal: Proposal) -> frozenset[UUID]:
    """Of the partner agency only the actor herself is asked about: her own grants say what she is there."""
    speaks = {grant.agency_ref for grant in actor.grants_as(GUARDED_ROLES)}
    return frozenset({actor.account_ref}) if proposal.partner and proposal.partner.ref in speaks else frozenset()
