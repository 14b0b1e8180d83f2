"""An alarm waits for the data-protection officer of the agency."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.tasks import TaskKind
from sarana.ground.tasks.actions import Wanted

ROLE, PAGE = "data-protection-officer", "people:alarm"

LOOK_INTO = TaskKind(
    code="people.look-into-alarm",
    words=_("Somebody opened what nobody needs to open"),
    why=_(
        "A record that lures was opened, or a day's number of people or searches was used up. It may have a good "
        "reason, or somebody reads who is helped here. See who it was and speak with them today."
    ),
    outcomes=(
        ("explained", _("there was a good reason")),
        ("spoken", _("no good reason; it was spoken about")),
        ("breach", _("kept as a breach")),
    ),
)
KINDS = (LOOK_INTO,)


def of_alarm(actor: Actor, alarm: UUID) -> Wanted:
    """The task that an alarm makes, once."""
    key = f"{LOOK_INTO.code}:{alarm}"
    return Wanted(LOOK_INTO.code, ROLE, alarm, PAGE, (alarm,), due_on=actor.today, key=key)
