"""What a contender costs is measured in a process of its own."""

from pathlib import Path

import pytest
from bench.measured import Cost, Failed, run_measured

SPIN = "import time\nbegan = time.process_time()\nwhile time.process_time() - began < 0.3: pass"
HOLD = "held = bytearray(120 * 2**20)\nheld[::4096] = b'x' * len(held[::4096])"


def test_cpu_and_memory_are_those_of_the_process(tmp_path: Path) -> None:
    spin = run_measured(["-c", SPIN], tmp_path / "spin.log")
    hold = run_measured(["-c", HOLD], tmp_path / "hold.log")
    assert 0.3 <= spin.cpu_seconds < 2
    assert spin.wall_seconds >= 0.3
    assert hold.peak_mib >= 120


def test_work_of_a_process_it_waits_for_is_counted(tmp_path: Path) -> None:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}], check=True)"
    assert run_measured(["-c", child], tmp_path / "log").cpu_seconds >= 0.3


def test_one_after_another_adds_time_and_keeps_the_greater_peak() -> None:
    assert Cost(1, 2, 300).after(Cost(10, 20, 200)) == Cost(11, 22, 300)


def test_a_contender_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"(?s)ended with 3.*it went wrong"):
        run_measured(["-c", "import sys; print('it went wrong'); sys.exit(3)"], tmp_path / "log")
