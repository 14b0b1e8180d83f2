"""A machine may stop between any two steps of sealing: nothing acknowledged is lost and the chain is whole."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from makers.counted import Counted
from makers.ledger import NOW, a_sealed_ledger, checked, some_acts
from makers.scripts import told_by
from sarana.ground.ledger import keys, sealing
from sarana.ground.ledger.models import Seal

TESTS = Path(__file__).resolve().parents[2]


class Stopped(BaseException):
    """The machine stopped here."""


def stop_at(patch: pytest.MonkeyPatch, nth: int) -> list[str]:
    """Let the nth call of the system that writing a key needs be the last one; gives the calls as they come."""
    calls: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            if len(calls) == nth:
                raise Stopped
            return call(*args, **kwargs)

        return counting

    # Not at `close`: a dead process closes everything, a test that lives on would keep the lock.
    for name in ("open", "write", "fsync", "fdopen"):
        patch.setattr(keys.os, name, counted(name, getattr(os, name)))
    patch.setattr(Path, "replace", counted("replace", Path.replace))
    return calls


@pytest.mark.check("F-01")
@pytest.mark.django_db
def test_a_stop_at_any_step_of_sealing_is_mended(key_folder: Path) -> None:
    a_sealed_ledger(1)
    nth, finished = 0, False
    while not finished:
        nth += 1
        some_acts(1)
        with pytest.MonkeyPatch.context() as patch:
            calls = stop_at(patch, nth)
            with contextlib.suppress(Stopped):
                finished = sealing.seal_all(NOW) > 0
        assert keys.read_seal_key(key_folder).number in (Seal.objects.count(), Seal.objects.count() + 1)
        assert checked(key_folder).is_whole
    assert {"replace", "fsync", "write"} <= set(calls)
    assert nth > 8
    assert checked(key_folder).n_unsealed == 0


@pytest.mark.check("F-01")
def test_f_01_kills_lose_nothing_acknowledged_and_break_no_chain(tmp_path: Path, counted: Counted) -> None:
    kills = counted("kills of who seals", 500, least=6)
    environment = {
        "SARANA_MODE": "development",
        "SARANA_HOME": str(tmp_path),
        "SARANA_KEYS": str(tmp_path / "keys"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "sarana.config.web.settings",
    }
    told = told_by(Path(__file__).with_name("killed_while_sealing.py"), tmp_path, kills, environment=environment)
    assert (told["kills"], told["missing"], told["found"], told["unsealed"]) == (kills, 0, [], 0)
    assert told["acknowledged"] > kills
    # On a busy machine a sealer may be killed before its first seal; most have sealed.
    assert told["seals"] > kills // 2
