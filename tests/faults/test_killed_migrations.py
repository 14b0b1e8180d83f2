"""F-05: a migration that is killed is done again, and ends in the same database with the same rows."""

from pathlib import Path

import pytest

from makers.counted import SCALE, Counted
from makers.installed import bare


@pytest.mark.check("F-05")
def test_f_05_a_killed_migration_is_done_again_and_ends_the_same(tmp_path: Path, counted: Counted) -> None:
    installed = bare(tmp_path)
    told = installed.script("migrating", str(SCALE))
    assert told["differ"] == []
    assert told["kills"] >= 2 * told["tried"] > 0
    assert told["rows"] > 200, "there were no rows to carry over"
    counted("migrations", told["tried"], exact=True)
    counted("kills", told["kills"], exact=True)
