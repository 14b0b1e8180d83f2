"""A demonstration: an agency of each kind and one marked account for each role, all invented, in demo mode only."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import Refused
from sarana.ground.accounts import actions, queries
from sarana.ground.accounts.models import Account, Agency, Membership
from sarana.ground.ledger.actions import record

Kind = Agency.Kind
PROVINCE, DISTRICT = ("TH50",), ("TH5003",)
"""The mandates of agencies of the invented province, and of one of its districts."""


@dataclass(frozen=True, slots=True)
class Invented:
    """An agency that does not exist: kind, two names, the kind of the agency above it, who works there, its mandate."""

    kind: Agency.Kind
    name: str
    name_local: str
    above: Agency.Kind | None
    roles: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("TH",)


AGENCIES = (
    Invented(Kind.REGIONAL_BODY, "Demo regional body", "หน่วยงานภูมิภาคตัวอย่าง", None),
    Invented(
        Kind.NATIONAL_BODY, "Demo national body", "หน่วยงานกลางตัวอย่าง", None, ("national-officer", "system-operator")
    ),
    Invented(
        Kind.PROVINCIAL_CENTRE,
        "Demo provincial centre",
        "ศูนย์จังหวัดตัวอย่าง",
        Kind.NATIONAL_BODY,
        (
            "organisation-administrator",
            "data-protection-officer",
            "data-specialist",
            "provincial-data-officer",
            "data-custodian",
            "linkage-reviewer",
            "analyst",
            "public-editor",
        ),
        PROVINCE,
    ),
    Invented(
        Kind.LOCAL_GOVERNMENT,
        "Demo district office",
        "ที่ว่าการอำเภอตัวอย่าง",
        Kind.PROVINCIAL_CENTRE,
        ("district-officer",),
        DISTRICT,
    ),
    Invented(
        Kind.SOCIAL_WELFARE,
        "Demo social welfare office",
        "สำนักงานพัฒนาสังคมตัวอย่าง",
        Kind.PROVINCIAL_CENTRE,
        ("case-worker", "supervisor", "intake-desk", "data-protection-officer", "data-custodian"),
        PROVINCE,
    ),
    Invented(Kind.SHELTER, "Demo shelter", "บ้านพักตัวอย่าง", Kind.PROVINCIAL_CENTRE, ("shelter", "supervisor"), PROVINCE),
    Invented(
        Kind.HEALTH,
        "Demo hospital",
        "โรงพยาบาลตัวอย่าง",
        Kind.PROVINCIAL_CENTRE,
        # A second reviewer, so that it can be seen what happens when two open one pair.
        ("health", "linkage-reviewer"),
        PROVINCE,
    ),
    Invented(Kind.EDUCATION, "Demo school office", "สำนักงานการศึกษาตัวอย่าง", Kind.PROVINCIAL_CENTRE, (), PROVINCE),
    Invented(Kind.LABOUR, "Demo labour office", "สำนักงานแรงงานตัวอย่าง", Kind.PROVINCIAL_CENTRE, (), PROVINCE),
    Invented(Kind.POLICE, "Demo police unit", "หน่วยตำรวจตัวอย่าง", Kind.NATIONAL_BODY, ("investigator", "supervisor")),
    Invented(Kind.IMMIGRATION, "Demo immigration post", "ด่านตรวจคนเข้าเมืองตัวอย่าง", Kind.NATIONAL_BODY),
    Invented(Kind.PROSECUTION, "Demo prosecution office", "สำนักงานอัยการตัวอย่าง", Kind.NATIONAL_BODY, ("prosecutor",)),
    Invented(Kind.COURT, "Demo court", "ศาลตัวอย่าง", Kind.NATIONAL_BODY),
    # Who opens people has an area of her own: a mandate of a whole country opens nobody.
    Invented(Kind.NGO, "Demo foundation", "มูลนิธิตัวอย่าง", None, ("outreach-worker",), ("TH5001",)),
    Invented(Kind.INTERNATIONAL, "Demo international organisation", "องค์การระหว่างประเทศตัวอย่าง", None),
    Invented(Kind.RESEARCH, "Demo university", "มหาวิทยาลัยตัวอย่าง", None, ("researcher",)),
)


def check_is_demonstration() -> None:
    """Nothing of this page is done outside demo mode.

    Raises:
        Refused: ACCOUNTS-011 this installation is for work.
    """
    if settings.SARANA_MODE != "demo":
        raise Refused("ACCOUNTS-011", "This is no demonstration: accounts come from invitations only.")


@transaction.atomic
def seed_demonstration(actor: Actor) -> int:
    """Make the invented agencies and accounts where there are none yet; gives the number of accounts made.

    Raises:
        Refused: ACCOUNTS-011 not in demo mode.
    """
    check_is_demonstration()
    if not queries.is_empty():
        return 0
    made: dict[Agency.Kind, Agency] = {}
    n_accounts = 0
    for one in AGENCIES:
        above = made.get(one.above) if one.above else None
        made[one.kind] = actions.make_agency(
            actor,
            name=one.name,
            name_local=one.name_local,
            kind=one.kind,
            country="TH",
            areas=list(one.areas),
            parent=above,
        )
        n_accounts += sum(_account(actor, made[one.kind], role) for role in one.roles)
    return n_accounts


def _account(actor: Actor, agency: Agency, code: str) -> int:
    """An account with one role and no passphrase: only the page of the demonstration opens it."""
    role = queries.roles().get(code=code)
    first = f"demo-{code}"
    again = next(again for again in ("", *map(str, range(2, 99))) if queries.find_account(f"{first}{again}") is None)
    account = actions.make_account(
        actor,
        sign_in_name=f"{first}{again}",
        name=f"Demo: {role.name} {again}".strip(),
        passphrase=None,
        is_demonstration=True,
    )
    actions.give_role(actor, account=account, agency=agency, role=role)
    return 1


def demonstration_accounts() -> list[Membership]:
    """The roles that can be tried, in the order of the roles: invented people, shown to whoever comes.

    Raises:
        Refused: ACCOUNTS-011 not in demo mode.
    """
    check_is_demonstration()
    return queries.demonstration_memberships()


def enter_as(actor: Actor, account: Account) -> None:
    """Write down that somebody tries a role of the demonstration.

    Raises:
        Refused: ACCOUNTS-011 not in demo mode, or the account is no demonstration.
    """
    check_is_demonstration()
    if not account.is_demonstration:
        raise Refused("ACCOUNTS-011", "This is no demonstration: accounts come from invitations only.")
    record(actor, "accounts.demonstration-entered", thing_kind="account", thing_ref=account.ref)
