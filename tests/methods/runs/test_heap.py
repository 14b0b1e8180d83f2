"""Large columns come from the heap in a run, and the system is asked for their memory once."""

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from sarana.methods.runs.heap import widen_heap
if sys.argv[1] == "wide":
    assert widen_heap()
held = np.ones(1 << 20)  # stands above what is given back below it, or not
for _ in range(30):
    np.ones(80 << 17).sum()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""
"""Thirty columns of 80 MiB, one after the other, and how often the system had to give a page."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked to")
def test_large_columns_are_made_where_others_were() -> None:
    faults = {}
    for way in ("wide", "plain"):
        ended = subprocess.run([sys.executable, "-c", FAULTS, way], capture_output=True, text=True, check=True)
        faults[way] = int(ended.stdout)
    # Pages of 2 MiB or of 4 KiB: thirty times forty are fewer than either.
    assert faults["plain"] - faults["wide"] > 30 * 40 // 2
