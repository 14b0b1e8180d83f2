"""The bench of sealed identities says what it measured, of every door that it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from makers.counted import SCALE, Counted

MOST_SECONDS = 60
"""So long a million keys may take to turn, on the two cores of the paper."""


@pytest.mark.check("L-10")
def test_it_turns_all_keys_that_it_put_in_and_all_that_it_gave(house: Path, counted: Counted) -> None:
    n = counted("keys turned", 1_000_000 if SCALE >= 1 else 30, exact=True)
    given = min(n, 100_000)
    paths = os.pathsep.join((str(house), str(house / "tests")))
    told = subprocess.run(
        [sys.executable, "-m", "bench", "vault", "--people", str(n)],
        env=os.environ | {"PYTHONPATH": paths},
        cwd=house,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.findall(r"^(.*?): [\d.]+ ms$", told, re.MULTILINE) == [
        "seal a person (three tiers)",
        "let another agency read a tier",
        "open a person (three tiers)",
        "open one as another agency",
    ]
    # One person and two hundred were sealed by the door, and a hundred of them given.
    turned = re.findall(r"^([\d,]+) keys .* turned in ([\d.]+) s", told, re.MULTILINE)
    meanwhile = re.findall(r"^meanwhile ([\d,]+) people opened and ([\d,]+) sealed, (.*?) failed", told, re.MULTILINE)
    assert [failed for _opened, _sealed, failed in meanwhile] == ["0", "0", "0"]
    opened, sealed = (sum(int(each[at].replace(",", "")) for each in meanwhile) for at in (0, 1))
    own, *others = [int(each.replace(",", "")) for each, _took in turned]
    assert others == [given + 100, given + 100]
    assert n + 201 <= own <= n + 201 + sealed, (
        "whoever is sealed while keys are turned is turned with them, or needs not"
    )
    counted("people opened meanwhile", opened, exact=True)
    if SCALE >= 1:
        assert float(turned[0][1]) < MOST_SECONDS
