"""What the operator does at the machine's own line: the first invitation, a way back for the last administrator."""

from django.db import transaction

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.accounts import actions, addresses, queries
from sarana.ground.accounts.models import Agency


@transaction.atomic
def invite_by_hand(actor: Actor, *, agency: str, kind: str, country: str, name: str, role: str) -> str:
    """Invite a person into an agency, which is made as a topmost one where there is none; gives the link."""
    found_role = queries.find_role(role)
    if found_role is None or kind not in Agency.Kind.values:
        raise NotYet(
            "ACCOUNTS-029",
            "There is no such role, or no such kind of agency.",
            cure="The manual lists the codes of both, such as organisation-administrator and shelter.",
        )
    where = queries.agencies_named(agency)
    if len(where) > 1:
        raise NotYet(
            "ACCOUNTS-030",
            "More than one agency has this name.",
            cure="Let an administrator of the right one invite the person.",
        )
    into = where[0] if where else _make(actor, agency, kind, country)
    _, word = actions.invite(actor, agency=into, role=found_role, name=name)
    return addresses.invitation_link(word)


def _make(actor: Actor, name: str, kind: str, country: str) -> Agency:
    return actions.make_agency(actor, name=name, kind=Agency.Kind(kind), country=country.upper())


def let_back_by_hand(actor: Actor, *, sign_in_name: str) -> str:
    """Give a person who lost what she signs in with a way back; gives the link."""
    membership = queries.find_membership_of(actions.tidy_sign_in_name(sign_in_name))
    if membership is None:
        raise NotYet(
            "ACCOUNTS-031",
            "Nobody who works here signs in with this name.",
            cure="See how it is written; somebody whose account or roles ended has to be invited anew.",
        )
    _, word = actions.offer_way_back(actor, membership)
    return addresses.invitation_link(word)
