"""A finished run as a question finds it: its card, how its index was computed, and its files under their names."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sarana.basics.errors import BadFile, BadSetting, NotYet, Refused
from sarana.methods.doors import file_hash
from sarana.methods.engine import Engine
from sarana.methods.reference import reference_folder
from sarana.methods.risk.sets import load_set
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.runs.folder import find_card
from sarana.methods.runs.receipts import find_receipt

FILES: Mapping[str, str] = {
    "people": "people.parquet",
    "scores": "scores.parquet",
    "contributions": "contributions.parquet",
    "persons": "work/persons.parquet",
    "areas": "areas.parquet",
    "area_names": "work/area-names.parquet",
    "villages": "work/villages.parquet",
}
"""The files of a run that questions ask, by the names they have in the engine."""


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run that is complete and not erased.

    Attributes:
        path: its folder.
        card: what `run.toml` says.
        settings: how its index was computed.
        set_hash: the hash of the file of its indicator set.
    """

    path: Path
    card: Mapping[str, Any]
    settings: RiskSettings
    set_hash: str

    @property
    def as_of(self) -> dt.date:
        """The day the run looks from."""
        return self.settings.as_of

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of its indicators, in the order of the set."""
        return tuple(indicator.id for indicator in self.settings.set.indicators)

    def view(self, engine: Engine, *names: str, suffix: str = "") -> None:
        """Let files of the run be read in an engine under the names of `FILES`, with a suffix where two runs meet."""
        for name in names:
            engine.view(name + suffix, self.path / FILES[name])


def find_finished(path: Path) -> FinishedRun:
    """A finished run, ready to be asked.

    Raises:
        BadFile: RUN-002 the folder holds no run of ours; FINISHED-002 a file of it is missing.
        Refused: RUN-007 its person-level files were erased.
        NotYet: FINISHED-001 it is not complete.
        BadSetting: FINISHED-003 its indicator set was changed since.
    """
    card = find_card(path)
    if card is None:
        raise BadFile("RUN-002", "This folder holds no run of Sarana.", where=str(path), cure="Name a run folder.")
    if card.get("erased"):
        raise Refused(
            "RUN-007", "The person-level files of this run were erased.", where=str(path), cure="Ask another run."
        )
    if not card.get("complete"):
        raise NotYet(
            "FINISHED-001", "This run is not complete.", where=str(path), cure="Finish it with --resume, then ask."
        )
    receipt = find_receipt(path / "receipts" / "04-index.json")
    missing = [name for name in FILES.values() if not (path / name).is_file()]
    if receipt is None or missing:
        what = ", ".join(missing) or "receipts/04-index.json"
        raise BadFile("FINISHED-002", f"The run lacks {what}.", where=str(path), cure="Make the run again.")
    told = msgspec.json.decode(receipt.settings)
    set_file = f"indicators/{told['set']}.toml"
    now = reference_folder() / set_file
    set_hash = receipt.inputs.get(f"reference/{set_file}", "")
    if not now.is_file() or file_hash(now) != set_hash:
        raise BadSetting(
            "FINISHED-003",
            f"The indicator set {told['set']} is not the one that this run was made with.",
            where=str(path),
            cure="Make the run again with the set as it is now, or put the old set back.",
        )
    told = {name: value for name, value in told.items() if name != "version"}
    settings = RiskSettings(
        **(told | {"set": load_set(told["set"]), "as_of": dt.date.fromisoformat(told["as_of"])}),
    )
    return FinishedRun(path, card, settings, set_hash)
