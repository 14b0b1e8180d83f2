"""Acts of this room that need two people's words, and the proof that two have spoken."""

from dataclasses import dataclass
from uuid import UUID

from sarana.basics.actors import Actor
from sarana.basics.apart import clashes
from sarana.basics.errors import NotYet, Refused
from sarana.ground.accounts import queries
from sarana.ground.accounts.models import Account, Agency, Membership
from sarana.ground.rules import tables

GIVE_ROLE = "give-role"
END_LAST = "end-last-administrator"
CHANGE_PARTNER = "change-partner"
HAND_OVER = "hand-over"

ADMINISTRATOR, OFFICER = "organisation-administrator", "data-protection-officer"
GUARDED_ROLES = frozenset({ADMINISTRATOR, OFFICER})


@dataclass(frozen=True, slots=True)
class TwoWords:
    """Two have spoken for one act; only `sarana.ground.words.actions` makes this value, which a test holds."""

    act: str
    key: str
    proposer: UUID


def key_of(act: str, *, agency: Agency, subject: UUID | None = None, thing: UUID | None = None, role: str = "") -> str:
    """What an act would do, in one text: to whom and to what."""
    return ":".join((act, agency.ref.hex, subject.hex if subject else "", thing.hex if thing else "", role))


def check_two_words(actor: Actor, key: str, words: TwoWords | None) -> None:
    """The one who proposed carries out what was agreed, and nothing else.

    Raises:
        NotYet: POLICY-004 no second word was given for just this.
    """
    if words is None or words.key != key or words.proposer != actor.account_ref:
        raise NotYet(
            "POLICY-004",
            "This needs a second person's word.",
            cure="Propose it under Settings, Second words; another person agrees, and then you carry it out.",
        )


def needs_two_for_role(actor: Actor, agency: Agency, role: str) -> bool:
    """True for the roles that guard all others, but for the first of each by the operator, or in an empty agency.

    Until then there is nobody in the agency who could speak, and nothing in it to protect.
    """
    if role not in GUARDED_ROLES:
        return False
    return queries.has_people(agency, role if actor.is_local else "")


def check_stays_apart(account: Account, role: str) -> None:
    """No person comes to hold powers that two must hold, in whatever agencies she holds her roles.

    Raises:
        Refused: POLICY-015 with this role she would both give access and read who looked, or carry identities out.
    """
    held = {membership.role.code for membership in queries.running_of(account)}
    if clashes(tables(), held | {role}):
        raise Refused(
            "POLICY-015",
            "With this role one person would hold powers that two must hold.",
            cure="Give it to somebody else, or end her other role first.",
        )


def ends_the_last_administrator(membership: Membership) -> bool:
    """True where nobody else administers the agency once this membership ends."""
    running = queries.running_of(membership.account)
    holds = any(each.pk == membership.pk and each.role.code == ADMINISTRATOR for each in running)
    return holds and not queries.others_with(ADMINISTRATOR, membership)
