"""The year of a province, reckoned from what is stored: nothing of it is ticked by hand, and nothing is guessed."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sarana.basics.actors import Actor
from sarana.basics.errors import NotYet
from sarana.ground.codelists.models import Edition
from sarana.ground.vault.journal import Standing
from sarana.learning.population.boundaries.queries import Against
from sarana.learning.population.models import BoundaryFile, Run
from sarana.learning.population.sources.columns.showing import changed, shown
from sarana.learning.population.sources.models import HandedFile, Source
from sarana.learning.population.sources.told import file_of
from sarana.learning.population.year import queries
from sarana.learning.population.year.asking import queries as asking
from sarana.learning.population.year.due import Due, due_of, local_day
from sarana.learning.population.year.queries import Handed, Keys
from sarana.methods.population.layouts import AREAS
from sarana.methods.sealing.store import DRILL_DAYS

OLD_LIST_DAYS = 400
"""A list of areas that came into force longer ago is held against its source again."""


@dataclass(frozen=True, slots=True)
class Change:
    """What came and what went among the headers of one file since the file before."""

    part: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One source in this year: whether it was handed over since the last update, and what still has to be done."""

    known: Handed
    is_here: bool
    is_fresh: bool
    is_dated: bool
    has_papers: bool
    handed_on: dt.date | None
    has_old_codes: bool
    last_day: dt.date | None
    changes: tuple[Change, ...]
    n_open: int
    is_looked_through: bool
    is_looked_at_before: bool
    n_unknown: int
    would_stop: bool
    share_old: int | None

    @property
    def is_villages(self) -> bool:
        """Whether it is the list of villages, which is not looked through by itself."""
        return self.known.source.layout == AREAS

    @property
    def is_refused(self) -> bool:
        """Whether its office refused it: it is left out this year."""
        return self.known.is_refused

    @property
    def is_ready(self) -> bool:
        """Whether nothing has to be done about its files any more."""
        return self.is_read and self.is_fresh and self.is_dated and self.has_papers

    @property
    def is_read(self) -> bool:
        """Whether a run could read its files, as far as anybody looked."""
        return not self.n_open and not self.would_stop and (self.is_looked_through or self.is_villages)


@dataclass(frozen=True, kw_only=True)
class Year(Due):
    """Everything that the guide of a province is made of."""

    now: dt.datetime
    backups: Standing
    keys: Keys | None
    edition: Edition | None
    edition_here: str
    boundaries: tuple[BoundaryFile, Against] | None
    is_under_way: bool
    made_elsewhere: NotYet | None
    lines: tuple[Line, ...]
    holdings: Mapping[str, int]

    @property
    def has_backup(self) -> bool:
        """Whether a backup is there and was tried."""
        return not self.backups.is_red(self.now)

    @property
    def are_keys_well(self) -> bool:
        """Whether the keys open for a run, and two of three shares would bring them back."""
        keys = self.keys
        return keys is not None and keys.are_there and keys.open_by_themselves and self.are_shares_well

    @property
    def are_shares_well(self) -> bool:
        """Whether two shares were tried within half a year."""
        keys = self.keys
        if keys is None or not keys.have_shares or keys.tried_on is None:
            return False
        return (self.today - keys.tried_on).days <= DRILL_DAYS

    @property
    def is_list_old(self) -> bool:
        """Whether a newer version of the areas came with this program, or nobody looked for one for long."""
        if self.edition is None or self.edition.in_force_at is None:
            return True
        return self.is_list_other or (self.now - self.edition.in_force_at).days > OLD_LIST_DAYS

    @property
    def are_boundaries_old(self) -> bool:
        """Whether the boundary file lacks subdistricts of today: the map would have holes."""
        return self.boundaries is not None and bool(self.boundaries[1].lacking)

    @property
    def is_list_other(self) -> bool:
        """Whether a newer version came with this program than the one that is in force."""
        return self.edition is not None and in_order(self.edition.version) < in_order(self.edition_here)

    @property
    def villages(self) -> Line | None:
        """The province's list of villages."""
        return next((line for line in self.lines if line.is_villages), None)

    @property
    def are_files_here(self) -> bool:
        """Whether every source that was not refused was handed over for this year."""
        every = self.wanted
        return bool(every) and all(line.is_fresh and line.is_dated and line.has_papers for line in every)

    @property
    def wanted(self) -> list[Line]:
        """The sources of which this year's map is to be made."""
        return [line for line in self.lines if not line.is_refused]

    @property
    def with_old_codes(self) -> list[str]:
        """The names of those whose own codes of areas may mean something else by now."""
        return [line.known.source.name for line in self.wanted if line.has_old_codes] if self.is_open else []

    @property
    def fresh(self) -> list[Line]:
        """Those of them whose files of this year are here, without the list of villages, which is read with each."""
        return [line for line in self.wanted if line.is_fresh and not line.is_villages]

    @property
    def refused(self) -> list[str]:
        """The names of the sources that are left out."""
        return [line.known.source.name for line in self.lines if line.is_refused]

    @property
    def are_files_read(self) -> bool:
        """Whether a run could read all of those that came this year, of which there has to be one."""
        villages = self.villages
        return bool(self.fresh) and all(line.is_read for line in (*self.fresh, *([villages] if villages else [])))


def year_of(actor: Actor, area: str) -> Year:
    """The year of a province for which an actor answers.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    due = due_of(actor, area)
    edition, here = queries.areas_in_force(actor, area)
    return Year(
        area=area,
        today=actor.today,
        now=actor.now,
        backups=queries.backups(),
        keys=queries.find_keys(),
        edition=edition,
        edition_here=here,
        boundaries=queries.boundaries_in_force(actor, area),
        asked=due.asked,
        is_under_way=queries.is_under_way(due.asked),
        made=due.made,
        made_elsewhere=queries.made_elsewhere(area),
        runs=due.runs,
        lines=lines_of(actor, area, due.runs[0] if due.runs else None),
        holdings=asking.counts_of(actor, area),
    )


def lines_of(actor: Actor, area: str, last: Run | None) -> tuple[Line, ...]:
    """Every source of a province as it stands this year, after the last map.

    Raises:
        Refused: POPULATION-030 she has no door here.
    """
    every = queries.handed(actor, area, last.taken_in_at if last else None)
    of_villages = [each for each in every if each.source.layout == AREAS]
    touched = [_last_touched(each) for each in of_villages]
    listed = [file.handed_at for each in of_villages for file in each.source.lying]
    at = (max((at for at in touched if at is not None), default=None), max(listed, default=None))
    return tuple(_line(each, last, at, actor.today) for each in every)


def in_order(version: str) -> list[tuple[int, str]]:
    """A version so that a newer one comes after an older one: its numbers count as numbers."""
    return [(int(bit), "") if bit.isdecimal() else (0, bit) for bit in re.split(r"[.\-]", version)]


def _line(
    known: Handed, last: Run | None, villages: tuple[dt.datetime | None, dt.datetime | None], today: dt.date
) -> Line:
    """One source; `villages`: when the list of villages was last changed in any way, and when it was handed over."""
    source, (villages_at, listed_at) = known.source, villages
    lying = {file.part: file for file in source.lying}
    is_here = len(lying) == len(source.laid_out().parts)
    refs = {part: str(file.ref) for part, file in lying.items()}
    of_these = known.profile if known.profile and known.profile.files == refs else None
    touched = [at for at in (known.said_at, villages_at) if at is not None]
    profile = of_these if of_these and all(of_these.made_at >= at for at in touched) else None
    told = file_of(profile) if profile else None
    is_villages = source.layout == AREAS
    days = [file.handed_at for part, file in lying.items() if is_villages or part != _beside(source)]
    # What the last map was made of is of last year; lists of codes and villages may stay while nothing in them changed.
    is_fresh = is_here and (last is None or is_villages or min(days) > last.taken_in_at)
    return Line(
        known=known,
        is_here=is_here,
        is_fresh=is_fresh,
        is_dated=last is None or is_villages or source.as_of > last.as_of or not is_fresh,
        has_papers=source.is_invented or (source.agreement_until is not None and source.agreement_until >= today),
        handed_on=local_day(max(days)) if days else None,
        has_old_codes=_has_old_codes(lying.get(_beside(source)), last, listed_at),
        last_day=min((file.last_day(source) for file in lying.values()), default=None),
        changes=tuple(_changes(known)),
        n_open=sum(shown(source.layout, now, known.headers.get(part, {})).n_open for part, now in known.now.items()),
        is_looked_through=told is not None,
        is_looked_at_before=of_these is not None and told is None,
        n_unknown=sum(column.n_codes for column in told.unknown) if told else 0,
        would_stop=bool(profile and profile.would_stop),
        share_old=_share(told.n_old, told.n_rows) if told else None,
    )


def _beside(source: Source) -> str:
    """The list that says in a source which of the province's areas its own codes are; "" where it has none."""
    return str(source.laid_out().said.get("area", {}).get("crosswalk", ""))


def _has_old_codes(beside: HandedFile | None, last: Run | None, listed_at: dt.datetime | None) -> bool:
    """Whether what its own codes of areas mean is said by a list of the last map, or of before the list of villages."""
    known = [at for at in (last.taken_in_at if last else None, listed_at) if at is not None]
    return beside is not None and any(beside.handed_at < at for at in known)


def _last_touched(known: Handed) -> dt.datetime | None:
    """When a file of a source came last, or a header or code of it was last said."""
    found = [*(file.handed_at for file in known.source.lying), *([known.said_at] if known.said_at else [])]
    return max(found, default=None)


def _changes(known: Handed) -> list[Change]:
    found = []
    for part, now in known.now.items():
        before = known.before.get(part)
        if before is None:
            continue
        came, went = changed(before.headers, now.headers)
        if came or went:
            found.append(Change(part, tuple(came), tuple(went)))
    return found


def _share(part: int, whole: int) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None
