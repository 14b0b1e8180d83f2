"""The reading doors: agencies, memberships and invitations that an actor may see, and who an account is as an actor."""

import datetime as dt
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from sarana.basics.actors import NOBODY, Actor, Grant
from sarana.ground.accounts import policy
from sarana.ground.accounts.models import Account, Agency, Invitation, Membership, Role
from sarana.ground.walls import postgres


def running(today: dt.date) -> Q:
    """Memberships in force on a day."""
    not_over = Q(until__isnull=True) | Q(until__gte=today)
    return Q(ended_at__isnull=True, starts_on__lte=today, agency__closed_on__isnull=True) & not_over


def actor_of(
    account: Account,
    now: dt.datetime,
    *,
    purpose: str = "",
    is_strong: bool = False,
    request_ref: UUID = NOBODY,
) -> Actor:
    """An account as the one who acts, with every role that is in force today."""
    postgres.recognise(account.pk, account.ref)
    rows = (
        Membership.objects.filter(running(now.date()), account=account, account__is_active=True)
        .values_list("role__code", "agency__ref", "agency__path", "agency__areas")
        .order_by("agency__path", "role__code")
    )
    grants = tuple(Grant(role, ref, path, tuple(areas)) for role, ref, path, areas in rows)
    return Actor(account.ref, now, grants, purpose=purpose, is_strong=is_strong, request_ref=request_ref)


def standing(actor: Actor, language: str) -> list[str]:
    """For each agency in which somebody works, one line: her roles there, and the agency."""
    rows = Membership.objects.filter(running(actor.today), account__ref=actor.account_ref).order_by(
        "agency__path", "role__rank"
    )
    lines: dict[str, list[str]] = {}
    for agency, role, role_th in rows.values_list("agency__name", "role__name", "role__name_th"):
        lines.setdefault(agency, []).append(role_th if language == "th" else role)
    return [f"{', '.join(held)} · {agency}" for agency, held in lines.items()]


def agencies_for(actor: Actor) -> QuerySet[Agency]:
    """The agencies that an actor may see, topmost first."""
    shown = Agency.objects.filter(policy.openable_agencies(actor)).select_related("parent", "partner")
    return shown.order_by("path").fetch_mode(models.FETCH_RAISE)


def get_agency(actor: Actor, ref: UUID) -> Agency:
    """One agency that an actor may see.

    Raises:
        Agency.DoesNotExist: there is none, or she may not see it.
    """
    return agencies_for(actor).get(ref=ref)


def memberships_for(actor: Actor) -> QuerySet[Membership]:
    """The memberships that an actor may see, running ones first."""
    shown = Membership.objects.filter(policy.openable_memberships(actor)).select_related("account", "agency", "role")
    return shown.order_by("ended_at", "account__name", "role__rank").fetch_mode(models.FETCH_RAISE)


def get_membership(actor: Actor, ref: UUID) -> Membership:
    """One membership that an actor may see.

    Raises:
        Membership.DoesNotExist: there is none, or she may not see it.
    """
    return memberships_for(actor).get(ref=ref)


def invitations_for(actor: Actor) -> QuerySet[Invitation]:
    """The invitations that an actor may see, newest first."""
    shown = Invitation.objects.filter(policy.openable_invitations(actor)).select_related("agency", "role", "account")
    return shown.order_by("-made_at").fetch_mode(models.FETCH_RAISE)


def count_demonstration_accounts() -> int:
    """How many accounts of a demonstration are here; in a database for work there must be none."""
    return Account.objects.filter(is_demonstration=True).count()


def roles() -> QuerySet[Role]:
    """Every role there is, in the order of `reference/roles.toml`."""
    return Role.objects.order_by("rank")
