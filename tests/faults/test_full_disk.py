"""F-03, F-19: the disk fills, also while somebody comes back from a kill: told in words, nothing half done or lost."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.disks import fill
from faults.saves import halves, is_sound
from makers.counted import Counted
from makers.installed import Installed
from makers.serving import Answer, Browser, served

SIGN_IN = "/sign-in/"
IN_WORDS = {"FAULT-001", "FAULT-003", "FAULT-004", "FAULT-005", "LEDGER-002"}
"""Full, busy, not to be read or written, nearly full; it could not be written down, so it was not done."""


@pytest.fixture(params=[56, 64, 80], ids=lambda size: f"{size}MiB")
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A small disk; only root may mount one."""
    place = tmp_path / "small"
    place.mkdir(mode=0o700)
    if sys.platform != "linux":
        pytest.skip("a small disk is mounted on Linux only")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={request.param}m,mode=700", "tmpfs", place],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def try_to_sign_in(browser: Browser) -> Answer:
    """What somebody sees who has no account: a try that is counted, and so is kept in the database."""
    return browser.post(SIGN_IN, {"login": "nobody", "password": "seven quiet rivers run"})


@pytest.mark.check("F-03")
def test_f_03_a_full_disk_is_said_in_words_and_saving_goes_on_without_a_new_start(
    set_up_on_sqlite: Installed, small_disk: Path, counted: Counted
) -> None:
    shutil.copytree(set_up_on_sqlite.home, small_disk / "home")
    installed = Installed(small_disk / "home", set_up_on_sqlite.keys)
    with served(installed) as (browser, _):
        assert try_to_sign_in(browser).status == 200
        fill(small_disk, left_mib=20)
        nearly = browser.post("/me/", {}, page=SIGN_IN)
        assert (nearly.status, "FAULT-005" in nearly.text) == (503, True)
        assert try_to_sign_in(browser).status == 200
        ballast = fill(small_disk, left_mib=0)
        assert browser.get(SIGN_IN).status == 200
        assert browser.get("/health/").text == "ok"
        full = try_to_sign_in(browser)
        assert (full.status, full.headers.get("retry-after"), "FAULT-001" in full.text) == (503, "10", True)
        ballast.unlink()
        assert try_to_sign_in(browser).status == 200
    assert is_sound(installed)
    assert halves(installed) == {}
    counted("full disks", 1, exact=True)


@pytest.mark.check("F-19")
@pytest.mark.parametrize("small_disk", [64], ids=["64MiB"], indirect=True)
def test_f_19_a_disk_that_is_full_after_a_kill_loses_nothing_and_is_told_in_words(
    set_up_on_sqlite: Installed, small_disk: Path, counted: Counted
) -> None:
    shutil.copytree(set_up_on_sqlite.home, small_disk / "home")
    installed = Installed(small_disk / "home", set_up_on_sqlite.keys)
    kills = counted("kills before a full disk", 100, least=3)
    told = installed.script("killing_full", str(kills), "8")
    assert told["acknowledged"] > kills
    assert (told["missing"], told["halves"], told["sound"]) == (0, {}, True)
    codes = {said.rpartition(": ")[2] for said in told["said"]} - {"done"}
    assert codes <= IN_WORDS
    assert told["said"].get("saved: done", 0) < kills, "the disk was never full, so nothing was proved"
    counted("saves acknowledged before", told["acknowledged"], exact=True)
