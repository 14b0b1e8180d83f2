"""The sealed file of one organisation's search: derived, never backed up, built anew when in doubt.

The file is SQLCipher's: every page of it, of its log and of its journal is sealed (AES of 256 bits) and proved (HMAC),
so what was changed or cut does not open. What is in it can be made again from what it was made of; nothing is mended.
"""

import contextlib
import hashlib
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from itertools import batched
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

from sarana.basics.errors import BadFile, Busy, NotYet, Refused
from sarana.methods.search import writing
from sarana.methods.search.entry import Entry, Found, May, Query
from sarana.methods.search.locking import putting
from sarana.methods.search.looking import Opened, look
from sarana.methods.search.numbered import Numbered
from sarana.methods.search.opening import REBUILD, connect, damaged, telling_faults
from sarana.methods.search.rules import rules_now
from sarana.methods.search.sounds import Sounds
from sarana.methods.search.tables import LAYOUT, Connection
from sarana.methods.search.verifying import Difference, compare

TOGETHER = 20_000
"""Entries that go in in one transaction."""

CAP = 300
"""People whom the asker may know of and who are ranked against one another."""


class SearchFile:
    """An open search file; every door says what is wrong with the file in an error of ours."""

    def __init__(self, path: Path, key: bytes, organisation: str) -> None:
        """See `open_search`."""
        self._path = path
        self._key = key
        self._organisation = organisation
        self._lock = threading.RLock()
        self._numbered, self._sounds = Numbered(), Sounds()
        self._open()

    def __repr__(self) -> str:
        """Which file, never what is in it."""
        return f"<SearchFile {self._path.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._path

    def close(self) -> None:
        """Let go of the file and of its key."""
        with self._lock:
            self._connection.close()
            self._key = b""
            self._numbered, self._sounds = Numbered(), Sounds()

    def put(self, entries: Iterable[Entry]) -> int:
        """Put entries in, or in the place of older ones; how many changed the file.

        An entry whose version is not higher than what is there, or than what was dropped, changes nothing: what comes
        twice or late does no harm. Some thousands go in at a time; those that went in stay in.

        Raises:
            Busy: SEARCH-007 others write, or the file is or was built anew meanwhile: put them again.
            BadFile: SEARCH-003 the file is damaged.
            NoRoom: SEARCH-008 the disk is full.
        """
        changed = 0
        for part in batched(entries, TOGETHER, strict=False):
            with putting(self._path), self.writing() as connection:
                changed += writing.put(connection, part)
        return changed

    def drop(self, pairs: Iterable[tuple[UUID, int]]) -> int:
        """Take people out, each with the version up to which nothing of them comes in again; how many were there.

        While the file is built anew it goes on: who was dropped is dropped from the new file too.

        Raises:
            Busy: SEARCH-007 others write, the file was built anew meanwhile, or others read so long that what was
                there could not be wiped: drop them again.
            BadFile: SEARCH-003 the file is damaged.
            NoRoom: SEARCH-008 the disk is full.
        """
        dropped = 0
        for part in batched(pairs, TOGETHER, strict=False):
            with self.writing() as connection:
                dropped += writing.drop(connection, part)
        self._sounds = Sounds()
        with self.guarded() as connection:
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise Busy(
                    "SEARCH-007",
                    "The people are out, but others read, so that what was there is not wiped yet.",
                    where=self._path.name,
                    cure="Drop them again in a moment.",
                )
        return dropped

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        cap: int = CAP,
        may: May | None = None,
        among: Collection[UUID] | None = None,
        at_least: float = 0.0,
    ) -> Found:
        """The people whom a query may mean, best first, each with a score and the reasons.

        Args:
            query: names, numbers or phones, and what else is known.
            limit: so many matches are given.
            cap: so many people whom the asker may know of are ranked against one another.
            may: which of some people the asker may know of. It is asked in growing batches before anything is counted
                or cut, until `cap` of them are there or nobody is left: the others change nothing in the answer.
            among: the only people who are looked at, where the asker may know of few: up to 500 of them are looked
                through one by one, which takes the same time whoever else is in the file.
            at_least: seconds before which no answer comes, so that its time does not tell how many were passed over.

        Raises:
            NotYet: SEARCH-006 neither a name nor a number was asked for.
            BadFile: SEARCH-003 the file is damaged.
        """
        began = time.monotonic()
        if not (query.words.strip() or query.identifiers or query.phones):
            raise NotYet(
                "SEARCH-006", "A search needs a name, a number or a telephone number.", cure="Add one of them."
            )
        with self._reading() as connection:
            self._numbered.read(connection)
            file = Opened(connection, self._numbered, self._sounds)
            found = look(file, query, limit=limit, cap=cap, may=may, among=among)
        if (left := began + at_least - time.monotonic()) > 0:
            time.sleep(left)
        return found

    def verify(self, pairs: Iterable[tuple[UUID, int]]) -> Difference:
        """What differs between this file and the people (reference and version) who should be in it.

        Raises:
            BadFile: SEARCH-003 the file is damaged.
        """
        with self._reading() as connection:
            return compare(connection, pairs, self._digest_key())

    def check(self) -> None:
        """Read every page, and let SQLite look whether they fit together.

        Raises:
            BadFile: SEARCH-003 the file is damaged or was changed.

        Cost: 1 second for 100 MiB.
        """
        with self.guarded() as connection:
            faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if faults or connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise damaged(self._path)

    def count(self) -> int:
        """How many people are in the file: for those who keep it, never for those who search."""
        with self.guarded() as connection:
            return int(connection.execute("SELECT count(*) FROM person").fetchone()[0])

    def is_worn(self) -> bool:
        """Whether so many people were changed that building the file anew makes it quicker."""
        with self.guarded() as connection:
            highest, n = connection.execute("SELECT coalesce(max(id), 0), count(*) FROM person").fetchone()
        return bool(highest > 4 * n + TOGETHER)

    def _open(self) -> None:
        self._connection = connect(self._path, self._key)
        self._inode = self._path.stat().st_ino
        try:
            with self._telling():
                said = dict(self._connection.execute("SELECT what, said FROM about"))
                self._look_at_length()
        except BaseException:
            self._connection.close()
            raise
        if said.get("layout") != str(LAYOUT) or said.get("rules") != rules_now():
            self._connection.close()
            raise BadFile(
                "SEARCH-005",
                "This search file is of another version or of other rules.",
                where=self._path.name,
                cure=REBUILD,
            )
        if said.get("organisation") != self._organisation:
            self._connection.close()
            raise Refused(
                "SEARCH-002",
                "This search file is of another organisation.",
                where=self._path.name,
                cure="Put the file of this organisation there, or build it anew.",
            )

    def _look_at_length(self) -> None:
        """A file that was cut is told at once, not when somebody meets the missing page."""
        if Path(f"{self._path}-wal").exists() and Path(f"{self._path}-wal").stat().st_size:
            return
        pages = self._connection.execute("PRAGMA page_count").fetchone()[0]
        size = self._connection.execute("PRAGMA page_size").fetchone()[0]
        if self._path.stat().st_size < int(pages) * int(size):
            raise damaged(self._path)

    @contextlib.contextmanager
    def guarded(self) -> Iterator[Connection]:
        """The connection, for one at a time, to the file that stands at the path now."""
        with self._lock, self._telling():
            if not self._key:
                raise NotYet("SEARCH-012", "The search file was closed.", where=self._path.name, cure="Open it again.")
            if not self._is_there():
                self._connection.close()
                self._numbered, self._sounds = Numbered(), Sounds()
                self._open()
            yield self._connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        """The file as it is at one moment, whatever others write meanwhile."""
        with self.guarded() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is whole or not at all."""
        with self.guarded() as connection:
            if connection.in_transaction:
                raise Busy("SEARCH-007", "The search file is read just now.", where=self._path.name,
                           cure="Let the search end first.")  # fmt: skip
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if not self._is_there():
                raise Busy(
                    "SEARCH-007",
                    "The search file was built anew meanwhile.",
                    where=self._path.name,
                    cure="Put it again.",
                )

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        with telling_faults(self._path):
            yield

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def _digest_key(self) -> bytes:
        return hashlib.blake2b(b"verify", key=self._key, digest_size=32).digest()


def open_search(path: Path, key: bytes, organisation: str) -> SearchFile:
    """Open the search file of an organisation.

    Args:
        path: where it lies.
        key: 32 bytes, for this file alone.
        organisation: the reference of the organisation.

    Raises:
        NotYet: SEARCH-004 there is no file yet.
        BadFile: SEARCH-001 it does not open; SEARCH-003 it is damaged; SEARCH-005 it is of another version.
        Refused: SEARCH-002 it is of another organisation.
        BadSetting: SEARCH-009 the key is not of 32 bytes.

    Cost: 1 millisecond.
    """
    return SearchFile(path, key, organisation)
