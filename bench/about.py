"""When, what and on which machine a bench was run, and what it says while it runs."""

import datetime as dt
import os
import platform
import subprocess
import sys
from importlib.metadata import version

from bench.contenders import Means
from bench.measured import ROOT


def say(text: str) -> None:
    """Say what is being done, with the time."""
    print(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def about_text(means: Means) -> str:
    """The lines that stand before figures."""
    return "\n".join(f"{name}: {value}" for name, value in about_run(means).items())


def about_run(means: Means) -> dict[str, str]:
    """When, what and on which machine."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "status", "--porcelain", "--", "src", "reference", "examples", "bench"],
                             capture_output=True, text=True, check=False)  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    splink = version("splink")
    return {
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": (commit.stdout.strip() or "unknown") + (" with changes" if changed.stdout.strip() else ""),
        "machine": f"{os.cpu_count()} cores, {memory:.1f} GiB, {platform.machine()}",
        "versions": f"Python {platform.python_version()}, DuckDB {version('duckdb')}, Splink {splink}",
        "means": f"{means.threads} threads, {means.memory}",
    }
