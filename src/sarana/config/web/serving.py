"""The processes that answer: granian with this house's program, loaded once and shared by all of them."""

import gc
from importlib import import_module

from django.conf import settings
from django.db import connections
from django.utils import translation
from granian import Granian
from granian.constants import Interfaces

SHOWN_IN = ("en", "th")
"""The languages whose words every process needs."""

ENDS_SECONDS = 40
"""How long a process that answers may take to end when asked: twenty seconds to give work back, as long for those who
ask. One that hangs, or was asked before it could listen, would hold the whole server for ever; it is ended then."""


def serve(*, host: str, port: int, workers: int) -> None:
    """Answer until asked to end.

    The processes that answer are children: where the system ends one, for instance because memory is short, the others
    go on and a new one begins within seconds; one that ends again at once ends all.
    """
    load()
    Granian(
        "sarana.config.web.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=ENDS_SECONDS,
    ).serve()


def load() -> None:
    """Load what every child needs, so that they share it instead of each having its own.

    What is loaded here is also left alone by the collector of rubbish: to look through it again and again would cost
    time, and writing into it would give each child a copy. No connection to the database goes along to a child.
    """
    import_module("sarana.config.web.wsgi")
    import_module(settings.ROOT_URLCONF)
    for language in SHOWN_IN:
        with translation.override(language):
            translation.gettext("Today")
    connections.close_all()
    gc.collect()
    gc.freeze()
