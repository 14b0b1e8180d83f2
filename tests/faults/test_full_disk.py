"""F-03: the disk fills while the web serves: refused in words, nothing half done, work goes on once there is room."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.saves import halves, is_sound
from makers.counted import Counted
from makers.installed import Installed
from makers.serving import Answer, Browser, served

SIGN_IN = "/sign-in/"


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


def free_mib(place: Path) -> float:
    return shutil.disk_usage(place).free / 1024 / 1024


def fill(place: Path, *, left_mib: int) -> Path:
    """A file that leaves so much room, or none at all."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file:
        while (room := int((free_mib(place) - left_mib) * 1024 * 1024)) > 0:
            file.write(bytes(min(room, 1 << 20)))
    return ballast


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
