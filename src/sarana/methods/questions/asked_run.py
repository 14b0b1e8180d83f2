"""A finished run that a question is asked of: its card, the settings of its index, and an engine over its files."""

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sarana.basics.errors import BadFile, BadTable, NotYet, Refused
from sarana.methods.doors import PLAIN, Door, file_hash
from sarana.methods.engine import Engine
from sarana.methods.population.chain_card import STATUS
from sarana.methods.reference import reference_folder
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.runs.folder import RECEIPTS, WORK, find_card
from sarana.methods.runs.means import Means, engine_memory_mib
from sarana.methods.runs.receipts import Receipt, find_receipt

FILES = {
    "standardised": "standardised.parquet",
    "people": "people.parquet",
    "review": "review.parquet",
    "links": f"{WORK}/links.parquet",
    "villages": f"{WORK}/villages.parquet",
    "area_names": f"{WORK}/area-names.parquet",
    "areas": "areas.parquet",
}
"""The relations a question may look at, and where they lie in a run folder."""


@dataclass(frozen=True, slots=True)
class AskedRun:
    """A finished run.

    Args:
        name: what its SOURCES.toml calls it.
        as_of: the day it looks from.
        is_invented: whether all its people are invented.
        settings: how its index was computed.
        counts: what its index step counted.
        status: what every table says of it.
    """

    name: str
    as_of: dt.date
    is_invented: bool
    settings: RiskSettings
    counts: Mapping[str, int | float | str]
    status: str = STATUS


@contextlib.contextmanager
def asked(run: Path, means: Means, door: Door = PLAIN) -> Iterator[tuple[Engine, AskedRun]]:
    """Open a finished run for a question; nothing is written into its folder.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours; ASKED-002 a file of the run is missing; ASKED-003 the
            indicator set is not the one the run used.
        Refused: RUN-007 its person-level files were erased.
        NotYet: ASKED-001 the run is not finished.
    """
    found = read_asked(run)
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
        for relation, file in FILES.items():
            engine.view(relation, run / file)
        yield engine, found


def read_asked(run: Path) -> AskedRun:
    """What a finished run says of itself; faults as `asked`."""
    card = find_card(run)
    if card is None:
        raise BadFile(
            "RUN-002", "This folder holds no run of Sarana.", where=str(run), cure="Name the folder that --out named."
        )
    if card.get("erased"):
        raise Refused(
            "RUN-007",
            "The person-level files of this run were erased.",
            where=str(run),
            cure="Start a new run in another folder.",
        )
    receipt = find_receipt(run / RECEIPTS / "04-index.json")
    if not card.get("complete") or receipt is None:
        raise NotYet(
            "ASKED-001", "This run is not finished.", where=str(run), cure="Let it end, or go on with --resume."
        )
    for file in FILES.values():
        if not (run / file).is_file():
            raise BadFile("ASKED-002", "A file of the run is missing.", where=file, cure="Do the run again.")
    return AskedRun(
        name=str(card["name"]),
        as_of=card["as_of"],
        is_invented=bool(card["invented"]),
        settings=_settings(receipt),
        counts=receipt.counts,
    )


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


def _settings(receipt: Receipt) -> RiskSettings:
    """How the index of the run was computed, from its receipt and the set that still has the same hash."""
    said: dict[str, Any] = msgspec.json.decode(bytes(receipt.settings))
    name = said.pop("set")
    file = f"indicators/{name}.toml"
    path = reference_folder() / file
    if not path.is_file() or file_hash(path) != receipt.inputs.get(f"reference/{file}"):
        raise BadFile(
            "ASKED-003",
            "The indicator set of the run is no longer what it was.",
            where=f"reference/{file}",
            cure="Do the run again with the set as it is now.",
        )
    del said["version"]
    settings = RiskSettings(set=load_set(name), **{**said, "as_of": dt.date.fromisoformat(said["as_of"])})
    check_settings(settings)
    return settings
