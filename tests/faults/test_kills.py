"""F-01: 16 people save while they are killed, 500 times: nothing acknowledged is lost, nothing is half there.

Once through the doors in the process that is killed, and once through the web as it is served, with browsers.
"""

import pytest

from makers.counted import Counted
from makers.installed import Installed

WRITERS = "16"


@pytest.mark.check("F-01")
def test_f_01_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    installed: Installed, counted: Counted
) -> None:
    kills = counted("kills", 500, least=6)
    told = installed.script("killing", str(kills), WRITERS)
    assert told["acknowledged"] > kills
    assert (told["missing"], told["halves"], told["lost"], told["sound"]) == (0, {}, [], True)
    assert_whole(installed)
    counted("acknowledged saves", told["acknowledged"], exact=True)


@pytest.mark.check("F-01")
def test_f_01_a_kill_of_the_server_loses_nothing_that_a_browser_was_told_of(
    installed: Installed, counted: Counted
) -> None:
    kills = counted("kills of the server", 500, least=4)
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
