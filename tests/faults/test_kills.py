"""F-01, F-04: the process is killed while people save and long work runs: nothing is lost, half there, or twice."""

import pytest

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
    kills = counted("kills", 500, least=6)
    told = installed.script("killing", str(kills), WRITERS)
    assert told["acknowledged"] > kills
    assert (told["missing"], told["halves"], told["lost"], told["sound"]) == (0, {}, [], True)
    counted("acknowledged saves", told["acknowledged"], exact=True)


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
