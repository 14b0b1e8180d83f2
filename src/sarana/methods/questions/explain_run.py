"""A finished run opened to be asked about a person: whether it may be asked, and how its index was computed."""

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sarana.basics.errors import BadFile, NotYet, Refused
from sarana.methods.doors import PLAIN, Door, file_hash
from sarana.methods.engine import Engine
from sarana.methods.reference import reference_folder
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings, check_settings
from sarana.methods.runs.folder import RECEIPTS, find_card
from sarana.methods.runs.receipts import find_receipt

RELATIONS = {
    "scores": "scores.parquet",
    "contributions": "contributions.parquet",
    "people": "people.parquet",
    "refer_now": "refer-now.parquet",
    "review": "review.parquet",
    "standardised": "standardised.parquet",
    "persons": "work/persons.parquet",
    "links": "work/links.parquet",
}
"""The files of a run that are asked, by the names of their relations."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that may be asked: its files by relation, how its index was computed, and what it says of itself."""

    files: dict[str, Path]
    risk: RiskSettings
    status: str
    is_invented: bool

    @contextlib.contextmanager
    def asked(self, *, threads: int, memory: str, door: Door = PLAIN) -> Iterator[Engine]:
        """An engine that sees the files of the run, and spills to a folder of its own that is gone afterwards."""
        folders = sorted({path.parent.resolve() for path in self.files.values()})
        with (
            tempfile.TemporaryDirectory(prefix="sarana-") as temp,
            Engine(threads=threads, memory=memory, temp=Path(temp), folders=folders, door=door) as engine,
        ):
            for relation, path in self.files.items():
                engine.view(relation, path)
            yield engine


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the receipt of the index says of its settings."""

    set: str
    version: str
    as_of: dt.date
    sources: tuple[str, ...]
    registers: dict[str, str] = {}
    ethics_decisions: dict[str, str] = {}
    banding: str | None = None
    parameters: dict[str, float] = {}
    most_members: int = 30


def open_run(path: Path) -> OpenRun:
    """Open a run to be asked about a person; nothing in its folder is changed.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours; EXPLAIN-003 a file or the receipt of the index is missing.
        Refused: RUN-007 its person-level files were erased.
        NotYet: EXPLAIN-001 it is not finished; EXPLAIN-004 its set of indicators is no longer the one of this Sarana.
    """
    card = find_card(path)
    if card is None:
        raise BadFile(
            "RUN-002", "This folder holds no run of Sarana.", where=str(path), cure="Name the folder that --out named."
        )
    if card.get("erased"):
        raise Refused(
            "RUN-007",
            "The person-level files of this run were erased.",
            where=str(path),
            cure="Nobody can be explained from it any more; start a new run in another folder.",
        )
    if not card.get("complete"):
        raise NotYet(
            "EXPLAIN-001", "This run is not finished.", where=str(path), cure="Go on with --resume, then ask again."
        )
    files = {relation: path / name for relation, name in RELATIONS.items()}
    missing = [name for relation, name in RELATIONS.items() if not files[relation].is_file()]
    if missing:
        raise _not_whole(path, f"It lacks {', '.join(missing)}.")
    return OpenRun(files, _risk(path), str(card.get("status", "")), is_invented=bool(card.get("invented")))


def _risk(path: Path) -> RiskSettings:
    """How the index of the run was computed, by the same rules as now."""
    receipt = find_receipt(path / RECEIPTS / "04-index.json")
    try:
        told = msgspec.json.decode(receipt.settings, type=_Told) if receipt else None
    except msgspec.MsgspecError:
        told = None
    if receipt is None or told is None:
        raise _not_whole(path, "The receipt of its index cannot be read.")
    name = f"indicators/{told.set}.toml"
    rules = reference_folder() / name
    if not rules.is_file() or receipt.inputs.get(f"reference/{name}") != file_hash(rules):
        raise NotYet(
            "EXPLAIN-004",
            f"The set of indicators {told.set} has changed since this run was made.",
            where=str(path),
            cure="Ask with the version of Sarana that made the run, or make the run anew.",
        )
    settings = RiskSettings(
        set=load_set(told.set),
        as_of=told.as_of,
        sources=told.sources,
        registers=told.registers,
        ethics_decisions=told.ethics_decisions,
        banding=told.banding,
        parameters=told.parameters,
        most_members=told.most_members,
    )
    check_settings(settings)
    return settings


def _not_whole(path: Path, why: str) -> BadFile:
    return BadFile(
        "EXPLAIN-003", f"This run is not whole. {why}", where=str(path), cure="Go on with --resume, or make it anew."
    )
