import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from methods.runs.little_run import do_little_run, file_hashes, write_source
from sarana.basics.errors import NoRoom

N_KILLS = int(os.environ.get("SARANA_TEST_KILLS", "6"))
"""How many random moments are tried; the full count is SARANA_TEST_KILLS=100."""
MOMENTS = ("run.lock", "work/rows.parquet", "people.parquet", "receipts/02-add.json")
"""A run is killed soon after one of these is there; by the clock alone a busy machine may be hit at one moment only."""


def begin(source: Path, out: Path, wait: float) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("little_run.py")
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    return subprocess.Popen([sys.executable, str(script), str(source), str(out), str(wait)], env=env)


def test_a_run_killed_at_any_moment_ends_with_the_same_files_when_resumed(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv", 30_000)
    do_little_run(source, tmp_path / "whole")
    wanted = file_hashes(tmp_path / "whole")
    chance = random.Random(20261122)
    moments_hit = set()
    for number in range(N_KILLS):
        out = tmp_path / f"run-{number}"
        with begin(source, out, wait=0.05) as process:
            started = time.monotonic()
            moment = out / MOMENTS[number % len(MOMENTS)]
            while not moment.exists() and process.poll() is None and time.monotonic() < started + 20:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
        moments_hit.add(frozenset(file.name for file in out.rglob("*")))
        do_little_run(source, out, resume=True)
        assert file_hashes(out) == wanted
    assert len(moments_hit) > 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB; only root may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root on Linux can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_said_plainly_and_the_run_goes_on_once_there_is_room(tmp_path: Path, small_disk: Path) -> None:
    source = write_source(tmp_path / "in.csv", 300_000)
    do_little_run(source, tmp_path / "whole")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(3_080_000))
    before = source.read_bytes()
    with pytest.raises(NoRoom, match=r"ENGINE-004 The disk is full\. .*--resume"):
        do_little_run(source, small_disk / "run")
    assert source.read_bytes() == before
    assert not list((small_disk / "run").rglob("*.part"))
    ballast.unlink()
    do_little_run(source, small_disk / "run", resume=True)
    assert file_hashes(small_disk / "run") == file_hashes(tmp_path / "whole")


def test_a_file_size_limit_is_said_like_a_full_disk_and_earlier_steps_are_kept(tmp_path: Path) -> None:
    source = write_source(tmp_path / "in.csv", 50_000)
    do_little_run(source, tmp_path / "run")
    (tmp_path / "run" / "people.parquet").unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(NoRoom, match="ENGINE-004"):
            do_little_run(source, tmp_path / "run", resume=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    _, noted = do_little_run(source, tmp_path / "run", resume=True)
    assert noted.skipped == ["read", "tell"]


def test_python_writing_to_a_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    source = write_source(tmp_path / "in.csv")
    do_little_run(source, tmp_path / "run")
    (tmp_path / "run" / "report.html").unlink()
    monkeypatch.setattr("sarana.methods.runs.folder.os.fsync", full)
    with pytest.raises(NoRoom, match="ENGINE-004"):
        do_little_run(source, tmp_path / "other")
    assert not list((tmp_path / "other").rglob("*.part"))
