"""F-01, F-04: the process is killed while people save and long work runs: nothing is lost, half there, or twice.

People save through the doors in the process that is killed, and through the web as it is served, with browsers.
"""

from pathlib import Path

import pytest

from faults.conftest import copied
from makers.counted import Counted
from makers.installed import Installed

WRITERS = "16"
FEW = ("0.35", "TH")
ALL = ("2.5", "KH", "TH", "VN", "PH", "ID")
"""The longest time before a kill, and the countries whose areas are loaded; all of them are 176,000 rows."""


@pytest.mark.check("F-01")
def test_f_01_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    installed: Installed, counted: Counted
) -> None:
    kills = counted("kills", 500, least=4)
    told = installed.script("killing", str(kills), WRITERS)
    assert told["acknowledged"] > kills
    assert (told["missing"], told["halves"], told["lost"], told["sound"]) == (0, {}, [], True)
    assert_whole(installed)
    counted("acknowledged saves", told["acknowledged"], exact=True)


@pytest.mark.check("F-01")
def test_f_01_a_kill_of_the_server_loses_nothing_that_a_browser_was_told_of(
    installed: Installed, counted: Counted
) -> None:
    kills = counted("kills of the server", 500, least=2)
    told = installed.script("killing_served", str(kills), WRITERS)
    assert told["acknowledged"] >= kills // 2
    assert told["cut"] >= kills // 2, "too few saves were under way when the server was killed, so little was proved"
    assert (told["missing"], told["halves"], told["odd"], told["sound"]) == (0, {}, [], True)
    assert told["twice"] == 0
    assert_whole(installed)
    counted("acknowledged by HTTP", told["acknowledged"], exact=True)
    counted("cut by a kill", told["cut"], exact=True)


def assert_whole(installed: Installed) -> None:
    """Whatever was not sealed yet is sealed, and the chain has no fault from its first entry to its last."""
    installed.sarana("ledger", "seal")
    said = installed.sarana("ledger", "verify").stdout
    assert "Nothing was found." in said


@pytest.mark.check("F-04")
def test_f_04_work_whose_worker_is_killed_again_and_again_is_done_once_and_whole(
    installed: Installed, counted: Counted
) -> None:
    kills = counted("kills of a worker", 100, least=4)
    longest, *countries = ALL if kills >= 50 else FEW
    told = installed.script("killing_work", str(kills), longest, *countries)
    counted("rows", sum(told["wanted"].values()), exact=True)
    assert told["state"] == "done"
    assert told["there"] == told["wanted"]
    assert told["states"] == ["in-force"]
    assert told["lines"] == sum(told["wanted"].values()), "no line stands there twice"
    assert (told["receipts"], told["written down"], told["ended"]) == (2 * len(countries), len(countries), 1)
    assert told["kills"] >= min(kills, 2)


@pytest.mark.check("F-04")
def test_f_04_a_yearly_update_whose_worker_is_killed_ends_as_one_that_nothing_was_in_the_way_of(
    on_sqlite: Installed, set_up_on_sqlite: Installed, tmp_path: Path, counted: Counted
) -> None:
    kills = counted("kills of a yearly update", 100, least=3)
    told = on_sqlite.script("killing_year", str(kills), "4.0")
    plain = copied(set_up_on_sqlite, tmp_path / "plain").script("killing_year", "0", "0")
    assert told["states"] == ["done", "done"]
    assert told["kills"] >= min(kills, 2)
    assert all(name.startswith("area") for name in told["unsealed"]), "what is about people lies sealed"
    assert told["boundaries"][0] == "looked-through"
    assert (told["is_its"], told["shelf"], told["drawings"]) == (True, True, 1)
    counted("kills that met it at work", told["kills"], exact=True)
    # Folders of broken work go with the next sweep; all else is the same, to the byte.
    same = set(told) - {"kills", "left"}
    assert {name: told[name] for name in same} == {name: plain[name] for name in same}
    assert plain["n_figures"] > 0
    assert plain["pairs"]
    assert_whole(on_sqlite)
