"""Make, change, close and open agencies; bring in roles."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.references import new_ref
from sarana.ground.accounts import guarded, policy
from sarana.ground.accounts.models import Agency, Role
from sarana.ground.ledger.actions import record
from sarana.methods.reference import read_reference

MADE = "This was made already: the form was sent twice."


@transaction.atomic
def load_roles(actor: Actor) -> int:
    """Bring the roles of `reference/roles.toml` into the database; gives the number that were new or changed."""
    wanted = {
        code: {**words, "code": code, "rank": rank}
        for rank, (code, words) in enumerate(read_reference("roles.toml").items())
    }
    known = {row["code"]: row for row in Role.objects.values(*next(iter(wanted.values())))}
    changed = [Role(**values) for code, values in wanted.items() if known.get(code) != values]
    if changed:
        fields = [name for name in next(iter(wanted.values())) if name != "code"]
        Role.objects.bulk_create(changed, update_conflicts=True, unique_fields=["code"], update_fields=fields)
        record(actor, "accounts.roles-loaded", thing_kind="role", n_things=len(changed))
    return len(changed)


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
    ref: UUID | None = None,
) -> Agency:
    """Make an agency under another one, or a topmost one from the command line.

    `ref` is the reference that it shall have, so that a form that is sent twice makes it once.
    """
    if parent is None:
        policy.check_is_local(actor)
    else:
        policy.check_may_change_agency(actor, parent)
    agency = Agency(
        ref=ref or new_ref(),
        name=name,
        name_local=name_local,
        kind=kind,
        country=country,
        areas=[*areas],
        parent=parent,
        made_at=actor.now,
    )
    agency.path = f"{parent.path if parent else '/'}{agency.ref.hex}/"
    try:
        with transaction.atomic():
            agency.save(force_insert=True)
    except IntegrityError as err:
        raise NotYet("ACCOUNTS-027", MADE, cure="See the list, and go on there.") from err
    record(actor, "accounts.agency-made", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


@transaction.atomic
def change_agency(
    actor: Actor,
    agency: Agency,
    *,
    version: int,
    name: str,
    name_local: str,
    areas: Sequence[str],
    partner: Agency | None,
) -> Agency:
    """Change what an agency is called, the areas of its mandate, and the agency that gives second words for it."""
    policy.check_may_change_agency(actor, agency)
    policy.check_may_be_partner(agency, partner)
    is_named_at_first = actor.is_local and agency.partner_id is None
    if agency.partner_id != (partner.pk if partner else None) and not is_named_at_first:
        guarded.check_two_words(actor, guarded.CHANGE_PARTNER, None)
    _change(agency, version, {"name": name, "name_local": name_local, "areas": [*areas], "partner": partner})
    record(actor, "accounts.agency-changed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


@transaction.atomic
def change_partner(
    actor: Actor,
    agency: Agency,
    *,
    partner: Agency | None,
    instead_of: Agency | None,
    words: guarded.TwoWords | None = None,
) -> Agency:
    """Name another agency as partner, or none, instead of the one that there was when this was proposed.

    Raises:
        NotYet: ACCOUNTS-013 the partner was changed since, or the agency while this was done.
    """
    policy.check_may_change_agency(actor, agency)
    key = guarded.key_of(guarded.CHANGE_PARTNER, agency=agency, thing=partner.ref if partner else None)
    guarded.check_two_words(actor, key, words)
    policy.check_may_be_partner(agency, partner)
    if partner is not None and (partner.path.startswith(agency.path) or agency.path.startswith(partner.path)):
        raise NotYet(
            "POLICY-013",
            "An agency above or below this one is no partner: one hand could speak for both.",
            cure="Name an agency of another line.",
        )
    _change(agency, agency.version, {"partner": partner}, partner=instead_of)
    record(actor, "accounts.partner-changed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


@transaction.atomic
def close_agency(actor: Actor, agency: Agency, *, version: int) -> Agency:
    """Close an agency: from now on nobody works in it, and roles held in it open nothing."""
    policy.check_may_close_agency(actor, agency)
    if Agency.objects.filter(parent=agency, closed_on__isnull=True).exists():
        raise NotYet("ACCOUNTS-026", "An open agency lies under this one.", cure="Close the agencies under it first.")
    _change(agency, version, {"closed_on": actor.today})
    record(actor, "accounts.agency-closed", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


@transaction.atomic
def open_agency(actor: Actor, agency: Agency, *, version: int) -> Agency:
    """Open a closed agency again; roles that have not ended hold again."""
    policy.check_may_close_agency(actor, agency)
    if agency.parent_id is not None and Agency.objects.filter(pk=agency.parent_id, closed_on__isnull=False).exists():
        raise NotYet("ACCOUNTS-012", "The agency above this one is closed.", cure="Open that one first.")
    _change(agency, version, {"closed_on": None})
    record(actor, "accounts.agency-opened", thing_kind="agency", thing_ref=agency.ref, owner_agency_ref=agency.ref)
    return agency


def _change(agency: Agency, version: int, values: dict[str, object], **seen: object) -> None:
    """Change an agency if it is still the one that the person saw, and has what was `seen`."""
    if not Agency.objects.filter(pk=agency.pk, version=version, **seen).update(**values, version=version + 1):
        raise NotYet(
            "ACCOUNTS-013",
            "Somebody else changed this agency while you looked at it.",
            cure="See what it is now, and decide again.",
        )
    for name, value in values.items():
        setattr(agency, name, value)
    agency.version = version + 1
