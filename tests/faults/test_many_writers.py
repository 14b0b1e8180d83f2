"""F-10: eight processes write at once: nobody is shown a lock, and 99 of 100 saves are back within five seconds."""

import pytest

from faults.saves import Told, halves, missing
from makers.counted import Counted
from makers.installed import Installed


@pytest.mark.check("F-10")
def test_f_10_eight_processes_write_and_nobody_is_shown_a_lock(installed: Installed, counted: Counted) -> None:
    seconds = counted("seconds", 60, least=4)
    told = written_together(installed, processes=8, seconds=seconds)
    assert told.lost == ()
    assert len(told.kept) > 8
    assert told.share(0.99) < 5
    assert missing(installed, told.kept) == set()
    assert halves(installed) == {}
    counted("saves", len(told.kept), exact=True)


def written_together(installed: Installed, *, processes: int, seconds: float) -> Told:
    """What so many processes of one writer each were told, all together."""
    with installed.running("writing", str(processes), "1", str(seconds)) as process:
        out, err = process.communicate(timeout=seconds + 120)
        assert process.returncode == 0, err
    return Told.read(out.splitlines(keepends=True))
