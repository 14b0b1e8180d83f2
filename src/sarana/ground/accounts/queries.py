"""The reading doors: agencies, memberships and invitations that an actor may see, and who an account is as an actor."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import get_language
from fido2.utils import websafe_decode

from sarana.basics.actors import NOBODY, Actor, Grant
from sarana.ground.accounts import keyed, policy
from sarana.ground.accounts.issuers import Issuer, subject_mark
from sarana.ground.accounts.models import Account, Agency, Allowance, Invitation, Membership, Role, Sitting, Tie
from sarana.ground.accounts.models.agencies import LOCAL, called
from sarana.ground.accounts.models.invitations import hash_word
from sarana.ground.accounts.models.store import about, hashed, owner_mark
from sarana.ground.codelists.queries import purpose_that_holds
from sarana.ground.prepared import Place, Prepared
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import ANSWERING


@dataclass(frozen=True, slots=True)
class Held:
    """One role that somebody holds in words, as the frame of a page says it."""

    role: str
    role_th: str
    agency: str
    agency_local: str
    country: str


def running(today: dt.date | Place) -> Q:
    """Memberships in force on a day."""
    not_over = Q(until__isnull=True) | Q(until__gte=today)
    return Q(ended_at__isnull=True, starts_on__lte=today, agency__closed_on__isnull=True) & not_over


def _held_on(account: Place, today: Place) -> QuerySet[Membership, tuple[Any, ...]]:
    rows = Membership.objects.filter(running(today), account_id=account, account__is_active=True)
    told = ("role__code", "agency__ref", "agency__path", "agency__areas", "agency__kind")
    words = ("role__rank", "role__name", "role__name_th", "agency__name", "agency__name_local", "agency__country")
    return rows.values_list(*told, *words).order_by("agency__path", "role__code")


HELD = Prepared(_held_on, models.BigAutoField(), models.DateField())
"""What an account holds on a day, asked at every request."""


def actor_of(
    account: Account,
    now: dt.datetime,
    *,
    purpose: str = "",
    is_strong: bool = False,
    request_ref: UUID = NOBODY,
) -> Actor:
    """An account as the one who acts: with every role that is in force today, and her purpose while that is."""
    return known(account, now, purpose=purpose, is_strong=is_strong, request_ref=request_ref)[0]


def known(
    account: Account,
    now: dt.datetime,
    *,
    purpose: str = "",
    is_strong: bool = False,
    request_ref: UUID = NOBODY,
) -> tuple[Actor, tuple[Held, ...]]:
    """An account as the one who acts, and what the frame of her pages says of her: both from one look at her roles."""
    postgres.recognise(account.pk, account.ref)
    found = HELD.ask(account.pk, now.date())
    grants = tuple(Grant(role, ref, path, tuple(areas), kind) for role, ref, path, areas, kind, *_words in found)
    held = tuple(Held(*words) for _path, _rank, words in sorted((row[2], row[5], row[6:]) for row in found))
    stated = purpose_that_holds(purpose, frozenset(grant.role for grant in grants), now.date())
    return Actor(account.ref, now, grants, purpose=stated, is_strong=is_strong, request_ref=request_ref), held


def kinds_worked_in(actor: Actor) -> frozenset[str]:
    """What the agencies are in which somebody works: asked for where her grants do not all say it."""
    if all(grant.agency_kind for grant in actor.grants):
        return frozenset(grant.agency_kind for grant in actor.grants)
    return frozenset(Agency.objects.filter(ref__in=actor.agency_refs).values_list("kind", flat=True))


def standing(held: Sequence[Held], language: str) -> list[str]:
    """For each agency in which somebody works, one line: her roles there, and the agency."""
    lines: dict[str, list[str]] = {}
    for one in held:
        agency = called(one.agency, one.agency_local, one.country, language)
        lines.setdefault(agency, []).append(one.role_th if language == "th" else one.role)
    return [f"{', '.join(roles)} · {agency}" for agency, roles in lines.items()]


def name_shown(prefix: str = "") -> Case:
    """The name of an agency for the one who reads, as a query: what `Agency.called` says."""
    at_home = [country for country, language in LOCAL.items() if language == (get_language() or "en")]
    local = When(~Q(**{f"{prefix}name_local": ""}), **{f"{prefix}country__in": at_home}, then=F(f"{prefix}name_local"))
    return Case(local, default=F(f"{prefix}name"))


def agencies_for(actor: Actor) -> QuerySet[Agency]:
    """The agencies that an actor may see, topmost first."""
    shown = Agency.objects.filter(policy.openable_agencies(actor)).select_related("parent", "partner")
    return shown.order_by("path").fetch_mode(models.FETCH_RAISE)


def agency_names(actor: Actor, language: str) -> dict[UUID, str]:
    """The names of all agencies that an actor may see, for somebody who reads a language."""
    rows = agencies_for(actor).order_by().values_list("ref", "name", "name_local", "country")
    return {ref: called(name, local, country, language) for ref, name, local, country in rows}


def agencies_called(called: str) -> list[Agency]:
    """The agencies of this name or this reference, two at most, for the operator, who has to mean one."""
    try:
        asked = Q(ref=UUID(called))
    except ValueError:
        asked = Q(name=called) | Q(name_local=called)
    return list(Agency.objects.filter(asked)[:2])


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


def find_role(code: str) -> Role | None:
    """A role by its code."""
    return Role.objects.filter(code=code).first()


def agencies_named(name: str) -> list[Agency]:
    """The agencies of a name, two at most; for the operator, who has to be told where there is more than one."""
    return list(Agency.objects.filter(name=name)[:2])


def is_empty() -> bool:
    """True where no agency was made yet."""
    return not Agency.objects.exists()


def has_people(agency: Agency, role: str = "") -> bool:
    """True where somebody holds a role in an agency, or just this one; for rules only."""
    held = Membership.objects.filter(agency=agency, ended_at__isnull=True)
    return (held.filter(role__code=role) if role else held).exists()


def others_with(role: str, membership: Membership) -> bool:
    """True where somebody else holds a role in the agency of this membership; for rules only."""
    held = Membership.objects.filter(agency_id=membership.agency_id, role__code=role, ended_at__isnull=True)
    return held.filter(account__is_active=True).exclude(pk=membership.pk).exists()


def demonstration_memberships() -> list[Membership]:
    """The roles of the demonstration's invented people, in the order of the roles."""
    with postgres.as_task(ANSWERING):
        shown = Membership.objects.filter(account__is_demonstration=True).select_related("account", "agency", "role")
        return list(shown.order_by("role__rank", "pk"))


def needs_second_factor(account: Account, today: dt.date) -> bool:
    """True where a role that the person holds today asks for a second factor."""
    held = Membership.objects.filter(running(today), account=account)
    return held.filter(role__needs_second_factor=True).exists()


def factors_with_codes(account: Account) -> list[Authenticator]:
    """The factors of a person that are typed: the app first, then the sheet."""
    found = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("-type"))


def has_factor(account: Account) -> bool:
    """True where a person has any second factor."""
    return bool(Authenticator.objects.filter(user=account).exists())


def count_keys(account: Account) -> int:
    """How many keys a person has."""
    return int(Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).count())


def find_by_handle(handle: str) -> Account | None:
    """The person for whom a key says it was made; None for nonsense and for accounts that ended."""
    try:
        ref = UUID(bytes=websafe_decode(handle))
    except ValueError:
        return None
    return Account.objects.filter(ref=ref, is_active=True).first()


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as its owner sees it."""

    ref: str
    kind: str
    name: str
    added_at: dt.datetime
    used_at: dt.datetime | None
    n_left: int | None


def factors_of(account: Account) -> list[Factor]:
    """A person's second factors, oldest first."""
    return [_as_factor(row) for row in Authenticator.objects.filter(user=account).order_by("created_at", "pk")]


def find_factor_id(account: Account, ref: str) -> int | None:
    """The row of a person's factor by its reference."""
    rows = Authenticator.objects.filter(user=account).values_list("pk", flat=True)
    return next((pk for pk in rows if factor_ref(pk) == ref), None)


def factor_ref(row: int) -> str:
    """What stands for a factor in addresses: a mark from which no row number can be read."""
    return keyed.mark("factor ref", str(row))[:32]


def _as_factor(row: Authenticator) -> Factor:
    is_sheet = row.type == Authenticator.Type.RECOVERY_CODES
    return Factor(
        ref=factor_ref(row.pk),
        kind=row.type,
        name=row.wrap().name if row.type == Authenticator.Type.WEBAUTHN else "",
        added_at=row.created_at,
        used_at=row.last_used_at,
        n_left=len(row.wrap().get_unused_codes()) if is_sheet else None,
    )


@dataclass(frozen=True, slots=True)
class OwnSitting:
    """A sitting as its owner sees it."""

    ref: UUID
    about: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool


def sittings_of(actor: Actor, *, session_key: str) -> list[OwnSitting]:
    """One's own open sittings, the one that asks first, then the newest."""
    rows = Sitting.objects.filter(owner_mark=owner_mark(actor.account_ref), expire_date__gt=actor.now)
    here = hashed(session_key)
    found = [OwnSitting(row.ref, about(row), row.began_at, row.seen_at, row.session_key == here) for row in rows]
    return sorted(found, key=lambda sitting: (not sitting.is_this, -sitting.seen_at.timestamp()))


def count_sittings(account_ref: UUID, *, but: str) -> int:
    """How many sittings of a person are open beside one."""
    rows = Sitting.objects.filter(owner_mark=owner_mark(account_ref), expire_date__gt=timezone.now())
    return rows.exclude(session_key=hashed(but)).count()


def find_invitation(word: str) -> Invitation | None:
    """The invitation to which a link leads, whatever became of it; None where there is none."""
    found = Invitation.objects.filter(word_hash=hash_word(word)).select_related("agency", "role", "account")
    return found.first()


def get_invitation(actor: Actor, ref: UUID) -> Invitation:
    """One invitation that an actor may see.

    Raises:
        Invitation.DoesNotExist: there is none, or she may not see it.
    """
    return invitations_for(actor).get(ref=ref)


def find_account(sign_in_name: str) -> Account | None:
    """The account that signs in with this name, if it is open; for an administrator who knows it, and the operator."""
    return Account.objects.filter(sign_in_name=sign_in_name, is_active=True).first()


def find_membership_of(sign_in_name: str) -> Membership | None:
    """The oldest role that has not ended of whoever signs in with this name; for the operator."""
    held = Membership.objects.filter(account__sign_in_name=sign_in_name, account__is_active=True)
    return held.filter(ended_at__isnull=True).select_related("account", "agency", "role").order_by("pk").first()


def own_account(actor: Actor) -> Account:
    """One's own account."""
    return Account.objects.get(ref=actor.account_ref)


def own_memberships(actor: Actor) -> QuerySet[Membership]:
    """One's own roles that hold today."""
    mine = Membership.objects.filter(running(actor.today), account__ref=actor.account_ref)
    return mine.select_related("agency", "role").order_by("agency__path", "role__rank")


def running_of(account: Account) -> list[Membership]:
    """Every role of a person that has not ended, wherever; for rules only, never to be shown."""
    with postgres.as_task(ANSWERING):
        held = Membership.objects.filter(account=account, ended_at__isnull=True)
        return list(held.select_related("agency", "account", "role"))


def open_invitations_for(actor: Actor, agency: Agency) -> QuerySet[Invitation]:
    """The invitations of an agency that can still be used."""
    unused = invitations_for(actor).filter(agency=agency, used_at__isnull=True, withdrawn_at__isnull=True)
    return unused.filter(expires_at__gt=actor.now)


def allowances_of(agency: Agency) -> dict[str, Allowance]:
    """The services by which the people of an agency may sign in, by their addresses; known to all who work here."""
    return {row.issuer: row for row in Allowance.objects.filter(agency=agency)}


def ties_of(account: Account) -> dict[str, Tie]:
    """What a person's own account is tied to, by the addresses of the services."""
    return {row.issuer: row for row in Tie.objects.filter(account=account)}


def find_tie(issuer: Issuer, subject: str) -> Tie | None:
    """The tie to the one whom a service calls so: found by the service and this name together, and nothing else."""
    found = Tie.objects.filter(subject_mark=subject_mark(issuer, subject), issuer=issuer.url)
    return found.select_related("account").first()


def signs_taken(account: Account, issuer: Issuer, today: dt.date) -> frozenset[str] | None:
    """The signs of a second factor that all agencies take in which a person works; None where one does not let her in.

    Who works in two agencies opens both with one sign-in, so both have to allow it.
    """
    postgres.recognise(account.pk, account.ref)
    works_in = set(Membership.objects.filter(running(today), account=account).values_list("agency_id", flat=True))
    allowed = dict(
        Allowance.objects.filter(agency_id__in=works_in, issuer=issuer.url).values_list("agency_id", "signs")
    )
    if not works_in or works_in - set(allowed):
        return None
    return frozenset(issuer.second_factor).intersection(*allowed.values())
