"""Work that nobody asks for: rooms say what is due, and a worker asks for it, each no sooner than its room says."""

import logging

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet, SaranaError
from sarana.ground.jobs import actions, queries
from sarana.ground.walls import postgres
from sarana.ground.walls.guards import OPERATOR

EVERY_SECONDS = 60.0
"""So often a worker looks what is due."""

log = logging.getLogger(__name__)


def ask_for_due() -> list[str]:
    """Ask for everything that is due; gives the codes of what was asked for.

    What another worker asked for in the same moment is not asked for twice: work on one thing waits or runs once.
    """
    actor, asked = Actor.local(timezone.localtime()), []
    for name in settings.SARANA_DUE:
        try:
            with postgres.as_task(OPERATOR):
                wanted = list(import_string(name)(actor))
                asked += [due.code for due in wanted if not queries.was_asked(due, actor.now) and _ask(actor, due.code)]
        except SaranaError as err:
            log.warning("%s What is due could not be told: %s", err.code, err)
    return asked


def _ask(actor: Actor, code: str) -> bool:
    try:
        actions.ask(actor, code)
    except NotYet:
        return False  # the same thing is worked on already
    return True
