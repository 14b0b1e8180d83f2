"""Whom the search is held against: the same file unsealed, the tokens of the security paper, and trigrams of FTS5."""

import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol
from uuid import UUID

from rapidfuzz.distance import JaroWinkler

from sarana.methods.names.keys import keys_of
from sarana.methods.search import opening
from sarana.methods.search.building import build_search
from sarana.methods.search.entry import Entry, Query
from sarana.methods.search.searchfile import SearchFile, open_search

KEY = bytes(range(32))


class Contender(Protocol):
    """Somebody who finds people."""

    def load(self, path: Path, entries: Iterable[Entry]) -> None:
        """Take everybody in, and be ready to answer."""

    def ask(self, query: Query) -> list[UUID]:
        """The first ten."""


class Ours:
    """The sealed file."""

    def load(self, path: Path, entries: Iterable[Entry]) -> None:
        """Build it and open it."""
        build_search(path, KEY, "bench", entries)
        self._file: SearchFile = open_search(path, KEY, "bench")

    def ask(self, query: Query) -> list[UUID]:
        """The first ten."""
        return [match.ref for match in self._file.search(query, limit=10).matches]


class Unsealed(Ours):
    """The same code over the SQLite of Python, which seals nothing: what the sealing costs."""

    def load(self, path: Path, entries: Iterable[Entry]) -> None:
        """Build it without a seal."""
        plain: Any = SimpleNamespace(connect=sqlite3.connect, DatabaseError=sqlite3.DatabaseError)
        opening.sqlcipher3 = plain
        super().load(path, entries)


class Tokens:
    """Skeleton and bigrams, one row a token, rarest first up to a number of rows, then Jaro and Winkler (plain SQLite).

    As the security paper measured it, with the key of `names.keys` for its skeleton.
    """

    CAP = 20_000
    TOGETHER = 20_000

    def load(self, path: Path, entries: Iterable[Entry]) -> None:
        """One row for each token of each person."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA cache_size = -262144;"
            "CREATE TABLE p (id INTEGER PRIMARY KEY, ref BLOB, sounds TEXT);"
            "CREATE TABLE t (token TEXT, id INTEGER, PRIMARY KEY (token, id)) WITHOUT ROWID; BEGIN"
        )
        for part in batched(enumerate(entries, start=1), self.TOGETHER, strict=False):
            heard = self._heard([entry.names[0].text for _, entry in part])
            rows = []
            for (at, entry), (sounds, tokens) in zip(part, heard, strict=True):
                self._db.execute("INSERT INTO p VALUES (?, ?, ?)", (at, entry.ref.bytes, sounds))
                rows += [(token, at) for token in tokens]
            self._db.executemany("INSERT OR IGNORE INTO t VALUES (?, ?)", sorted(rows))
        self._db.execute("COMMIT")
        self._n = self._db.execute("SELECT count(*) FROM p").fetchone()[0]

    def ask(self, query: Query) -> list[UUID]:
        """Count the weights of shared tokens, rank the best three hundred by likeness."""
        [(sounds, tokens)] = self._heard([query.words])
        counts = {
            token: self._db.execute("SELECT count(*) FROM (SELECT 1 FROM t WHERE token = ? LIMIT 200000)", (token,))
            .fetchone()[0] for token in tokens
        }  # fmt: skip
        scores: defaultdict[int, float] = defaultdict(float)
        read = 0
        for token in sorted((token for token, n in counts.items() if n), key=lambda token: counts[token]):
            if read and read + counts[token] > self.CAP:
                break
            read += counts[token]
            for (person,) in self._db.execute("SELECT id FROM t WHERE token = ?", (token,)):
                scores[person] += math.log(self._n / counts[token])
        best = sorted(scores, key=lambda person: -scores[person])[:300]
        rows = self._db.execute(f"SELECT ref, sounds FROM p WHERE id IN ({','.join(map(str, best))})").fetchall()
        rows.sort(key=lambda row: -self._likeness(sounds, row[1]))
        return [UUID(bytes=ref) for ref, _ in rows[:10]]

    @staticmethod
    def _likeness(asked: str, known: str) -> float:
        one, other = asked.split(), known.split()
        return sum(max((JaroWinkler.similarity(a, b) for b in other), default=0.0) for a in one)

    @staticmethod
    def _heard(names: list[str]) -> Iterator[tuple[str, set[str]]]:
        words = sorted({word for name in names for word in name.split()})
        table = keys_of(words)
        sounds = dict(zip(words, table.column("sounds").to_pylist(), strict=True))
        keys = dict(zip(words, table.column("key").to_pylist(), strict=True))
        for name in names:
            tokens: set[str] = set()
            for word in name.split():
                said = sounds[word]
                tokens |= {f"k{keys[word]}", *(said[at : at + 2] for at in range(len(said) - 1))}
            yield " ".join(sounds[word] for word in name.split()), tokens


class Trigrams:
    """Trigrams of names as they are written (FTS5), ranked by BM25: what one gets without thinking of scripts."""

    def load(self, path: Path, entries: Iterable[Entry]) -> None:
        """One row a person."""
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA cache_size = -262144; CREATE TABLE p (id INTEGER PRIMARY KEY, ref BLOB);"
            "CREATE VIRTUAL TABLE f USING fts5(names, content='', tokenize='trigram', detail=none); BEGIN"
        )
        for at, entry in enumerate(entries, start=1):
            self._db.execute("INSERT INTO p VALUES (?, ?)", (at, entry.ref.bytes))
            self._db.execute("INSERT INTO f (rowid, names) VALUES (?, ?)", (at, " ".join(n.text for n in entry.names)))
        self._db.execute("COMMIT")

    def ask(self, query: Query) -> list[UUID]:
        """Whoever shares a trigram, best first."""
        words = query.words
        threes = sorted({words[at : at + 3].replace('"', "") for at in range(len(words) - 2)})
        asked = " OR ".join(f'"{three}"' for three in threes if len(three) == 3)
        if not asked:
            return []
        sql = "SELECT ref FROM p WHERE id IN (SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT 10)"
        return [UUID(bytes=row[0]) for row in self._db.execute(sql, (asked,))]


CONTENDERS: dict[str, type[Contender]] = {
    "ours": Ours,
    "ours, unsealed": Unsealed,
    "tokens": Tokens,
    "trigrams": Trigrams,
}
