"""Laying out what pages about people need: the run folder is opened once, and each subdistrict becomes one file."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sarana.ground.vault import places
from sarana.learning.population.opened.shelves import Shelf, make_shelf, not_laid_out
from sarana.learning.population.sources.keys import keys_of_runs
from sarana.methods.questions.asked_run import asked, settings_from
from sarana.methods.questions.few import flagged_rows, lay_out
from sarana.methods.questions.sectors_overlap import SectorsOverlap, sectors_overlap
from sarana.methods.risk.settings import RiskSettings
from sarana.methods.risk.shapes import IndicatorSet
from sarana.methods.runs.handed import HandedDoor
from sarana.methods.runs.means import Means

PEOPLE = "people"
ABOUT = "about/people"
"""Written last: what is not told of there was not laid out to its end."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What was laid out: of how many people in each subdistrict, and how their index was computed."""

    places: dict[str, int]
    settings: msgspec.Raw
    set: msgspec.Raw

    def risk(self) -> RiskSettings:
        """How the index was computed.

        Raises:
            BadFile: ASKED-002 it cannot be read.
        """
        return settings_from(bytes(self.settings), msgspec.json.decode(self.set, type=IndicatorSet))


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody whom a register flags to be referred now; `place` is None where no page of that person was laid out."""

    person_id: str
    place: str | None
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """How many people of how many subdistricts; and everybody who is to be referred now.

    `without_page` are those of them for whom no task leads to a page; `has_custodian` says whether tasks wait for
    anybody: whether an account of the agency holds the role. `all_known_again` is
    False where an objection was recorded under another key, so that outreach workers get no list. `overlaps` is how far
    the sources of the run overlap, of which the guide of the year tells.
    """

    n_people: int
    n_places: int
    flagged: tuple[Flag, ...] = ()
    without_page: tuple[Flag, ...] = ()
    has_custodian: bool = True
    all_known_again: bool = True
    overlaps: tuple[SectorsOverlap, ...] = ()


def lay_out_people(run_ref: UUID, run_folder: Path, means: Means, *, today: dt.date) -> LaidOut:
    """Lay out the few people of each subdistrict of a run; done again, it replaces what was there.

    Raises:
        As `asked` and `make_shelf`.

    Cost: 20 s for a run of 2,279,000 rows.
    """
    door = HandedDoor(keys_of_runs(today), places.unlocked)
    shelf = make_shelf(run_ref, run_folder, today=today)
    with asked(run_folder, means, door) as (engine, run):
        settings, of = bytes(run.receipt.settings), msgspec.json.encode(run.settings.set)
        people = lay_out(engine, run.settings)
        flags, overlaps = flagged_rows(engine), sectors_overlap(engine)
    found = _by_place(people)
    for place, table in found.items():
        shelf.put_table(f"{PEOPLE}/{place}", table)
    counts = {place: table.num_rows for place, table in found.items()}
    about = About(places=counts, settings=msgspec.Raw(settings), set=msgspec.Raw(of))
    shelf.put(ABOUT, msgspec.json.encode(about))
    for name in shelf.names(PEOPLE) - {f"{PEOPLE}/{place}" for place in found}:
        shelf.drop(name)
    return LaidOut(people.num_rows, len(found), _flagged(flags, people), overlaps=overlaps)


def get_about(shelf: Shelf) -> About:
    """What was laid out.

    Raises:
        NotYet: POPULATION-090 nothing was, or not to its end.
    """
    found = shelf.find(ABOUT)
    if found is None:
        raise not_laid_out()
    return msgspec.json.decode(found, type=About)


def _flagged(flags: pa.Table, people: pa.Table) -> tuple[Flag, ...]:
    laid = people.filter(pc.is_in(people["person_id"], value_set=flags["person_id"].combine_chunks()))
    places = dict(zip(laid["person_id"].to_pylist(), laid["place"].to_pylist(), strict=True))
    return tuple(
        Flag(line["person_id"], places.get(line["person_id"]), tuple(line["rows"])) for line in flags.to_pylist()
    )


def _by_place(people: pa.Table) -> Mapping[str, pa.Table]:
    """The lines of each subdistrict, which stand together."""
    column = people["place"].combine_chunks().dictionary_encode()
    ends = np.flatnonzero(np.diff(column.indices.to_numpy(), append=-1)) + 1
    starts = [0, *ends[:-1].tolist()] if people.num_rows else []
    found = {}
    for start, end in zip(starts, ends.tolist() if people.num_rows else [], strict=True):
        piece = people.slice(start, end - start)
        found[str(pc.unique(piece["place"])[0])] = piece.combine_chunks()
    return found
