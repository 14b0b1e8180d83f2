"""How long what this room stores is kept, and how it goes: read from what does it, for the page that says so."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sarana.ground.accounts.actions import sent_forms, trials
from sarana.ground.accounts.actions.invitations import INVITATION_LASTS
from sarana.ground.accounts.models.store import IDLE, LONGEST
from sarana.ground.accounts.throttle import DEVICE_LASTS


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of row: what it is, for how long at most (None: until somebody ends it), and what becomes of it then."""

    models: tuple[str, ...]
    what: Any
    longest: dt.timedelta | None
    then: Any


ROOM = (
    Kept(("Sitting",), _("a sitting without use"), IDLE, _("It opens nothing; its row goes at the next sign-in.")),
    Kept(("Sitting",), _("a sitting in all"), LONGEST, _("It opens nothing; its row goes at the next sign-in.")),
    Kept(
        ("Trial",),
        _("counts of failed sign-ins"),
        trials.KEPT,
        _("They go at the next sign-in; they name nobody in clear."),
    ),
    Kept(
        ("SentForm",),
        _("that a form was sent"),
        sent_forms.KEPT,
        _("It goes when later forms come; it names nobody in clear, and holds nothing that was typed."),
    ),
    Kept(
        ("Invitation",),
        _("an invitation, or a way back"),
        INVITATION_LASTS,
        _("Its link opens nothing; that it was made stays, with the name that was written on it."),
    ),
    Kept((), _("that a browser is known"), DEVICE_LASTS, _("The browser forgets it; nothing of it is stored here.")),
    Kept(
        ("Account", "Membership"),
        _("accounts and roles of people who work here"),
        None,
        _("An administrator ends them; that there were such stays, so that what was done has an author."),
    ),
    Kept(
        ("Tie",), _("the tie to a sign-in service"), None, _("It goes when the person unties it or the account ends.")
    ),
    Kept(
        ("Agency", "Role", "Allowance"), _("agencies, and what they allow"), None, _("An administrator changes them.")
    ),
)
"""Every model of this room stands here: a test holds it against the models, and the limits against what happens."""
