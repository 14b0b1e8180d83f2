"""F-01: 16 people save while the process is killed, 500 times: nothing acknowledged is lost, nothing is half there."""

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
    counted("acknowledged saves", told["acknowledged"], exact=True)
