"""The list of people who were erased, and of what was taken back: keyed marks of references, kept outside all data.

It tells of nobody: a mark is an HMAC of a random reference. Each line is proved by itself with the key of the marks,
so that lists of two places are joined as sets, and nobody who lacks the key adds or changes a line. List and key go
with every backup, of data and of keys: what is brought back is held against them.
"""

import datetime as dt
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from sarana.basics.errors import BadFile
from sarana.methods.sealing.files import write_whole
from sarana.methods.sealing.labels import joined
from sarana.methods.sealing.store import KeyStore, written

ERASED, ERASED_KEY = "erased.txt", "erased.key"
OTHER_KEYS = "erased-*.key"
"""Keys of lists that were joined from elsewhere lie beside one's own: whoever was erased there is known here too."""

ENDED = "ended"
"""The reason of a line that tells of a basis that was ended, not of a person."""

EPOCH = "epoch"
"""The reason of a line that tells that keys of an agency with this number were made: no others ever have it."""

HELD, LET_GO = "held", "let-go"
"""The reasons of lines that tell that somebody was held, as held:court:2027-01-31, and that this hold was ended."""

KEY_BYTES, CHECK_LENGTH, MARK_LENGTH = 32, 8, 64
PARTS = 6
FIELD = re.compile(r"[0-9A-Za-z:-]+")


class ErasedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person who was erased: a mark, when, why, by which agency, the key in short, and the proof of all this."""

    mark: str
    at: str
    reason: str
    agency: str
    key: str
    hash: str

    def text(self) -> str:
        """As it stands in the list."""
        return " ".join(msgspec.structs.astuple(self))

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        """The line that a text looks like, not proved; None where it looks like none."""
        parts = text.split(" ")
        if len(parts) != PARTS or {len(parts[0]), len(parts[-1])} != {MARK_LENGTH}:
            return None
        mark, at, reason, agency, key, own = parts
        return cls(mark=mark, at=at, reason=reason, agency=agency, key=key, hash=own)


def is_of_hold(reason: str) -> bool:
    """Whether a reason tells of a hold, or of its end."""
    return reason == LET_GO or reason.startswith(f"{HELD}:")


def is_of_erasing(reason: str) -> bool:
    """Whether a reason tells that a person was erased."""
    return reason not in (ENDED, EPOCH) and not is_of_hold(reason)


def epoch_ref(agency: str, number: int) -> str:
    """Of what the mark of a line stands that tells of keys of an agency."""
    return f"epoch {agency} {number}"


def hold_ref(ref: str, at: str, reason: str) -> str:
    """Of what the mark of a line stands that tells of a hold, or of its end, in a moment as the line says it."""
    return f"hold {ref} {at} {reason.split(':', maxsplit=1)[0]}"


def said_moment(at: dt.datetime) -> str:
    """A moment as a line says it."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


class Marks:
    """Makes marks of references with the key of this installation, and knows those of lists that were joined."""

    def __init__(self, first: bytes, *others: bytes) -> None:
        self._keys = (first, *(key for key in others if key != first))

    @property
    def check(self) -> str:
        """One's own key in short."""
        return key_check(self._keys[0])

    def mark(self, ref: str) -> str:
        """The mark of a reference."""
        return _mark(self._keys[0], ref)

    def all_of(self, ref: str) -> frozenset[str]:
        """Its marks under every key that is here."""
        return frozenset(_mark(key, ref) for key in self._keys)

    def seal(self, line: ErasedLine) -> ErasedLine:
        """The same line with its proof."""
        return msgspec.structs.replace(line, key=self.check, hash=_proof(self._keys[0], line))

    def proves(self, line: ErasedLine) -> bool:
        """Whether a line was written with a key that is here."""
        return any(
            key_check(key) == line.key and hmac.compare_digest(_proof(key, line), line.hash) for key in self._keys
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was read.

    Attributes:
        lines: those that are proved, each mark once.
        n_doubtful: those that look like lines and are not proved.
        n_rubbish: what looks like none, as a line that was cut while it was written.
        known: the marks of those that are proved.
        marks: what made them; None where nobody was erased yet and there is no key.
    """

    lines: tuple[ErasedLine, ...]
    n_doubtful: int
    n_rubbish: int
    known: frozenset[str]
    marks: Marks | None

    def has(self, ref: object) -> bool:
        """Whether a reference stands in the list."""
        return bool(self.known) and self.marks is not None and not self.known.isdisjoint(self.marks.all_of(str(ref)))

    @property
    def is_whole(self) -> bool:
        """Whether all that stands there is proved."""
        return not (self.n_doubtful or self.n_rubbish)


NOTHING = Listed((), 0, 0, frozenset(), None)


def list_path(store: KeyStore) -> Path:
    """Where the list lies."""
    return store.folder / ERASED


def key_path(store: KeyStore) -> Path:
    """Where the key of the marks lies."""
    return store.folder.parent / ERASED_KEY


def key_check(key: bytes) -> str:
    """A key in short, to see which one made a line."""
    return hmac.digest(key, b"sarana erased check", hashlib.sha256).hex()[:CHECK_LENGTH]


def key_files(store: KeyStore) -> list[Path]:
    """The key of the marks and those of lists that were joined, one's own first."""
    own = key_path(store)
    return [*([own] if own.is_file() else []), *sorted(own.parent.glob(OTHER_KEYS))]


def make_mark_key(store: KeyStore) -> bool:
    """Make the key of the marks where there is none; gives whether it was made.

    Raises:
        BadFile: VAULT-008 it cannot be written.
    """
    path = key_path(store)
    if path.is_file():
        return False
    with written(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, os.urandom(KEY_BYTES))
    return True


def find_marks(store: KeyStore) -> Marks | None:
    """What makes marks here, or None where its key is not here."""
    if not key_path(store).is_file():
        return None
    return Marks(*(path.read_bytes() for path in key_files(store)))


def read_texts(path: Path) -> list[str]:
    """The lines of a list as they stand there, whatever they are; none where there is no such file."""
    try:
        return path.read_text("ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as err:
        raise _changed(path) from err


def read_erased(store: KeyStore) -> Listed:
    """The list, each line proved by itself.

    Raises:
        BadFile: VAULT-066 people were erased under a key that is not here; VAULT-067 it may not be read.
    """
    return proved(read_texts(list_path(store)), find_marks(store))


def proved(texts: Iterable[str], marks: Marks | None) -> Listed:
    """What these texts tell that is proved, and how much is not.

    Raises:
        BadFile: VAULT-066 not one of them was written with a key that is here.
    """
    found: dict[str, ErasedLine] = {}
    n_doubtful = n_rubbish = 0
    for text in texts:
        line = ErasedLine.of_text(text)
        if line is None:
            n_rubbish += 1
        elif marks is not None and marks.proves(line):
            found.setdefault(line.mark, line)
        else:
            n_doubtful += 1
    if n_doubtful and not found:
        raise no_key()
    return Listed(tuple(found.values()), n_doubtful, n_rubbish, frozenset(found), marks)


def new_line(store: KeyStore, ref: str, *, at: dt.datetime, reason: str, agency: str) -> ErasedLine:
    """A line for somebody who is erased, or for a basis that is ended; nothing is written but a key where none is.

    Raises:
        BadFile: VAULT-008 the key cannot be written; VAULT-066 people were erased under a key that is not here.
        ValueError: a part of it cannot stand in a line.
    """
    if not all(FIELD.fullmatch(part) for part in (reason, agency)):
        raise ValueError(reason, agency)
    if not read_texts(list_path(store)):
        make_mark_key(store)
    marks = find_marks(store)
    if marks is None:
        raise no_key()
    return marks.seal(
        ErasedLine(mark=marks.mark(ref), at=said_moment(at), reason=reason, agency=agency, key="", hash="")
    )


def keep_line(store: KeyStore, line: ErasedLine) -> None:
    """Put a line at the end of the list, brought to the disk; whoever calls holds the store.

    Raises:
        BadFile: VAULT-008 the list cannot be written.
    """
    with written(store.folder):
        handle = os.open(list_path(store), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            # What was cut while it was written stays a line of its own, and spoils none.
            begins = b"" if not size or os.pread(handle, 1, size - 1) == b"\n" else b"\n"
            os.write(handle, begins + f"{line.text()}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)


def note_erased(store: KeyStore, ref: str, *, at: dt.datetime, reason: str, agency: str) -> ErasedLine:
    """Write a line and keep it; whoever calls holds the store.

    Raises:
        BadFile: VAULT-008, VAULT-066 as `new_line` and `keep_line`.
    """
    line = new_line(store, ref, at=at, reason=reason, agency=agency)
    keep_line(store, line)
    return line


def join_erased(
    store: KeyStore, texts: Iterable[str], keys: Mapping[str, bytes] | None = None, *, gives_up: bool = False
) -> tuple[Listed, Listed]:
    """Join a list from elsewhere into the one here as a set, and mend what is broken; whoever calls holds the store.

    Lines from elsewhere that are not proved are left out. Lines here that are not proved are taken out where as many
    come from elsewhere, or where `gives_up`.

    Args:
        store: whose list it is.
        texts: the lines from elsewhere.
        keys: keys of marks from elsewhere, by the names of their files.
        gives_up: whether doubtful lines are taken out although nothing replaces them.

    Returns:
        The list here as it was, and as it is now.

    Raises:
        BadFile: VAULT-008 it cannot be written; VAULT-066 people were erased under a key that is not here; VAULT-067 a
            line is broken that nothing replaces.
    """
    keep_keys(store, keys or {})
    was = read_erased(store)
    fresh = {}
    for text in texts:
        line = ErasedLine.of_text(text)
        if line is not None and line.mark not in was.known and was.marks is not None and was.marks.proves(line):
            fresh[line.mark] = line
    if was.n_doubtful > len(fresh) and not gives_up:
        raise _changed(list_path(store))
    lines = (*was.lines, *fresh.values())
    if fresh or not was.is_whole:
        with written(store.folder):
            store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(list_path(store), "".join(f"{line.text()}\n" for line in lines).encode())
    return was, Listed(lines, 0, 0, was.known | fresh.keys(), was.marks)


def keep_keys(store: KeyStore, keys: Mapping[str, bytes]) -> int:
    """Put keys of marks from elsewhere beside one's own, or in its place where there is none; gives how many were new.

    Raises:
        BadFile: VAULT-008 they cannot be written.
    """
    there = {path.read_bytes() for path in key_files(store)}
    fresh = {name: key for name, key in sorted(keys.items()) if key not in there and len(key) == KEY_BYTES}
    with written(store.folder.parent):
        for name, key in fresh.items():
            own = key_path(store)
            is_own = name == ERASED_KEY and not own.is_file()
            write_whole(own if is_own else own.with_name(f"erased-{key_check(key)}.key"), key)
    return len(fresh)


def is_mark_key(name: str) -> bool:
    """Whether a file of this name holds a key of marks."""
    return name == ERASED_KEY or Path(name).match(OTHER_KEYS)


def _mark(key: bytes, ref: str) -> str:
    return hmac.digest(key, joined(b"sarana erased", ref.encode()), hashlib.sha256).hex()


def _proof(key: bytes, line: ErasedLine) -> str:
    parts = (line.mark, line.at, line.reason, line.agency)
    said = joined(b"sarana erased line", *(part.encode() for part in parts))
    return hmac.digest(key, said, hashlib.sha256).hex()


def no_key() -> BadFile:
    """That the key of the marks is not here."""
    return BadFile(
        "VAULT-066",
        "The key with which erased people are known again is not here, so nobody can be opened.",
        where=ERASED_KEY,
        cure="Bring the key folder back from its own backup: sarana restore --keys FILE.",
    )


def _changed(path: Path) -> BadFile:
    return BadFile(
        "VAULT-067",
        "A line in the list of people who were erased is broken, and the database does not know it either: nobody is "
        "opened.",
        where=path.name,
        cure="Bring the list back from a backup of keys (sarana restore --keys FILE), and tell the data-protection "
        "officer.",
    )
