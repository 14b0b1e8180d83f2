"""`sarana work`: a worker beside the web."""

import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from sarana.config.commands.asking import tell
from sarana.config.web import start

app = typer.Typer(no_args_is_help=True)


@app.command("work")
def work(*, once: Annotated[bool, typer.Option("--once", help="End as soon as no work waits.")] = False) -> None:
    """Do long work beside the web, until asked to end (SARANA_WORK=apart); as many as you like may run."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    start.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    tell("Working. Ctrl-C ends it; work that runs then is gone on with by the next worker.")
    if not once:
        start.door("sarana.ground.jobs.working.work_until")(stop)
        return
    work_once = start.door("sarana.ground.jobs.working.work_once")
    while not stop.is_set() and work_once(stop):
        pass
