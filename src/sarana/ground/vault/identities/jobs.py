"""Turning the keys of an agency as long work: stopped, killed and gone on with anywhere, while others open and save."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.basics.work import Args, Kind, Receipt, Step, Work
from sarana.ground.vault.identities import policy
from sarana.ground.vault.identities.actions.turning import rotate

CODE = "vault.turn-keys"


def thing(agency: object) -> str:
    """On what such work works: the keys of one agency."""
    return f"{CODE}:{agency}"


def args_for(agency: UUID) -> Args:
    """What the work is told."""
    return {"agency": str(agency)}


def _check(actor: Actor, args: Args) -> None:
    """Whoever keeps the keys of that agency."""
    policy.check_may_keep_keys(actor)
    if "agency" not in args:
        raise NotYet(
            "VAULT-095", "This work is asked for on the page of the keys of an agency.", cure="Open that page."
        )
    policy.check_may(actor, policy.KEYS, UUID(args["agency"]))


def _turn(work: Work) -> Receipt:
    """What was turned before a stop needs not be turned again; what is left is counted anew."""
    return {"sealed": rotate(work.actor, agency=UUID(work.args["agency"]), progress=work)}


TURN = Kind(
    code=CODE,
    words=_("Change the keys of an agency"),
    check=_check,
    thing=lambda args: thing(args.get("agency", "")),
    steps=lambda _args: (Step(_("Seal everything with the new keys"), _turn),),
    counts={"sealed": _("Sealed with the new keys")},
)
KINDS = (TURN,)
