"""F-01: people who save while the process is killed, 500 times over: nothing acknowledged is lost, nothing is half there."""

import random
import time

import pytest

from faults.saves import Told, halves, is_sound, missing
from makers.counted import Counted
from makers.installed import Installed, kill, wait_for_line

WRITERS = "16"


def killed_while_writing(installed: Installed, after: float) -> Told:
    """Writers in one process, killed so many seconds after the first could save; gives what they were told."""
    with installed.running("writing", WRITERS, "60") as process:
        assert process.stdout is not None
        wait_for_line(process, "ready")
        time.sleep(after)
        kill(process)
        return Told.read(process.stdout)


@pytest.mark.check("F-01")
def test_f_01_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    installed: Installed, counted: Counted
) -> None:
    chance = random.Random(20261129)
    acknowledged: list[str] = []
    for _ in range(counted("kills", 500, least=4)):
        told = killed_while_writing(installed, chance.uniform(0, 0.8))
        assert not [code for code in told.lost if code.startswith("mistake")]
        acknowledged += told.kept
        assert halves(installed) == {}
        assert missing(installed, told.kept) == set()
    assert is_sound(installed)
    assert missing(installed, acknowledged) == set()
    assert len(acknowledged) > 16
    counted("acknowledged saves", len(acknowledged), exact=True)
