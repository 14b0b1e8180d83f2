"""What was opened in an emergency waits for the data-protection officer, who says within a day whether it was one."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from sarana.basics.actors import Actor
from sarana.basics.tasks import TaskKind
from sarana.care.people.emergency.models import Emergency
from sarana.ground.tasks.actions import Wanted

ROLE, PAGE = "data-protection-officer", "people:emergency"
WITHIN = dt.timedelta(hours=24)

REVIEW = TaskKind(
    code="people.review-emergency",
    words=_("Somebody was opened in an emergency"),
    why=_(
        "A colleague who does not work with a person opened that person, because something could not wait. Read why, "
        "see who confirmed it, and speak with both within 24 hours."
    ),
    outcomes=(
        ("emergency", _("it was an emergency")),
        ("spoken", _("it was none; it was spoken about")),
        ("breach", _("kept as a breach")),
    ),
)
KINDS = (REVIEW,)


def of_emergency(actor: Actor, emergency: Emergency) -> Wanted:
    """The task that an emergency makes, once."""
    ref, due_on = emergency.ref, (actor.now + WITHIN).date()
    return Wanted(REVIEW.code, ROLE, ref, PAGE, (ref,), due_on=due_on, key=f"{REVIEW.code}:{ref}")
