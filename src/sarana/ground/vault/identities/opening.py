"""Who opens the keys of an agency: today whoever opens the installation's keys, behind a door for others to come.

Kept by each user, or by a key server: such a way is another `Opens`, and nothing above it changes.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sarana.basics.errors import NotYet
from sarana.ground.vault import places
from sarana.ground.vault.identities import queries
from sarana.ground.vault.identities.listing import newest_number_told
from sarana.methods.sealing.agencies import (
    AgencyFile,
    AgencyKeys,
    derived_keys,
    make_agency_keys,
    open_agency_keys,
    retired,
    with_new_epoch,
    without_agency_epochs,
)
from sarana.methods.sealing.erased import EPOCH, epoch_ref, note_erased
from sarana.methods.sealing.organisation import EPOCH_DAYS, OrganisationKeys
from sarana.methods.sealing.store import KeyStore

SEARCH, ASKING = "search file", "words that were searched"
"""For what keys are derived from those of an agency."""


class Opens(Protocol):
    """Opens the keys of agencies, and turns them."""

    def keys(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """The keys of an agency; made where nothing is sealed for it yet."""

    def sealing(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """The same, to seal with: they are the newest that it ever had."""

    def turned(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """The same with a new epoch, unless a turn that was begun is not ended yet."""

    def retired(self, agency: UUID, *, today: dt.date, needed: Collection[int]) -> AgencyKeys:
        """The same, where older epochs seal nothing any more, but for those that something still needs."""

    def over(self, agency: UUID, *, today: dt.date) -> dict[int, dt.date]:
        """The epochs of an agency that sealed nothing for 35 days, and since when; opens nothing."""

    def agencies(self) -> list[UUID]:
        """Who has keys; opens nothing."""

    def destroyed(self, agency: UUID, going: Collection[int], *, today: dt.date) -> AgencyKeys:
        """The keys of an agency without these of its older epochs."""


@dataclass(slots=True)
class Embedded:
    """Keys that the installation's own keys open, as long as a key file lies there (decision 0017).

    What was opened is kept in memory as long as the file on the disk is the same one, and what opens it lies there.
    """

    unlocked: Callable[[], OrganisationKeys] = places.unlocked
    store: Callable[[], KeyStore] = places.store
    stamp: Callable[[], object] = places.lock_stamp
    opened: dict[str, tuple[AgencyFile, AgencyKeys]] = field(default_factory=dict, repr=False)
    opened_by: object = None

    def keys(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """The keys of an agency.

        Raises:
            NotYet: VAULT-002 the installation has no keys; VAULT-031 they open only for a person; VAULT-080 something
                is sealed with keys of this agency, which are not here.
            BadFile: VAULT-007 the agency's file was changed; VAULT-008 the store cannot be read.
        """
        file = self.store().find_agency_file(str(agency))
        self._forget_where_changed()
        if file is None:
            return self._made(agency, today)
        held = self.opened.get(str(agency))
        return held[1] if held is not None and held[0] == file else self._keep(open_agency_keys(file, self.unlocked()))

    def sealing(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """The keys of an agency, to seal with.

        Raises:
            As `keys`; NotYet: VAULT-081 something is sealed with newer ones than are here.
        """
        keys, newest = self.keys(agency, today=today), queries.newest_epoch(agency)
        if newest > keys.file.newest:  # they were turned in this moment, or older ones were brought back
            keys = self.keys(agency, today=today)
        if newest > keys.file.newest:
            raise NotYet(
                "VAULT-081",
                "The keys of this agency that are here are older than those with which its people are sealed, so "
                "nothing is sealed with them.",
                where=f"{agency}: epoch {keys.file.newest} is here, {newest} is missing",
                cure="Bring the newest key folder back, or the newest backup of keys: sarana restore FILE --keys.",
            )
        return keys

    def turned(self, agency: UUID, *, today: dt.date) -> AgencyKeys:
        """A new epoch, kept before anything is sealed with it; a turn that was cut short goes on with its own.

        Its number is none that keys of this agency ever had, also where these were brought back from older ones.

        Raises:
            As `sealing`; NotYet: VAULT-017 another process is changing the keys.
            BadFile: VAULT-066, VAULT-067 the list that tells of all numbers cannot be read.
        """
        self.sealing(agency, today=today)
        with self.store().changing():
            now = self.sealing(agency, today=today)
            *old, newest = now.file.epochs
            is_begun = any(epoch.retired_on is None for epoch in old)
            if is_begun and today < newest.began_on + dt.timedelta(EPOCH_DAYS):
                return now
            after = newest_number_told(agency, now.file.newest)
            return self._kept_as_new(with_new_epoch(now, self.unlocked(), today=today, after=after), today)

    def retired(self, agency: UUID, *, today: dt.date, needed: Collection[int]) -> AgencyKeys:
        """Older epochs seal nothing any more; those in which something is left stay as they are.

        Raises:
            As `turned`.
        """
        with self.store().changing():
            now = self.keys(agency, today=today)
            return self._kept(retired(now, self.unlocked(), today=today, needed=needed))

    def over(self, agency: UUID, *, today: dt.date) -> dict[int, dt.date]:
        """The epochs of an agency that sealed nothing for 35 days, and since when; opens nothing.

        Raises:
            BadFile: VAULT-007 the agency's file was changed; VAULT-008 the store cannot be read.
        """
        file = self.store().find_agency_file(str(agency))
        return {} if file is None else file.over(today)

    def agencies(self) -> list[UUID]:
        """Who has keys; opens nothing.

        Raises:
            BadFile: as `over`.
        """
        return [UUID(file.agency) for file in self.store().agency_files()]

    def destroyed(self, agency: UUID, going: Collection[int], *, today: dt.date) -> AgencyKeys:
        """The keys without these epochs, of which only those go that are over.

        Raises:
            As `turned`.
        """
        with self.store().changing():
            now = self.keys(agency, today=today)
            return self._kept(without_agency_epochs(now, self.unlocked(), now.file.over(today).keys() & set(going)))

    def _forget_where_changed(self) -> None:
        """Who takes the key file away closes all that it opened, in this process too."""
        stamp = self.stamp()
        if stamp is None or stamp != self.opened_by:
            self.opened.clear()
        self.opened_by = stamp

    def _made(self, agency: UUID, today: dt.date) -> AgencyKeys:
        with self.store().changing():
            there = self.store().find_agency_file(str(agency))
            if there is not None:
                return self._keep(open_agency_keys(there, self.unlocked()))
            if queries.newest_epoch(agency):
                raise NotYet(
                    "VAULT-080",
                    "The keys of this agency are not here, and people are sealed with them.",
                    where=str(agency),
                    cure="Bring the key folder back, or a backup of keys: sarana restore FILE --keys. No other keys "
                    "open them, so none are made.",
                )
            after = newest_number_told(agency, queries.numbers_written_down(agency))
            return self._kept_as_new(make_agency_keys(self.unlocked(), str(agency), today=today, after=after), today)

    def _kept_as_new(self, keys: AgencyKeys, today: dt.date) -> AgencyKeys:
        """That there are keys of this number is written into the list first, which no older backup takes back.

        Of the first ones the ledger tells: something was sealed.
        """
        agency, number = keys.file.agency, keys.file.newest
        if number > 1:
            at = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
            note_erased(self.store(), epoch_ref(agency, number), at=at, reason=EPOCH, agency=agency)
        return self._kept(keys)

    def _kept(self, keys: AgencyKeys) -> AgencyKeys:
        self.store().keep_agency_file(keys.file)
        return self._keep(keys)

    def _keep(self, keys: AgencyKeys) -> AgencyKeys:
        self.opened[keys.file.agency] = (keys.file, keys)
        return keys


def search_keys(agency: UUID, *, today: dt.date) -> dict[int, bytes]:
    """The key of the search file of each epoch of an agency that still opens; the last is that of the newest.

    Raises:
        As `Embedded.keys`.
    """
    return derived_keys(OPENS.keys(agency, today=today), SEARCH)


def search_key(agency: UUID, *, today: dt.date) -> tuple[int, bytes]:
    """The newest epoch of an agency, and the key of its search file.

    Raises:
        As `Embedded.keys`.
    """
    return list(search_keys(agency, today=today).items())[-1]


def asking_key(agency: UUID, *, today: dt.date) -> bytes:
    """With what the words of a search are marked in the line about it, so that the same words are known again.

    Raises:
        As `Embedded.keys`.
    """
    return list(derived_keys(OPENS.keys(agency, today=today), ASKING).values())[-1]


def opens_with(unlocked: Callable[[], OrganisationKeys]) -> None:
    """Let a command at the machine open keys as it opens them: asking for a passphrase, or with shares."""
    OPENS.unlocked, OPENS.stamp = unlocked, lambda: ()


OPENS = Embedded()
