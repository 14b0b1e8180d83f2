"""Where the command line begins, and how every error leaves it: one clear sentence, a code, and a non-zero exit."""

import os
import signal
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from types import FrameType

import typer
import typer.exceptions
from rich.console import Console

from sarana.basics.errors import SaranaError
from sarana.config.settings import read_settings

BUG = 70
GOES_ON = "Finished steps of a run are kept: the same command with --resume goes on."

INTERRUPTED = 130
TERMINATED = 143

ROOMS: Mapping[str, str] = {
    "population": "population",
    "invent": "invent",
    "ledger": "ledger",
    "codelists": "codelists",
    "keys": "keys",
    "people": "helped",
}
"""The first word of a command, and the module beside this one that holds the rest of it."""

ALONE: Mapping[str, str] = {
    "setup": "web",
    "serve": "web",
    "check": "web",
    "demo": "web",
    "work": "work",
    "invite": "people",
    "let-back": "people",
    "backup": "backup",
    "restore": "backup",
    "fetch": "backup",
    "leave": "leave",
    "open": "leave",
}
"""Commands of one word, and the module that holds them."""


class Terminated(BaseException):
    """The system asked this process to end."""


def assemble(modules: Iterable[str]) -> typer.Typer:
    """The command line with the commands of these modules: each costs its imports, so `run` takes what is asked for."""
    whole = typer.Typer(
        name="sarana",
        help="Sarana: from sector files to who needs protection first, and the rooms in which people are helped.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    named = {module: word for word, module in ROOMS.items()}
    for module in modules:
        whole.add_typer(import_module(f"sarana.config.commands.{module}").app, name=named.get(module))
    return whole


def every() -> typer.Typer:
    """The whole command line, as the manual and `--help` show it."""
    return assemble(dict.fromkeys([*ROOMS.values(), *ALONE.values()]))


class Stops:
    """What this process was asked by: libraries in whose midst a signal comes tell it as a fault of their own."""

    def __init__(self) -> None:
        """Nobody asked."""
        self.asked: KeyboardInterrupt | Terminated | None = None

    def hear(self) -> None:
        """Hear Ctrl-C, unless whoever started this process has it ignored, and a request to end."""
        signal.signal(signal.SIGTERM, self._stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._stop)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.asked = KeyboardInterrupt() if number == signal.SIGINT else Terminated()
        raise self.asked


def main() -> None:
    """Run the command line and leave with its exit code."""
    stops = Stops()
    stops.hear()
    sys.exit(run(sys.argv[1:], stops))


def run(arguments: Sequence[str], stops: Stops | None = None) -> int:
    """Run one command.

    Args:
        arguments: what stands behind the program's name.
        stops: what was heard; whatever a command fails with after it was asked to stop is that stop.

    Returns:
        0 when all went well, 2 when the command was not understood, the error's own code for a clear error, 70 for a
        mistake of ours, 130 after Ctrl-C, 143 after a request to end.
    """
    try:
        first = arguments[0] if arguments else ""
        wanted = {**ROOMS, **ALONE}.get(first)
        app = assemble([wanted]) if wanted else every()
        found = app(list(arguments), prog_name="sarana", standalone_mode=False)
    except (Exception, KeyboardInterrupt, Terminated) as err:
        return _leave(stops.asked or err if stops else err)
    if found == INTERRUPTED:  # Typer turns Ctrl-C, and a stop that a library told as one, into this code
        return _leave((stops.asked if stops else None) or KeyboardInterrupt())
    return found if isinstance(found, int) else 0


def _leave(err: BaseException) -> int:
    """Say what went wrong, and give the exit code."""
    match err:
        case SaranaError():
            _say(str(err), style="bold red")
            code = err.exit_code
        case typer.Exit():
            code = err.exit_code
        case typer.Abort() | KeyboardInterrupt():
            _say(f"Stopped. {GOES_ON}", style="yellow")
            code = INTERRUPTED
        case typer.exceptions.TyperException():
            getattr(err, "show", lambda: _say(str(err)))()
            code = err.exit_code
        case Terminated():
            _say(f"Ended by the system. {GOES_ON}", style="yellow")
            code = TERMINATED
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        case _:
            code = _own_mistake(err)
    return code


def _own_mistake(err: BaseException) -> int:
    """Say that this is a mistake of ours; the trace, which may quote records, is shown only when asked for."""
    _say(
        f"COMMAND-001 This is a mistake in Sarana ({type(err).__name__}), not in your files. Please report it with the "
        "command you gave; SARANA_DEBUG=1 shows the trace, which may quote records: read it before you send it.",
        style="bold red",
    )
    if _wants_trace():
        _say("".join(traceback.format_exception(err)))
    return BUG


def _wants_trace() -> bool:
    try:
        return read_settings(os.environ).debug
    except SaranaError:
        return False


def _say(text: str, *, style: str = "") -> None:
    Console(stderr=True, highlight=False).print(text, style=style, markup=False, soft_wrap=True)
