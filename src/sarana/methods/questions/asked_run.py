"""A finished run that a question is asked of: its card, how its index was computed, and its files under their names."""

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from sarana.basics.errors import BadFile, BadTable, Refused
from sarana.methods.disclosure.earlier import ROUNDED
from sarana.methods.doors import PLAIN, Door
from sarana.methods.engine import Engine
from sarana.methods.population.chain_card import STATUS
from sarana.methods.risk.sets import OURS, OWN, find_used, load_set
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.folder import RECEIPTS, WORK, finished_card
from sarana.methods.runs.means import Means, engine_memory_mib
from sarana.methods.runs.receipts import Receipt, find_receipt

FILES: Mapping[str, str] = {
    "standardised": "standardised.parquet",
    "people": "people.parquet",
    "scores": "scores.parquet",
    "contributions": "contributions.parquet",
    "refer_now": "refer-now.parquet",
    "review": "review.parquet",
    "areas": "areas.parquet",
    "persons": f"{WORK}/persons.parquet",
    "links": f"{WORK}/links.parquet",
    "villages": f"{WORK}/villages.parquet",
    "area_names": f"{WORK}/area-names.parquet",
}
"""The relations a question may look at, and where they lie in a run folder."""

INDEX = f"{RECEIPTS}/04-index.json"


@dataclass(frozen=True, slots=True)
class AskedRun:
    """A run that is complete and not erased.

    Args:
        path: its folder.
        name: what its SOURCES.toml calls it.
        as_of: the day it looks from.
        is_invented: whether all its people are invented.
        province: the code of the province that it is about; empty where SOURCES.toml names none.
        fingerprint: the hash that tells it from other runs.
        settings: how its index was computed.
        set_hash: the hash of the file of its indicator set.
        counts: what its index step counted.
        receipt: of its index step.
        status: what every table says of it.
    """

    path: Path
    name: str
    as_of: dt.date
    is_invented: bool
    province: str
    fingerprint: str
    settings: RiskSettings
    set_hash: str
    counts: Mapping[str, int | float | str]
    receipt: Receipt = field(repr=False)
    status: str = STATUS

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of its indicators, in the order of the set."""
        return tuple(indicator.id for indicator in self.settings.set.indicators)

    def view(self, engine: Engine, *names: str, suffix: str = "") -> None:
        """Let files of the run be read in an engine under the names of `FILES`, with a suffix where two runs meet."""
        for name in names or FILES:
            engine.view(name + suffix, self.path / FILES[name])

    def check_answers_may_leave(self) -> None:
        """Make sure that no answer about this run can be subtracted from the same answer about an earlier one.

        Raises:
            Refused: ASKED-005 its table was made beside others that are out.
        """
        areas = self.path / FILES["areas"]
        if ROUNDED in pq.read_schema(areas).names:
            steps = pq.read_table(areas, columns=[ROUNDED]).column(ROUNDED)
            if steps.null_count < len(steps):
                raise Refused(
                    "ASKED-005",
                    "This run was made with --after, beside a table that is out: its answer less the answer of the "
                    "earlier run would tell of few people.",
                    where=str(self.path),
                    cure="Ask the first run. For an answer that stays in the house, run the same sources without "
                    "--after into a folder of which nothing is let out.",
                )


@contextlib.contextmanager
def asked(run: Path, means: Means, door: Door = PLAIN, *, leaves: bool = False) -> Iterator[tuple[Engine, AskedRun]]:
    """Open a finished run for a question; nothing is written into its folder.

    Args:
        run: its folder.
        means: threads and memory.
        door: through which its files are read.
        leaves: whether the answer may be let out; then faults as `AskedRun.check_answers_may_leave`, else as
            `find_run` alone.
    """
    found = find_run(run)
    if leaves:
        found.check_answers_may_leave()
    with (
        tempfile.TemporaryDirectory(prefix="sarana-") as temp,
        Engine(
            threads=means.threads,
            memory=f"{engine_memory_mib(means)}MiB",
            temp=Path(temp),
            folders=[run],
            door=door,
        ) as engine,
    ):
        found.view(engine)
        yield engine, found


def find_run(run: Path) -> AskedRun:
    """A finished run, ready to be asked.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours; ASKED-002 a file of the run is missing; ASKED-003 the
            indicator set is not the one the run used.
        Refused: RUN-007 its person-level files were erased.
        NotYet: ASKED-001 the run is not finished.
    """
    card = finished_card(run)
    for file in (INDEX, *FILES.values()):
        if not (run / file).is_file():
            raise _not_whole(file)
    receipt = find_receipt(run / INDEX)
    if receipt is None:
        raise _not_whole(INDEX)
    settings, set_hash = _settings(run, receipt)
    return AskedRun(
        path=run,
        name=str(card["name"]),
        as_of=settings.as_of,
        is_invented=bool(card.get("invented")),
        province=str(card.get("province", "")),
        fingerprint=str(card.get("fingerprint", "")),
        settings=settings,
        set_hash=set_hash,
        counts=receipt.counts,
        receipt=receipt,
    )


def _not_whole(file: str) -> BadFile:
    return BadFile("ASKED-002", "A file of the run is missing or cannot be read.", where=file, cure="Do the run again.")


def check_same_bands(of: AskedRun, counts: Mapping[str, int]) -> None:
    """Make sure that the bands reckoned now are those of the run.

    Raises:
        BadTable: ASKED-004 they are not.
    """
    if any(of.counts.get(f"band_{band}") != n for band, n in counts.items()):
        raise BadTable(
            "ASKED-004",
            "The bands reckoned now are not those of the run.",
            where="scores.parquet",
            cure="The run was made by another version of Sarana: do it again.",
        )


def settings_from(settings: bytes, of: IndicatorSet) -> RiskSettings:
    """How an index was computed, from what its receipt says, and the set that it used.

    Raises:
        BadFile: ASKED-002 it cannot be read.
    """
    said = _said(settings)
    del said["set"], said["version"]
    found = RiskSettings(set=of, **{**said, "as_of": dt.date.fromisoformat(said["as_of"])})
    check_settings(found)
    return found


def _settings(run: Path, receipt: Receipt) -> tuple[RiskSettings, str]:
    """How the index of the run was computed, from its receipt and the set that still has the same hash."""
    name = _said(bytes(receipt.settings))["set"]
    path = find_used(run, name, receipt.inputs)
    if path is None:
        raise BadFile(
            "ASKED-003",
            "The indicator set of the run is no longer what it was.",
            where=name,
            cure="Do the run again with the set as it is now, or bring the old file back.",
        )
    set_hash = receipt.inputs.get(f"{OWN}{name}.toml") or receipt.inputs[f"{OURS}{name}.toml"]
    return settings_from(bytes(receipt.settings), load_set(path)), set_hash


def _said(settings: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = msgspec.json.decode(settings)
    except msgspec.MsgspecError:
        raise _not_whole(INDEX) from None
    return said
