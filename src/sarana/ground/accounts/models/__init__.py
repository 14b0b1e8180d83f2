"""What this room stores, one idea a file."""

from sarana.ground.accounts.models.agencies import Agency
from sarana.ground.accounts.models.invitations import Invitation
from sarana.ground.accounts.models.memberships import Membership, Role
from sarana.ground.accounts.models.people import Account
from sarana.ground.accounts.models.sent_forms import SentForm
from sarana.ground.accounts.models.sittings import Sitting
from sarana.ground.accounts.models.ties import Allowance, Tie
from sarana.ground.accounts.models.trials import Trial

__all__ = [
    "Account",
    "Agency",
    "Allowance",
    "Invitation",
    "Membership",
    "Role",
    "SentForm",
    "Sitting",
    "Tie",
    "Trial",
]
