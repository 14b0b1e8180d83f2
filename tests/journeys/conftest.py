"""What journeys share: one small run of invented people, made by the commands a person types, and a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from journeys.stage import Stage, serving, set_up
from makers.installed import set_up_once
from makers.once import made_once

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=30_000)  # as long as a page may take to come: nothing here is a measure of time


@dataclass(frozen=True, slots=True)
class Journey:
    """A run folder, the data it was made from, and what the command said."""

    province: Path
    run: Path
    said: str


def sarana(*arguments: str | Path) -> str:
    """Type a command; gives back all it said."""
    done = subprocess.run(
        [Path(sys.executable).with_name("sarana"), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stderr + done.stdout


@pytest.fixture(scope="session")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """8,000 invented people, from four sector files to the map."""
    house = Path(__file__).resolve().parents[2]
    folder = tmp_path_factory.mktemp("journey")
    sarana("invent", "province", "--people", "8000", "--seed", "5", "--out", folder / "province")
    example = house / "examples/chiang-mai/sources.toml"
    said = sarana("population", "run", example, "--data", folder / "province", "--out", folder / "run", "--unsealed")
    return Journey(folder / "province", folder / "run", said)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; where there is none, the test skips, but never in the pipeline.

    Its driver runs a loop in this thread, which Django would take for a program that must not wait for a database.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        assert not os.environ.get("CI"), "the pipeline has no Chromium"
        pytest.skip("no Chromium on this machine")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=[*QUIET, *as_root])
        yield started
        started.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was set up and is served by nobody: every stage is a copy of it."""
    return made_once(tmp_path_factory, "demonstration", lambda folder: set_up(folder, set_up_once(tmp_path_factory)))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Stage]:
    """A demonstration of the web, served from this machine for as long as the tests run."""
    with serving(tmp_path_factory.mktemp("stage"), demonstration) as running:
        yield running
