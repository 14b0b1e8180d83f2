"""An operator makes a backup by a button and drills a restore by another, and the page says how things stand."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from journeys.stage import Stage, visiting
from journeys.test_errands_on_the_web import press

LONG = 60_000
"""So long, in milliseconds, a busy machine may take."""


def make_keys(stage: Stage) -> None:
    """As the page says: at the machine."""
    own = {"SARANA_MODE": "demo", "SARANA_HOME": str(stage.home), "SARANA_KEYS": str(stage.home.parent / "keys")}
    command = [Path(sys.executable).with_name("sarana"), "keys", "make", "--name", "House of trials"]
    subprocess.run(command, env={**os.environ, **own}, check=True, capture_output=True)


def test_an_operator_makes_a_backup_and_drills_a_restore_and_the_manual_shows_it(
    browser: Browser, stage: Stage
) -> None:
    with visiting(browser, stage) as visitor:
        visitor.enter_as("System operator")
        page = visitor.open("/settings/")
        page.get_by_role("link", name="Backups").click()
        expect(page.get_by_role("alert")).to_contain_text("sarana keys make")
        assert visitor.findings() == []
        make_keys(stage)
        for button, step in (("Back up now", "Copy the database"), ("Drill a restore", "Open the newest backup")):
            page = visitor.open("/system/backups/")
            press(page, button)
            # The page is not loaded again: it tells by itself that the work is done.
            expect(page.get_by_role("rowheader", name=step)).to_be_visible(timeout=LONG)
            expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=LONG)
        page = visitor.open("/system/backups/")
        said = page.inner_text("main")
        for words in ("All is well", "House of trials, epoch 1", "first lock", "lies there", "passed,"):
            assert words in said, words
        assert visitor.findings() == []
        assert visitor.complaints == []
        # So high that no folder of this machine is seen.
        page.set_viewport_size({"width": 1100, "height": 500})
        visitor.take("backups")
        visitor.read_in("th")
        page.wait_for_load_state("networkidle")
        visitor.take("backups-th")
    [file] = (stage.home / "backups").iterdir()
    assert file.stat().st_mode & 0o077 == 0
